"""What the mouse does in the words of the transcript."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QEvent, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from typing_extensions import override

from app.core.timerange import TimeRange
from app.ui.transcript_keyed import TranscriptKeyed
from app.ui.transcript_paragraphs import sentence_around
from app.ui.transcript_scroll import MARGIN
from app.ui.transcript_source import KEPT
from app.ui.transcript_tips import tip
from app.ui.transcript_view import EMPTY
from app.ui.transcript_walk import nearest

__all__ = ["EMPTY", "MARGIN", "TranscriptText"]

_BESIDE = 30
"""Milliseconds between two steps of a drag that reached over the edge."""


class TranscriptText(TranscriptKeyed):
    """The transcript with its gestures.

    Signals:
        word_clicked(int): index of the word.
        removed_clicked(object): TimeRange from the removed word that was clicked to the end of what
        is removed with it, to be heard.
        menu_wanted(object, object): index of the word or None, and where on the screen.
        speaker_menu_wanted(int, object): number of the paragraph, and where on the screen.
    """

    word_clicked = Signal(int)
    removed_clicked = Signal(object)
    menu_wanted = Signal(object, object)
    speaker_menu_wanted = Signal(int, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.viewport().setMouseTracking(True)
        self._pressed: int | None = None
        self._on_word = False
        self._dragged = False
        self._pointer = QPointF()
        self._twice = QElapsedTimer()
        self._beside = QTimer(self)
        self._beside.setInterval(_BESIDE)
        self._beside.timeout.connect(self._drag_on)

    # ---- mouse

    def _point(self, place: QPointF) -> QPointF:
        return place - self.origin()

    def word_under(self, place: QPointF) -> int | None:
        """The word at a point of the viewport."""
        layout = self.layout_now
        point = self._point(place)
        return layout.word_at(point.x(), point.y()) if layout else None

    def name_under(self, place: QPointF) -> int | None:
        """Number of the paragraph whose speaker's name is at a point of the viewport."""
        layout, point = self.layout_now, self._point(place)
        number = layout.header_at(point.y()) if layout else None
        if layout is None or number is None:
            return None
        rect = self._name_rect(number).adjusted(-4, 0, 4, 0)
        return number if rect.width() > 8 and rect.contains(point) else None

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed, self._dragged, self._goal = None, False, None
        layout = self.layout_now
        if event.button() != Qt.MouseButton.LeftButton or layout is None:
            return
        self._pointer = event.position()
        name = self.name_under(event.position())
        if name is not None:
            corner = (self._name_rect(name).bottomLeft() + self.origin()).toPoint()
            self.speaker_menu_wanted.emit(name, self.viewport().mapToGlobal(corner))
            return
        index = self.word_under(event.position())
        point = self._point(event.position())
        self._on_word = index is not None
        self._pressed = nearest(layout, point.x(), point.y()) if index is None else index
        if self._third_click(index):
            self._pressed = None
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._pressed is not None:
            self.select(self.chosen.anchor if self.chosen else self._pressed, self._pressed,
                        show=False)  # fmt: skip
            self._pressed = None
        elif index is None:
            self.select(None)

    def _third_click(self, index: int | None) -> bool:
        """Whether this is the third press on a word: its sentence is then selected."""
        layout = self.layout_now
        if (
            index is None or layout is None or not self._twice.isValid()
            or self._twice.elapsed() > QApplication.doubleClickInterval()
            or self.chosen is None or not self.chosen.holds(index)
        ):  # fmt: skip
            return False
        self._twice.invalidate()
        self.select(*sentence_around(layout.transcript, layout.paragraphs, index), show=False)
        return True

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position()
        if not event.buttons():
            over = self.name_under(event.position()) is not None
            shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.IBeamCursor
            self.viewport().setCursor(shape)
            return
        self._drag()
        outside = not 0 <= self._pointer.y() < self.viewport().height()
        if outside and self._dragged and not self._beside.isActive():
            self._beside.start()

    def _drag(self) -> None:
        layout = self.layout_now
        if self._pressed is None or layout is None:
            return
        point = self._point(self._pointer)
        reached = nearest(layout, point.x(), point.y())
        if reached is not None and (reached != self._pressed or self._dragged):
            self._dragged = True
            self.select(self._pressed, reached, show=False)

    def _drag_on(self) -> None:
        """The drag goes on over the upper or lower edge."""
        y, high = self._pointer.y(), self.viewport().height()
        if self._pressed is None or 0 <= y < high:
            self._beside.stop()
            return
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + round(max(-60.0, min(60.0, y if y < 0 else y - high))))
        self._drag()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        self._beside.stop()
        if event.button() != Qt.MouseButton.LeftButton or pressed is None or self._dragged:
            return
        if self._on_word and self.word_under(event.position()) == pressed:
            self.select(pressed, show=False)
            self.word_clicked.emit(pressed)
            if self.state(pressed) == KEPT:
                self._seek_to(pressed)
            else:
                self.removed_clicked.emit(self._removed_from(pressed))

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.word_under(event.position())
        if index is not None and event.button() == Qt.MouseButton.LeftButton:
            self.select(index, show=False)
            self._twice.start()
            if self.state(index) == KEPT:
                self._seek_to(index)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        layout = self.layout_now
        if layout is None:
            return
        place, at = QPointF(event.pos()), event.globalPos()
        name = self.name_under(place)
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        if name is not None and not by_key:
            self.speaker_menu_wanted.emit(name, at)
            return
        index = self.word_under(place)
        if by_key and self.chosen is not None:
            index = self.chosen.caret
            below = layout.rects(index)[0].bottomLeft() + self.origin()
            at = self.viewport().mapToGlobal(below.toPoint())
        elif index is not None and not (self.chosen and self.chosen.holds(index)):
            self.select(index, show=False)
        self.menu_wanted.emit(index, at)

    def _removed_from(self, index: int) -> TimeRange:
        words = self.transcript.words if self.transcript else ()
        start = words[index].start
        end = max(w.end for w in words[index : self.removed_until(index)])
        return TimeRange(start, max(start + 1, end))

    @override
    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tip_at(event.pos()), self.viewport())
            return True
        return super().viewportEvent(event)

    def tip_at(self, place: QPoint) -> str:
        """What the tooltip says at a point of the viewport, as plain text; "" for nothing."""
        if self.name_under(QPointF(place)) is not None:
            return "Click to rename, merge or recolour this speaker"
        index, layout = self.word_under(QPointF(place)), self.layout_now
        if index is None or layout is None:
            return ""
        return tip(layout.transcript, layout.corrections, index, self.state(index))
