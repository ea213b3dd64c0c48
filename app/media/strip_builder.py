"""Has a film's strips made by a process that starts with the first wish and ends when idle."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from app.core.loudness import LoudnessChunk
from app.media.strip_files import chunk_of
from app.media.strip_plan import StripPlan
from app.media.strip_worker import Task
from app.media.workers import first_done, worker

AT_ONCE = 24
"""Orders that the process has beforehand."""

IDLE = 20.0
"""Seconds without a wish after which the process ends; the next one starts another."""

MOST_ENDED = 3
"""Processes that end by themselves before it is given up."""


class Made(Protocol):
    """Who is told what was made; each call comes on the event loop's thread."""

    def sound(self, number: int, chunk: LoudnessChunk) -> None:
        """A chunk was measured."""

    def picture(self, t: int, pts_us: int, jpeg: bytes) -> None:
        """The thumbnail of instant `t` shows the film at `pts_us`."""

    def failed(self, number: int) -> None:
        """That cannot be made."""

    def unkept(self) -> None:
        """From now on nothing is kept on disk."""


class StripBuilder:
    """One film's; its methods belong to the event loop's thread."""

    def __init__(
        self, plan: StripPlan, folder: Path | None, made: Made, idle: float = IDLE
    ) -> None:
        """folder: where it is kept; None: nowhere. idle: seconds."""
        self._task = Task(plan, folder)
        self._made = made
        self._idle = idle
        self._order: tuple[int, ...] = ()
        self._news = asyncio.Event()

    def order(self, numbers: Sequence[int]) -> None:
        """All that is to be made from now on, the most wanted first."""
        order = tuple(numbers)
        if order != self._order:
            self._order = order
            self._news.set()

    async def build(self) -> None:
        """Until it is cancelled, or until processes end by themselves again and again."""
        for _ in range(MOST_ENDED):
            await self._wished()
            while await self._worked():
                await self._wished()

    async def _wished(self) -> None:
        while not self._order:
            self._news.clear()
            await self._news.wait()

    async def _worked(self) -> bool:
        """One process, until it has been idle; False where it ended by itself."""
        async with worker("app.media.strip_worker") as process:
            return await first_done(self._keep_telling(process), self._listen(process)) == 0

    async def _keep_telling(self, process: asyncio.subprocess.Process) -> None:
        """The orders, each time they change; ends once there were none for a while."""
        assert process.stdin is not None
        process.stdin.write(self._task.header())
        said: tuple[int, ...] = ()
        while True:
            self._news.clear()
            now = self._order[:AT_ONCE]
            if now != said:
                said = now
                line = json.dumps({"order": now, "paused": False})
                process.stdin.write(line.encode() + b"\n")
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                await process.stdin.drain()
            try:
                await asyncio.wait_for(self._news.wait(), None if self._order else self._idle)
            except TimeoutError:
                return

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            self._heard(json.loads(line))

    def _heard(self, said: dict[str, Any]) -> None:
        if "sound" in said:
            self._made.sound(said["sound"], chunk_of(base64.b64decode(said["data"])))
        elif "picture" in said:
            self._made.picture(said["picture"], said["pts"], base64.b64decode(said["data"]))
        elif "failed" in said:
            self._made.failed(said["failed"])
        else:
            self._task = Task(self._task.plan, None)
            self._made.unkept()
