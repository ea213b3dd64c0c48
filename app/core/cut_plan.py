"""What every piece removes by the cut rules, worked out anew only where two versions differ.

Each piece has one `Shape`. It depends on the piece, on what was restored in it, on its padding
and on which words near it are removed; where none of that changed, the version before lends its
own.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import itemgetter

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

    states: one byte for each row of `words`: KEPT, PROPOSED or REMOVED.
    """

    words: Spoken
    footage: Footage
    restores: Ranges
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
    known = before.shapes if before else {}
    restored = _differently_restored(before.restores, restores) if before else ()
    whole = TimeRange(0, max(0, footage.duration))
    asked: list[Asked] = []
    for piece in found:
        old = known.get(piece.id)
        if old is None or old.asked.piece is not piece or _overlap(restored, piece.asked):
            asked.append(_asked(piece, words, whole, restores))
        else:
            asked.append(old.asked)
    states = _states(asked, len(words.mids))
    moved = _moved(known, asked, before.states, states) if before else []
    maker = Maker(words, footage, states)
    shapes: dict[str, Shape] = {}
    for one in asked:
        name = one.piece.id
        own = 0 if one.piece.dragged else paddings.get(name, padding)
        old = known.get(name)
        if old is None or old.asked is not one or old.padding != own or _meets(moved, old):
            old = maker.shape(one, own)
        shapes[name] = old
    return Plan(words, footage, restores, shapes, states)


def _differently_restored(old: Ranges, new: Ranges) -> Ranges:
    """Where two versions may differ in what was restored."""
    head, tail = differing(old, new)
    return merge((*old[head : len(old) - tail], *new[head : len(new) - tail]))


def _overlap(some: Ranges, span: TimeRange) -> bool:
    return bool(some and some[0].start < span.end and overlapping(some, span))


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


def _states(asked: Iterable[Asked], count: int) -> bytes:
    states = bytearray(count)
    decided: list[Asked] = []
    for one in asked:
        if one.piece.verdict is Verdict.UNDECIDED:
            for first, end in one.rows:
                states[first:end] = b"\1" * (end - first)
        elif one.piece.verdict is Verdict.ACCEPTED:
            decided.append(one)
    for one in decided:
        for first, end in one.rows:
            states[first:end] = b"\2" * (end - first)
    return bytes(states)


def _moved(known: Mapping[str, Shape], asked: list[Asked], old: bytes, new: bytes) -> list[Rows]:
    """Disjoint rows, ascending, outside which the same are removed in both versions."""
    here = {one.piece.id for one in asked}
    others = [s.asked for key, s in known.items() if key not in here]
    for one in asked:
        shape = known.get(one.piece.id)
        if shape is None:
            others.append(one)
        elif shape.asked is not one:
            others += (shape.asked, one)
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
