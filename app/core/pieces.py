"""What may be removed, piece by piece: the gaps of a retake answer and the strikes of a person.

Here stands only what was asked for; what is cut for it is decided in `cut.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from app.core.disputes import spans_that_nothing_cuts
from app.core.memo import by_identity
from app.core.review import Decisions, Review, Verdict
from app.core.timerange import TimeRange, complement


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that is or may be removed.

    id: `gap-START-END`, `span-START-END` or `strike-START-END` in microseconds, with `@SPLIT`
    for what lies behind a split. A "span" is one that the service's words remove but its
    intervals keep: it is restored until a person says otherwise.
    source: the whole gap, span or strike. asked: the range that is asked for, dragged or not.
    """

    id: str
    kind: Literal["gap", "span", "strike"]
    source: TimeRange
    asked: TimeRange
    verdict: Verdict
    dragged: bool = False
    divided: tuple[bool, bool] = (False, False)
    """Whether a split bounds it in front and behind: there it takes no silence along."""

    @property
    def active(self) -> bool:
        """Whether it is removed; undecided counts as removed."""
        return self.verdict is not Verdict.RESTORED


@by_identity(4)
def pieces(review: Review) -> tuple[Piece, ...]:
    """All pieces in the order of what they ask for; those dragged to nothing are left out."""
    said, found = review.decisions, review.evidence
    whole = TimeRange(0, max(0, found.footage.duration))
    out: list[Piece] = []
    if found.retakes and found.retakes.keep_intervals:
        for gap in complement(found.retakes.keep_intervals, whole):
            out.extend(_divided("gap", gap, said, Verdict.UNDECIDED))
        for span in spans_that_nothing_cuts(found.retakes):
            out.extend(_divided("span", span, said, Verdict.RESTORED))
    for strike in said.strikes:
        out.extend(_divided("strike", strike, said, Verdict.ACCEPTED))
    return tuple(sorted(out, key=lambda p: (p.asked.start, p.asked.end, p.id)))


def piece_of(review: Review, piece_id: str) -> Piece | None:
    """The piece with that id, or None."""
    return next((p for p in pieces(review) if p.id == piece_id), None)


def split_id(piece: Piece, at: int) -> str:
    """Id of what lies behind `at` when `piece` is split there."""
    return f"{_base_id(piece.kind, piece.source)}@{at}"


def _base_id(kind: str, source: TimeRange) -> str:
    return f"{kind}-{source.start}-{source.end}"


def _divided(
    kind: Literal["gap", "span", "strike"], source: TimeRange, said: Decisions, untold: Verdict
) -> Iterator[Piece]:
    base = _base_id(kind, source)
    inner = [s for s in said.splits if source.start < s < source.end]
    marks = [source.start, *inner, source.end]
    own = [TimeRange(a, b) for a, b in pairwise(marks)]
    parts = dict(zip([base, *(f"{base}@{s}" for s in inner)], own, strict=True))
    for s in said.splits:
        # A piece dragged beyond its source can be split there: then the edges alone know of it.
        parts.setdefault(f"{base}@{s}", TimeRange(s, s))
    for name, part in parts.items():
        asked = said.edges.get(name, part)
        verdict = untold if kind == "strike" else said.verdicts.get(name, untold)
        if asked.duration:
            divided = (part.start != source.start, part.end != source.end)
            yield Piece(name, kind, source, asked, verdict, name in said.edges, divided)
