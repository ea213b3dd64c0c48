"""What can wait begins when what the person did last has been shown."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

SECONDS = 0.8
"""In which a film has the machine for itself, for its first frame and the panes."""

BESIDE = 0.3
"""Seconds after an edit or a step of the playhead, for the next one: a worker thread that has the
interpreter makes the window wait for it again and again while it paints."""

LONGEST = 3.0
"""Seconds after which what waits has its turn, whatever the person does."""


class Leisure:
    """One for a window: since when there is time for what reads the film again or thinks long."""

    def __init__(self) -> None:
        self._since = 0.0
        self._thinking = asyncio.Lock()

    def film_opened(self) -> None:
        """There is none for a while."""
        self._none_for(SECONDS)

    def busy(self) -> None:
        """The person works; there is none for a moment."""
        self._none_for(BESIDE)

    def _none_for(self, seconds: float) -> None:
        self._since = max(self._since, time.monotonic() + seconds)

    async def come(self) -> None:
        """Wait until there is, for a worker thread; not at all where there is now."""
        await self._idle()
        async with self._thinking:
            pass

    async def think(self, story: Callable[[], Awaitable[None]]) -> None:
        """The story, once there is, on the window's thread: no worker thread begins meanwhile."""
        async with self._thinking:
            await self._idle()
            await story()

    async def then(self, story: Callable[[], Awaitable[None]]) -> None:
        """The story, once there is."""
        await self.come()
        await story()

    async def _idle(self) -> None:
        latest = time.monotonic() + LONGEST
        while (left := min(self._since, latest) - time.monotonic()) > 0:  # noqa: ASYNC110
            await asyncio.sleep(left)
