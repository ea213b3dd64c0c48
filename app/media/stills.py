"""Exact frames, decoded: what is shown while paused and in lists."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import av.container
import numpy as np

from app.core.errors import MediaError
from app.media.colour import Conversion, colour_of_frame
from app.media.probe import displayed_size, open_media, origin_of, picture_of


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
        self._open()

    def _open(self) -> None:
        """At the first frame."""
        self._container = open_media(self._path)
        stream = picture_of(self._container)
        if stream is None or stream.time_base is None:
            self._container.close()
            raise MediaError(f"“{self._path.name}” has no picture.", "")
        stream.thread_type = "SLICE"
        self._stream = stream
        self._scale = stream.time_base * 1_000_000
        self._origin = origin_of(self._container)
        self._last: av.VideoFrame | None = None
        self._next: av.VideoFrame | None = None
        self._frames = self._container.decode(stream)

    def at(self, t: int, height: int | None = None, size: tuple[int, int] | None = None) -> Still:
        """The frame on screen at `t` microseconds, the nearest where there is none.

        height: scaled down to so many pixels before it is turned. size: stretched to just this
        width and height, as displayed. Raises MediaError.
        """
        try:
            frame = self._find(t)
            if frame is None:
                raise self._failed("no frame")
            return self._still(frame, size or self._displayed(frame, height))
        except (av.FFmpegError, OSError) as problem:
            raise self._failed(str(problem)) from problem

    def close(self) -> None:
        """Let go of the file."""
        self._last = self._next = None
        self._container.close()

    def _pts(self, frame: av.VideoFrame) -> int:
        return round((frame.pts or 0) * self._scale) - self._origin

    def _find(self, t: int) -> av.VideoFrame | None:
        last = self._last
        near = last is not None and 0 <= t - self._pts(last) <= 1_000_000
        if not near:
            self._seek(t)
        if self._next is None and self._last is None:
            self._next = next(self._frames, None)
        while self._next is not None and (self._last is None or self._pts(self._next) <= t):
            self._last, self._next = self._next, next(self._frames, None)
        return self._last

    def _seek(self, t: int) -> None:
        """To a frame that is not after `t`, the first of the film where there is none."""
        # A little before: some containers' seek points are off by the B-frames' reordering, and
        # in transport streams, which have no index, what is found first may be later than asked.
        for before in (100_000, 2_000_000, 10_000_000, 30_000_000):
            if not self._sought(t - before):
                break
            self._last, self._next = None, next(self._frames, None)
            if self._next is not None and self._pts(self._next) <= t:
                return
            if t <= before:
                break
        self._container.close()
        self._open()

    def _sought(self, t: int) -> bool:
        """Whether the container could seek; an FLV file without an index cannot."""
        target = int((max(0, t) + self._origin) / self._scale)
        try:
            self._container.seek(target, stream=self._stream, backward=True)
        except av.FFmpegError:
            return False
        self._frames = self._container.decode(self._stream)
        return True

    def _displayed(self, frame: av.VideoFrame, height: int | None) -> tuple[int, int]:
        """The size as displayed, where `height` is given of so many rows before it is turned."""
        sar = self._stream.sample_aspect_ratio or Fraction(1)
        wide, high = displayed_size(frame.width, frame.height, sar if sar > 0 else Fraction(1), 0)
        if height is not None and height < high:
            wide, high = max(2, round(wide * height / high)), height
        return (high, wide) if _turns(frame) % 2 else (wide, high)

    def _still(self, frame: av.VideoFrame, size: tuple[int, int]) -> Still:
        turns = _turns(frame)
        before = size[::-1] if turns % 2 else size
        made = self._conversion.bgrx(frame, before, colour_of_frame(frame))
        rows = np.frombuffer(made.data, np.uint32).reshape(-1, made.stride // 4)
        picture = np.rot90(rows[: made.height, : made.width], turns)
        return Still(*size, np.ascontiguousarray(picture).tobytes(), self._pts(frame))

    def _failed(self, detail: str) -> MediaError:
        return MediaError(
            f"A frame of “{self._path.name}” could not be read.",
            "Look whether the file is still there and whole.",
            detail,
        )


def _turns(frame: av.VideoFrame) -> int:
    """Quarter turns to the left that bring the picture upright."""
    return round(frame.rotation / 90) % 4
