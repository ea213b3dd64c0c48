"""Typing over a word or a speaker's name where it stands: Enter takes it, Esc leaves it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent
from PySide6.QtWidgets import QLineEdit
from typing_extensions import override

from app.ui import theme
from app.ui.transcript_view import TranscriptView

_STAYS = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
"""How the focus may go for a moment without what is typed being taken."""


class InPlace(QLineEdit):
    """A field over one place of the text; it is closed once and then deletes itself.

    Signals:
        taken(str): Enter, or the focus went elsewhere. left: Esc.
        onward(int): Tab (1) or Shift+Tab (-1), after `taken`.
    """

    taken = Signal(str)
    left = Signal()
    onward = Signal(int)

    def __init__(self, view: TranscriptView, place: Callable[[], QRectF], name: str) -> None:
        super().__init__(view.viewport())
        self._view = view
        self._place = place
        self._open = True
        self.setAccessibleName(name)
        self.setToolTip(f"{name} (Enter takes it, Esc leaves it)")
        self.setObjectName("in_place")
        right = view.transcript is not None and view.transcript.right_to_left
        sides = Qt.LayoutDirection
        self.setLayoutDirection(sides.RightToLeft if right else sides.LeftToRight)
        self.setTextMargins(-4, 0, -4, 0)
        self.textEdited.connect(self.lie)
        view.moved.connect(self.lie)
        view.words_changed.connect(self._words_changed)

    def begin(self, text: str, *, heading: bool = False) -> None:
        """Show the field with this text, all of it selected."""
        self.setFont(theme.ui(12, bold=True) if heading else theme.ui(15))
        self.setText(text)
        self.lie()
        self.show()
        self.selectAll()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def lie(self) -> None:
        """Lie where the text is now, wide enough for what is typed."""
        place = self._place().translated(self._view.origin())
        room = float(self._view.viewport().width() - 12)
        wide = QFontMetricsF(self.font()).horizontalAdvance(self.text()) + 26
        wide = min(room, max(wide, place.width() + 16, 72.0))
        right = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = place.right() + 8 - wide if right else place.left() - 8
        left = min(max(6.0, left), room + 6 - wide)
        high = 28
        self.setGeometry(round(left), round(place.center().y() - high / 2), round(wide), high)

    def _words_changed(self, which: object) -> None:
        if which is None:
            self._close()

    def _close(self) -> bool:
        """Whether it was still open."""
        was, self._open = self._open, False
        if was:
            focused = self.hasFocus()
            self.hide()
            self.deleteLater()
            if focused:
                self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        return was

    def _take(self) -> None:
        text = " ".join(self.text().split())
        if self._close():
            self.taken.emit(text)

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent):
            pressed = event.type() == QEvent.Type.KeyPress
            tabs = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
            if pressed and event.key() in tabs:
                self._take()
                self.onward.emit(1 if event.key() == Qt.Key.Key_Tab else -1)
                return True
            if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
                event.accept()
                return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take()
        elif event.key() == Qt.Key.Key_Escape:
            if self._close():
                self.left.emit()
        else:
            super().keyPressEvent(event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in _STAYS:
            self._take()
