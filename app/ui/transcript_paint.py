"""How the transcript looks: paragraphs, tints, strikes and dots painted with a QPainter."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QTextCharFormat, QTextLayout

from app.core.cut import WordState
from app.core.review import Review
from app.ui import theme
from app.ui.text import clock, speaker_name
from app.ui.theme import Theme, tint
from app.ui.transcript_layout import HEADER, Laid, Paragraph, TranscriptLayout

UNSURE = 0.5
"""Words recognised with less confidence are dotted underneath."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A selection of words: where it began and where it is extended to, both included."""

    anchor: int
    caret: int

    @property
    def first(self) -> int:
        """The earlier end."""
        return min(self.anchor, self.caret)

    @property
    def end(self) -> int:
        """One past the later end."""
        return max(self.anchor, self.caret) + 1

    def holds(self, index: int) -> bool:
        """Whether a word is selected."""
        return self.first <= index < self.end


@dataclass(frozen=True, slots=True)
class Marks:
    """What is said of words: states by index, the current one, selected and found ones."""

    states: Sequence[WordState]
    current: int | None
    chosen: Chosen | None
    found: tuple[tuple[int, int], ...]
    found_now: int

    def state(self, index: int) -> WordState:
        """Kept, proposed or removed."""
        return self.states[index] if index < len(self.states) else WordState.KEPT

    def is_chosen(self, index: int) -> bool:
        """Whether a word is selected."""
        return self.chosen is not None and self.chosen.holds(index)

    def found_at(self, index: int) -> int | None:
        """Number of the search result that holds a word, or None."""
        at = bisect_right(self.found, (index, 1 << 60)) - 1
        return at if at >= 0 and self.found[at][0] <= index < self.found[at][1] else None

    def colours(self, index: int, look: Theme) -> tuple[QColor | None, str]:
        """The ground behind a word, if any, and the colour of its letters ("" for plain)."""
        state = self.state(index)
        letters = "" if state is WordState.KEPT else look.text2
        if index == self.current:
            return QColor(look.accent), look.on_accent
        if self.is_chosen(index):
            return tint(look.accent, 0.28), letters
        if (found := self.found_at(index)) is not None:
            return tint(look.accent, 0.4 if found == self.found_now else 0.14), letters
        match state:
            case WordState.PROPOSED:
                return tint(look.proposal, 0.2), letters
            case WordState.REMOVED:
                return tint(look.cut, 0.16), letters
            case _:
                return None, letters


def paint_empty(painter: QPainter, where: QRectF, text: str) -> None:
    """What will appear here and how to get it."""
    painter.setFont(theme.ui())
    painter.setPen(QColor(theme.current().text2))
    painter.drawText(where, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), text)


def paint(
    painter: QPainter,
    dirty: QRect,
    origin: QPointF,
    *,
    review: Review,
    layout: TranscriptLayout,
    marks: Marks,
) -> None:
    """The paragraphs that touch `dirty`; `origin` is where the column's corner lies now."""
    look = theme.current()
    for number in layout.visible(dirty.top() - origin.y(), dirty.bottom() + 1 - origin.y()):
        paragraph, laid = layout.paragraphs[number], layout.laid(number)
        if paragraph.header:
            head = QRectF(origin.x(), origin.y() + layout.top(number), layout.width, HEADER - 4)
            _header(painter, head, paragraph, review, layout.right_to_left)
        body = QPointF(origin.x(), origin.y() + layout.body(number))
        formats = _grounds(painter, paragraph, laid, body, marks)
        painter.setPen(QColor(look.text1))
        laid.layout.draw(painter, body, formats)
        _lines(painter, paragraph, laid, body, layout=layout, marks=marks)


def _header(
    painter: QPainter, where: QRectF, paragraph: Paragraph, review: Review, rtl: bool
) -> None:
    # Absolute sides: the name stands where reading begins, the time at the other end.
    look = theme.current()
    right, left = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignLeft
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
    painter.setFont(theme.mono(12))
    painter.setPen(QColor(look.text2))
    painter.drawText(where, int(flags | (left if rtl else right)), clock(paragraph.start))
    name = speaker_name(review, paragraph.speaker)
    if name:
        painter.setFont(theme.ui(12, bold=True))
        painter.setPen(QColor(look.person_text(paragraph.speaker or 0)))
        room = where.adjusted(64, 0, 0, 0) if rtl else where.adjusted(0, 0, -64, 0)
        short = painter.fontMetrics().elidedText(
            name, Qt.TextElideMode.ElideRight, round(room.width())
        )
        painter.drawText(room, int(flags | (right if rtl else left)), short)


def _grounds(
    painter: QPainter, paragraph: Paragraph, laid: Laid, body: QPointF, marks: Marks
) -> list[QTextLayout.FormatRange]:
    """The tints behind words; returns the colours of their letters."""
    look = theme.current()
    painter.setPen(Qt.PenStyle.NoPen)
    formats: list[QTextLayout.FormatRange] = []
    for k, rects in enumerate(laid.rects):
        ground, letters = marks.colours(paragraph.first + k, look)
        if ground is not None:
            painter.setBrush(ground)
            for rect in rects:
                painter.drawRoundedRect(rect.translated(body).adjusted(-2.5, -2, 2.5, 2), 3, 3)
        if letters:
            formats.append(_coloured(laid.offsets[k], laid.ends[k], letters))
    return formats


def _lines(
    painter: QPainter,
    paragraph: Paragraph,
    laid: Laid,
    body: QPointF,
    *,
    layout: TranscriptLayout,
    marks: Marks,
) -> None:
    """Strikes through and dots under words, over the letters."""
    look = theme.current()
    for k, rects in enumerate(laid.rects):
        index = paragraph.first + k
        state = marks.state(index)
        sure = layout.transcript.words[index].confidence
        if state is not WordState.KEPT:
            colour = look.proposal if state is WordState.PROPOSED else look.cut
            painter.setPen(QPen(QColor(look.on_accent if index == marks.current else colour), 1.5))
            for rect in rects:
                _across(painter, body, rect, rect.height() * 0.56)
        if sure is not None and sure < UNSURE and index not in layout.corrections:
            pen = QPen(QColor(look.text2), 1.5)
            pen.setDashPattern([1, 1.5])
            painter.setPen(pen)
            for rect in rects:
                _across(painter, body, rect, rect.height() + 1)


def _across(painter: QPainter, body: QPointF, rect: QRectF, down: float) -> None:
    y = body.y() + rect.top() + down
    painter.drawLine(QPointF(body.x() + rect.left(), y), QPointF(body.x() + rect.right(), y))


def _coloured(start: int, end: int, colour: str) -> QTextLayout.FormatRange:
    out = QTextLayout.FormatRange()
    out.start = start
    out.length = end - start
    letters = QTextCharFormat()
    letters.setForeground(QBrush(QColor(colour)))
    out.format = letters
    return out
