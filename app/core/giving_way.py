"""While other threads work hard for the window, the window's own gets its turn at once."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

TURN = 0.0005
"""Seconds after which another thread gives way to the window's: a tenth of what is usual."""

MANY = 20_000
"""New things from which the collector is not to look at them again and again."""

_inside: list[tuple[float, bool]] = []
"""Of each that is under way: what was set when it began."""


@contextmanager
def giving_way() -> Iterator[None]:
    """No collection and short turns until the end, and that of every other such stretch.

    What a long film brought stays as long as the film, so that the collector need not look at it.
    For the event loop's thread, around what it awaits.
    """
    _inside.append((sys.getswitchinterval(), gc.isenabled()))
    sys.setswitchinterval(TURN)
    gc.disable()
    try:
        yield
    finally:
        # Stretches overlap: what the first of them found is put back by the last.
        (turn, collects), *later = _inside
        _inside[:] = [(turn, collects)] * len(later)
        if not later:
            sys.setswitchinterval(turn)
        if not later and gc.get_count()[0] > MANY:
            gc.freeze()
        if not later and collects:
            gc.enable()


def under_way() -> bool:
    """Whether some such stretch has not ended: nothing is to be collected now."""
    return bool(_inside)
