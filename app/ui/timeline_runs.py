"""Hundreds of rectangles as rows of pixels, each painted as high as its line of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QBrush, QImage, QPainter

from app.ui import theme
from app.ui.theme import Theme
from app.ui.timeline_boxes import Boxes, Look
from app.ui.timeline_brushes import Level, over, ratio
from app.ui.timeline_items import State
from app.ui.timeline_scale import GUTTER

ROUND, FLAT = 10, 4
"""Pixels of width from which a bar looks round, and of height."""

FRAMED = 6
"""Pixels of height from which a line goes round."""

FEW = 16
"""Of so many runs each is filled by itself, which is less work."""

BEYOND = 32
"""Pixels of a row behind what is seen of it, more than anything in the lanes reaches there."""

Ink = Callable[[Theme, State, int], int]
"""The pixel of a state and a colour's number, as `pixel` says."""

Columns = NDArray[np.int64]
Inks = NDArray[np.uint32]


_PIXELS = QImage.Format.Format_ARGB32_Premultiplied


class Runs:
    """Rows of pixels of which those from `left` on, `wide` of them, are seen.

    ink: the rows, premultiplied. Where runs overlap the later one replaces the earlier.
    """

    def __init__(self, left: int, wide: int, rows: int = 1) -> None:
        self._left, self._wide = left, wide
        # Also what lies before: a brush begins at the edge of what is painted on.
        self.ink = np.zeros((rows, left + max(1, wide) + BEYOND), np.uint32)

    def fill(
        self, x: Columns, wide: Columns | int, ink: Inks | int, row: Columns | int = 0
    ) -> None:
        """Runs from each `x`, so many pixels wide; what is outside is cut off."""
        length, count = self.ink.shape[1], len(x)
        if count <= FEW:
            ends = (x + wide).tolist()
            inks = [ink] * count if isinstance(ink, int) else ink.tolist()
            rows = [row] * count if isinstance(row, int) else row.tolist()
            for at, start, end, one in zip(rows, x.tolist(), ends, inks, strict=True):
                self.ink[at, max(0, start) : max(0, end)] = one
            return
        starts = np.minimum(np.maximum(x, 0), length)
        long = np.minimum(np.maximum(x + wide, 0), length) - starts
        upto = long.cumsum()
        at = np.arange(upto[-1])
        at += (starts - upto + long + row * length).repeat(long)
        self.ink.reshape(-1)[at] = ink if isinstance(ink, int) else ink.repeat(long)

    def draw(self, painter: QPainter, row: int, *levels: Level) -> None:
        """A row at each of these heights."""
        per = ratio(painter)
        ink = self.ink[row] if per == 1 else self.ink[row].repeat(_spread(per, self.ink.shape[1]))
        # A brush of the density of what is painted on is not scaled at every pixel it fills.
        image = QImage(ink.data, len(ink), 1, _PIXELS)
        image.setDevicePixelRatio(per)
        brush = QBrush(image)
        for y, high in levels:
            painter.fillRect(self._left, y, self._wide, high, brush)


@lru_cache(maxsize=4)
def _spread(per: float, wide: int) -> Columns:
    """Of each pixel how many of the screen it has, `per` on average, where a rectangle has them."""
    return np.diff(np.floor(np.arange(wide + 1) * per + 0.5).astype(np.int64))


@lru_cache(maxsize=64)
def _inks(ink: Ink, look: Theme, looks: tuple[Look, ...]) -> Inks:
    return np.array([ink(look, state, colour) for state, colour in looks], np.uint32)


@lru_cache(maxsize=64)
def _over(above: Ink, below: Ink, look: Theme, looks: tuple[Look, ...]) -> Inks:
    """The pixels of one over those of the other."""
    return np.array([over(above(look, *some), below(look, *some)) for some in looks], np.uint32)


def strokes(painter: QPainter, width: float, found: Boxes, ink: Ink) -> None:
    """What is too narrow for more, in a view of so many pixels."""
    if not found.fine:
        return
    x, wide, line, code = found.strokes[:4]
    runs = _rows(width, found)
    runs.fill(x, wide, _inks(ink, theme.current(), found.looks)[code], line)
    for n, (y, high) in _levels(found, line):
        runs.draw(painter, n, (y, high))


def bars(painter: QPainter, width: float, found: Boxes, body: Ink, edge: Ink | None = None) -> None:
    """What has room, without its corner pixels, which looks round for less; `edge`: at its left.

    A pixel narrower than it is: what lies side by side stays apart.
    """
    x, wide, line, code = found.bars[:4]
    if not len(x):
        return
    look, looks, lines = theme.current(), found.looks, len(found.lines)
    runs = _rows(width, found, 2)
    runs.fill(x, wide - 1, _inks(body, look, looks)[code], line)
    if edge:
        runs.fill(x, 2, _over(edge, body, look, looks)[code], line)
    runs.ink[lines:] = runs.ink[:lines]
    large = wide > ROUND
    corner, low = x[large], line[large] + lines
    runs.ink[low, corner] = _inks(edge, look, looks)[code[large]] if edge else 0
    runs.ink[low, corner + wide[large] - 2] = 0
    for n, (y, high) in _levels(found, line):
        if high < FLAT:
            runs.draw(painter, n, (y, high))
        else:
            runs.draw(painter, n, (y + 1, high - 2))
            runs.draw(painter, n + lines, (y, 1), (y + high - 1, 1))


def frames(
    painter: QPainter, width: float, found: Boxes, body: Ink, edge: Ink, corner: Ink
) -> None:
    """What has room, with a line round it and corners that look round."""
    x, wide, line, code = found.bars[:4]
    if not len(x):
        return
    look, looks, lines = theme.current(), found.looks, len(found.lines)
    levels = list(_levels(found, line))
    runs = _rows(width, found, 3)
    if any(high < FRAMED for _, (_, high) in levels):
        runs.fill(x, wide, _over(edge, body, look, looks)[code], line)
        for n, level in levels:
            runs.draw(painter, n, level)
        return
    ink, second, end = runs.ink, line + lines, line + 2 * lines
    runs.fill(x, wide, _inks(body, look, looks)[code], line)
    ink[lines : 2 * lines] = ink[2 * lines :] = ink[:lines]
    edges, right = _over(edge, body, look, looks)[code], x + wide - 1
    ink[line, x] = ink[line, right] = edges
    ink[second, x + 1] = ink[second, right - 1] = _over(corner, body, look, looks)[code]
    large = wide >= ROUND
    ink[end[large], x[large]] = ink[end[large], right[large]] = 0
    runs.fill(x + 2, wide - 4, edges, end)
    for n, (y, high) in levels:
        runs.draw(painter, n, (y + 2, high - 4))
        runs.draw(painter, n + lines, (y + 1, 1), (y + high - 2, 1))
        runs.draw(painter, n + 2 * lines, (y, 1), (y + high - 1, 1))


def _rows(width: float, found: Boxes, levels: int = 1) -> Runs:
    left = round(GUTTER)
    return Runs(left, round(width) - left, len(found.lines) * levels)


def _levels(found: Boxes, line: Columns) -> Iterator[tuple[int, Level]]:
    """The lines that have any of them, on whole pixels."""
    for n in np.bincount(line).nonzero()[0].tolist():
        y, high = found.lines[n]
        top = round(y)
        yield n, (top, max(1, round(y + high) - top))
