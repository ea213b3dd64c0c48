"""Many spans on one line, found by time: what is visible costs, what exists does not; no Qt."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator


class Spans:
    """Spans sorted by start, which may overlap, each with a number `ref` of the owner's choice.

    starts, ends: microseconds. reach: the largest end so far, so that both are searchable.
    """

    def __init__(self, rows: Iterable[tuple[int, int, int]] = ()) -> None:
        """From (start, end, ref) in any order."""
        self.starts = array("q")
        self.ends = array("q")
        self.reach = array("q")
        self.refs = array("q")
        furthest = -(1 << 62)
        for start, end, ref in sorted(rows):
            furthest = max(furthest, end)
            self.starts.append(start)
            self.ends.append(end)
            self.reach.append(furthest)
            self.refs.append(ref)

    def __len__(self) -> int:
        return len(self.starts)

    def window(self, start: int, end: int) -> range:
        """Positions that hold every span with some part in `[start, end)`, and few others."""
        first = bisect_right(self.reach, start)
        return range(first, max(first, bisect_left(self.starts, end)))

    def blocks(self, start: int, end: int, fine: float) -> Iterator[tuple[int, int, int, int]]:
        """(start, end, ref, count) to draw in `[start, end)`, at most two for each `fine` us.

        A span of at least `fine` stands alone; smaller ones that begin within `fine` of one another
        come as one block with the ref of the first.
        """
        reachable = self.window(start, end)
        at = reachable.start
        while at < reachable.stop:
            first = self.starts[at]
            if self.ends[at] - first >= fine:
                if self.ends[at] > start:
                    yield first, self.ends[at], self.refs[at], 1
                at += 1
                continue
            beyond = bisect_left(self.starts, first + fine, at + 1, reachable.stop)
            wide = next((k for k in range(at + 1, min(beyond, at + 4)) if self._wide(k, fine)), 0)
            stop = wide or beyond
            last = max(self.ends[stop - 1], self.ends[at], first)
            if last > start or first >= start:
                yield first, last, self.refs[at], stop - at
            at = stop

    def _wide(self, k: int, fine: float) -> bool:
        return self.ends[k] - self.starts[k] >= fine
