"""The rows of a project file as values: how they are read and which statements write them."""

from __future__ import annotations

import json
import os
import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.core.late import late
from app.core.review import Decisions
from app.services.store_schema import damaged

if TYPE_CHECKING:
    from app.services import store_decisions
else:
    store_decisions = late("app.services.store_decisions")


@dataclass(frozen=True, slots=True)
class Meta:
    """What is remembered of the video: size in bytes, mtime in nanoseconds, duration in us."""

    video: Path
    size: int
    mtime_ns: int
    content_key: str
    duration: int

    @property
    def name(self) -> str:
        """The video's file name."""
        return self.video.name


@dataclass(frozen=True, slots=True)
class Answer:
    """A service's answer exactly as it came; received_at is UTC."""

    kind: str
    service: str
    received_at: datetime
    raw: bytes


@dataclass(frozen=True, slots=True)
class AnswerHead:
    """An answer without its bytes, of which there are `size`; no other in the project has `id`."""

    id: int
    kind: str
    service: str
    received_at: str
    size: int


@dataclass(frozen=True, slots=True)
class SavedJob:
    """A job that had not ended when the project was last open; plan holds JSON values."""

    id: str
    name: str
    plan: dict[str, Any]
    state: str


@dataclass(frozen=True)
class Contents:
    """What a project file holds, answers aside."""

    meta: Meta | None
    decisions: Decisions = field(default_factory=Decisions)
    journal: dict[str, str] = field(default_factory=dict)
    jobs: tuple[SavedJob, ...] = ()


def read_contents(db: sqlite3.Connection, path: Path) -> Contents:
    """Everything but answers.

    Raises DamagedError, StoreError where only the decisions cannot be read, sqlite3.Error.
    """
    try:
        found = db.execute(
            "SELECT video, size, mtime_ns, content_key, duration_us FROM meta"
        ).fetchone()
        meta = Meta(Path(os.fsdecode(found[0])), *found[1:]) if found else None
        said = db.execute("SELECT json FROM decisions").fetchone()
        journal = dict(db.execute("SELECT key, json FROM journal").fetchall())
        for text in journal.values():
            json.loads(text)
        rows = db.execute("SELECT id, name, plan, state FROM jobs ORDER BY changed_at, id")
        jobs = tuple(SavedJob(i, name, json.loads(plan), state) for i, name, plan, state in rows)
    except (TypeError, ValueError) as problem:
        raise damaged(path, str(problem)) from problem
    except sqlite3.OperationalError as problem:
        if "no such" in str(problem):
            raise damaged(path, str(problem)) from problem
        raise
    decisions = store_decisions.load(said[0]) if said else Decisions()
    return Contents(meta, decisions, journal, jobs)


def put_meta(db: sqlite3.Connection, meta: Meta) -> None:
    """What is remembered of the video; made_at stays what it was."""
    now = datetime.now(UTC).isoformat()
    name = os.fsencode(meta.name).decode("utf-8", "replace")
    db.execute(
        "INSERT INTO meta(id, video, name, size, mtime_ns, content_key, duration_us, made_at,"
        " made_by) VALUES (1, ?, ?, ?, ?, ?, ?, ?, 'Keeptake') ON CONFLICT(id) DO UPDATE SET"
        " video = excluded.video, name = excluded.name, size = excluded.size,"
        " mtime_ns = excluded.mtime_ns, content_key = excluded.content_key,"
        " duration_us = excluded.duration_us",
        (
            os.fsencode(meta.video),
            name,
            meta.size,
            meta.mtime_ns,
            meta.content_key,
            meta.duration,
            now,
        ),
    )


def put_decisions(db: sqlite3.Connection, decisions: Decisions) -> None:
    """The decisions in place of the last ones."""
    text = store_decisions.dump(decisions)
    db.execute("INSERT OR REPLACE INTO decisions(id, json) VALUES (1, ?)", (text,))


def add_answer(db: sqlite3.Connection, row: tuple[str, str, str, bytes]) -> None:
    """Beside all earlier ones: kind, service, time, raw."""
    db.execute("INSERT INTO answers(kind, service, received_at, raw) VALUES (?, ?, ?, ?)", row)


def read_answers(db: sqlite3.Connection, *, newest: bool) -> tuple[Answer, ...]:
    """Answers oldest first: all, or the newest of each kind."""
    which = "WHERE id IN (SELECT max(id) FROM answers GROUP BY kind)" if newest else ""
    rows = db.execute(f"SELECT kind, service, received_at, raw FROM answers {which} ORDER BY id")  # noqa: S608 - two constants
    return tuple(
        Answer(kind, service, datetime.fromisoformat(at), bytes(raw))
        for kind, service, at, raw in rows
    )


def read_heads(db: sqlite3.Connection) -> tuple[AnswerHead, ...]:
    """The newest answer of each kind; their bytes are not read."""
    rows = db.execute(
        "SELECT id, kind, service, received_at, length(raw) FROM answers"
        " WHERE id IN (SELECT max(id) FROM answers GROUP BY kind) ORDER BY id"
    )
    return tuple(AnswerHead(*row) for row in rows)


def read_raw(db: sqlite3.Connection, answer: int) -> bytes:
    """The bytes of an answer."""
    (raw,) = db.execute("SELECT raw FROM answers WHERE id = ?", (answer,)).fetchone()
    return bytes(raw)


def put_journal(db: sqlite3.Connection, kind: str, text: str) -> None:
    """A journal entry in place of the last of its kind."""
    db.execute("INSERT OR REPLACE INTO journal(key, json) VALUES (?, ?)", (kind, text))


def put_job(db: sqlite3.Connection, row: tuple[str, str, str, str, str]) -> None:
    """A job in place of what was known of it: id, name, plan, state, time."""
    db.execute(
        "INSERT OR REPLACE INTO jobs(id, name, plan, state, changed_at) VALUES (?, ?, ?, ?, ?)", row
    )


def drop_job(db: sqlite3.Connection, job_id: str) -> None:
    """The job is known no more."""
    db.execute("DELETE FROM jobs WHERE id = ?", (job_id,))
