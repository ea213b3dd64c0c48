"""From moments to finished shorts: on the sample with the local service, and with a Znippet."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox

from app.composition import SAMPLE, resources
from app.core.moments import Pick, PlacedMoment
from app.core.timerange import SECOND
from app.services.jobs import JobState
from app.services.shorts_ledger import ShortsLedger
from app.ui.card_painter import Card
from app.ui.cards import CardList
from tests.journeys.conftest import Person, name_of, program
from tests.services.fake_cloud import Reply
from tests.services.fake_znippet import (
    ANALYZE,
    DEVICE,
    FILE,
    LICENSE,
    RENDER,
    UPLOADS,
    FakeZnippet,
    fake_znippet,
)

Run = Callable[[Coroutine[Any, Any, None]], None]


def moments(person: Person) -> tuple[PlacedMoment, ...]:
    return person.program.moment_commands.all


def probed(path: Path) -> dict[str, Any]:
    """What ffprobe says of a finished short."""
    told = subprocess.run(
        ["ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", str(path)],
        check=True,
        capture_output=True,
    ).stdout
    streams = {s["codec_type"]: s for s in json.loads(told)["streams"]}
    assert (streams["video"]["width"], streams["video"]["height"]) == (1080, 1920)
    assert "audio" in streams
    return dict(json.loads(told)["format"])


async def find(person: Person, **choices: str) -> None:
    """Find Moments… and start looking."""
    before = len(person.jobs)
    person.choose("Find Moments…")
    dialog = await person.dialog("Find Moments")
    for name, item in choices.items():
        person.select(dialog, name.replace("_", " "), item)
    person.press(dialog, "Start")
    await person.until(lambda: len(person.jobs) > before, 5, "the job")


async def render(person: Person, by: str) -> None:
    """Render Selected… with what is ticked."""
    person.choose("Render Selected…")
    dialog = await person.dialog("Render Selected")
    maker = next(b for b in dialog.findChildren(QAbstractButton) if name_of(b) == by)
    maker.click()
    assert maker.isChecked()
    person.press(dialog, "Render")
    await person.until(lambda: not dialog.isVisible(), 5)


async def open_still(person: Person, path: Path) -> None:
    await person.program.files.open(path, play=False)
    await person.until(lambda: person.program.playback.frame, 20, "a picture")


def downloaded(person: Person) -> list[Path]:
    """Files of the finished shorts, newest order first."""
    return [
        Path(c.path)
        for r in person.program.shorts.records
        for c in r.clips
        if c.state == "downloaded"
    ]


def press(person: Person, key: Qt.Key) -> None:
    """A key, wherever the focus is in the window."""
    window = person.program.window
    QTest.keyClick(window.focusWidget() or window, key)


async def judge(person: Person) -> PlacedMoment:
    """Sort by one channel, pick three by keys, move the end of one; the moved one."""
    program_ = person.program
    panel = program_.window.panes.moments
    program_.window.show_panel("Moments")
    best = next(c for c in panel.findChildren(QComboBox) if c.accessibleName() == "Best for")
    best.setCurrentIndex(best.findText("TikTok"))
    ranked = [dict(m.channels)["tiktok"] for m in map(program_.moment_commands.moment, panel.order)
              if m is not None]  # fmt: skip
    assert ranked == sorted(ranked, reverse=True)
    assert len(ranked) >= 3
    program_.moment_commands.choose(panel.order[0])
    for _ in range(3):
        press(person, Qt.Key.Key_P)
    picked = [m.key for m in moments(person) if m.pick is Pick.PICKED]
    assert sorted(picked) == sorted(panel.order[:3]), "P picks and goes on to the next"
    changed = program_.moment_commands.moment(panel.order[0])
    assert changed is not None
    program_.moment_commands.choose(changed.key)
    program_.playback.seek(changed.span.end - SECOND // 2)
    await person.until(lambda: program_.playback.position < changed.span.end, 5)
    press(person, Qt.Key.Key_BracketRight)
    moved = program_.moment_commands.moment(changed.key)
    assert moved is not None
    assert moved.moved
    assert moved.span.end < changed.span.end
    return moved


@pytest.mark.timeout(400)
def test_moments_of_the_sample_become_shorts_by_the_service_and_here(
    journey: Run, tmp_path: Path
) -> None:
    async def story() -> None:
        async with program() as person:
            program_ = person.program
            program_.settings.update(downloads_folder=str(tmp_path / "shorts"))
            await open_still(person, resources() / SAMPLE)
            await person.analyse()
            await person.jobs_done()
            await find(person)
            await person.jobs_done()
            assert len(moments(person)) >= 3
            moved = await judge(person)
            await see_the_guide(person)
            await render(person, "By the service")
            await person.until(lambda: len(program_.shorts.records) == 2, 20, "two orders")
            await person.jobs_done(300)
            await person.until(lambda: len(downloaded(person)) == 3, 20, "three shorts")
            here = [r for r in program_.shorts.records if r.service == "here"]
            assert [c.key for r in here for c in r.clips] == [moved.key]
            for record in program_.shorts.records:
                for clip in record.clips:
                    facts = probed(Path(clip.path))
                    kept = clip.span.duration / SECOND
                    if record.service != "here":
                        assert abs(float(facts["duration"]) - kept) < 0.2
                    else:
                        assert float(facts["duration"]) <= kept + 0.2
            await play_short(person)
            await never_twice_without_asking(person)

    journey(story())


async def see_the_guide(person: Person) -> None:
    """The upright guide and the words while a moment is chosen."""
    video = person.program.window.panes.video
    await person.until(video.guide_rects, 5, "the guide")
    whole = video.picture_rect()
    assert all(whole.adjusted(-1, -1, 1, 1).contains(rect) for rect in video.guide_rects())


async def play_short(person: Person) -> None:
    """A finished short opens in the player, plays, and leaves nothing behind."""
    path = downloaded(person)[0]
    person.program.window.panes.moments.play_short.emit(str(path))
    player = await person.dialog("Short Player")
    await person.until(lambda: player.playback.frame, 20, "the short's picture")  # type: ignore[attr-defined]
    assert player.playback.frame.height > player.playback.frame.width  # type: ignore[attr-defined]
    person.press(player, "Close")
    await person.until(lambda: not player.isVisible(), 5)
    await asyncio.sleep(1)


async def never_twice_without_asking(person: Person) -> None:
    """What was rendered is not ticked again by itself."""
    before = len(person.program.shorts.records)
    person.choose("Render Selected…")
    dialog = await person.dialog("Render Selected")
    again = next(b for b in dialog.findChildren(QAbstractButton) if name_of(b) == "Render")
    assert not again.isEnabled()
    person.press(dialog, "Cancel")
    await person.until(lambda: not dialog.isVisible(), 5)
    assert len(person.program.shorts.records) == before


@pytest.fixture
def short_film(tmp_path: Path) -> Path:
    """Twelve seconds with sound, long enough for the moments of the fake Znippet."""
    out = tmp_path / "film.mp4"
    command = ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i"]
    command += [
        "testsrc2=size=640x360:rate=25:duration=12",
        "-f",
        "lavfi",
        "-i",
        "sine=duration=12",
    ]
    command += ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    subprocess.run([*command, str(out)], check=True)
    return out


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Callable[[Person, FakeZnippet], None]:
    """`cloud(person, znippet)` makes the program ask that Znippet, quickly."""
    from app.services import polling

    monkeypatch.setattr(polling, "CLOUD_PACE", polling.LOCAL_PACE)
    monkeypatch.setenv("ZNIPPET_LICENSE_KEY", LICENSE)

    def use(person: Person, znippet: FakeZnippet) -> None:
        monkeypatch.setenv("ZNIPPET_BASE_URL", f"{znippet.base_url}/api/v1/shorts")
        person.program.settings.update(device_id=DEVICE)

    return use


def upright(seconds: float, folder: Path) -> bytes:
    """A finished short as a service would render it."""
    out = folder / f"upright{seconds}.mp4"
    command = ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i"]
    command += [f"testsrc2=size=1080x1920:rate=10:duration={seconds}", "-f", "lavfi", "-i"]
    command += [f"sine=duration={seconds}", "-shortest", "-c:v", "libx264", "-preset", "ultrafast"]
    subprocess.run([*command, "-pix_fmt", "yuv420p", "-c:a", "aac", str(out)], check=True)
    return out.read_bytes()


def served(znippet: FakeZnippet, folder: Path) -> None:
    """Give the fake real films to hand out."""
    for moment in znippet.moments:
        film = upright(moment["endTime"] - moment["startTime"], folder)
        znippet.files[moment["number"]] = Reply(200, film, {"Content-Type": "video/mp4"})


def found_state(person: Person) -> str:
    """How far the journal says the looking for moments is."""
    opened = person.program.film.opened
    assert opened is not None
    return str(ShortsLedger(opened.project.journal, "znippet").moments.get("state", ""))


async def pick_all(person: Person) -> None:
    commands = person.program.moment_commands
    commands.decide(tuple(m.key for m in commands.all), Pick.PICKED)


@pytest.mark.timeout(300)
def test_restarted_in_the_middle_of_each_step_nothing_is_ordered_twice(
    journey: Run,
    short_film: Path,
    tmp_path: Path,
    cloud: Callable[[Person, FakeZnippet], None],
) -> None:
    async def story() -> None:
        async with fake_znippet() as znippet:
            served(znippet, tmp_path)
            znippet.polls_until_done = 4

            async def while_it_runs(
                until: Callable[[Person], object], begin: Callable[[Person], Any] | None = None
            ) -> None:
                async with program() as person:
                    cloud(person, znippet)
                    person.program.settings.update(downloads_folder=str(tmp_path / "shorts"))
                    await open_still(person, short_film)
                    if begin:
                        await begin(person)
                    await person.until(lambda: until(person), 40, "the step")

            async def order(person: Person) -> None:
                await pick_all(person)
                await render(person, "By the service")

            await while_it_runs(lambda _: znippet.count(UPLOADS) == 1, find)
            # Not before the answer: an order nobody knows the fate of is not gone on with.
            await while_it_runs(lambda p: found_state(p) == "started")
            await while_it_runs(lambda _: max(znippet.analyses.values(), default=0) >= 1)
            await while_it_runs(lambda p: len(moments(p)) == 3)
            await while_it_runs(
                lambda p: [r.state for r in p.program.shorts.records] == ["asked"], order
            )
            await while_it_runs(lambda _: any(n for _, n in znippet.orders.values()))
            await while_it_runs(lambda _: znippet.count(FILE) >= 1)
            await while_it_runs(lambda p: len(downloaded(p)) == 3)

            async with program() as person:
                cloud(person, znippet)
                await open_still(person, short_film)
                await asyncio.sleep(0.5)
                assert not person.jobs, "nothing is left to do"
                assert len(set(downloaded(person))) == 3
                for path in downloaded(person):
                    probed(path)
            assert znippet.count(ANALYZE) == 1
            assert znippet.count(RENDER) == 1
            assert len(list((tmp_path / "shorts").iterdir())) == 3, "no leftovers, no doubles"

    journey(story())


@pytest.mark.timeout(200)
def test_one_that_fails_is_retried_alone_and_expired_links_are_asked_for_again(
    journey: Run,
    short_film: Path,
    tmp_path: Path,
    cloud: Callable[[Person, FakeZnippet], None],
) -> None:
    async def story() -> None:
        async with fake_znippet() as znippet, program() as person:
            program_ = person.program
            served(znippet, tmp_path)
            cloud(person, znippet)
            program_.settings.update(downloads_folder=str(tmp_path / "shorts"))
            await open_still(person, short_film)
            await find(person)
            await person.jobs_done()
            await pick_all(person)
            znippet.render_items[2] = {"status": "failed", "error": "The encoder <b>stopped</b>"}
            # The first link of each has run out by the time it is used.
            expired = Reply(403, {"error": "expired"}), Reply(410, {"error": "gone"})
            znippet.script[FILE] = list(expired)
            await render(person, "By the service")
            await person.until(lambda: len(downloaded(person)) == 2, 60, "two of three")
            await person.until(lambda: not person.running, 30)
            failed = [c for r in program_.shorts.records for c in r.clips if c.state == "failed"]
            assert [c.number for c in failed] == [2]
            assert "stopped" in failed[0].error
            assert znippet.count(FILE) >= 4

            del znippet.render_items[2]
            record = program_.shorts.records[0]
            program_.window.panes.moments.retry_clip.emit(record.id, failed[0].key)
            question = await person.dialog("Render")
            person.press(question, "Render Again")
            await person.until(lambda: len(downloaded(person)) == 3, 60, "the third")
            assert znippet.count(RENDER) == 2
            await the_folder_moves(person, tmp_path)
            orders = [json.loads(s.body)["momentNumbers"] for s in znippet.seen if s.name == RENDER]
            assert orders == [[1, 2, 3], [2]]
            await person.until(lambda: not person.running, 30)

    journey(story())


def shorts_listed(person: Person) -> tuple[Card, ...]:
    """The rows of the list of shorts, newest first."""
    panel = person.program.window.panes.moments
    return panel.renders.findChildren(CardList)[0].model.cards


async def the_folder_moves(person: Person, folder: Path) -> None:
    """The person moves the folder of shorts: said so, and found again where it is now."""
    panes = person.program.moments
    (folder / "shorts").rename(folder / "elsewhere")
    panes.look_for_files()
    await person.until(lambda: len(panes.files.gone) == 3, 10, "noticing")
    assert all("moved or deleted" in card.accessible for card in shorts_listed(person)[:1])
    await panes.look((folder / "elsewhere",))
    assert not panes.files.gone
    assert {path.parent for path in downloaded(person)} == {folder / "elsewhere"}


@pytest.mark.timeout(200)
def test_what_cannot_be_written_here_is_told_and_tried_again(
    journey: Run, short_film: Path, tmp_path: Path, expected_log: Callable[[str], None]
) -> None:
    async def story() -> None:
        async with program() as person:
            program_ = person.program
            blocked = tmp_path / "blocked"
            blocked.write_text("a file where a folder should be")
            program_.settings.update(downloads_folder=str(blocked))
            await open_still(person, short_film)
            program_.selection.mark(2 * SECOND, 5 * SECOND)
            person.choose("New Moment from Selection")
            [own] = moments(person)
            assert own.own
            await render(person, "On this computer")
            jobs = program_.jobs
            await person.until(lambda: jobs.failed, 30, "the failure")
            assert "blocked" in str(jobs.failed[0].error)
            program_.settings.update(downloads_folder=str(tmp_path / "good"))
            record = program_.shorts.records[0]
            program_.window.panes.moments.retry_clip.emit(record.id, own.key)
            await person.until(lambda: len(downloaded(person)) == 1, 60, "the short")
            facts = probed(downloaded(person)[0])
            assert abs(float(facts["duration"]) - 3) < 0.15
            await person.until(lambda: not person.running, 30)

    journey(story())


@pytest.mark.timeout(200)
def test_a_short_half_rendered_here_is_finished_after_a_restart(
    journey: Run, short_film: Path, tmp_path: Path
) -> None:
    async def first() -> None:
        async with program() as person:
            program_ = person.program
            program_.settings.update(downloads_folder=str(tmp_path / "shorts"))
            await open_still(person, short_film)
            program_.selection.mark(SECOND, 11 * SECOND)
            person.choose("New Moment from Selection")
            await render(person, "On this computer")
            await person.until(lambda: any(j.fraction for j in person.running), 30, "rendering")

    async def second() -> None:
        async with program() as person:
            await open_still(person, short_film)
            assert person.jobs, "it goes on by itself"
            await person.until(lambda: len(downloaded(person)) == 1, 60, "the short")
            await person.until(lambda: not person.running, 30)
            ended = [j.state for j in person.jobs]
            assert ended == [JobState.DONE]
            probed(downloaded(person)[0])
            opened = person.program.film.opened
            assert opened is not None
            assert len(ShortsLedger(opened.project.journal, "here").renders()) == 1

    journey(first())
    journey(second())
    assert len(list((tmp_path / "shorts").iterdir())) == 1


def test_picked_moments_play_one_after_the_other_and_loop(journey: Run, short_film: Path) -> None:
    async def story() -> None:
        async with program() as person:
            program_ = person.program
            playback, commands = program_.playback, program_.moment_commands
            await open_still(person, short_film)
            for start in (7, 2):
                program_.selection.mark(start * SECOND, (start + 1) * SECOND)
                person.choose("New Moment from Selection")
            await pick_all(person)
            program_.window.panes.moments.set_sort("time")
            first, second = commands.picked
            assert (first.span.start, second.span.start) == (2 * SECOND, 7 * SECOND)
            seen: list[str] = []
            program_.selection.changed.connect(lambda: seen.append(program_.selection.moment))
            painted: list[int] = []
            playback.frame_changed.connect(
                lambda: painted.append(playback.frame.pts) if playback.frame else None
            )
            person.choose("Play Picked")
            await person.until(lambda: program_.selection.moment == second.key, 20, "the second")
            await person.until(lambda: not playback.playing, 20, "the end")
            assert second.span.end - playback.position < SECOND // 4
            played = [t for t in painted if not first.span.contains(t) and t > first.span.end]
            assert all(second.span.contains(t) for t in played), "nothing between them is shown"

            person.choose("Loop")
            commands.play(first.key)
            rounds: list[int] = []
            before = [0]

            def count() -> None:
                at = playback.position
                if at < before[0] - SECOND // 2:
                    rounds.append(at)
                before[0] = at

            playback.position_changed.connect(count)
            await person.until(lambda: len(rounds) > 1, 30, "a second round")
            person.choose("Play")
            await person.until(lambda: not playback.playing, 10)
            await asyncio.sleep(1)
            assert not playback.playing, "Pause ends the loop"

    journey(story())
