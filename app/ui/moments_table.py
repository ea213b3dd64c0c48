"""The list of moments: a table where it is wide, one block a row where it is narrow."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableView,
)
from typing_extensions import override

from app.core.moments import Pick
from app.ui import moments_paint as paint
from app.ui.moment_rows import BEST_SCORE, MomentRow, valid_order
from app.ui.moments_delegate import MomentsDelegate
from app.ui.moments_model import MomentsModel, widths_for
from app.ui.moments_posters import Posters

if TYPE_CHECKING:
    from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent

NARROW_BELOW = 600
"""Pixels; a list less wide than that has no columns."""

HEADER_HEIGHT = 28
_DESCENDING_FIRST = ("score", "@")


class MomentsTable(QTableView):
    """The view on the moments, with what it is sorted and filtered by.

    Signals:
        chosen(str): the current moment or the selection around it changed by hand.
        activated(str): Enter or a double click on a moment.
        renamed(str, str): a key and the typed title. ordered: sorted otherwise by hand.
        narrowed(bool): it became narrow or wide. menu_wanted(QPoint): where on the screen.
    """

    chosen = Signal(str)
    activated = Signal(str)
    renamed = Signal(str, str)
    ordered = Signal()
    narrowed = Signal(bool)
    menu_wanted = Signal(QPoint)

    def __init__(self) -> None:
        super().__init__()
        self.narrow = False
        self.model_ = MomentsModel(self)
        self._quiet = 0
        self._told: tuple[str, tuple[str, ...]] = ("", ())
        self._kept: tuple[str, tuple[str, ...], int] = ("", (), 0)
        self._rows: frozenset[int] | None = None
        self.posters = Posters()
        self._room = 0
        self._dress()
        self.setModel(self.model_)
        # With the list's own, the header would ask, at each paint, whether every row is selected.
        self.horizontalHeader().setSelectionModel(QItemSelectionModel(self.model_, self))
        self.setItemDelegate(MomentsDelegate(self))
        self.model_.renamed.connect(self.renamed)
        self.model_.modelAboutToBeReset.connect(self._remember)
        self.model_.modelReset.connect(self._recall)
        self.selectionModel().selectionChanged.connect(lambda _a, _b: self._selected())
        self.selectionModel().currentRowChanged.connect(lambda _a, _b: self._tell())
        self.customContextMenuRequested.connect(
            lambda at: self.menu_wanted.emit(self.viewport().mapToGlobal(at))
        )

    def _dress(self) -> None:
        self.setAccessibleName("Moments")
        self.setProperty("role", "moments")
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.verticalScrollBar().setSingleStep(22)
        sides = self.verticalHeader()
        sides.hide()
        sides.setMinimumSectionSize(paint.ROW_HEIGHT)
        sides.setDefaultSectionSize(paint.ROW_HEIGHT)
        sides.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head = self.horizontalHeader()
        head.setFixedHeight(HEADER_HEIGHT)
        head.setMinimumSectionSize(24)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setSectionsClickable(True)
        head.setHighlightSections(False)
        head.sectionClicked.connect(lambda n: self.sort_as_clicked(self.model_.columns[n]))

    # What is shown

    @property
    def rows(self) -> tuple[MomentRow, ...]:
        """Every moment, shown or not."""
        return self.model_.rows

    @property
    def order(self) -> tuple[str, ...]:
        """Keys as displayed."""
        return self.model_.keys

    @property
    def sort(self) -> str:
        """What it is sorted by."""
        return valid_order(self.model_.order, self.model_.channels)

    @property
    def best_for(self) -> str:
        """The channel that stands out, or ""."""
        return self.model_.best_for

    @property
    def current(self) -> str:
        """Key of the current moment, or ""."""
        at = self.currentIndex()
        return self.model_.keys[at.row()] if at.isValid() else ""

    @property
    def selected(self) -> tuple[str, ...]:
        """Keys of the selected moments, as displayed."""
        return tuple(self.model_.keys[row] for row in sorted(self.chosen_rows))

    @property
    def chosen_rows(self) -> frozenset[int]:
        """Where the selected moments stand; asked for by every cell that is painted."""
        if self._rows is None:
            ranges = self.selectionModel().selection()
            parts = [ranges.at(n) for n in range(ranges.size())]
            self._rows = frozenset(
                row for part in parts for row in range(part.top(), part.bottom() + 1)
            )
        return self._rows

    def show_moments(self, rows: Sequence[MomentRow], channels: tuple[str, ...]) -> None:
        """Replace the rows and keep all else."""
        with _Quiet(self):
            reset = channels != self.model_.channels
            self.model_.show(rows, channels)
        if reset:
            self._lay_out()
        self._told = (self.current, self.selected)

    def show_current(self, key: str) -> None:
        """Make it the current one; a selection around it stays where it is that already."""
        if key == self.current:
            return
        row = self.model_.row_of(key)
        with _Quiet(self):
            if row is None:
                self.selectionModel().clear()
            else:
                at = self.model_.index(row, 0)
                self.setCurrentIndex(at)
                self.scrollTo(at)
        self._told = (self.current, self.selected)

    def set_order(self, order: str) -> None:
        """Sort by that; kept even while the channel it names has not arrived."""
        with _Quiet(self):
            self.model_.set_order(order or BEST_SCORE)

    def set_best_for(self, channel: str) -> None:
        """Sort by that channel and let it stand out; "" for none, sorted by score again."""
        before, self.model_.best_for = self.model_.best_for, channel
        if channel:
            self.set_order(f"-@{channel}")
        elif before and self.model_.order.endswith(f"@{before}"):
            self.set_order(BEST_SCORE)
        self._lay_out()
        self.viewport().update()

    def set_filter(self, query: str, only: Pick | None) -> None:
        """Show what matches; the selection keeps what is still shown."""
        with _Quiet(self):
            self.model_.set_filter(query, only)
        self._tell()

    def sort_as_clicked(self, column: str) -> None:
        """As a click on that column's header: sort by it, the second time the other way round."""
        if column in ("poster", "state"):
            return
        down = column.startswith(_DESCENDING_FIRST)
        if self.sort.removeprefix("-") == column:
            down = not self.sort.startswith("-")
        self.set_order(f"-{column}" if down else column)
        self.ordered.emit()

    def edit_title(self, key: str) -> None:
        """Open the field for the title in the list."""
        row = self.model_.row_of(key)
        if row is not None:
            self.edit(self.model_.index(row, 0 if self.narrow else 2))

    # Pictures

    def set_picture(self, key: str, image: QImage) -> None:
        """A moment's poster."""
        self.posters.put(key, image, self.devicePixelRatioF())
        row = self.model_.row_of(key)
        if row is not None:
            self.update(self.model_.index(row, 0))

    def forget_pictures(self) -> None:
        """None has a poster."""
        self.posters.clear()
        self.viewport().update()

    # Places

    def fit_to(self, width: int) -> None:
        """Columns for a list that wide, or none of them."""
        if width != self._room:
            self._room = width
            self._lay_out()

    def _lay_out(self) -> None:
        narrow = self._room < NARROW_BELOW
        # The scroll bar's place is kept free, so that columns do not jump as it comes and goes.
        room = max(120, self._room - 10)
        widths = (
            {"poster": room}
            if narrow
            else widths_for(room, self.model_.channels, self.best_for, self.rows)
        )
        for n, column in enumerate(self.model_.columns):
            self.setColumnHidden(n, column not in widths)
            if column in widths and self.columnWidth(n) != widths[column]:
                self.setColumnWidth(n, widths[column])
        self.horizontalHeader().setVisible(not narrow)
        if narrow != self.narrow:
            self.narrow = narrow
            self.narrowed.emit(narrow)

    def _remember(self) -> None:
        self._kept = (self.current, self.selected, self.verticalScrollBar().value())

    def _recall(self) -> None:
        current, selected, scrolled = self._kept
        self._rows = None
        rows = sorted(r for r in map(self.model_.row_of, selected) if r is not None)
        chosen, last = QItemSelection(), self.model_.columnCount() - 1
        # Neighbours as one range: Qt looks through the ranges one by one.
        for _, run in groupby(enumerate(rows), lambda pair: pair[1] - pair[0]):
            places = [row for _, row in run]
            chosen.select(self.model_.index(places[0], 0), self.model_.index(places[-1], last))
        flags = QItemSelectionModel.SelectionFlag
        self.setAutoScroll(False)
        self.selectionModel().select(chosen, flags.ClearAndSelect)
        if (row := self.model_.row_of(current)) is not None:
            self.selectionModel().setCurrentIndex(self.model_.index(row, 0), flags.NoUpdate)
        self.setAutoScroll(True)
        self.updateGeometries()
        self.verticalScrollBar().setValue(scrolled)

    # What the person does

    def _selected(self) -> None:
        self._rows = None
        self._tell()

    def _tell(self) -> None:
        now = (self.current, self.selected)
        if self._quiet == 0 and now != self._told:
            self._told = now
            self.chosen.emit(now[0])

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        # Qt moves first the current row, then the selection; both are told at once.
        with _Quiet(self):
            super().mousePressEvent(event)
        self._tell()

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            at = self.indexAt(event.position().toPoint())
            if at.isValid():
                self.activated.emit(self.model_.keys[at.row()])

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            if self.current:
                self.activated.emit(self.current)
            return
        plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        if plain and event.text().strip() and event.key() != Qt.Key.Key_Escape:
            # A letter is a shortcut's, or nobody's: the list does not jump to titles by it.
            event.ignore()
            return
        with _Quiet(self):
            super().keyPressEvent(event)
        self._tell()

    @override
    def keyboardSearch(self, search: str) -> None:
        """Nothing: letters pick and reject here."""


class _Quiet:
    """While it lasts, the table tells nobody what is chosen."""

    def __init__(self, table: MomentsTable) -> None:
        self._table = table

    def __enter__(self) -> None:
        self._table._quiet += 1  # noqa: SLF001 - one thing in two classes

    def __exit__(self, *_raised: object) -> None:
        self._table._quiet -= 1  # noqa: SLF001
