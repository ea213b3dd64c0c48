"""The report of a problem as a person reads it before they send it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.form_parts import roomy
from app.ui.parts import button, label, set_look

INTRODUCTION = (
    "Keeptake sends nothing. This is everything the report holds: read it, then save or copy it "
    "and send it with what you did and what happened. Keys, web addresses and transcripts are not "
    "in it; names of files and titles of moments may be."
)


class ReportDialog(QDialog):
    """Text to be read, and buttons to copy and save it.

    Signals:
        save_wanted: a file is to be chosen and written; answer by `tell`.
    """

    save_wanted = Signal()

    def __init__(self, parent: QWidget | None, text: str) -> None:
        super().__init__(parent)
        self.setWindowTitle("Report a Problem")
        self.setAccessibleName("Report a Problem")
        self.text = QPlainTextEdit(text)
        self.text.setReadOnly(True)
        self.text.setAccessibleName("The report")
        self.text.setFont(theme.mono(11))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.told = label("", "secondary", wrap=True)
        copy = button("Copy")
        copy.clicked.connect(self._copy)
        save = button("Save…", "primary")
        save.setDefault(True)
        save.clicked.connect(self.save_wanted)
        close = button("Close")
        close.setShortcut(QKeySequence(QKeySequence.StandardKey.Cancel))
        close.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addWidget(copy)
        row.addWidget(self.told, 1)
        row.addWidget(close)
        row.addWidget(save)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(12)
        column.addWidget(label(INTRODUCTION, "secondary", wrap=True))
        column.addWidget(self.text, 1)
        column.addLayout(row)
        roomy(self, 760, 560)

    def tell(self, text: str, *, good: bool) -> None:
        """What came of saving."""
        set_look(self.told, "role", "keep" if good else "cut")
        self.told.setText(text)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.tell("Copied.", good=True)
