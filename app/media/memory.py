"""How much memory the program keeps that it does not use."""

from __future__ import annotations

import ctypes
import sys

SETTINGS = {
    # mallopt's numbers are those of malloc.h. Two heaps for all threads: each of some dozens would
    # get its own, in which what decoders free stays.
    -8: 2,
    # Pictures of some megabytes, thirty a second, out of the heap (bytes; the most there can be):
    # fresh pages from the system for each cost more than what is drawn into them.
    -3: 32 << 20,
    -1: 256 << 20,
}


def set_up() -> None:
    """Choose how glibc keeps memory; call it before there are threads."""
    if sys.platform != "linux":
        return
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library
        return
    for name, value in SETTINGS.items():
        mallopt(name, value)


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
