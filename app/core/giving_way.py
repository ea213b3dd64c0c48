"""While a long film is read and thought over, nothing that it brings is looked at as garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

MANY = 20_000
"""New things from which the collector is not to look at them again and again."""

_inside: list[bool] = []
"""Of each that is under way: whether the interpreter collected by itself when it began."""


@contextmanager
def giving_way() -> Iterator[None]:
    """No collection until the end, and that of every other such stretch.

    What a long film brought stays as long as the film, so that the collector need not look at it.
    For the event loop's thread, around what it awaits.
    """
    _inside.append(gc.isenabled())
    gc.disable()
    try:
        yield
    finally:
        # Stretches overlap: what the first of them found is put back by the last.
        collects, *later = _inside
        _inside[:] = [collects] * len(later)
        if not later and gc.get_count()[0] > MANY:
            gc.freeze()
        if not later and collects:
            gc.enable()


def under_way() -> bool:
    """Whether some such stretch has not ended: nothing is to be collected now."""
    return bool(_inside)
