"""The one truth of the cut: what is kept and what is removed, and for what reason.

Preview, timeline, captions, statistics and every export ask here; nothing computes a second one.
The rules are product.md's ("Rules that hold everywhere"); `cut_shape.py` holds them for one piece.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter

from app.core.cut_plan import Plan, plan
from app.core.cut_shape import Shape
from app.core.memo import by_identity, evolving, shared
from app.core.review import Review, Verdict
from app.core.timerange import (
    Ranges,
    TimeRange,
    complement,
    differing,
    intersect,
    merge,
    total,
)
from app.core.transcript import Transcript
from app.core.word_states import NO_WORDS, WordState, WordStates

__all__ = ["Cut", "Removed", "WordState", "WordStates", "cut", "shapes", "word_states"]


@dataclass(frozen=True, slots=True)
class Removed:
    """One removed interval, the pieces it comes from, and how much of it is undecided."""

    range: TimeRange
    ids: tuple[str, ...]
    undecided: bool
    undecided_us: int = 0


@dataclass(frozen=True)
class Cut:
    """What is kept of `[0, duration)` and what is removed; each is the other's complement.

    Ranges and intervals that two versions have in common are the same objects in both, and where
    they have all in common, so is the cut.
    """

    keep: Ranges
    removed: tuple[Removed, ...]
    duration: int

    @cached_property
    def kept_us(self) -> int:
        """Length of the result in microseconds."""
        return total(self.keep)

    @property
    def removed_us(self) -> int:
        """What is saved, undecided proposals included."""
        return self.duration - self.kept_us

    @cached_property
    def undecided_us(self) -> int:
        """What only undecided proposals remove."""
        return sum(r.undecided_us for r in self.removed)

    @property
    def cuts(self) -> int:
        """Number of removed intervals."""
        return len(self.removed)


def cut(review: Review) -> Cut:
    """The cut of this version of the document; remembered, so asking again costs nothing."""
    return _carried_out(plan(review)).cut


def shapes(review: Review) -> Mapping[str, TimeRange]:
    """Piece id -> from the first to the last instant it removes, or would if it were accepted.

    Where nothing is left of a piece, the range it asks for.
    """
    return _hulls(plan(review))


def word_states(review: Review) -> WordStates:
    """One state for each transcript word, in the transcript's order; none without transcript."""
    said = review.evidence.transcript
    return _states(plan(review), said) if said and said.words else NO_WORDS


@by_identity(4)
def _hulls(made: Plan) -> Mapping[str, TimeRange]:
    return {key: shape.hull for key, shape in made.shapes.items()}


@evolving(4)
def _states(made: Plan, said: Transcript, before: WordStates | None) -> WordStates:
    words = made.words
    if words.displaced or len(made.states) != len(said.words):
        states = bytearray(made.states or bytes(len(said.words)))
        for row in words.displaced:
            states[words.order[row]] = made.states[row]
        raw = bytes(states)
    else:
        raw = made.states
    return before if before is not None and before.raw == raw else WordStates(raw)


_Owned = tuple[int, int, tuple[Shape, ...]]
"""Start and end of a removed interval, and the shapes that overlap it."""


@dataclass(frozen=True, eq=False, slots=True)
class _Result:
    cut: Cut
    removed: Mapping[_Owned, Removed]


@evolving(4)
def _carried_out(made: Plan, before: _Result | None) -> _Result:
    active = [s for s in made.shapes.values() if s.piece.active]
    parts = [
        (r.start, r.end, shape.piece.id, a, b, shape)
        for shape in active
        for r, (a, b) in zip(shape.ranges, shape.snapped, strict=True)
    ]
    parts.sort(key=_by_place)
    known = before.removed if before else {}
    out: dict[_Owned, Removed] = {}
    for owned in _owners(_final(parts), parts):
        out[owned] = known.get(owned) or _removed(*owned)
    duration = max(0, made.footage.duration)
    old = before.cut if before and before.cut.duration == duration else None
    removed = shared(old.removed if old else None, list(out.values()))
    if old and removed is old.removed:
        return _Result(old, out)
    return _Result(Cut(_kept(removed, duration, old), removed, duration), out)


_Part = tuple[int, int, str, int, int, Shape]
"""A range that a shape removes before frames are looked at, its piece's id, where it snaps to."""


def _by_place(part: _Part) -> tuple[int, int, str]:
    return part[:3]


def _final(parts: Sequence[_Part]) -> list[tuple[int, int]]:
    """What is removed, between frames: touching parts are one before they snap, and after it.

    Where an edge snaps to depends on nothing but the edge.
    """
    joined: list[tuple[int, int, int]] = []
    for start, end, _, a, b, _ in parts:
        if joined and start <= joined[-1][0]:
            if end > joined[-1][0]:
                joined[-1] = (end, joined[-1][1], b)
        else:
            joined.append((end, a, b))
    out: list[tuple[int, int]] = []
    for a, b in sorted((a, b) for _, a, b in joined if a < b):
        if out and a <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], b))
        else:
            out.append((a, b))
    return out


def _owners(final: Sequence[tuple[int, int]], parts: Sequence[_Part]) -> list[_Owned]:
    """For each removed interval the shapes of which some part overlaps it, in time order."""
    owners: list[list[Shape]] = [[] for _ in final]
    first = 0
    for start, end, _, _, _, shape in parts:
        while first < len(final) and final[first][1] <= start:
            first += 1
        k = first
        while k < len(final) and final[k][0] < end:
            owners[k].append(shape)
            k += 1
    return [(*r, tuple(dict.fromkeys(own))) for r, own in zip(final, owners, strict=True)]


def _removed(start: int, end: int, owners: tuple[Shape, ...]) -> Removed:
    span = TimeRange(start, end)
    undecided = any(s.piece.verdict is Verdict.UNDECIDED for s in owners)
    settled = [s for s in owners if s.piece.verdict is not Verdict.UNDECIDED]
    part = total(intersect((span,), merge(r for s in settled for r in s.ranges)))
    ids = tuple(s.piece.id for s in owners)
    return Removed(span, ids, undecided, span.duration - part if undecided else 0)


def _kept(removed: tuple[Removed, ...], duration: int, before: Cut | None) -> Ranges:
    """What lies between; the ranges of `before` wherever both of their neighbours are the same."""
    head, tail = differing(before.removed, removed) if before else (0, 0)
    last = len(removed) - tail
    since = removed[head - 1].range.end if head else 0
    until = removed[last].range.start if tail else duration
    gone = tuple(r.range for r in removed[head:last])
    middle = complement(gone, TimeRange(since, until))
    if before is None:
        return middle
    first = bisect_right(before.keep, since - 1, key=attrgetter("end")) if head else 0
    after = bisect_left(before.keep, until, key=attrgetter("start")) if tail else len(before.keep)
    return (*before.keep[:first], *middle, *before.keep[after:])
