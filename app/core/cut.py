"""The one truth of the cut: what is kept and what is removed, and for what reason.

Preview, timeline, captions, statistics and every export ask here; nothing computes a second one.
The rules are product.md's ("Rules that hold everywhere"); `cut_shape.py` holds them for one piece.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from operator import attrgetter, itemgetter

from app.core.cut_plan import Plan, plan
from app.core.cut_shape import Part, Shape
from app.core.memo import by_identity, evolving, exchanged, shared
from app.core.pieces import Piece
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

__all__ = [
    "Cut", "Removed", "WordState", "WordStates", "cut", "reaching", "shapes", "word_states",
]  # fmt: skip


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


def reaching(review: Review, at: int) -> list[Piece]:
    """The pieces of which what they remove, or would, begins before `at` and ends after it."""
    made = plan(review).shapes.values()
    return [shape.piece for shape in made if shape.hull.start < at < shape.hull.end]


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
    """parts: of the shapes that are not restored, in order. final: what is removed for them."""

    cut: Cut
    shapes: tuple[Shape, ...]
    parts: list[Part]
    final: list[tuple[int, int]]


@evolving(4)
def _carried_out(made: Plan, before: _Result | None) -> _Result:
    shapes, duration = tuple(made.shapes.values()), max(0, made.footage.duration)
    if before is None or before.cut.duration != duration:
        before = _nothing_removed(duration)
    old = before.cut
    head, tail = differing(before.shapes, shapes)
    gone = _active_parts(before.shapes[head : len(before.shapes) - tail])
    come = _active_parts(shapes[head : len(shapes) - tail])
    parts = exchanged(before.parts, gone, come, itemgetter(0, 1, 2))
    final = _final(parts)
    first, rest = _untouched(before.final, final, [*gone, *come])
    known = {r.range: r for r in old.removed[first : len(old.removed) - rest]}
    owned = _owned(final[first : len(final) - rest], parts, made.shapes)
    middle = [_removed(*one) for one in owned]
    # Equal ones stay the objects they were: whoever showed them need not look again.
    middle = [r if known.get(r.range) != r else known[r.range] for r in middle]
    new = [*old.removed[:first], *middle, *old.removed[len(old.removed) - rest :]]
    removed = shared(old.removed, new)
    if removed is not old.removed:
        old = Cut(_kept(removed, duration, old), removed, duration)
    return _Result(old, shapes, parts, final)


def _nothing_removed(duration: int) -> _Result:
    return _Result(Cut(complement((), TimeRange(0, duration)), (), duration), (), [], [])


def _active_parts(shapes: Iterable[Shape]) -> list[Part]:
    active = (s.parts for s in shapes if s.asked.piece.verdict is not Verdict.RESTORED)
    return list(chain.from_iterable(active))


def _untouched(
    old: Sequence[tuple[int, int]], new: Sequence[tuple[int, int]], others: Sequence[Part]
) -> tuple[int, int]:
    """How many removed intervals before, and after, all that `others` overlap are the same."""
    low = min((part[0] for part in others), default=0)
    high = max((part[1] for part in others), default=0)
    most = min(len(old), len(new))
    head = tail = 0
    if not others:
        return most, 0
    while head < most and old[head] == new[head] and new[head][1] <= low:
        head += 1
    while tail < most - head and old[-1 - tail] == new[-1 - tail] and new[-1 - tail][0] >= high:
        tail += 1
    return head, tail


def _final(parts: Sequence[Part]) -> list[tuple[int, int]]:
    """What is removed, between frames: touching parts are one before they snap, and after it.

    Where an edge snaps to depends on nothing but the edge.
    """
    joined: list[tuple[int, int]] = []
    until = -1
    for start, end, _, a, b in parts:
        if start > until:
            joined.append((a, b))
            until = end
        elif end > until:
            joined[-1] = (joined[-1][0], b)
            until = end
    out: list[tuple[int, int]] = []
    for a, b in joined:
        if a >= b:
            continue
        if out and a <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], b))
        else:
            out.append((a, b))
    return out


def _owned(
    final: Sequence[tuple[int, int]], parts: Sequence[Part], made: Mapping[str, Shape]
) -> Iterator[_Owned]:
    """The shapes of which some part overlaps each removed interval, in time order."""
    first = 0
    for start, end in final:
        while parts[first][1] <= start:
            first += 1
        k = first
        owners: dict[str, Shape] = {}
        while k < len(parts) and parts[k][0] < end:
            _, until, name, *_ = parts[k]
            if until > start:
                owners[name] = made[name]
            k += 1
        yield start, end, tuple(owners.values())


def _removed(start: int, end: int, owners: tuple[Shape, ...]) -> Removed:
    span = TimeRange(start, end)
    ids = tuple(s.asked.piece.id for s in owners)
    settled = [s for s in owners if s.asked.piece.verdict is not Verdict.UNDECIDED]
    if len(settled) == len(owners):
        return Removed(span, ids, undecided=False)
    decided = merge(TimeRange(a, b) for s in settled for a, b, *_ in s.parts)
    return Removed(span, ids, True, span.duration - total(intersect((span,), decided)))


def _kept(removed: tuple[Removed, ...], duration: int, before: Cut) -> Ranges:
    """What lies between; the ranges of `before` wherever both of their neighbours are the same."""
    head, tail = differing(before.removed, removed)
    last = len(removed) - tail
    since = removed[head - 1].range.end if head else 0
    until = removed[last].range.start if tail else duration
    gone = tuple(r.range for r in removed[head:last])
    middle = complement(gone, TimeRange(since, until))
    first = bisect_right(before.keep, since - 1, key=attrgetter("end")) if head else 0
    after = bisect_left(before.keep, until, key=attrgetter("start")) if tail else len(before.keep)
    return (*before.keep[:first], *middle, *before.keep[after:])
