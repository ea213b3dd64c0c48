"""The Keyboard Shortcuts dialog: the actions table, as people read it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.ui.actions import TABLE, ActionRow, key_text
from app.ui.parts import button

ALSO: tuple[tuple[str, str, str], ...] = (
    ("Zoom the timeline", "Timeline", "Ctrl+wheel"),
    ("Step", "Timeline", "Wheel"),
    ("Pan the timeline", "Timeline", "Shift+wheel"),
    ("Go to the word", "Transcript", "Enter or double click"),
    ("By word, Shift extends", "Transcript", "Left, Right"),
    ("By sentence", "Transcript", "Ctrl+Left, Ctrl+Right"),
    ("By line", "Transcript", "Up, Down, Home, End"),
)
"""Keys and gestures a panel handles itself."""


def rows() -> tuple[tuple[str, str, str], ...]:
    """Action, where it is found, keys; only what has keys."""
    return (
        tuple((_name(row), row.menu or "Keys", key_text(row)) for row in TABLE if row.keys) + ALSO
    )


def _name(row: ActionRow) -> str:
    return f"{row.text} (not in this version yet)" if row.later else row.text


class ShortcutsDialog(QDialog):
    """Every key, to be searched."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard Shortcuts")
        self.setAccessibleName("Keyboard Shortcuts")
        self.resize(560, 600)
        self.search = QLineEdit()
        self.search.setAccessibleName("Find a shortcut")
        self.search.setPlaceholderText("Find an action or a key")
        self.search.textChanged.connect(self._filter)
        self.table = QTableWidget(0, 3)
        self.table.setAccessibleName("Shortcuts")
        self.table.setHorizontalHeaderLabels(["Action", "Where", "Keys"])
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        for texts in rows():
            at = self.table.rowCount()
            self.table.insertRow(at)
            for column, text in enumerate(texts):
                self.table.setItem(at, column, QTableWidgetItem(text))
        self.table.resizeColumnToContents(1)
        self.table.resizeColumnToContents(2)
        self.close_button = button("Close", "primary")
        self.close_button.clicked.connect(self.accept)
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(self.close_button)
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(16, 16, 16, 16)
        column_.setSpacing(12)
        column_.addWidget(self.search)
        column_.addWidget(self.table)
        column_.addLayout(last)

    def _filter(self, wanted: str) -> None:
        wanted = wanted.strip().casefold()
        for row in range(self.table.rowCount()):
            texts = (self.table.item(row, c) for c in range(3))
            shown = any(item and wanted in item.text().casefold() for item in texts)
            self.table.setRowHidden(row, not shown)
