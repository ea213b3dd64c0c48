"""How many requests a minute one service gets from all jobs together."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from app.services import waking

MINUTE = 60.0

PER_MINUTE = 100
"""Below the documented 120 of a key (contract A9), so that another program can use it as well."""


class Budget:
    """Turns in the order they were asked for, at most `per_minute` of them in any minute.

    clock: seconds that never go back, those of the computer's sleep included. sleep: for tests.
    """

    def __init__(
        self,
        per_minute: int = PER_MINUTE,
        clock: Callable[[], float] = waking.now,
        sleep: Callable[[float], Awaitable[None]] = waking.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._taken: deque[float] = deque(maxlen=per_minute)
        self._paused_until = float("-inf")
        self._queue = asyncio.Lock()

    async def turn(self) -> None:
        """Wait until one more request may go out."""
        async with self._queue:
            while (wait := self._wait()) > 0:
                await self._sleep(wait)
            self._taken.append(self._clock())

    def pause(self, seconds: float) -> None:
        """The service asked one job to wait (Retry-After): that goes for all, a minute at most."""
        until = self._clock() + min(seconds, MINUTE)
        self._paused_until = max(self._paused_until, until)

    def _wait(self) -> float:
        """Seconds until the next turn is free; 0 or less where it is."""
        now = self._clock()
        full = len(self._taken) == self._taken.maxlen
        free = self._taken[0] + MINUTE if full else now
        return max(free, self._paused_until) - now
