"""Projects as folders of the data folder, so that a restart finds them and their jobs."""

from __future__ import annotations

import re
import secrets
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import ValidationError

from app.local_service.analyses.worker import write_atomically
from app.local_service.shapes import Analysis, Project, Run

_ID = re.compile(r"proj_[0-9a-f]{20}")

KEEP = timedelta(days=30)
"""After that a finished project is deleted at a start: the answers live in the user's own project,
and the uploaded copy only takes room."""


def now() -> str:
    """The time as the contract's samples write it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def is_old(created_at: str) -> bool:
    """Whether what was made then is deleted once it is not needed any more."""
    return datetime.fromisoformat(created_at) < datetime.now(UTC) - KEEP


class Projects:
    """All projects in `folder`. One process resumes and deletes; see `alone`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "projects"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._known: dict[str, Project] = {}
        self._lock = sqlite3.connect(folder / "service.lock", isolation_level=None, timeout=0)
        self.alone = self._take()
        for found in sorted(self._folder.glob("proj_*/project.json")):
            self._load(found)

    def close(self) -> None:
        """Let go of the folder."""
        self._lock.close()

    def create(
        self,
        filename: str,
        content_type: str,
        size_bytes: int | None,
        complete_token: str | None = None,
    ) -> Project:
        """A new project and its folder; `complete_token` for an upload of the shorts contract."""
        project = Project(
            id=f"proj_{secrets.token_hex(10)}",
            created_at=now(),
            filename=filename,
            content_type=content_type,
            size_bytes=size_bytes,
            complete_token=complete_token,
        )
        self.folder(project).mkdir()
        self.save(project)
        self._known[project.id] = project
        return project

    def get(self, project_id: str) -> Project | None:
        """The project of that id, or None."""
        return self._known.get(project_id) if _ID.fullmatch(project_id) else None

    @property
    def all(self) -> tuple[Project, ...]:
        """Every project, in no order that means anything."""
        return tuple(self._known.values())

    def save(self, project: Project) -> None:
        """Write `project.json`, all of it or nothing."""
        data = project.model_dump_json(indent=1).encode()
        write_atomically(self.folder(project) / "project.json", data)

    def folder(self, project: Project) -> Path:
        """Where everything of the project lies."""
        return self._folder / project.id

    def source(self, project: Project) -> Path:
        """The uploaded bytes, once all have arrived."""
        return self.folder(project) / "source"

    def captions(self, project: Project) -> Path:
        """The captions handed over, if any were."""
        return self.folder(project) / "captions"

    def result(self, project: Project, analysis: Analysis) -> Path:
        """The finished answer of an analysis, as bytes of its GET."""
        return self.folder(project) / f"{analysis}.json"

    def full_transcript(self, project: Project) -> Path:
        """The transcript with all outputs, whatever was asked for."""
        return self.folder(project) / "transcript.full.json"

    def unfinished(self) -> list[tuple[Project, Analysis, Run]]:
        """What is to go on after a restart, transcripts before what is found in them."""
        found = [
            (p, analysis, run)
            for p in self._known.values()
            for analysis, run in p.runs.items()
            if run.unfinished
        ]
        return sorted(found, key=lambda f: (f[1] != "transcript", f[2].created_at))

    def forget_old(self, needed: frozenset[str]) -> None:
        """Delete finished projects of over 30 days ago, but not those whose ids are `needed`."""
        for project in self.all:
            busy = any(r.unfinished for r in project.runs.values())
            if is_old(project.created_at) and not busy and project.id not in needed:
                del self._known[project.id]
                shutil.rmtree(self.folder(project), ignore_errors=True)

    def _take(self) -> bool:
        try:
            self._lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            return False
        return True

    def _load(self, path: Path) -> None:
        try:
            project = Project.model_validate_json(path.read_bytes())
        except (OSError, ValidationError):
            # Of another version or damaged: answered with 404, and the app uploads afresh.
            return
        if project.id == path.parent.name:
            self._known[project.id] = project
