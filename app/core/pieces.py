"""What may be removed, piece by piece: what analyses propose and what a person strikes.

Here stands only what was asked for; what is cut for it is decided in `cut.py`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, pairwise
from operator import attrgetter
from typing import Literal

from app.core.also_find import AlsoFind
from app.core.also_find import found as found_beside
from app.core.disputes import spans_that_nothing_cuts
from app.core.memo import by_identity, changed_keys, evolving, exchanged, shared
from app.core.review import Decisions, Evidence, Footage, Retakes, Review, Verdict
from app.core.timerange import Ranges, TimeRange, complement
from app.core.transcript import Transcript

Kind = Literal["gap", "span", "strike", "pause", "filler"]

_in_order = attrgetter("asked.start", "asked.end", "id")
_FEW = 8
"""Splits that may come or go at once before all is looked at anew; an edit brings one."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that is or may be removed; the same object in every version that leaves it alone.

    id: `gap-START-END`, `strike-START-END` and so on in microseconds, with `@SPLIT` for what lies
    behind a split. A "span" is one that the service's words remove but its intervals keep: it is
    restored until a person says otherwise. A "pause" or a "filler" was looked for beside retakes.
    source: the whole of it before any split. asked: the range that is asked for, dragged or not.
    """

    id: str
    kind: Kind
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


def pieces(review: Review) -> tuple[Piece, ...]:
    """All pieces in the order of what they ask for; those dragged to nothing are left out."""
    # Not of the review: what undo comes back to has the same two, and is remembered by them.
    return _table(review.evidence, review.decisions).pieces


def piece_of(review: Review, piece_id: str) -> Piece | None:
    """The piece with that id, or None."""
    return pieces_by_id(review).get(piece_id)


def pieces_by_id(review: Review) -> Mapping[str, Piece]:
    """Every piece under its id, in the order of `pieces`."""
    return _by_id(pieces(review))


def split_id(piece: Piece, at: int) -> str:
    """Id of what lies behind `at` when `piece` is split there."""
    return f"{_base_id(piece.kind, piece.source)}@{at}"


@dataclass(frozen=True, eq=False, slots=True)
class _Source:
    """What a piece is part of; `base` is the id of its first part."""

    kind: Kind
    range: TimeRange
    base: str
    untold: Verdict


@dataclass(frozen=True, eq=False, slots=True)
class _Table:
    """The pieces of one version and what they were made of."""

    said: Decisions
    proposed: tuple[_Source, ...]
    struck: dict[int, _Source]
    """By the start: strikes are disjoint."""
    parts: dict[str, tuple[Piece, ...]]
    """By the base id of the source."""
    pieces: tuple[Piece, ...]


@evolving(4)
def _table(found: Evidence, said: Decisions, before: _Table | None) -> _Table:
    proposed = _proposed(found.retakes, found.footage, found.transcript, said.also)
    if before is not None and before.proposed is not proposed:
        before = None
    if before is not None and _asks_the_same(said, before.said):
        return before
    struck = _struck(said.strikes, before.struck if before else {})
    sources = {s.base: s for s in chain(proposed, struck.values())}
    known = before.parts if before else {}
    changed = sources.keys() ^ known.keys()
    if before is not None:
        changed |= _touched(before.said, said, sources.values())
    parts = dict(known)
    for base in changed:
        parts.pop(base, None)
        if base in sources:
            parts[base] = tuple(_divided(sources[base], said))
    old = before.pieces if before else ()
    gone = list(chain.from_iterable(known.get(base, ()) for base in changed))
    come = list(chain.from_iterable(parts.get(base, ()) for base in changed))
    return _Table(said, proposed, struck, parts, shared(old, exchanged(old, gone, come, _in_order)))


def _asks_the_same(said: Decisions, before: Decisions) -> bool:
    return (
        said.strikes is before.strikes
        and said.verdicts is before.verdicts
        and said.edges is before.edges
        and said.splits is before.splits
    )


@by_identity(2)
def _by_id(found: tuple[Piece, ...]) -> Mapping[str, Piece]:
    return {p.id: p for p in found}


@by_identity(2)
def _proposed(
    retakes: Retakes | None, footage: Footage, transcript: Transcript | None, also: AlsoFind
) -> tuple[_Source, ...]:
    gaps: Ranges = ()
    spans: tuple[TimeRange, ...] = ()
    if retakes and retakes.keep_intervals:
        gaps = complement(retakes.keep_intervals, TimeRange(0, max(0, footage.duration)))
        spans = spans_that_nothing_cuts(retakes)
    beside = found_beside(transcript, also) if transcript else ()
    return (
        *(_source("gap", gap, Verdict.UNDECIDED) for gap in gaps),
        *(_source("span", span, Verdict.RESTORED) for span in spans),
        *(_source(one.kind, one.range, Verdict.UNDECIDED) for one in beside),
    )


def _struck(strikes: Ranges, known: dict[int, _Source]) -> dict[int, _Source]:
    out: dict[int, _Source] = {}
    for strike in strikes:
        old = known.get(strike.start)
        if old is None or old.range.end != strike.end:
            old = _source("strike", strike, Verdict.ACCEPTED)
        out[strike.start] = old
    return out


def _source(kind: Kind, span: TimeRange, untold: Verdict) -> _Source:
    return _Source(kind, span, _base_id(kind, span), untold)


def _base_id(kind: Kind, source: TimeRange) -> str:
    return f"{kind}-{source.start}-{source.end}"


def _touched(before: Decisions, said: Decisions, sources: Collection[_Source]) -> set[str]:
    """Base ids of the sources whose pieces may have changed."""
    keys = changed_keys(before.verdicts, said.verdicts) | changed_keys(before.edges, said.edges)
    touched = {key.partition("@")[0] for key in keys}
    moved = set(before.splits) ^ set(said.splits)
    if len(moved) > _FEW:
        return {s.base for s in sources}
    for at in moved:
        touched.update(s.base for s in sources if s.range.start < at < s.range.end)
        touched.update(base for base, known in _dragged_out(said.edges).items() if str(at) in known)
    return touched


@by_identity(2)
def _dragged_out(edges: Mapping[str, TimeRange]) -> Mapping[str, set[str]]:
    """Base id -> the splits behind which something of it has edges of its own."""
    out: dict[str, set[str]] = {}
    for key in edges:
        base, _, at = key.partition("@")
        if at:
            out.setdefault(base, set()).add(at)
    return out


def _divided(source: _Source, said: Decisions) -> Iterator[Piece]:
    base, span, splits = source.base, source.range, said.splits
    inner = splits[bisect_right(splits, span.start) : bisect_left(splits, span.end)]
    own = [TimeRange(a, b) for a, b in pairwise((span.start, *inner, span.end))]
    parts = dict(zip([base, *(f"{base}@{s}" for s in inner)], own, strict=True))
    alone = _dragged_out(said.edges).get(base)
    for s in splits if alone else ():
        # A piece dragged beyond its source can be split there: then the edges alone know of it.
        parts.setdefault(f"{base}@{s}", TimeRange(s, s))
    for name, part in parts.items():
        asked = said.edges.get(name, part)
        verdict = source.untold
        if source.kind != "strike":
            verdict = said.verdicts.get(name, verdict)
        if asked.duration:
            divided = (part.start != span.start, part.end != span.end)
            yield Piece(name, source.kind, span, asked, verdict, name in said.edges, divided)
