"""Shorts rendered on this computer: one after the other, named apart, cancelled, gone on with."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.core.edits import Strike
from app.media import short
from app.media.probe import probe
from app.services.jobs import JobState
from app.state.here_renders import CANCELLED
from app.state.short_plan import ShortForm
from tests.core.speech import s
from tests.state.short_desk import FOUND, ShortDesk, short_desk

FORM = ShortForm("static", captions=False)
NAMES = ["The same.mp4", "The same.mp4", "A long one.mp4"]

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fast pictures: how they look is tested beside the renderer."""
    monkeypatch.setattr(short, "X264", ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "40"))


def run(tmp_path: Path, story: Callable[[ShortDesk], Awaitable[None]]) -> None:
    async def main() -> None:
        async with short_desk(tmp_path) as desk:
            await story(desk)

    asyncio.run(main())


async def opened(desk: ShortDesk, film: Path) -> None:
    await desk.open(film)
    desk.review.receive(moments=FOUND)


def states(desk: ShortDesk) -> list[str]:
    return [c.state for c in desk.clips]


def test_two_of_one_name_lie_beside_each_other_and_say_where(
    tmp_path: Path, ten_seconds: Path
) -> None:
    async def story(desk: ShortDesk) -> None:
        desk.folder.mkdir()
        (desk.folder / "The same.mp4").write_text("somebody's own")
        await opened(desk, ten_seconds)
        await desk.here.render(desk.moments[:2], FORM, NAMES[:2])
        await desk.quiet()
        assert desk.files == ["The same 2.mp4", "The same 3.mp4", "The same.mp4"]
        assert (desk.folder / "The same.mp4").read_text() == "somebody's own"
        assert states(desk) == ["downloaded", "downloaded"]
        assert [Path(c.path).name for c in desk.clips] == ["The same 2.mp4", "The same 3.mp4"]
        assert desk.made == [c.path for c in desk.clips]
        assert desk.shorts.short_of("a/2") == desk.folder / "The same 3.mp4"
        assert all(c.bytes == Path(c.path).stat().st_size for c in desk.clips)

    run(tmp_path, story)


def test_a_closed_film_is_let_go_of(tmp_path: Path, ten_seconds: Path) -> None:
    async def story(desk: ShortDesk) -> None:
        film = weakref.ref(await desk.open(ten_seconds))
        desk.review.receive(moments=FOUND)
        await desk.here.render(desk.moments[:1], FORM, NAMES[:1])
        await desk.quiet()
        await desk.close()
        gc.collect()
        assert film() is None

    run(tmp_path, story)


def test_a_file_that_comes_while_it_renders_is_not_written_over(
    tmp_path: Path, ten_seconds: Path
) -> None:
    async def story(desk: ShortDesk) -> None:
        await opened(desk, ten_seconds)
        await desk.here.render(desk.moments[2:], FORM, NAMES[2:])
        await desk.until(lambda: desk.files)
        (desk.folder / "A long one.mp4").write_text("downloaded meanwhile")
        await desk.quiet()
        assert desk.files == ["A long one 2.mp4", "A long one.mp4"]
        assert (desk.folder / "A long one.mp4").read_text() == "downloaded meanwhile"

    run(tmp_path, story)


def test_what_is_removed_is_left_out_or_stays_as_the_person_said(
    tmp_path: Path, ten_seconds: Path
) -> None:
    async def story(desk: ShortDesk) -> None:
        await opened(desk, ten_seconds)
        desk.review.do(Strike(s(6, 7)))
        for cuts, seconds in ((True, 2), (False, 3)):
            form = ShortForm("static", captions=False, cuts=cuts)
            await desk.here.render(desk.moments[2:], form, NAMES[2:])
            await desk.quiet()
            length = probe(Path(desk.made[-1])).duration / 1_000_000
            assert length == pytest.approx(seconds, abs=0.25)

    run(tmp_path, story)


def test_a_moment_of_which_nothing_is_kept_fails_with_a_reason_and_is_retried(
    tmp_path: Path, ten_seconds: Path
) -> None:
    async def story(desk: ShortDesk) -> None:
        await opened(desk, ten_seconds)
        desk.review.do(Strike(s(0.5, 2.5)))
        await desk.here.render(desk.moments[:1], FORM, NAMES[:1])
        await desk.quiet()
        assert states(desk) == ["failed"]
        assert "is removed" in desk.clips[0].error
        assert desk.files == []
        desk.review.undo()
        desk.here.retry(desk.shorts.records[0], "a/1")
        desk.here.retry(desk.shorts.records[0], "a/1")
        await desk.quiet()
        assert len(desk.runner.jobs) == 2, "not two at once of one clip"
        assert states(desk) == ["downloaded"]

    run(tmp_path, story)


