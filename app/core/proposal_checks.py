"""What speaks against a proposal as it stands, and the edit that would mend it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.core.cut import Cut, cut
from app.core.cut_edits import MoveEdges
from app.core.dispute_fixes import dispute_fix
from app.core.edits import Edit
from app.core.faces import Faces
from app.core.memo import by_identity, changed_keys
from app.core.people import Person, people, root
from app.core.pieces import Piece, pieces_by_id
from app.core.proposals import Proposal, proposals
from app.core.review import Footage, Retakes, Review
from app.core.scenes import Scenes
from app.core.shots import Found, Placed, Shots
from app.core.spoken import Spoken, spoken
from app.core.timerange import TimeRange


@dataclass(frozen=True, slots=True)
class Check:
    """One doubt: a sentence, and the fix with its text where there is one (else None and "")."""

    kind: Literal["disputed", "scene cut", "jump cut"]
    sentence: str
    fix: Edit | None = None
    fix_text: str = ""


def checks(review: Review, proposal: Proposal) -> tuple[Check, ...]:
    """What speaks against one proposal of this review; nothing where it is mended or decided so.

    "disputed": the retake answer contradicts itself, until the person moves the edges or decides
    against the contradiction. "scene cut": the cut runs over one, so that the end of a shot and
    the start of another go. "jump cut": the same person is in the same shot on both sides. Both
    need scenes, and speak only of what is cut.

    A fix moves one edge to a scene cut at most 1 s away, over silence alone: it cuts no kept word
    and leaves no removed one.
    """
    return _known(review).of(_now(review), proposal)


def all_checks(review: Review) -> Mapping[str, tuple[Check, ...]]:
    """Proposal id -> its checks, of those that have any; the same mapping while it says the same.

    An edit costs a look at each proposal; only what it changed is checked again.
    """
    return _known(review).all(_now(review), proposals(review))


@dataclass(frozen=True, eq=False, slots=True)
class _Now:
    """What a version of the document says, as far as checks are concerned."""

    pieces: Mapping[str, Piece]
    gone: Mapping[str, TimeRange]
    padding: int
    paddings: Mapping[str, int]
    merged: Mapping[str, str]
    everyone: tuple[Person, ...]

    def same_for_all(self, other: _Now) -> bool:
        """Whether both say the same of what any proposal's checks depend on."""
        return (
            self.padding == other.padding
            and self.paddings is other.paddings
            and self.everyone is other.everyone
        )


@dataclass(frozen=True, eq=False, slots=True)
class _Latest:
    """What was answered for all proposals, and of what."""

    now: _Now
    by_id: Mapping[str, Proposal]
    checks: Mapping[str, tuple[Check, ...]]


@dataclass(frozen=True, eq=False, slots=True)
class _Last:
    """What was answered for a proposal, and of what."""

    proposal: Proposal
    piece: Piece
    gone: TimeRange | None
    padding: int
    everyone: tuple[Person, ...]
    checks: tuple[Check, ...]


