"""Bad input and missing parts: a sentence in the window, nothing lost, the window usable."""

from __future__ import annotations

import asyncio
import functools
import os
import subprocess
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from app.core.edits import Strike
from app.core.errors import MediaError
from app.core.timerange import SECOND, TimeRange
from app.playback import stage
from app.playback.stage import Stage
from app.services import polling
from app.services.jobs import Job, JobState
from app.services.ledger import Plan
from app.services.polling import Pace
from app.ui.export_dialog import ExportWish
from tests.journeys.conftest import Person, program
from tests.services.fake_cloud import KEY, FakeCloud, Reply, fake_cloud

Run = Callable[[Coroutine[Any, Any, None]], None]


def ffmpeg(*arguments: str | Path) -> None:
    subprocess.run(["ffmpeg", "-v", "error", "-y", *map(str, arguments)], check=True)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Two seconds of picture and sound."""
    path = tmp_path / "film.mp4"
    ffmpeg(
        "-f", "lavfi", "-i", "testsrc=s=160x96:r=25:d=2", "-f", "lavfi", "-i", "sine=d=2",
        "-pix_fmt", "yuv420p", path,
    )  # fmt: skip
    return path


def text_file(folder: Path) -> Path:
    path = folder / "notes.mp4"
    path.write_text("dear diary, this is no film\n" * 100)
    return path


def empty_file(folder: Path) -> Path:
    path = folder / "empty.mp4"
    path.touch()
    return path


def truncated(folder: Path) -> Path:
    path = folder / "cut short.mp4"
    whole = (folder / "film.mp4").read_bytes()
    path.write_bytes(whole[: whole.rfind(b"moov")])
    return path


def playlist(folder: Path) -> Path:
    path = folder / "list.mp4"
    path.write_text("#EXTM3U\n#EXTINF:5,\nhttp://127.0.0.1:9/a.ts\n")
    return path


def gone(folder: Path) -> Path:
    return folder / "gone.mp4"


def folder_itself(folder: Path) -> Path:
    return folder


def seen_notice(person: Person) -> str:
    notice = person.program.window.notice
    return notice.accessibleName() if notice.isVisible() else ""


async def refuse(person: Person, path: Path) -> str:
    """Try to open; the sentence that the window then shows."""
    person.program.window.notice.clear()
    person.program.window.file_dropped.emit(str(path))
    await person.until(lambda: path.name in seen_notice(person), 20, f"a word on {path.name}")
    return seen_notice(person)


@pytest.mark.parametrize("make", [text_file, empty_file, truncated, playlist, gone, folder_itself])
def test_what_is_no_video_gets_a_sentence_and_the_open_film_stays(
    journey: Run, tmp_path: Path, film: Path, make: Callable[[Path], Path]
) -> None:
    async def story() -> None:
        async with program() as person:
            await person.program.files.open(film)
            person.program.review.do(Strike(TimeRange(0, SECOND)))
            bad = make(tmp_path)
            said = await refuse(person, bad)
            assert "Traceback" not in said
            cut = person.program.review.cut
            assert cut is not None
            assert cut.removed
            assert person.program.film.opened

    journey(story())


def test_sound_alone_and_picture_alone_can_be_opened_and_are_told(
    journey: Run, tmp_path: Path, film: Path
) -> None:
    sound, silent = tmp_path / "sound.m4a", tmp_path / "silent.mp4"
    ffmpeg("-i", film, "-vn", sound)
    ffmpeg("-i", film, "-an", "-c", "copy", silent)

    async def story() -> None:
        async with program() as person:
            await person.program.files.open(sound)
            jobs = person.program.analysis.start(Plan("local", vision=True, transcript=False))
            await person.until(lambda: not person.running, 60)
            assert "sound alone" in str(jobs[1].error)
            await person.program.files.open(silent)
            assert "no sound" in seen_notice(person)
            await person.until(lambda: person.program.playback.frame, 10, "a picture")

    journey(story())


def test_a_video_that_vanishes_while_open_gets_a_sentence_and_keeps_the_decisions(
    journey: Run, film: Path
) -> None:
    async def story() -> None:
        async with program() as person:
            await person.program.files.open(film, play=False)
            await person.until(lambda: person.program.playback.frame, 10, "a picture")
            person.program.review.do(Strike(TimeRange(0, SECOND)))
            film.unlink()
            person.choose("Play")
            await person.until(lambda: film.name in seen_notice(person), 20, "a sentence")
            assert person.program.review.cut
            assert person.program.review.cut.removed

    journey(story())


def test_without_vlc_the_film_is_seen_and_play_says_what_to_install(
    journey: Run, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> Any:
        raise MediaError("VLC 3.0 was not found.", "Install VLC.")

    monkeypatch.setattr(stage, "Stage", functools.partial(Stage, engine=missing))

    async def story() -> None:
        async with program() as person:
            await person.program.files.open(film, play=False)
            await person.until(lambda: person.program.playback.frame, 10, "a picture")
            person.choose("Play")
            await person.until(lambda: "VLC" in seen_notice(person), 10, "the sentence")
            person.choose("Next Frame")
            await person.until(lambda: person.program.playback.position > 0, 5, "a step")

    journey(story())


def test_without_ffmpeg_an_export_says_so_and_nothing_is_lost(
    journey: Run, film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        async with program() as person:
            await person.program.files.open(film, play=False)
            monkeypatch.setenv("PATH", str(tmp_path / "nothing here"))
            job = await exported(person, tmp_path / "out.mp4")
            assert "ffmpeg" in str(job.error)
            assert not (tmp_path / "out.mp4").exists()

    journey(story())


def test_a_folder_that_cannot_be_written_to_fails_the_export_with_a_sentence(
    journey: Run, film: Path, tmp_path: Path
) -> None:
    async def story() -> None:
        async with program() as person:
            await person.program.files.open(film, play=False)
            job = await exported(person, film / "inside a file.mp4")
            assert "cannot be written" in str(job.error)
            assert job.state is JobState.FAILED

    journey(story())


async def exported(person: Person, out: Path) -> Job:
    await person.program.exports.write(ExportWish("mp4", out))
    job = person.jobs[-1]
    await person.until(lambda: job.state.ended, 30, "the export's end")
    return job


def test_a_data_folder_that_cannot_be_used_is_told_and_the_film_opens(
    journey: Run, film: Path, own_folders: Path
) -> None:
    (own_folders / "data").write_text("a file where the folder would be")

    async def story() -> None:
        async with program() as person:
            await person.program.files.open(film, play=False)
            assert "Save Project As" in seen_notice(person)
            person.program.review.do(Strike(TimeRange(0, SECOND)))
            assert person.program.review.cut
            assert person.program.review.cut.removed

    journey(story())


def not_json(cloud: FakeCloud) -> None:
    cloud.script["GET /v1/projects/{id}/transcript"] = [Reply(200, b"<html>hello</html>")] * 9


def not_the_contract(cloud: FakeCloud) -> None:
    cloud.results["transcript"] = {"words": "none"}


def wrong_key(cloud: FakeCloud) -> None:
    cloud.script["POST /v1/projects/upload"] = [Reply(401, {"detail": "Missing API key"})]


def broke(cloud: FakeCloud) -> None:
    refusal = Reply(402, {"detail": "Insufficient workspace credits"})
    cloud.script["POST /v1/projects/{id}/transcript"] = [refusal]


def fails(cloud: FakeCloud) -> None:
    cloud.statuses["transcript"] = "failed"


@pytest.mark.parametrize(
    ("breaks", "part"),
    [
        (not_json, "not JSON"),
        (not_the_contract, "contract"),
        (wrong_key, "key"),
        (broke, "credit"),
        (fails, "The model fell over"),
    ],
)
def test_what_goes_wrong_at_the_cloud_is_a_sentence_in_the_job_and_loses_nothing(
    journey: Run,
    film: Path,
    monkeypatch: pytest.MonkeyPatch,
    breaks: Callable[[FakeCloud], None],
    part: str,
) -> None:
    async def story() -> None:
        monkeypatch.setattr(polling, "CLOUD_PACE", Pace(first=0.05))
        async with fake_cloud() as cloud:
            breaks(cloud)
            await transcript_from(cloud.base_url, film, monkeypatch, part)

    journey(story())


def test_a_service_that_is_down_is_a_sentence_in_the_job(
    journey: Run, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # In earnest it is tried for hours; the row says so meanwhile.
    monkeypatch.setattr(polling, "CLOUD_PACE", Pace(first=0.05, offline=2))
    journey(transcript_from("http://127.0.0.1:9", film, monkeypatch, "could not be reached"))


async def transcript_from(
    address: str, film: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    """Ask that address for a transcript; the job fails with a sentence that has `part`."""
    monkeypatch.setenv("NANOCLIP_API_KEY", KEY)
    monkeypatch.setenv("NANOCLIP_BASE_URL", address)
    async with program() as person:
        await person.program.files.open(film, play=False)
        person.program.review.do(Strike(TimeRange(0, SECOND)))
        plan = Plan("nanoclip", vision=False, retakes=False)
        jobs = person.program.analysis.start(plan)
        await person.until(lambda: not person.running, 60, "the jobs' end")
        said = " ".join(str(j.error) for j in jobs if j.error)
        assert part in said
        assert KEY not in said
        assert person.program.actions.action("retry_job").isEnabled()
        assert person.program.review.cut
        assert person.program.review.cut.removed


def test_settings_that_cannot_be_saved_any_more_are_told(journey: Run) -> None:
    async def story() -> None:
        async with program() as person:
            settings = person.program.settings
            settings.update(volume=40)
            await person.until(settings.path.exists, 10, "the settings on disk")
            await asyncio.sleep(1)
            settings.path.parent.rename(settings.path.parent.with_name("elsewhere"))
            settings.path.parent.write_text("no folder any more", encoding="utf-8")
            settings.update(volume=50)
            await person.until(
                lambda: "could not be saved" in seen_notice(person), 10, "the sentence"
            )
            assert settings.current.volume == 50

    journey(story())


UNDER_WAY = (
    "Queued at the local service",
    "Under way at the local service",
    "Looking for scenes and faces",
)


@pytest.mark.parametrize("when", ["the copy is there", "it works"])
def test_a_local_service_that_dies_under_a_job_is_started_again_by_retrying(
    journey: Run, film: Path, when: str
) -> None:
    async def story() -> None:
        async with program() as person:
            await person.program.files.open(film, play=False)
            clients = person.program.analysis._clients
            await clients.get("local")
            plan = Plan("local", transcript=False, vision=True, retakes=False)
            copied, vision = person.program.analysis.start(plan)
            await person.until(lambda: copied.state is JobState.DONE, 60, "the copy")
            if when == "it works":
                await person.until(lambda: vision.stage in UNDER_WAY, 60, "work under way")
            assert clients.beside
            assert clients.beside.process
            clients.beside.process.kill()
            await person.until(lambda: vision.state.ended, 60, "the end")
            # Killed before vision asked anything, the service may be there again in time.
            if when == "it works" or vision.state is JobState.FAILED:
                assert vision.error
                assert "Retry Job: the local service is started again" in vision.error.hint
                person.choose("Retry Job")
            await person.jobs_done()
            review = person.program.review.review
            assert review
            assert review.evidence.faces is not None

    journey(story())


def test_a_transcript_without_words_and_vision_without_faces_are_shown_as_such(
    journey: Run, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NANOCLIP_API_KEY", KEY)
    monkeypatch.setattr(polling, "CLOUD_PACE", Pace(first=0.05))

    async def story() -> None:
        async with fake_cloud() as cloud:
            monkeypatch.setenv("NANOCLIP_BASE_URL", cloud.base_url)
            cloud.results["transcript"] = {"words": [], "utterances": [], "speakers": []}
            cloud.results["vision"] = {"faces": [], "face_tracks": [], "scenes": []}
            async with program() as person:
                await person.program.files.open(film, play=False)
                person.program.analysis.start(Plan("nanoclip", retakes=False))
                await person.jobs_done(60)
                review = person.program.review.review
                assert review is not None
                assert review.evidence.transcript is not None
                assert not review.evidence.transcript.words
                assert review.evidence.faces is not None
                assert not review.evidence.faces.tracks

    journey(story())


def test_without_a_display_the_program_says_so_and_stops() -> None:
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment.pop("QT_QPA_PLATFORM", None)
    done = subprocess.run(
        [sys.executable, "-m", "app"], env=environment, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "no display" in done.stderr
    assert "Traceback" not in done.stderr
