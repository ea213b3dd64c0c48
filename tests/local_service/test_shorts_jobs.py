"""Jobs of the shorts contract on disk: what is found again, what is damaged, what is old."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.core.transcript import Transcript, Word
from app.local_service.languages import language_of
from app.local_service.projects import Projects
from app.local_service.shorts_jobs import Analysis, Clip, Render, ShortsJobs


def clip(number: int, status: Any = "queued") -> Clip:
    return Clip(
        number=number,
        start=0,
        end=1_000_000,
        asset_id="asset_render_1",
        status=status,
        error="It broke." if status == "failed" else None,
    )


def made_long_ago(folder: Path, job: Analysis | Render) -> None:
    path = folder / "shorts" / job.id / "job.json"
    stored = json.loads(path.read_bytes())
    path.write_text(json.dumps({**stored, "created_at": "2020-01-01T00:00:00Z"}), "utf-8")


def test_jobs_are_found_again_with_their_keys(tmp_path: Path) -> None:
    jobs = ShortsJobs(tmp_path)
    analysis = jobs.analyse("proj_1", {"clipVolume": "loose"}, "a")
    render = jobs.render(analysis, [clip(2)], "a")
    again = ShortsJobs(tmp_path)
    assert again.analysis(analysis.id) == analysis
    assert again.find_render(render.id) == render
    assert again.analysis(render.id) is None
    assert again.analysis_of_key("a") == analysis
    assert again.render_of_key(analysis, "a") == render
    assert again.analysis_of_key(None) is None
    assert again.render_of_key(analysis, "") is None
    assert len(again.unfinished) == 2
    assert again.projects == {"proj_1"}


def test_a_damaged_job_is_not_there(tmp_path: Path) -> None:
    jobs = ShortsJobs(tmp_path)
    analysis = jobs.analyse("proj_1", {}, None)
    (tmp_path / "shorts" / analysis.id / "job.json").write_text("{", "utf-8")
    assert ShortsJobs(tmp_path).analysis(analysis.id) is None
    assert jobs.analysis("../secrets") is None


def test_what_ended_over_thirty_days_ago_is_deleted(tmp_path: Path) -> None:
    jobs = ShortsJobs(tmp_path)
    old, unfinished = jobs.analyse("proj_1", {}, None), jobs.analyse("proj_2", {}, None)
    old.status = "ready"
    jobs.save(old)
    made_long_ago(tmp_path, old)
    made_long_ago(tmp_path, unfinished)
    again = ShortsJobs(tmp_path)
    again.forget_old()
    assert again.analysis(old.id) is None
    assert again.analysis(unfinished.id) is not None
    assert not (tmp_path / "shorts" / old.id).exists()
    assert again.projects == {"proj_2"}


def test_an_old_project_stays_as_long_as_a_job_needs_it(tmp_path: Path) -> None:
    projects = Projects(tmp_path)
    kept, gone = (projects.create("a.mp4", "video/mp4", 3, "token") for _ in range(2))
    for project in (kept, gone):
        project.created_at = "2020-01-01T00:00:00Z"
        projects.save(project)
    projects.forget_old(frozenset({kept.id}))
    assert projects.get(kept.id) is kept
    assert projects.get(gone.id) is None
    assert not projects.folder(gone).exists()
    projects.close()


@pytest.mark.parametrize(
    ("states", "parent"),
    [
        (["queued", "queued"], "queued"),
        (["running", "queued"], "running"),
        (["ready", "queued"], "running"),
        (["failed", "queued"], "running"),
        (["ready", "failed"], "ready"),
        (["ready", "ready"], "ready"),
        (["failed", "failed"], "failed"),
    ],
)
def test_a_render_fails_only_where_every_clip_failed(
    tmp_path: Path, states: list[str], parent: str
) -> None:
    jobs = ShortsJobs(tmp_path)
    clips = [clip(n, state) for n, state in enumerate(states, 1)]
    render = jobs.render(jobs.analyse("proj_1", {}, None), clips, None)
    render.settle()
    assert render.status == parent
    assert render.error == ("It broke." if parent == "failed" else None)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("And so, my fellow Americans, ask not what your country can do for you", "en"),
        ("Was in der Stadt geschah, ist noch heute zu sehen", "und"),
        ("Hej på dig, världen", "und"),
        ("שלום לכולם, היום נדבר על Python", "he"),
        ("", "und"),
    ],
)
def test_words_tell_their_language_as_far_as_it_matters(text: str, language: str) -> None:
    words = tuple(Word(t, n, n + 1) for n, t in enumerate(text.split()))
    assert language_of(Transcript(words)) == language
    assert language_of(Transcript(words, language="fr")) == "fr"
