"""The words said around an instant, as one short line with the current word marked; no Qt."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping

from app.core.memo import by_identity
from app.core.review import Review
from app.core.timerange import SECOND
from app.core.transcript import Transcript

LETTERS = 42
"""A line holds no more, one word of its own aside."""

PAUSE = 6 * SECOND // 10
"""A pause from which another line begins."""

STAY = SECOND
"""A line stays so long after its last word where nothing follows."""

STOPS = (".", "?", "!", "…", "؟", ";")


class CaptionLine:
    """Lines of a review's words, corrected; made once, looked up by bisection."""

    def __init__(self, review: Review) -> None:
        self._transcript = review.evidence.transcript
        self._said = review.decisions.corrections
        spoken = self._transcript
        self._lines = _lines(spoken, self._said) if spoken else ()
        self._starts = _starts(self._lines, spoken) if spoken else ()

    def at(self, t: int) -> tuple[tuple[str, bool], ...]:
        """The words of the line at `t`, and which one is being said; empty in a long pause."""
        if self._transcript is None or not self._lines:
            return ()
        k = bisect_right(self._starts, t) - 1
        if k < 0:
            return ()
        words = self._transcript.words
        line = self._lines[k]
        if t >= max(words[i].end for i in line) + STAY:
            return ()
        # In time order: services promise no order of the words.
        current = next((i for i in reversed(line) if words[i].start <= t), -1)
        over = current == line[-1] and t >= words[current].end
        return tuple((self._said.get(i) or words[i].text, i == current and not over) for i in line)


@by_identity(2)
def _starts(lines: tuple[tuple[int, ...], ...], transcript: Transcript) -> tuple[int, ...]:
    return tuple(transcript.words[line[0]].start for line in lines)


@by_identity(2)
def _lines(transcript: Transcript, said: Mapping[int, str]) -> tuple[tuple[int, ...], ...]:
    """Word indices in time order, cut into lines at sentence ends, pauses and full lines."""
    out: list[tuple[int, ...]] = []
    line: list[int] = []
    letters = 0
    for i in transcript.by_start:
        word, text = transcript.words[i], said.get(i) or transcript.words[i].text
        if line:
            before = transcript.words[line[-1]]
            ended = (said.get(line[-1]) or before.text).rstrip("\"'”’»)").endswith(STOPS)
            full = letters + len(text) + 1 > LETTERS
            if ended or full or word.start - before.end >= PAUSE or word.speaker != before.speaker:
                out.append(tuple(line))
                line, letters = [], 0
        line.append(i)
        letters += len(text) + 1
    if line:
        out.append(tuple(line))
    return tuple(out)
