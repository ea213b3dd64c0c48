"""Colours, fonts, stripes and lines of text of the timeline, made once and drawn often."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from unicodedata import bidirectional

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPainter,
    QPainterPath,
    QPen,
    QStaticText,
    QTransform,
)

from app.ui import theme

STRIPE = 14
"""Pixels from stripe to stripe where something is proposed."""

LINE = 11
"""Pixels of the text in lanes."""


@lru_cache(maxsize=256)
def colour(name: str, alpha: float = 1.0) -> QColor:
    """A colour of the theme with an opacity of 0 to 1."""
    return QColor(name) if alpha >= 1 else theme.tint(name, alpha)


@lru_cache(maxsize=64)
def mixed(ground: str, name: str, alpha: float) -> str:
    """A colour of the theme with an opacity over another one."""
    below, above = QColor(ground), QColor(name)
    parts = zip(below.getRgb()[:3], above.getRgb()[:3], strict=True)  # type: ignore[index]
    return QColor(*(round(low + (high - low) * alpha) for low, high in parts)).name()


@lru_cache(maxsize=32)
def font(pixels: int = LINE, struck: bool = False, mono: bool = False) -> QFont:
    """The face of lanes and of the ruler."""
    out = theme.mono(pixels) if mono else theme.ui(pixels)
    out.setStrikeOut(struck)
    return out


@lru_cache(maxsize=32)
def metrics(pixels: int = LINE, mono: bool = False) -> QFontMetricsF:
    """What that face measures."""
    return QFontMetricsF(font(pixels, mono=mono))


@lru_cache(maxsize=4096)
def advance(text: str, pixels: int = LINE, mono: bool = False) -> float:
    """Width of a line of text in pixels."""
    return metrics(pixels, mono).horizontalAdvance(text)


@lru_cache(maxsize=2048)
def elided(text: str, room: int, pixels: int = LINE) -> str:
    """The text, cut off with an ellipsis where it is wider than `room` pixels."""
    return metrics(pixels).elidedText(text, Qt.TextElideMode.ElideRight, max(0, room))


@lru_cache(maxsize=4096)
def _to_the_left(text: str) -> bool:
    """Whether the first letter with a direction says right to left."""
    strong = (bidirectional(letter) for letter in text)
    return next((d for d in strong if d in ("L", "R", "AL")), "L") != "L"


def begins(text: str, x: float, room: float) -> float:
    """Where to draw a text that begins at `x`, so that its beginning is what fits into `room`.

    A word read from right to left begins at its right end; it has its own left edge here as
    long as it fits, as time runs to the right.
    """
    return min(x, x + room - advance(text)) if _to_the_left(text) else x


@lru_cache(maxsize=4096)
def _line(text: str, pixels: int, struck: bool, mono: bool) -> QStaticText:
    out = QStaticText(text)
    out.setTextFormat(Qt.TextFormat.PlainText)
    out.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
    out.prepare(QTransform(), font(pixels, struck, mono))
    return out


def say(painter: QPainter, x: float, middle: float, text: str, *, struck: bool = False) -> None:
    """A line of text of the painter's font and colour, from `x` on, about a height."""
    _say(painter, x, round(middle - metrics().height() / 2), text, LINE, struck, False)


def say_time(painter: QPainter, x: float, top: float, text: str) -> None:
    """A time, in the fixed face that the painter has."""
    _say(painter, x, top, text, LINE, False, True)


def _say(
    painter: QPainter, x: float, top: float, text: str, pixels: int, struck: bool, mono: bool
) -> None:
    if painter.deviceTransform().isIdentity():
        painter.drawStaticText(QPointF(x, top), _line(text, pixels, struck, mono))
    else:
        # A scaled static text puts glyphs elsewhere, as seen under X11 at 200 %.
        painter.drawText(QPointF(x, top + metrics(pixels, mono).ascent()), text)


@lru_cache(maxsize=16)
def stripes(name: str, alpha: float, per: int) -> QBrush:
    """Diagonal stripes; they lie still on the widget's own grid.

    per: device pixels a pixel. A tile of another density is scaled at every pixel it fills.
    """
    tile = QImage(STRIPE * per, STRIPE * per, QImage.Format.Format_ARGB32_Premultiplied)
    tile.setDevicePixelRatio(per)
    tile.fill(Qt.GlobalColor.transparent)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.tint(name, alpha), 4.5))
    for k in range(-1, 3):
        painter.drawLine(QPointF(k * STRIPE - 20, 20), QPointF(k * STRIPE + 20, -20))
    painter.end()
    return QBrush(tile)


