"""What speaks against a proposal as it stands, and the edit that would mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.core.cut import Cut, cut
from app.core.cut_edits import MoveEdges
from app.core.dispute_fixes import dispute_fix
from app.core.edits import Edit
from app.core.faces import Faces
from app.core.memo import by_identity
from app.core.people import Person, people
from app.core.pieces import Piece, pieces_by_id
from app.core.proposals import Proposal, proposals
from app.core.review import Footage, Retakes, Review
from app.core.scenes import Scenes
from app.core.shots import Placed, Shots
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
    return _known(review).of(review, proposal)


def all_checks(review: Review) -> Mapping[str, tuple[Check, ...]]:
    """Proposal id -> its checks, of those that have any; the same mapping while it says the same.

    An edit costs a look at each proposal; only what it changed is checked again.
    """
    return _known(review).all(review)


@dataclass(slots=True)
class _Last:
    """What was answered for a proposal, and of what."""

    proposal: Proposal
    piece: Piece
    gone: TimeRange | None
    padding: int
    checks: tuple[Check, ...]


@dataclass(eq=False)
class _Known:
    """What is known of the proposals under one evidence and one set of people."""

    shots: Shots | None
    retakes: Retakes | None
    words: Spoken
    names: Mapping[str, str]
    last: dict[str, _Last] = field(default_factory=dict)
    latest: Mapping[str, tuple[Check, ...]] = field(default_factory=dict)

    def of(self, review: Review, proposal: Proposal) -> tuple[Check, ...]:
        piece = pieces_by_id(review).get(proposal.id)
        if piece is None:
            return ()
        gone = _gone(cut(review)).get(proposal.id)
        return self._remembered(proposal, piece, gone, _padding(review, piece))

    def all(self, review: Review) -> Mapping[str, tuple[Check, ...]]:
        by_id, gone, said = pieces_by_id(review), _gone(cut(review)), review.decisions
        padding, paddings, out = said.padding, said.paddings, {}
        for p in proposals(review):
            own = paddings.get(p.id, padding) if paddings else padding
            found = self._remembered(p, by_id[p.id], gone.get(p.id), own)
            if found:
                out[p.id] = found
        if out != self.latest:
            self.latest = out
        return self.latest

    def _remembered(
        self, proposal: Proposal, piece: Piece, gone: TimeRange | None, padding: int
    ) -> tuple[Check, ...]:
        last = self.last.get(proposal.id)
        if last is None or not (
            last.proposal is proposal
            and last.piece is piece
            and last.gone == gone
            and last.padding == padding
        ):
            found = self._checked(proposal, piece, gone, padding)
            # The very same where it says the same: a list then has nothing to show anew.
            found = last.checks if last and last.checks == found else found
            last = self.last[proposal.id] = _Last(proposal, piece, gone, padding, found)
        return last.checks

    def _checked(
        self, proposal: Proposal, piece: Piece, gone: TimeRange | None, padding: int
    ) -> tuple[Check, ...]:
        out: list[Check] = []
        undone = piece.active if piece.kind == "span" else not piece.active
        if proposal.disputed and self.retakes and not piece.dragged and not undone:
            fix = dispute_fix(self.retakes, self.words, piece, padding)
            out.append(Check("disputed", proposal.disputed, *(fix or ())))
        if gone is not None and self.shots is not None:
            found = self.shots.look(Placed(piece.asked, proposal.range, gone))
            better: tuple[Edit, str] | tuple[()] = ()
            if found.better:
                better = (MoveEdges(piece.id, found.better[0]), found.better[1])
            if found.crossed:
                out.append(Check("scene cut", _crossing(found.crossed), *better))
            elif found.jumping:
                out.append(Check("jump cut", self._jump(found.jumping), *better))
        return tuple(out)

    def _jump(self, keys: tuple[str, ...]) -> str:
        names = [self.names.get(key, "the same person") for key in keys]
        who = " and ".join(names if len(names) < 3 else [names[0], f"{len(names) - 1} others"])
        return f"Keeptake cuts inside one shot of {who}: the picture will jump."


def _crossing(number: int) -> str:
    cuts = "a scene cut" if number == 1 else f"{number} scene cuts"
    return f"Keeptake cuts across {cuts}: the end of one shot goes and the start of another."


def _padding(review: Review, piece: Piece) -> int:
    return review.decisions.paddings.get(piece.id, review.decisions.padding)


def _known(review: Review) -> _Known:
    found, said = review.evidence, review.decisions
    words = spoken(review)
    shots = _shots(found.scenes, found.footage, words, found.faces, said.merged)
    return _known_of(shots, found.retakes, words, people(review))


@by_identity(2)
def _shots(
    scenes: Scenes | None,
    footage: Footage,
    words: Spoken,
    faces: Faces | None,
    merged: Mapping[str, str],
) -> Shots | None:
    return Shots(scenes.cuts, footage.duration, words, faces, merged) if scenes else None


@by_identity(2)
def _known_of(
    shots: Shots | None, retakes: Retakes | None, words: Spoken, everyone: tuple[Person, ...]
) -> _Known:
    return _Known(shots, retakes, words, {p.key: p.name for p in everyone})


@by_identity(2)
def _gone(done: Cut) -> Mapping[str, TimeRange]:
    """Piece id -> the removed interval it is part of, the first one of several."""
    out: dict[str, TimeRange] = {}
    for removed in done.removed:
        for key in removed.ids:
            out.setdefault(key, removed.range)
    return out
