"""Dialogs that are awaited, on a loop that runs Qt as well."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
import qasync
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QInputDialog,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QWidget,
)

from app.core.errors import MediaError
from app.ui import notices


def run(app: QApplication, story: Coroutine[Any, Any, Any]) -> Any:
    """The story on Qt's own loop, closed afterwards."""
    loop = qasync.QEventLoop(app, already_running=False)
    asyncio.set_event_loop(loop)
    try:
        return loop.run_until_complete(asyncio.wait_for(story, 10))
    finally:
        loop.close()
        asyncio.set_event_loop(None)


def soon(app: QApplication, kind: type[QDialog], act: Callable[[Any], object]) -> None:
    """Once a dialog of this kind is open, do something with it."""

    def look() -> None:
        for window in app.topLevelWidgets():
            if isinstance(window, kind) and window.isVisible():
                act(window)
                return
        QTimer.singleShot(10, look)

    QTimer.singleShot(10, look)


def press(name: str) -> Callable[[QMessageBox], None]:
    def act(box: QMessageBox) -> None:
        next(b for b in box.buttons() if b.text() == name).click()

    return act


@pytest.mark.parametrize("answer", ["Remove them", "Keep them", "Go and decide"])
def test_the_answer_is_the_text_of_the_button(app: QApplication, answer: str) -> None:
    soon(app, QMessageBox, press(answer))
    choices = ("Remove them", "Keep them", "Go and decide")
    assert run(app, notices.ask(None, "Export", "2 undecided", choices)) == answer


def test_escape_is_the_last_button(app: QApplication) -> None:
    soon(app, QMessageBox, lambda box: box.reject())
    assert run(app, notices.ask(None, "Export", "?", ("Yes", "Cancel"))) == "Cancel"


def test_what_a_service_said_is_never_markup(app: QApplication) -> None:
    seen: list[str] = []

    def look(box: QMessageBox) -> None:
        seen.append(box.text())
        assert box.textFormat().name == "PlainText"
        box.accept()

    soon(app, QMessageBox, look)
    run(app, notices.tell(None, "NanoClip", "<b>bold</b>"))
    assert seen == ["<b>bold</b>"]


def test_the_details_of_an_error_are_one_click_away_as_plain_text(app: QApplication) -> None:
    seen: list[str] = []

    def look(dialog: notices.TextDialog) -> None:
        seen.append(dialog.findChild(QPlainTextEdit).toPlainText())
        dialog.accept()

    soon(app, QMessageBox, press("Details"))
    soon(app, notices.TextDialog, look)
    run(app, notices.tell_error(None, "Open", MediaError("It failed.", "Do.", "<i>raw</i>")))
    assert seen == ["<i>raw</i>"]


def test_a_cancelled_task_takes_its_dialog_with_it(app: QApplication) -> None:
    parent = QWidget()
    parent.show()

    async def story() -> None:
        task = asyncio.ensure_future(notices.tell(parent, "Title", "Text"))
        await asyncio.sleep(0.05)
        assert parent.findChildren(QMessageBox)[0].isVisible()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not any(b.isVisible() for b in parent.findChildren(QMessageBox))

    run(app, story())


def test_files_are_chosen_or_not(app: QApplication, tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(b"x")

    def choose(dialog: QFileDialog) -> None:
        # Typed, for Qt's selectFile does nothing once the field has the focus.
        dialog.findChildren(QLineEdit)[0].setText(str(film))
        dialog.done(QDialog.DialogCode.Accepted)

    QApplication.setAttribute(notices.Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    soon(app, QFileDialog, choose)
    chosen = run(app, notices.choose_open_file(None, "Open Video", "Video (*.mp4)", tmp_path))
    assert chosen == film
    soon(app, QFileDialog, lambda dialog: dialog.reject())
    assert run(app, notices.choose_save_file(None, "Export", "Video (*.mp4)", film)) is None


def test_a_line_of_text_is_asked_for(app: QApplication) -> None:
    def answer(dialog: QInputDialog) -> None:
        dialog.setTextValue("0:12")
        dialog.accept()

    soon(app, QInputDialog, answer)
    assert run(app, notices.ask_text(None, "Go to Time", "Time")) == "0:12"
    soon(app, QInputDialog, lambda dialog: dialog.reject())
    assert run(app, notices.ask_text(None, "Go to Time", "Time")) is None


def test_the_notice_bar_says_what_happened_and_goes_away(app: QApplication) -> None:
    bar = notices.NoticeBar()
    wanted: list[str] = []
    bar.details_wanted.connect(wanted.append)
    assert bar.isHidden()
    bar.show_error(MediaError("The video has vanished.", "Relink it.", "errno 2"))
    assert not bar.isHidden()
    assert bar.accessibleName() == "The video has vanished. Relink it."
    bar.details.click()
    assert wanted == ["errno 2"]
    bar.dismiss.click()
    assert bar.isHidden()
    bar.show_message("Export finished.")
    assert bar.details.isHidden()


def test_what_can_wait_is_said_once_the_notice_there_is_was_read(app: QApplication) -> None:
    bar = notices.NoticeBar()
    bar.mention("Nothing is heard.")
    assert bar.sentence.text() == "Nothing is heard."
    bar.show_message("The file is gone.")
    bar.mention("Nothing is heard.", "Connect something.")
    assert bar.sentence.text() == "The file is gone."
    bar.dismiss.click()
    assert (bar.sentence.text(), bar.hint.text()) == ("Nothing is heard.", "Connect something.")
    bar.dismiss.click()
    assert bar.isHidden()
    app.processEvents()
