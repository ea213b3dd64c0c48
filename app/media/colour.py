"""Decoded pictures as a screen shows them: right matrix and range, at the size that is painted."""

from __future__ import annotations

from collections.abc import Sequence
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
    """How a picture of that size lies in memory as I420: a plane of luma, two of chroma.

    pitches: bytes of a row of each plane. heights: rows of each.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        self._scratch = av.VideoFrame(*size, "yuv420p")
        self._lock = Lock()
        self._conversion = Conversion()
        self._into = [memoryview(plane).cast("B") for plane in self._scratch.planes]
        self.pitches = tuple(p.line_size for p in self._scratch.planes)
        self.heights = tuple(p.height for p in self._scratch.planes)

    def bgrx(self, planes: Sequence[memoryview], size: tuple[int, int], colour: Colour) -> Bgrx:
        """The picture whose planes are these bytes, of each `pitch * height`, stretched."""
        with self._lock:
            # Into the same frame every time: fresh memory costs more than the conversion.
            for into, plane in zip(self._into, planes, strict=True):
                into[:] = plane
            return self._conversion.bgrx(self._scratch, size, colour)
