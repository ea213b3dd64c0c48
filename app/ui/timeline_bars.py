"""Rectangles of the timeline gathered by their colour, and painted one by one."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtGui import QPainter

from app.ui.timeline_brushes import Level, Spots, colour

FRAMED = 6
"""Pixels from which a line goes round a rectangle."""


class Batch:
    """Rectangles gathered by their colour, for a handful of which this is the least work.

    Where those of one call overlap they are not the darker for it.
    """

    def __init__(self) -> None:
        self._rows: dict[tuple[str, float], list[tuple[Spots, tuple[Level, ...]]]] = {}

    def add(self, name: str, alpha: float, spots: Spots, *levels: Level) -> None:
        """Rectangles beside one another at each of these heights."""
        if spots:
            self._rows.setdefault((name, alpha), []).append((spots, levels))

    def add_frame(self, name: str, alpha: float, x: int, wide: int, y: int, high: int) -> None:
        """A line round a rectangle, with corners that look round."""
        if wide < FRAMED or high < FRAMED:
            self.add(name, alpha, [(x, wide)], (y, high))
            return
        right, low = x + wide - 1, y + high - 1
        self.add(name, alpha, [(x + 2, wide - 4)], (y, 1), (low, 1))
        self.add(name, alpha, [(x, 1), (right, 1)], (y + 2, high - 4))
        self.add(name, alpha * 0.75, [(x + 1, 1), (right - 1, 1)], (y + 1, 1), (low - 1, 1))

    def fill(self, painter: QPainter) -> None:
        """Draw and forget them. No antialiasing: they lie on whole pixels."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for (name, alpha), rows in self._rows.items():
            ink = colour(name, alpha)
            for spots, levels in rows:
                for x, wide in spots if len(spots) == 1 else _apart(spots):
                    for y, high in levels:
                        painter.fillRect(x, y, wide, high, ink)
        self._rows = {}


def _apart(spots: Spots) -> Iterable[tuple[int, int]]:
    """The same pixels without those that are covered twice."""
    end = -(1 << 30)
    for x, wide in sorted(spots):
        start, end = max(x, end), max(end, x + wide)
        if start < end:
            yield start, end - start
