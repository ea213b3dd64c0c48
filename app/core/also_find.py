"""What a person may have found beside retakes: pauses over a length, and filler words.

Only what the words themselves tell stands here; `pieces.py` makes proposals of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from app.core.fillers import filler_texts
from app.core.memo import by_identity
from app.core.timerange import TimeRange
from app.core.transcript import Transcript

SHORTEST_PAUSE, LONGEST_PAUSE = 200_000, 60_000_000
"""Microseconds: less parts two words of one breath; more is no pause but another scene."""


@dataclass(frozen=True, slots=True)
class AlsoFind:
    """pauses_over: microseconds; longer silences are proposed. None: no pauses are."""

    pauses_over: int | None = None
    fillers: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """One pause, from the end of a word to the start of the next, or one filler word, whole."""

    kind: Literal["pause", "filler"]
    range: TimeRange


@by_identity(4)
def found(transcript: Transcript, also: AlsoFind) -> tuple[Found, ...]:
    """All of it in time order; pauses and fillers never overlap.

    A pause lies between two words. The silence before the first word and after the last is footage:
    titles, an entrance, a walk away; nobody paused there, and it is not proposed.
    """
    out = _pauses(transcript, also.pauses_over) if also.pauses_over is not None else []
    if also.fillers:
        out = sorted(out + _fillers(transcript), key=lambda f: (f.range.start, f.range.end))
    return tuple(out)


def _pauses(transcript: Transcript, over: int) -> list[Found]:
    starts, ends = [w.start for w in transcript.words], [w.end for w in transcript.words]
    if starts != sorted(starts):
        order = transcript.by_start
        starts, ends = [starts[i] for i in order], [ends[i] for i in order]
    return [
        Found("pause", TimeRange(a, b))
        for a, b in zip(accumulate(ends, max), starts[1:], strict=False)
        if b - a > over
    ]


def _fillers(transcript: Transcript) -> list[Found]:
    sounds = filler_texts(frozenset([w.text for w in transcript.words]), transcript.language)
    if not sounds:
        return []
    # A word without length is still cut: it takes the silence around it along.
    return [
        Found("filler", TimeRange(w.start, max(w.end, w.start + 1)))
        for w in transcript.words
        if w.text in sounds
    ]