def whole(x: float, y: float, wide: float, high: float) -> QRect:
    """The rectangle on whole pixels, at least one wide."""
    left, top = round(x), round(y)
    return QRect(left, top, max(1, round(x + wide) - left), max(1, round(y + high) - top))


Spots = Sequence[tuple[int, int]]
"""Where rectangles of one row begin and how wide they are, in whole pixels."""


class Batch:
    """Rectangles gathered by their colour, to be filled at once."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, float], list[QRect]] = {}

    def add(self, name: str, alpha: float, where: QRect) -> None:
        """One more rectangle."""
        key = (name, alpha)
        if key in self._rows:
            self._rows[key].append(where)
        else:
            self._rows[key] = [where]

    def add_all(self, name: str, alpha: float, rows: list[QRect]) -> None:
        """Many of one colour."""
        self._rows.setdefault((name, alpha), []).extend(rows)

    def add_rounded(self, name: str, alpha: float, where: QRect) -> None:
        """The same without its four corner pixels, which looks round for less."""
        self.add_bars(name, alpha, [(where.x(), where.width())], where.y(), where.height())

    def add_bars(self, name: str, alpha: float, spots: Spots, y: int, high: int) -> None:
        """Rounded rectangles beside one another, at each x and so wide."""
        rows = self._rows.setdefault((name, alpha), [])
        if high < 4:
            rows += [QRect(x, y, wide, high) for x, wide in spots]
            return
        rows += [QRect(x, y, wide, high) for x, wide in spots if wide < 10]
        large = [spot for spot in spots if spot[1] >= 10]
        low, tall = y + high - 1, high - 2
        rows += [QRect(x, y + 1, wide, tall) for x, wide in large]
        rows += [QRect(x + 1, y, wide - 2, 1) for x, wide in large]
        rows += [QRect(x + 1, low, wide - 2, 1) for x, wide in large]

    def add_frame(self, name: str, alpha: float, where: QRect) -> None:
        """A line round a rectangle, with corners that look round."""
        self.add_frames(name, alpha, [(where.x(), where.width())], where.y(), where.height())

    def add_frames(self, name: str, alpha: float, spots: Spots, y: int, high: int) -> None:
        """Lines round rectangles beside one another."""
        rows = self._rows.setdefault((name, alpha), [])
        if high < 6:
            rows += [QRect(x, y, wide, high) for x, wide in spots]
            return
        rows += [QRect(x, y, wide, high) for x, wide in spots if wide < 6]
        large = [spot for spot in spots if spot[1] >= 6]
        low, tall = y + high - 1, high - 4
        rows += [QRect(x + 2, y, wide - 4, 1) for x, wide in large]
        rows += [QRect(x + 2, low, wide - 4, 1) for x, wide in large]
        rows += [QRect(x, y + 2, 1, tall) for x, _ in large]
        rows += [QRect(x + wide - 1, y + 2, 1, tall) for x, wide in large]
        rows = self._rows.setdefault((name, alpha * 0.75), [])
        for at in (y + 1, low - 1):
            rows += [QRect(x + 1, at, 1, 1) for x, _ in large]
            rows += [QRect(x + wide - 2, at, 1, 1) for x, wide in large]

    def fill(self, painter: QPainter) -> None:
        """Draw and forget them. No antialiasing: they lie on whole pixels."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(Qt.PenStyle.NoPen)
        for (name, alpha), rows in self._rows.items():
            if rows:
                painter.setBrush(colour(name, alpha))
                painter.drawRects(rows)
        self._rows = {}


def corners(painter: QPainter, wide: float, high: float) -> None:
    """The panel's round corners, cut out of a filled ground."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(theme.current().window))
    for path in _corners(wide, high):
        painter.drawPath(path)


@lru_cache(maxsize=4)
def _corners(wide: float, high: float) -> tuple[QPainterPath, ...]:
    out: list[QPainterPath] = []
    size = float(theme.CORNER)
    for x, y in ((0.0, 0.0), (wide - size, 0.0), (0.0, high - size), (wide - size, high - size)):
        square, circle = QPainterPath(), QPainterPath()
        square.addRect(QRectF(x, y, size, size))
        circle.addEllipse(
            QRectF(x - (size if x else 0), y - (size if y else 0), 2 * size, 2 * size)
        )
        out.append(square.subtracted(circle))
    return tuple(out)


def ratio(painter: QPainter) -> float:
    """Device pixels a pixel of what is painted on."""
    return max(1.0, painter.device().devicePixelRatio()) if painter.device() else 1.0


def device(pixels: float, per: float) -> int:
    """Pixels as whole device pixels, at least one."""
    return max(1, math.ceil(pixels * per))
