"""What a person is asked to decide, and what they removed by hand."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.cut import shapes
from app.core.disputes import disputes
from app.core.memo import by_identity
from app.core.pieces import Piece, pieces
from app.core.retake_finder import said_again
from app.core.review import Retakes, Review, Verdict
from app.core.spoken import Spoken, spoken
from app.core.timerange import TimeRange


@dataclass(frozen=True, slots=True)
class Proposal:
    """One removal that an analysis proposes.

    range: what is cut, or would be, after the cut rules. text: the words in it, corrected.
    again: where the following words say it once more, None where nobody can tell; again_text:
    those words. disputed: a sentence where the answer contradicts itself, else empty.
    """

    id: str
    range: TimeRange
    verdict: Verdict
    text: str
    again: TimeRange | None
    again_text: str
    disputed: str


@dataclass(frozen=True, slots=True)
class Strike:
    """A removal by hand and what is cut for it."""

    id: str
    range: TimeRange


@by_identity(4)
def proposals(review: Review) -> tuple[Proposal, ...]:
    """All proposals in time order, decided ones included."""
    retakes = review.evidence.retakes
    if retakes is None:
        return ()
    cut_for = shapes(review)
    words = spoken(review)
    out = [
        _proposal(review, retakes, words, piece, cut_for[piece.id])
        for piece in pieces(review)
        if piece.kind != "strike"
    ]
    return tuple(sorted(out, key=lambda p: (p.range, p.id)))


@by_identity(4)
def strike_spans(review: Review) -> tuple[Strike, ...]:
    """All removals by hand in time order."""
    cut_for = shapes(review)
    return tuple(Strike(p.id, cut_for[p.id]) for p in pieces(review) if p.kind == "strike")


def _proposal(
    review: Review, retakes: Retakes, words: Spoken, piece: Piece, shape: TimeRange
) -> Proposal:
    rows = words.rows(piece.asked)
    again = _again(retakes, words, piece, rows)
    disputed = disputes(retakes, review.evidence.footage).get(piece.source, "")
    if piece.kind == "span":
        disputed = "The service marks these words as a retake, but its cut keeps them."
    text = _text(review, words, rows)
    again_text = _text(review, words, words.rows(again)) if again else ""
    return Proposal(piece.id, shape, piece.verdict, text, again, again_text, disputed)


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


def _text(review: Review, words: Spoken, rows: tuple[int, int]) -> str:
    said = review.evidence.transcript
    corrected = review.decisions.corrections if said and said.words else {}
    return " ".join(
        corrected.get(words.order[row], words.texts[row]).strip() for row in range(*rows)
    )
