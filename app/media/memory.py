"""What a closed film leaves free goes back to the system."""

from __future__ import annotations

import ctypes
import sys


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
