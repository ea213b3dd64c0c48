"""Every decision of a person as data, and the one function that applies it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar, assert_never

from app.core.cut import shapes
from app.core.moment_edits import (
    AddMoment,
    DecideMoments,
    MoveMoment,
    RemoveMoments,
    RenameMoment,
    decided,
    moment_step,
)
from app.core.people import root
from app.core.pieces import Piece, piece_of, pieces, split_id
from app.core.review import Decisions, Review, Verdict
from app.core.spoken import spoken
from app.core.timerange import Ranges, TimeRange, merge, subtract

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
class Strike:
    """Remove a span; the words in it decide the exact edges."""

    range: TimeRange


@dataclass(frozen=True, slots=True)
class Restore:
    """Put a span back, whoever removed it."""

    range: TimeRange


@dataclass(frozen=True, slots=True)
class Split:
    """Divide what is removed at an instant into two pieces that are decided apart."""

    at: int


@dataclass(frozen=True, slots=True)
class MoveEdges:
    """Give a proposal or strike another range, as dragged."""

    id: str
    range: TimeRange


@dataclass(frozen=True, slots=True)
class CorrectWord:
    """Another text for a transcript word; its time stays. Blank text changes nothing."""

    index: int
    text: str


@dataclass(frozen=True, slots=True)
class Rename:
    """A name for a person key or "speaker N"; a blank name takes it back."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class MergePeople:
    """Person keys that are all one person, known from now on as `into`."""

    keys: tuple[str, ...]
    into: str


@dataclass(frozen=True, slots=True)
class SetPadding:
    """Microseconds left beside kept words, 0 to 2 s."""

    us: int


Edit = (
    Decide
    | AcceptAll
    | Strike
    | Restore
    | Split
    | MoveEdges
    | CorrectWord
    | Rename
    | MergePeople
    | SetPadding
    | DecideMoments
    | MoveMoment
    | AddMoment
    | RemoveMoments
    | RenameMoment
)

K = TypeVar("K")
V = TypeVar("V")


def apply(review: Review, edit: Edit) -> Review:
    """The next version; the very same review where the edit changes nothing or fits nothing."""
    said = _decisions(review, edit)
    return review if said == review.decisions else replace(review, decisions=said)


def name(edit: Edit) -> str:
    """What Undo and Redo call the step."""
    match edit:
        case Decide(ids, verdict):
            verb = {Verdict.ACCEPTED: "Accept", Verdict.RESTORED: "Restore"}.get(verdict, "Reopen")
            return f"{verb} Proposal" if len(ids) == 1 else f"{verb} {len(ids)} Proposals"
        case AcceptAll():
            return "Accept All"
        case Strike():
            return "Remove Selection"
        case Restore():
            return "Restore Selection"
        case Split():
            return "Split at Playhead"
        case MoveEdges():
            return "Move Edge"
        case CorrectWord():
            return "Correct Word"
        case Rename():
            return "Rename"
        case MergePeople():
            return "Merge People"
        case SetPadding():
            return "Set Cut Padding"
        case DecideMoments() | MoveMoment() | AddMoment() | RemoveMoments() | RenameMoment():
            return moment_step(edit)
        case _ as never:
            assert_never(never)


def can_split(review: Review, at: int) -> bool:
    """Whether a proposal or a removed span lies on both sides of `at`."""
    return bool(_under(review, at))


def _decisions(review: Review, edit: Edit) -> Decisions:
    match edit:
        case Decide(ids, verdict):
            return _decide(review, ids, verdict)
        case AcceptAll():
            open_ids = (p.id for p in pieces(review) if p.verdict is Verdict.UNDECIDED)
            return _decide(review, tuple(open_ids), Verdict.ACCEPTED)
        case Strike(span):
            return _strike(review, span)
        case Restore(span):
            return _restore(review, span)
        case Split(at):
            return _split(review, at)
        case MoveEdges(piece_id, span):
            return _move(review, piece_id, span)
        case CorrectWord(index, text):
            return _correct(review, index, text)
        case Rename(key, new):
            names = review.decisions.names
            new = new.strip()
            return replace(
                review.decisions, names=_with(names, key, new) if new else _without(names, key)
            )
        case MergePeople(keys, into):
            return _merge_people(review.decisions, keys, into)
        case SetPadding(us):
            return replace(review.decisions, padding=min(max(us, 0), MOST_PADDING))
        case DecideMoments() | MoveMoment() | AddMoment() | RemoveMoments() | RenameMoment():
            return decided(review, edit)
        case _ as never:
            assert_never(never)


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
        decided = _less_struck(replace(review, decisions=decided), piece.asked)
    return decided


def _strike(review: Review, span: TimeRange) -> Decisions:
    span = _in_film(review, span)
    if not span.duration:
        return review.decisions
    said = review.decisions
    old, kept_apart = _struck_near(review, span)
    strikes = merge((*kept_apart, *old, span))
    return _tidy(replace(said, strikes=strikes))


