"""The time between VLC's samples, four a second at best, interpolated with libvlc_clock."""

from __future__ import annotations

from collections import deque
from threading import Lock

from app.playback.turning import Line, Turn

SAMPLES = 5
"""How many samples the estimate looks back on."""
JUMP = 60_000
"""Samples this far from the estimate are another timeline, not jitter; microseconds."""
SETTLING = 2_000_000
"""After a change of speed VLC's picture follows late, up to so many microseconds at speed 1."""
TOLD_LATE = 12_000
"""Samples are no more than some 6 ms above a good anchor, measured; beyond, it was told late."""
KNOWN = 4
"""After so many samples it is known by how much this file's are off."""
UNSETTLED = 220_000
"""How wrong the time may be while it settles, microseconds."""


class Clock:
    """Media time as a function of the system clock; all arguments in microseconds.

    A sample says: at `stamp` the media time was `t`. Late delivery makes a sample too small, never
    too large, so the largest offset of the last few is the best one (vlc.md section 2). Better
    still is an *anchor*, the known moment of starting: it holds until two samples contradict it,
    and says by how much this file's samples are off (MKV: 21 ms too much, measured). On a starved
    machine the start may be told late, which makes the anchor too small: samples show that.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._offsets: deque[float] = deque(maxlen=SAMPLES)
        self._anchor: float | None = None
        self._rate = 1.0
        self._before: tuple[float, float] | None = None
        self._settled_at = self._doubts = self._weighed = 0
        self._bias = 0.0

    def new_film(self) -> None:
        """Forget what was learned of a file."""
        self.reset()
        self._bias, self._weighed = 0.0, 0

    def reset(self) -> None:
        """Forget everything: the time is not known."""
        with self._lock:
            self._offsets.clear()
            self._anchor = self._before = None

    def start(self, rate: float, anchor: tuple[int, int] | None = None) -> None:
        """Run at `rate`; `anchor` is (media time, stamp) where the start is known well enough."""
        with self._lock:
            self._offsets.clear()
            self._rate, self._before, self._settled_at = rate, None, 0
            self._doubts = 0
            self._anchor = None if anchor is None else anchor[0] - rate * anchor[1]

    def change_rate(self, rate: float, stamp: int) -> None:
        """The speed was changed while running: the time is uncertain until it has settled."""
        with self._lock:
            offset = self._offset()
            self._before = None if offset is None else (offset, self._rate)
            self._anchor = None
            self._offsets.clear()
            self._rate, self._settled_at = rate, stamp + round(SETTLING / min(1.0, rate))

    def turning(self, stamp: int) -> Turn | None:
        """The change of speed that is under way; None once it has settled."""
        with self._lock:
            if self._before is None or stamp >= self._settled_at:
                return None
            offset = self._offset()
            new = None if offset is None else Line(offset, self._rate)
            return Turn(Line(*self._before), new, self._rate < self._before[1])

    def turned(self, line: Line) -> None:
        """The change of speed has settled: this is the time from here on."""
        with self._lock:
            self._before, self._settled_at, self._doubts = None, 0, 0
            self._anchor = line.offset

    def sample(self, t: int, stamp: int) -> None:
        """Take in a sample."""
        with self._lock:
            offset = t - self._rate * stamp - self._bias
            if self._anchor is not None:
                self._doubt(offset)
            if self._offsets and abs(offset - max(self._offsets)) > JUMP:
                self._offsets.clear()
            self._offsets.append(offset)

    def _doubt(self, offset: float) -> None:
        assert self._anchor is not None
        off = offset - self._anchor
        if abs(off) <= JUMP:
            self._doubts = 0
            if off > TOLD_LATE * max(1.0, self._rate) and self._weighed >= KNOWN:
                self._anchor = offset
                return
            self._weighed += 1
            self._bias += 0.5 * off
            return
        self._doubts += 1
        if self._doubts > 1:
            self._anchor = None

    def _offset(self) -> float | None:
        if self._anchor is not None:
            return self._anchor
        return max(self._offsets) if self._offsets else None

    def at(self, stamp: int) -> int | None:
        """Media time at `stamp`, or None while it is not known."""
        with self._lock:
            offset = self._offset()
            t = None if offset is None else offset + self._rate * stamp
            if self._before and (t is None or stamp < self._settled_at):
                before = self._before[0] + self._before[1] * stamp
                # What was queued runs out at the old speed, then the new one holds.
                faster = self._rate > self._before[1]
                t = before if t is None else max(t, before) if faster else min(t, before)
            return None if t is None else round(t)

    def line(self) -> Line | None:
        """Media time as far as it is known now."""
        with self._lock:
            offset = self._offset()
            return None if offset is None else Line(offset, self._rate)

    def margin(self, stamp: int) -> int:
        """How wrong `at(stamp)` may be: 0 once settled."""
        with self._lock:
            return UNSETTLED if stamp < self._settled_at or self._offset() is None else 0
