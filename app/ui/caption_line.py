"""The words said around an instant, as one short line with the current word marked; no Qt."""

from __future__ import annotations

from bisect import bisect_right

from app.core.review import Review
from app.core.timerange import SECOND

LETTERS = 42
"""A line holds no more, one word of its own aside."""

PAUSE = 6 * SECOND // 10
"""A pause from which another line begins."""

STAY = SECOND
"""A line stays so long after its last word where nothing follows."""

REACH = 200
"""A line begins anew at every so many words: no more are looked through to find one."""

STOPS = (".", "?", "!", "…", "؟", ";")


class CaptionLine:
    """Lines of a review's words, corrected; each is found when it is asked for."""

    def __init__(self, review: Review) -> None:
        found = review.evidence.transcript
        self._words = found.words if found else ()
        self._order = found.by_start if found else ()
        self._said = review.decisions.corrections
        self._found = range(0)

    def at(self, t: int) -> tuple[tuple[str, bool], ...]:
        """The words of the line at `t`, and which one is being said; empty in a long pause."""
        words, order = self._words, self._order
        now = bisect_right(order, t, key=lambda i: words[i].start) - 1
        if now < 0:
            return ()
        line = self.line_of(now)
        if t >= max(words[order[k]].end for k in line) + STAY:
            return ()
        over = now == line[-1] and t >= words[order[now]].end
        return tuple((self._text(k), k == now and not over) for k in line)

    def line_of(self, place: int) -> range:
        """The places, in time order, of the words in the line of the word at `place`."""
        if place not in self._found:
            first = place
            while not self._begins(first):
                first -= 1
            while place not in (line := self._line_from(first)):
                first = line.stop
            self._found = line
        return self._found

    def _line_from(self, first: int) -> range:
        letters, stop = len(self._text(first)), first + 1
        while stop < len(self._order) and not self._begins(stop):
            letters += 1 + len(self._text(stop))
            if letters > LETTERS:
                break
            stop += 1
        return range(first, stop)

    def _begins(self, place: int) -> bool:
        """Whether a line begins here whatever came before: a sentence, a turn, after a pause."""
        if place % REACH == 0:
            return True
        before, word = (self._words[self._order[k]] for k in (place - 1, place))
        ended = self._text(place - 1).rstrip("\"'”’»)").endswith(STOPS)
        return ended or word.start - before.end >= PAUSE or word.speaker != before.speaker

    def _text(self, place: int) -> str:
        index = self._order[place]
        return self._said.get(index) or self._words[index].text
