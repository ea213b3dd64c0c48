"""The bars of the Moments panel: filter field, choices, the sorting strip, hints on keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QToolButton,
    QWidget,
)
from typing_extensions import override

from app.core.channels import channel_of
from app.ui.parts import ElidedLabel, label

_KEYS = (("P", "pick"), ("X", "reject"), ("U", "undecided"), ("Enter", "play"))
_STRIP = (("number", "No"), ("title", "Title"), ("time", "Time"), ("score", "Score"))


class FilterField(QLineEdit):
    """What is searched for, with the count of what was found at its end while it has room.

    Signals:
        left: Down, Enter or Escape in an empty field; the list is to have the focus.
    """

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Filter moments")
        self.setPlaceholderText("Filter by text or tag")
        self.setToolTip("Words of title, description and tags, all of them; #word for tags alone")
        self.setClearButtonEnabled(False)
        self.note = ElidedLabel("", "hint")
        self.note.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.note.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def lend(self, note: QLabel) -> None:
        """Take the count in."""
        if note.parent() is not self:
            note.setParent(self)
            note.show()
        self._place()

    def _place(self) -> None:
        inside = self.note.parent() is self
        wide = self.note.sizeHint().width() if inside else 0
        margins = self.textMargins()
        if margins.right() != wide:
            self.setTextMargins(0, 0, wide, 0)
        if inside:
            self.note.setGeometry(self.width() - wide - 10, 0, wide, self.height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = Qt.Key
        if event.key() == keys.Key_Escape and self.text():
            self.clear()
        elif event.key() in (keys.Key_Escape, keys.Key_Down, keys.Key_Return, keys.Key_Enter):
            self.left.emit()
        else:
            super().keyPressEvent(event)


class Choices(QComboBox):
    """A combo box that shows its own name before what is chosen: "Best for: TikTok"."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def offer(self, items: Sequence[tuple[str, str]]) -> None:
        """(value, text) in order; the first is chosen. Nothing is signalled."""
        with QSignalBlocker(self):
            self.clear()
            for value, text in items:
                self.addItem(text, value)

    def offers(self, channels: Sequence[str]) -> bool:
        """Whether it has these channels after "all"."""
        return [self.itemData(i) for i in range(self.count())] == ["", *channels]

    def offer_channels(self, channels: Sequence[str], chosen: str) -> None:
        """All, then each channel by its name."""
        self.offer([("", "All"), *((key, channel_of(key).brief) for key in channels)])
        self.choose(chosen)

    def choose(self, value: str) -> None:
        """Show that one as chosen; the first where there is none of it. Nothing is signalled."""
        with QSignalBlocker(self):
            self.setCurrentIndex(max(0, self.findData(value)))

    @property
    def chosen(self) -> str:
        """The chosen value."""
        return str(self.currentData() or "")

    @override
    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width() + self._extra(), hint.height())

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(72, super().minimumSizeHint().height())

    def _extra(self) -> int:
        return self.fontMetrics().horizontalAdvance(f"{self._name}: ")

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        room = self.width() - 34
        text = f"{self._name}: {self.currentText()}"
        if self.fontMetrics().horizontalAdvance(text) > room:
            text = self.currentText()
        option.currentText = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()


class SortStrip(QWidget):
    """In a narrow panel, in place of the columns' header: what to sort by, and the count.

    Signals:
        wanted(str): "number", "title", "time" or "score" was pressed.
    """

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Sort by")
        self.setProperty("role", "header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 12, 3)
        row.setSpacing(0)
        self.buttons: dict[str, QToolButton] = {}
        for name, text in _STRIP:
            made = QToolButton()
            made.setProperty("role", "sort")
            made.setText(text)
            made.setAccessibleName(f"Sort by {text}")
            made.setToolTip(f"Sort by {text}; again for the other way round")
            made.clicked.connect(lambda _=False, n=name: self.wanted.emit(n))
            row.addWidget(made)
            self.buttons[name] = made
        row.addStretch(0)

    def lend(self, note: QLabel) -> None:
        """Take the count in."""
        if note.parent() is not self:
            layout = self.layout()
            if isinstance(layout, QHBoxLayout):
                layout.addWidget(note, 1)
            note.show()

    def show_order(self, order: str) -> None:
        """Mark what the list is sorted by."""
        for name, text in _STRIP:
            here = order.removeprefix("-") == name
            self.buttons[name].setText(f"{text} {arrow(order)}" if here else text)


def arrow(order: str) -> str:
    """Which way an order goes."""
    return "▾" if order.startswith("-") else "▴"


class Hints(QWidget):
    """What the keys do, while there is room for all of it."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._inner = QWidget(self)
        row = QHBoxLayout(self._inner)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        for key, text in _KEYS:
            row.addWidget(label(key, "time"))
            row.addWidget(label(text, "secondary"))
            row.addSpacing(6)

    @override
    def sizeHint(self) -> QSize:
        return self._inner.sizeHint()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self._inner.sizeHint().width()
        self._inner.setVisible(wide <= self.width())
        self._inner.setGeometry(0, 0, wide, self.height())
