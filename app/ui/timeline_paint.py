"""How the timeline looks: its layout painted with a QPainter; nothing is computed or kept here."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from app.ui import theme
from app.ui.theme import Theme, tint
from app.ui.timeline_input import TimelineInput
from app.ui.timeline_layout import OVERVIEW, RULER, Item, Layout
from app.ui.timeline_scale import GUTTER, RIGHT

NARROW = 6.0
"""A moment's bar narrower than this is a plain stroke: hundreds of outlines cost a frame."""


def paint(painter: QPainter, shown: Layout, given: TimelineInput) -> None:
    """Everything that stands still: names, lanes, items, ruler, overview."""
    look = theme.current()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    wide, high = shown.view.width, shown.view.height
    painter.fillRect(QRectF(0, 0, wide, high), QColor(look.window))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(look.panel))
    painter.drawRoundedRect(QRectF(0, 0, wide, high), theme.CORNER, theme.CORNER)
    _names(painter, shown, look)
    painter.save()
    painter.setClipRect(QRectF(GUTTER, 0, wide - GUTTER, shown.bottom))
    _ruler(painter, shown, look)
    for item in shown.items_of("scene"):
        _scene(painter, item, look)
    _shades(painter, shown, look)
    for item in shown.items_of("word"):
        _word(painter, item, look)
    for item in shown.items_of("cut"):
        _cut(painter, item, look)
    for item in shown.items_of("person"):
        _pill(painter, item, look)
    for item in shown.items_of("moment"):
        _moment(painter, item, look)
    painter.restore()
    _overview(painter, shown, given, look)


def _names(painter: QPainter, shown: Layout, look: Theme) -> None:
    painter.setFont(theme.ui(12))
    metrics = QFontMetricsF(painter.font())
    line = QColor(look.line)
    _rule(painter, line, 0, RULER, shown.view.width)
    for lane in shown.lanes:
        painter.setPen(QColor(look.text2))
        _label(painter, metrics, QRectF(12, lane.y, GUTTER - 18, lane.height), lane.name)
        _rule(painter, line, 0, lane.y + lane.height, shown.view.width)
    painter.fillRect(QRectF(GUTTER - 1, 0, 1, shown.bottom), line)
    painter.setPen(QColor(look.text2))
    _label(painter, metrics, QRectF(12, shown.overview, GUTTER - 18, OVERVIEW), "Overview")


def _rule(painter: QPainter, colour: QColor, x: float, y: float, wide: float) -> None:
    painter.fillRect(QRectF(x, round(y) - 1, wide, 1), colour)


def _label(painter: QPainter, metrics: QFontMetricsF, where: QRectF, text: str) -> None:
    if metrics.height() <= where.height() + 3:
        short = metrics.elidedText(text, Qt.TextElideMode.ElideRight, where.width())
        painter.drawText(
            where, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), short
        )


def _ruler(painter: QPainter, shown: Layout, look: Theme) -> None:
    painter.setFont(theme.mono(11))
    for tick in shown.ticks:
        painter.fillRect(QRectF(round(tick.x), RULER - 9, 1, 8), QColor(look.text3))
        painter.setPen(QColor(look.text2))
        painter.drawText(QPointF(round(tick.x) + 4, RULER - 10), tick.text)


def _scene(painter: QPainter, item: Item, look: Theme) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(look.raised))
    painter.drawRoundedRect(rect(item).adjusted(0, 0, -1, 0), 3, 3)
    # The line where the scene begins.
    painter.fillRect(QRectF(item.x, item.y, 2, item.height), QColor(look.text3))
    if item.text:
        painter.setPen(QColor(look.text2))
        painter.setFont(theme.ui(11))
        inside(painter, item, 8, item.text)


def _shades(painter: QPainter, shown: Layout, look: Theme) -> None:
    top = RULER
    for x, wide, state in shown.shades:
        where = QRectF(x, top, wide, shown.bottom - top)
        if state == "proposed":
            hatch(painter, where, tint(look.proposal, 0.15))
        else:
            painter.fillRect(where, tint(look.cut, 0.07))


def hatch(painter: QPainter, where: QRectF, colour: QColor) -> None:
    """Diagonal stripes, which lie still on the timeline's own grid."""
    painter.save()
    painter.setClipRect(where, Qt.ClipOperation.IntersectClip)
    painter.setPen(QPen(colour, 5))
    high = where.height()
    step = 14.0
    x = (where.left() - high) // step * step
    while x < where.right() + step:
        painter.drawLine(QPointF(x, where.bottom() + 4), QPointF(x + high + 8, where.top() - 4))
        x += step
    painter.restore()


def _word(painter: QPainter, item: Item, look: Theme) -> None:
    colour = look.person(item.colour)
    strength = {"": 0.28, "proposed": 0.14, "removed": 0.08}.get(item.state, 0.28)
    where = rect(item)
    if item.count == 1 and item.width > 5:
        where.setWidth(item.width - 1)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint(look.cut, 0.2) if item.state == "removed" else tint(colour, strength))
    painter.drawRoundedRect(where, 3, 3)
    edge = look.cut if item.state == "removed" else colour
    faint = 0.55 if item.state else 1.0
    painter.fillRect(
        QRectF(where.x(), where.y(), min(2.0, where.width()), where.height()), tint(edge, faint)
    )
    if item.text:
        font = theme.ui(11)
        font.setStrikeOut(item.state == "removed")
        painter.setFont(font)
        painter.setPen(QColor(look.text2 if item.state else look.text1))
        inside(painter, item, 6, item.text)


