"""Seconds that go on while the computer sleeps, and pauses that end as soon as it is awake."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

STEP = 2.0
"""Seconds after waking until a pause that has run out by then is noticed, at most: timers stand
still in sleep, and go on with what was left of them."""

# Linux alone knows the first; the second stops in sleep there, but not on a Mac. Windows has
# neither, and its `time.monotonic` goes on.
_CLOCK: int | None = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))


def now() -> float:
    """Seconds that never go back, those of the computer's sleep included."""
    return time.monotonic() if _CLOCK is None else time.clock_gettime(_CLOCK)


async def sleep(
    seconds: float,
    clock: Callable[[], float] = now,
    rest: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Wait `seconds` as `clock` counts them; what the computer slept is not waited for again."""
    end = clock() + seconds
    await rest(min(max(seconds, 0.0), STEP))
    while (left := end - clock()) > 0:
        await rest(min(left, STEP))
