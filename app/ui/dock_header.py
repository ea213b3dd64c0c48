"""The title bar of a dock: its name while it stands alone, nothing while a tab names it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QMainWindow, QWidget
from typing_extensions import override

from app.ui import theme
from app.ui.parts import label

HEIGHT = 36
SLIM = 10


class DockHeader(QWidget):
    """What a dock is dragged by.

    slim: a mere grip while docked, for a panel whose content needs no name above it.
    """

    def __init__(self, dock: QDockWidget, window: QMainWindow, *, slim: bool = False) -> None:
        super().__init__(dock)
        self._dock = dock
        self._window = window
        self._slim = slim
        self._high = HEIGHT
        self._name = label(dock.windowTitle(), "heading")
        self.setToolTip("Drag to move, double click to float")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 8, 0)
        row.addWidget(self._name)
        row.addStretch(1)

    def refresh(self) -> None:
        """Take the height that fits how the dock stands now."""
        alone = self._dock.isFloating() or not self._window.tabifiedDockWidgets(self._dock)
        high = 0 if not alone else HEIGHT
        if self._slim and alone and not self._dock.isFloating():
            high = SLIM
        self._name.setVisible(high == HEIGHT)
        if high != self._high:
            self._high = high
            self.updateGeometry()
            self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(80, self._high)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._high)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._high == 0:
            return
        now = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(now.panel))
        # The lower corners lie under the panel.
        painter.drawRoundedRect(self.rect().adjusted(0, 0, 0, 8), 8, 8)
        if self._high == SLIM:
            painter.setBrush(QColor(now.line))
            painter.drawRoundedRect(self.width() // 2 - 16, SLIM // 2 - 1, 32, 3, 1.5, 1.5)
        painter.end()
