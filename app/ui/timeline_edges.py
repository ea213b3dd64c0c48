"""Where a dragged edge of a cut, a moment or a marker goes: to what is near, in limits; no Qt."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from app.core.frames import FrameGrid
from app.core.loudness import Loudness
from app.core.moment_checks import snap_edge
from app.core.review import Review
from app.core.timerange import SECOND, TimeRange

Side = Literal["start", "end"]
EdgeKind = Literal["cut", "moment", "marker"]

LEAST = 40_000
"""Microseconds that a moment keeps at least where the film has no frames to count."""

SNAP, SNAP_PX = 150_000, 8.0
"""A dragged edge snaps to what is so near, in microseconds and in pixels."""

_LOOK_BACK = 10 * SECOND


def dragged(now: TimeRange, side: Side, t: int, limits: tuple[int, int] | None = None) -> TimeRange:
    """The range with that edge at `t`; limits: its last start and its first end."""
    last, first = limits or (now.end - 1, now.start + 1)
    if side == "start":
        return TimeRange(max(0, min(t, last)), now.end)
    return TimeRange(now.start, max(t, first))


@dataclass(frozen=True)
class Edge:
    """An edge that is dragged. playhead: where it was before the drag moved it.

    loudness: what is known of the sound; where nothing else is near, a cut's edge goes to the
    quietest 10 ms.
    """

    review: Review | None
    span: TimeRange
    side: Side
    playhead: int
    kind: EdgeKind = "moment"
    loudness: Loudness | None = None

    def at(self, t: int, us_per_px: float) -> TimeRange:
        """The range with the edge dragged to `t`; us_per_px 0: it does not snap."""
        if us_per_px:
            t = self._snapped(t, round(min(SNAP, SNAP_PX * us_per_px)))
        if self.kind == "marker" and not self.span.duration:
            end = self.review.evidence.footage.duration if self.review else t
            return TimeRange(min(max(0, t), end), min(max(0, t), end))
        return dragged(self.span, self.side, t, self._limits())

    def _snapped(self, t: int, reach: int) -> int:
        if self.review is None:
            return t
        if self.kind == "moment":
            best = snap_edge(self.review, t, reach, side=self.side)
            near = abs(t - self.playhead)
            return self.playhead if near <= min(reach, abs(t - best)) else best
        near_by = [
            at for at in (*_near(self.review, t, reach), self.playhead) if abs(at - t) <= reach
        ]
        if near_by:
            return min(near_by, key=lambda at: (abs(at - t), at))
        quiet = self.loudness.quietest(t, reach) if self.loudness and self.kind == "cut" else None
        return t if quiet is None else quiet

    def _limits(self) -> tuple[int, int] | None:
        """The last start and the first end that leave one frame; a cut may be as short as one."""
        if self.kind == "cut":
            return None
        now = self.span
        footage = self.review.evidence.footage if self.review else None
        if footage is None or not footage.frame_times:
            end = now.start + LEAST
            return now.end - LEAST, min(footage.duration, end) if footage else end
        grid = FrameGrid(footage.frame_times, footage.duration)
        return grid.around(now.end - 1)[0], grid.around(now.start + 1)[1]


def _near(review: Review, t: int, reach: int) -> Iterator[int]:
    """Scene cuts and both edges of words that may lie within `reach` of `t`."""
    cuts = review.evidence.cuts
    yield from cuts[bisect_left(cuts, t - reach) : bisect_right(cuts, t + reach)]
    transcript = review.evidence.transcript
    if transcript is None:
        return
    order, words = transcript.by_start, transcript.words
    first = bisect_left(order, t - reach - _LOOK_BACK, key=lambda i: words[i].start)
    for k in range(first, len(order)):
        word = words[order[k]]
        if word.start > t + reach:
            return
        yield word.start
        yield word.end