def _cut(painter: QPainter, item: Item, look: Theme) -> None:
    if item.state == "restored":
        painter.setPen(QPen(QColor(look.keep), 1, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        text = look.keep
    else:
        text = look.proposal if item.state == "proposed" else look.cut
        painter.setPen(QPen(QColor(text), 1))
        painter.setBrush(tint(text, 0.24))
    painter.drawRoundedRect(rect(item).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    if item.text:
        painter.setPen(QColor(text))
        painter.setFont(theme.ui(11))
        inside(painter, item, 6, item.text)


def _pill(painter: QPainter, item: Item, look: Theme) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(look.person(item.colour)))
    where = rect(item).adjusted(0, 0, -0.5, 0)
    painter.drawRoundedRect(where, where.height() / 2, where.height() / 2)


def _moment(painter: QPainter, item: Item, look: Theme) -> None:
    picked, rejected = item.state == "picked", item.state == "rejected"
    edge = tint(look.keep if picked else look.text3, 0.45 if rejected else 1.0)
    fill = tint(look.keep, 0.2) if picked else tint(look.raised, 0.4 if rejected else 1)
    where = rect(item)
    if item.width < NARROW:
        painter.fillRect(where.adjusted(0, 0, -0.5, 0), edge)
        return
    where.adjust(0.5, 0.5, -0.5, -0.5)
    round_by = min(4.0, where.height() / 2)
    # The ground first: stripes of a proposal below would cross the text.
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(look.panel))
    painter.drawRoundedRect(where, round_by, round_by)
    painter.setPen(QPen(edge, 1))
    painter.setBrush(fill)
    painter.drawRoundedRect(where, round_by, round_by)
    if item.text:
        # Green on green cannot be read in the light scheme.
        chosen = look.keep if look.dark else look.text1
        painter.setPen(QColor(chosen if picked else look.text3 if rejected else look.text2))
        painter.setFont(theme.ui(11))
        x = max(item.x, GUTTER) + 7
        room = min(item.x + item.width, painter.clipBoundingRect().right()) - x - 5
        metrics = QFontMetricsF(painter.font())
        short = metrics.elidedText(item.text, Qt.TextElideMode.ElideRight, max(0.0, room))
        inside(painter, item, 7, short)


def inside(painter: QPainter, item: Item, left: float, text: str) -> None:
    """The label, cut off at the item's edge; it stays in sight while part of the item does."""
    x = max(item.x, GUTTER) + left
    where = QRectF(x, item.y, item.x + item.width - x - 2, item.height)
    if where.width() <= 4:
        return
    painter.save()
    painter.setClipRect(where, Qt.ClipOperation.IntersectClip)
    # AlignAbsolute: a Hebrew word begins at its own left edge here, as time runs to the right.
    painter.drawText(
        where,
        int(
            Qt.AlignmentFlag.AlignVCenter
            | Qt.AlignmentFlag.AlignLeft
            | Qt.AlignmentFlag.AlignAbsolute
            | Qt.TextFlag.TextSingleLine
        ),
        text,
    )
    painter.restore()


def _overview(painter: QPainter, shown: Layout, given: TimelineInput, look: Theme) -> None:
    wide = max(1.0, shown.view.width - GUTTER - RIGHT)
    ground = QRectF(GUTTER, shown.overview + 4, wide, OVERVIEW - 10)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(look.raised))
    painter.drawRoundedRect(ground, 4, 4)
    fine = given.duration / wide
    # Speech as a quiet skyline, the cut as a line below it: one pass of blocks a pixel wide.
    for voice in given.voices:
        painter.setBrush(tint(look.person(voice.colour), 0.45))
        for start, end, _ref, _count in voice.words.blocks(0, given.duration, 2 * fine):
            x = shown.overview_x(start)
            painter.drawRect(
                QRectF(x, ground.center().y() - 4, max(1.0, shown.overview_x(end) - x - 0.5), 8)
            )
    for start, end, undecided, _count in given.removed_spans.blocks(0, given.duration, fine):
        x = shown.overview_x(start)
        colour = QColor(look.proposal if undecided else look.cut)
        painter.fillRect(
            QRectF(x, ground.bottom() - 4, max(1.5, shown.overview_x(end) - x), 4), colour
        )
    if given.duration:
        left = shown.overview_x(max(0, shown.view.start))
        right = shown.overview_x(min(given.duration, shown.view.end))
        painter.setBrush(tint(look.accent, 0.12))
        painter.setPen(QPen(QColor(look.accent), 1.5))
        seen = QRectF(left, ground.top() - 1, max(8.0, right - left), ground.height() + 2)
        painter.drawRoundedRect(seen, 4, 4)


def rect(item: Item) -> QRectF:
    """The item's rectangle."""
    return QRectF(item.x, item.y, item.width, item.height)
