"""The process that makes proxy chunks, at the lowest priority there is: `python -m` this module.

On stdin: the task as a JSON line, the frame times as bytes, then a JSON line each time the orders
change. Its end ends the process. On stdout: a JSON line a chunk.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
import time
from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.core.errors import KeeptakeError
from app.media.priority import step_back
from app.media.proxy_order import of_piece
from app.media.proxy_plan import Chunk, Kind, ProxyPlan

if TYPE_CHECKING:
    from app.media.proxy_make import ChunkMaker

MOST_FAILED = 3
"""Chunks in a row that cannot be read: then the film is gone, or is none."""

LET_GO = 2.0
"""Seconds in which what is half written is removed once nobody wants it."""


class EndedError(Exception):
    """The parent is gone, or wants no more."""


class Orders:
    """What is to be made: said by one thread, read by another.

    light: how many numbers, from 0 on, are made even while paused.
    """

    def __init__(self, light: int = 0) -> None:
        self._light = light
        self._news = threading.Condition()
        self._order: list[int] = []
        self._paused = False
        self._ended = False

    def say(self, order: list[int], paused: bool) -> None:
        """From now on these chunks, the first one first."""
        with self._news:
            self._order, self._paused = list(order), paused
            self._news.notify_all()

    def end(self) -> None:
        """No more."""
        with self._news:
            self._ended = True
            self._news.notify_all()

    def next(self) -> int:
        """The chunk to make now, as soon as there is one."""
        with self._news:
            self._news.wait_for(lambda: self._ended or self._may_go_on())
            if self._ended:
                raise EndedError
            return self._order.pop(0)

    def _may_go_on(self) -> bool:
        return bool(self._order) and (not self._paused or self._order[0] < self._light)

    def later(self, number: int) -> None:
        """It was begun and is not done: after all others."""
        with self._news:
            self._order.append(number)

    def between(self) -> float:
        """Waits while paused, and says for how many seconds."""
        if not self._paused and not self._ended:
            return 0.0
        begun = time.monotonic()
        with self._news:
            self._news.wait_for(lambda: self._ended or not self._paused)
            if self._ended:
                raise EndedError
        return time.monotonic() - begun


@dataclass(frozen=True)
class Task:
    """What the process is told first."""

    film: Path
    folder: Path
    plan: ProxyPlan

    def header(self) -> bytes:
        """As it is said on stdin."""
        plan = self.plan
        said = {
            "film": str(self.film), "folder": str(self.folder), "key": plan.key,
            "duration": plan.duration, "shown": plan.shown, "has_audio": plan.has_audio,
            "bytes": len(plan.times) * plan.times.itemsize,
        }  # fmt: skip
        return json.dumps(said).encode() + b"\n" + plan.times.tobytes()

    @classmethod
    def read(cls, source: Any) -> Task:
        """As it comes from stdin."""
        said = json.loads(source.readline())
        times = array("q", source.read(said["bytes"]))
        width, height = said["shown"]
        plan = ProxyPlan(said["key"], times, said["duration"], (width, height), said["has_audio"])
        return cls(Path(said["film"]), Path(said["folder"]), plan)


def main() -> int:
    """Make what is ordered until stdin ends; returns the exit status."""
    step_back()
    # Not above: the window imports this module for Task alone.
    from app.media.proxy_make import ChunkMaker

    # Of its own, not sys.stdin: a thread blocked in that one aborts the interpreter as it ends.
    source = os.fdopen(os.dup(sys.stdin.fileno()), "rb")
    task = Task.read(source)
    orders = Orders(light=len(task.plan.chunks))
    threading.Thread(target=listen, args=(source, orders), daemon=True).start()
    try:
        maker = ChunkMaker(task.film, task.plan, task.folder)
    except KeeptakeError as problem:
        tell(stopped=problem.sentence, hint=problem.hint, detail=problem.detail)
        return 2
    try:
        _work(task, maker, orders)
    except KeeptakeError as problem:
        tell(stopped=problem.sentence, hint=problem.hint, detail=problem.detail)
        return 2
    except EndedError:
        return 0
    finally:
        maker.close()
    return 0


def _work(task: Task, maker: ChunkMaker, orders: Orders) -> None:
    from app.media.proxy_write import UnwritableError

    failed = 0
    while True:
        piece = orders.next()
        number, kind = of_piece(task.plan, piece)
        chunk = task.plan.chunks[number]
        # Orders cross what is told here, and another window may have built it.
        if name := _there(task.folder, chunk, kind):
            tell(there=piece, name=name)
            continue
        idle, begun = [0.0], time.monotonic()

        def between(idle: list[float] = idle) -> None:
            idle[0] += orders.between()

        try:
            path = maker.sound(chunk) if kind == "s" else maker.make(chunk, between)
        except UnwritableError:
            raise
        except KeeptakeError as problem:
            failed += 1
            if failed == MOST_FAILED:
                raise
            tell(failed=piece, detail=str(problem))
            continue
        failed = 0
        took = time.monotonic() - begun - idle[0]
        tell(made=piece, name=path.name, bytes=path.stat().st_size, seconds=took)


def _there(folder: Path, chunk: Chunk, kind: Kind) -> str:
    with contextlib.suppress(OSError):
        for path in folder.glob(f"{chunk.stem(kind)}-*.mkv"):
            if path.name == chunk.name(path.stat().st_size, kind):
                return path.name
    return ""


def listen(source: Any, orders: Orders) -> None:
    """Hear orders until stdin ends, and see to it that the process ends then; a thread's work."""
    with contextlib.suppress(ValueError, OSError):
        for line in source:
            said = json.loads(line)
            orders.say(said["order"], said["paused"])
    orders.end()
    time.sleep(LET_GO)
    os._exit(3)


def tell(**said: object) -> None:
    """A line to the parent, who may be gone."""
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
