"""Which words say what a stretch of speech is about; two short lists of those that do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

SHORTEST = 4
"""Letters of a word that is taken for content in a script with vowels."""

_VOWELLESS = ("\u0590", "\u06ff")
"""Hebrew and Arabic write few vowels: there three letters say as much."""

_STOP = frozenset(
    """
    a about after again all also always and another any anything are around back because been
    before being between both but came can cannot come could did does doing done don't down each
    either else even ever every everything first for from gave get getting give goes going gonna
    good got had has have having he her here here's him his how i'm i've into it's its itself
    just kind kinda know last least let's like little look looking lots made make makes making
    many maybe mean more most much must need never next nice not nothing now okay only other
    others ourselves over part people perhaps pretty probably put quite rather really right said
    same say saying says see seem seems shall she should since some somebody someone something
    sometimes sort still stuff such sure take taken than thank thanks that that's the their them
    then there there's these they they're thing things think this those though through time today
    together too under until upon use used using very want wanted wants was way well went were
    what what's when where whether which while who whole whose why will with without won't would
    yeah year years you your you're yours yourself
    אבל אותו אותה אותם אחרי איך אין אלה אלו אני אנחנו אפשר אתה אתם באמת בגלל גם דבר הוא היא הזה
    הזאת הייתה היה היו הם הרבה זאת זה יותר יכול יכולה ישנו כאן כאשר כבר כדי כולם כל כמה כמו כן
    לא לאן לה להיות לו לומר לי לך להם לנו למה לפני מאוד מה מי משהו נכון עד עוד עכשיו על עם עושה
    פה צריך קצת רגע רוצה רק שלא שלה שלהם שלו שלי שלך שלנו שם של תמיד אולי אחד אחת אבל ככה בסדר
    """.split()  # noqa: SIM905 - a list of words is read more easily as text
)


def content_word(text: str) -> str:
    """The word as it is compared, or "" where it says nothing of what is talked about."""
    word = text.strip("\"'“”‘’«»‹›.,;:!?…()[]{}-–—*_\u200e\u200f").casefold().replace("’", "'")
    word = word.removesuffix("'s")
    least = 3 if any(_VOWELLESS[0] <= c <= _VOWELLESS[1] for c in word) else SHORTEST
    plain = word.replace("'", "").replace("-", "")
    return word if len(word) >= least and plain.isalpha() and word not in _STOP else ""


def tags(here: Iterable[str], film: Counter[str], most: int = 5) -> list[str]:
    """The content words that are said here more than elsewhere, the most telling first.

    here: content words of the stretch, in order; film: how often each is said in all.
    """
    counts = Counter(w for w in here if w)
    place = {word: n for n, word in reversed(list(enumerate(counts)))}
    ranked = sorted(counts, key=lambda w: (-(counts[w] ** 2) / max(1, film[w]), place[w]))
    return ranked[:most]
