"""Finding words in a transcript of any length, a short piece of work at a time; no Qt.

What is looked for may reach over several words. Case, Hebrew points and Arabic vowel signs do not
matter, nor which of the apostrophes, quotation marks and hyphens is typed.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from typing import NamedTuple

CHUNK = 1500
"""Words folded and searched in one piece of work."""

Found = tuple[int, int]
"""Words `[first, end)`."""

_POINTS = [
    *range(0x0591, 0x05BE), 0x05BF, 0x05C1, 0x05C2, 0x05C4, 0x05C5, 0x05C7,
    *range(0x0610, 0x061B), 0x0640, *range(0x064B, 0x0660), 0x0670, 0x061C,
    0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A),
]  # fmt: skip
_FOLDED = {
    **dict.fromkeys(_POINTS),
    **dict.fromkeys(map(ord, "’‘׳ʼ"), "'"),
    **dict.fromkeys(map(ord, "“”„״«»"), '"'),
    **dict.fromkeys(map(ord, "‐‑–־"), "-"),
}


def folded(text: str) -> str:
    """What is compared: without case, points and signs; one space for any white space."""
    return " ".join(_plain(text).split())


def _plain(text: str) -> str:
    text = text.casefold()
    return text if text.isascii() else unicodedata.normalize("NFC", text).translate(_FOLDED)


def _all_folded(texts: list[str]) -> list[str]:
    """Each of them folded; in one go where none has white space inside, which is nearly always."""
    words = _plain(" ".join(texts)).split()
    return words if len(words) == len(texts) else [folded(text) for text in texts]


_BEYOND = 2
"""Characters behind a place that say whether a word goes on there."""


def _apart(text: str, start: int, end: int) -> bool:
    """Whether no word goes on before `start` or from `end` on; an apostrophe does not end one."""
    after = text[end : end + _BEYOND]
    goes_on = _in_word(after[:1]) or (after[:1] == "'" and _in_word(after[1:]))
    return not goes_on and not _in_word(text[max(0, start - 1) : start])


def _in_word(character: str) -> bool:
    """Whether it is a letter, a digit or a mark on one; "" is none."""
    return character.isalnum() or (
        character != "" and unicodedata.category(character).startswith("M")
    )


class _Chunk(NamedTuple):
    """Some words one after the other with a space between, and where each begins (and the end)."""

    text: str
    starts: tuple[int, ...]


class Index:
    """The folded words in chunks, each made when it is first looked at.

    texts: called with the first word and the end, gives what these words read now.
    """

    def __init__(self, count: int, texts: Callable[[int, int], list[str]]) -> None:
        self.count = count
        self._texts = texts
        self._chunks: dict[int, _Chunk] = {}

    def forget(self, words: Iterable[int]) -> None:
        """These words read differently now."""
        for index in words:
            self._chunks.pop(index // CHUNK, None)

    def find(self, query: str, *, whole: bool = False) -> Iterator[list[Found]]:
        """What holds the query, a list for each chunk; one step of it is a short piece of work.

        Of several places inside one word the first counts. whole: parts of words do not; marks
        around a word do not matter.
        """
        wanted = folded(query)
        if not wanted:
            return
        for number in range((self.count + CHUNK - 1) // CHUNK):
            yield self._found(number, wanted, whole=whole)

    def _chunk(self, number: int) -> _Chunk:
        chunk = self._chunks.get(number)
        if chunk is None:
            first = number * CHUNK
            last = min(self.count, first + CHUNK)
            words = _all_folded(self._texts(first, last))
            starts = tuple(accumulate((len(w) + 1 for w in words), initial=0))
            chunk = self._chunks[number] = _Chunk(" ".join(words), starts)
        return chunk

    def _found(self, number: int, wanted: str, *, whole: bool) -> list[Found]:
        text, starts = self._chunk(number)
        known, size, first = len(starts) - 1, len(text), number * CHUNK
        if first + known < self.count:  # it may reach over into the next chunk
            onward = self._chunk(number + 1)
            text = f"{text} {onward.text[: len(wanted) + _BEYOND]}"
            more = onward.starts[1 : len(wanted) + _BEYOND + 2]
            starts = (*starts, *(starts[-1] + s for s in more))
        out: list[Found] = []
        at = text.find(wanted)
        while 0 <= at < size:
            if whole and not _apart(text, at, at + len(wanted)):
                at = text.find(wanted, at + 1)
                continue
            k = bisect_right(starts, at, 0, known) - 1
            end = k + 1
            while starts[end] < at + len(wanted):
                end += 1
            out.append((first + k, first + end))
            at = text.find(wanted, starts[k + 1])
        return out
