"""What can wait begins when a film that was just opened has been shown."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

SECONDS = 0.8
"""In which a film has the machine for itself, for its first frame and the panes."""


class Leisure:
    """Since when there is time for what reads the film again or thinks long."""

    def __init__(self) -> None:
        self._since = 0.0

    def film_opened(self) -> None:
        """There is none for a while."""
        self._since = time.monotonic() + SECONDS

    async def then(self, story: Callable[[], Awaitable[None]]) -> None:
        """The story, once there is; at once where no film was opened lately."""
        await asyncio.sleep(max(0.0, self._since - time.monotonic()))
        await story()
