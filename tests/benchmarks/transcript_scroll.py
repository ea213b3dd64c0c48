"""How long a step of scrolling takes until it is painted, and the caret by line, at 100,000 words.

The real panel, 560 by 900 and shown, with the made project of ten hours. `scroll_p99_ms` is of
steps of the wheel, and of pages (Page Up and Down of the scroll bar), all over the film and into
parts that were never shown before; `caret_p99_ms` is of the Up and Down keys. Each is timed to the
end of the painting it causes.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSlider, QApplication

from app.ui import theme
from app.ui.transcript_panel import TranscriptPanel
from tests.benchmarks import big_project
from tests.benchmarks.big_window import options, p99, platform
from tests.benchmarks.report import report, summary, timed

SIZE = (560, 900)
STRIDE = 25
"""Steps in one place before another one is gone to."""


def main() -> None:
    """Print the figures as one JSON line; --quick takes fewer steps."""
    times = 250 if options(__doc__).quick else 1_500
    platform()
    app = QApplication.instance() or QApplication(["keeptake-bench"])
    assert isinstance(app, QApplication)
    theme.apply(app, "dark")
    panel = shown()
    acts = {
        "wheel": lambda: wheel(panel),
        "page": lambda: page(panel),
        "down": lambda: key(panel, Qt.Key.Key_Down),
        "up": lambda: key(panel, Qt.Key.Key_Up),
    }
    found = {name: steps(panel, act, times) for name, act in acts.items()}
    cases: list[dict[str, Any]] = [
        {"act": name, "count": len(ms), **summary(ms), "p99_ms": p99(ms)}
        for name, ms in found.items()
    ]
    figures = {
        "scroll_p99_ms": p99(found["wheel"] + found["page"]),
        "caret_p99_ms": p99(found["up"] + found["down"]),
    }
    report("transcript_scroll", [*cases, {"platform": platform()}], figures, ["pyside6-essentials"])


def shown() -> TranscriptPanel:
    """The panel on the screen with the made project."""
    panel = TranscriptPanel()
    panel.resize(*SIZE)
    panel.show_review(big_project.review(10))
    panel.show()
    QTest.qWaitForWindowExposed(panel)
    panel.text.setFocus()
    QApplication.processEvents()
    return panel


def steps(panel: TranscriptPanel, act: Callable[[], None], times: int) -> list[float]:
    """Milliseconds of each; what is left for later is done between, as between two events."""
    chance, out = random.Random(1), list[float]()
    for n in range(times):
        if n % STRIDE == 0:
            panel.text.select(chance.randrange(2_000, 98_000))
            panel.text.viewport().repaint()
            QApplication.processEvents()
        out += timed(act, 1)
        QApplication.processEvents()
    return out


def wheel(panel: TranscriptPanel) -> None:
    """One step of the wheel, painted."""
    port = panel.text.viewport()
    at = QPointF(200, 300)
    event = QWheelEvent(
        at, QPointF(port.mapToGlobal(at.toPoint())), QPoint(), QPoint(0, -120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase,
        False,
    )  # fmt: skip
    QApplication.sendEvent(port, event)
    port.repaint()


def page(panel: TranscriptPanel) -> None:
    """One page on, painted."""
    bar = panel.text.verticalScrollBar()
    bar.triggerAction(QAbstractSlider.SliderAction.SliderPageStepAdd)
    panel.text.viewport().repaint()


def key(panel: TranscriptPanel, which: Qt.Key) -> None:
    """A key in the text, painted."""
    before = panel.text.chosen
    QTest.keyClick(panel.text, which)
    panel.text.viewport().repaint()
    assert panel.text.chosen != before, "the caret did not move"


if __name__ == "__main__":
    main()
