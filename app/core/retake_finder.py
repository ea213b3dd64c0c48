"""Finds abandoned starts that the following words say again, in any language.

It favours precision: an attempt is proposed only where the speaker broke off and began anew, not
where a sentence repeats words on purpose ("ask not what your country can do for you, ask what
you can do for your country").
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import islice
from typing import assert_never

from app.core.takes import FILLERS, matched, matching_cost, normalised, similar
from app.core.timerange import SECOND
from app.core.transcript import Transcript, Word

LONGEST = 120
"""Words of an attempt at most."""

COMPARISONS = 200
"""Of words, for each word of a transcript: so much is spent at most, with `SAVED` to begin with.

Ordinary speech needs one or two. Half an hour of the same few words would need some hundred
thousand for each, and holds no retake that anyone could tell.
"""

SAVED = 50_000
"""Comparisons that may be spent at one place: eight of the longest attempts there are."""

_LONGEST_PAUSE = 30 * SECOND
_MANY_WORDS_A_MARK = 40
_COMMAS = ",;:،،׀"
_STOPS = ".?!؟…"
_BREAKS = ("-", "–", "—", "…", "...", "..")
_CLOSERS = "\"'”’»)]}"


@dataclass(frozen=True, slots=True)
class Found:
    """Words `[first, end)` are abandoned; `[again_first, again_end)` say them again.

    Indices count the words in time order (`Transcript.by_start`), which is the transcript's own
    order wherever that is sorted.
    """

    first: int
    end: int
    again_first: int
    again_end: int


class _Break(Enum):
    """How an attempt ends: broken off, in mid-sentence, after a comma, or after a full stop."""

    OFF = 1
    OPEN = 2
    COMMA = 3
    STOP = 4


@dataclass(frozen=True, slots=True)
class _Token:
    key: str
    word: int
    """Index of the word in time order."""
    start: int
    end: int
    speaker: int | None
    mark: str
    """The punctuation the word ends with."""


def find_retakes(transcript: Transcript) -> tuple[Found, ...]:
    """Every abandoned start in time order, disjoint; of several attempts in a row all but the last.

    Works from the end backwards, so that each attempt is compared with what will be kept.
    """
    words = [transcript.words[i] for i in transcript.by_start]
    tokens = _tokens(words)
    finder = _Finder(tokens)
    out: list[Found] = []
    j = len(tokens) - 1
    while j > 0:
        hit = finder.attempt_before(j)
        if hit is None:
            j -= 1
            continue
        first, again = hit
        out.append(Found(tokens[first].word, tokens[j].word, again[0].word, again[-1].word + 1))
        finder.drop(first, j)
        j = first
    return tuple(reversed(out))


def said_again(texts: Sequence[str], first: int, end: int) -> tuple[int, int] | None:
    """Which words after `end` say words `[first, end)` again: `[start, stop)`, or None.

    For removals that something else proposed: far more lenient than the finder, since that they
    are retakes is settled already.
    """
    gone = [k for _, k in _said(texts, max(first, end - LONGEST), end)]
    # No more of them can match, as half of the words may differ.
    later = list(islice(_said(texts, end, end + 2 * LONGEST), len(gone) + len(gone) // 2))
    for skip in range(min(len(gone), 4)):
        part = gone[skip:]
        match = matched(part, [k for _, k in later], len(part) // 2, to_the_end=False)
        if match and len(part) - match.edits >= min(2, len(part)):
            return later[0][0], later[match.length - 1][0] + 1
    return None


def _said(texts: Sequence[str], first: int, end: int) -> Iterator[tuple[int, str]]:
    keys = ((i, normalised(texts[i])) for i in range(first, min(end, len(texts))))
    return ((i, key) for i, key in keys if key and key not in FILLERS)


class _Finder:
    """The words that are still kept, and the search for an attempt that ends before one of them."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        marks = sum(t.mark in ("c", "s") for t in tokens)
        self._punctuated = marks * _MANY_WORDS_A_MARK >= len(tokens) > 0
        self._places: dict[str, list[int]] = {}
        for i, token in enumerate(tokens):
            self._places.setdefault(token.key[:3], []).append(i)
        self._budget = SAVED
        # following[i]: the next kept token after i, with everything dropped so far left out.
        self._following = list(range(1, len(tokens) + 1))

    def drop(self, first: int, end: int) -> None:
        """Tokens `[first, end)` are no longer kept."""
        if first:
            self._following[first - 1] = end

    def attempt_before(self, j: int) -> tuple[int, list[_Token]] | None:
        """`(first, again)`: the longest attempt `[first, j)`, and the kept words that repeat it."""
        tokens = self._tokens
        self._budget = min(SAVED, self._budget + COMPARISONS)
        if tokens[j].start - tokens[j - 1].end > _LONGEST_PAUSE:
            return None
        restart = self._following[j - 1]
        places = self._places[tokens[restart].key[:3]]
        near = places[bisect_left(places, j - LONGEST) : bisect_left(places, j - 1)]
        if not near:
            return None
        later = self._kept_from(restart, 3)
        begun = [first for first in near if self._begins_alike(first, j, later)]
        if begun:
            later = self._kept_from(restart, 2 * LONGEST)
        for first in begun:
            length = self._accepted(first, j, later)
            if length:
                return first, later[:length]
        return None

    def _kept_from(self, j: int, most: int) -> list[_Token]:
        out: list[_Token] = []
        while j < len(self._tokens) and len(out) < most:
            out.append(self._tokens[j])
            j = self._following[j]
        return out

    def _begins_alike(self, first: int, j: int, later: list[_Token]) -> bool:
        mine = self._tokens[first : min(first + 3, j)]
        alike = [similar(a.key, b.key) for a, b in zip(mine, later, strict=False)]
        return alike[0] and sum(alike) >= 2

    def _accepted(self, first: int, j: int, later: list[_Token]) -> int:
        """How many of `later` say the attempt again; 0 where it is no retake."""
        size = j - first
        last = self._tokens[j - 1]
        pause = self._tokens[j].start - last.end
        ending = self._ending(last.mark, pause)
        edits = self._edits(ending, size, pause)
        hopeless = not _enough(ending, size, pause, goes_on=True)
        if hopeless or (ending is _Break.OPEN and self._comes_round(first, j)):
            return 0
        cost = matching_cost(size, edits)
        if cost > self._budget:
            return 0
        self._budget -= cost
        attempt = self._tokens[first:j]
        variety = len({t.key for t in attempt})
        if variety < min(size, 3) or not _one_voice(attempt, later[:size]):
            return 0
        match = matched([t.key for t in attempt], [t.key for t in later], edits)
        if match is None:
            return 0
        if ending is _Break.OPEN and self._goes_round(first, later[match.length :]):
            return 0
        goes_on = match.length < len(later) and later[match.length - 1].mark != "s"
        return match.length if _enough(ending, size, pause, goes_on=goes_on) else 0

    def _comes_round(self, first: int, j: int) -> bool:
        """Whether it was said before, as in "and so on and so on and so on"."""
        tokens = self._tokens
        return first > 0 and similar(tokens[first - 1].key, tokens[j - 1].key)

    def _goes_round(self, first: int, after: list[_Token]) -> bool:
        """Whether it is said yet more often."""
        return bool(after) and similar(after[0].key, self._tokens[first].key)

    def _edits(self, ending: _Break, size: int, pause: int) -> int:
        """How many words may differ: few, and only where the speaker audibly broke off.

        Where no punctuation tells a finished clause ("it was the best of times"), only a long
        pause does.
        """
        audible = SECOND // 2 if self._punctuated else SECOND
        return size // 5 if ending is _Break.OFF and pause >= audible else 0

    def _ending(self, mark: str, pause: int) -> _Break:
        match mark:
            case "b":
                return _Break.OFF
            case "c":
                return _Break.COMMA
            case "s":
                return _Break.STOP
            case _:
                long_enough = SECOND // 2 if self._punctuated else 7 * SECOND // 10
                return _Break.OFF if pause >= long_enough else _Break.OPEN


