"""The Keyboard Shortcuts dialog: the actions table as people read it, and other keys for it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.ui.actions import ActionRow, Actions, keys_text
from app.ui.key_binding import Keys, bindable, given, holders, keys_of, reset, tidy, without
from app.ui.parts import button, label

ALSO: tuple[tuple[str, str, str], ...] = (
    ("Zoom the timeline", "Timeline", "Ctrl+wheel"),
    ("Step", "Timeline", "Wheel"),
    ("Pan the timeline", "Timeline", "Shift+wheel"),
    ("Scroll the lanes", "Timeline", "Alt+wheel"),
    ("Without snapping", "Timeline", "Alt or Ctrl while dragging"),
    ("Extend the selection", "Timeline", "Shift+click"),
    ("Put back a moved edge", "Timeline", "Double click"),
    ("Edit a marker", "Timeline", "Double click"),
    ("Go to the word", "Transcript", "Enter or double click"),
    ("By word, Shift extends", "Transcript", "Left, Right"),
    ("By sentence", "Transcript", "Ctrl+Left, Ctrl+Right"),
    ("By line", "Transcript", "Up, Down, Home, End"),
)
"""Keys and gestures a panel handles itself; they stay as they are."""

_PORTABLE = QKeySequence.SequenceFormat.PortableText
_NATIVE = QKeySequence.SequenceFormat.NativeText


class ShortcutsDialog(QDialog):
    """Every action with its keys, to be searched and changed.

    keep: told what a person bound, to be remembered; `actions` has it already then.
    """

    def __init__(
        self, parent: QWidget | None, actions: Actions, keep: Callable[[Keys], object]
    ) -> None:
        super().__init__(parent)
        self._actions = actions
        self._keep = keep
        self._rows = bindable()
        self.setWindowTitle("Keyboard Shortcuts")
        self.setAccessibleName("Keyboard Shortcuts")
        self.resize(600, 640)
        self.search = QLineEdit()
        self.search.setAccessibleName("Find a shortcut")
        self.search.setPlaceholderText("Find an action or a key")
        self.search.textChanged.connect(self._filter)
        self.table = self._build_table()
        self.said = label("", "secondary", wrap=True)
        self.close_button = button("Close", "primary")
        self.close_button.clicked.connect(self.accept)
        self.reset_all_button = button("Reset All", tip="Every key as at first")
        self.reset_all_button.clicked.connect(lambda: self._bind({}))
        last = QHBoxLayout()
        last.addWidget(self.reset_all_button)
        last.addStretch(1)
        last.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.search)
        column.addWidget(self.table)
        column.addLayout(self._build_editor())
        column.addWidget(self.said)
        column.addLayout(last)
        self._show_keys()
        self._choose()

    def _build_table(self) -> QTableWidget:
        table = QTableWidget(0, 3)
        table.setAccessibleName("Shortcuts")
        table.setHorizontalHeaderLabels(["Action", "Where", "Keys"])
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        texts = [(row.text, row.menu or "Keys", "") for row in self._rows]
        table.setRowCount(len(texts) + len(ALSO))
        for at, cells in enumerate((*texts, *ALSO)):
            for column, text in enumerate(cells):
                table.setItem(at, column, QTableWidgetItem(text))
        table.currentCellChanged.connect(lambda *_cells: self._choose())
        return table

    def _build_editor(self) -> QHBoxLayout:
        self.key = QKeySequenceEdit()
        self.key.setAccessibleName("New key")
        self.key.setMaximumSequenceLength(1)
        self.key.keySequenceChanged.connect(lambda _key: self._warn())
        self.set_button = button("Set Key", tip="The chosen action has this key alone")
        self.set_button.clicked.connect(self._set)
        self.remove_button = button("Remove Keys")
        self.remove_button.clicked.connect(self._remove)
        self.reset_button = button("Reset", tip="The keys this action had at first")
        self.reset_button.clicked.connect(self._reset)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.key, 1)
        for part in (self.set_button, self.remove_button, self.reset_button):
            row.addWidget(part)
        return row

    @property
    def chosen(self) -> ActionRow | None:
        """The action of the current row, or None."""
        at = self.table.currentRow()
        return self._rows[at] if 0 <= at < len(self._rows) else None

    def _choose(self) -> None:
        row = self.chosen
        for part in (self.key, self.set_button, self.remove_button, self.reset_button):
            part.setEnabled(row is not None)
        self.key.clear()
        if row is not None:
            self.remove_button.setEnabled(bool(keys_of(row, self._actions.bound)))
            self.reset_button.setEnabled(row.id in self._actions.bound)
        self._warn()

    def _warn(self) -> None:
        """Say who has the typed key now."""
        row, key = self.chosen, self._typed()
        self.set_button.setEnabled(row is not None and bool(key))
        if row is None:
            self.said.setText("Choose an action to give it another key.")
        elif not key:
            self.said.setText(f"Press the new key for “{row.text}” in the field above.")
        elif taken := holders(key, row, self._actions.bound):
            names = ", ".join(f"“{other.text}”" for other in taken)
            self.said.setText(f"{self._native(key)} belongs to {names}, which would lose it.")
        else:
            self.said.setText(f"{self._native(key)} is free.")

    def _typed(self) -> str:
        return self.key.keySequence().toString(_PORTABLE)

    def _native(self, key: str) -> str:
        return QKeySequence(key).toString(_NATIVE)

    def _set(self) -> None:
        row, key = self.chosen, self._typed()
        if row is not None and key:
            self._bind(given(key, row, self._actions.bound))

    def _remove(self) -> None:
        if row := self.chosen:
            self._bind(without(row, self._actions.bound))

    def _reset(self) -> None:
        if row := self.chosen:
            self._bind(reset(row, self._actions.bound))

    def _bind(self, keys: Keys) -> None:
        self._actions.bind(tidy(keys))
        self._keep(self._actions.bound)
        self._show_keys()
        self._choose()

    def _show_keys(self) -> None:
        for at, row in enumerate(self._rows):
            item = self.table.item(at, 2)
            if item is not None:
                item.setText(keys_text(keys_of(row, self._actions.bound)))
        self.table.resizeColumnToContents(1)
        self.table.resizeColumnToContents(2)
        self.reset_all_button.setEnabled(bool(self._actions.bound))

    def _filter(self, wanted: str) -> None:
        wanted = wanted.strip().casefold()
        for row in range(self.table.rowCount()):
            texts = (self.table.item(row, c) for c in range(3))
            shown = any(item and wanted in item.text().casefold() for item in texts)
            self.table.setRowHidden(row, not shown)
