"""What the Retakes panel shows of a proposal and of a strike, as cards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.memo import by_identity, changed_keys, evolving, shared
from app.core.proposal_checks import all_checks
from app.core.proposals import proposals, strike_spans
from app.core.review import Review, Verdict
from app.core.timerange import to_seconds
from app.ui.card_painter import Card, CardButton, Line, Role
from app.ui.text import clock, length, span

if TYPE_CHECKING:
    from app.core.proposal_checks import Check
    from app.core.proposals import Proposal, Strike
    from app.core.transcript import Transcript

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


def struck_ones(review: Review) -> tuple[Struck, ...]:
    """What was removed by hand, in time order; the very same objects while they say the same."""
    transcript = review.evidence.transcript
    return _struck(strike_spans(review), transcript, review.decisions.corrections).ones


@dataclass(frozen=True, eq=False, slots=True)
class _Ones:
    """Those of one version, and what they were made of."""

    transcript: Transcript | None
    corrections: Mapping[int, str]
    ones: tuple[Struck, ...]


@evolving(4)
def _struck(
    strikes: tuple[Strike, ...],
    transcript: Transcript | None,
    corrections: Mapping[int, str],
    before: _Ones | None,
) -> _Ones:
    if before is None or before.transcript is not transcript:
        before = _Ones(transcript, corrections, ())
    known = {one.strike.id: one for one in before.ones}
    anew = changed_keys(before.corrections, corrections)
    out: list[Struck] = []
    for strike in strikes:
        one = known.get(strike.id)
        if one is None or one.strike is not strike or _says(transcript, strike, anew):
            made = Struck(strike, _text(transcript, strike, corrections))
            one = one if one == made else made
        out.append(one)
    return _Ones(transcript, corrections, shared(before.ones, out))


def _says(transcript: Transcript | None, strike: Strike, words: set[int]) -> bool:
    """Whether some of these words are in it."""
    if not words or transcript is None:
        return False
    return not words.isdisjoint(transcript.words_in(strike.range))


def _text(transcript: Transcript | None, strike: Strike, corrected: Mapping[int, str]) -> str:
    if transcript is None:
        return ""
    words = transcript.words
    return " ".join(
        corrected.get(i, words[i].text).strip() for i in transcript.words_in(strike.range)
    )


Made = tuple[tuple[object, ...], Card]
"""A card, and what it was made of."""


@by_identity(1)
def first_cards(review: Review) -> Mapping[str, Made]:
    """All cards while none is chosen, by id; for a thread, before they are asked for."""
    checks, paddings = all_checks(review), review.decisions.paddings
    asked = {
        p.id: made_card(p, checks.get(p.id, ()), False, paddings.get(p.id))
        for p in proposals(review)
    }
    return {**asked, **{s.strike.id: made_strike_card(s, False) for s in struck_ones(review)}}


def made_card(
    proposal: Proposal, checks: tuple[Check, ...], current: bool, padding: int | None
) -> Made:
    """`proposal_card`, with what it was made of."""
    given = (proposal, checks, current, padding)
    return given, proposal_card(*given)


def made_strike_card(struck: Struck, current: bool) -> Made:
    """`strike_card`, with what it was made of."""
    return (struck, current), strike_card(struck, current)


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
