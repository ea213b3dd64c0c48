"""How long from the command to a usable project of ten hours, in the whole window.

The program is built and its window shown, with nothing open (`window_s`: to the end of the first
painting). Then the made film of ten hours is opened, as File, Open Video… does; it was open once
before, so that what is kept of it on disk is there, as it is for whoever comes back to a project.
`usable_s`: the document is shown, the timeline and the transcript have painted it, and the film's
first frame is on screen. `max_stall_ms`: the longest wait meanwhile, and for two seconds after, of
a timer that ticks every millisecond, beyond that of the same window idle. `first_usable_s` is of
the first opening in this run, before the modules for it were loaded; the others are medians.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from typing_extensions import override

from tests.benchmarks import big_project
from tests.benchmarks.big_window import in_window, options, platform
from tests.benchmarks.report import report
from tests.benchmarks.stalls import Stalls, idle_stall

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.composition import Keeptake

PATIENCE_S = 60.0


def main() -> None:
    """Print the figures as one JSON line; --quick opens three times."""
    times = 3 if options(__doc__).quick else 9
    film = big_project.made(10).film
    found: list[dict[str, float]] = []
    began = time.perf_counter()

    async def story(keeptake: Keeptake, stalls: Stalls) -> None:
        window = Watch(keeptake)
        await until(lambda: window.window_painted)
        shown = time.perf_counter() - began
        for n in range(times + 1):
            await asyncio.sleep(1)
            idle = await idle_stall(stalls, 2)
            stalls.start()
            seconds, document = await open_once(keeptake, film)
            await asyncio.sleep(2)
            found.append(
                {
                    "opening": n, "usable_s": round(seconds, 3), "document_s": round(document, 3),
                    "idle_stall_ms": round(idle, 3), "story_stall_ms": round(stalls.stop(), 3),
                    "window_s": round(shown, 3),
                }
            )  # fmt: skip
            await keeptake.files.close_film()

    in_window(story, open_first=False)
    again = found[1:]
    figures = {
        "window_s": found[0]["window_s"],
        "usable_s": statistics.median(f["usable_s"] for f in again),
        "max_stall_ms": round(
            max(max(0.0, f["story_stall_ms"] - f["idle_stall_ms"]) for f in again), 3
        ),
        "first_usable_s": found[0]["usable_s"],
    }
    report("open_project", [{"platform": platform()}, *found], figures, ["pyside6-essentials"])


class Watch(QObject):
    """What has been painted since it was made: the window, the timeline, the transcript."""

    def __init__(self, keeptake: Keeptake) -> None:
        super().__init__()
        panes = keeptake.window.panes
        self._watched = (keeptake.window, panes.timeline, panes.transcript.text.viewport())
        self._seen: set[QObject] = set()
        for widget in self._watched:
            widget.installEventFilter(self)

    def begin(self) -> None:
        """Forget what was painted before."""
        self._seen.clear()

    @property
    def window_painted(self) -> bool:
        """Whether the window itself has."""
        return self._watched[0] in self._seen

    @property
    def panes_painted(self) -> bool:
        """Whether both panes have."""
        return self._seen.issuperset(self._watched[1:])

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._seen.add(watched)
        return False

    def stop(self) -> None:
        """Look no more."""
        for widget in self._watched:
            widget.removeEventFilter(self)


async def open_once(keeptake: Keeptake, film: Path) -> tuple[float, float]:
    """Seconds until the project is usable, and until `open` returned."""
    watch = Watch(keeptake)
    # What is painted from here on shows the document.
    keeptake.review.loaded.connect(watch.begin)
    begun = time.perf_counter()
    await keeptake.files.open(film, play=False)
    returned = time.perf_counter() - begun
    await until(lambda: watch.panes_painted and keeptake.playback.frame is not None)
    seconds = time.perf_counter() - begun
    watch.stop()
    return seconds, returned


async def until(true: Callable[[], object]) -> None:
    """Wait for something to become so, looking every millisecond; ends the benchmark at last."""
    end = time.perf_counter() + PATIENCE_S
    while not true():
        await asyncio.sleep(0.001)
        if time.perf_counter() > end:
            raise SystemExit(f"It was not usable within {PATIENCE_S} s.")


if __name__ == "__main__":
    main()
