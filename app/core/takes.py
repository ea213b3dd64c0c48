"""Comparing two takes of the same words: tokens of any script, and how alike they are."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

_ALIKE = 0.75
_SHORT = 3


@dataclass(frozen=True, slots=True)
class Match:
    """The first `length` tokens of a later take say an attempt again, but for `edits` tokens."""

    length: int
    edits: int


@lru_cache(maxsize=65536)
def normalised(text: str) -> str:
    """Letters and digits alone, casefolded, without accents, niqqud or harakat; may be empty."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if c.isalnum())


_HESITATIONS = (
    "uh", "uhm", "um", "umm", "er", "erm", "hm", "hmm", "mm", "mhm", "ah", "eh", "ehm", "äh", "ähm",
    "öh", "euh", "heu", "øh", "öö", "אה", "אהה", "אמ", "אממ", "ээ", "эм",
)  # fmt: skip

FILLERS = frozenset(normalised(h) for h in _HESITATIONS)
"""Sounds of hesitation, as `normalised` writes them: no part of what is said."""


@lru_cache(maxsize=65536)
def similar(a: str, b: str) -> bool:
    """Whether two tokens may be the same word, misheard or inflected; short ones must be equal."""
    if a == b:
        return True
    if min(len(a), len(b)) <= _SHORT:
        return False
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    return matcher.real_quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def matched(
    attempt: Sequence[str], later: Sequence[str], edits: int, *, to_the_end: bool = True
) -> Match | None:
    """How `later` begins with `attempt`, if it does with at most `edits` tokens different.

    to_the_end: the last token of the attempt must be said again, whole or as the beginning of a
    word, because a sentence that repeats its opening and then goes elsewhere is rhetoric.
    """
    size = len(attempt)
    if not size or len(later) < size - edits:
        return None
    width = min(len(later), size + edits)
    far = size + edits + 1
    row = [b if b <= edits else far for b in range(width + 1)]
    before = row
    for a in range(1, size + 1):
        before, row = row, [far] * (width + 1)
        if a <= edits:
            row[0] = a
        for b in range(max(1, a - edits), min(width, a + edits) + 1):
            same = similar(attempt[a - 1], later[b - 1])
            row[b] = min(before[b - 1] + (not same), before[b] + 1, row[b - 1] + 1)
    best: Match | None = None
    for b in range(max(1, size - edits), width + 1):
        ends_alike = _ends_alike(attempt[-1], later[b - 1])
        if to_the_end and not ends_alike:
            continue
        cost = before[b - 1] if ends_alike else row[b]
        closer = best is None or (cost, abs(b - size)) < (best.edits, abs(best.length - size))
        if cost <= edits and closer:
            best = Match(b, cost)
    return best


def matching_cost(size: int, edits: int) -> int:
    """How many tokens `matched` compares at most for an attempt of `size`."""
    return (size + 2) * (2 * edits + 1)


def _ends_alike(last: str, said: str) -> bool:
    return similar(last, said) or (len(last) >= 2 and said.startswith(last))
