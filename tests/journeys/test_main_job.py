"""The main job on the sample: open, analyse, see, decide, preview, export; and closed midway."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLineEdit

from app.composition import SAMPLE, resources
from app.core.review import Verdict
from app.core.timerange import SECOND
from app.services.jobs import JobState
from tests.journeys.conftest import Person, name_of, program

Run = Callable[[Coroutine[Any, Any, None]], None]

# Vision of the sample takes one and a half minutes on two slow cores, and more beside others.
pytestmark = pytest.mark.timeout(400)


async def open_sample(person: Person) -> None:
    person.choose("Open Sample")
    await person.until(lambda: person.program.playback.frame, 20, "a picture")
    await person.until(lambda: person.program.playback.playing, 10, "playing")


async def main_job(person: Person, folder: Path) -> None:
    """Read top to bottom: what somebody does with the sample."""
    program_ = person.program
    review, playback = program_.review, program_.playback
    await open_sample(person)
    person.choose("Play")
    await person.until(lambda: not playback.playing, 5, "pausing")

    await person.analyse()
    await person.jobs_done()
    found = review.review
    assert found is not None
    evidence = found.evidence
    assert evidence.transcript is not None
    assert len(evidence.transcript.words) > 50
    assert evidence.faces is not None
    assert evidence.faces.tracks
    assert evidence.scenes is not None
    assert len(evidence.scenes.cuts) == 3
    assert len(review.proposals) == 2
    assert all(p.verdict is Verdict.UNDECIDED for p in review.proposals)

    await see_boxes(person)
    await hear_the_cut(person)
    decide_and_undo(person)
    await export(person, folder)


async def see_boxes(person: Person) -> None:
    """A face box where the paused frame has a face, and the scene's label as it begins."""
    program_ = person.program
    review = program_.review.review
    assert review is not None
    assert review.evidence.faces is not None
    faces, scenes = review.evidence.faces, review.evidence.scenes
    assert scenes is not None
    at = next(t for k, t in enumerate(faces.times) if t > SECOND and faces.frame(k))
    program_.playback.seek(at)
    video = program_.window.panes.video
    await person.until(lambda: video.shown_pts is not None and abs(video.shown_pts - at) < 50_000)
    boxes = video.boxes_on_screen()
    assert boxes
    assert all(video.picture_rect().contains(rect) for rect, _name in boxes)
    program_.playback.seek(scenes.cuts[0] + 100_000)
    await person.until(lambda: "2" in video.scene_label, 5, "the scene's label")


async def hear_the_cut(person: Person) -> None:
    """Preview from before the first removed span to after it: no removed frame is painted."""
    program_ = person.program
    review, playback = program_.review, program_.playback
    cut = review.cut
    assert cut is not None
    first = cut.removed[0].range
    painted: list[int] = []
    playback.frame_changed.connect(
        lambda: painted.append(playback.frame.pts) if playback.frame and recording else None
    )
    recording = False
    person.choose("Preview Cut")
    playback.seek(max(0, first.start - 2 * SECOND))
    await asyncio.sleep(0.5)
    recording = True
    playback.toggle()
    await person.until(lambda: playback.position > first.end + SECOND, 20, "passing the cut")
    playback.pause()
    await person.until(lambda: not playback.playing, 5)
    recording = False
    removed = [r.range for r in cut.removed]
    assert painted
    assert max(painted) > first.end
    assert not [t for t in painted if any(r.contains(t) for r in removed)]
    person.choose("Preview Cut")


def decide_and_undo(person: Person) -> None:
    """Restore one proposal, take it back, accept it."""
    review = person.program.review
    before = review.cut
    person.choose("Next Proposal")
    person.choose("Restore Proposal")
    assert [p.verdict for p in review.proposals].count(Verdict.RESTORED) == 1
    assert review.cut is not None
    assert before is not None
    assert review.cut.kept_us > before.kept_us
    person.choose("Undo")
    assert review.cut.keep == before.keep
    person.choose("Redo")
    person.choose("Undo")


