"""Which language words are in, as far as it matters here: the recogniser's, or right to left."""

from __future__ import annotations

from app.core.transcript import Transcript

UNKNOWN = "und"
"""ISO 639-2 for undetermined: nothing is aligned with an English recogniser by mistake."""

_ENGLISH = frozenset(
    ("the", "and", "to", "of", "a", "is", "that", "it", "you", "for", "are", "with", "this", "have")
)
_LEAST = 0.08
"""Share of such words above which a text is taken for English; no German one is among them."""


def language_of(said: Transcript) -> str:
    """What the file says, else Hebrew or Arabic by the letters, English by its small words."""
    if said.language:
        return said.language
    text = said.text or " ".join(w.text for w in said.words)
    letters = [c for c in text if c.isalpha()]
    for language, first, last in (("he", "\u0590", "\u05ff"), ("ar", "\u0600", "\u06ff")):
        if sum(first <= c <= last for c in letters) * 2 > len(letters):
            return language
    words = [w.strip(".,;:!?\"'").lower() for w in text.split()]
    english = sum(w in _ENGLISH for w in words)
    return "en" if words and english >= _LEAST * len(words) else UNKNOWN
