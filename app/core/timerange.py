"""Time: integer microseconds, half-open ranges, and the arithmetic of sorted disjoint ranges."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import compress, count
from operator import attrgetter, is_not
from typing import TypeVar

SECOND = 1_000_000
"""Microseconds in a second."""


def from_seconds(seconds: float) -> int:
    """Microseconds, rounded to the nearest; raises ValueError or OverflowError if not finite."""
    return round(seconds * SECOND)


def to_seconds(us: int) -> float:
    """Seconds as a float, for wire formats and for people."""
    return us / SECOND


@dataclass(frozen=True, slots=True, order=True)
class TimeRange:
    """`start <= t < end` in microseconds; an empty range (start == end) is allowed."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"range ends before it starts: {self.start}..{self.end}")

    @property
    def duration(self) -> int:
        """Length in microseconds."""
        return self.end - self.start

    @property
    def midpoint(self) -> int:
        """The middle, rounded down."""
        return (self.start + self.end) // 2

    def contains(self, t: int) -> bool:
        """Whether `t` lies in the half-open range."""
        return self.start <= t < self.end

    def overlaps(self, other: TimeRange) -> bool:
        """Whether some instant lies in both."""
        return self.start < other.end and other.start < self.end

    def intersection(self, other: TimeRange) -> TimeRange | None:
        """The common part, or None where it is empty."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return TimeRange(start, end) if start < end else None


Ranges = tuple[TimeRange, ...]
"""Sorted, disjoint, not touching, none empty: what `merge` returns."""


_in_order = attrgetter("start", "end")
Part = TypeVar("Part")


def merge(ranges: Iterable[TimeRange]) -> Ranges:
    """Any ranges as sorted disjoint ones; touching ones are joined, empty ones dropped.

    Ranges that stay as they are stay the same objects, here and in `intersect` and `subtract`.
    """
    out: list[TimeRange] = []
    for r in sorted((r for r in ranges if r.start < r.end), key=_in_order):
        if out and r.start <= out[-1].end:
            if r.end > out[-1].end:
                out[-1] = TimeRange(out[-1].start, r.end)
        else:
            out.append(r)
    return tuple(out)


def complement(ranges: Ranges, within: TimeRange) -> Ranges:
    """The parts of `within` that no range covers."""
    out: list[TimeRange] = []
    at = within.start
    for r in ranges:
        if r.end <= within.start:
            continue
        if r.start >= within.end:
            break
        if r.start > at:
            out.append(TimeRange(at, r.start))
        at = max(at, r.end)
    if at < within.end:
        out.append(TimeRange(at, within.end))
    return tuple(out)


def intersect(a: Ranges, b: Ranges) -> Ranges:
    """The parts that both cover."""
    out: list[TimeRange] = []
    i = j = 0
    while i < len(a) and j < len(b):
        mine, other = a[i], b[j]
        if other.start <= mine.start < mine.end <= other.end:
            out.append(mine)
        elif mine.start < other.end and other.start < mine.end:
            out.append(TimeRange(max(mine.start, other.start), min(mine.end, other.end)))
        if mine.end <= other.end:
            i += 1
        else:
            j += 1
    return tuple(out)


def subtract(a: Ranges, b: Ranges) -> Ranges:
    """The parts of `a` that `b` does not cover; `a` itself where it covers none."""
    out: list[TimeRange] = []
    k, same = 0, True
    for r in a:
        while k < len(b) and b[k].end <= r.start:
            k += 1
        if k == len(b) or b[k].start >= r.end:
            out.append(r)
        else:
            out += complement(overlapping(b, r), r)
            same = False
    return a if same else tuple(out)


def differing(old: Sequence[Part], new: Sequence[Part]) -> tuple[int, int]:
    """`(head, tail)`: how many items both begin with, and how many of the rest both end with.

    Only the very same objects count; versions of a document share most of theirs.
    """
    most = min(len(old), len(new))
    # Thousands are compared at each edit, and by the interpreter one by one that takes long.
    head = next(compress(count(), map(is_not, old, new)), most)
    if head == most:
        return most, 0
    tail = next(compress(count(), map(is_not, reversed(old), reversed(new))), most)
    return head, min(tail, most - head)


def find(ranges: Sequence[TimeRange], t: int) -> int | None:
    """Index of the range that contains `t`, or None; `ranges` sorted and disjoint."""
    i = bisect_right(ranges, t, key=lambda r: r.start) - 1
    return i if i >= 0 and ranges[i].contains(t) else None


def overlapping(ranges: Ranges, span: TimeRange) -> Ranges:
    """The ranges of which some part lies in `span`, whole; found without a look at the others."""
    first = bisect_right(ranges, span.start, key=lambda r: r.end)
    return ranges[first : bisect_left(ranges, span.end, key=lambda r: r.start)]


def total(ranges: Iterable[TimeRange]) -> int:
    """Sum of the lengths, in microseconds."""
    return sum(r.duration for r in ranges)
