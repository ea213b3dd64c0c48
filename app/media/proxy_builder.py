"""Builds a film's proxy in the background: what is wanted first, within the room there is.

Measured at 1080p30 (H.264, GOP 250) on two cores: see `Progress`, which the job tells.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.core.errors import ExportError
from app.core.timerange import SECOND
from app.media.proxy import Proxy
from app.media.proxy_cache import ProxyCache
from app.media.proxy_order import Wish, missing, near, of_piece, piece, wanted
from app.media.proxy_worker import Task
from app.media.workers import first_done, worker

AT_ONCE = 3
"""Chunks that are ordered beforehand."""

SOUNDS_AT_ONCE, FEW_SOUNDS = 30, 10
"""Of the sound alone, which goes fast; more are ordered when fewer are left."""

SOUND_SHARE = 4
"""One part in so many of the room may be taken by sound alone."""

WAITING = "Waiting while the video plays"

Report = Callable[[str, float | None], None]


@dataclass
class Progress:
    """What was made in this run. film: microseconds. seconds: of work, without pauses."""

    film: int = 0
    bytes: int = 0
    seconds: float = 0.0

    @property
    def speed(self) -> float:
        """Times real time."""
        return self.film / SECOND / self.seconds if self.seconds else 0.0

    @property
    def bytes_per_hour(self) -> int:
        """Of film."""
        return self.bytes * 3600 * SECOND // self.film if self.film else 0

    @property
    def sentence(self) -> str:
        """For the job's row."""
        if not self.film:
            return "Building"
        return f"{self.speed:.1f}× real time, {self.bytes_per_hour / 1e9:.1f} GB an hour"