async def export(person: Person, folder: Path) -> None:
    """Export the cut and look into the file with ffprobe."""
    program_ = person.program
    out = folder / "the cut.mp4"
    person.choose("Export Cut…")
    asked = await person.dialog("Export Cut")
    person.press(asked, "Remove Them")
    await person.until(lambda: not asked.isVisible())
    dialog = await person.dialog("Export Cut")
    next(f for f in dialog.findChildren(QLineEdit) if name_of(f) == "File").setText(str(out))
    person.press(dialog, "Export")
    await person.until(lambda: person.running, 5)
    await person.jobs_done()
    told = subprocess.run(  # noqa: ASYNC221 - half a second in a test
        ["ffprobe", "-v", "error", "-count_frames", "-show_streams", "-of", "json", str(out)],
        check=True,
        capture_output=True,
    ).stdout
    streams = {s["codec_type"]: s for s in json.loads(told)["streams"]}
    cut, review = program_.review.cut, program_.review.review
    assert cut is not None
    assert review is not None
    times = review.evidence.footage.frame_times
    frames = sum(1 for t in times if any(r.contains(t) for r in cut.keep))
    assert int(streams["video"]["nb_read_frames"]) == frames
    assert abs(float(streams["audio"]["duration"]) - cut.kept_us / SECOND) < 0.05


def test_the_sample_is_analysed_previewed_decided_and_exported(
    journey: Run, tmp_path: Path
) -> None:
    async def story() -> None:
        async with program() as person:
            await main_job(person, tmp_path)

    journey(story())


def test_closed_in_the_middle_of_a_job_everything_comes_back(journey: Run) -> None:
    async def first() -> None:
        async with program() as person:
            await open_sample(person)
            await person.analyse()
            await person.until(
                lambda: any(
                    j.name == "Vision" and j.state is JobState.RUNNING for j in person.jobs
                ),
                60,
                "vision running",
            )

    async def second() -> None:
        async with program() as person:
            await person.program.files.open(resources() / SAMPLE)
            assert person.jobs, "the unfinished jobs went on by themselves"
            await person.jobs_done()
            review = person.program.review
            assert review.review is not None
            evidence = review.review.evidence
            assert evidence.transcript is not None
            assert evidence.faces is not None
            assert evidence.scenes is not None
            assert len(review.proposals) == 2
            person.choose("Next Proposal")
            person.choose("Accept Proposal")

    async def third() -> None:
        async with program() as person:
            await person.program.files.open(resources() / SAMPLE)
            review = person.program.review
            assert not person.jobs, "nothing is left to do"
            verdicts = [p.verdict for p in review.proposals]
            assert verdicts.count(Verdict.ACCEPTED) == 1

    journey(first())
    journey(second())
    journey(third())


def test_a_cancelled_analysis_stops_working_and_can_be_tried_again(journey: Run) -> None:
    async def story() -> None:
        async with program() as person:
            await open_sample(person)
            person.program.playback.pause()
            await person.analyse()

            def vision() -> Any:
                return next((j for j in person.jobs if j.name == "Vision"), None)

            await person.until(lambda: vision() and vision().fraction, 60, "vision under way")
            person.program.window.panes.jobs.cancel.emit(str(vision().id))
            await person.until(lambda: vision().state is JobState.CANCELLED, 20, "cancelling")
            await person.until(lambda: not workers("vision"), 20, "the worker's end")
            await person.until(lambda: not person.running, 60, "the other jobs' end")
            review = person.program.review.review
            assert review is not None
            assert review.evidence.faces is None
            assert review.evidence.transcript is not None
            person.choose("Retry Job")
            await person.jobs_done()
            review = person.program.review.review
            assert review is not None
            assert review.evidence.faces is not None

    journey(story())


def workers(kind: str) -> list[int]:
    """Processes of the local service that work on an analysis of this kind."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            line = (folder / "cmdline").read_bytes().decode()
        except (OSError, UnicodeDecodeError):
            continue
        if "local_service.analyses" in line and kind in line:
            found.append(int(folder.name))
    return found
