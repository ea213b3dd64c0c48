"""Many spans on one line, found by time: what is visible costs, what exists does not; no Qt."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from app.core.columns import running
from app.core.late import late

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from app.ui import spans_found
else:
    np = late("numpy")
    spans_found = late("app.ui.spans_found")

Block = tuple[int, int, int, int]
"""(start, end, ref, count): one span, or `count` small ones with the ref of the first."""

FEW = 48
"""So many spans of a line are looked at one by one, which is less work than columns of them."""


class Spans:
    """Spans sorted by start, which may overlap, each with a number `ref` of the owner's choice.

    starts, ends: microseconds. reach: the largest end so far, so that both are searchable.
    """

    def __init__(self, rows: Iterable[tuple[int, int, int]] = ()) -> None:
        """From (start, end, ref) in any order."""
        in_order = sorted(rows)
        self.starts = array("q", [row[0] for row in in_order])
        self.ends = array("q", [row[1] for row in in_order])
        self.refs = array("q", [row[2] for row in in_order])
        self.reach = running(self.ends, max)

    def replaced(
        self, head: int, tail: int, rows: Sequence[tuple[int, int, int]], shift: int = 0
    ) -> Spans:
        """The first `head` and the last `tail` of these with `rows`, which lie between, in order.

        shift: by how much the refs of the last ones are others.
        """
        out, last = Spans(), len(self) - tail
        out.starts = self.starts[:head] + array("q", [row[0] for row in rows]) + self.starts[last:]
        out.ends = self.ends[:head] + array("q", [row[1] for row in rows]) + self.ends[last:]
        after = self.refs[last:]
        if shift:
            after = array("q", [ref + shift for ref in after])
        out.refs = self.refs[:head] + array("q", [row[2] for row in rows]) + after
        out.reach = self._reached_by(out.ends, head, tail)
        return out

    def _reached_by(self, ends: array[int], head: int, tail: int) -> array[int]:
        """`reach` of ends of which the first and the last are the same as here."""
        reach, more = self.reach[:head], len(ends) - len(self)
        for at, end in enumerate(ends[head:], head):
            reach.append(max(reach[-1], end) if reach else end)
            if at >= len(ends) - tail and self.reach[at - more] == reach[-1]:
                # From where it is what it was, it stays so.
                return reach + self.reach[at - more + 1 :]
        return reach

    def __len__(self) -> int:
        return len(self.starts)

    def window(self, start: int, end: int) -> range:
        """Positions that hold every span with some part in `[start, end)`, and few others."""
        first = bisect_right(self.reach, start)
        return range(first, max(first, bisect_left(self.starts, end)))

    def blocks(
        self, start: int, end: int, fine: float, join: float = 0, looks: bytes | None = None
    ) -> list[Block]:
        """What to draw in `[start, end)`, at most two blocks for each `fine` us.

        A span of at least `fine` stands alone. Smaller ones come as one block for each stretch of
        `fine`, which are counted from 0, so that they stay while the view moves. Blocks of small
        spans less than `join` us apart become one. looks: a byte for each ref; those of unlike
        bytes are not joined.
        """
        found = self.found(start, end, fine, join, looks)
        if isinstance(found, list):
            return found
        firsts, lasts, refs, counts = found.tolist()
        return list(zip(firsts, lasts, refs, counts, strict=True))

    def found(
        self, start: int, end: int, fine: float, join: float = 0, looks: bytes | None = None
    ) -> list[Block] | NDArray[np.int64]:
        """The same blocks: a list of a handful, else their columns, an array of 4 rows."""
        # One that is empty counts where it lies at `start`.
        seen = self.window(start - 1, end)
        if len(seen) <= FEW:
            return self.few_blocks(seen, start, fine)
        return spans_found.found([self], start, end, fine, join, looks)[:4]

    @cached_property
    def longest(self) -> float:
        """The length of the longest; infinite where one ends before one that began earlier."""
        if self.reach != self.ends:
            return float("inf")
        starts, ends, _refs = self.columns
        return float((ends - starts).max()) if len(starts) else 0.0

    def few_blocks(self, seen: range, start: int, fine: float) -> list[Block]:
        """The same for a handful, for which columns are slower; nothing is joined."""
        out: list[Block] = []
        cell, size = None, max(1.0, fine)
        for k in seen:
            first, last = self.starts[k], self.ends[k]
            if last <= start and first < start:
                continue
            own = int(first / size) if last - first < fine else None
            if own is not None and own == cell:
                before = out[-1]
                out[-1] = (before[0], max(before[1], last), before[2], before[3] + 1)
            else:
                out.append((first, last, self.refs[k], 1))
            cell = own
        return out

    @cached_property
    def columns(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """starts, ends and refs as arrays."""
        starts, ends, refs = (
            np.frombuffer(column, np.int64) for column in (self.starts, self.ends, self.refs)
        )
        return starts, ends, refs