@dataclass(eq=False)
class _Known:
    """What is known of the proposals under one evidence."""

    shots: Shots | None
    retakes: Retakes | None
    words: Spoken
    last: dict[str, _Last] = field(default_factory=dict)
    latest: _Latest | None = None

    def of(self, now: _Now, proposal: Proposal) -> tuple[Check, ...]:
        """The checks of one proposal, remembered as long as nothing about it changes."""
        piece = now.pieces.get(proposal.id)
        if piece is None:
            return ()
        gone = now.gone.get(proposal.id)
        padding = now.paddings.get(proposal.id, now.padding)
        last = self.last.get(proposal.id)
        if (
            last is not None
            and last.proposal is proposal
            and last.piece is piece
            and last.gone == gone
            and last.padding == padding
            and last.everyone is now.everyone
        ):
            return last.checks
        found = self._checked(proposal, piece, gone, padding, now)
        # The very same where it says the same: a list then has nothing to show anew.
        found = last.checks if last and last.checks == found else found
        self.last[proposal.id] = _Last(proposal, piece, gone, padding, now.everyone, found)
        return found

    def all(self, now: _Now, every: tuple[Proposal, ...]) -> Mapping[str, tuple[Check, ...]]:
        """The checks of all that have any; asked of those alone that changed since last time."""
        # Read once: another thread may be asking for another version.
        last, by_id = self.latest, {p.id: p for p in every}
        anew: Iterable[str] = by_id
        out: dict[str, tuple[Check, ...]] = {}
        if last is not None and last.now.same_for_all(now):
            anew = changed_keys(last.by_id, by_id)
            anew |= changed_keys(last.now.pieces, now.pieces)
            anew |= changed_keys(last.now.gone, now.gone)
            out = dict(last.checks)
        for key in anew:
            out.pop(key, None)
            if key in by_id and (found := self.of(now, by_id[key])):
                out[key] = found
        checks = last.checks if last is not None and last.checks == out else out
        self.latest = _Latest(now, by_id, checks)
        return checks

    def _checked(
        self, proposal: Proposal, piece: Piece, gone: TimeRange | None, padding: int, now: _Now
    ) -> tuple[Check, ...]:
        out: list[Check] = []
        undone = piece.active if piece.kind == "span" else not piece.active
        if proposal.disputed and self.retakes and not piece.dragged and not undone:
            fix = dispute_fix(self.retakes, self.words, piece, padding)
            out.append(Check("disputed", proposal.disputed, *(fix or ())))
        if gone is None or self.shots is None:
            return tuple(out)
        found = self.shots.look(Placed(piece.asked, proposal.range, gone))
        better: tuple[Edit, str] | tuple[()] = ()
        if found.better:
            better = (MoveEdges(piece.id, found.better[0]), found.better[1])
        if found.crossed:
            out.append(Check("scene cut", _crossing(found.crossed), *better))
        elif who := _jumping(found, now.merged):
            out.append(Check("jump cut", _jump(who, _names(now.everyone)), *better))
        return tuple(out)


def _jumping(found: Found, merged: Mapping[str, str]) -> list[str]:
    """Keys of who is on both sides, the largest first."""
    after = {root(key, merged) for key in found.after}
    before: dict[str, float] = {}
    for key, area in found.before.items():
        one = root(key, merged)
        if one in after:
            before[one] = max(area, before.get(one, 0.0))
    return sorted(before, key=lambda key: -before[key])


def _jump(keys: list[str], names: Mapping[str, str]) -> str:
    called = [names.get(key, "the same person") for key in keys]
    who = " and ".join(called if len(called) < 3 else [called[0], f"{len(called) - 1} others"])
    return f"Keeptake cuts inside one shot of {who}: the picture will jump."


def _crossing(number: int) -> str:
    cuts = "a scene cut" if number == 1 else f"{number} scene cuts"
    return f"Keeptake cuts across {cuts}: the end of one shot goes and the start of another."


def _now(review: Review) -> _Now:
    said, gone = review.decisions, _gone(cut(review))
    return _Now(
        pieces_by_id(review), gone, said.padding, said.paddings, said.merged, people(review)
    )


def _known(review: Review) -> _Known:
    found, words = review.evidence, spoken(review)
    return _known_of(_shots(found.scenes, found.footage, words, found.faces), found.retakes, words)


@by_identity(2)
def _shots(
    scenes: Scenes | None, footage: Footage, words: Spoken, faces: Faces | None
) -> Shots | None:
    return Shots(scenes.cuts, footage.duration, words, faces) if scenes else None


@by_identity(2)
def _known_of(shots: Shots | None, retakes: Retakes | None, words: Spoken) -> _Known:
    return _Known(shots, retakes, words)


@by_identity(2)
def _names(everyone: tuple[Person, ...]) -> Mapping[str, str]:
    return {p.key: p.name for p in everyone}


@by_identity(2)
def _gone(done: Cut) -> Mapping[str, TimeRange]:
    """Piece id -> the removed interval it is part of, the first one of several."""
    out: dict[str, TimeRange] = {}
    for removed in done.removed:
        for key in removed.ids:
            out.setdefault(key, removed.range)
    return out