def test_a_cancelled_one_is_marked_leaves_nothing_and_is_not_gone_on_with(
    tmp_path: Path, ten_seconds: Path
) -> None:
    async def story(desk: ShortDesk) -> None:
        await opened(desk, ten_seconds)
        await desk.here.render(desk.moments, FORM, NAMES)
        # One before it began, and the one that is rendered.
        for job in desk.runner.jobs[:2]:
            assert desk.here.owns(job)
            desk.here.cancel(job)
        await desk.quiet()
        assert states(desk) == ["failed", "failed", "downloaded"]
        assert desk.clips[0].error == CANCELLED
        assert desk.files == ["A long one.mp4"]
        desk.here.cancel(desk.runner.jobs[2])
        await desk.close()
        await desk.open(ten_seconds)
        assert len(desk.runner.jobs) == 3
        assert states(desk) == ["failed", "failed", "downloaded"]
        assert not desk.errors

    run(tmp_path, story)


def test_cancelled_in_the_middle_of_rendering_it_is_marked_too(
    tmp_path: Path, ten_seconds: Path
) -> None:
    async def story(desk: ShortDesk) -> None:
        await opened(desk, ten_seconds)
        await desk.here.render(desk.moments[2:], FORM, NAMES[2:])
        await desk.until(lambda: desk.files)
        desk.here.cancel(desk.runner.jobs[0])
        await desk.quiet()
        assert desk.runner.jobs[0].state is JobState.CANCELLED
        assert states(desk) == ["failed"]
        assert desk.files == []
        desk.here.retry(desk.shorts.records[0], "a/3")
        await desk.quiet()
        assert states(desk) == ["downloaded"]

    run(tmp_path, story)


def test_closed_in_the_middle_they_go_on_when_the_film_is_opened_again(
    tmp_path: Path, ten_seconds: Path
) -> None:
    async def first(desk: ShortDesk) -> None:
        await opened(desk, ten_seconds)
        await desk.here.render(desk.moments, FORM, NAMES)
        await desk.until(lambda: "downloaded" in states(desk))
        await desk.close()
        await desk.quiet()
        assert len(desk.files) in (1, 2)

    async def second(desk: ShortDesk) -> None:
        await desk.open(ten_seconds)
        assert len(desk.runner.jobs) in (1, 2)
        await desk.quiet()
        assert states(desk) == ["downloaded"] * 3
        assert desk.files == ["A long one.mp4", "The same 2.mp4", "The same.mp4"]
        assert len(desk.shorts.records) == 1

    run(tmp_path, first)
    run(tmp_path, second)


def test_one_that_was_put_before_the_program_could_say_so_is_not_made_again(
    tmp_path: Path, ten_seconds: Path
) -> None:
    from app.services.shorts_ledger import ShortsLedger

    async def story(desk: ShortDesk) -> None:
        await opened(desk, ten_seconds)
        await desk.here.render(desk.moments[:1], FORM, NAMES[:1])
        await desk.quiet()
        assert desk.film.opened
        ledger = ShortsLedger(desk.film.opened.project.journal, "here")
        ledger.note_clip(desk.shorts.records[0].id, "a/1", state="running")
        before = Path(desk.clips[0].path).stat().st_mtime_ns
        await desk.close()
        await desk.open(ten_seconds)
        await desk.quiet()
        assert desk.files == ["The same.mp4"]
        assert Path(desk.clips[0].path).stat().st_mtime_ns == before
        assert states(desk) == ["downloaded"]

    run(tmp_path, story)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, ten_seconds: Path) -> None:
    async def story(desk: ShortDesk) -> None:
        desk.folder.write_text("a file")
        await opened(desk, ten_seconds)
        await desk.here.render(desk.moments[:1], FORM, NAMES[:1])
        await desk.quiet()
        assert "cannot be made" in str(desk.runner.jobs[0].error)
        assert states(desk) == ["failed"]

    run(tmp_path, story)


def test_with_nothing_open_nothing_is_done(tmp_path: Path, qapp: QApplication) -> None:
    async def story(desk: ShortDesk) -> None:
        await desk.here.render((), FORM, [])
        desk.here.resume()
        assert desk.runner.jobs == ()

    run(tmp_path, story)