def _restore(review: Review, span: TimeRange) -> Decisions:
    """Strikes give way; a proposal that is put back whole is restored, else only that part is."""
    span = _in_film(review, span)
    if not span.duration:
        return review.decisions
    said = _less_struck(review, span)
    restores = merge((*said.restores, span))
    cut_for = shapes(review)
    active = [p for p in pieces(review) if p.kind != "strike" and p.active]
    back = [
        p
        for p in active
        if p.asked.overlaps(span) and _nothing_left(review, p, cut_for[p.id], restores)
    ]
    # Their verdict says it now. What another piece asks for too must stay put back.
    told = subtract(
        merge(_hull(p.asked, cut_for[p.id]) for p in back),
        merge(p.asked for p in active if p not in back),
    )
    verdicts = {**said.verdicts, **{p.id: Verdict.RESTORED for p in back}}
    return _tidy(replace(said, verdicts=verdicts, restores=subtract(restores, told)))


def _nothing_left(review: Review, piece: Piece, shape: TimeRange, restores: Ranges) -> bool:
    """Whether `restores` hold every word of the piece, or all of it where it has no words."""
    words = spoken(review)
    first, end = words.rows(piece.asked)
    if first == end:
        return not subtract((shape,), restores)
    left = subtract((piece.asked,), restores)
    return all(len(range(*words.rows(r))) == 0 for r in left)


def _split(review: Review, at: int) -> Decisions:
    said = review.decisions
    under = _under(review, at)
    if not under:
        return said
    verdicts, edges = dict(said.verdicts), dict(said.edges)
    cut_for = shapes(review)
    divided = {p.source for p in under}
    for piece in under:
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
    return replace(said, splits=splits, verdicts=verdicts, edges=edges)


def _under(review: Review, at: int) -> tuple[Piece, ...]:
    """The pieces that can be divided at `at`: those around it, unless it divides them already."""
    cut_for = shapes(review)
    taken = {p.id for p in pieces(review)}
    around = [
        p
        for p in pieces(review)
        if cut_for[p.id].start < at < cut_for[p.id].end and split_id(p, at) not in taken
    ]
    # A word that is removed whole reaches over into the part beside it.
    inside = [p for p in around if p.asked.start < at < p.asked.end]
    at_home = {p.source for p in inside}
    return tuple(p for p in around if p in inside or p.source not in at_home)


def _move(review: Review, piece_id: str, span: TimeRange) -> Decisions:
    piece, span = piece_of(review, piece_id), _in_film(review, span)
    said = review.decisions
    if piece is None or not span.duration:
        return said
    # What is dragged over is removed again, though it was restored before: the last action wins.
    anew = subtract((span,), (piece.asked,))
    return replace(
        said,
        edges=_with(said.edges, piece_id, span),
        restores=subtract(said.restores, anew),
    )


def _correct(review: Review, index: int, text: str) -> Decisions:
    said, transcript = review.decisions, review.evidence.transcript
    text = text.strip()
    if not transcript or not text or not 0 <= index < len(transcript.words):
        return said
    if transcript.words[index].text == text:
        return replace(said, corrections=_without(said.corrections, index))
    return replace(said, corrections=_with(said.corrections, index, text))


def _merge_people(said: Decisions, keys: tuple[str, ...], into: str) -> Decisions:
    merged = dict(said.merged)
    # `into` stands for itself from now on, whatever it was part of before.
    merged.pop(into, None)
    for key in keys:
        one = root(key, merged)
        if one != into:
            merged[one] = into
    return replace(said, merged=merged)


def _less_struck(review: Review, span: TimeRange) -> Decisions:
    said = review.decisions
    near, apart = _struck_near(review, span)
    if not near:
        return said
    return _tidy(replace(said, strikes=merge((*apart, *subtract(merge(near), (span,))))))


def _struck_near(review: Review, span: TimeRange) -> tuple[Ranges, Ranges]:
    """Strikes that `span` changes, as their pieces were dragged, and the others as they stand."""
    mine: dict[TimeRange, list[TimeRange]] = {}
    for piece in pieces(review):
        if piece.kind == "strike":
            mine.setdefault(piece.source, []).append(piece.asked)
    near = [
        s
        for s in review.decisions.strikes
        if any(r.start <= span.end and span.start <= r.end for r in (s, *mine.get(s, ())))
    ]
    apart = tuple(s for s in review.decisions.strikes if s not in near)
    return merge(r for s in near for r in mine.get(s, ())), apart


def _tidy(said: Decisions) -> Decisions:
    """Restores apart from the strikes, and no edges of strikes that are no more."""
    alive = {f"strike-{s.start}-{s.end}" for s in said.strikes}
    edges = {
        k: v
        for k, v in said.edges.items()
        if not k.startswith("strike-") or k.split("@")[0] in alive
    }
    return replace(said, edges=edges, restores=subtract(said.restores, said.strikes))


def _in_film(review: Review, span: TimeRange) -> TimeRange:
    end = max(0, review.evidence.footage.duration)
    return TimeRange(min(max(span.start, 0), end), min(max(span.end, 0), end))


def _hull(a: TimeRange, b: TimeRange) -> TimeRange:
    return TimeRange(min(a.start, b.start), max(a.end, b.end))


def _with(old: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    return {**old, key: value}


def _without(old: Mapping[K, V], key: K) -> Mapping[K, V]:
    return {k: v for k, v in old.items() if k != key}
