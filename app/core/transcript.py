"""What was said: words with times, turns and speakers."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, islice
from operator import le
from typing import Literal

from app.core.timerange import TimeRange

RIGHT_TO_LEFT = frozenset({"he", "ar", "fa", "ur", "yi"})
"""Base language tags that are written right to left."""

_LONGEST_WORD = 60_000_000
"""Microseconds."""

Origin = Literal["nanoclip", "captions", "subtitle track", "recognised", "imported"]
"""Where a transcript came from; "recognised" is rough and is labelled so."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word: times in microseconds of the source; `end >= start`.

    estimated: the time is a share of its cue, not heard.
    confidence: 0 to 1, or None where the source gave none (unknown is not zero).
    """

    text: str
    start: int
    end: int
    speaker: int | None = None
    confidence: float | None = None
    estimated: bool = False

    @property
    def range(self) -> TimeRange:
        """From start to end; empty for a word without length."""
        return TimeRange(self.start, self.end)

    @property
    def midpoint(self) -> int:
        """The instant that decides whether the word is kept."""
        return (self.start + self.end) // 2


@dataclass(frozen=True, slots=True)
class Utterance:
    """A turn: words `[word_start, word_end)` by one speaker, times in microseconds."""

    speaker: int | None
    start: int
    end: int
    word_start: int
    word_end: int


@dataclass(frozen=True, slots=True)
class Speaker:
    """A voice the service told apart: total speaking time in microseconds, number of turns."""

    speaker: int
    total_duration: int
    utterance_count: int


@dataclass(frozen=True)
class Transcript:
    """Words in the order the source gave them, with what it said around them.

    language: base tag ("en", "he") or None where unknown.
    words: sorted by start wherever this program made them; services promise no order.
    utterances: may be empty; `turns()` always gives some.
    notes: the service's own explanations (`agent_context`), for display only.
    """

    words: tuple[Word, ...]
    utterances: tuple[Utterance, ...] = ()
    speakers: tuple[Speaker, ...] = ()
    language: str | None = None
    text: str = ""
    origin: Origin = "nanoclip"
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def rough(self) -> bool:
        """Recognised on this computer: alike enough to navigate by, not to publish."""
        return self.origin == "recognised"

    @property
    def right_to_left(self) -> bool:
        """Direction of the whole transcript, from its language and never line by line."""
        return self.language in RIGHT_TO_LEFT

    @property
    def by_start(self) -> Sequence[int]:
        """Word indices in the order of their start times (stable)."""
        return self._by_start[0]

    @cached_property
    def _by_start(self) -> tuple[Sequence[int], array[int]]:
        return _in_order([word.start for word in self.words])

    @cached_property
    def _last_end(self) -> array[int]:
        """In the order of the starts: the latest end of this word and all before it."""
        return array("q", accumulate((self.words[i].end for i in self.by_start), max))

    @cached_property
    def _by_midpoint(self) -> tuple[Sequence[int], array[int]]:
        return _in_order([word.midpoint for word in self.words])

    def word_at(self, t: int) -> int | None:
        """Index of the word being said at `t`, the last to begin of several; None in a pause.

        A word that has begun more than a minute ago is over, whatever its source says.
        """
        order, starts = self._by_start
        k = bisect_right(starts, t) - 1
        while k >= 0 and self._last_end[k] > t and starts[k] > t - _LONGEST_WORD:
            i = order[k]
            if self.words[i].end > t:
                return i
            k -= 1
        return None

    def last_begun(self, t: int) -> int | None:
        """Index of the last word to begin by `t`, of the first where none has; None without any."""
        order, starts = self._by_start
        return order[max(0, bisect_right(starts, t) - 1)] if order else None

    def words_in(self, span: TimeRange) -> tuple[int, ...]:
        """Indices, in time order, of the words whose midpoint lies in `span`."""
        order, midpoints = self._by_midpoint
        found = order[bisect_left(midpoints, span.start) : bisect_left(midpoints, span.end)]
        if isinstance(found, range) and isinstance(self.by_start, range):
            return tuple(found)
        return tuple(sorted(found, key=lambda i: (self.words[i].start, i)))

    def turns(self, pause: int = 1_500_000) -> tuple[Utterance, ...]:
        """The source's utterances, else words grouped by speaker and by pauses over `pause`."""
        return self.utterances or _group(self.words, pause)


def _in_order(times: list[int]) -> tuple[Sequence[int], array[int]]:
    """Indices in the order of the times (stable), a range where they ascend; and the times so."""
    order: Sequence[int] = range(len(times))
    if not all(map(le, times, islice(times, 1, None))):
        order = array("q", sorted(order, key=times.__getitem__))
    return order, array("q", (times[i] for i in order))


def _group(words: Sequence[Word], pause: int) -> tuple[Utterance, ...]:
    turns: list[Utterance] = []
    first = 0
    for i in range(1, len(words) + 1):
        ended = i == len(words) or (
            words[i].speaker != words[i - 1].speaker or words[i].start - words[i - 1].end > pause
        )
        if ended and words:
            part = words[first:i]
            turns.append(
                Utterance(part[0].speaker, part[0].start, max(w.end for w in part), first, i)
            )
            first = i
    return tuple(turns)