def _enough(ending: _Break, size: int, pause: int, *, goes_on: bool) -> bool:
    """Whether so many words said again after such an end are a retake and no figure of speech."""
    match ending:
        case _Break.OFF:
            return size >= 4 or (size >= 2 and goes_on)
        case _Break.OPEN:
            return size >= 3 and goes_on
        case _Break.COMMA:
            return goes_on and (size >= 7 or (size >= 5 and pause >= 3 * SECOND // 10))
        case _Break.STOP:
            return size >= 8 or (size >= 5 and pause >= 7 * SECOND // 10)
        case _ as never:
            assert_never(never)


def _one_voice(attempt: list[_Token], later: list[_Token]) -> bool:
    """Whether all of it is said by one speaker: a listener who repeats is no retake."""
    return len({t.speaker for t in (*attempt, *later) if t.speaker is not None}) <= 1


def _tokens(words: Sequence[Word]) -> list[_Token]:
    out: list[_Token] = []
    for i, word in enumerate(words):
        key = normalised(word.text)
        if key and key not in FILLERS:
            out.append(_Token(key, i, word.start, word.end, word.speaker, _mark(word.text)))
    return out


@lru_cache(maxsize=4096)
def _mark(text: str) -> str:
    bare = text.strip().rstrip(_CLOSERS)
    if bare.endswith(_BREAKS):
        return "b"
    if bare and bare[-1] in _COMMAS:
        return "c"
    if bare and bare[-1] in _STOPS:
        return "s"
    return ""
