"""How long the timeline takes to paint all of itself, at seven zooms and scrolling, at ten hours.

The real timeline, 1600 by 320 and shown, with the made project. `p50_ms` and `p99_ms` are of full
repaints, nothing kept of the last one: at each of seven zooms from the whole film to frames, at
places all over it, and of steps of scrolling, which lay out and paint anew as the wheel does.
`growth_1h_10h` is the ratio of the medians of ten hours and of one at the same zoom.
"""

from __future__ import annotations

import gc
import random
import statistics
from typing import Any

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.ui import theme
from app.ui.timeline_view import TimelineView
from tests.benchmarks import big_project
from tests.benchmarks.big_window import options, p99, platform
from tests.benchmarks.report import report, summary, timed

SIZE = (1600, 320)
WHOLE_10H = 36_000_000_000 / 1400
"""Microseconds a pixel at which ten hours fit."""

ZOOMS = tuple(WHOLE_10H / 5.5**n for n in range(7))
"""From the whole film to less than a millisecond a pixel."""

FIXED = 100_000.0
"""The zoom at which one hour and ten are compared: some two and a half minutes are in view."""


def main() -> None:
    """Print the figures as one JSON line; --quick paints less often."""
    times = 60 if options(__doc__).quick else 300
    platform()
    app = QApplication.instance() or QApplication(["keeptake-bench"])
    assert isinstance(app, QApplication)
    theme.apply(app, "dark")
    day, hour = shown(10), shown(1)
    # As the program itself does once a film is open.
    gc.freeze()
    cases: list[dict[str, Any]] = []
    every: list[float] = []
    for zoom in ZOOMS:
        for act, run in (("repaint", repaints), ("scroll", scrolls)):
            milliseconds = run(day, zoom, times)
            every += milliseconds
            cases.append(
                {
                    "us_per_px": round(zoom), "act": act, **summary(milliseconds),
                    "p99_ms": p99(milliseconds),
                }
            )  # fmt: skip
    figures = {"p50_ms": round(statistics.median(every), 3), "p99_ms": p99(every)}
    # In turns, so that both have the machine in the same mood.
    pairs = [(repaints(hour, FIXED, 20), repaints(day, FIXED, 20)) for _ in range(10)]
    one, ten = (statistics.median(ms for pair in pairs for ms in pair[n]) for n in (0, 1))
    cases.append({"platform": platform(), "hour_ms": round(one, 3), "ten_hours_ms": round(ten, 3)})
    figures["growth_1h_10h"] = round(ten / one, 3)
    report("timeline_paint", cases, figures, ["pyside6-essentials"])


def shown(hours: int) -> TimelineView:
    """The timeline on the screen with the made project."""
    view = TimelineView()
    view.setMinimumSize(*SIZE)
    view.resize(*SIZE)
    view.show_review(big_project.review(hours))
    view.show()
    QTest.qWaitForWindowExposed(view)
    QApplication.processEvents()
    return view


def repaints(view: TimelineView, zoom: float, times: int) -> list[float]:
    """Milliseconds of going to other places, each laid out and painted as a whole."""
    chance, out = random.Random(1), list[float]()
    spread = max(1, round(view._given.duration - zoom * SIZE[0]))

    def act() -> None:
        _forget(view)
        view.restore_view(chance.randrange(spread), zoom, False)
        view.repaint()

    for _ in range(times):
        out += timed(act, 1)
        QApplication.processEvents()
    return out


def _forget(view: TimelineView) -> None:
    """Nothing is kept of the last picture, also where the same is shown again."""
    view._last = None
    view._stale = True


def scrolls(view: TimelineView, zoom: float, times: int) -> list[float]:
    """Milliseconds of steps of Shift and the wheel, each until it is painted."""
    view.restore_view(view._given.duration // 3, zoom, False)
    view.repaint()

    def act() -> None:
        at = QPointF(800, 150)
        event = QWheelEvent(
            at, QPointF(view.mapToGlobal(at.toPoint())), QPoint(), QPoint(0, -120),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.ShiftModifier,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        _forget(view)
        QApplication.sendEvent(view, event)
        view.repaint()

    out: list[float] = []
    for _ in range(times):
        out += timed(act, 1)
        QApplication.processEvents()
    return out


if __name__ == "__main__":
    main()
