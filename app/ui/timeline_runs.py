"""Hundreds of rectangles as rows of pixels, each painted as high as its line of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QBrush, QImage, QPainter

from app.ui.spans_found import Columns
from app.ui.theme import Theme
from app.ui.timeline_boxes import Boxes, Line, Look
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

Pixels = NDArray[np.uint32]


class Style(NamedTuple):
    """How boxes of a kind look: narrow ones, others, their left edge or the line round them.

    corner: of that line, where there is one.
    """

    stroke: Ink
    body: Ink
    edge: Ink | None = None
    corner: Ink | None = None


class Inks(NamedTuple):
    """The pixels of a style by code; edges and corners are mixed with the body below them.

    bare: the edge beside the body. edged: whether there is one.
    """

    stroke: Pixels
    body: Pixels
    edge: Pixels
    corner: Pixels
    bare: Pixels
    edged: bool


@lru_cache(maxsize=32)
def inks(style: Style, look: Theme, looks: tuple[Look, ...]) -> Inks:
    """The pixels of a style in a theme."""

    def pixels(ink: Ink | None, over_body: bool = False) -> Pixels:
        found = [ink(look, *one) if ink else 0 for one in looks]
        if over_body:
            found = [over(a, style.body(look, *one)) for a, one in zip(found, looks, strict=True)]
        return np.array(found, np.uint32)

    return Inks(
        pixels(style.stroke),
        pixels(style.body),
        pixels(style.edge, over_body=True),
        pixels(style.corner, over_body=True),
        pixels(style.edge),
        style.edge is not None,
    )


_PIXELS = QImage.Format.Format_ARGB32_Premultiplied


class Runs:
    """Rows of pixels of which those from `left` on, `wide` of them, are seen.

    ink: the rows, premultiplied. Where runs overlap the later one replaces the earlier.
    """

    def __init__(self, painter: QPainter, left: int, wide: int, rows: int = 1) -> None:
        self._painter, self._per = painter, ratio(painter)
        self._left, self._wide = left, wide
        # Also what lies before: a brush begins at the edge of what is painted on.
        self.ink = np.zeros((rows, left + max(1, wide) + BEYOND), np.uint32)

    def fill(
        self, x: Columns, wide: Columns | int, ink: Pixels | int, row: Columns | int = 0
    ) -> None:
        """Runs from each `x`, so many pixels wide; what is outside is cut off."""
        length, count = self.ink.shape[1], len(x)
        starts = np.minimum(np.maximum(x, 0), length)
        ends = np.minimum(np.maximum(x + wide, 0), length)
        if count <= FEW:
            own = [ink] * count if isinstance(ink, int) else ink.tolist()
            rows = [row] * count if isinstance(row, int) else row.tolist()
            for at, start, end, one in zip(rows, starts.tolist(), ends.tolist(), own, strict=True):
                self.ink[at, start:end] = one
            return
        long = ends - starts
        upto = long.cumsum()
        at = np.arange(upto[-1])
        at += (starts - upto + long + row * length).repeat(long)
        self.ink.reshape(-1)[at] = ink if isinstance(ink, int) else ink.repeat(long)

    def draw(self, row: int, *levels: Level) -> None:
        """A row at each of these heights."""
        per = self._per
        ink = self.ink[row] if per == 1 else self.ink[row].repeat(_spread(per, self.ink.shape[1]))
        # A brush of the density of what is painted on is not scaled at every pixel it fills.
        image = QImage(ink.data, len(ink), 1, _PIXELS)
        if per != 1:
            image.setDevicePixelRatio(per)
        brush = QBrush(image)
        for y, high in levels:
            self._painter.fillRect(self._left, y, self._wide, high, brush)


@lru_cache(maxsize=4)
def _spread(per: float, wide: int) -> Columns:
    """Of each pixel how many of the screen it has, `per` on average, where a rectangle has them."""
    edges: Columns = np.floor(np.arange(wide + 1) * per + 0.5).astype(np.int64)
    return np.subtract(edges[1:], edges[:-1])


def strokes(painter: QPainter, width: float, found: Boxes, ink: Inks) -> None:
    """What is too narrow for more, in a view of so many pixels."""
    if not found.fine:
        return
    x, wide, line, code = found.strokes[:4]
    runs = _rows(painter, width, found)
    runs.fill(x, wide, ink.stroke[code], line)
    for n, (y, high) in _levels(found, line):
        runs.draw(n, (y, high))


def bars(painter: QPainter, width: float, found: Boxes, ink: Inks) -> None:
    """What has room, without its corner pixels, which looks round for less.

    A pixel narrower than it is: what lies side by side stays apart.
    """
    x, wide, line, code = found.bars[:4]
    if not len(x):
        return
    runs, lines = _rows(painter, width, found, 2), len(found.lines)
    rows, few = runs.ink, found.bars[:4].T.tolist() if len(x) <= FEW else ()
    for at, long, n, one in few:
        rows[n, at : at + long - 1] = ink.body[one]
        if ink.edged:
            rows[n, at : at + 2] = ink.edge[one]
    if not few:
        runs.fill(x, wide - 1, ink.body[code], line)
        if ink.edged:
            runs.fill(x, 2, ink.edge[code], line)
    rows[lines:] = rows[:lines]
    for at, long, n, one in few:
        if long > ROUND:
            rows[n + lines, at] = ink.bare[one]
            rows[n + lines, at + long - 2] = 0
    if not few:
        large = wide > ROUND
        corner, low = x[large], line[large] + lines
        rows[low, corner] = ink.bare[code[large]]
        rows[low, corner + wide[large] - 2] = 0
    for n, (y, high) in _levels(found, line):
        if high < FLAT:
            runs.draw(n, (y, high))
        else:
            runs.draw(n, (y + 1, high - 2))
            runs.draw(n + lines, (y, 1), (y + high - 1, 1))


def frames(painter: QPainter, width: float, found: Boxes, ink: Inks) -> None:
    """What has room, with a line round it and corners that look round."""
    x, wide, line, code = found.bars[:4]
    if not len(x):
        return
    edge, lines, levels = ink.edge[code], len(found.lines), _levels(found, line)
    runs = _rows(painter, width, found, 3)
    if any(high < FRAMED for _, (_, high) in levels):
        runs.fill(x, wide, edge, line)
        for n, level in levels:
            runs.draw(n, level)
        return
    rows, few = runs.ink, found.bars[:4].T.tolist() if len(x) <= FEW else ()
    for at, long, n, one in few:
        rows[n, at : at + long] = ink.body[one]
    if not few:
        runs.fill(x, wide, ink.body[code], line)
    rows[lines : 2 * lines] = rows[2 * lines :] = rows[:lines]
    for at, long, n, one in few:
        last = at + long - 1
        rows[n, at] = rows[n, last] = ink.edge[one]
        rows[n + lines, at + 1] = rows[n + lines, last - 1] = ink.corner[one]
        if long >= ROUND:
            rows[n + 2 * lines, at] = rows[n + 2 * lines, last] = 0
        rows[n + 2 * lines, at + 2 : last - 1] = ink.edge[one]
    if not few:
        right, second, end = x + wide - 1, line + lines, line + 2 * lines
        rows[line, x] = rows[line, right] = edge
        rows[second, x + 1] = rows[second, right - 1] = ink.corner[code]
        large = wide >= ROUND
        rows[end[large], x[large]] = rows[end[large], right[large]] = 0
        runs.fill(x + 2, wide - 4, edge, end)
    for n, (y, high) in levels:
        runs.draw(n, (y + 2, high - 4))
        runs.draw(n + lines, (y + 1, 1), (y + high - 2, 1))
        runs.draw(n + 2 * lines, (y, 1), (y + high - 1, 1))


def _rows(painter: QPainter, width: float, found: Boxes, levels: int = 1) -> Runs:
    left = round(GUTTER)
    return Runs(painter, left, round(width) - left, len(found.lines) * levels)


def _levels(found: Boxes, line: Columns) -> list[tuple[int, Level]]:
    """The lines that have any of them, on whole pixels."""
    levels = _whole(found.lines)
    return [(n, levels[n]) for n in set(line.tolist())]


@lru_cache(maxsize=16)
def _whole(lines: tuple[Line, ...]) -> list[Level]:
    return [(round(y), max(1, round(y + high) - round(y))) for y, high in lines]
