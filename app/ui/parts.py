"""The small parts of panels and dialogs: labels, buttons, bars, what an empty panel says."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.ui.actions import TABLE, key_text


def label(text: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """A label that shows its text as it is: what a service wrote is never read as markup."""
    out = QLabel(text)
    out.setTextFormat(Qt.TextFormat.PlainText)
    out.setWordWrap(wrap)
    if role:
        out.setProperty("role", role)
    return out


def button(text: str, role: str = "", *, name: str = "", tip: str = "") -> QPushButton:
    """A push button; `name` is its accessible name where that is not its text."""
    out = QPushButton(text)
    out.setAccessibleName(name or text)
    if role:
        out.setProperty("role", role)
    if tip:
        out.setToolTip(tip)
    return out


def hairline() -> QFrame:
    """A line of one pixel."""
    out = QFrame()
    out.setProperty("role", "hairline")
    return out


def set_look(widget: QWidget, prop: str, value: str) -> None:
    """Set a dynamic property the stylesheet reads, and have it read again where it changed."""
    if widget.property(prop) == value:
        return
    widget.setProperty(prop, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


class Panel(QWidget):
    """A panel's ground: header, body and footer one below the other, without gaps."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(f"panel_{name.lower()}")
        self.setAccessibleName(name)
        self.setProperty("panel", "true")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)


def bar(role: str, *parts: QWidget | None) -> QWidget:
    """A panel's header or footer: widgets from left to right, None is the stretch between."""
    out = QWidget()
    out.setProperty("role", role)
    out.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    row = QHBoxLayout(out)
    row.setContentsMargins(12, 8, 10, 8)
    row.setSpacing(8)
    for part in parts:
        if part is None:
            row.addStretch(1)
        else:
            row.addWidget(part)
    return out


class ElidedLabel(QLabel):
    """One line of plain text that gives way: what does not fit ends in an ellipsis."""

    def __init__(self, text: str = "", role: str = "") -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        if role:
            self.setProperty("role", role)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        fitting = QFontMetrics(self.font()).elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.width()
        )
        painter.drawText(self.rect(), self.alignment() | Qt.AlignmentFlag.AlignVCenter, fitting)
        painter.end()


def _tip_of(text: str) -> str:
    """What the action of that text says, with its key: the button does the same."""
    row = next((row for row in TABLE if row.text == text and row.menu), None)
    keys = key_text(row) if row else ""
    name = text.rstrip("…")
    return f"{name} ({keys})" if keys else name


class Empty(QWidget):
    """What a panel says while it has nothing: what will appear, and the button that gets it."""

    def __init__(
        self, heading: str, text: str, act: tuple[str, Callable[[], None]] | None = None
    ) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        column.addStretch(2)
        title = label(heading, "heading", wrap=True)
        title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        body = label(text, "secondary", wrap=True)
        body.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(title)
        column.addWidget(body)
        self.button: QPushButton | None = None
        if act:
            self.button = button(act[0], tip=_tip_of(act[0]))
            self.button.clicked.connect(act[1])
            column.addSpacing(4)
            column.addWidget(self.button, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
