"""Colours, fonts, stripes and lines of text of the timeline, made once and drawn often."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
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
)

from app.ui import theme

STRIPE, STRIPES = 14, 40
"""Pixels from stripe to stripe where something is proposed, and how many a tile has.

A wide tile is painted in long strokes: one stripe at a time took ten times as long.
"""

LINE = 11
"""Pixels of the text in lanes."""

Said = tuple[float, float, str]
"""A line of text with the x where it begins and a y."""


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


@lru_cache(maxsize=256)
def pixel(name: str, alpha: float = 1.0) -> int:
    """A colour of the theme with an opacity, as an image of premultiplied colours has it."""
    ink = colour(name, alpha)
    share = ink.alphaF()
    red, green, blue = (round(part * share) for part in (ink.red(), ink.green(), ink.blue()))
    return ink.alpha() << 24 | red << 16 | green << 8 | blue


def over(above: int, below: int) -> int:
    """One premultiplied pixel over another one."""
    rest = 255 - (above >> 24)
    parts = ((above >> k & 255) + round((below >> k & 255) * rest / 255) for k in (0, 8, 16, 24))
    return sum(part << k for part, k in zip(parts, (0, 8, 16, 24), strict=True))


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
def _line(text: str, _struck: bool, _mono: bool) -> QStaticText:
    """One for each face, as it is laid out when it is first drawn."""
    out = QStaticText(text)
    out.setTextFormat(Qt.TextFormat.PlainText)
    return out


def say(painter: QPainter, x: float, middle: float, text: str, *, struck: bool = False) -> None:
    """A line of text of the painter's font and colour, from `x` on, about a height."""
    say_lines(painter, [(x, middle, text)], struck=struck)


def say_lines(painter: QPainter, rows: Iterable[Said], *, struck: bool = False) -> None:
    """Lines of text of the painter's font and colour, each from an x on, about a height."""
    half = metrics().height() / 2
    _say(painter, [(x, round(middle - half), text) for x, middle, text in rows], struck)


def say_times(painter: QPainter, rows: Iterable[tuple[float, str]], top: float) -> None:
    """Times in the fixed face, each from an x on, below a height."""
    painter.setFont(font(mono=True))
    _say(painter, [(x, top, text) for x, text in rows], mono=True)


def _say(painter: QPainter, rows: Iterable[Said], struck: bool = False, mono: bool = False) -> None:
    if painter.deviceTransform().isIdentity():
        for x, top, text in rows:
            painter.drawStaticText(QPointF(x, top), _line(text, struck, mono))
        return
    # A scaled static text puts glyphs elsewhere, as seen under X11 at 200 %.
    down = metrics(mono=mono).ascent()
    for x, top, text in rows:
        painter.drawText(QPointF(x, top + down), text)


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
    row = QImage(STRIPES * STRIPE * per, STRIPE * per, tile.format())
    row.setDevicePixelRatio(per)
    row.fill(Qt.GlobalColor.transparent)
    painter = QPainter(row)
    for k in range(STRIPES):
        painter.drawImage(QPointF(k * STRIPE, 0), tile)
    painter.end()
    return QBrush(row)


def whole(x: float, y: float, wide: float, high: float) -> QRect:
    """The rectangle on whole pixels, at least one wide."""
    left, top = round(x), round(y)
    return QRect(left, top, max(1, round(x + wide) - left), max(1, round(y + high) - top))


Spots = Sequence[tuple[int, int]]
"""Where rectangles of one row begin and how wide they are, in whole pixels."""

Level = tuple[int, int]
"""From which y on and how high, in whole pixels."""


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
    device_ = painter.device()
    return max(1.0, device_.devicePixelRatio()) if device_ else 1.0


def device(pixels: float, per: float) -> int:
    """Pixels as whole device pixels, at least one."""
    return max(1, math.ceil(pixels * per))
