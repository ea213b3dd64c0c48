"""What the transcript shows of a document beside its words: speakers and states; no Qt."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.cut import word_states
from app.core.review import Review
from app.core.speakers import SpeakerShown, speakers

KEPT, PROPOSED, REMOVED = 0, 1, 2
"""What the byte of a word says, as `WordStates.raw` has it."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How a speaker is shown: name ("" where it is unknown) and number of the colour."""

    name: str
    colour: int


_NOBODY = Voice("", 0)


def states_of(review: Review) -> bytes:
    """A byte for each word: kept, proposed or removed."""
    return word_states(review).raw


class Voices:
    """Names and colours of the speakers, looked up again only where a decision on them differs."""

    def __init__(self) -> None:
        self._shown: tuple[SpeakerShown, ...] = ()
        self._voices: dict[int, Voice] = {}

    def show(self, review: Review) -> bool:
        """Take another version of the document; whether a name or colour differs."""
        shown = speakers(review)
        if shown is self._shown:
            return False
        self._shown = shown
        self._voices = {s.number: Voice(s.name, s.colour) for s in shown}
        return True

    def voice(self, speaker: int | None) -> Voice:
        """How a speaker is shown."""
        return _NOBODY if speaker is None else self._voices.get(speaker, _NOBODY)

    def name(self, speaker: int | None) -> str:
        """A speaker's name, "" where it is unknown."""
        return self.voice(speaker).name

    def all(self) -> tuple[tuple[int, Voice], ...]:
        """Every speaker of the transcript with how it is shown."""
        return tuple(self._voices.items())
