"""How long the list of moments takes to sort, to filter and to scroll, each until it is painted.

A real panel is shown, 900 by 600, with posters. `sort` is a click on a column's header, another
column each time; `filter` is another text in the field; `scroll` is one step of the wheel. What is
painted is painted at once, so that it is within the time. 5,000 moments are measured beside it.
"""

from __future__ import annotations

import argparse
import math
import random
from collections.abc import Callable, Sequence
from itertools import cycle
from typing import Any

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.core.moments import Pick
from app.core.timerange import SECOND, TimeRange
from app.ui import theme
from app.ui.moment_rows import MomentRow
from app.ui.moments_panel import MomentsPanel
from tests.benchmarks.report import report, summary, timed

LIMIT_MS = 16.0
"""The window never stalls over this (architecture, law 11)."""

CHANNELS = ("youtube_shorts", "tiktok", "instagram_reels")
_WORDS = [
    "the",
    "ask",
    "signing",
    "three",
    "people",
    "introduce",
    "price",
    "answer",
    "room",
    "back",
    "turn",
    "joke",
    "start",
]
_HEBREW = ["איך", "מתחילים", "שלושה", "צעדים", "דוגמה", "אחת"]


def moments(count: int) -> list[MomentRow]:
    """Rows of all kinds: with and without scores, tags, warnings, in two directions."""
    chance = random.Random(1)
    out = []
    for n in range(count):
        words = _HEBREW if n % 7 == 3 else _WORDS
        start = chance.randrange(0, 7200 * SECOND)
        scores = tuple((c, float(chance.randrange(100))) for c in CHANNELS)
        out.append(
            MomentRow(
                f"job/{n}",
                n,
                " ".join(chance.choices(words, k=4)) + f" {n}",
                " ".join(chance.choices(words, k=12)),
                TimeRange(start, start + chance.randrange(5, 90) * SECOND),
                None if n % 11 == 0 else float(chance.randrange(100)),
                scores[: n % 4],
                tuple(chance.sample(_WORDS, 2)),
                ("ends inside a sentence",) if n % 3 == 0 else (),
                chance.choice(tuple(Pick)),
                "rendering 40 %" if n % 50 == 7 else "",
            )
        )
    return out


def p99(milliseconds: Sequence[float]) -> float:
    """The value that one in a hundred is above (nearest rank)."""
    ordered = sorted(milliseconds)
    return round(ordered[math.ceil(0.99 * len(ordered)) - 1], 3)


def shown(count: int) -> MomentsPanel:
    """A panel on the screen with that many moments and their posters."""
    panel = MomentsPanel()
    panel.resize(900, 600)
    rows = moments(count)
    panel.show_moments(rows, CHANNELS)
    poster = QImage(320, 180, QImage.Format.Format_RGB32)
    for n, row in enumerate(rows):
        poster.fill(QColor.fromHsv(n % 360, 90, 150))
        panel.set_picture(row.key, poster.copy())
    panel.show_current(rows[count // 2].key)
    panel.show()
    QTest.qWaitForWindowExposed(panel)
    QApplication.processEvents()
    return panel


def measure(count: int, times: int) -> dict[str, Any]:
    """One case."""
    panel = shown(count)
    table, port = panel.table, panel.table.viewport()
    head = table.horizontalHeader()
    columns = cycle([n for n in range(1, head.count() - 1) if not table.isColumnHidden(n)])
    texts = cycle(("a", "as", "ask", "ask p", "#price", "#joke the", "מת", "", "12", "zzz", ""))
    steps = cycle([-120] * 40 + [120] * 40)

    def click() -> None:
        n = next(columns)
        at = QPoint(head.sectionViewportPosition(n) + head.sectionSize(n) // 2, 12)
        QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=at)
        port.repaint()

    def type_text() -> None:
        panel.filter.setText(next(texts))
        port.repaint()

    def wheel() -> None:
        at = QPointF(300, 200)
        event = QWheelEvent(
            at, QPointF(port.mapToGlobal(at.toPoint())), QPoint(), QPoint(0, next(steps)),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(port, event)
        port.repaint()

    out: dict[str, Any] = {"moments": count, "times": times}
    for name, act in (("sort", click), ("filter", type_text), ("scroll", wheel)):
        milliseconds = _each(act, times)
        out |= {f"{name}_{key}": value for key, value in summary(milliseconds).items()}
        out[f"{name}_p99_ms"] = p99(milliseconds)
    panel.close()
    panel.deleteLater()
    QApplication.processEvents()
    return out


def _each(act: Callable[[], None], times: int) -> list[float]:
    """Timed one by one; what is left for later is done between, as between two events."""
    act()
    QApplication.processEvents()
    out: list[float] = []
    for _ in range(times):
        out += timed(act, 1)
        QApplication.processEvents()
    return out


def main() -> None:
    """Print the figures as one JSON line; --quick measures less often."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    times = 100 if parser.parse_args().quick else 500
    app = QApplication.instance() or QApplication(["keeptake-bench"])
    assert isinstance(app, QApplication)
    theme.apply(app, "dark")
    usual, many = measure(500, times), measure(5_000, max(40, times // 5))
    figures = {f"{name}_p99_ms": usual[f"{name}_p99_ms"] for name in ("sort", "filter", "scroll")}
    report("moments_list", [usual, many], figures | {"limit_ms": LIMIT_MS}, ["pyside6-essentials"])


if __name__ == "__main__":
    main()
