"""What a person decides about pieces of the cut, as data; `edits.py` applies it with the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar, assert_never

from app.core.also_find import LONGEST_PAUSE, SHORTEST_PAUSE, AlsoFind
from app.core.cut import reaching, shapes
from app.core.pieces import Piece, piece_of, pieces, split_id
from app.core.review import Decisions, Review, Verdict
from app.core.strike_edits import in_film, less_struck
from app.core.timerange import TimeRange, subtract

MOST_PADDING = 2_000_000
"""Microseconds; more padding than this would keep most of what is cut."""


@dataclass(frozen=True, slots=True)
class Decide:
    """Accept, restore or undecide proposals; restoring the id of a strike takes it back."""

    ids: tuple[str, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class AcceptAll:
    """Accept every undecided proposal."""


@dataclass(frozen=True, slots=True)
class Split:
    """Divide what is removed at an instant into two pieces that are decided apart."""

    at: int


@dataclass(frozen=True, slots=True)
class MoveEdges:
    """Give a proposal or strike another range, as dragged; None: its own again."""

    id: str
    range: TimeRange | None


@dataclass(frozen=True, slots=True)
class SetPadding:
    """Microseconds left beside kept words, 0 to 2 s."""

    us: int


@dataclass(frozen=True, slots=True)
class SetCutPadding:
    """Microseconds left beside kept words by one proposal or strike, 0 to 2 s.

    None: as many as everywhere.
    """

    id: str
    us: int | None


@dataclass(frozen=True, slots=True)
class FindAlso:
    """What is proposed beside retakes: pauses over a length (0.2 s to 60 s), filler words."""

    also: AlsoFind


CutEdit = Decide | AcceptAll | Split | MoveEdges | SetPadding | SetCutPadding | FindAlso

K = TypeVar("K")
V = TypeVar("V")


def decided(review: Review, edit: CutEdit) -> Decisions:
    """The decisions after it; equal ones where the edit changes nothing or fits nothing."""
    said = review.decisions
    match edit:
        case Decide(ids, verdict):
            return _decide(review, ids, verdict)
        case AcceptAll():
            open_ids = (p.id for p in pieces(review) if p.verdict is Verdict.UNDECIDED)
            return _decide(review, tuple(open_ids), Verdict.ACCEPTED)
        case Split(at):
            return _split(review, at)
        case MoveEdges(piece_id, span):
            return _move(review, piece_id, span)
        case SetPadding(us):
            return replace(said, padding=_bounded_padding(us))
        case SetCutPadding(piece_id, us):
            return _pad(review, piece_id, us)
        case FindAlso(also):
            return replace(said, also=_bounded_find(also))
        case _ as never:
            assert_never(never)


def cut_step(edit: CutEdit) -> str:
    """What Undo and Redo call the step."""
    match edit:
        case Decide(ids, verdict):
            verb = {Verdict.ACCEPTED: "Accept", Verdict.RESTORED: "Restore"}.get(verdict, "Reopen")
            return f"{verb} Proposal" if len(ids) == 1 else f"{verb} {len(ids)} Proposals"
        case AcceptAll():
            return "Accept All"
        case Split():
            return "Split at Playhead"
        case MoveEdges(_, span):
            return "Move Edge" if span else "Put Back Edges"
        case SetPadding():
            return "Set Cut Padding"
        case SetCutPadding():
            return "Set Padding of One Cut"
        case FindAlso(also):
            found = ["Pauses"] if also.pauses_over is not None else []
            found += ["Fillers"] if also.fillers else []
            return f"Find {' and '.join(found) or 'Retakes Only'}"
        case _ as never:
            assert_never(never)


def can_split(review: Review, at: int) -> bool:
    """Whether a proposal or a removed span lies on both sides of `at`."""
    return bool(_under(review, at))


def _decide(review: Review, ids: tuple[str, ...], verdict: Verdict) -> Decisions:
    said = review.decisions
    known = {p.id: p for p in pieces(review)}
    chosen = [known[i] for i in dict.fromkeys(ids) if i in known]
    verdicts = dict(said.verdicts)
    for piece in chosen:
        if piece.kind != "strike":
            verdicts.pop(piece.id, None)
            if verdict is not Verdict.UNDECIDED:
                verdicts[piece.id] = verdict
    decided = replace(said, verdicts=verdicts)
    if verdict is not Verdict.RESTORED:
        return decided
    # The last action wins: what is restored is no longer struck either.
    for piece in chosen:
        decided = less_struck(replace(review, decisions=decided), piece.asked)
    return decided


def _split(review: Review, at: int) -> Decisions:
    said = review.decisions
    under = _under(review, at)
    if not under:
        return said
    verdicts, edges, paddings = dict(said.verdicts), dict(said.edges), dict(said.paddings)
    cut_for = shapes(review)
    divided = {p.source for p in under}
    for piece in under:
        if piece.id in paddings:
            paddings.setdefault(split_id(piece, at), paddings[piece.id])
        behind, shape = split_id(piece, at), cut_for[piece.id]
        if piece.dragged or not piece.asked.start < at < piece.asked.end:
            edges[piece.id] = TimeRange(shape.start, at)
            end = max(shape.end, edges[behind].end) if behind in edges else shape.end
            edges[behind] = TimeRange(at, end)
    for piece in pieces(review):
        if piece.id in verdicts and (piece in under or piece.asked.start < at < piece.asked.end):
            verdicts.setdefault(split_id(piece, at), verdicts[piece.id])
        if piece.dragged and piece.source not in divided:
            # Dragged away from here: the split of another piece must not bring this part back.
            edges.setdefault(split_id(piece, at), TimeRange(at, at))
    splits = tuple(sorted({*said.splits, at}))
    return replace(said, splits=splits, verdicts=verdicts, edges=edges, paddings=paddings)


def _under(review: Review, at: int) -> tuple[Piece, ...]:
    """The pieces that can be divided at `at`: those around it, unless it divides them already."""
    around = [p for p in reaching(review, at) if piece_of(review, split_id(p, at)) is None]
    # A word that is removed whole reaches over into the part beside it.
    inside = [p for p in around if p.asked.start < at < p.asked.end]
    at_home = {p.source for p in inside}
    return tuple(p for p in around if p in inside or p.source not in at_home)


def _move(review: Review, piece_id: str, asked: TimeRange | None) -> Decisions:
    said = review.decisions
    if asked is None:
        return replace(said, edges={k: v for k, v in said.edges.items() if k != piece_id})
    piece, span = piece_of(review, piece_id), in_film(review, asked)
    if piece is None or not span.duration:
        return said
    # What is dragged over is removed again, though it was restored before: the last action wins.
    anew = subtract((span,), (piece.asked,))
    return replace(
        said,
        edges=_with(said.edges, piece_id, span),
        restores=subtract(said.restores, anew),
    )


def _pad(review: Review, piece_id: str, us: int | None) -> Decisions:
    said = review.decisions
    if us is None:
        return replace(said, paddings={k: v for k, v in said.paddings.items() if k != piece_id})
    if piece_of(review, piece_id) is None:
        return said
    return replace(said, paddings=_with(said.paddings, piece_id, _bounded_padding(us)))


def _bounded_padding(us: int) -> int:
    return min(max(us, 0), MOST_PADDING)


def _bounded_find(also: AlsoFind) -> AlsoFind:
    if also.pauses_over is None:
        return also
    return replace(also, pauses_over=min(max(also.pauses_over, SHORTEST_PAUSE), LONGEST_PAUSE))


def _with(old: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    return {**old, key: value}
