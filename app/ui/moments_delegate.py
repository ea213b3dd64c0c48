"""How the list of moments paints and edits its cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from app.core.moments import Pick
from app.ui import moments_paint as paint

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from app.ui.moments_model import Index
    from app.ui.moments_table import MomentsTable


class MomentsDelegate(QStyledItemDelegate):
    """Paints from the model's rows and the view's state; Qt's own drawing is not used."""

    def __init__(self, view: MomentsTable) -> None:
        super().__init__(view)
        self._view = view

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view, model = self._view, self._view.model_
        row, column = model.shown[index.row()], model.columns[index.column()]
        at: QRect = option.rect
        chosen = index.row() in view.chosen_rows
        current = column == "poster" and view.currentIndex().row() == index.row()
        paint.paint_ground(painter, at, chosen=chosen, current=current and view.hasFocus())
        if row.pick is Pick.REJECTED:
            painter.setOpacity(0.8 if chosen else 0.55)
        if column == "poster":
            narrow = view.narrow
            number = "" if row.number is None or not narrow else str(row.number)
            paint.paint_poster(
                painter, at, row, view.posters.at(row.key, view.devicePixelRatioF()), number
            )
            if narrow:
                paint.paint_narrow(painter, at, row, model.best_for)
        else:
            paint.paint_cell(painter, at, row, column, model.best_for)
        painter.setOpacity(1.0)

    @override
    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> QLineEdit:
        field = QLineEdit(parent)
        field.setAccessibleName("Title")
        field.setPlaceholderText("As the service said")
        return field

    @override
    def setEditorData(self, editor: QWidget, index: Index) -> None:
        # Asked for again whenever the row changes, as while it renders: typed text stays.
        if not editor.property("filled"):
            editor.setProperty("filled", True)
            super().setEditorData(editor, index)

    @override
    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        where: QRect = option.rect
        left = paint.TEXT_LEFT - 9 if index.column() == 0 else -3
        editor.setGeometry(where.left() + left, where.top() + 3, where.width() - left - 8, 28)
