"""Filler sounds by language: what people say while they think, and nothing that may be a word."""

from __future__ import annotations

import re
from functools import lru_cache

FILLERS = {
    "bg": "ъ{2,}м*|ъм+|х+м+|м{3,}",
    "cs": "e+h+m+|h+m+|m{3,}",
    "da": "ø+h+m*|e+h+m+|h+m+|m{3,}",
    "de": "ä+h+m*|ö+h+m*|e+h+m+|h+m+|m{3,}",
    "el": "ε{2,}μ*|εμ+|χ+μ+|μ{3,}",
    "en": "u+m+|u+h+m*|er|e+r{3,}|e+r+m+|h+m+|m{3,}",
    "es": "e+h+m+|h+m+|m{3,}",
    "et": "e{3,}|e+h+m+|õ{2,}|h+m+|m{3,}",
    "fi": "ö{2,}|ö+h+m*|e{3,}|h+m+|m{3,}",
    "fr": "e+u+h+|h+e+u+|h+m+|m{3,}",
    "he": "א+ה+|אמ+|אמ{2,}ם|אהמ+|המ{2,}|מ{3,}",
    "hr": "e{3,}|e+h+m+|h+m+|m{3,}",
    "hu": "ö{2,}m*|ö+hm+|h+m+|m{3,}",
    "it": "e+h+m+|u+h+m+|h+m+|m{3,}",
    "lt": "e{3,}|e+h+m+|h+m+|m{3,}",
    "lv": "ē{2,}|e{3,}|e+h+m+|h+m+|m{3,}",
    "mt": "e+h+m+|h+m{2,}|m{3,}",
    "nl": "u+h+m*|e+u+h+m*|e+h+m+|ö+h+m*|h+m+|m{3,}",
    "pl": "y{2,}m*|y+m{2,}|e{3,}|e+h+m+|h+m+|m{3,}",
    "pt": "e+h+m+|u+h+m+|h+m{2,}|m{3,}",
    "ro": "ă{2,}m*|ăm{2,}|î{2,}|e+h+m+|h+m+|m{3,}",
    "ru": "э{2,}м*|эм{2,}|х+м+|г+м+|м{3,}",
    "sk": "e+h+m+|h+m+|m{3,}",
    "sl": "e{3,}|e+h+m+|h+m+|m{3,}",
    "sv": "ö+h+m*|e+h+m+|ä+h+m+|h+m+|m{3,}",
    "uk": "е{3,}м*|ем{2,}|х+м+|г+м+|м{3,}",
}
"""Language -> a pattern of the whole sound, in small letters, drawn out as one likes.

A sound stands here only where no word of that language is written so: German "um" and "er" are
words, English "like" and "you know" are words, Hebrew "אם" and Polish "no" are words; so are what
people say for yes and no ("mhm", "uh-huh", "mm") and Spanish "eh" and French "ben", which mean
something. A list that took them would cut sentences apart, so a longer one is not a better one.
"""

_ROUND = re.compile(r"^[\W_]+|[\W_]+$")


def filler_texts(texts: frozenset[str], language: str | None) -> frozenset[str]:
    """Those of the `texts` that are filler sounds of the language; none where it is unknown."""
    pattern = FILLERS.get((language or "").partition("-")[0].lower())
    return _matching(texts, pattern) if pattern else frozenset()


@lru_cache(2)
def _matching(texts: frozenset[str], pattern: str) -> frozenset[str]:
    sound = re.compile(pattern)
    return frozenset(t for t in texts if _sounds_like(sound, t))


def _sounds_like(sound: re.Pattern[str], text: str) -> bool:
    bare = _ROUND.sub("", text)
    # In capitals it is a name: the ER, HM, UM.
    return not bare.isupper() and sound.fullmatch(bare.lower()) is not None
