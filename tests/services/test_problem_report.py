"""The report of a problem: what is in it, what is taken out, and how it is saved."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from app import __version__
from app.core.errors import KeeptakeError, ServiceError
from app.services.folders import Folders
from app.services.jobs import Job, JobState
from app.services.problem_report import LONGEST_LOG, Part, as_text, problem_report, save
from app.services.redact import RedactingFilter
from app.services.settings import Settings

SECRET = "nc_live_5f3a9e_canary"


@pytest.fixture
def places(tmp_path: Path) -> Folders:
    places = Folders(*(tmp_path / n for n in ("data", "config", "cache", "logs", "downloads")))
    places.logs.mkdir()
    places.local_service.mkdir(parents=True)
    return places


def report(places: Folders, *jobs: Job, settings: Settings | None = None) -> dict[str, str]:
    parts = problem_report(
        places,
        settings or Settings(),
        jobs,
        {"Film": "mov,mp4, 10.000 s"},
        RedactingFilter((SECRET,)).clean,
    )
    return {part.name: part.text for part in parts}


def test_it_says_what_runs_where(places: Folders) -> None:
    about = report(places)["about.txt"]
    assert f"Keeptake: {__version__}" in about
    assert "ffmpeg: ffmpeg version" in about
    assert "pydantic: 2." in about
    assert "Film: mov,mp4, 10.000 s" in about


def test_settings_that_tell_of_a_person_are_left_out(places: Folders) -> None:
    now = Settings(theme="light", recent=["/films/wedding.mp4"], window_geometry="AAAA")
    told = json.loads(report(places, settings=now)["settings.json"])
    assert told["theme"] == "light"
    assert told["spend_cap_cents"] == 500
    assert not {"device_id", "recent", "window_geometry", "window_state"} & set(told)


def test_jobs_are_listed_with_what_stopped_them(places: Folders) -> None:
    error = ServiceError("NanoClip failed.", "Use Retry Job.", f'{{"key": "{SECRET}"}}')
    text = report(
        places,
        Job(1, "Upload", JobState.RUNNING, "Uploading", 0.5),
        Job(2, "Vision", JobState.FAILED, error=error),
    )["jobs.txt"]
    assert "1. Upload: running 50 % Uploading" in text
    assert "2. Vision: failed\n   NanoClip failed.\n   Use Retry Job." in text
    assert SECRET not in text


def test_logs_are_cut_short_and_made_safe_once_more(places: Folders) -> None:
    line = f"INFO asked https://u:p@storage.example/x?X-Amz-Signature=abc Bearer {SECRET}\n"
    (places.logs / "keeptake.log").write_text("old\n" + "x" * LONGEST_LOG + line)
    (places.local_service / "service.log").write_bytes(b"\xff started in " + bytes(Path.home()))
    told = report(places)
    assert "old" not in told["keeptake.log"]
    assert "https://storage.example/… Bearer …" in told["keeptake.log"]
    assert "Signature" not in told["keeptake.log"]
    assert told["local-service.log"].endswith("started in ~")
    assert str(Path.home()) not in as_text([Part(n, t) for n, t in told.items()])


def test_what_is_missing_is_said(places: Folders) -> None:
    told = report(places)
    assert told["keeptake.log"] == "There is no such log."
    assert told["jobs.txt"] == "No jobs since the start."


def test_an_archive_holds_what_was_shown_and_a_text_as_well(tmp_path: Path) -> None:
    parts = (Part("about.txt", "Keeptake"), Part("jobs.txt", "שלום"))
    save(parts, tmp_path / "report.zip")
    with zipfile.ZipFile(tmp_path / "report.zip") as archive:
        assert {n: archive.read(n).decode() for n in archive.namelist()} == {
            "about.txt": "Keeptake",
            "jobs.txt": "שלום",
        }
    save(parts, tmp_path / "report.txt")
    assert (tmp_path / "report.txt").read_text("utf-8") == as_text(parts)
    assert "===== jobs.txt =====\nשלום" in as_text(parts)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(KeeptakeError, match="could not be saved"):
        save((Part("a.txt", "a"),), tmp_path / "file" / "report.zip")
