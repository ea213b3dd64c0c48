"""The open film's proxy: found, built when it is calm, let go of with the film."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from app.core.timerange import SECOND, TimeRange
from app.services.jobs import JobRunner, JobState
from app.state.proxy_state import ProxyRules, ProxyState
from app.state.tasks import Tasks
from tests.media import proxy_films as films

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty seconds: three chunks."""
    return films.film(
        tmp_path_factory.mktemp("film") / "film.mp4", films.regular(300, Fraction(10))
    )


class Desk:
    """A proxy state with jobs of its own."""

    def __init__(self, root: Path, film: Path, calm: float = 0.0) -> None:
        self.rules = ProxyRules(root, 1 << 40)
        self.runner = JobRunner(lambda: None)
        self.errors: list[object] = []
        self.tasks = Tasks(self.errors.append)
        self.state = ProxyState(self.runner, self.tasks, lambda: self.rules, calm)
        self.notices: list[str] = []
        self.changes = 0
        self.state.notice.connect(self.notices.append)
        self.state.changed.connect(self._changed)
        self.film, self.plan = film, films.plan_of(film)

    def _changed(self) -> None:
        self.changes += 1

    def open(self) -> None:
        self.state.open(self.film, self.plan)

    async def until(self, there: Callable[[], object]) -> None:
        async with asyncio.timeout(30):
            while not there():  # noqa: ASYNC110 - of whatever it is
                await asyncio.sleep(0.01)

    async def ended(self) -> JobState:
        await self.until(lambda: self.state.job)
        assert self.state.job
        return await self.runner.finished(self.state.job)


def run(desk: Desk, story: Callable[[Desk], Awaitable[None]]) -> None:
    async def main() -> None:
        try:
            await story(desk)
        finally:
            desk.state.close()
            await desk.tasks.close()
            await desk.runner.close()

    asyncio.run(main())
    assert not desk.errors


def test_a_film_that_is_opened_gets_its_proxy_by_a_job(tmp_path: Path, film: Path) -> None:
    async def story(desk: Desk) -> None:
        desk.open()
        assert desk.state.proxy is None
        assert await desk.ended() is JobState.DONE
        proxy, job = desk.state.proxy, desk.state.job
        assert proxy
        assert job
        assert proxy.covers(TimeRange(0, 30 * SECOND))
        assert job.name == "Preview proxy"
        assert "× real time" in job.stage
        assert "GB an hour" in job.stage
        assert desk.changes >= 4
        assert await desk.state.bytes() > 0

    run(Desk(tmp_path, film), story)


def test_a_proxy_that_is_there_is_used_without_a_job(tmp_path: Path, film: Path) -> None:
    films.build(film, tmp_path)

    async def story(desk: Desk) -> None:
        desk.open()
        await desk.until(lambda: desk.state.proxy)
        await asyncio.sleep(0.2)
        assert desk.state.job is None
        assert desk.state.proxy
        assert desk.state.proxy.covers(TimeRange(0, 30 * SECOND))

    run(Desk(tmp_path, film), story)


def test_nothing_is_built_before_it_is_calm(tmp_path: Path, film: Path) -> None:
    async def story(desk: Desk) -> None:
        desk.open()
        await desk.until(lambda: desk.state.proxy)
        await asyncio.sleep(0.2)
        assert desk.state.job is None

    run(Desk(tmp_path, film, calm=60), story)


def test_closing_the_film_ends_the_job(tmp_path: Path, film: Path) -> None:
    async def story(desk: Desk) -> None:
        desk.open()
        await desk.until(lambda: desk.state.job)
        job = desk.state.job
        assert job
        desk.state.close()
        assert desk.state.proxy is None
        assert await desk.runner.finished(job) is JobState.CANCELLED

    run(Desk(tmp_path, film), story)


