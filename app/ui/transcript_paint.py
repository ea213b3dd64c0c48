"""How the transcript looks: paragraphs, tints, strikes and dots painted with a QPainter."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen, QTextCharFormat
from PySide6.QtGui import QTextLayout as Text

from app.ui import theme
from app.ui.text import clock
from app.ui.theme import Theme, tint
from app.ui.transcript_layout import HEADER, TranscriptLayout
from app.ui.transcript_lines import Laid
from app.ui.transcript_paragraphs import Paragraph
from app.ui.transcript_search import Found
from app.ui.transcript_source import KEPT, Voice
from app.ui.transcript_spans import Chosen

UNSURE = 0.5
"""Words recognised with less confidence are dotted underneath; an unknown one is not low."""

_TIME_ROOM = 64.0


@dataclass(frozen=True, slots=True)
class Marks:
    """What is said of words: a state's byte by index, the current one, selected and found ones."""

    states: bytes
    current: int | None
    chosen: Chosen | None
    found: Sequence[Found]
    found_now: int

    def state(self, index: int) -> int:
        """Kept, proposed or removed."""
        return self.states[index] if index < len(self.states) else KEPT

    def found_at(self, index: int) -> int | None:
        """Number of the search result that holds a word, or None."""
        at = bisect_right(self.found, (index, 1 << 60)) - 1
        return at if at >= 0 and self.found[at][0] <= index < self.found[at][1] else None


class _Colours:
    """The colours of words in one theme, made once for one painting."""

    def __init__(self, look: Theme, marks: Marks) -> None:
        self._marks = marks
        self._now = QColor(look.accent)
        self._on_now = _letters(look.on_accent)
        self._chosen = tint(look.accent, 0.28)
        self._found = tint(look.accent, 0.14), tint(look.accent, 0.4)
        self._states = None, tint(look.proposal, 0.2), tint(look.cut, 0.16)
        self._quiet = _letters(look.text2)
        self.struck = _pen(look.on_accent), _pen(look.proposal), _pen(look.cut)
        self.unsure = _pen(look.text2)
        self.unsure.setDashPattern([1, 1.5])

    def of(self, index: int) -> tuple[QColor | None, QTextCharFormat | None]:
        """The ground behind a word, and how its letters are set where not plainly."""
        marks = self._marks
        state = marks.state(index)
        letters = self._quiet if state else None
        if index == marks.current:
            return self._now, self._on_now
        if marks.chosen is not None and marks.chosen.holds(index):
            return self._chosen, letters
        if marks.found and (found := marks.found_at(index)) is not None:
            return self._found[found == marks.found_now], letters
        return self._states[state], letters


def _letters(colour: str) -> QTextCharFormat:
    out = QTextCharFormat()
    out.setForeground(QBrush(QColor(colour)))
    return out


def _pen(colour: str) -> QPen:
    return QPen(QColor(colour), 1.5)


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
    layout: TranscriptLayout,
    marks: Marks,
    voice: Callable[[int | None], Voice],
) -> None:
    """The paragraphs that touch `dirty`; `origin` is where the column's corner lies now."""
    look = theme.current()
    colours = _Colours(look, marks)
    plain = QColor(look.text1)
    for number in layout.visible(dirty.top() - origin.y(), dirty.bottom() + 1 - origin.y()):
        paragraph, laid = layout.paragraphs[number], layout.laid(number)
        if not laid.words:
            continue
        if paragraph.header:
            top = origin.y() + layout.top(number)
            head = QRectF(origin.x(), top, layout.width, HEADER - 4)
            _header(painter, head, paragraph, voice(paragraph.speaker), layout.right_to_left)
        body = QPointF(origin.x(), origin.y() + layout.body(number))
        lines = _lines_in(laid, dirty, body, layout.line_height)
        formats = _grounds(painter, laid, lines, body, colours)
        painter.setPen(plain)
        laid.layout.draw(painter, body, formats, QRectF(dirty))
        _strikes(painter, laid, lines, body, colours, layout=layout, marks=marks)


