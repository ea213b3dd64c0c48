"""Analyses and renders of the shorts contract, as folders, so that a restart finds them."""

from __future__ import annotations

import re
import secrets
import shutil
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError

from app.local_service.analyses.worker import write_atomically
from app.local_service.projects import is_old, now

Status = Literal["queued", "running", "ready", "failed"]
"""Contract B4; the last two are final."""

CANCELLED = "It was cancelled."

_ID = re.compile(r"(job|render_parent)_[0-9a-f]{20}")


class Job(BaseModel):
    """What both kinds have in common. key: the caller's Idempotency-Key.

    stage and progress are those of this run and mean nothing after a restart.
    """

    version: Literal[1] = 1
    id: str
    created_at: str
    project_id: str
    key: str | None = None
    status: Status = "queued"
    error: str | None = None
    stage: str | None = Field(default=None, exclude=True)
    progress: float | None = Field(default=None, exclude=True)

    @property
    def unfinished(self) -> bool:
        """Whether it is to go on after a restart."""
        return self.status in ("queued", "running")


class Analysis(Job):
    """A search for moments. settings: as accepted, under the wire's names."""

    settings: dict[str, Any]


class Clip(BaseModel):
    """One moment of a render; microseconds of the upload as it is."""

    number: int
    start: int
    end: int
    asset_id: str
    status: Status = "queued"
    error: str | None = None
    stage: str | None = Field(default=None, exclude=True)
    progress: float | None = Field(default=None, exclude=True)

    @property
    def unfinished(self) -> bool:
        """Whether it is to go on after a restart."""
        return self.status in ("queued", "running")


class Render(Job):
    """Moments on their way to becoming shorts, each with a state of its own."""

    analysis_id: str
    clips: list[Clip]

    def settle(self) -> None:
        """The parent's state from its clips': failed only where every clip failed."""
        states = {clip.status for clip in self.clips}
        if states == {"failed"}:
            self.status, self.error = "failed", self.clips[0].error
        elif states <= {"ready", "failed"}:
            self.status = "ready"
        elif states != {"queued"}:
            self.status = "running"


class ShortsJobs:
    """All analyses and renders below `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "shorts"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._known: dict[str, Analysis | Render] = {}
        for found in sorted(self._folder.glob("*/job.json")):
            self._load(found)

    def analyse(self, project_id: str, settings: dict[str, Any], key: str | None) -> Analysis:
        """A new analysis, on disk before anybody hears of it."""
        made = Analysis(
            id=f"job_{secrets.token_hex(10)}",
            created_at=now(),
            project_id=project_id,
            key=key,
            settings=settings,
        )
        self._add(made)
        return made

    def render(self, analysis: Analysis, clips: list[Clip], key: str | None) -> Render:
        """A new render of an analysis's moments, on disk before anybody hears of it."""
        made = Render(
            id=f"render_parent_{secrets.token_hex(10)}",
            created_at=now(),
            project_id=analysis.project_id,
            key=key,
            analysis_id=analysis.id,
            clips=clips,
        )
        self._add(made)
        return made

    def analysis(self, job_id: str) -> Analysis | None:
        """The analysis of that id, or None."""
        found = self._get(job_id)
        return found if isinstance(found, Analysis) else None

    def find_render(self, job_id: str) -> Render | None:
        """The render of that id, or None."""
        found = self._get(job_id)
        return found if isinstance(found, Render) else None

    def analysis_of_key(self, key: str | None) -> Analysis | None:
        """What was made for that Idempotency-Key."""
        found = (j for j in self._known.values() if isinstance(j, Analysis) and j.key == key)
        return next(found, None) if key else None

    def render_of_key(self, analysis: Analysis, key: str | None) -> Render | None:
        """What was made of `analysis` for that Idempotency-Key."""
        found = (
            j
            for j in self._known.values()
            if isinstance(j, Render) and j.key == key and j.analysis_id == analysis.id
        )
        return next(found, None) if key else None

    @property
    def unfinished(self) -> tuple[Analysis | Render, ...]:
        """What is to go on after a restart, in the order it was asked for."""
        found = (job for job in self._known.values() if job.unfinished)
        return tuple(sorted(found, key=lambda job: job.created_at))

    @property
    def projects(self) -> frozenset[str]:
        """Ids of the projects that some job here is about."""
        return frozenset(job.project_id for job in self._known.values())

    def save(self, job: Job) -> None:
        """Write `job.json`, all of it or nothing."""
        write_atomically(self._folder / job.id / "job.json", job.model_dump_json(indent=1).encode())

    def moments(self, analysis: Analysis) -> Path:
        """The moments found, as the contract's list."""
        return self._folder / analysis.id / "moments.json"

    def short(self, render: Render, clip: Clip) -> Path:
        """The finished film of one clip."""
        return self._folder / render.id / f"{clip.number}.mp4"

    def clear_parts(self, render: Render) -> None:
        """Remove what a render that was killed had begun to write."""
        for part in (self._folder / render.id).glob(".*.part*"):
            part.unlink(missing_ok=True)

    def forget_old(self) -> None:
        """Delete what ended and was asked for over 30 days ago."""
        for job in tuple(self._known.values()):
            if is_old(job.created_at) and not job.unfinished:
                del self._known[job.id]
                shutil.rmtree(self._folder / job.id, ignore_errors=True)

    def _add(self, job: Analysis | Render) -> None:
        (self._folder / job.id).mkdir()
        self.save(job)
        self._known[job.id] = job

    def _get(self, job_id: str) -> Analysis | Render | None:
        return self._known.get(job_id) if _ID.fullmatch(job_id) else None

    def _load(self, path: Path) -> None:
        shape = Render if path.parent.name.startswith("render_parent_") else Analysis
        try:
            job = shape.model_validate_json(path.read_bytes())
        except (OSError, ValidationError):
            # Of another version or damaged: answered with 404, and the app asks afresh.
            return
        if job.id == path.parent.name:
            self._known[job.id] = job
