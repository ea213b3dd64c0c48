"""What keys do while a text field, a list or a slider has the focus."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
    QWidget,
)
from shiboken6 import isValid
from typing_extensions import override

_LIST_KEYS = frozenset(
    {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp}
    | {Qt.Key.Key_PageDown}
)
_SLIDER_KEYS = _LIST_KEYS | {Qt.Key.Key_Left, Qt.Key.Key_Right}


def is_text_field(widget: QObject | None) -> bool:
    """Whether what is typed belongs to this widget."""
    if isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit):
        return not widget.isReadOnly()
    if isinstance(widget, QComboBox):
        return widget.isEditable()
    return isinstance(widget, QAbstractSpinBox)


class KeyGate(QObject):
    """Decides, for the widget with the focus, whether a key is typed there or is a shortcut.

    It watches the focused widget alone. A text field gets every key without Ctrl, Alt or Meta;
    lists and sliders get the keys that move in them; everything else, a focused button included,
    leaves its keys to the shortcuts.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._watched: QWidget | None = None

    def follow(self, _old: QWidget | None, now: QWidget | None) -> None:
        """The focus moved."""
        # A field that is destroyed loses the focus before it says so.
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
            self._watched.destroyed.disconnect(self._forget)
        self._watched = now
        if now is not None:
            now.installEventFilter(self)
            now.destroyed.connect(self._forget)

    def _forget(self) -> None:
        self._watched = None

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        plain = not event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier
            | Qt.KeyboardModifier.AltModifier
            | Qt.KeyboardModifier.MetaModifier
        )
        if is_text_field(watched):
            typed = plain and not Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F35
            if typed and event.key() != Qt.Key.Key_Escape:
                event.accept()
                return True
            return False
        if plain and (
            (isinstance(watched, QAbstractItemView | QTabBar) and event.key() in _LIST_KEYS)
            or (isinstance(watched, QAbstractSlider) and event.key() in _SLIDER_KEYS)
        ):
            event.accept()
            return True
        if isinstance(watched, QPlainTextEdit | QTextEdit) and plain:
            # Read-only text claims every letter for itself; it has no use for them.
            event.ignore()
            return event.key() not in _SLIDER_KEYS
        return False
