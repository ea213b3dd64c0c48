"""A list of rows to tick, each with a title and further lines, painted; all of it is plain text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)
from typing_extensions import override

from app.ui import theme
from app.ui.card_painter import reads_right_to_left
from app.ui.text import isolated

LEFT, RIGHT, PAD, GAP = 34, 10, 8, 3
WRAPPED = int(Qt.TextFlag.TextWordWrap)


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One row. right: a short text beside the title. lines: (text, colour role of the theme)."""

    key: str
    title: str
    right: str = ""
    lines: tuple[tuple[str, str], ...] = ()

    @property
    def told(self) -> str:
        """Everything the row shows, for those who hear it."""
        parts = (isolated(self.title), self.right, *(text for text, _ in self.lines))
        return ", ".join(p for p in parts if p)


class CheckList(QListWidget):
    """Rows with a tick each.

    Signals:
        ticked_changed: another row is ticked, or one less.
    """

    ticked_changed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.rows: tuple[CheckRow, ...] = ()
        self.setItemDelegate(_Delegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setMinimumSize(220, 100)
        self.itemChanged.connect(lambda _item: self.ticked_changed.emit())

    def show_rows(self, rows: Sequence[CheckRow], ticked: frozenset[str]) -> None:
        """Other rows, or the same ones with other words; nothing is signalled."""
        rows = tuple(rows)
        same = [r.key for r in rows] == [r.key for r in self.rows]
        self.rows = rows
        self.blockSignals(True)
        if not same:
            self.clear()
            for _ in rows:
                self.addItem(QListWidgetItem())
        for number, row in enumerate(rows):
            item = self.item(number)
            item.setText(row.told)
            state = Qt.CheckState.Checked if row.key in ticked else Qt.CheckState.Unchecked
            item.setCheckState(state)
        self.blockSignals(False)
        if not same and rows:
            self.setCurrentRow(0)
        self.scheduleDelayedItemsLayout()
        self.viewport().update()

    @property
    def ticked(self) -> tuple[str, ...]:
        """Keys of what is ticked, as the rows come."""
        checked = Qt.CheckState.Checked
        return tuple(r.key for i, r in enumerate(self.rows) if self.item(i).checkState() == checked)


class _Delegate(QStyledItemDelegate):
    def __init__(self, view: CheckList) -> None:
        super().__init__(view)
        self._view = view

    @override
    def initStyleOption(self, option: QStyleOptionViewItem, index: Any) -> None:
        super().initStyleOption(option, index)
        # The words are painted here; the style draws the ground and the tick.
        option.text = ""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Any) -> QSize:
        wide = self._view.viewport().width()
        row = self._view.rows[index.row()]
        high = 2 * PAD + QFontMetrics(_title()).height() + 1
        for text, _ in row.lines:
            high += GAP + _high(text, wide - LEFT - RIGHT)
        return QSize(wide, high)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Any) -> None:
        own = QStyleOptionViewItem(option)
        self.initStyleOption(own, index)
        style = self._view.style() or QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, own, painter, self._view)
        at: QRect = option.rect
        now = theme.current()
        painter.save()
        painter.fillRect(at.left(), at.bottom(), at.width(), 1, QColor(now.line))
        if self._view.hasFocus() and self._view.currentIndex() == index:
            painter.fillRect(at.left(), at.top(), 2, at.height() - 1, QColor(now.accent))
        row = self._view.rows[index.row()]
        inner = at.adjusted(LEFT, PAD, -RIGHT, -PAD)
        y = inner.top() + self._paint_title(painter, inner, row) + GAP
        painter.setFont(theme.ui(12))
        for text, role in row.lines:
            high = _high(text, inner.width())
            painter.setPen(QColor(getattr(now, role)))
            line = QRect(inner.left(), y, inner.width(), high)
            painter.drawText(line, WRAPPED | int(Qt.AlignmentFlag.AlignLeft), text)
            y += high + GAP
        painter.restore()

    def _paint_title(self, painter: QPainter, inner: QRect, row: CheckRow) -> int:
        now, metrics = theme.current(), QFontMetrics(_title())
        high = metrics.height()
        first = QRect(inner.left(), inner.top(), inner.width(), high)
        vertical = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.mono(12))
        painter.setPen(QColor(now.text2))
        painter.drawText(first, int(vertical | Qt.AlignmentFlag.AlignRight), row.right)
        first.setRight(
            first.right() - QFontMetrics(theme.mono(12)).horizontalAdvance(row.right) - 8
        )
        backwards = reads_right_to_left(row.title)
        way = Qt.LayoutDirection.RightToLeft if backwards else Qt.LayoutDirection.LeftToRight
        painter.setLayoutDirection(way)
        painter.setFont(_title())
        painter.setPen(QColor(now.text1))
        flags = vertical | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute
        text = metrics.elidedText(row.title, Qt.TextElideMode.ElideRight, first.width())
        painter.drawText(first, int(flags | Qt.TextFlag.TextSingleLine), text)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        return high

    @override
    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: Any,
    ) -> bool:
        # The whole row is the target, not the small square alone.
        if not isinstance(event, QMouseEvent):
            return super().editorEvent(event, model, option, index)
        released = event.type() == QEvent.Type.MouseButtonRelease
        if not released or event.button() != Qt.MouseButton.LeftButton:
            return False
        return _toggle(model, index)


def _toggle(model: QAbstractItemModel, index: QModelIndex) -> bool:
    role = Qt.ItemDataRole.CheckStateRole
    ticked = Qt.CheckState(model.data(index, role)) == Qt.CheckState.Checked
    return model.setData(index, Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked, role)


def _title() -> QFont:
    return theme.ui(13, bold=True)


def _high(text: str, wide: int) -> int:
    metrics = QFontMetrics(theme.ui(12))
    return metrics.boundingRect(QRect(0, 0, max(40, wide), 4000), WRAPPED, text).height()
