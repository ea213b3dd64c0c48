"""Labels of the timeline's items, many at a time."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter

from app.ui.timeline_brushes import (
    LINE,
    Said,
    advance,
    begins,
    elided,
    font,
    say,
    say_lines,
    whole,
)
from app.ui.timeline_items import Item
from app.ui.timeline_scale import GUTTER


def say_all(
    painter: QPainter,
    items: Iterable[Item],
    left: float,
    lanes: QRectF,
    *,
    struck: bool = False,
    short: float | None = None,
    entire: bool = False,
) -> None:
    """The labels, cut off at their items' edges; they stay in sight while part of the item does.

    short: they end with an ellipsis before that pixel. entire: none is cut off, as part of a
    number reads as another one; it is left out.
    """
    rows: list[Said] = []
    cut: list[tuple[QRectF, Said]] = []
    for item in items:
        x = max(item.x, GUTTER) + left
        right = item.x + item.width
        room = (right if short is None else min(right, short)) - x - 2
        if room <= 4:
            continue
        text = item.text if short is None else elided(item.text, int(room) - 3)
        middle = item.y + item.height / 2
        # With an ellipsis it fits, where there is more than that.
        if (short is not None and len(text) > 1) or advance(text) <= room:
            rows.append((x, middle, text))
        elif not entire:
            said = (begins(text, x, room), middle, text)
            cut.append((QRectF(x, item.y, room, item.height), said))
    if rows or cut:
        painter.setFont(font(struck=struck))
        say_lines(painter, rows, struck=struck)
    for where, said in cut:
        painter.setClipRect(where.intersected(lanes))
        say_lines(painter, [said], struck=struck)
    if cut:
        painter.setClipRect(lanes)


def inside(painter: QPainter, item: Item, left: float, text: str) -> None:
    """One label over the still picture, cut off at the item's edge."""
    x = max(item.x, GUTTER) + left
    where = QRectF(x, item.y, item.x + item.width - x - 2, item.height)
    if where.width() > 4:
        painter.save()
        painter.setClipRect(where, Qt.ClipOperation.IntersectClip)
        painter.setFont(font(LINE))
        say(painter, begins(text, x, where.width()), item.y + item.height / 2, text)
        painter.restore()


def rect(item: Item) -> QRect:
    """The item's rectangle on whole pixels."""
    return whole(item.x, item.y, item.width, item.height)
