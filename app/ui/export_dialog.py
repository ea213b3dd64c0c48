"""The Export Cut dialog: as what, and where to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.ui import theme
from app.ui.parts import button, label

Format = Literal["mp4", "srt", "vtt"]
FORMATS: tuple[tuple[Format, str], ...] = (
    ("mp4", "Video (MP4)"),
    ("srt", "Captions (SRT)"),
    ("vtt", "Captions (VTT)"),
)


@dataclass(frozen=True)
class ExportWish:
    """What to write and where."""

    format: Format
    file: Path


class ExportDialog(QDialog):
    """Asks for format and file. After `accepted`, `wish` is the answer.

    Signals:
        browse_wanted: the person wants to choose the file in a file dialog; answer by `set_file`.
    """

    browse_wanted = Signal()

    def __init__(
        self, parent: QWidget | None, file: Path, length: str, has_words: bool, note: str = ""
    ) -> None:
        """file: suggested, of any suffix. length: "0:19.0 of 0:27.0". note: a further sentence."""
        super().__init__(parent)
        self.setWindowTitle("Export Cut")
        self.setAccessibleName("Export Cut")
        self.setMinimumWidth(520)
        self.format = QComboBox()
        self.format.setAccessibleName("Format")
        for value, text in FORMATS:
            self.format.addItem(text, value)
        if not has_words:
            self._disable_captions()
        self.file = QLineEdit(str(file.with_suffix(".mp4")))
        self.file.setAccessibleName("File")
        self.browse = button("Choose…", tip="Choose where to write")
        self.browse.clicked.connect(self.browse_wanted)
        self.length = QLineEdit(length)
        self.length.setAccessibleName("Length")
        self.length.setReadOnly(True)
        self.length.setFrame(False)
        self.problem = label("", "proposal", wrap=True)
        self.cancel = button("Cancel")
        self.cancel.clicked.connect(self.reject)
        self.export = button("Export", "primary")
        self.export.setDefault(True)
        self.export.clicked.connect(self.accept)
        self._arrange(note)
        self.format.currentIndexChanged.connect(self._match_suffix)
        self.file.textChanged.connect(self._check)
        self._check()

    def _disable_captions(self) -> None:
        model = self.format.model()
        assert isinstance(model, QStandardItemModel)
        for row in (1, 2):
            item = model.item(row)
            item.setEnabled(False)
            item.setToolTip("There are no words yet: analyse or import a transcript first")

    def _arrange(self, note: str) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(12)
        title = label("Export Cut", "heading")
        title.setFont(theme.ui(15, bold=True))
        column.addWidget(title)
        grid = QGridLayout()
        grid.setVerticalSpacing(8)
        grid.setColumnMinimumWidth(0, 90)
        grid.setColumnStretch(1, 1)
        for row, field in enumerate((self.format, self.file, self.length)):
            name = label(field.accessibleName(), "secondary")
            name.setBuddy(field)
            grid.addWidget(name, row, 0)
            grid.addWidget(field, row, 1)
        grid.addWidget(self.browse, 1, 2)
        column.addLayout(grid)
        if note:
            column.addWidget(label(note, "secondary", wrap=True))
        column.addWidget(self.problem)
        column.addStretch(1)
        row_ = QHBoxLayout()
        row_.addStretch(1)
        row_.addWidget(self.cancel)
        row_.addWidget(self.export)
        column.addLayout(row_)

    @property
    def chosen_format(self) -> Format:
        """The format in the combo box."""
        chosen: Format = self.format.currentData()
        return chosen

    @property
    def wish(self) -> ExportWish:
        """What the fields say now."""
        return ExportWish(self.chosen_format, Path(self.file.text()).expanduser())

    def set_file(self, path: Path) -> None:
        """The file chosen in a file dialog; its suffix follows the format."""
        self.file.setText(str(path))
        self._match_suffix()

    def _match_suffix(self) -> None:
        text = self.file.text().strip()
        known = {f".{value}" for value, _ in FORMATS}
        path = Path(text)
        if path.name and path.suffix.lower() in known:
            self.file.setText(str(path.with_suffix(f".{self.chosen_format}")))
        elif path.name and path.suffix.lower() != f".{self.chosen_format}":
            self.file.setText(f"{text}.{self.chosen_format}")
        self._check()

    def _check(self) -> None:
        text = self.file.text().strip()
        problem = ""
        path = Path(text).expanduser()
        if text and path.is_dir():
            problem = "This is a folder. Add a file name."
        elif text and not path.is_absolute():
            problem = "Give the whole path of the file."
        elif text and not path.parent.is_dir():
            problem = "There is no such folder."
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.export.setEnabled(bool(text) and not problem)
        self.file.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
