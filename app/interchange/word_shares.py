"""Word times where none are known: shares of the time of their sentence."""

from __future__ import annotations

from collections.abc import Iterator

from app.core.transcript import Word


def shares(
    texts: list[str], start: int, end: int, speaker: int | None, *, estimated: bool
) -> Iterator[Word]:
    """Words that fill `[start, end)` in proportion to their letters; a word is never empty-handed.

    One letter is added to each, for the breath before it.
    """
    whole = sum(len(t) + 1 for t in texts)
    done = 0
    for t in texts:
        a = start + (end - start) * done // whole
        done += len(t) + 1
        yield Word(t, a, start + (end - start) * done // whole, speaker, None, estimated)