@pytest.mark.parametrize("how", [{"build": False}, {"limit": 0}])
def test_nothing_is_built_where_the_person_wants_none(
    tmp_path: Path, film: Path, how: dict[str, int]
) -> None:
    desk = Desk(tmp_path, film)
    desk.rules = replace(desk.rules, **how)

    async def story(desk: Desk) -> None:
        desk.open()
        await desk.until(lambda: desk.state.proxy)
        await asyncio.sleep(0.2)
        assert desk.state.job is None
        desk.rules = ProxyRules(tmp_path, 1 << 40)
        desk.state.rules_changed()
        assert await desk.ended() is JobState.DONE

    run(desk, story)


def test_a_cancelled_job_does_not_begin_again_by_itself(tmp_path: Path, film: Path) -> None:
    async def story(desk: Desk) -> None:
        desk.open()
        await desk.until(lambda: desk.state.job)
        job = desk.state.job
        assert job
        desk.runner.cancel(job)
        assert await desk.runner.finished(job) is JobState.CANCELLED
        desk.state.wanted(25 * SECOND, ())
        await asyncio.sleep(0.2)
        assert desk.runner.jobs == (job,)
        desk.runner.retry(job)
        assert await desk.runner.finished(job) is JobState.DONE

    run(Desk(tmp_path, film), story)


def test_a_disk_that_takes_nothing_is_said_once(tmp_path: Path, film: Path) -> None:
    (tmp_path / "root").write_text("a file where the folder should be")

    async def story(desk: Desk) -> None:
        desk.open()
        assert await desk.ended() is JobState.FAILED
        desk.state.wanted(25 * SECOND, ())
        await asyncio.sleep(0.2)
        assert len(desk.runner.jobs) == 1
        assert len(desk.notices) == 1
        assert "works without it" in desk.notices[0]
        assert desk.state.proxy
        assert not desk.state.proxy.built

    run(Desk(tmp_path / "root", film), story)


def test_clearing_deletes_all_and_the_open_film_stays_without(tmp_path: Path, film: Path) -> None:
    async def story(desk: Desk) -> None:
        desk.open()
        assert await desk.ended() is JobState.DONE
        assert desk.state.proxy
        assert desk.state.proxy.still(SECOND)
        await desk.state.clear()
        assert await desk.state.bytes() == 0
        assert not desk.state.proxy.built
        assert desk.state.proxy.still(SECOND) is None
        desk.state.wanted(25 * SECOND, ())
        await asyncio.sleep(0.2)
        assert len(desk.runner.jobs) == 1

    run(Desk(tmp_path, film), story)


def test_held_wholly_it_makes_no_sound_either_and_says_why(tmp_path: Path, film: Path) -> None:
    async def story(desk: Desk) -> None:
        desk.state.hold("playing", True, wholly=True)
        desk.open()
        await desk.until(lambda: desk.state.job and "while the video plays" in desk.state.job.stage)
        await asyncio.sleep(0.3)
        assert desk.state.proxy
        assert not desk.state.proxy.heard
        desk.state.hold("playing", True)
        await desk.until(lambda: desk.state.proxy and desk.state.proxy.heard)
        assert not desk.state.proxy.built
        desk.state.hold("playing", False, wholly=True)
        assert await desk.ended() is JobState.DONE

    run(Desk(tmp_path, film), story)


def test_it_stands_still_while_it_is_held(tmp_path: Path, film: Path) -> None:
    async def story(desk: Desk) -> None:
        desk.state.hold("export", True)
        desk.state.hold("playing", True)
        desk.open()
        await desk.until(lambda: desk.state.job)
        desk.state.hold("playing", False)
        await asyncio.sleep(1)
        assert desk.state.proxy
        assert not desk.state.proxy.built
        desk.state.hold("export", False)
        assert await desk.ended() is JobState.DONE

    run(Desk(tmp_path, film), story)


def test_a_retry_after_the_film_was_closed_says_so(tmp_path: Path, film: Path) -> None:
    async def story(desk: Desk) -> None:
        desk.open()
        await desk.until(lambda: desk.state.job)
        job = desk.state.job
        assert job
        desk.state.close()
        await desk.runner.finished(job)
        desk.runner.retry(job)
        assert await desk.runner.finished(job) is JobState.FAILED
        assert job.error
        assert "not open" in job.error.sentence

    run(Desk(tmp_path, film), story)
