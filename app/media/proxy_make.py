"""Makes chunks of a film's proxy, whichever are wanted next, going on where it can."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

import av

from app.media.proxy_plan import Chunk, ProxyPlan
from app.media.proxy_read import FilmFrames
from app.media.proxy_write import ChunkWriter, ProxySound, Shrinker

AHEAD = 8
"""Pictures that wait to be encoded while the next ones are decoded."""


@dataclass(eq=False)
class _Run:
    """Pictures and sound from a frame on, without a seek."""

    at: int
    pictures: Iterator[av.VideoFrame]
    sound: ProxySound | None


class ChunkMaker:
    """Decodes a film and writes its chunks into `folder`."""

    def __init__(self, film: Path, plan: ProxyPlan, folder: Path) -> None:
        """Raises MediaError."""
        self._film = film
        self._plan = plan
        self._folder = folder
        self._frames = FilmFrames(film)
        self._shrinker = Shrinker(plan.size)
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="keeptake-proxy")
        self._run: _Run | None = None
        self._hearing: ProxySound | None = None

    def close(self) -> None:
        """Let go of the film."""
        self._stop()
        self._stop_hearing()
        self._writing.shutdown()
        self._frames.close()

    def make(self, chunk: Chunk, between: Callable[[], None] = lambda: None) -> Path:
        """Write one chunk; raises MediaError, UnwritableError, and what `between` does.

        between: called before each frame; what it raises ends the work, and nothing stays.
        """
        run = self._from(chunk)
        writer = ChunkWriter(self._folder, chunk, self._plan.size, run.sound)
        under_way: deque[Future[None]] = deque()
        stamps = self._plan.stamps
        try:
            for frame in range(chunk.first, chunk.last):
                between()
                until = stamps[frame + 1] if frame + 1 < chunk.last else chunk.end
                picture = self._shrinker.shrunk(next(run.pictures))
                under_way.append(self._writing.submit(writer.add, picture, stamps[frame], until))
                if len(under_way) > AHEAD:
                    under_way.popleft().result()
            while under_way:
                under_way.popleft().result()
            run.at = chunk.last
            return writer.finish()
        except BaseException:
            wait(under_way)
            writer.give_up()
            self._stop()
            raise

    def sound(self, chunk: Chunk) -> Path:
        """Write one chunk's sound alone; raises MediaError and UnwritableError."""
        if self._hearing is None or self._hearing.at != chunk.start:
            self._stop_hearing()
            self._hearing = ProxySound(self._film, chunk.start, self._plan.chunks[-1].end)
        writer = ChunkWriter(self._folder, chunk, None, self._hearing)
        try:
            for until in (*self._plan.stamps[chunk.first + 1 : chunk.last], chunk.end):
                writer.hear(until)
            return writer.finish()
        except BaseException:
            writer.give_up()
            self._stop_hearing()
            raise

    def _stop_hearing(self) -> None:
        hearing, self._hearing = self._hearing, None
        if hearing is not None:
            hearing.close()

    def _from(self, chunk: Chunk) -> _Run:
        if self._run is None or self._run.at != chunk.first:
            self._stop()
            end = self._plan.chunks[-1].end
            sound = ProxySound(self._film, chunk.start, end) if self._plan.has_audio else None
            pictures = self._frames.shown_at(self._plan.times, chunk.first)
            self._run = _Run(chunk.first, pictures, sound)
        return self._run

    def _stop(self) -> None:
        run, self._run = self._run, None
        if run is not None and run.sound is not None:
            run.sound.close()
