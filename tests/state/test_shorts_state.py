"""Moments and shorts as jobs: agreed to once, gone on with, cancelled, downloaded once."""

from __future__ import annotations

import asyncio
import gc
import json
import weakref
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from app.core.edits import CorrectWord
from app.core.moments import Pick
from app.services.jobs import JobState
from app.services.shorts_ledger import FindPlan, ShortsLedger
from tests.core.speech import says
from tests.services.fake_cloud import Reply
from tests.services.fake_znippet import (
    ANALYZE,
    FILE,
    RENDER,
    UPLOADS,
    FakeZnippet,
    fake_znippet,
)
from tests.state.short_desk import PLAN, ShortDesk, asks, serve, short_desk

pytestmark = pytest.mark.usefixtures("qapp")

SETTINGS = {"framingMode": "subject", "captionBurnIn": True}
Story = Callable[[ShortDesk, FakeZnippet], Awaitable[None]]
Run = Callable[..., None]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run(story, …)`: each story in a program of its own, all with the same service."""

    def go(*stories: Story) -> None:
        async def main() -> None:
            async with fake_znippet() as znippet:
                asks(monkeypatch, znippet)
                serve(znippet, tmp_path)
                for story in stories:
                    async with short_desk(tmp_path) as desk:
                        await story(desk, znippet)
                        assert not desk.errors, desk.errors

        asyncio.run(main())

    return go


async def found(desk: ShortDesk) -> None:
    assert desk.shorts.find(PLAN)
    await desk.until(lambda: desk.moments)
    await desk.quiet()


async def order(desk: ShortDesk, *numbers: int) -> None:
    """Order these moments."""
    chosen = [m for m in desk.moments if m.number in numbers]
    names = [f"Short {m.number}.mp4" for m in chosen]
    assert await desk.shorts.render("znippet", chosen, SETTINGS, names)


def states(desk: ShortDesk) -> list[str]:
    return [c.state for c in desk.clips]


def test_from_a_yes_to_shorts_in_the_folder(run: Run, ten_seconds: Path) -> None:
    async def story(desk: ShortDesk, znippet: FakeZnippet) -> None:
        told: list[bool] = []
        desk.shorts.arrived.connect(lambda: told.append(True))
        await desk.open(ten_seconds)
        await found(desk)
        assert told == [True]
        assert [m.number for m in desk.moments] == [1, 2, 3]
        await order(desk, 1, 3)
        assert desk.runner.jobs[1].name == "Render 2 moments"
        assert desk.shorts.owns(desk.runner.jobs[1])
        await desk.until(lambda: states(desk) == ["downloaded"] * 2)
        await desk.quiet()
        assert desk.files == ["Short 1.mp4", "Short 3.mp4"]
        assert sorted(desk.made) == [str(desk.folder / n) for n in desk.files]
        first = desk.moments[0].key
        assert desk.shorts.short_of(first) == desk.folder / "Short 1.mp4"
        assert desk.shorts.short_of(desk.moments[1].key) is None
        assert [c.number for _, c in desk.shorts.clips_of(first)] == [1]
        assert desk.shorts.undownloaded == 0
        desk.shorts.download_waiting()
        desk.shorts.resume()
        assert all(j.state is JobState.DONE for j in desk.runner.jobs)
        assert (znippet.count(ANALYZE), znippet.count(RENDER)) == (1, 1)

    run(story)


def test_a_closed_film_is_let_go_of(run: Run, ten_seconds: Path) -> None:
    async def story(desk: ShortDesk, znippet: FakeZnippet) -> None:
        opened = weakref.ref(await desk.open(ten_seconds))
        await found(desk)
        await order(desk, 1)
        await desk.until(lambda: states(desk) == ["downloaded"])
        await desk.quiet()
        await desk.close()
        gc.collect()
        assert opened() is None

    run(story)


def test_what_was_found_is_there_when_the_film_is_opened_again(run: Run, ten_seconds: Path) -> None:
    async def first(desk: ShortDesk, znippet: FakeZnippet) -> None:
        await desk.open(ten_seconds)
        await found(desk)
        await desk.close()
        assert desk.shorts.records == ()

    async def second(desk: ShortDesk, znippet: FakeZnippet) -> None:
        await desk.open(ten_seconds)
        assert [m.number for m in desk.moments] == [1, 2, 3]
        assert desk.runner.jobs == ()

    run(first, second)


def test_opened_again_in_one_program_orders_go_to_the_open_projects_journal(
    run: Run, ten_seconds: Path
) -> None:
    async def story(desk: ShortDesk, znippet: FakeZnippet) -> None:
        await desk.open(ten_seconds)
        await found(desk)
        await desk.close()
        await desk.open(ten_seconds)
        await order(desk, 2)
        await desk.until(lambda: states(desk) == ["downloaded"])
        await desk.quiet()
        assert all(j.state is JobState.DONE for j in desk.runner.jobs)

    run(story)


def test_two_moments_of_one_name_get_files_of_their_own(run: Run, ten_seconds: Path) -> None:
    async def story(desk: ShortDesk, znippet: FakeZnippet) -> None:
        await desk.open(ten_seconds)
        await found(desk)
        await desk.shorts.render("znippet", desk.moments, SETTINGS, ["Same.mp4"] * 3)
        await desk.until(lambda: states(desk) == ["downloaded"] * 3)
        await desk.quiet()
        assert desk.files == ["Same 2.mp4", "Same 3.mp4", "Same.mp4"]
        assert len({c.path for c in desk.clips}) == 3

    run(story)


def test_one_clip_is_never_downloaded_twice_at_once(run: Run, ten_seconds: Path) -> None:
    async def story(desk: ShortDesk, znippet: FakeZnippet) -> None:
        await desk.open(ten_seconds)
        await found(desk)
        znippet.script[FILE] = [Reply(stall=True)]
        await order(desk, 1)
        await desk.until(lambda: znippet.count(FILE) == 1)
        record = desk.shorts.records[0]
        for _ in range(3):
            desk.shorts.download(record.id, record.clips[0].key)
            desk.shorts.download_waiting()
        downloads = [j for j in desk.runner.jobs if j.name.startswith("Download")]
        assert len(downloads) == 1
        assert desk.shorts.undownloaded == 1
        desk.shorts.cancel(downloads[0])
        await desk.quiet()
        assert desk.files == []
        desk.shorts.download(record.id, record.clips[0].key)
        await desk.until(lambda: states(desk) == ["downloaded"])
        await desk.quiet()
        assert desk.files == ["Short 1.mp4"]

    run(story)


@pytest.mark.parametrize("at", [UPLOADS, ANALYZE])
def test_looking_that_was_cancelled_is_not_gone_on_with_until_it_is_asked_for(
    run: Run, ten_seconds: Path, at: str
) -> None:
    async def first(desk: ShortDesk, znippet: FakeZnippet) -> None:
        znippet.polls_until_done = 10**6
        if at == UPLOADS:
            znippet.script[UPLOADS] = [Reply(stall=True)]
        await desk.open(ten_seconds)
        job = desk.shorts.find(PLAN)
        assert job
        await desk.until(lambda: znippet.count(at))
        await desk.until(lambda: at == UPLOADS or max(znippet.analyses.values()) > 0)
        desk.shorts.cancel(job)
        await desk.quiet()
        assert job.state is JobState.CANCELLED

    async def second(desk: ShortDesk, znippet: FakeZnippet) -> None:
        znippet.polls_until_done = 0
        await desk.open(ten_seconds)
        assert desk.runner.jobs == ()
        await found(desk)
        assert znippet.count(ANALYZE) == 1, "what was ordered before is waited for"

    run(first, second)


def test_an_order_that_was_set_aside_is_gone_on_with_for_nothing(
    run: Run, ten_seconds: Path
) -> None:
    async def first(desk: ShortDesk, znippet: FakeZnippet) -> None:
        await desk.open(ten_seconds)
        await found(desk)
        znippet.polls_until_done = 10**6
        await order(desk, 1, 2)
        await desk.until(lambda: desk.shorts.records[0].state == "asked")
        desk.shorts.cancel(desk.runner.jobs[1])
        await desk.quiet()
        await desk.until(lambda: desk.shorts.records[0].aside)

    async def second(desk: ShortDesk, znippet: FakeZnippet) -> None:
        znippet.polls_until_done = 0
        await desk.open(ten_seconds)
        assert desk.runner.jobs == ()
        desk.shorts.go_on(desk.shorts.records[0])
        await desk.until(lambda: states(desk) == ["downloaded"] * 2)
        await desk.quiet()
        assert not desk.shorts.records[0].aside
        assert znippet.count(RENDER) == 1

    run(first, second)


def test_a_film_closed_in_the_middle_goes_on_where_it_was(run: Run, ten_seconds: Path) -> None:
    async def story(desk: ShortDesk, znippet: FakeZnippet) -> None:
        znippet.polls_until_done = 3
        await desk.open(ten_seconds)
        desk.shorts.find(PLAN)
        await desk.until(lambda: znippet.count(ANALYZE))
        await desk.until(lambda: max(znippet.analyses.values()) > 0)
        await desk.close()
        await desk.quiet()
        assert desk.moments == ()
        await desk.open(ten_seconds)
        await desk.until(lambda: desk.moments)
        await order(desk, 1)
        await desk.until(lambda: any(n for _, n in znippet.orders.values()))
        await desk.close()
        assert desk.clips == []
        await desk.quiet()
        await desk.open(ten_seconds)
        await desk.until(lambda: states(desk) == ["downloaded"])
        await desk.quiet()
        assert (znippet.count(ANALYZE), znippet.count(RENDER)) == (1, 1)

    run(story)


def test_moments_of_a_film_that_was_closed_are_not_shown_in_the_next_one(
    run: Run, ten_seconds: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.mp4"
    other.write_bytes(ten_seconds.read_bytes() + b"\0" * 64)

    async def story(desk: ShortDesk, znippet: FakeZnippet) -> None:
        znippet.polls_until_done = 2
        await desk.open(ten_seconds)
        desk.shorts.find(PLAN)
        await desk.until(lambda: znippet.count(ANALYZE))
        # As it is closed by opening another one: nothing of it may arrive there.
        await desk.close()
        await desk.open(other)
        await desk.quiet()
        assert desk.moments == ()
        assert desk.shorts.records == ()

    run(story)


def test_an_order_of_unknown_fate_is_never_sent_again_by_itself(
    run: Run, ten_seconds: Path
) -> None:
    async def first(desk: ShortDesk, znippet: FakeZnippet) -> None:
        await desk.open(ten_seconds)
        await found(desk)
        znippet.script[RENDER] = [Reply(reset=True, after=True)]
        await order(desk, 1)
        await desk.quiet()
        assert desk.shorts.records[0].state == "unknown"
        desk.runner.retry(desk.runner.jobs[1])
        await desk.quiet()
        assert "not known" in str(desk.runner.jobs[1].error)
        assert znippet.count(RENDER) == 1

    async def second(desk: ShortDesk, znippet: FakeZnippet) -> None:
        await desk.open(ten_seconds)
        await desk.quiet()
        assert desk.runner.jobs == ()
        assert znippet.count(RENDER) == 1

    run(first, second)


def test_without_a_key_nothing_is_sent(
    run: Run, ten_seconds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(desk: ShortDesk, znippet: FakeZnippet) -> None:
        monkeypatch.delenv("ZNIPPET_LICENSE_KEY")
        await desk.open(ten_seconds)
        job = desk.shorts.find(PLAN)
        assert job
        await desk.quiet()
        assert "license key" in str(job.error)
        assert znippet.seen == []

    run(story)


def test_decisions_of_before_stay_when_moments_are_looked_for_again(
    run: Run, ten_seconds: Path
) -> None:
    async def story(desk: ShortDesk, znippet: FakeZnippet) -> None:
        from app.core.moment_edits import DecideMoments

        await desk.open(ten_seconds)
        await found(desk)
        desk.review.do(DecideMoments((desk.moments[0].key,), Pick.PICKED))
        before = desk.moments[0].key
        desk.shorts.find(FindPlan("znippet", length="long"))
        await desk.until(lambda: desk.moments[0].key != before)
        await desk.quiet()
        assert {m.pick for m in desk.moments} == {Pick.UNDECIDED}
        review = desk.review.review
        assert review
        assert review.decisions.picks == {before: Pick.PICKED}

    run(story)


def test_the_words_at_hand_go_to_the_local_service_as_corrected(
    run: Run, ten_seconds: Path
) -> None:
    async def story(desk: ShortDesk, znippet: FakeZnippet) -> None:
        await desk.open(ten_seconds)
        assert desk.shorts._words() is None
        desk.review.receive(transcript=says("ask knot what"))
        desk.review.do(CorrectWord(1, "not"))
        told = desk.shorts._words()
        assert told
        words = [w["text"] for w in json.loads(told[1])["words"]]
        assert words == ["ask", "not", "what"]

    run(story)


def test_with_nothing_open_nothing_is_asked(run: Run, ten_seconds: Path) -> None:
    async def story(desk: ShortDesk, znippet: FakeZnippet) -> None:
        assert desk.shorts.find(PLAN) is None
        assert await desk.shorts.render("znippet", (), SETTINGS, []) is None
        desk.shorts.resume()
        desk.shorts.download_waiting()
        desk.shorts.download("x", "y")
        assert (desk.runner.jobs, desk.shorts.records, znippet.seen) == ((), (), [])

    run(story)


def test_progress_is_shown_while_it_is_known(run: Run, ten_seconds: Path) -> None:
    async def story(desk: ShortDesk, znippet: FakeZnippet) -> None:
        opened = await desk.open(ten_seconds)
        await found(desk)
        znippet.polls_until_done = 10**6
        await order(desk, 1)
        record = desk.shorts.records[0]
        ledger = ShortsLedger(opened.project.journal, "znippet")
        ledger.set_progress(record.id, record.clips[0].key, 0.5)
        assert desk.shorts.clips_of(record.clips[0].key)[0][1].progress is None
        desk.shorts.refresh()
        assert desk.shorts.clips_of(record.clips[0].key)[0][1].progress == 0.5
        desk.shorts.cancel_all()
        await desk.quiet()

    run(story)
