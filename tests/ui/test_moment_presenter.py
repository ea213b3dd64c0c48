"""Moments in the panes: posters, guide, warnings, another film, and hundreds of them at once."""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import time
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import qasync
from PySide6.QtWidgets import QApplication

from app import composition
from app.composition import Keeptake
from app.core.edits import Strike
from app.core.moments import Moment, Moments, Pick, PlacedMoment
from app.core.timerange import SECOND, TimeRange
from app.media import stills
from app.media.stills import Still
from app.services.folders import folders
from app.services.shorts_ledger import new_record
from app.ui import leisure
from app.ui.theme import apply
from tests.core.speech import s, says

Story = Callable[[Keeptake], Coroutine[Any, Any, None]]


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Four seconds of picture, and of sound alone."""
    folder = tmp_path_factory.mktemp("films")
    picture, sound = folder / "film.mp4", folder / "sound.m4a"
    source = ["-f", "lavfi", "-i", "testsrc=s=64x48:r=25:d=4", "-pix_fmt", "yuv420p"]
    subprocess.run(["ffmpeg", "-v", "error", *source, str(picture)], check=True)
    source = ["-f", "lavfi", "-i", "sine=d=4"]
    subprocess.run(["ffmpeg", "-v", "error", *source, str(sound)], check=True)
    return picture, sound


@pytest.fixture
def run(qapp: QApplication) -> Callable[[Story], None]:
    """`run(story)`: on the whole program; errors in callbacks fail the test."""
    apply(qapp, "dark")

    def go(story: Story) -> None:
        bugs: list[dict[str, Any]] = []

        async def main() -> None:
            async with AsyncExitStack() as stack:
                await story(await composition.build(stack, folders()))

        with qasync.QEventLoop(qapp) as loop:
            loop.set_exception_handler(lambda _loop, said: bugs.append(said))
            loop.run_until_complete(main())
        assert not bugs, bugs

    return go


def numbered(count: int, length: float = 1.0) -> Moments:
    """That many moments, spread over three seconds, with scores for five channels."""
    channels = ("tiktok", "youtube_shorts", "instagram_reels", "facebook_reels", "linkedin")
    items = tuple(
        Moment(
            n, s(3 * n / count, 3 * n / count + length), f"Moment {n} of them",
            "What it is about, in a sentence.", float(n * 37 % 100),
            tuple((key, float(n * 7 % 100)) for key in channels), ("tag", "other"),
        )
        for n in range(count)
    )  # fmt: skip
    return Moments("a", items)


async def opened(program: Keeptake, film: Path, moments: Moments | None = None) -> None:
    program.window.resize(1366, 768)
    program.window.show()
    program.window.show_panel("Moments")
    await program.files.open(film, play=False)
    if moments:
        program.review.receive(moments=moments)
    await asyncio.sleep(0.05)


async def until(true: Callable[[], object], seconds: float = 20) -> None:
    end = asyncio.get_running_loop().time() + seconds
    while not true():
        assert asyncio.get_running_loop().time() < end, "it did not become so"
        await asyncio.sleep(0.01)


def test_moments_have_rows_posters_and_warnings(
    run: Callable[[Story], None], films: tuple[Path, Path]
) -> None:
    async def story(program: Keeptake) -> None:
        panel = program.window.panes.moments
        await opened(program, films[0], numbered(4))
        assert len(panel.table.rows) == 4
        await until(lambda: len(program.moments._posters) == 4)
        # Words without an end within the moments.
        program.review.receive(transcript=says("one two three four five six seven eight nine ten"))
        await until(lambda: any(row.warnings for row in panel.table.rows))
        row = next(row for row in panel.table.rows if row.warnings)
        assert program.moments.warnings(row.key) == row.warnings
        program.review.receive(transcript=None)
        await until(lambda: not any("sentence" in w for r in panel.table.rows for w in r.warnings))

    run(story)


def test_the_guide_is_there_while_a_moment_of_a_picture_is_chosen(
    run: Callable[[Story], None], films: tuple[Path, Path]
) -> None:
    async def story(program: Keeptake) -> None:
        video = program.window.panes.video
        await opened(program, films[0], numbered(2))
        assert video._guide is None
        program.moment_commands.choose("a/0")
        await until(lambda: video._guide is not None)
        before = video._guide
        program.review.do(Strike(s(3, 3.5)))
        await asyncio.sleep(0.1)
        assert video._guide is before, "an edit elsewhere moves no crop"
        program.moment_commands.move("a/0", s(0, 2))
        await until(lambda: video._guide is not before)
        program.actions.action("framing_guide").trigger()
        assert video._guide is None
        program.actions.action("framing_guide").trigger()
        await until(lambda: video._guide is not None)
        program.moment_commands.choose("")
        assert video._guide is None

    run(story)


def test_sound_alone_and_no_film_have_no_guide_and_no_posters(
    run: Callable[[Story], None], films: tuple[Path, Path]
) -> None:
    async def story(program: Keeptake) -> None:
        program.moments.show()
        program.moments.show_guide()
        await opened(program, films[1], numbered(2))
        program.moment_commands.choose("a/1")
        program.moments.set_framing("grid")
        await asyncio.sleep(0.1)
        assert program.window.panes.video._guide is None
        assert program.moments._posters == {}
        await program.files.close_film()
        assert program.window.panes.moments.table.rows == ()

    run(story)


def test_the_next_film_has_posters_and_warnings_of_its_own(
    run: Callable[[Story], None], films: tuple[Path, Path], tmp_path: Path
) -> None:
    other = tmp_path / "other.mp4"
    source = ["-f", "lavfi", "-i", "color=red:s=64x48:r=25:d=4", "-pix_fmt", "yuv420p"]
    subprocess.run(["ffmpeg", "-v", "error", *source, str(other)], check=True)

    async def story(program: Keeptake) -> None:
        table = program.window.panes.moments.table
        await opened(program, films[0], numbered(40))
        await until(lambda: program.moments._posters)
        told: list[Still] = []
        program.moments._pictures.poster_made.connect(lambda _key, still: told.append(still))
        await program.files.open(other, play=False)
        told.clear()
        assert table.rows == ()
        program.review.receive(moments=numbered(3))
        await until(lambda: len(program.moments._posters) == 3)
        await asyncio.sleep(0.1)
        assert len(told) == 3, "none of the film before"
        assert all(still.bgrx[2] > 200 and still.bgrx[1] < 50 for still in told)

    run(story)


def test_what_cannot_be_pictured_is_told_once_and_not_at_every_edit(
    run: Callable[[Story], None], films: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.core.errors import MediaError

    tried: list[Path] = []

    def reader(path: Path) -> None:
        tried.append(path)
        raise MediaError("Unreadable.")

    async def story(program: Keeptake) -> None:
        monkeypatch.setattr(leisure, "LONGEST", 0.0)
        await opened(program, films[0])
        monkeypatch.setattr(stills, "StillReader", reader)
        program.review.receive(moments=numbered(3))
        await asyncio.sleep(0.1)
        for n in range(3):
            program.review.do(Strike(s(n, n + 0.5)))
            program.moment_commands.decide(("a/1",), Pick.PICKED if n % 2 else Pick.REJECTED)
            await asyncio.sleep(0.02)
        assert len(tried) == 1

    run(story)


def test_edits_do_not_begin_the_posters_anew(
    run: Callable[[Story], None], films: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(program: Keeptake) -> None:
        monkeypatch.setattr(leisure, "LONGEST", 0.0)
        made: list[str] = []
        program.moments._pictures.poster_made.connect(lambda key, _still: made.append(key))
        await opened(program, films[0], numbered(30))
        while len(program.moments._posters) < 30:
            program.moment_commands.decide(("a/1",), Pick.PICKED)
            program.review.undo()
            await asyncio.sleep(0.005)
        assert sorted(made) == sorted(f"a/{n}" for n in range(30))
        program.moment_commands.move("a/0", s(0, 2.8))
        program.moment_commands.move("a/1", s(1, 3))
        await until(lambda: len(made) == 31)
        assert made[30:] == ["a/1"], "the first one's poster is of the same frame"

    run(story)


def took(do: Callable[[], object], times: int = 7) -> float:
    """Milliseconds of the processor, the middle one of some: other programs take none of them."""
    told = []
    for _ in range(times):
        began = time.thread_time()
        do()
        told.append(1000 * (time.thread_time() - began))
    return statistics.median(told)


def test_hundreds_of_moments_leave_the_window_its_time(
    run: Callable[[Story], None], films: tuple[Path, Path]
) -> None:
    async def story(program: Keeptake) -> None:
        await opened(program, films[0], numbered(500))
        await until(lambda: len(program.moments._posters) == 500, 60)
        film = program.film.opened
        assert film
        chosen = program.moment_commands.all[:100]
        names = ["Short.mp4"] * 100
        new_record(film.project.journal, "here", chosen, {"framing": "grid"}, names)
        flags = [Pick.PICKED, Pick.REJECTED] * 20

        def decide() -> None:
            program.moment_commands.decide(("a/7",), flags.pop())

        def strike() -> None:
            at = len(flags) * 0.05
            program.review.do(Strike(TimeRange(int(at * SECOND), int((at + 0.02) * SECOND))))
            flags.pop()

        figures = {
            "show": took(program.moments.show),
            "show_shorts": took(program.moments.show_shorts),
            "refresh": took(program.shorts.refresh),
            "decide, everything": took(decide),
            "strike, everything": took(strike),
        }
        assert figures["show"] < 8, figures
        assert figures["show_shorts"] < 8, figures

    run(story)


def test_a_row_is_the_same_until_something_of_it_changes(
    run: Callable[[Story], None], films: tuple[Path, Path]
) -> None:
    async def story(program: Keeptake) -> None:
        await opened(program, films[0], numbered(3))

        def row(n: int) -> object:
            moment = program.moment_commands.moment(f"a/{n}")
            assert isinstance(moment, PlacedMoment)
            return program.moments._row(moment)

        first, second = row(1), row(2)
        program.moment_commands.decide(("a/1",), Pick.PICKED)
        assert row(2) is second
        assert row(1) is not first
        assert next(r for r in program.window.panes.moments.table.rows if r.key == "a/1") is row(1)

    run(story)
