"""Parts of forms: named boxes and buttons, an area that scrolls, a size the screen has."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QRadioButton,
    QScrollArea,
    QWidget,
)

from app.ui.parts import label


def combo(name: str, items: Sequence[tuple[str, str]]) -> QComboBox:
    """A combo box of (value, text) with that accessible name."""
    out = QComboBox()
    out.setAccessibleName(name)
    for value, text in items:
        out.addItem(text, value)
    return out


def check(name: str) -> QCheckBox:
    """A check box of that text and accessible name."""
    out = QCheckBox(name)
    out.setAccessibleName(name)
    return out


def radio(name: str) -> QRadioButton:
    """A radio button of that text and accessible name."""
    out = QRadioButton(name)
    out.setAccessibleName(name)
    return out


def seconds(name: str, most: float, step: float, *, least: float = 0.0) -> QDoubleSpinBox:
    """A field of seconds with two decimals and that accessible name."""
    out = QDoubleSpinBox()
    out.setAccessibleName(name)
    out.setRange(least, most)
    out.setDecimals(2)
    out.setSingleStep(step)
    out.setSuffix(" s")
    # The style's padding does not reach the text of a spin box.
    out.lineEdit().setTextMargins(6, 0, 0, 0)
    return out


def named(text: str, field: QWidget) -> QLabel:
    """The quiet label of a field."""
    out = label(text, "secondary")
    out.setBuddy(field)
    return out


def scrolled(inside: QWidget) -> QScrollArea:
    """The widget in an area that scrolls down alone."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inside)
    return area


def roomy(window: QWidget, width: int, height: int) -> None:
    """Give a dialog or the window that size, or what the screen has room for."""
    room = QGuiApplication.primaryScreen().availableSize()
    window.resize(min(width, room.width() - 20), min(height, room.height() - 50))
