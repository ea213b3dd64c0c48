"""Where sentences begin and end: by their marks, else by the pauses of the speech."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.memo import by_identity
from app.core.timerange import TimeRange
from app.core.transcript import Word

PAUSE = 500_000
"""Microseconds of silence that end a sentence where the words carry no marks to tell by."""

LONG_PAUSE = 1_500_000
"""Microseconds of silence that end a sentence whatever its marks: what was broken off is over."""

_MARKS = frozenset(".?!…؟۔。？！।")
_CLOSING = "\"'”’»›)]}*_\u200e\u200f"
_SPARSE = 100
"""Words to a mark at most; with fewer marks, as in automatic captions, pauses tell as well."""

_SHORTENED = frozenset(
    ["mr", "mrs", "ms", "dr", "prof", "st", "mt", "sr", "jr", "vs", "e.g", "i.e"]
)
"""English words whose full stop ends no sentence though a capital letter may follow."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words `[first, end)`, in the order given; span: from the first start to the last end."""

    span: TimeRange
    first: int
    end: int


def sentences(words: Sequence[Word]) -> tuple[Sentence, ...]:
    """All words in sentences: none empty, none left out; remembered where `words` is a tuple.

    A sentence ends with its mark, with its speaker and before a silence of LONG_PAUSE. Words with
    hardly a mark among them (recognised ones, automatic captions) also end one before a PAUSE.
    """
    # A list may have changed since: it is never remembered.
    return (_remembered(words) if isinstance(words, tuple) else _found(words))[0]


def marked(words: tuple[Word, ...]) -> bool:
    """Whether the words carry marks enough to tell sentences by them alone."""
    return _remembered(words)[1]


@by_identity(4)
def _remembered(words: tuple[Word, ...]) -> tuple[tuple[Sentence, ...], bool]:
    return _found(words)


def _found(words: Sequence[Word]) -> tuple[tuple[Sentence, ...], bool]:
    ends = _ends(words)
    enough = len(ends) * _SPARSE >= len(words)
    pause = LONG_PAUSE if enough else PAUSE
    out: list[Sentence] = []
    first, last_end = 0, 0
    for i, word in enumerate(words):
        if i > first:
            before = words[i - 1]
            silence = word.start - last_end
            if i - 1 in ends or word.speaker != before.speaker or silence >= pause:
                out.append(_sentence(words, first, i))
                first, last_end = i, 0
        last_end = max(last_end, word.end)
    if words:
        out.append(_sentence(words, first, len(words)))
    return tuple(out), enough


def _sentence(words: Sequence[Word], first: int, end: int) -> Sentence:
    part = words[first:end]
    start = min(w.start for w in part)
    return Sentence(TimeRange(start, max(start, *(w.end for w in part))), first, end)


def _ends(words: Sequence[Word]) -> frozenset[int]:
    """Indices of the words that end a sentence by their mark.

    Where capitals follow marks at all, a mark before a small letter ends none ("Really?" he asked);
    scripts without capitals are not held to that.
    """
    found = [i for i, w in enumerate(words) if w.text and _closes(w.text)]
    after = {i: words[i + 1].text.lstrip("\"'“‘«‹([{¿¡")[:1] for i in found if i + 1 < len(words)}
    cased = any(letter.isupper() for letter in after.values())
    return frozenset(i for i in found if not (cased and after.get(i, "").islower()))


def _closes(text: str) -> bool:
    if text[-1] not in _MARKS:
        if text[-1].isalnum():
            return False
        text = text.rstrip().rstrip(_CLOSING)
        if not text or text[-1] not in _MARKS:
            return False
    if text[-1] != ".":
        return True
    bare = text.strip(".").lstrip("\"'“‘«‹([{").lower()
    # "J." is an initial; "I." alone is a word that ends many a sentence.
    initial = len(bare) == 1 and bare.isascii() and bare.isalpha() and bare != "i"
    return not initial and bare not in _SHORTENED
