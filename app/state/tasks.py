"""Stories begun by a gesture: kept until they end, their errors told, their bugs loud."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from app.core.errors import KeeptakeError


class Tasks:
    """The window's running coroutines; `on_error` is told the errors meant for a person."""

    def __init__(self, on_error: Callable[[KeeptakeError], None]) -> None:
        self._on_error = on_error
        self._running: set[asyncio.Task[None]] = set()

    def spawn(self, story: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run it on the event loop; needs no awaiting."""
        task = asyncio.get_running_loop().create_task(story)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    async def close(self) -> None:
        """Cancel what still runs and wait until it let go."""
        for task in tuple(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if task.cancelled() or (error := task.exception()) is None:
            return
        if isinstance(error, KeeptakeError):
            self._on_error(error)
        else:
            task.get_loop().call_exception_handler(
                {"message": "a story of the window has a bug", "exception": error, "task": task}
            )
