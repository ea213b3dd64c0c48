"""What the transcript shows of a document beside its words: turns, speakers, states; no Qt."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.cut import WordState, word_states
from app.core.review import Review
from app.core.transcript import Utterance
from app.ui.text import speaker_name

KEPT, PROPOSED, REMOVED = 0, 1, 2
"""What the byte of a word says."""

_BYTES = {WordState.KEPT: KEPT, WordState.PROPOSED: PROPOSED, WordState.REMOVED: REMOVED}


@dataclass(frozen=True, slots=True)
class Voice:
    """How a speaker is shown: name ("" where it is unknown) and number of the colour."""

    name: str
    colour: int


def states_of(review: Review) -> bytes:
    """A byte for each word: kept, proposed or removed."""
    states = word_states(review)
    raw = getattr(states, "raw", None)
    return raw if isinstance(raw, bytes) else bytes(_BYTES[state] for state in states)


def turns_of(review: Review) -> tuple[Utterance, ...]:
    """The turns as the person split and merged them."""
    transcript = review.evidence.transcript
    return transcript.turns() if transcript else ()


class Voices:
    """Names and colours of the speakers, looked up again only where a decision on them differs."""

    def __init__(self) -> None:
        self._review: Review | None = None

    def show(self, review: Review) -> bool:
        """Take another version of the document; whether a name or colour may differ."""
        before, self._review = self._review, review
        return before is None or before.decisions.names is not review.decisions.names

    def voice(self, speaker: int | None) -> Voice:
        """How a speaker is shown."""
        return Voice(self.name(speaker), speaker or 0)

    def name(self, speaker: int | None) -> str:
        """A speaker's name, "" where it is unknown."""
        return speaker_name(self._review, speaker) if self._review else ""

    def all(self) -> tuple[tuple[int, Voice], ...]:
        """Every speaker of the transcript with how it is shown."""
        transcript = self._review.evidence.transcript if self._review else None
        numbers = sorted(
            {t.speaker for t in transcript.turns() if t.speaker is not None} if transcript else ()
        )
        return tuple((n, self.voice(n)) for n in numbers)