def name_rect(shown: Voice, width: float, rtl: bool) -> QRectF:
    """Where a speaker's name stands in its line, which begins at (0, 0)."""
    wide = QFontMetricsF(theme.ui(12, bold=True)).horizontalAdvance(shown.name)
    wide = min(wide, width - _TIME_ROOM)
    return QRectF(width - wide if rtl else 0.0, 0, wide if shown.name else 0.0, HEADER - 4)


def _header(painter: QPainter, where: QRectF, p: Paragraph, shown: Voice, rtl: bool) -> None:
    # Absolute sides: the name stands where reading begins, the time at the other end.
    look = theme.current()
    right, left = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignLeft
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
    painter.setFont(theme.mono(12))
    painter.setPen(QColor(look.text2))
    painter.drawText(where, int(flags | (left if rtl else right)), clock(p.start))
    if shown.name:
        painter.setFont(theme.ui(12, bold=True))
        painter.setPen(QColor(look.person_text(shown.colour)))
        cut = _TIME_ROOM
        room = where.adjusted(cut, 0, 0, 0) if rtl else where.adjusted(0, 0, -cut, 0)
        end = Qt.TextElideMode.ElideRight
        short = painter.fontMetrics().elidedText(shown.name, end, round(room.width()))
        # A name has a direction of its own, whatever is said around it.
        sides = Qt.LayoutDirection
        painter.setLayoutDirection(sides.RightToLeft if from_right(short) else sides.LeftToRight)
        painter.drawText(room, int(flags | (right if rtl else left)), short)


def from_right(text: str) -> bool:
    """Whether the first letter that has a direction is written from right to left."""
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind != "L" for kind in kinds if kind in ("L", "R", "AL")), False)


def _lines_in(laid: Laid, dirty: QRect, body: QPointF, line_height: int) -> range:
    """The places of words on lines that touch `dirty`, and of the one that reaches over to them."""
    first = max(0, int((dirty.top() - body.y()) // line_height) - 1)
    last = int((dirty.bottom() - body.y()) // line_height) + 1
    rows = [row for row in laid.lines[first : last + 1] if row]
    before = next((row for row in reversed(laid.lines[:first]) if row), None)
    if not rows and before is None:
        return range(0)
    start = before[-1] if before else rows[0][0]
    return range(laid.place(start), laid.place((rows[-1] if rows else before or ())[-1]) + 1)


def _grounds(
    painter: QPainter, laid: Laid, places: range, body: QPointF, colours: _Colours
) -> list[Text.FormatRange]:
    """The tints behind words; returns the colours of their letters."""
    painter.setPen(Qt.PenStyle.NoPen)
    formats: list[Text.FormatRange] = []
    for k in places:
        ground, letters = colours.of(laid.words[k])
        if ground is not None:
            painter.setBrush(ground)
            for rect in laid.rects[k]:
                painter.drawRoundedRect(rect.translated(body).adjusted(-2.5, -2, 2.5, 2), 3, 3)
        if letters is not None:
            run = Text.FormatRange()
            run.start, run.length = laid.offsets[k], laid.ends[k] - laid.offsets[k]
            run.format = letters
            formats.append(run)
    return formats


def _strikes(
    painter: QPainter,
    laid: Laid,
    places: range,
    body: QPointF,
    colours: _Colours,
    *,
    layout: TranscriptLayout,
    marks: Marks,
) -> None:
    """Strikes through and dots under words, over the letters."""
    words, corrections = layout.transcript.words, layout.corrections
    for k in places:
        index = laid.words[k]
        state = marks.state(index)
        if state:
            painter.setPen(colours.struck[0 if index == marks.current else state])
            for rect in laid.rects[k]:
                _across(painter, body, rect, rect.height() * 0.56)
        sure = words[index].confidence
        if sure is not None and sure < UNSURE and index not in corrections:
            painter.setPen(colours.unsure)
            for rect in laid.rects[k]:
                _across(painter, body, rect, rect.height() + 1)


def _across(painter: QPainter, body: QPointF, rect: QRectF, down: float) -> None:
    y = body.y() + rect.top() + down
    painter.drawLine(QPointF(body.x() + rect.left(), y), QPointF(body.x() + rect.right(), y))
