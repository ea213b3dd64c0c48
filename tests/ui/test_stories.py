"""Films opened, opened again by another name, and left in the middle of something."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import qasync
from PySide6.QtWidgets import QApplication, QDialog

from app import composition
from app.composition import Keeptake
from app.core.edits import Strike
from app.services.folders import folders
from app.services.jobs import JobState
from app.services.ledger import Plan
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
