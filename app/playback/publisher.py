"""The one gate every picture passes, and the only place that decides whether it may be seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import RLock

from app.core.timerange import Ranges, find
from app.playback.clock import UNSETTLED
from app.playback.player import Frame, Seen

STILLS = -1
"""The source that stands for exact stills while nothing runs."""


class Publisher:
    """Lets a frame through only if it comes from the source on air and lies in the allowed spans.

    While running, no frame outside the spans passes, whatever technique is used underneath. While
    standing, stills pass: where one stands was chosen deliberately. Frames reach `on_frame` under
    the gate's lock, so once `allow` has returned nothing outside the new spans arrives.
    """

    def __init__(self, on_frame: Callable[[Frame], None]) -> None:
        self._on_frame = on_frame
        self._lock = RLock()
        self._source = STILLS
        self._spans: Ranges = ()
        self._waiting: dict[int, tuple[Seen, int]] = {}
        self._moved = False
        self._begin = -1
        self.last = 0
        """The pts of the frame that was published last, or where running started since."""

    def stand(self) -> None:
        """Nothing runs: stills pass, players do not."""
        with self._lock:
            self._source = STILLS
            self._waiting.clear()

    def run(self, source: int, spans: Ranges, at: int) -> None:
        """Frames of `source` pass if they lie in `spans` and come after the one at `at`.

        That one is there as a still, and what VLC shows first may be an earlier one (B-frames).
        """
        with self._lock:
            self._source, self._spans, self._moved = source, spans, False
            self.last = self._begin = at
            self._waiting.clear()

    def allow(self, spans: Ranges) -> None:
        """Other spans, at once."""
        with self._lock:
            self._spans = spans

    def switch(self, source: int) -> None:
        """Put another player on air, and what it displayed last if that may be seen."""
        with self._lock:
            self._source = source
            waiting = self._waiting.pop(source, None)
            self._waiting.clear()
        if waiting:
            self.moving(*waiting, source)

    def moving(self, seen: Seen, margin: int, source: int) -> None:
        """A player's frame, its pts wrong by at most `margin`; kept back while not on air."""
        with self._lock:
            if self._source == STILLS:
                return
            waits = self._source != source
            if waits:
                self._waiting[source] = (seen, margin)
            begins = not self._moved and not waits and seen.pts <= self._begin
            if begins or not self._within(seen.pts, margin):
                return
        # Pixels take milliseconds, and nobody shall wait for them at the gate.
        frame = seen.drawn()
        if waits:
            return
        with self._lock:
            late = self._moved and seen.pts < self.last
            if frame and self._source == source and not late and self._within(frame.pts, margin):
                self._moved = True
                self._publish(replace(frame, unsure=True) if margin >= UNSETTLED else frame)

    def still(self, frame: Frame) -> None:
        """An exact frame; while running only until the first moving one, and only if allowed."""
        with self._lock:
            if self._source == STILLS or (not self._moved and self._within(frame.pts, 0)):
                self._publish(frame)

    def _within(self, pts: int, margin: int) -> bool:
        index = find(self._spans, pts)
        if index is None:
            return False
        span = self._spans[index]
        # Before the file's first frame there is nothing to leak.
        return not margin or (span.start <= max(pts - margin, 0) and pts + margin < span.end)

    def _publish(self, frame: Frame) -> None:
        self.last = frame.pts
        self._on_frame(frame)
