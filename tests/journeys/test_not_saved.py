"""What is in no file is not let go of unasked, neither by leaving nor by another film."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Coroutine
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.core.edits import Strike
from app.core.review import Decisions
from app.core.timerange import SECOND, TimeRange
from app.media.content_key import content_key
from app.services.folders import folders
from app.services.store import Store
from app.ui import file_stories, notices
from tests.journeys.conftest import Person, program
from tests.journeys.test_bad_input import ffmpeg, seen_notice
from tests.services.test_store import FOOTAGE

Run = Callable[[Coroutine[Any, Any, None]], None]


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Two seconds of picture."""
    path = tmp_path / "film.mp4"
    ffmpeg("-f", "lavfi", "-i", "testsrc=s=160x96:r=25:d=2", "-pix_fmt", "yuv420p", path)
    return path


async def changed(person: Person, film: Path) -> None:
    """The film open and something decided about it."""
    await person.program.files.open(film, play=False)
    person.program.review.do(Strike(TimeRange(0, SECOND)))


async def answered(person: Person, button: str) -> None:
    dialog = await person.dialog("Not Saved")
    person.press(dialog, button)
    await person.until(lambda: not dialog.isVisible(), 5)
    await asyncio.sleep(0.1)


def test_a_project_that_another_window_has_open_is_not_lost_by_leaving(
    journey: Run, film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / "mine.keeptake"

    async def chosen(*_asked: object) -> Path:
        return mine

    async def story() -> None:
        monkeypatch.setattr(notices, "choose_save_file", chosen)
        first = Store(folders().projects)
        with closing(first.open_for(film, content_key(film), FOOTAGE)):
            async with program() as person:
                await changed(person, film)
                assert "open in another Keeptake window" in seen_notice(person)
                person.program.window.close()
                await answered(person, file_stories.CANCEL)
                assert not person.program.leaving.is_set()
                person.choose("Quit")
                await answered(person, file_stories.SAVE_AS)
                await person.until(person.program.leaving.is_set, 5, "leaving")
            with closing(first.open_file(mine)) as kept:
                assert kept.decisions != Decisions()

    journey(story())


def test_a_full_disk_asks_before_another_film_and_goes_on_where_there_is_room(
    journey: Run, film: Path, tmp_path: Path
) -> None:
    other = Path(shutil.copy(film, tmp_path / "other.mp4"))
    with other.open("ab") as file:
        file.write(bytes(100))

    async def story() -> None:
        async with program() as person:
            await changed(person, film)
            project = person.program.film.opened.project  # type: ignore[union-attr]
            await asyncio.to_thread(project.flush)
            writer = project._writer
            writer.read(lambda db: db.execute("PRAGMA max_page_count = 1").fetchone())
            project.save_answer("vision", bytes(400_000), "nanoclip")
            await person.until(lambda: project.in_memory, 10, "a full disk")
            opening = asyncio.create_task(person.program.files.open(other, play=False))
            await answered(person, file_stories.CANCEL)
            await opening
            assert person.program.film.opened.project is project  # type: ignore[union-attr]
            writer.read(lambda db: db.execute("PRAGMA max_page_count = 100000").fetchone())
            await person.program.files.open(other, play=False)
            assert person.program.film.opened.project is not project  # type: ignore[union-attr]

    journey(story())


def test_what_is_saved_is_left_without_a_question(journey: Run, film: Path) -> None:
    async def story() -> None:
        async with program() as person:
            await changed(person, film)
            person.choose("Quit")
            await person.until(person.program.leaving.is_set, 5, "leaving")

    journey(story())
