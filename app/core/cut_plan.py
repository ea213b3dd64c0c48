"""What every piece removes by the cut rules, worked out anew only where two versions differ.

Each piece has one `Shape`. It depends on the piece, on what was restored in it, on its padding
and on which words near it are removed; where none of that changed, the version before lends its
own.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter, itemgetter

from app.core.cut_shape import Asked, Maker, Rows, Shape
from app.core.memo import evolving
from app.core.pieces import Piece, pieces
from app.core.review import Footage, Review, Verdict
from app.core.spoken import Spoken, spoken
from app.core.timerange import (
    Ranges,
    TimeRange,
    differing,
    intersect,
    merge,
    overlapping,
    subtract,
)

KEPT, PROPOSED, REMOVED = range(3)
"""What becomes of a word, in one byte."""

_GONE = bytes.maketrans(bytes((PROPOSED, REMOVED)), b"\1\1")


@dataclass(frozen=True, eq=False, slots=True)
class Plan:
    """The shapes of one version by the ids of their pieces, in the order of the pieces.

    states: one byte for each row of `words`: KEPT, PROPOSED or REMOVED. The rest is what it was
    made of; `asked` belongs to `pieces` one by one.
    """

    pieces: tuple[Piece, ...]
    words: Spoken
    footage: Footage
    restores: Ranges
    paddings: tuple[int, Mapping[str, int]]
    asked: tuple[Asked, ...]
    shapes: Mapping[str, Shape]
    states: bytes


def plan(review: Review) -> Plan:
    """The plan of this version; the very same one where an edit changes nothing of the cut."""
    said = review.decisions
    return _plan(
        pieces(review),
        spoken(review),
        review.evidence.footage,
        said.restores,
        said.padding,
        said.paddings,
    )


@evolving(4)
def _plan(
    found: tuple[Piece, ...],
    words: Spoken,
    footage: Footage,
    restores: Ranges,
    padding: int,
    paddings: Mapping[str, int],
    before: Plan | None,
) -> Plan:
    if before is not None and (before.words is not words or before.footage is not footage):
        before = None
    asked, same = _all_asked(found, words, footage, restores, before)
    states = _states(asked, len(words.mids), before, same)
    lent, moved = _lent(before, asked, same, states)
    evenly = before is not None and before.paddings[0] == padding and before.paddings[1] is paddings
    maker = Maker(words, footage, states)
    low, high = (moved[0][0], moved[-1][1]) if moved else (0, 0)

    def own(piece: Piece) -> int:
        return 0 if piece.dragged else paddings.get(piece.id, padding)

    shapes = {
        one.piece.id: shape
        if shape is not None
        and shape.asked is one
        and (evenly or shape.padding == own(one.piece))
        and not (shape.looked_at[0] < high and shape.looked_at[1] > low and _meets(moved, shape))
        else maker.shape(one, own(one.piece))
        for one, shape in zip(asked, lent, strict=True)
    }
    return Plan(found, words, footage, restores, (padding, paddings), asked, shapes, states)


def _lent(
    before: Plan | None, asked: tuple[Asked, ...], same: tuple[int, int], states: bytes
) -> tuple[Sequence[Shape | None], list[Rows]]:
    """The shapes of before, one for each of `asked`, and the rows that fare otherwise now."""
    if before is None:
        return [None] * len(asked), []
    (head, tail), known = same, list(before.shapes.values())
    last, middle = len(known) - tail, asked[head : len(asked) - tail]
    moved = _moved([*before.asked[head:last], *middle], before.states, states)
    there = (before.shapes.get(one.piece.id) for one in middle)
    return [*known[:head], *there, *known[last:]], moved


def _all_asked(
    found: tuple[Piece, ...],
    words: Spoken,
    footage: Footage,
    restores: Ranges,
    before: Plan | None,
) -> tuple[tuple[Asked, ...], tuple[int, int]]:
    """What each piece asks for, and how many are the very same at the beginning and the end."""
    whole = TimeRange(0, max(0, footage.duration))
    if before is None:
        return tuple(_asked(piece, words, whole, restores) for piece in found), (0, 0)
    known = before.shapes
    restored = _differently_restored(before.restores, restores)
    head, tail = differing(before.pieces, found)
    out = list(before.asked[:head])
    for piece in found[head : len(found) - tail]:
        old = known.get(piece.id)
        same = old is not None and old.asked.piece is piece
        out.append(old.asked if old and same else _asked(piece, words, whole, restores))
    out += before.asked[len(before.asked) - tail :]
    for k in _reached(found, restored):
        out[k] = _asked(found[k], words, whole, restores)
    return tuple(out), differing(before.asked, out) if restored else (head, tail)


def _differently_restored(old: Ranges, new: Ranges) -> Ranges:
    """Where two versions may differ in what was restored."""
    head, tail = differing(old, new)
    return merge((*old[head : len(old) - tail], *new[head : len(new) - tail]))


def _reached(found: tuple[Piece, ...], some: Ranges) -> list[int]:
    """Which of the pieces, in their order, ask for a part of these ranges."""
    if not some:
        return []
    low = some[0].start
    until = bisect_left(found, some[-1].end, key=attrgetter("asked.start"))
    near = (k for k in range(until) if found[k].asked.end > low)
    return [k for k in near if overlapping(some, found[k].asked)]


def _asked(piece: Piece, words: Spoken, whole: TimeRange, restores: Ranges) -> Asked:
    """Restored parts leave a proposal.

    A pause that a restored word leaves over stays beside it: nobody proposed to cut a pause out
    of a take that is kept.
    """
    asked = intersect((piece.asked,), (whole,))
    rows = tuple(words.rows(r) for r in asked)
    if piece.kind != "strike" and asked:
        left = subtract(asked, overlapping(restores, asked[0]))
        if left != asked:
            says_something = rows[0][0] < rows[0][1]
            both = [(r, words.rows(r)) for r in left]
            both = [x for x in both if x[1][0] < x[1][1] or not says_something]
            asked, rows = tuple(r for r, _ in both), tuple(x for _, x in both)
    return Asked(piece, asked, rows)


def _states(
    asked: Sequence[Asked], count: int, before: Plan | None, same: tuple[int, int]
) -> bytes:
    """A byte for each row; of `before`, the rows that the pieces of one version alone ask for."""
    low, high, old = 0, count, bytes(count)
    if before is not None:
        head, tail = same
        others = (*before.asked[head : len(before.asked) - tail], *asked[head : len(asked) - tail])
        moved = [rows for one in others for rows in one.rows if rows[0] < rows[1]]
        if not moved:
            return before.states
        low, high = min(first for first, _ in moved), max(end for _, end in moved)
        old = before.states
    states = bytearray(old)
    states[low:high] = bytes(high - low)
    here = [(one, rows) for one in asked for rows in one.rows if rows[0] < high and rows[1] > low]
    for verdict, state in ((Verdict.UNDECIDED, b"\1"), (Verdict.ACCEPTED, b"\2")):
        for one, rows in here:
            if one.piece.verdict is verdict:
                part = slice(max(rows[0], low), min(rows[1], high))
                states[part] = state * (part.stop - part.start)
    return bytes(states)


def _moved(others: Iterable[Asked], old: bytes, new: bytes) -> list[Rows]:
    """Disjoint rows, ascending, outside which the same are removed in both versions.

    others: what is asked for in one version alone.
    """
    out: list[Rows] = []
    for rows in sorted(r for one in others for r in one.rows):
        span = slice(*rows)
        if old[span].translate(_GONE) != new[span].translate(_GONE):
            if out and rows[0] <= out[-1][1]:
                out[-1] = (out[-1][0], max(out[-1][1], rows[1]))
            else:
                out.append(rows)
    return out


def _meets(moved: list[Rows], shape: Shape) -> bool:
    if not moved:
        return False
    first, end = shape.looked_at
    k = bisect_right(moved, first, key=itemgetter(1))
    return k < len(moved) and moved[k][0] < end
