"""Exact frames, decoded: what is shown while paused and in lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.errors import MediaError
from app.core.late import late
from app.media.colour import Conversion, colour_of_frame
from app.media.decoding import Decoder
from app.media.probe import displayed_size

if TYPE_CHECKING:
    import av
    import numpy as np
else:
    av = late("av")
    np = late("numpy")


@dataclass(frozen=True, slots=True)
class Still:
    """A frame as displayed: bgrx holds `height` rows of `width` pixels of four bytes, no padding.

    A pixel is blue, green, red and a byte without meaning. pts_us: microseconds of the source.
    """

    width: int
    height: int
    bgrx: bytes = field(repr=False)
    pts_us: int

    def cropped(self, x1: float, y1: float, x2: float, y2: float) -> Still:
        """The part between two corners, each 0 to 1 of the frame; at least a pixel."""
        left, top = int(x1 * self.width), int(y1 * self.height)
        right = min(self.width, max(left + 1, round(x2 * self.width)))
        bottom = min(self.height, max(top + 1, round(y2 * self.height)))
        rows = np.frombuffer(self.bgrx, np.uint32).reshape(self.height, self.width)
        part = np.ascontiguousarray(rows[top:bottom, left:right])
        return Still(right - left, bottom - top, part.tobytes(), self.pts_us)


class StillReader:
    """Decodes single frames of one file; not for two threads at once."""

    def __init__(self, path: Path) -> None:
        """Raises MediaError where there is nothing to decode."""
        self._path = path
        self._conversion = Conversion()
        self._decoder = Decoder(path)

    def at(self, t: int, height: int | None = None, size: tuple[int, int] | None = None) -> Still:
        """The frame on screen at `t` microseconds, the nearest where there is none.

        height: scaled down to so many pixels before it is turned. size: stretched to just this
        width and height, as displayed. Raises MediaError.
        """
        try:
            frame = self._decoder.find(t)
            if frame is None:
                raise self._failed("no frame")
            return self._still(frame, size or self._displayed(frame, height))
        except (av.FFmpegError, OSError) as problem:
            raise self._failed(str(problem)) from problem

    def reach(self, t: int, wanted: Callable[[], bool]) -> bool:
        """Decode up to `t`, so that `at` answers at once; False where it was no longer wanted.

        wanted: asked before every frame that is decoded. Raises MediaError.
        """
        try:
            return self._decoder.find(t, wanted) is not None or wanted()
        except (av.FFmpegError, OSError) as problem:
            raise self._failed(str(problem)) from problem

    def close(self) -> None:
        """Let go of the file."""
        self._decoder.close()

    def _displayed(self, frame: av.VideoFrame, height: int | None) -> tuple[int, int]:
        """The size as displayed, where `height` is given of so many rows before it is turned."""
        sar = self._decoder.stream.sample_aspect_ratio or Fraction(1)
        wide, high = displayed_size(frame.width, frame.height, sar if sar > 0 else Fraction(1), 0)
        if height is not None and height < high:
            wide, high = max(2, round(wide * height / high)), height
        return (high, wide) if _turns(frame) % 2 else (wide, high)

    def _still(self, frame: av.VideoFrame, size: tuple[int, int]) -> Still:
        turns = _turns(frame)
        before = size[::-1] if turns % 2 else size
        made = self._conversion.bgrx(frame, before, colour_of_frame(frame))
        data = made.tight
        if turns:  # numpy takes longer to load than all else of a first picture
            rows = np.frombuffer(data, np.uint32).reshape(made.height, made.width)
            data = np.ascontiguousarray(np.rot90(rows, turns)).tobytes()
        return Still(*size, data, self._decoder.time_of(frame))

    def _failed(self, detail: str) -> MediaError:
        return MediaError(
            f"A frame of “{self._path.name}” could not be read.",
            "Look whether the file is still there and whole.",
            detail,
        )


def _turns(frame: av.VideoFrame) -> int:
    """Quarter turns to the left that bring the picture upright."""
    return round(frame.rotation / 90) % 4
