"""Whose voices the transcript holds, as the source told them apart and the person says they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from app.core.memo import by_identity
from app.core.people import root
from app.core.review import Review
from app.core.transcript import Transcript, Utterance

_KEY = "speaker "


@dataclass(frozen=True, slots=True)
class SpeakerShown:
    """One voice: how many words it says, and how long its turns take in microseconds.

    number: as the source counts, from 0; of merged ones, that of the one they are. colour: number
    in the palette, the speaker's own number unless the person chose another.
    """

    number: int
    name: str
    colour: int
    words: int
    duration: int


def speaker_key(number: int) -> str:
    """What decisions call a speaker: "speaker N"."""
    return f"{_KEY}{number}"


def speaker_number(key: str) -> int | None:
    """The N of "speaker N"; None for any other key."""
    digits = key.removeprefix(_KEY)
    return int(digits) if digits != key and digits.isascii() and digits.isdigit() else None


def speaker_of(review: Review) -> Mapping[int, int]:
    """Speaker -> the one it is now, for those that were merged: `speaker_of(r).get(n, n)`.

    The very same mapping as long as no speaker is merged or parted.
    """
    return _speaker_of(review.decisions.merged)


def speakers(review: Review) -> tuple[SpeakerShown, ...]:
    """Everyone who speaks, by number; unnamed ones are "Speaker N", counted from 1.

    Remembered until a name, a colour, a merge or the transcript changes.
    """
    transcript, said = review.evidence.transcript, review.decisions
    if transcript is None:
        return ()
    return _shown(_heard(transcript), speaker_of(review), said.names, said.colours)


def voices(review: Review) -> frozenset[int]:
    """The numbers the source tells apart, merged ones included."""
    transcript = review.evidence.transcript
    return frozenset(_heard(transcript)) if transcript else frozenset()


@by_identity(4)
def given_turns(transcript: Transcript) -> tuple[Utterance, ...]:
    """The source's turns so that each word is in exactly one, in the order of the words.

    A turn gives up words that one before it holds already; words in no turn make one by themselves.
    """
    words, total = transcript.words, len(transcript.words)
    out: list[Utterance] = []
    at = 0
    for turn in sorted(transcript.turns(), key=lambda t: t.word_start):
        first, end = max(at, turn.word_start), min(total, turn.word_end)
        if first >= end:
            continue
        if at < first:
            out.append(turn_of(transcript, words[at].speaker, at, first))
        whole = (first, end) == (turn.word_start, turn.word_end)
        out.append(turn if whole else turn_of(transcript, turn.speaker, first, end))
        at = end
    if at < total:
        out.append(turn_of(transcript, words[at].speaker, at, total))
    return tuple(out)


def turn_of(transcript: Transcript, speaker: int | None, first: int, end: int) -> Utterance:
    """The turn of words `[first, end)`, which are some, with the times of these words."""
    part = transcript.words[first:end]
    return Utterance(speaker, min(w.start for w in part), max(w.end for w in part), first, end)


@by_identity(4)
def _speaker_of(merged: Mapping[str, str]) -> Mapping[int, int]:
    pairs: set[tuple[int, int]] = set()
    for key in merged:
        old, new = speaker_number(key), speaker_number(root(key, merged))
        if old is not None and new is not None and old != new:
            pairs.add((old, new))
    return _one(frozenset(pairs))


@lru_cache(8)
def _one(pairs: frozenset[tuple[int, int]]) -> Mapping[int, int]:
    """One object for equal pairs, so that merged people touch no paragraph."""
    return MappingProxyType(dict(pairs))


@by_identity(4)
def _heard(transcript: Transcript) -> Mapping[int, tuple[int, int]]:
    """Speaker -> (words, microseconds), as the source told them apart."""
    out: dict[int, tuple[int, int]] = {}
    for turn in given_turns(transcript):
        if turn.speaker is not None:
            words, duration = out.get(turn.speaker, (0, 0))
            words += turn.word_end - turn.word_start
            out[turn.speaker] = (words, duration + turn.end - turn.start)
    return out


@by_identity(4)
def _shown(
    heard: Mapping[int, tuple[int, int]],
    merged: Mapping[int, int],
    names: Mapping[str, str],
    colours: Mapping[str, int],
) -> tuple[SpeakerShown, ...]:
    gathered: dict[int, tuple[int, int]] = {}
    for number, (words, duration) in heard.items():
        into = merged.get(number, number)
        so_far = gathered.get(into, (0, 0))
        gathered[into] = (so_far[0] + words, so_far[1] + duration)
    return tuple(
        SpeakerShown(
            number,
            names.get(speaker_key(number)) or f"Speaker {number + 1}",
            colours.get(speaker_key(number), number),
            *gathered[number],
        )
        for number in sorted(gathered)
    )