class ProxyBuilder:
    """One film's builder; its methods belong to the event loop's thread.

    The sound of an hour is there within a minute or two and makes every cut sound right: it goes
    first, even while pictures pause. It is deleted once everything is there with its pictures.

    limit: bytes that all proxies may take; read before each chunk. on_made: called after each
    chunk, and when some were given up.
    """

    def __init__(
        self, film: Path, proxy: Proxy, cache: ProxyCache, limit: Callable[[], int],
        on_made: Callable[[], None],
    ) -> None:  # fmt: skip
        self._task = Task(film, proxy.folder, proxy.plan)
        self._proxy = proxy
        self._cache = cache
        self._limit = limit
        self._on_made = on_made
        self._wish = Wish()
        self._paused = False
        self._may_work = asyncio.Event()
        self._may_work.set()
        self._unreadable: set[int] = set()
        self._deaf: set[int] = set()
        self._sounds_due: set[int] = set()
        self._news = asyncio.Event()
        self.progress = Progress()

    def wish(self, wish: Wish) -> None:
        """Where the person is now."""
        if wish != self._wish:
            self._wish = wish
            self._news.set()

    def pause(self, paused: bool, *, wholly: bool = False) -> None:
        """Make no pictures for a while, or go on. wholly: no sound either, and no new process."""
        if (paused, wholly) == (self._paused, not self._may_work.is_set()):
            return
        self._paused = paused
        (self._may_work.clear if wholly else self._may_work.set)()
        self._news.set()

    async def order(self) -> tuple[int, ...]:
        """The pieces to make now (see `piece`); none where all is there that fits."""
        return await asyncio.to_thread(self._order)

    async def build(self, report: Report) -> None:
        """Until everything is built that fits; a job's story. Raises ExportError."""
        if not self._may_work.is_set():
            report(WAITING, self._fraction())
            await self._may_work.wait()
        report("Building", self._fraction())
        order = await self.order()
        if not order:
            return
        await asyncio.to_thread(self._cache.touch, self._proxy.folder)
        process = None
        try:
            async with worker("app.media.proxy_worker") as process:
                await first_done(self._listen(process, report), self._keep_telling(process))
                whole = self._fraction() == 1
                there = self.progress.sentence
                report(there if whole else f"{there}, as far as there is room", self._fraction())
        finally:
            if process is not None:
                await asyncio.to_thread(_clear_up, self._proxy.folder, process.pid)

    async def _keep_telling(self, process: asyncio.subprocess.Process) -> None:
        """The orders, each time something changed; ends when nothing is left to be made."""
        assert process.stdin is not None
        process.stdin.write(self._task.header())
        said: tuple[tuple[int, ...], bool] | None = None
        while True:
            self._news.clear()
            order = await self.order()
            if not order:
                return
            now = order if self._may_work.is_set() else (), self._paused
            if now != said:
                said = now
                chunks = len(self._proxy.plan.chunks)
                self._sounds_due = {n for n in order if n < chunks}
                line = json.dumps({"order": now[0], "paused": now[1]})
                process.stdin.write(line.encode() + b"\n")
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                await process.stdin.drain()
            await self._news.wait()

    async def _listen(self, process: asyncio.subprocess.Process, report: Report) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            said = json.loads(line)
            if "stopped" in said:
                raise ExportError(said["stopped"], said["hint"], said["detail"])
            number, kind = of_piece(self._proxy.plan, next(iter(said.values())))
            if kind == "s":
                self._heard(number, said)
                continue
            if "failed" in said:
                self._unreadable.add(number)
            elif "there" in said:
                self._proxy.add(number, said["name"])
                self._on_made()
            else:
                self._made(number, said)
                report(self.progress.sentence, self._fraction())
            self._news.set()
        raise ExportError("The preview proxy's process ended unexpectedly.", "Retry the job.")

    def _heard(self, number: int, said: dict[str, str]) -> None:
        if "failed" in said:
            self._deaf.add(number)
        else:
            self._proxy.add(number, said["name"])
            self._on_made()
        self._sounds_due.discard(number)
        if len(self._sounds_due) < FEW_SOUNDS:
            self._news.set()

    def _made(self, number: int, said: dict[str, int | str | float]) -> None:
        chunk = self._proxy.plan.chunks[number]
        self.progress.film += (chunk.end - chunk.start) * 1000
        self.progress.bytes += int(said["bytes"])
        self.progress.seconds += float(said["seconds"])
        self._proxy.add(number, str(said["name"]))
        self._on_made()

    def _fraction(self) -> float:
        return len(self._proxy.built | self._unreadable) / len(self._proxy.plan.chunks)

    def _order(self) -> tuple[int, ...]:
        """In a thread: looks at the disk, and makes room."""
        proxy, wish = self._proxy, self._wish
        there = proxy.built | self._unreadable
        order = missing(proxy.plan, wish, there)
        if not order:
            self._without_sounds(frozenset())
            return ()
        limit = self._limit()
        sounds, of_sounds = self._sounds(limit)
        each = self._each()
        most = of_sounds + each * min(AT_ONCE, len(order))
        room = self._cache.room(limit, most, proxy.folder) - of_sounds
        if room < 0 or (room < each and order[0] in near(proxy.plan, wish)):
            room += self._given_up(each - room)
        if room < 0:
            return ()
        pictures = order[: room // each][:AT_ONCE]
        return (*sounds, *(piece(proxy.plan, n, "c") for n in pictures))

    def _sounds(self, limit: int) -> tuple[tuple[int, ...], int]:
        """The next sounds to make, as far as they have a share of the room, and their bytes."""
        proxy, plan = self._proxy, self._proxy.plan
        if not plan.has_audio:
            return (), 0
        each = plan.sound_bytes(plan.chunks[0])
        mine = wanted(plan, self._wish)[: limit // SOUND_SHARE // each]
        sounds = [n for n in mine if n not in proxy.heard and n not in self._deaf]
        if sounds:
            self._without_sounds(frozenset(mine))
        sounds = sounds[:SOUNDS_AT_ONCE]
        return tuple(sounds), each * len(sounds)

    def _without_sounds(self, kept: frozenset[int]) -> None:
        """Delete the sound of all other chunks, but for what may be played at the moment."""
        for number in self._proxy.heard - kept - self._proxy.listed("s"):
            self._proxy.drop(number, "s")

    def _each(self) -> int:
        """Bytes of a chunk, as those there are tell."""
        proxy = self._proxy
        there = len(proxy.built)
        return proxy.bytes // there if there else proxy.plan.usual_bytes(proxy.plan.chunks[0])

    def _given_up(self, bytes_wanted: int) -> int:
        """Delete what of this film is farthest and not wanted now; returns the bytes."""
        proxy, plan, wish = self._proxy, self._proxy.plan, self._wish
        here = plan.chunk_at(plan.frame_at(wish.playhead)).number
        spare = proxy.built - {*near(plan, wish), *proxy.listed()}
        freed = 0
        for number in sorted(spare, key=lambda n: -abs(n - here)):
            if freed >= bytes_wanted:
                break
            freed += proxy.drop(number)
        return freed


def _clear_up(folder: Path, process: int) -> None:
    with contextlib.suppress(OSError):
        for part in folder.glob(f"*.{process}.part"):
            part.unlink()
