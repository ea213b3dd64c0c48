"""What the Retakes panel shows of a proposal and of a strike, as cards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.memo import by_identity, changed_keys
from app.core.proposal_checks import all_checks
from app.core.proposals import proposals, strike_spans
from app.core.review import Review, Verdict
from app.core.timerange import to_seconds
from app.ui.card_painter import Card, CardButton, Line, Role
from app.ui.text import clock, length, span

if TYPE_CHECKING:
    from app.core.proposal_checks import Check
    from app.core.proposals import Proposal, Strike

_PLAY = (CardButton("removed", "Removed", "Alt+/"), CardButton("around", "Around", "/"))
_ACCEPT = CardButton("accept", "Accept", "A", "accept", at_end=True)
_RESTORE = CardButton("restore", "Restore", "R", "restore", at_end=True)
_KEPT = CardButton("kept", "Kept Take", tip="Play Kept Take: where it is said again")
_STATES: dict[Verdict, tuple[str, Role]] = {
    Verdict.UNDECIDED: ("proposed", "proposal"),
    Verdict.ACCEPTED: ("removed", "cut"),
    Verdict.RESTORED: ("kept", "keep"),
}
STRIKES = Card(
    "section/strikes", (Line("Removed by hand", "hint"),), "Removed by hand", look="section"
)
"""The heading above what a person removed."""


@dataclass(frozen=True)
class Struck:
    """A removal by hand and the words in it."""

    strike: Strike
    text: str


class StruckOnes:
    """What was removed by hand in one version after the other."""

    def __init__(self) -> None:
        self._known: dict[str, Struck] = {}
        self._corrections: Mapping[int, str] = {}

    def of(self, review: Review) -> tuple[Struck, ...]:
        """In time order; the very same objects while they say the same."""
        corrections = review.decisions.corrections
        anew, self._corrections = changed_keys(self._corrections, corrections), corrections
        now: dict[str, Struck] = {}
        for strike in strike_spans(review):
            known = self._known.get(strike.id)
            if known is None or known.strike is not strike or _says(review, strike, anew):
                made = Struck(strike, _text(review, strike))
                known = known if known == made else made
            now[strike.id] = known
        self._known = now
        return tuple(now.values())


def _says(review: Review, strike: Strike, words: set[int]) -> bool:
    """Whether some of these words are in it."""
    transcript = review.evidence.transcript
    if not words or transcript is None:
        return False
    return not words.isdisjoint(transcript.words_in(strike.range))


def _text(review: Review, strike: Strike) -> str:
    transcript = review.evidence.transcript
    if transcript is None:
        return ""
    corrected = review.decisions.corrections
    return " ".join(
        corrected.get(i, transcript.words[i].text).strip()
        for i in transcript.words_in(strike.range)
    )


Made = tuple[tuple[object, ...], Card]
"""A card, and what it was made of."""


@by_identity(1)
def first_cards(review: Review) -> Mapping[str, Made]:
    """The card of every proposal while none is chosen, by id; for a thread, before it is asked."""
    checks, paddings = all_checks(review), review.decisions.paddings
    return {
        p.id: made_card(p, checks.get(p.id, ()), False, paddings.get(p.id))
        for p in proposals(review)
    }


def made_card(
    proposal: Proposal, checks: tuple[Check, ...], current: bool, padding: int | None
) -> Made:
    """`proposal_card`, with what it was made of."""
    given = (proposal, checks, current, padding)
    return given, proposal_card(*given)


def kind_of(proposal_id: str) -> str:
    """ "gap", "span", "pause", "filler" or "strike", as the id begins."""
    return proposal_id.partition("-")[0]


def proposal_card(
    proposal: Proposal, checks: Sequence[Check], current: bool, padding: int | None
) -> Card:
    """A proposal; a decided one has buttons only while it is chosen.

    checks: what is wrong with it. padding: of this cut alone in microseconds, None for the
    project's.
    """
    state, role = _STATES[proposal.verdict]
    times = span(proposal.range.start, proposal.range.end)
    lines = [
        Line(times, "time", f"{length(proposal.range.duration)}, {state}", role),
        _said(proposal),
    ]
    if proposal.again:
        again = f"said again at {clock(proposal.again.start)}"
        lines.append(
            Line(proposal.again_text, "hint", again, "hint")
            if proposal.again_text
            else Line(again, "hint")
        )
    warned = checks if current else checks[:1]
    lines += [Line(f"⚠ {check.sentence}", "proposal", most=2) for check in warned]
    if len(checks) > len(warned):
        lines.append(Line(f"and {len(checks) - len(warned)} more", "hint"))
    return Card(
        proposal.id,
        tuple(lines),
        ", ".join(
            part for line in lines for part in (line.text, line.right) if part
        ),
        "selected" if current else "plain" if state == "proposed" else "quiet",
        _buttons(proposal, current),
        more=_more(proposal, checks, padding) if current else (),
    )  # fmt: skip


def strike_card(struck: Struck, current: bool) -> Card:
    """A removal by hand."""
    there = struck.strike.range
    times = span(there.start, there.end)
    long = length(there.duration)
    text = struck.text or "(no words)"
    return Card(
        struck.strike.id,
        (
            Line(times, "time", f"{long}, removed by hand", "cut"),
            Line(text, "struck-cut" if struck.text else "hint", most=2),
        ),
        f"{times}, {long}, removed by hand, {text}",
        "selected" if current else "quiet",
        (*map(_bare, _PLAY), _RESTORE) if current else (),
    )


def _said(proposal: Proposal) -> Line:
    match kind_of(proposal.id):
        case "pause":
            return Line(f"Pause of {length(proposal.range.duration)}", "secondary")
        case _ if not proposal.text:
            return Line("(no words)", "hint")
        case _ if proposal.verdict is Verdict.RESTORED:
            return Line(proposal.text, "secondary", most=2)
        case _ if proposal.verdict is Verdict.UNDECIDED:
            return Line(proposal.text, "struck-proposal", most=2)
        case _:
            return Line(proposal.text, "struck-cut", most=2)


def _buttons(proposal: Proposal, current: bool) -> tuple[CardButton, ...]:
    play = tuple(map(_bare, _PLAY))
    if proposal.verdict is Verdict.UNDECIDED:
        return (*play, _ACCEPT, _RESTORE)
    if current:
        return (*play, _RESTORE if proposal.verdict is Verdict.ACCEPTED else _ACCEPT)
    return ()


def _more(
    proposal: Proposal, checks: Sequence[Check], padding: int | None
) -> tuple[tuple[CardButton, ...], ...]:
    own = f"Padding {to_seconds(padding):.2f} s…" if padding is not None else "Padding…"
    tip = "Padding of This Cut: what is left beside the kept words"
    rows = [((_KEPT,) if proposal.again else ()) + (CardButton("padding", own, tip=tip),)]
    rows += [
        (CardButton(f"fix/{n}", check.fix_text, tip=check.sentence),)
        for n, check in enumerate(checks)
        if check.fix is not None
    ]
    return tuple(rows)


def _bare(spec: CardButton) -> CardButton:
    # The drawing shows letters only beside Accept and Restore; the rest is in the tooltip.
    return CardButton(spec.id, spec.text, "", spec.role, tip=f"{spec.text} ({spec.key})")
