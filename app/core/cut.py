"""The one truth of the cut: what is kept and what is removed, and for what reason.

Preview, timeline, captions, statistics and every export ask here; nothing computes a second one.
The rules are product.md's ("Rules that hold everywhere").
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from app.core.frames import FrameGrid
from app.core.memo import by_identity
from app.core.pieces import Piece, pieces
from app.core.review import Review, Verdict
from app.core.spoken import Spoken, spoken
from app.core.timerange import (
    SECOND,
    Ranges,
    TimeRange,
    complement,
    intersect,
    merge,
    overlapping,
    subtract,
    total,
)

REACH = SECOND
"""Microseconds of silence a strike takes along at most on either side; more is footage."""


class WordState(Enum):
    """What becomes of a word; PROPOSED is removed by proposals that nobody has decided."""

    KEPT = "kept"
    PROPOSED = "proposed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Removed:
    """One removed interval, the pieces it comes from, and how much of it is undecided."""

    range: TimeRange
    ids: tuple[str, ...]
    undecided: bool
    undecided_us: int = 0


@dataclass(frozen=True)
class Cut:
    """What is kept of `[0, duration)` and what is removed; each is the other's complement."""

    keep: Ranges
    removed: tuple[Removed, ...]
    duration: int

    @property
    def kept_us(self) -> int:
        """Length of the result in microseconds."""
        return total(self.keep)

    @property
    def removed_us(self) -> int:
        """What is saved, undecided proposals included."""
        return self.duration - self.kept_us

    @property
    def undecided_us(self) -> int:
        """What only undecided proposals remove."""
        return sum(r.undecided_us for r in self.removed)

    @property
    def cuts(self) -> int:
        """Number of removed intervals."""
        return len(self.removed)


@by_identity(4)
def cut(review: Review) -> Cut:
    """The cut of this version of the document; remembered, so asking again costs nothing."""
    plan = _plan(review)
    whole = TimeRange(0, max(0, review.evidence.footage.duration))
    parts = [(r, p) for p in pieces(review) if p.active for r in plan.shapes[p.id]]
    unsnapped = merge(r for r, _ in parts)
    final = merge(s for r in unsnapped if (s := plan.snap(r)))
    owners = _owners(final, parts)
    removed: list[Removed] = []
    for r, owned in zip(final, owners, strict=True):
        undecided = any(p.verdict is Verdict.UNDECIDED for p in owned)
        settled = [p for p in owned if p.verdict is not Verdict.UNDECIDED]
        decided = merge(d for p in settled for d in plan.shapes[p.id])
        part = total(intersect((r,), decided))
        ids = tuple(dict.fromkeys(p.id for p in owned))
        removed.append(Removed(r, ids, undecided, r.duration - part if undecided else 0))
    return Cut(complement(final, whole), tuple(removed), whole.end)


@by_identity(4)
def shapes(review: Review) -> Mapping[str, TimeRange]:
    """Piece id -> from the first to the last instant it removes, or would if it were accepted.

    Where nothing is left of a piece, the range it asks for.
    """
    plan = _plan(review)
    out: dict[str, TimeRange] = {}
    for piece in pieces(review):
        snapped = merge(s for r in plan.shapes[piece.id] if (s := plan.snap(r)))
        out[piece.id] = TimeRange(snapped[0].start, snapped[-1].end) if snapped else piece.asked
    return out


@by_identity(4)
def word_states(review: Review) -> Sequence[WordState]:
    """One state for each transcript word, in the transcript's order; none without transcript."""
    said = review.evidence.transcript
    if said is None or not said.words:
        return ()
    plan = _plan(review)
    states = [WordState.KEPT] * len(said.words)
    for undecided, state in ((True, WordState.PROPOSED), (False, WordState.REMOVED)):
        for piece in pieces(review):
            if piece.active and (piece.verdict is Verdict.UNDECIDED) is undecided:
                for asked in plan.asked[piece.id]:
                    for row in range(*plan.words.rows(asked)):
                        states[plan.words.order[row]] = state
    return tuple(states)


