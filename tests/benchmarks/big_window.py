"""The whole window with the made project of ten hours open, for benches that work in it."""

from __future__ import annotations

import argparse
import asyncio
import gc
import math
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from typing_extensions import override

from tests.benchmarks import big_project
from tests.benchmarks.stalls import Stalls, idle_stall

if TYPE_CHECKING:
    from app.composition import Keeptake

SIZE = (1600, 950)
PATIENCE_S = 0.25
"""How long a pane may take to paint before it counts as one that did not have to."""

Story = Callable[["Keeptake", Stalls], Awaitable[None]]


def options(doc: str | None) -> argparse.Namespace:
    """The command line of every bench here."""
    parser = argparse.ArgumentParser(description=doc)
    parser.add_argument("--quick", action="store_true")
    return parser.parse_args()


def platform() -> str:
    """Which of Qt's platforms is used: "offscreen" where there is no screen."""
    if not os.environ.get("DISPLAY"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return os.environ.get("QT_QPA_PLATFORM", "xcb")


def p99(milliseconds: Sequence[float]) -> float:
    """The value that one in a hundred is above (nearest rank)."""
    ordered = sorted(milliseconds)
    return round(ordered[math.ceil(0.99 * len(ordered)) - 1], 3)


def in_window(story: Story, *, hours: int = 10, open_first: bool = True) -> None:
    """Run a story in a window of its own, with a copy of the made project.

    open_first: the film is open, still and painted before the story begins.
    """
    project = big_project.made(hours)
    with tempfile.TemporaryDirectory(prefix="keeptake-big-") as folder:
        film = big_project.enter(project, Path(folder))
        platform()
        from app import composition
        from app.services.folders import folders
        from tests.benchmarks import window_loop

        application = composition.application_of(sys.argv[:1], sheet=False)

        async def session() -> None:
            async with AsyncExitStack() as stack:
                keeptake = await composition.build(stack, folders())
                composition.theme.apply(application, "dark")
                keeptake.window.resize(*SIZE)
                keeptake.window.show()
                # As the program itself does.
                gc.freeze()
                if open_first:
                    await opened(keeptake, film)
                await story(keeptake, Stalls())

        window_loop.run(application, session())


async def opened(keeptake: Keeptake, film: Path) -> None:
    """Open the film and wait until nothing happens any more."""
    await keeptake.files.open(film, play=False)
    await asyncio.sleep(2)


async def beyond_idle(
    stalls: Stalls, story: Awaitable[None], seconds: float = 3
) -> dict[str, float]:
    """Longest stalls in milliseconds: of the idle window, in the story, and the difference."""
    idle = await idle_stall(stalls, seconds)
    stalls.start()
    await story
    worst = stalls.stop()
    return {
        "idle_stall_ms": round(idle, 3),
        "story_stall_ms": round(worst, 3),
        "max_stall_ms": round(max(0.0, worst - idle), 3),
    }


class Painted(QObject):
    """Notices which of some widgets have been painted since `times` began to look."""

    def __init__(self, *widgets: QWidget) -> None:
        super().__init__()
        self._widgets = widgets
        self._seen: set[QObject] = set()
        self.missed = 0
        for widget in widgets:
            widget.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._seen.add(watched)
        return False

    def times(self, act: Callable[[], object]) -> float:
        """Milliseconds from the act to the end of the events in which all were painted.

        Must not be called from inside a task (`outside_tasks`): it handles events itself. Where a
        widget is not painted within `PATIENCE_S` the time of the last one counts, and `missed`.
        """
        self._seen.clear()
        begun = time.perf_counter()
        act()
        done = time.perf_counter()
        seen = 0
        while len(self._seen) < len(self._widgets):
            QApplication.processEvents()
            now = time.perf_counter()
            if len(self._seen) > seen:
                seen, done = len(self._seen), now
            elif now - begun > PATIENCE_S:
                self.missed += 1
                break
        return (done - begun) * 1000


async def outside_tasks(run: Callable[[], float]) -> float:
    """What `run` returns, called by the event loop itself."""
    loop = asyncio.get_running_loop()
    told: asyncio.Future[float] = loop.create_future()

    def call() -> None:
        try:
            told.set_result(run())
        except BaseException as problem:
            told.set_exception(problem)
            raise

    loop.call_soon(call)
    return await told
