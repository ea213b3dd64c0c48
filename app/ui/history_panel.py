"""The History panel: every step by its name, the one where one is, and those undone."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)
from typing_extensions import override

from app.ui import theme
from app.ui.card_model import Index
from app.ui.parts import Panel
from app.ui.text import counted

FIRST = "As opened"
"""What the row before the first step is called."""

_NOWHERE = QModelIndex()
_HIGH = 30


class HistoryModel(QAbstractListModel):
    """Row 0 is the beginning, row n is step n; `at` is the row where one is."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.steps: tuple[str, ...] = ()
        self.at = 0

    def show(self, steps: Sequence[str], at: int) -> None:
        """Other steps: only the rows that came, went or are named otherwise are told."""
        new = tuple(steps)
        same = _common(self.steps, new)
        if same < len(self.steps):
            self.beginRemoveRows(QModelIndex(), same + 1, len(self.steps))
            self.steps = self.steps[:same]
            self.endRemoveRows()
        if same < len(new):
            self.beginInsertRows(QModelIndex(), same + 1, len(new))
            self.steps = new
            self.endInsertRows()
        if at != self.at:
            before, self.at = self.at, at
            first, last = min(before, at), min(len(new), max(before, at))
            self.dataChanged.emit(self.index(first), self.index(last))

    @override
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else 1 + len(self.steps)

    @override
    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        row = index.row()
        name = self.steps[row - 1] if row else FIRST
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return name
            case Qt.ItemDataRole.AccessibleTextRole:
                where = ", current" if row == self.at else ", undone" if row > self.at else ""
                return name + where
            case _:
                return None


def _common(old: tuple[str, ...], new: tuple[str, ...]) -> int:
    """How many names are the same from the beginning."""
    most = min(len(old), len(new))
    if old[:most] == new[:most]:
        return most
    return next(i for i in range(most) if old[i] != new[i])


class _Delegate(QStyledItemDelegate):
    def __init__(self, model: HistoryModel) -> None:
        super().__init__(model)
        self._model = model

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, _HIGH)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        now, row = theme.current(), index.row()
        at, here = option.rect, row == self._model.at
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(at, QColor(now.raised))
        if here:
            painter.fillRect(at.left() + 10, at.top() + 6, 3, at.height() - 12, QColor(now.accent))
        number = str(row) if row else ""
        painter.setFont(theme.mono(11))
        painter.setPen(QColor(now.text2))
        wide = at.adjusted(14, 0, -14, 0)
        painter.drawText(wide, _RIGHT, number)
        painter.setFont(theme.ui(theme.UI_PIXELS, bold=here))
        painter.setPen(QColor(now.text1 if row <= self._model.at else now.text3))
        text = painter.fontMetrics().elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, wide.width() - 60
        )
        painter.drawText(wide.adjusted(8, 0, -50, 0), _LEFT, text)
        painter.restore()


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class HistoryPanel(Panel):
    """Steps, oldest first.

    Signals:
        go(int): how many steps are to be done, as `ReviewState.go_to` takes it.
    """

    go = Signal(int)

    def __init__(self) -> None:
        super().__init__("History")
        self.view = QListView()
        self.view.setAccessibleName("Steps")
        self.view.setUniformItemSizes(True)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.model = HistoryModel(self)
        self.view.setModel(self.model)
        self.view.setItemDelegate(_Delegate(self.model))
        self.view.clicked.connect(self._went)
        self.view.activated.connect(self._went)
        self.column.addSpacing(6)
        self.column.addWidget(self.view, 1)

    def show_steps(self, steps: Sequence[str], at: int) -> None:
        """All steps, and how many of them are done now."""
        self.model.show(steps, at)
        index = self.model.index(at)
        if self.view.currentIndex().row() != at:
            self.view.setCurrentIndex(index)
            self.view.scrollTo(index)
        done = counted(at, "step")
        undone = len(self.model.steps) - at
        self.view.setAccessibleDescription(f"{done}, {undone} undone" if undone else done)

    def _went(self, index: QModelIndex) -> None:
        if index.row() != self.model.at:
            self.go.emit(index.row())
