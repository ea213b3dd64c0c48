"""Source time and cut time: where an instant of the film lies in the result, and back."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from app.core.timerange import Ranges, TimeRange


class CutTime:
    """The map between the film and what is kept of it, all in microseconds.

    keep: what `cut(review).keep` gives. Cut time has no gaps: where one kept interval ends, the
    next one begins.
    """

    def __init__(self, keep: Ranges) -> None:
        self._keep = keep
        self._source = [r.start for r in keep]
        ends = list(accumulate((r.duration for r in keep), initial=0))
        self._cut = ends[:-1]
        self.duration: int = ends[-1]

    def to_cut(self, t: int) -> int | None:
        """Cut time of source time `t`; None where `t` is removed or outside the film."""
        k = bisect_right(self._source, t) - 1
        if k < 0 or not self._keep[k].contains(t):
            return None
        return self._cut[k] + t - self._source[k]

    def to_cut_clamped(self, t: int) -> int:
        """Cut time of `t`; a removed instant lies at the join that took its place."""
        k = bisect_right(self._source, t) - 1
        if k < 0:
            return 0
        return self._cut[k] + min(t - self._source[k], self._keep[k].duration)

    def to_source(self, t: int) -> int:
        """Source time of cut time `t`, clamped; at a join the beginning of what follows.

        The end of the cut is the end of its last interval; 0 where nothing is kept.
        """
        if not self._keep:
            return 0
        k = max(0, bisect_right(self._cut, t) - 1)
        within = min(max(t - self._cut[k], 0), self._keep[k].duration)
        return self._source[k] + within

    def ranges_to_cut(self, span: TimeRange) -> Ranges:
        """What is kept of `span` on cut time: one range, or none, as cut time has no gaps."""
        start, end = self.to_cut_clamped(span.start), self.to_cut_clamped(span.end)
        return (TimeRange(start, end),) if start < end else ()
