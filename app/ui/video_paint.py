"""How the picture, its face boxes and its words are painted; where they lie is computed before."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from app.ui import theme
from app.ui.video_boxes import Area, PlacedBox, tag_area

LOOK = theme.DARK
"""On the picture there is no light scheme: its ground is black."""

OUTLINE = QColor(16, 18, 22)
"""Around a box's own line. Opaque: Qt blends a translucent outline twelve times as slowly."""


def rect_of(area: Area) -> QRectF:
    """The area as Qt has it."""
    return QRectF(area.x, area.y, area.width, area.height)


def paint_frame(painter: QPainter, image: QImage, at: Area, ratio: float) -> None:
    """The frame at its place: as it is where it has the size of the place on the screen.

    ratio: pixels of the screen in one of the widget's.
    """
    size = round(at.width * ratio), round(at.height * ratio)
    painter.save()
    if size == (image.width(), image.height()):
        painter.scale(1 / ratio, 1 / ratio)
        painter.drawImage(QPoint(round(at.x * ratio), round(at.y * ratio)), image)
    else:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(rect_of(at), image)
    painter.restore()


def paint_box(painter: QPainter, box: PlacedBox, at: Area, *, named: bool, strong: bool) -> None:
    """One face in the person's colour; named: with its tag; strong: pointed at or chosen."""
    rect = rect_of(box.area)
    colour = QColor(LOOK.person(box.colour))
    wide = 3.0 if strong else 2.5 if box.speaking else 1.75
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(OUTLINE, wide + 1.25))
    painter.drawRoundedRect(rect, 3, 3)
    painter.setPen(QPen(colour, wide))
    painter.drawRoundedRect(rect, 3, 3)
    if named:
        _paint_tag(painter, box, at, colour)
    elif box.speaking:
        _paint_voice(painter, rect, colour)


def _paint_tag(painter: QPainter, box: PlacedBox, at: Area, colour: QColor) -> None:
    painter.setFont(theme.ui(11, bold=True))
    metrics = QFontMetricsF(painter.font())
    short = metrics.elidedText(box.tag, Qt.TextElideMode.ElideRight, 200)
    size = metrics.horizontalAdvance(short) + 12, metrics.height() + 4
    tag = rect_of(tag_area(box.area, at, *size))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(tag, 3, 3)
    painter.setPen(QColor(LOOK.on_accent))
    painter.drawText(tag, int(Qt.AlignmentFlag.AlignCenter), short)


def _paint_voice(painter: QPainter, rect: QRectF, colour: QColor) -> None:
    """Three bars of a voice in the box's corner: who speaks, without words."""
    ground = QRectF(rect.left(), rect.top(), 18, 16)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(ground, 3, 3)
    for n, high in enumerate((5.0, 9.0, 6.0)):
        left = ground.left() + 4 + 4 * n
        painter.fillRect(QRectF(left, ground.center().y() - high / 2, 2, high), OUTLINE)


def paint_scene(painter: QPainter, at: Area, text: str, opacity: float) -> None:
    """The scene's label in the frame's upper left corner."""
    painter.save()
    painter.setOpacity(opacity)
    painter.setFont(theme.ui(12))
    metrics = QFontMetricsF(painter.font())
    where = QRectF(at.x + 12, at.y + 12, metrics.horizontalAdvance(text) + 20, 24)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 150))
    painter.drawRoundedRect(where, 12, 12)
    painter.setPen(QColor(LOOK.text1))
    painter.drawText(where, int(Qt.AlignmentFlag.AlignCenter), text)
    painter.restore()


def paint_banner(painter: QPainter, room: QRect, message: str) -> None:
    """A sentence over the picture's foot."""
    wide = min(640, room.width() - 32)
    flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
    painter.setFont(theme.ui())
    text = painter.boundingRect(QRect(0, 0, wide - 24, room.height()), flags, message)
    corner = QPointF((room.width() - wide) / 2, room.height() - text.height() - 36)
    where = QRectF(corner, QSizeF(wide, text.height() + 20))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(16, 18, 22, 225))
    painter.drawRoundedRect(where, 8, 8)
    painter.setPen(QColor(LOOK.text1))
    painter.drawText(where.adjusted(12, 0, -12, 0), flags, message)


def paint_empty(painter: QPainter, room: QRect, message: str) -> None:
    """The first line in larger letters, the others below it, in a dashed frame to drop on."""
    head, _, rest = message.partition("\n")
    wide = max(60, min(520, room.width() - 48))
    flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
    most = QRect(0, 0, wide - 48, 2000)
    painter.setFont(theme.ui(15))
    high = painter.boundingRect(most, flags, head).height()
    painter.setFont(theme.ui())
    more = painter.boundingRect(most, flags, rest).height() + 8 if rest else 0
    box = QRectF(0, 0, wide, high + more + 64)
    box.moveCenter(QRectF(room).center())
    painter.setPen(QPen(QColor(LOOK.text3), 1, Qt.PenStyle.DashLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, 8, 8)
    painter.setPen(QColor(LOOK.text2))
    painter.drawText(box.adjusted(24, 32 + high, -24, -32), flags, rest)
    painter.setFont(theme.ui(15))
    painter.setPen(QColor(LOOK.text1))
    painter.drawText(QRectF(box.x() + 24, box.y() + 32, wide - 48, high), flags, head)


def paint_drop(painter: QPainter, room: QRect) -> None:
    """That what is held over the view may be dropped there."""
    painter.setPen(QPen(QColor(theme.current().accent), 2))
    painter.setBrush(theme.tint(theme.current().accent, 0.12))
    painter.drawRoundedRect(QRectF(room).adjusted(4, 4, -4, -4), 8, 8)
