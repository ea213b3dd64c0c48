"""Rectangles of the timeline gathered by their colour, and painted many at a time."""

from __future__ import annotations

import math
from collections.abc import Iterable

from PySide6.QtGui import QPainter

from app.ui.timeline_brushes import Spots, colour, ratio
from app.ui.timeline_runs import Level, Runs, pixel

FEW = 8
"""So many rectangles are painted by themselves, which is less work than a row of pixels."""

ROUND, FRAMED = 10, 6
"""Pixels from which a bar looks round, and from which a line goes round it."""


class Batch:
    """Rectangles gathered by their colour, to be filled at once.

    Where those of one call overlap they are not the darker for it.
    """

    def __init__(self) -> None:
        self._rows: dict[tuple[str, float], list[tuple[Spots, tuple[Level, ...]]]] = {}

    def add(self, name: str, alpha: float, spots: Spots, *levels: Level) -> None:
        """Rectangles beside one another at each of these heights."""
        if spots:
            self._rows.setdefault((name, alpha), []).append((spots, levels))

    def add_bars(self, name: str, alpha: float, spots: Spots, y: int, high: int) -> None:
        """The same at one height without their four corner pixels, which looks round for less."""
        if high < 4:
            self.add(name, alpha, spots, (y, high))
            return
        ends = [(x + 1, wide - 2) if wide >= ROUND else (x, wide) for x, wide in spots]
        self.add(name, alpha, spots, (y + 1, high - 2))
        self.add(name, alpha, ends, (y, 1), (y + high - 1, 1))

    def add_frames(self, name: str, alpha: float, spots: Spots, y: int, high: int) -> None:
        """Lines round rectangles beside one another, with corners that look round."""
        if high < FRAMED:
            self.add(name, alpha, spots, (y, high))
            return
        self.add(name, alpha, [spot for spot in spots if spot[1] < FRAMED], (y, high))
        large = [spot for spot in spots if spot[1] >= FRAMED]
        low = y + high - 1
        sides = [(side, 1) for x, wide in large for side in (x, x + wide - 1)]
        corners = [(side, 1) for x, wide in large for side in (x + 1, x + wide - 2)]
        self.add(name, alpha, [(x + 2, wide - 4) for x, wide in large], (y, 1), (low, 1))
        self.add(name, alpha, sides, (y + 2, high - 4))
        self.add(name, alpha * 0.75, corners, (y + 1, 1), (low - 1, 1))

    def fill(self, painter: QPainter) -> None:
        """Draw and forget them. No antialiasing: they lie on whole pixels."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        # Between the pixels of a screen a row of them has other edges than a rectangle.
        few = FEW if ratio(painter).is_integer() else math.inf
        for (name, alpha), rows in self._rows.items():
            for spots, levels in rows:
                if len(spots) * len(levels) > few:
                    left = max(0, min(x for x, _ in spots))
                    runs = Runs(left, max(x + wide for x, wide in spots) - left)
                    runs.fill_spots(spots, pixel(name, alpha))
                    runs.draw(painter, *levels)
                    continue
                ink = colour(name, alpha)
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
