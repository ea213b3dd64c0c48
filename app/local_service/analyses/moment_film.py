"""A film as the moment finder sees it: its sentences, and sums that answer for any stretch."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, pairwise
from statistics import median
from typing import Literal

from app.core.faces import Faces
from app.core.retake_finder import find_retakes
from app.core.sentences import sentences
from app.core.timerange import SECOND, Ranges, TimeRange, intersect, merge, total
from app.core.transcript import Transcript, Word
from app.local_service.analyses.content_words import content_word

BLOCK = SECOND // 10
"""Microseconds over which the sound's loudness is measured."""

HUSH = -55.0
"""Decibels below full scale under which a block counts as silent."""

EVEN = 15 * SECOND
"""Length of the parts of a film that has neither words nor cuts."""

_ENDS = (".", "?", "!", "…", "。", "؟", "！", "？")
_CLOSING = "\"'”’»›)]}"


@dataclass(frozen=True, slots=True)
class Unit:
    """What a moment is made of: a sentence with words `[first, end)`, or a scene without any."""

    span: TimeRange
    first: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some units in a row, and what was measured of them; times in microseconds.

    rate: words a second; unsteady: how much the sentences' rates differ, as a part of their mean.
    before, after: the pause around it, None at an end of the film. faces: part of it with a face
    in the picture, louder: decibels over the film's median, both None where not known. removed:
    microseconds of it that are said again later. shared: words of the description said in it.
    """

    span: TimeRange
    first: int
    end: int
    unsteady: float
    pause: int
    before: int | None
    after: int | None
    complete: bool
    faces: float | None
    cuts: int
    louder: float | None
    removed: int
    shared: frozenset[str]

    @property
    def words(self) -> int:
        """How many are said."""
        return self.end - self.first

    @property
    def rate(self) -> float:
        """Words a second."""
        return self.words * SECOND / max(1, self.span.duration)


@dataclass(frozen=True)
class Film:
    """words: sorted by start, inside the film. loudness: decibels of each BLOCK, or empty."""

    duration: int
    words: tuple[Word, ...] = ()
    faces: Faces | None = None
    cuts: tuple[int, ...] = ()
    loudness: tuple[float, ...] = ()
    described: frozenset[str] = frozenset()
    language: str | None = field(default=None, compare=False)

    @cached_property
    def made_of(self) -> Literal["sentences", "scenes", "parts"]:
        """What moments begin and end with."""
        if self.words:
            return "sentences"
        return "scenes" if self.cuts else "parts"

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """In the order of their beginnings, none empty."""
        if self.words:
            spoken = (Unit(s.span, s.first, s.end) for s in sentences(self.words))
            return tuple(u for u in spoken if u.span.duration)
        parts = range(EVEN, self.duration - EVEN // 2, EVEN)
        inner = [c for c in self.cuts if 0 < c < self.duration] if self.cuts else list(parts)
        return tuple(Unit(TimeRange(a, b)) for a, b in pairwise([0, *inner, self.duration]))

    @cached_property
    def contents(self) -> tuple[str, ...]:
        """The content word of each word, or ""."""
        return tuple(content_word(w.text) for w in self.words)

    @cached_property
    def frequency(self) -> Counter[str]:
        """How often each content word is said."""
        return Counter(w for w in self.contents if w)

    @cached_property
    def removed(self) -> Ranges:
        """Abandoned starts that are said again."""
        found = find_retakes(Transcript(self.words, language=self.language, origin="captions"))
        return merge(
            TimeRange(self.words[f.first].start, max(w.end for w in self.words[f.first : f.end]))
            for f in found
        )

    def stretches(self, shortest: int, longest: int) -> Iterator[Stretch]:
        """Every run of units of such a length, in microseconds."""
        for i, first in enumerate(self.units):
            start, end, pause = first.span.start, first.span.start, 0
            rates: list[float] = []
            shared: set[str] = set()
            for j in range(i, len(self.units)):
                unit = self.units[j]
                pause = max(pause, self._inner[j], unit.span.start - end if j > i else 0)
                end = max(end, unit.span.end)
                if end - start > longest:
                    break
                rates.append((unit.end - unit.first) * SECOND / unit.span.duration)
                shared.update(self._shared[j])
                if end - start >= shortest:
                    span = TimeRange(start, end)
                    yield self._measured(span, i, j, pause, _unsteady(rates), frozenset(shared))

    def _measured(
        self, span: TimeRange, i: int, j: int, pause: int, unsteady: float, shared: frozenset[str]
    ) -> Stretch:
        units = self.units
        after = units[j + 1].span.start - span.end if j + 1 < len(units) else None
        return Stretch(
            span=span,
            first=units[i].first,
            end=units[j].end,
            unsteady=unsteady,
            pause=pause,
            before=max(0, span.start - self._said_until[i]) if i else None,
            after=None if after is None else max(0, after),
            complete=not self.words or _ends_sentence(self.words[units[j].end - 1].text),
            faces=self._faces_in(span),
            cuts=bisect_left(self.cuts, span.end) - bisect_right(self.cuts, span.start),
            louder=self._louder(span),
            removed=total(intersect(self.removed, (span,))),
            shared=shared,
        )

    @cached_property
    def _said_until(self) -> tuple[int, ...]:
        """For each unit, where the units before it end."""
        return (0, *accumulate((u.span.end for u in self.units), max))

    @cached_property
    def _inner(self) -> tuple[int, ...]:
        """For each unit, the longest pause between its words."""
        return tuple(
            max((b.start - a.end for a, b in pairwise(self.words[u.first : u.end])), default=0)
            for u in self.units
        )

    @cached_property
    def _shared(self) -> tuple[frozenset[str], ...]:
        return tuple(self.described & set(self.contents[u.first : u.end]) for u in self.units)

    @cached_property
    def _seen(self) -> tuple[int, ...]:
        if self.faces is None:
            return (0,)
        rows = self.faces.offsets
        return (0, *accumulate(int(b > a) for a, b in pairwise(rows)))

    def _faces_in(self, span: TimeRange) -> float | None:
        if self.faces is None:
            return None
        first = bisect_left(self.faces.times, span.start)
        last = bisect_left(self.faces.times, span.end)
        return (self._seen[last] - self._seen[first]) / (last - first) if last > first else None

    @cached_property
    def _sound(self) -> tuple[tuple[float, ...], tuple[int, ...], float] | None:
        """Sums of the decibels and of the count of blocks that can be heard, and the median."""
        heard = [db for db in self.loudness if db > HUSH]
        if not heard:
            return None
        sums = accumulate((db if db > HUSH else 0.0 for db in self.loudness), initial=0.0)
        counts = accumulate((int(db > HUSH) for db in self.loudness), initial=0)
        return tuple(sums), tuple(counts), median(heard)

    def _louder(self, span: TimeRange) -> float | None:
        if self._sound is None:
            return None
        sums, counts, middle = self._sound
        first = min(span.start // BLOCK, len(counts) - 1)
        last = min(span.end // BLOCK, len(counts) - 1)
        count = counts[last] - counts[first]
        return (sums[last] - sums[first]) / count - middle if count else None


def _unsteady(rates: list[float]) -> float:
    mean = sum(rates) / len(rates)
    spread = sum((r - mean) ** 2 for r in rates) / len(rates)
    return spread**0.5 / mean if mean else 0.0


def _ends_sentence(text: str) -> bool:
    return text.rstrip(_CLOSING).endswith(_ENDS)
