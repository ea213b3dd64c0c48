"""Where a dragged edge of a cut or a moment goes: within limits, and to what is near; no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.core.frames import FrameGrid
from app.core.moment_checks import snap_edge
from app.core.review import Review
from app.core.timerange import TimeRange

Side = Literal["start", "end"]

LEAST = 40_000
"""Microseconds that a moment keeps at least where the film has no frames to count."""

SNAP, SNAP_PX = 150_000, 8.0
"""A dragged edge of a moment snaps to what is so near, in microseconds and in pixels."""


def dragged(now: TimeRange, side: Side, t: int, limits: tuple[int, int] | None = None) -> TimeRange:
    """The range with that edge at `t`; limits: its last start and its first end."""
    last, first = limits or (now.end - 1, now.start + 1)
    if side == "start":
        return TimeRange(max(0, min(t, last)), now.end)
    return TimeRange(now.start, max(t, first))


@dataclass(frozen=True)
class Edge:
    """An edge of a moment that is dragged. playhead: where it was before the drag moved it."""

    review: Review | None
    span: TimeRange
    side: Side
    playhead: int

    def at(self, t: int, us_per_px: float) -> TimeRange:
        """The moment's range with the edge dragged to `t`; us_per_px 0: it does not snap."""
        if us_per_px:
            t = self._snapped(t, round(min(SNAP, SNAP_PX * us_per_px)))
        return dragged(self.span, self.side, t, self._limits())

    def _snapped(self, t: int, reach: int) -> int:
        if self.review is None:
            return t
        best = snap_edge(self.review, t, reach, side=self.side)
        near = abs(t - self.playhead)
        return self.playhead if near <= min(reach, abs(t - best)) else best

    def _limits(self) -> tuple[int, int]:
        """The last start and the first end that leave one frame."""
        now = self.span
        footage = self.review.evidence.footage if self.review else None
        if footage is None or not footage.frame_times:
            end = now.start + LEAST
            return now.end - LEAST, min(footage.duration, end) if footage else end
        grid = FrameGrid(footage.frame_times, footage.duration)
        return grid.around(now.end - 1)[0], grid.around(now.start + 1)[1]
