"""What a person is asked to decide, and what they removed by hand."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from app.core.cut_plan import Plan, plan
from app.core.cut_shape import Asked, Shape
from app.core.disputes import disputes
from app.core.memo import by_identity, changed_keys, evolving, exchanged, shared
from app.core.pieces import Kind, Piece
from app.core.retake_finder import said_again
from app.core.review import Evidence, Retakes, Review, Verdict
from app.core.spoken import Spoken
from app.core.timerange import TimeRange, differing

_in_order = attrgetter("range.start", "range.end", "id")


@dataclass(frozen=True, slots=True)
class Proposal:
    """One removal that an analysis proposes; the same object in versions that agree on it.

    kind: "gap" or "span" of a retake answer, or "pause" or "filler", looked for beside it. range:
    what is cut, or would be, after the cut rules. text: the words in it, corrected. again: where
    the following words say it once more, None where nobody can tell; again_text: those words.
    disputed: a sentence where the answer contradicts itself, else empty.
    """

    id: str
    range: TimeRange
    verdict: Verdict
    text: str
    again: TimeRange | None
    again_text: str
    disputed: str
    kind: Kind = "gap"


@dataclass(frozen=True, slots=True)
class Strike:
    """A removal by hand and what is cut for it."""

    id: str
    range: TimeRange


def proposals(review: Review) -> tuple[Proposal, ...]:
    """All proposals in time order, decided ones included."""
    return _listed(plan(review), review.evidence, review.decisions.corrections).proposals


def strike_spans(review: Review) -> tuple[Strike, ...]:
    """All removals by hand in time order."""
    return _struck(plan(review)).strikes


@dataclass(frozen=True, eq=False, slots=True)
class _Told:
    """A proposal and the rows of `Spoken` whose texts it shows."""

    proposal: Proposal
    rows: tuple[int, int]
    again: tuple[int, int]


@dataclass(frozen=True, eq=False, slots=True)
class _List:
    """shapes: of all pieces. told: of those that are no strikes."""

    evidence: Evidence
    corrections: Mapping[int, str]
    shapes: tuple[Shape, ...]
    told: Mapping[Asked, _Told]
    proposals: tuple[Proposal, ...]


@evolving(4)
def _listed(
    made: Plan, evidence: Evidence, corrections: Mapping[int, str], before: _List | None
) -> _List:
    if before is None or before.evidence is not evidence:
        before = _List(evidence, corrections, (), {}, ())
    shapes, known = tuple(made.shapes.values()), before.told
    head, tail = differing(before.shapes, shapes)
    changed = changed_keys(before.corrections, corrections) if evidence.transcript else ()
    rows = sorted(made.words.row_of(index) for index in changed)
    told = dict(known)
    left = before.shapes[head : len(before.shapes) - tail]
    for shape in left:
        told.pop(shape.asked, None)
    anew = (*shapes[head : len(shapes) - tail], *_reworded(rows, known, shapes))
    for shape in anew:
        if shape.asked.piece.kind != "strike":
            old = known.get(shape.asked)
            if old is None or _any_in(rows, old.rows) or _any_in(rows, old.again):
                old = _told(shape, made.words, evidence, corrections)
            elif old.proposal.range != shape.hull:
                old = replace(old, proposal=replace(old.proposal, range=shape.hull))
            told[shape.asked] = old
    looked_at = dict.fromkeys(shape.asked for shape in (*left, *anew))
    differ = [asked for asked in looked_at if known.get(asked) is not told.get(asked)]
    gone = [known[asked].proposal for asked in differ if asked in known]
    come = [told[asked].proposal for asked in differ if asked in told]
    out = exchanged(before.proposals, gone, come, _in_order)
    return _List(evidence, corrections, shapes, told, shared(before.proposals, out))


def _reworded(
    rows: list[int], known: Mapping[Asked, _Told], shapes: Sequence[Shape]
) -> list[Shape]:
    """Those of whom what is known may show the text of one of these rows."""
    if not rows:
        return []
    low, high = rows[0], rows[-1]
    told = ((shape, known.get(shape.asked)) for shape in shapes)
    return [
        shape
        for shape, one in told
        if one is not None
        and (
            (one.rows[0] <= high and low < one.rows[1])
            or (one.again[0] <= high and low < one.again[1])
        )
    ]


def _any_in(rows: list[int], span: tuple[int, int]) -> bool:
    k = bisect_left(rows, span[0]) if rows else 0
    return k < len(rows) and rows[k] < span[1]


@dataclass(frozen=True, eq=False, slots=True)
class _Struck:
    """shapes: of all pieces."""

    shapes: tuple[Shape, ...]
    strikes: tuple[Strike, ...]


@evolving(4)
def _struck(made: Plan, before: _Struck | None) -> _Struck:
    shapes = tuple(made.shapes.values())
    old = before or _Struck((), ())
    head, tail = differing(old.shapes, shapes)
    gone = _by_hand(old.shapes[head : len(old.shapes) - tail])
    come = _by_hand(shapes[head : len(shapes) - tail])
    if not gone and not come:
        return _Struck(shapes, old.strikes)
    first = len(_by_hand(shapes[:head]))
    last = first + len(gone)
    known = dict(zip(gone, old.strikes[first:last], strict=True))
    new = (known.get(shape) or Strike(shape.piece.id, shape.hull) for shape in come)
    return _Struck(shapes, (*old.strikes[:first], *new, *old.strikes[last:]))


def _by_hand(shapes: Iterable[Shape]) -> list[Shape]:
    return [shape for shape in shapes if shape.asked.piece.kind == "strike"]


def _told(shape: Shape, words: Spoken, evidence: Evidence, corrections: Mapping[int, str]) -> _Told:
    piece, retakes = shape.piece, evidence.retakes
    rows = words.rows(piece.asked)
    again, disputed = None, ""
    if retakes and piece.kind in ("gap", "span"):
        again = _again(retakes, words, piece, rows)
        disputed = disputes(retakes, evidence.footage).get(piece.source, "")
    if piece.kind == "span":
        disputed = "The service marks these words as a retake, but its cut keeps them."
    again_rows = words.rows(again) if again else (0, 0)
    if not (evidence.transcript and evidence.transcript.words):
        corrections = {}
    proposal = Proposal(
        piece.id,
        shape.hull,
        piece.verdict,
        _text(words, rows, corrections),
        again,
        _text(words, again_rows, corrections),
        disputed,
        piece.kind,
    )
    return _Told(proposal, rows, again_rows)


def _again(
    retakes: Retakes, words: Spoken, piece: Piece, rows: tuple[int, int]
) -> TimeRange | None:
    known = retakes.said_again.get(piece.source)
    if known:
        return known
    explained = _explained(words)
    if rows not in explained:
        found = said_again(words.texts, *rows)
        explained[rows] = words.extent(*found) if found else None
    return explained[rows]


@by_identity(2)
def _explained(words: Spoken) -> dict[tuple[int, int], TimeRange | None]:  # noqa: ARG001
    """What was worked out for these words already; comparing takes is the dear part."""
    return {}


def _text(words: Spoken, rows: tuple[int, int], corrections: Mapping[int, str]) -> str:
    order, texts = words.order, words.texts
    return " ".join(corrections.get(order[row], texts[row]).strip() for row in range(*rows))
