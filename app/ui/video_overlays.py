"""What is painted over the picture while a moment is judged: the upright guide and the words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QPainter,
    QPainterPath,
    QPen,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)

from app.core.reframe import Framed
from app.ui import theme

SHADE = QColor(0, 0, 0, 150)
"""Over what the short leaves out."""

BEFORE = 100_000
"""Microseconds: no frame of a film one would make shorts of lasts longer."""

Words = Sequence[tuple[str, bool]]
"""The words of a line, and which one is being said."""


def guide_rects(framed: Framed, t: int, picture: QRectF) -> tuple[QRectF, ...]:
    """The parts of the picture that the short shows at source time `t`, in its panes' order.

    None where `t` lies outside of what was framed: the rest of the film is seen as it is.
    """
    if not framed.shots:
        return ()
    # The frame on screen as a moment begins may have begun a little before it; its end is where
    # the playhead stands that moved it there.
    if not framed.shots[0].span.start - BEFORE <= t <= framed.shots[-1].span.end:
        return ()
    out = []
    for pane in framed.at(t):
        part = pane.source
        corner = QPointF(
            picture.x() + part.x * picture.width(), picture.y() + part.y * picture.height()
        )
        out.append(
            QRectF(
                corner.x(), corner.y(), part.width * picture.width(), part.height * picture.height()
            )
        )
    return tuple(out)


def paint_guide(painter: QPainter, picture: QRectF, panes: Sequence[QRectF]) -> None:
    """Dim what is left out; a thin outline around what stays, numbered where there are several."""
    outside = QPainterPath()
    outside.addRect(picture)
    inside = QPainterPath()
    for pane in panes:
        path = QPainterPath()
        path.addRect(pane & picture)
        inside = inside.united(path)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(SHADE)
    painter.drawPath(outside.subtracted(inside))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(255, 255, 255, 200), 1.25))
    for n, pane in enumerate(panes, 1):
        painter.drawRect((pane & picture).adjusted(0.5, 0.5, -0.5, -0.5))
        if len(panes) > 1:
            _paint_number(painter, pane & picture, str(n))


def _paint_number(painter: QPainter, pane: QRectF, text: str) -> None:
    painter.save()
    # The words are at the foot, the scene's label is at the upper left.
    where = QRectF(pane.right() - 24, pane.top() + 6, 18, 18)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 170))
    painter.drawRoundedRect(where, 4, 4)
    painter.setPen(QColor("#e9ecef"))
    painter.setFont(theme.ui(11, bold=True))
    painter.drawText(where, int(Qt.AlignmentFlag.AlignCenter), text)
    painter.restore()


def paint_words(painter: QPainter, picture: QRectF, words: Words, *, rtl: bool) -> QRectF:
    """The line at the foot of the picture, the current word filled; where it was painted.

    One QTextLayout holds the whole line, so that mixed directions keep their order.
    """
    text = " ".join(word for word, _ in words)
    layout, wide, high = _laid_out(text, words, picture.width() - 48, rtl=rtl)
    ground = QRectF(0, 0, wide + 28, high + 14)
    ground.moveCenter(QPointF(picture.center().x(), 0))
    ground.moveBottom(picture.bottom() - 14)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(16, 18, 22, 215))
    painter.drawRoundedRect(ground, 8, 8)
    painter.setPen(QColor(theme.DARK.text1))
    layout.draw(painter, QPointF(ground.center().x() - layout.boundingRect().width() / 2,
                                 ground.top() + 7))  # fmt: skip
    return ground


def _laid_out(
    text: str, words: Words, room: float, *, rtl: bool
) -> tuple[QTextLayout, float, float]:
    layout = QTextLayout(text, theme.ui(15))
    option = QTextOption(Qt.AlignmentFlag.AlignHCenter)
    option.setTextDirection(
        Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight
    )
    option.setWrapMode(QTextOption.WrapMode.WordWrap)
    layout.setTextOption(option)
    layout.setFormats(_formats(words))
    high = widest = 0.0
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(60.0, room))
        line.setPosition(QPointF(0, high))
        high += line.height()
        widest = max(widest, line.naturalTextWidth())
    layout.endLayout()
    return layout, widest, high


def _formats(words: Words) -> list[QTextLayout.FormatRange]:
    out: list[QTextLayout.FormatRange] = []
    at = 0
    for word, current in words:
        # Qt counts UTF-16 units.
        units = len(word.encode("utf-16-le")) // 2
        if current:
            found = QTextLayout.FormatRange()
            found.start, found.length = at, units
            look = QTextCharFormat()
            look.setForeground(QColor(theme.DARK.on_accent))
            look.setBackground(QColor(theme.DARK.accent))
            found.format = look
            out.append(found)
        at += units + 1
    return out