class _Plan:
    """What one review asks for, and what that removes before frames are looked at."""

    def __init__(self, review: Review) -> None:
        footage = review.evidence.footage
        self.words: Spoken = spoken(review)
        self._padding = review.decisions.padding
        self._whole = (TimeRange(0, max(0, footage.duration)),)
        self._grid = FrameGrid(footage.frame_times, footage.duration)
        found = pieces(review)
        self.asked = {p.id: self._without(p, review.decisions.restores) for p in found}
        gone = merge(r for p in found if p.active for r in self.asked[p.id])
        self._gone = [self.words.rows(r) for r in gone]
        self._gone_from = [first for first, _ in self._gone]
        self.shapes = {p.id: self._shape(p) for p in found}

    def _without(self, piece: Piece, restores: Ranges) -> Ranges:
        """What a piece asks for inside the film; restored parts leave a proposal.

        A pause that a restored word leaves over stays beside it: nobody proposed to cut a pause
        out of a take that is kept.
        """
        asked = intersect((piece.asked,), self._whole)
        if piece.kind == "strike" or not asked:
            return asked
        restores = overlapping(restores, asked[0])
        left = subtract(asked, restores)
        if left == asked or not self._says_something(asked[0]):
            return left
        return tuple(r for r in left if self._says_something(r))

    def _says_something(self, span: TimeRange) -> bool:
        first, end = self.words.rows(span)
        return first < end

    def _shape(self, piece: Piece) -> Ranges:
        own = [self.words.rows(r) for r in self.asked[piece.id]]
        out: list[TimeRange] = []
        for asked, (first, end) in zip(self.asked[piece.id], own, strict=True):
            out.extend(self._bounded(piece, asked, first, end, own))
        return merge(out)

    def _bounded(
        self, piece: Piece, asked: TimeRange, first: int, end: int, own: list[tuple[int, int]]
    ) -> Ranges:
        """`asked` with its words (rows `[first, end)`) whole and no part of a kept word."""
        said = self.words.extent(first, end) if first < end else None
        base, padding = asked, self._padding
        if piece.dragged:
            padding = 0
        elif said and piece.kind != "gap":
            base = self._reached(piece, asked, said, (first, end))
        low, high = base.start, base.end
        if said:
            low, high = min(low, said.start), max(high, said.end)
        kept = [
            (self.words.starts[row], self.words.ends[row])
            for row in self.words.touching(low - padding, high + padding)
            if not (self._is_gone(row) or any(a <= row < b for a, b in own))
        ]
        left = subtract((base,), merge(TimeRange(a - padding, b + padding) for a, b in kept))
        if said:
            left = merge((*left, said))
        return subtract(left, merge(TimeRange(a, b) for a, b in kept))

    def _reached(
        self, piece: Piece, asked: TimeRange, said: TimeRange, rows: tuple[int, int]
    ) -> TimeRange:
        """`asked` and the silence around its words, up to the words beside them."""
        words, (first, end) = self.words, rows
        before = words.last_end[first - 1] if first else 0
        after = words.first_start[end] if end < len(words.mids) else self._whole[0].end
        start = min(said.start, max(said.start - REACH, before))
        stop = max(said.end, min(said.end + REACH, after))
        in_front, behind = piece.divided
        return TimeRange(
            asked.start if in_front else min(asked.start, start),
            asked.end if behind else max(asked.end, stop),
        )

    def _is_gone(self, row: int) -> bool:
        k = bisect_right(self._gone_from, row) - 1
        return k >= 0 and row < self._gone[k][1]

    def snap(self, r: TimeRange) -> TimeRange | None:
        """`r` between frames; None where it is shorter than the frame it lies in.

        An edge goes to the frame in the silence around it, else to the nearest, but never to
        one that would cost a kept word its midpoint.
        """
        start, end = self._snap_start(r.start), self._snap_end(r.end)
        return TimeRange(start, end) if start < end else None

    def _snap_start(self, t: int) -> int:
        before, after = self._grid.around(t)
        kept = self._kept_rows(before, t)
        pick = _nearest(t, before, after, bool(kept), self._any_gone(t, after))
        if pick == before and any(before <= self.words.mids[row] for row in kept):
            return after
        return pick

    def _snap_end(self, t: int) -> int:
        before, after = self._grid.around(t)
        kept = self._kept_rows(t, after)
        pick = _nearest(t, before, after, self._any_gone(before, t), bool(kept))
        if pick == after and any(self.words.mids[row] < after for row in kept):
            return before
        return pick

    def _kept_rows(self, start: int, end: int) -> list[int]:
        return [row for row in self.words.touching(start, end) if not self._is_gone(row)]

    def _any_gone(self, start: int, end: int) -> bool:
        return any(self._is_gone(row) for row in self.words.touching(start, end))


def _nearest(t: int, before: int, after: int, hurts_before: bool, hurts_after: bool) -> int:
    """The place that hurts no word if there is just one, else the nearer one."""
    if hurts_before != hurts_after:
        return after if hurts_before else before
    return before if t - before <= after - t else after


@by_identity(4)
def _plan(review: Review) -> _Plan:
    return _Plan(review)


def _owners(final: Ranges, parts: Iterable[tuple[TimeRange, Piece]]) -> list[list[Piece]]:
    """For each removed interval the pieces that overlap it, in time order."""
    owners: list[list[Piece]] = [[] for _ in final]
    starts = [r.start for r in final]
    for part, piece in sorted(parts, key=lambda x: (x[0].start, x[0].end, x[1].id)):
        k = max(0, bisect_right(starts, part.start) - 1)
        while k < len(final) and final[k].start < part.end:
            if final[k].overlaps(part):
                owners[k].append(piece)
            k += 1
    return owners
