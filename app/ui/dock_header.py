"""The frame of a dock: its name while it stands alone, the tabs' ground, the rounded body."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QMainWindow, QTabBar, QVBoxLayout, QWidget
from typing_extensions import override

from app.ui import theme
from app.ui.parts import label

HEIGHT = 36
SLIM = 10


def _ground(painter: QPainter, rect: QRect, *, top: bool) -> None:
    """A panel's ground with its upper or its lower corners rounded, the others square."""
    box = QRectF(rect)
    shape = QPainterPath()
    far = box.adjusted(0, 0, 0, 16) if top else box.adjusted(0, -16, 0, 0)
    shape.addRoundedRect(far, theme.CORNER, theme.CORNER)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipRect(rect)
    painter.fillPath(shape, QColor(theme.current().panel))


class DockBody(QWidget):
    """What lies under a dock's header or tabs: a hairline, then the panel itself."""

    def __init__(self, content: QWidget, *, line: bool = True) -> None:
        super().__init__()
        self._line = line
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 1 if line else 0, 0, 0)
        column.addWidget(content)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        _ground(painter, self.rect(), top=False)
        if self._line:
            painter.fillRect(0, 0, self.width(), 1, QColor(theme.current().line))
        painter.end()


class TabGround(QObject):
    """Paints the panel's ground under tab bars that Qt makes for tabbed docks."""

    def lie_under(self, bar: QTabBar) -> None:
        """Paint under this bar from now on; again does no harm."""
        bar.removeEventFilter(self)
        bar.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and isinstance(watched, QTabBar):
            painter = QPainter(watched)
            _ground(painter, watched.rect(), top=True)
            painter.end()
        return False


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
        row.setContentsMargins(16, 0, 8, 0)
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
        _ground(painter, self.rect(), top=True)
        painter.setPen(Qt.PenStyle.NoPen)
        if self._high == HEIGHT:
            painter.setBrush(QColor(now.raised))
            painter.drawRoundedRect(self._name.geometry().adjusted(-9, 5, 9, -5), 6, 6)
        else:
            painter.setBrush(QColor(now.line))
            painter.drawRoundedRect(self.width() // 2 - 16, SLIM // 2 - 1, 32, 3, 1.5, 1.5)
        painter.end()
