"""Decoded pictures as a screen shows them: right matrix and range, at the size that is painted."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Literal

from app.core.late import late

if TYPE_CHECKING:
    import av
    from av.video import reformatter
else:
    av = late("av")
    reformatter = late("av.video.reformatter")

Matrix = Literal["bt601", "bt709", "bt2020"]

_SWSCALE: dict[Matrix, str] = {"bt601": "ITU601", "bt709": "ITU709", "bt2020": "BT2020"}
_TAGS: dict[int, Matrix] = {1: "bt709", 5: "bt601", 6: "bt601", 9: "bt2020", 10: "bt2020"}
"""AVColorSpace: bt709, bt470bg, smpte170m, bt2020nc, bt2020c."""
_FULL = 2
"""AVCOL_RANGE_JPEG."""
ROWS = 32
"""The height of a picture's memory is a multiple of this."""


@dataclass(frozen=True, slots=True)
class Colour:
    """How luma and chroma stand for colours. full: 0 to 255 rather than 16 to 235."""

    matrix: Matrix = "bt709"
    full: bool = False


@dataclass(frozen=True, slots=True)
class Bgrx:
    """Pixels of four bytes, blue, green, red and one unused, in rows of `stride` bytes."""

    width: int
    height: int
    stride: int
    data: memoryview

    @property
    def tight(self) -> bytes:
        """The rows without padding."""
        row, data = 4 * self.width, memoryview(self.data).cast("B")
        if self.stride == row:
            return bytes(data[: row * self.height])
        starts = range(0, self.stride * self.height, self.stride)
        return b"".join(data[start : start + row] for start in starts)


def colour_of(tag: int, span: int, width: int, height: int, pixels: str) -> Colour:
    """The colour as tagged (AVColorSpace, AVColorRange), else by size, as mpv guesses it.

    width, height: of the stored picture. pixels: name of the pixel format.
    """
    if pixels.startswith(("rgb", "bgr", "gbr", "pal", "argb", "abgr")):
        # VLC turns these into BT.601 of limited range; swscale needs no matrix for them.
        return Colour("bt601")
    guess: Matrix = "bt709" if width >= 1280 or height > 576 else "bt601"
    return Colour(_TAGS.get(tag, guess), span == _FULL or pixels.startswith("yuvj"))


def colour_of_frame(frame: av.VideoFrame) -> Colour:
    """The colour of a decoded frame."""
    return colour_of(
        frame.colorspace, frame.color_range, frame.width, frame.height, frame.format.name
    )


class Conversion:
    """swscale behind a lock; it is set up anew where the size or the colour changes."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._swscale = reformatter.VideoReformatter()

    def bgrx(self, frame: av.VideoFrame, size: tuple[int, int], colour: Colour) -> Bgrx:
        """`frame` stretched to `size`; raises av.FFmpegError where swscale cannot."""
        width, height = max(1, size[0]), max(1, size[1])
        with self._lock:
            made = self._swscale.reformat(
                frame,
                width=width,
                height=height,
                format="bgr0",
                src_colorspace=reformatter.Colorspace[_SWSCALE[colour.matrix]],
                dst_colorspace=reformatter.Colorspace.ITU601,
                src_color_range=reformatter.ColorRange.JPEG
                if colour.full
                else reformatter.ColorRange.MPEG,
                dst_color_range=reformatter.ColorRange.JPEG,
                interpolation="BILINEAR",
                threads=1,
            )
        plane = made.planes[0]
        return Bgrx(width, height, plane.line_size, memoryview(plane).cast("B"))


class Planes:
    """A picture as I420, a plane of luma and two of chroma, that somebody else draws into.

    addresses: of the planes. pitches: bytes of a row of each. lines: rows of each that there is
    memory for. data: the rows of each that are seen. swscale reads them where they are.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        self._frame = av.VideoFrame(*size, "yuv420p")
        planes = self._frame.planes
        self.addresses = tuple(p.buffer_ptr for p in planes)
        self.pitches = tuple(p.line_size for p in planes)
        # av_frame_get_buffer reserves whole 32 rows of luma, and half as many of chroma.
        lines = -(-size[1] // ROWS) * ROWS
        self.lines = (lines, lines // 2, lines // 2)
        self.data = tuple(memoryview(p).cast("B") for p in planes)

    def bgrx(self, by: Conversion, size: tuple[int, int], colour: Colour) -> Bgrx:
        """What was drawn, stretched to `size`."""
        return by.bgrx(self._frame, size, colour)
