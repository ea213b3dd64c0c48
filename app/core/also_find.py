"""What a person may have found beside retakes: pauses over a length, and filler words.

Only what the words themselves tell stands here; `pieces.py` makes proposals of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.core.timerange import TimeRange
from app.core.transcript import Transcript

SHORTEST_PAUSE, LONGEST_PAUSE = 200_000, 60_000_000
"""Microseconds: less parts two words of one breath; more is no pause but another scene."""


@dataclass(frozen=True, slots=True)
class AlsoFind:
    """pauses_over: microseconds of silence from which on it is proposed; None for no pauses."""

    pauses_over: int | None = None
    fillers: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """One pause, from the end of a word to the start of the next, or one filler word, whole."""

    kind: Literal["pause", "filler"]
    range: TimeRange


FILLERS = {
    "en": "u+m+|u+h+|u+h+m+|e+r+m*|h+m{2,}",
    "he": "אה+|אמ+|אהמ+",
}


def found(transcript: Transcript, also: AlsoFind) -> tuple[Found, ...]:
    """In time order; remembered for the same transcript and equal wishes."""
    out: list[Found] = []
    if also.pauses_over is not None:
        out += _pauses(transcript, also.pauses_over)
    if also.fillers:
        out += _fillers(transcript)
    return tuple(sorted(out, key=lambda f: (f.range, f.kind)))


def _pauses(transcript: Transcript, over: int) -> list[Found]:
    return []


def _fillers(transcript: Transcript) -> list[Found]:
    return []
