"""Removing spans by hand and putting them back, as data; `edits.py` applies it with the others."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar, assert_never

from app.core.cut import shapes
from app.core.pieces import Piece, pieces
from app.core.review import Decisions, Review, Verdict
from app.core.spoken import spoken
from app.core.timerange import Ranges, TimeRange, merge, subtract


@dataclass(frozen=True, slots=True)
class Strike:
    """Remove a span; the words in it decide the exact edges."""

    range: TimeRange


@dataclass(frozen=True, slots=True)
class StrikeSpans:
    """Remove several spans in one step, such as everything a search found."""

    ranges: tuple[TimeRange, ...]


@dataclass(frozen=True, slots=True)
class Restore:
    """Put a span back, whoever removed it."""

    range: TimeRange


V = TypeVar("V")

StrikeEdit = Strike | StrikeSpans | Restore


def decided(review: Review, edit: StrikeEdit) -> Decisions:
    """The decisions after it; equal ones where the edit changes nothing."""
    match edit:
        case Strike(span):
            return _strike(review, (span,))
        case StrikeSpans(ranges):
            return _strike(review, ranges)
        case Restore(span):
            return _restore(review, span)
        case _ as never:
            assert_never(never)


def strike_step(edit: StrikeEdit) -> str:
    """What Undo and Redo call the step."""
    match edit:
        case Strike():
            return "Remove Selection"
        case StrikeSpans(ranges):
            return "Remove Selection" if len(ranges) == 1 else f"Remove {len(ranges)} Selections"
        case Restore():
            return "Restore Selection"
        case _ as never:
            assert_never(never)


def less_struck(review: Review, span: TimeRange) -> Decisions:
    """The decisions without the part of the strikes that lies in `span`."""
    said = review.decisions
    near, apart = _struck_near(review, (span,))
    if not near:
        return said
    return _tidy(replace(said, strikes=merge((*apart, *subtract(merge(near), (span,))))))


def in_film(review: Review, span: TimeRange) -> TimeRange:
    """The part of `span` that lies in the film; an empty one at its edge where none does."""
    end = max(0, review.evidence.footage.duration)
    return TimeRange(min(max(span.start, 0), end), min(max(span.end, 0), end))


def _strike(review: Review, spans: Iterable[TimeRange]) -> Decisions:
    new = merge(in_film(review, span) for span in spans)
    if not new:
        return review.decisions
    old, kept_apart = _struck_near(review, new)
    strikes = merge((*kept_apart, *old, *new))
    return _tidy(replace(review.decisions, strikes=strikes))


def _restore(review: Review, span: TimeRange) -> Decisions:
    """Strikes give way; a proposal that is put back whole is restored, else only that part is."""
    span = in_film(review, span)
    if not span.duration:
        return review.decisions
    said = less_struck(review, span)
    restores = merge((*said.restores, span))
    near = [p for p in pieces(review) if p.asked.start < span.end and span.start < p.asked.end]
    cut_for = shapes(review) if near else {}
    back = [
        p
        for p in near
        if p.kind != "strike" and p.active and _nothing_left(review, p, cut_for[p.id], restores)
    ]
    if not back:
        return _tidy(replace(said, restores=restores))
    active = [p for p in pieces(review) if p.kind != "strike" and p.active]
    # Their verdict says it now. What another piece asks for too must stay put back.
    told_of = {p.id: Verdict.RESTORED for p in back}
    told = subtract(
        merge(_hull(p.asked, cut_for[p.id]) for p in back),
        merge(p.asked for p in active if p.id not in told_of),
    )
    verdicts = {**said.verdicts, **told_of}
    return _tidy(replace(said, verdicts=verdicts, restores=subtract(restores, told)))


def _nothing_left(review: Review, piece: Piece, shape: TimeRange, restores: Ranges) -> bool:
    """Whether `restores` hold every word of the piece, or all of it where it has no words."""
    words = spoken(review)
    first, end = words.rows(piece.asked)
    if first == end:
        return not subtract((shape,), restores)
    left = subtract((piece.asked,), restores)
    return all(len(range(*words.rows(r))) == 0 for r in left)


def _struck_near(review: Review, spans: Ranges) -> tuple[Ranges, Ranges]:
    """Strikes that `spans` change, as their pieces were dragged, and the others as they stand."""
    ends = [s.end for s in spans]

    def touched(r: TimeRange) -> bool:
        k = bisect_left(ends, r.start)
        return k < len(spans) and spans[k].start <= r.end

    strikes = review.decisions.strikes
    mine = [p for p in pieces(review) if p.kind == "strike"]
    low, high = spans[0].start, spans[-1].end
    # Strikes are disjoint: the start alone tells one from another.
    near = {s.start for s in strikes if s.start <= high and s.end >= low and touched(s)}
    near.update(
        p.source.start
        for p in mine
        if p.asked.start <= high and p.asked.end >= low and touched(p.asked)
    )
    apart = tuple(s for s in strikes if s.start not in near)
    return merge(p.asked for p in mine if p.source.start in near), apart


def _tidy(said: Decisions) -> Decisions:
    """Restores apart from the strikes, and no edges or paddings of strikes that are no more."""
    return replace(
        said,
        edges=_alive(said.edges, said.strikes),
        paddings=_alive(said.paddings, said.strikes),
        restores=subtract(said.restores, said.strikes),
    )


def _alive(kept: Mapping[str, V], strikes: Ranges) -> Mapping[str, V]:
    """Without what is kept for strikes that are no more; the very same mapping if that is none."""
    mine = [key for key in kept if key.startswith("strike-")]
    alive = {f"strike-{s.start}-{s.end}" for s in strikes} if mine else set()
    dead = {key for key in mine if key.split("@", maxsplit=1)[0] not in alive}
    return {key: value for key, value in kept.items() if key not in dead} if dead else kept


def _hull(a: TimeRange, b: TimeRange) -> TimeRange:
    return TimeRange(min(a.start, b.start), max(a.end, b.end))
