"""The transcript in paragraphs and sentences, as it is shown and walked through; no Qt."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from app.core.memo import by_identity
from app.core.transcript import Transcript, Utterance

LONGEST = 120
"""Words of a paragraph at most: a turn without an end is shown in parts."""

SENTENCE = re.compile(r"[.!?…。！？؟:]['\"”’)\]»]*$")
"""How the last word of a sentence ends."""


class Paragraph(NamedTuple):
    """Words `[first, end)` of one turn; `header` where the turn begins here, `last` where it ends.

    start: of its first word, microseconds.
    """

    first: int
    end: int
    speaker: int | None
    start: int
    header: bool
    last: bool


Paragraphs = tuple[Paragraph, ...]


def paragraphs(transcript: Transcript, turns: tuple[Utterance, ...] | None = None) -> Paragraphs:
    """The turns, long ones divided at the end of a sentence where there is one; each word once.

    turns: as the person split and merged them; None for those of the source.
    """
    return _divided(transcript, transcript.turns() if turns is None else turns)


@by_identity(4)
def _divided(transcript: Transcript, turns: tuple[Utterance, ...]) -> Paragraphs:
    out: list[Paragraph] = []
    words, total, at = transcript.words, len(transcript.words), 0
    for turn in turns:
        first, end = max(at, turn.word_start), min(total, turn.word_end)
        if end <= first:
            continue
        if first > at:  # words that no turn of the source covers
            _parts(transcript, at, first, words[at].speaker, out)
        _parts(transcript, first, end, turn.speaker, out)
        at = end
    if at < total:
        _parts(transcript, at, total, words[at].speaker, out)
    return tuple(out)


def _parts(
    transcript: Transcript, first: int, end: int, speaker: int | None, out: list[Paragraph]
) -> None:
    at = first
    while at < end:
        stop = min(end, at + LONGEST)
        if stop < end:
            ended = (
                k for k in range(stop, at + LONGEST // 2, -1) if ends_sentence(transcript, k - 1)
            )
            stop = next(ended, stop)
        start = transcript.words[at].start
        out.append(Paragraph(at, stop, speaker, start, at == first, stop == end))
        at = stop


def ends_sentence(transcript: Transcript, index: int) -> bool:
    """Whether the word closes a sentence by its mark."""
    return bool(SENTENCE.search(transcript.words[index].text))


def holding(shown: Paragraphs, index: int) -> int:
    """Number of the paragraph with a word."""
    return bisect_right(shown, index, key=lambda p: p.first) - 1


def sentence_around(transcript: Transcript, shown: Paragraphs, index: int) -> tuple[int, int]:
    """First and last word of the sentence with a word; it never reaches over its paragraph."""
    paragraph = shown[holding(shown, index)]
    before = range(index - 1, paragraph.first - 1, -1)
    first = next((i + 1 for i in before if ends_sentence(transcript, i)), paragraph.first)
    ended = (i for i in range(index, paragraph.end - 1) if ends_sentence(transcript, i))
    return first, next(ended, paragraph.end - 1)


def sentence_beside(transcript: Transcript, shown: Paragraphs, caret: int, direction: int) -> int:
    """First word of the next sentence (1), or of this one and then the one before (-1)."""
    first, last = sentence_around(transcript, shown, caret)
    if direction > 0:
        return min(last + 1, len(transcript.words) - 1)
    if caret > first or not first:
        return first
    return sentence_around(transcript, shown, first - 1)[0]
