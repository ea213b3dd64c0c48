"""The Go to Time dialog: one line to type into; what is no place stays there with a sentence."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.ui.form_parts import named
from app.ui.parts import button, label
from app.ui.typed_time import HINT, NotAPlace


class GoToDialog(QDialog):
    """Asks for a place; `chosen` is its time in microseconds once the dialog was accepted.

    find: makes a time out of what was typed; NotAPlace with a sentence. now: where one is.
    """

    def __init__(self, parent: QWidget | None, find: Callable[[str], int], now: str) -> None:
        super().__init__(parent)
        self.setWindowTitle("Go to Time")
        self.setAccessibleName("Go to Time")
        self.setMinimumWidth(420)
        self.chosen = 0
        self._find = find
        self.field = QLineEdit()
        self.field.setAccessibleName("Time or frame")
        self.field.setAccessibleDescription(HINT)
        self.field.setPlaceholderText(now)
        self.field.textEdited.connect(lambda _text: self._say(""))
        self.problem = label("", "cut", wrap=True)
        self.go = button("Go", "primary")
        self.go.setDefault(True)
        self.go.clicked.connect(self._go)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        for part in (named("Time or frame", self.field), self.field, self.problem):
            column.addWidget(part)
        column.addWidget(label(HINT, "hint", wrap=True))
        column.addSpacing(8)
        column.addLayout(row)
        self._say("")

    def _go(self) -> None:
        try:
            self.chosen = self._find(self.field.text())
        except NotAPlace as problem:
            self._say(str(problem))
            self.field.setFocus()
            self.field.selectAll()
            return
        self.accept()

    def _say(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
        self.field.setAccessibleDescription(sentence or HINT)
