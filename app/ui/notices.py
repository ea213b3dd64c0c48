"""Every message, question and file dialog, awaited; and the quiet bar for errors in the window.

Nothing here calls `exec()`: a dialog is opened, and a future holds the answer (law 9).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QInputDialog,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from app.core.errors import KeeptakeError
from app.ui.parts import button, label, set_look


async def finished(dialog: QDialog) -> int:
    """Open the dialog over its parent and wait for its result code; the caller reads the rest.

    A cancelled task closes its dialog. Its accessible name is its title where it has no other.
    """
    dialog.setAccessibleName(dialog.accessibleName() or dialog.windowTitle())
    answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def settle(code: int) -> None:
        if not answer.done():
            answer.set_result(code)

    dialog.finished.connect(settle)
    dialog.open()
    try:
        return await answer
    finally:
        # Gone already where its parent was deleted under it.
        if isValid(dialog):
            dialog.finished.disconnect(settle)
            dialog.hide()
            dialog.deleteLater()


async def ask(
    parent: QWidget | None, title: str, text: str, buttons: Sequence[str], more: str = ""
) -> str:
    """The text of the button that was pressed; the last of `buttons` stands for Escape.

    The first is the main one. `more` is said below, smaller.
    """
    box = QMessageBox(parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(title)
    box.setAccessibleName(title)
    box.setText(text)
    box.setInformativeText(more)
    made = {}
    for i, name in enumerate(buttons):
        last = i == len(buttons) - 1 and i > 0
        role = QMessageBox.ButtonRole.RejectRole if last else QMessageBox.ButtonRole.AcceptRole
        made[name] = box.addButton(name, role)
        made[name].setAccessibleName(name)
    made[buttons[0]].setProperty("role", "primary")
    box.setDefaultButton(made[buttons[0]])
    box.setEscapeButton(made[buttons[-1]])
    await finished(box)
    pressed = box.clickedButton()
    return next((name for name, b in made.items() if b is pressed), buttons[-1])


async def tell(parent: QWidget | None, title: str, text: str, more: str = "") -> None:
    """Say something that has to be read, with one button."""
    await ask(parent, title, text, ("OK",), more)


async def tell_error(parent: QWidget | None, title: str, error: KeeptakeError) -> None:
    """An error's sentence and hint, and what is behind it on request."""
    buttons = ("OK", "Details") if error.detail else ("OK",)
    if await ask(parent, title, error.sentence, buttons, error.hint) == "Details":
        await show_text(parent, "Details", error.detail)


async def show_text(parent: QWidget | None, title: str, text: str) -> None:
    """A raw answer or technical text, to be read and copied, as plain text."""
    await finished(TextDialog(parent, title, text))


async def ask_text(parent: QWidget | None, title: str, question: str, text: str = "") -> str | None:
    """One line typed by the person, or None where it was cancelled."""
    dialog = QInputDialog(parent)
    dialog.setWindowTitle(title)
    dialog.setLabelText(question)
    dialog.setTextValue(text)
    dialog.setInputMode(QInputDialog.InputMode.TextInput)
    for field in dialog.findChildren(QLineEdit):
        field.setAccessibleName(question)
        field.selectAll()
    done = await finished(dialog)
    return dialog.textValue() if done == QDialog.DialogCode.Accepted else None


async def choose_open_file(
    parent: QWidget | None, title: str, filters: str, folder: Path | None = None
) -> Path | None:
    """An existing file, or None; `filters` as Qt writes them: "Video (*.mp4 *.mov);;All (*)"."""
    dialog = QFileDialog(parent, title, str(folder) if folder else "", filters)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return await _chosen(dialog)


async def choose_save_file(
    parent: QWidget | None, title: str, filters: str, suggested: Path
) -> Path | None:
    """A path to write to, or None; the dialog itself asks before an existing file is replaced."""
    dialog = QFileDialog(parent, title, str(suggested.parent), filters)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setDefaultSuffix(suggested.suffix.removeprefix("."))
    dialog.selectFile(suggested.name)
    return await _chosen(dialog)


async def choose_folder(parent: QWidget | None, title: str, folder: Path) -> Path | None:
    """An existing folder, or None."""
    dialog = QFileDialog(parent, title, str(folder))
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return await _chosen(dialog)


async def _chosen(dialog: QFileDialog) -> Path | None:
    if await finished(dialog) != QDialog.DialogCode.Accepted:
        return None
    files = dialog.selectedFiles()
    return Path(files[0]) if files else None


class TextDialog(QDialog):
    """Plain text, to be read and copied, and nothing else."""

    def __init__(self, parent: QWidget | None, title: str, text: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.resize(560, 360)
        self.text = QPlainTextEdit(text)
        self.text.setReadOnly(True)
        self.text.setAccessibleName(title)
        copy = button("Copy")
        copy.clicked.connect(self._copy)
        close = button("Close", "primary")
        close.setShortcut(QKeySequence(QKeySequence.StandardKey.Cancel))
        close.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addWidget(copy)
        row.addStretch(1)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.text)
        column.addLayout(row)

    def _copy(self) -> None:
        self.text.selectAll()
        self.text.copy()


class NoticeBar(QFrame):
    """One notice at the window's edge: what happened, what to do, and no interruption.

    Signals:
        details_wanted(str): the technical text behind the notice is to be shown.
        dismissed: the person has read it.
    """

    details_wanted = Signal(str)
    dismissed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("notice_bar")
        self.setAccessibleName("Notice")
        self.setProperty("card", "failed")
        self._detail = ""
        self._waiting: tuple[str, str] | None = None
        self.sentence = label("", "heading", wrap=True)
        self.hint = label("", "secondary", wrap=True)
        self.details = button("Details")
        self.details.clicked.connect(lambda: self.details_wanted.emit(self._detail))
        self.dismiss = button("Dismiss")
        self.dismiss.clicked.connect(self._dismiss)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.sentence)
        words.addWidget(self.hint)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(8)
        row.addLayout(words, 1)
        row.addWidget(self.details)
        row.addWidget(self.dismiss)
        self.hide()

    def show_error(self, error: KeeptakeError) -> None:
        """An error's sentence and hint; a newer one takes the place of an older."""
        self._show("failed", error.sentence, error.hint, error.detail)

    def show_message(self, sentence: str, hint: str = "") -> None:
        """Something worth knowing that is no error."""
        self._show("true", sentence, hint, "")

    def mention(self, sentence: str, hint: str = "") -> None:
        """Something that can wait until the notice there is was read."""
        if self.isHidden():
            self.show_message(sentence, hint)
        else:
            self._waiting = sentence, hint

    def _show(self, look: str, sentence: str, hint: str, detail: str) -> None:
        set_look(self, "card", look)
        self._detail = detail
        self.sentence.setText(sentence)
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self.details.setVisible(bool(detail))
        self.setAccessibleName(f"{sentence} {hint}".strip())
        self.show()

    def clear(self) -> None:
        """Take the notice away, as when another video is opened."""
        self.hide()

    def _dismiss(self) -> None:
        self.hide()
        self.dismissed.emit()
        waiting, self._waiting = self._waiting, None
        if waiting:
            self.mention(*waiting)
