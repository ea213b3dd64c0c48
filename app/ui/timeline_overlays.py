"""What moves or is chosen on the timeline, painted over its still picture."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from app.ui import theme
from app.ui.theme import tint
from app.ui.timeline_bars import Batch
from app.ui.timeline_items import Item
from app.ui.timeline_labels import inside, rect
from app.ui.timeline_lanes import OVERVIEW, RULER, Lane
from app.ui.timeline_layout import Layout
from app.ui.timeline_scale import GUTTER

EMPTY = "The timeline appears here when a video is open: File, Open Video… (Ctrl+O)"


def paint_chosen_moment(painter: QPainter, item: Item) -> None:
    """The outline of the current moment."""
    painter.setPen(QPen(QColor(theme.current().accent), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    round_by = min(4.0, item.height / 2)
    painter.drawRoundedRect(rect(item), round_by, round_by)


def paint_edge_label(painter: QPainter, shown: Layout, t: int, text: str) -> None:
    """The time and the length while an edge is dragged, at the ruler."""
    look = theme.current()
    painter.setFont(theme.mono(11))
    metrics = QFontMetricsF(painter.font())
    wide = metrics.horizontalAdvance(text) + 12
    x = min(max(GUTTER, shown.view.x_of(t) - wide / 2), shown.view.width - wide - 2)
    where = QRectF(x, 3, wide, RULER - 7)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(look.accent))
    painter.drawRoundedRect(where, 4, 4)
    painter.setPen(QColor(look.on_accent))
    painter.drawText(where, int(Qt.AlignmentFlag.AlignCenter), text)


def paint_chosen_cut(painter: QPainter, item: Item) -> None:
    """The outline of the proposal or strike that the commands act on."""
    painter.setPen(QPen(QColor(theme.current().text1), 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(rect(item)).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)


def paint_empty(painter: QPainter, wide: float) -> None:
    """What is said where no video is open."""
    painter.setFont(theme.ui())
    painter.setPen(QColor(theme.current().text2))
    where = QRectF(GUTTER, RULER + 26, wide - GUTTER, 60)
    flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
    painter.drawText(where, flags, EMPTY)


def paint_focus(painter: QPainter, where: QRect) -> None:
    """The keyboard is here; the corners are the panel's, as far as they are seen."""
    look, round_by = theme.current(), theme.CORNER
    left, top, right, low = where.left(), where.top(), where.right(), where.bottom()
    batch = Batch()
    wide, high = where.width() - 2 * round_by, where.height() - 2 * round_by
    batch.add(look.accent, 0.6, [(left + round_by, wide)], (top, 1), (low, 1))
    batch.add(look.accent, 0.6, [(left, 1), (right, 1)], (top + round_by, high))
    batch.fill(painter)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(tint(look.accent, 0.6), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    size = 2.0 * round_by
    for x, y, turn in (
        (left + 0.5, top + 0.5, 90), (right + 0.5 - size, top + 0.5, 0),
        (left + 0.5, low + 0.5 - size, 180), (right + 0.5 - size, low + 0.5 - size, 270),
    ):  # fmt: skip
        painter.drawArc(QRectF(x, y, size, size), turn * 16, 90 * 16)


def paint_current(painter: QPainter, item: Item, text: str) -> None:
    """The word being said, filled with the accent."""
    look = theme.current()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(look.accent))
    whole = rect(item).adjusted(0, 0, -1, 0)
    whole.setLeft(max(round(GUTTER), whole.left()))
    painter.drawRoundedRect(whole, 3, 3)
    painter.setPen(QColor(look.on_accent))
    painter.setFont(theme.ui(11))
    inside(painter, item, 6, text)


def paint_selection(
    painter: QPainter, shown: Layout, start: int, end: int, lane: Lane | None
) -> None:
    """A selected stretch over all lanes, stronger on the lane it was drawn in."""
    look = theme.current()
    x = max(GUTTER, shown.view.x_of(start))
    wide = shown.view.x_of(end) - x
    if wide <= 0:
        return
    painter.fillRect(QRectF(x, RULER, wide, shown.bottom - RULER), tint(look.accent, 0.12))
    painter.setPen(QPen(QColor(look.accent), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if lane is not None:
        painter.drawRoundedRect(QRectF(x, lane.y + 1.5, wide, lane.height - 4), 3, 3)


def paint_mark(painter: QPainter, shown: Layout, t: int, inward: int) -> None:
    """An in (1) or out (-1) point: a bracket in the ruler and a thin line below it."""
    x = shown.view.x_of(t)
    if x < GUTTER - 8:
        return
    colour = QColor(theme.current().keep)
    painter.fillRect(QRectF(x - (inward < 0), RULER - 12, 1, shown.bottom - RULER + 12), colour)
    painter.fillRect(QRectF(x if inward > 0 else x - 6, RULER - 12, 6, 2), colour)
    painter.fillRect(QRectF(x if inward > 0 else x - 6, RULER - 3, 6, 2), colour)


def paint_playhead(painter: QPainter, shown: Layout, t: int) -> None:
    """The line with its handle, and the short line in the overview."""
    accent = QColor(theme.current().accent)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    x = shown.view.x_of(t)
    if x >= GUTTER - 1:
        painter.fillRect(QRectF(x - 1, 8, 2, shown.bottom - 8), accent)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(accent))
        painter.drawPolygon(
            QPolygonF(
                [
                    QPointF(x - 7, 2), QPointF(x + 7, 2), QPointF(x + 7, 9),
                    QPointF(x + 3, 13), QPointF(x - 3, 13), QPointF(x - 7, 9),
                ]
            )
        )  # fmt: skip
    at = shown.overview_x(t)
    painter.fillRect(QRectF(at - 0.75, shown.overview + 4, 1.5, OVERVIEW - 10), accent)
