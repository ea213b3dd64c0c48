"""How much memory the program keeps that it does not use."""

from __future__ import annotations

import ctypes
import sys


M_ARENA_MAX = -8
"""mallopt's name for it, in malloc.h."""
ARENAS = 2


def few_arenas() -> None:
    """Let all threads share two heaps; call it before there are any.

    glibc gives each of some dozens of threads its own, and what decoders free stays there.
    """
    if sys.platform != "linux":
        return
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library
        return
    mallopt(M_ARENA_MAX, ARENAS)


def give_back() -> None:
    """Return freed memory; takes milliseconds, so call it from a thread.

    Players and decoders run in dozens of threads, and glibc keeps what each of them has freed:
    some 500 MB after a hundred films. Other systems' allocators see to it themselves.
    """
    if sys.platform != "linux":
        return
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):  # another C library
        return
    trim(0)
