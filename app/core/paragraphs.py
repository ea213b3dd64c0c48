"""The transcript's turns as the person split and joined them, by the voices as they are."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from itertools import pairwise

from app.core.memo import by_identity
from app.core.review import Review
from app.core.speakers import given_turns, speaker_of, turn_of
from app.core.transcript import Transcript, Utterance


def turns(review: Review) -> tuple[Utterance, ...]:
    """All turns in the order of their words, each word in exactly one; none without a transcript.

    The very same tuple until a break, a join, a merged speaker or the transcript changes. Two turns
    of speakers that are one now stay two: merging voices moves no paragraph.
    """
    transcript, said = review.evidence.transcript, review.decisions
    if transcript is None:
        return ()
    given = _by_voice(given_turns(transcript), speaker_of(review))
    if not said.breaks and not said.joins:
        return given
    return _by_hand(transcript, given, said.breaks, said.joins)


def turn_at(review: Review, word: int) -> Utterance | None:
    """The turn that holds the word of this index; None where there is no such word."""
    every = turns(review)
    k = bisect_right(every, word, key=lambda t: t.word_start) - 1
    return every[k] if k >= 0 and word < every[k].word_end else None


@by_identity(4)
def _by_voice(given: tuple[Utterance, ...], merged: Mapping[int, int]) -> tuple[Utterance, ...]:
    if not merged:
        return given
    return tuple(
        Utterance(merged[t.speaker], t.start, t.end, t.word_start, t.word_end)
        if t.speaker is not None and t.speaker in merged
        else t
        for t in given
    )


@by_identity(4)
def _by_hand(
    transcript: Transcript,
    given: tuple[Utterance, ...],
    breaks: frozenset[int],
    joins: frozenset[int],
) -> tuple[Utterance, ...]:
    inside: dict[int, list[int]] = {}
    for word in sorted(breaks):
        k = bisect_right(given, word, key=lambda t: t.word_start) - 1
        if k >= 0 and given[k].word_start < word < given[k].word_end:
            inside.setdefault(given[k].word_start, []).append(word)
    out: list[Utterance] = []
    for turn in given:
        marks = inside.get(turn.word_start, ())
        joined = bool(out) and turn.word_start in joins
        if not marks and not joined:
            out.append(turn)
            continue
        for a, b in pairwise((turn.word_start, *marks, turn.word_end)):
            part = turn_of(transcript, turn.speaker, a, b)
            if joined and a == turn.word_start:
                part = _joined(out.pop(), part)
            out.append(part)
    return tuple(out)


def _joined(a: Utterance, b: Utterance) -> Utterance:
    return Utterance(a.speaker, min(a.start, b.start), max(a.end, b.end), a.word_start, b.word_end)
