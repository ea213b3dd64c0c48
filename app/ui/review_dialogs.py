"""Two small dialogs of the retake review: what else is to be found, and one cut's own padding."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.core.also_find import LONGEST_PAUSE, SHORTEST_PAUSE, AlsoFind
from app.core.timerange import SECOND, from_seconds, to_seconds
from app.ui.form_parts import check, seconds
from app.ui.parts import button, label

USUAL_PAUSE = SECOND
"""What is offered before a person chose a length."""


class AlsoFindDialog(QDialog):
    """Which proposals beside retakes are wanted; `chosen` says so once it was accepted."""

    def __init__(self, parent: QWidget | None, now: AlsoFind) -> None:
        super().__init__(parent)
        self.setWindowTitle("Also Find")
        self.setAccessibleName("Also Find")
        self.setMinimumWidth(380)
        self.pauses = check("Pauses longer than")
        self.pauses.setChecked(now.pauses_over is not None)
        least, most = to_seconds(SHORTEST_PAUSE), to_seconds(LONGEST_PAUSE)
        self.over = seconds("Pause length", most, 0.1, least=least)
        over = now.pauses_over if now.pauses_over is not None else USUAL_PAUSE
        self.over.setValue(to_seconds(over))
        self.over.setEnabled(self.pauses.isChecked())
        self.pauses.toggled.connect(self.over.setEnabled)
        self.fillers = check("Filler words")
        self.fillers.setChecked(now.fillers)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.pauses)
        row.addWidget(self.over)
        row.addStretch(1)
        told = (
            "Each becomes a proposal like any other: undecided until you accept or restore it, "
            "and counted as cut until then. Filler words are those of the transcript's language "
            "that are never anything else."
        )
        self.find_button = button("Find", "primary")
        last = _last(self, self.find_button)
        _column(self, row, self.fillers, label(told, "hint", wrap=True), last)

    @property
    def chosen(self) -> AlsoFind:
        """What is ticked."""
        over = from_seconds(self.over.value()) if self.pauses.isChecked() else None
        return AlsoFind(over, self.fillers.isChecked())


class CutPaddingDialog(QDialog):
    """The padding of one cut; `chosen` is microseconds or None for the project's, once accepted."""

    def __init__(self, parent: QWidget | None, now: int | None, project: int) -> None:
        super().__init__(parent)
        self.setWindowTitle("Padding of This Cut")
        self.setAccessibleName("Padding of This Cut")
        self.setMinimumWidth(380)
        self.own = QCheckBox("Its own")
        self.own.setAccessibleName("Its own")
        self.own.setChecked(now is not None)
        self.padding = seconds("Padding of this cut", 2.0, 0.02)
        self.padding.setValue(to_seconds(project if now is None else now))
        self.padding.valueChanged.connect(lambda _value: self.own.setChecked(True))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.own)
        row.addWidget(self.padding)
        row.addStretch(1)
        told = f"What is left beside the kept words; {to_seconds(project):.2f} s in this project."
        self.set_button = button("Set", "primary")
        _column(self, row, label(told, "hint", wrap=True), _last(self, self.set_button))

    @property
    def chosen(self) -> int | None:
        """Microseconds, or None where it is to be the project's."""
        return from_seconds(self.padding.value()) if self.own.isChecked() else None


def _last(dialog: QDialog, main: QPushButton) -> QHBoxLayout:
    main.setDefault(True)
    main.clicked.connect(dialog.accept)
    cancel = button("Cancel")
    cancel.clicked.connect(dialog.reject)
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addStretch(1)
    row.addWidget(cancel)
    row.addWidget(main)
    return row


def _column(dialog: QDialog, *parts: QWidget | QLayout) -> None:
    column = QVBoxLayout(dialog)
    column.setContentsMargins(16, 16, 16, 16)
    column.setSpacing(12)
    for part in parts:
        if isinstance(part, QWidget):
            column.addWidget(part)
        else:
            column.addLayout(part)
