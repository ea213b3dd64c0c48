"""Films opened, opened again by another name, and left in the middle of something."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import qasync
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLineEdit, QMessageBox

from app import composition
from app.composition import Keeptake
from app.core.edits import Strike
from app.core.errors import KeeptakeError
from app.services.credentials import Credentials
from app.services.folders import folders
from app.services.jobs import JobState
from app.services.ledger import Plan
from app.ui.report_dialog import ReportDialog
from app.ui.settings_dialog import KEPT, SettingsDialog
from app.ui.theme import apply
from tests.core.speech import s

Story = Callable[[Keeptake], Coroutine[Any, Any, None]]


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of picture."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    source = ["-f", "lavfi", "-i", "testsrc=s=64x48:r=25:d=2", "-pix_fmt", "yuv420p"]
    subprocess.run(["ffmpeg", "-v", "error", *source, str(path)], check=True)
    return path


@pytest.fixture
def film(footage: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(footage, tmp_path / "film.mp4"))


def with_program(qapp: QApplication, story: Story) -> None:
    apply(qapp, "dark")
    bugs: list[dict[str, Any]] = []

    async def main() -> None:
        async with AsyncExitStack() as stack:
            await story(await composition.build(stack, folders()))

    with qasync.QEventLoop(qapp) as loop:
        loop.set_exception_handler(lambda _loop, said: bugs.append(said))
        loop.run_until_complete(main())
    assert not bugs, bugs


def test_the_same_film_by_another_name_is_opened_to_be_kept(
    qapp: QApplication, film: Path, tmp_path: Path
) -> None:
    copy = Path(shutil.copy(film, tmp_path / "copy.mp4"))

    async def story(program: Keeptake) -> None:
        await program.files.open(film, play=False)
        program.review.do(Strike(s(0, 1)))
        await program.files.open(copy, play=False)
        opened = program.film.opened
        assert opened
        assert opened.project.video == copy
        assert not opened.project.in_memory
        assert opened.review.decisions.strikes == (s(0, 1),)
        before = opened.project
        await program.files.open(before.path, play=False)
        assert program.film.opened
        assert program.film.opened.project is not before
        assert not program.film.opened.project.in_memory
        same = program.film.opened
        await program.files.open(copy, play=False)
        assert program.film.opened is same
        await asyncio.sleep(0.1)
        assert [r for r in program.settings.current.recent if r == str(copy)]

    with_program(qapp, story)


def test_a_story_of_opening_that_is_cancelled_leaves_no_project_locked(
    qapp: QApplication, film: Path
) -> None:
    async def story(program: Keeptake) -> None:
        for rounds in (0, 3, 10, 30):
            opening = program.tasks.spawn(program.files.open(film, play=False))
            for _ in range(rounds):
                await asyncio.sleep(0.002)
            opening.cancel()
            await asyncio.gather(opening, return_exceptions=True)
            await program.files.close_film()
        await program.files.open(film, play=False)
        assert program.film.opened
        assert not program.film.opened.project.in_memory

    with_program(qapp, story)


def test_quitting_while_a_film_is_opened_ends_well(qapp: QApplication, film: Path) -> None:
    async def story(program: Keeptake) -> None:
        program.tasks.spawn(program.files.open(film))
        await asyncio.sleep(0.02)

    with_program(qapp, story)


def test_closing_the_film_stops_its_upload_too(
    qapp: QApplication, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NANOCLIP_API_KEY", "nc_live_0123456789")
    monkeypatch.setenv("NANOCLIP_BASE_URL", "http://127.0.0.1:9")

    async def story(program: Keeptake) -> None:
        await program.files.open(film, play=False)
        jobs = program.analysis.start(Plan("nanoclip", vision=False, retakes=False))
        await asyncio.sleep(0)
        await program.files.close_film()
        for job in jobs:
            assert await program.jobs.runner.finished(job) is JobState.CANCELLED
        assert program.review.review is None

    with_program(qapp, story)


def test_quitting_closes_the_dialogs_that_wait_for_an_answer(
    qapp: QApplication, film: Path
) -> None:
    async def story(program: Keeptake) -> None:
        await program.files.open(film, play=False)
        program.commands.run("export_cut")
        program.commands.run("settings")
        await asyncio.sleep(0.3)
        assert [w for w in qapp.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]

    with_program(qapp, story)
    assert not [w for w in qapp.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]


def test_recent_films_are_opened_by_their_whole_path(qapp: QApplication, film: Path) -> None:
    async def story(program: Keeptake) -> None:
        await program.files.open(film, play=False)
        await asyncio.sleep(0.1)
        assert [(r.label, r.path) for r in program.actions._recent] == [("film.mp4", str(film))]

    with_program(qapp, story)


async def until(true: Callable[[], object], seconds: float = 20) -> None:
    end = asyncio.get_running_loop().time() + seconds
    while not true():
        assert asyncio.get_running_loop().time() < end, "it did not become so"
        await asyncio.sleep(0.01)


def shown(kind: type[QDialog], title: str) -> list[QDialog]:
    widgets = QApplication.topLevelWidgets()
    return [
        w for w in widgets if isinstance(w, kind) and w.isVisible() and w.accessibleName() == title
    ]


async def press(title: str, text: str) -> str:
    """Press a button of the question of that title; what it said."""
    await until(lambda: shown(QMessageBox, title))
    box = shown(QMessageBox, title)[0]
    assert isinstance(box, QMessageBox)
    next(b for b in box.buttons() if b.text().replace("&", "") == text).click()
    return box.text()


async def choose(title: str, path: Path) -> None:
    """Choose a file in the dialog of that title."""
    await until(lambda: shown(QFileDialog, title))
    dialog = shown(QFileDialog, title)[0]
    assert isinstance(dialog, QFileDialog)
    # Typed, for Qt's selectFile does nothing once the field has the focus.
    dialog.findChildren(QLineEdit)[0].setText(str(path))
    dialog.accept()


async def saved_project(program: Keeptake, film: Path, to: Path) -> Path:
    """A project file with one strike in it, nothing open any more."""
    await program.files.open(film, play=False)
    program.review.do(Strike(s(0, 1)))
    assert program.film.opened
    await asyncio.to_thread(program.film.opened.project.save_as, to)
    await program.files.close_film()
    return to


def test_a_project_whose_video_was_renamed_finds_it_and_says_so(
    qapp: QApplication, film: Path, tmp_path: Path
) -> None:
    async def story(program: Keeptake) -> None:
        project = await saved_project(program, film, tmp_path / "cut.keeptake")
        renamed = film.rename(tmp_path / "ראיון.mp4")
        await program.files.open(project, play=False)
        opened = program.film.opened
        assert opened
        assert opened.project.video == renamed
        assert opened.review.decisions.strikes == (s(0, 1),)
        assert str(renamed) in " ".join(opened.notices)
        await program.files.close_film()
        await program.files.open(project, play=False)
        assert program.film.opened
        assert program.film.opened.notices == ()

    with_program(qapp, story)


def test_a_project_whose_video_is_gone_asks_and_takes_it_where_it_is_now(
    qapp: QApplication, film: Path, tmp_path: Path
) -> None:
    async def story(program: Keeptake) -> None:
        project = await saved_project(program, film, tmp_path / "cut.keeptake")
        elsewhere = tmp_path / "disk" / "film.mp4"
        elsewhere.parent.mkdir()
        film.rename(elsewhere)
        opening = asyncio.create_task(program.files.open(project, play=False))
        assert "is not where it was" in await press("Open Project", "Relink Video…")
        await choose("Relink Video", elsewhere)
        await opening
        assert program.film.opened
        assert program.film.opened.project.video == elsewhere
        assert program.film.opened.review.decisions.strikes == (s(0, 1),)

    with_program(qapp, story)


def test_another_video_is_taken_only_after_a_yes(
    qapp: QApplication, film: Path, tmp_path: Path
) -> None:
    other = tmp_path / "longer.mp4"
    source = ["-f", "lavfi", "-i", "testsrc=s=64x48:r=25:d=3", "-pix_fmt", "yuv420p"]
    subprocess.run(["ffmpeg", "-v", "error", *source, str(other)], check=True)
    text = tmp_path / "notes.mp4"
    text.write_text("no film", encoding="utf-8")

    async def story(program: Keeptake) -> None:
        project = await saved_project(program, film, tmp_path / "cut.keeptake")
        film.unlink()
        opening = asyncio.create_task(program.files.open(project, play=False))
        await press("Open Project", "Relink Video…")
        await choose("Relink Video", other)
        assert "it is 3.0 s long, not 2.0 s" in await press("Relink Video", "Cancel")
        await opening
        assert program.film.opened is None
        opening = asyncio.create_task(program.files.open(project, play=False))
        await press("Open Project", "Relink Video…")
        await choose("Relink Video", text)
        with pytest.raises(KeeptakeError):
            await opening
        opening = asyncio.create_task(program.files.open(project, play=False))
        await press("Open Project", "Relink Video…")
        await choose("Relink Video", other)
        await press("Relink Video", "Use It Anyway")
        await opening
        assert program.film.opened
        assert program.film.opened.review.decisions.strikes == (s(0, 1),)
        await program.files.close_film()
        await program.files.open(project, play=False)
        assert program.film.opened
        assert program.film.opened.project.video == other

    with_program(qapp, story)


def test_a_replaced_video_can_be_used_as_it_is(
    qapp: QApplication, film: Path, tmp_path: Path
) -> None:
    async def story(program: Keeptake) -> None:
        project = await saved_project(program, film, tmp_path / "cut.keeptake")
        film.write_bytes(film.read_bytes() + b"\0" * 10)
        opening = asyncio.create_task(program.files.open(project, play=False))
        said = await press("Open Project", "Use It Anyway")
        assert "is not the one this project was made for" in said
        await opening
        assert program.film.opened
        assert program.film.opened.project.video == film

    with_program(qapp, story)


def test_a_problem_is_reported_by_the_person_alone(
    qapp: QApplication, film: Path, tmp_path: Path
) -> None:
    async def story(program: Keeptake) -> None:
        await program.files.open(film, play=False)
        program.commands.run("report_problem")
        await until(lambda: shown(ReportDialog, "Report a Problem"))
        dialog = shown(ReportDialog, "Report a Problem")[0]
        assert isinstance(dialog, ReportDialog)
        said = dialog.text.toPlainText()
        assert "===== about.txt =====" in said
        assert "Film: mov,mp4" in said
        assert "Picture: VideoStream(" in said
        assert str(tmp_path) not in said
        dialog.save_wanted.emit()
        await choose("Save the Report", tmp_path / "report.zip")
        await until(lambda: "Saved as “report.zip”" in dialog.told.text())
        with zipfile.ZipFile(tmp_path / "report.zip") as archive:
            assert "about.txt" in archive.namelist()
        dialog.save_wanted.emit()
        await choose("Save the Report", tmp_path / "nowhere" / "report.zip")
        dialog.accept()

    with_program(qapp, story)


def test_settings_say_at_once_where_keys_are_kept(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def opened(program: Keeptake) -> SettingsDialog:
        program.commands.run("settings")
        await until(lambda: shown(SettingsDialog, "Settings"))
        dialog = shown(SettingsDialog, "Settings")[0]
        assert isinstance(dialog, SettingsDialog)
        return dialog

    async def without(program: Keeptake) -> None:
        dialog = await opened(program)
        assert "offers no credential store" in dialog.kept_where.text()
        assert "NANOCLIP_API_KEY" in dialog.kept_where.text()
        dialog.reject()

    async def with_one(program: Keeptake) -> None:
        dialog = await opened(program)
        assert dialog.kept_where.text() == KEPT
        dialog.reject()

    with_program(qapp, without)
    monkeypatch.setattr(Credentials.__init__, "__defaults__", (Drawer, os.environ, lambda _k: None))
    with_program(qapp, with_one)


class Drawer:
    """A credential store that is empty."""

    def get_password(self, service: str, username: str) -> str | None:
        """Nothing was ever put there."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Nobody looks into it."""

    def delete_password(self, service: str, username: str) -> None:
        """There is nothing in it."""
