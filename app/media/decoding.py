"""Finds the decoded frame of an instant: runs up to it from a keyframe, keeps what it passed."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.errors import MediaError
from app.core.late import late
from app.media.probe import open_media, origin_of, picture_of

if TYPE_CHECKING:
    import av
    import av.container
else:
    av = late("av")

KEPT_BYTES = 128 << 20
"""How much of decoded frames is kept at most, for steps back: 41 frames of 1080p."""
NEAR = 1_000_000
"""Microseconds to decode rather than seek where the container has no index to ask."""
BEFORE = 100_000
"""Microseconds before the instant from which on no frame is left out."""


class Decoder:
    """The frames of one file's picture, by time; not for two threads at once.

    Times are microseconds in VLC's media time (`origin_of`). Frames that others do not refer to
    are left out on the way (in H.264, where that is certain to change nothing else).
    """

    def __init__(self, path: Path) -> None:
        """Raises MediaError where there is nothing to decode."""
        self._path = path
        self._kept: deque[av.VideoFrame] = deque()
        self._open()

    def _open(self) -> None:
        """At the first frame."""
        self._container = open_media(self._path)
        stream = picture_of(self._container)
        if stream is None or stream.time_base is None:
            self._container.close()
            raise MediaError(f"“{self._path.name}” has no picture.", "")
        codec = stream.codec_context
        # Whole frames side by side are twice as fast, but only after the first few.
        stream.thread_type = "SLICE" if codec.codec.intra_only else "AUTO"
        self.stream = stream
        self._can_leave_out = codec.name == "h264"
        self._scale = stream.time_base * 1_000_000
        self._origin = origin_of(self._container)
        self._start_over(0)

    def _start_over(self, whole_from: int) -> None:
        self._kept.clear()
        self._ended = False
        self._whole_from = whole_from if self._can_leave_out else 0
        self._frames = self._decoded()

    def close(self) -> None:
        """Let go of the file."""
        self._kept.clear()
        # What decodes on holds the decoder: else both would live until garbage is collected.
        self._frames = iter(())
        self._container.close()

    def time_of(self, frame: av.VideoFrame) -> int:
        """Microseconds at which it appears."""
        return self._time(frame.pts or 0)

    def _time(self, stamp: int) -> int:
        return round(stamp * self._scale) - self._origin

    def find(self, t: int, wanted: Callable[[], bool] = lambda: True) -> av.VideoFrame | None:
        """The frame on screen at `t`, the nearest where there is none; None without any frame.

        None as well where `wanted` turned false on the way; what was decoded is then of use to
        the next one. Raises av.FFmpegError, OSError, MediaError.
        """
        if not self._holds(t):
            if not self._ahead(t):
                self._seek(t)
            elif self._can_leave_out:
                self._whole_from = max(self._whole_from, t - BEFORE)
            if not self._run_up(t, wanted):
                return None
            if self._kept and self.time_of(self._kept[0]) > t and self._whole_from:
                # The frame on screen stays for so long that it may have been left out.
                self._seek(t, everything=True)
                if not self._run_up(t, wanted):
                    return None
        index = bisect_right(self._kept, t, key=self.time_of) - 1
        return self._kept[max(0, index)] if self._kept else None

    def _holds(self, t: int) -> bool:
        """Whether the frame on screen at `t` is kept."""
        if not self._kept or t < self.time_of(self._kept[0]):
            return False
        return self._ended or t <= self.time_of(self._kept[-1])

    def _ahead(self, t: int) -> bool:
        """Whether decoding on is the shortest way to `t`."""
        if not self._kept or t < max(self._whole_from, self.time_of(self._kept[0])):
            return False
        newest = self._kept[-1]
        if t - self.time_of(newest) <= NEAR // 4:
            return True
        entries = self.stream.index_entries
        place = entries.search_timestamp(self._stamp(t))
        if place < 0 or newest.pts is None:
            return t - self.time_of(newest) <= NEAR
        return entries[place].timestamp <= newest.pts

    def _run_up(self, t: int, wanted: Callable[[], bool]) -> bool:
        """Decode until the frame on screen at `t` is known; whether it was wanted until then."""
        while not self._ended and (not self._kept or self.time_of(self._kept[-1]) < t):
            if not wanted():
                return False
            try:
                frame = next(self._frames, None)
            except av.FFmpegError:
                # Nothing can be decoded on from here: the next one has to seek.
                self._kept.clear()
                raise
            if frame is None:
                self._ended = True
            else:
                self._keep(frame)
        return True

    def _keep(self, frame: av.VideoFrame) -> None:
        if self._kept and self.time_of(self._kept[-1]) < self._whole_from:
            # Between this one and the next, frames may have been left out.
            self._kept.clear()
        self._kept.append(frame)
        while len(self._kept) > self._room(frame):
            self._kept.popleft()

    def _room(self, frame: av.VideoFrame) -> int:
        """How many frames are kept at most."""
        return max(2, KEPT_BYTES // max(1, sum(plane.buffer_size for plane in frame.planes)))

    def _decoded(self) -> Iterator[av.VideoFrame]:
        for packet in self._container.demux(self.stream):
            pts = packet.pts
            passed = self._whole_from > 0 and pts is not None and self._time(pts) < self._whole_from
            self.stream.codec_context.skip_frame = "NONREF" if passed else "DEFAULT"
            for frame in packet.decode():
                assert isinstance(frame, av.VideoFrame)
                yield frame

    def _seek(self, t: int, *, everything: bool = False) -> None:
        """To a frame that is not after `t`, the first of the film where there is none."""
        whole_from = 0 if everything else max(0, t - self._reach(t))
        # A little before: some containers' seek points are off by the B-frames' reordering, and
        # in transport streams, which have no index, what is found first may be later than asked.
        for before in (100_000, 2_000_000, 10_000_000, 30_000_000):
            if not self._sought(t - before, whole_from):
                break
            first = next(self._frames, None)
            if first is not None and self.time_of(first) <= t:
                self._keep(first)
                return
            if t <= before:
                break
        self._container.close()
        self._open()

    def _reach(self, t: int) -> int:
        """Microseconds before `t` in which everything is decoded: many where one goes backwards."""
        if not self._kept or not 0 < self.time_of(self._kept[0]) - t <= NEAR:
            return BEFORE
        rate = self.stream.average_rate
        return int(self._room(self._kept[0]) / rate * 1_000_000) if rate else NEAR

    def _stamp(self, t: int) -> int:
        return int((max(0, t) + self._origin) / self._scale)

    def _sought(self, t: int, whole_from: int) -> bool:
        """Whether the container could seek; an FLV file without an index cannot."""
        try:
            self._container.seek(self._stamp(t), stream=self.stream, backward=True)
        except av.FFmpegError:
            return False
        self._start_over(whole_from)
        return True
