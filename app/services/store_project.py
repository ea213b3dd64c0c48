"""One open project: decisions, answers, journal and jobs, saved without anyone waiting."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from app.core.errors import StoreError
from app.core.review import Decisions
from app.services.redact import plain
from app.services.store_backups import Backups
from app.services.store_files import replace_with
from app.services.store_lock import Lock, take
from app.services.store_rows import (
    Answer,
    AnswerHead,
    Contents,
    Meta,
    add_answer,
    drop_job,
    put_decisions,
    put_job,
    put_journal,
    put_meta,
    read_answers,
    read_heads,
    read_raw,
)
from app.services.store_writer import Writer

FREE = "local."
"""Journal kinds of the local service: they cost nothing, so they may be kept in memory alone."""


@dataclass(frozen=True)
class Place:
    """Where a project lives.

    path: its file, or the one it would have. temporary: nothing reaches `path`, everything is in
    memory. notice: why, or what happened to the file, as sentences; may be empty. locks: the folder
    of all locks. backups: its copies by age, where it is saved.
    """

    path: Path
    temporary: bool = False
    notice: str = ""
    lock: Lock | None = None
    locks: Path | None = None
    backups: Backups | None = None


class ProjectJournal:
    """The `Journal` of `ledger`: `put` waits until the value is on disk. Any thread."""

    def __init__(self, writer: Writer, texts: dict[str, str], temporary: bool) -> None:
        self._writer = writer
        self._texts = texts
        self._temporary = temporary

    def get(self, kind: str) -> dict[str, Any] | None:
        """The last value put under `kind`, or None; the caller's own copy."""
        text = self._texts.get(kind)
        return None if text is None else dict(json.loads(text))

    def put(self, kind: str, value: dict[str, Any]) -> None:
        """Keep `value` under `kind`; raises StoreError where it cannot be on disk.

        A paid command must then not be sent: nobody could tell after a crash that it was.
        """
        text = json.dumps(value, allow_nan=False)
        if self._temporary and not kind.startswith(FREE):
            raise StoreError(
                "Nothing was sent: this project is only in memory, so Keeptake could not note "
                "what it asked for.",
                "Use Save Project As… in a folder you may write in, and open the project there.",
            )
        self._writer.submit(lambda db: put_journal(db, kind, text), keep=False).result()
        self._texts[kind] = text


class Project:
    """A project that is open. Saving never waits unless it says so; any thread.

    in_memory: what was done last is not on disk. notice: why, as sentences for a person.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        contents: Contents,
        meta: Meta,
        place: Place,
        on_notice: Callable[[str], None],
    ) -> None:
        self._place = place
        self._on_notice = on_notice
        self._writer = Writer(db, self._committed)
        self._meta = meta
        self._decisions = self._at_first = contents.decisions
        self._answered = False
        self._told_of_backups = False
        self.in_memory = place.temporary
        self.notice = place.notice
        self.unfinished_jobs = contents.jobs
        """Jobs that had not ended when the project was opened."""
        self.journal = ProjectJournal(self._writer, dict(contents.journal), place.temporary)
        if contents.meta != meta:
            self._write_meta(meta)

    @property
    def unsaved(self) -> bool:
        """Whether something was decided or received that is in no file and goes with the window."""
        if not self._place.temporary:
            return self.in_memory
        return self._answered or self._decisions != self._at_first

    @property
    def path(self) -> Path:
        """The project's file; not written to while the project is only in memory."""
        return self._place.path

    @property
    def meta(self) -> Meta:
        """What is remembered of the video."""
        return self._meta

    @property
    def video(self) -> Path:
        """Where the video was last seen; it may have gone."""
        return self._meta.video

    @property
    def decisions(self) -> Decisions:
        """The decisions as loaded or last saved."""
        return self._decisions

    def save_decisions(self, decisions: Decisions) -> Future[None]:
        """Keep the decisions; the future is done when they are on disk, else holds a StoreError.

        They are written out on the store's thread; of several waiting ones the last is kept.
        """
        if self._decisions != Decisions():
            self._writer.aside(self._back_up)
        self._decisions = decisions
        return self._writer.submit(lambda db: put_decisions(db, decisions), slot="decisions")

    def save_answer(
        self, kind: str, raw: bytes, service: str, *, replaces: bool = False
    ) -> Future[None]:
        """Keep an answer untouched beside all earlier ones; the future as in save_decisions.

        replaces: decisions may lie over another answer of its kind. A backup of how it was comes
        first, as some of them may be about what the new one does not have.
        """
        if replaces and self._decisions != Decisions():
            self._writer.aside(partial(self._back_up, at_once=True))
        now = datetime.now(UTC).isoformat()
        row = (kind, service, now, raw)
        self._answered = True
        return self._writer.submit(lambda db: add_answer(db, row))

    def answers(self) -> dict[str, Answer]:
        """The newest answer of each kind; waits, so not for the GUI thread. Raises StoreError."""
        return {a.kind: a for a in self._writer.read(lambda db: read_answers(db, newest=True))}

    def heads(self) -> tuple[AnswerHead, ...]:
        """The newest answer of each kind without its bytes; waits. Raises StoreError."""
        return self._writer.read(read_heads)

    def raw_answer(self, head: AnswerHead) -> bytes:
        """An answer's bytes; waits. Raises StoreError."""
        return self._writer.read(lambda db: read_raw(db, head.id))

    def all_answers(self) -> tuple[Answer, ...]:
        """Every answer, oldest first; waits. Raises StoreError."""
        return self._writer.read(lambda db: read_answers(db, newest=False))

    def save_job(self, job_id: str, name: str, plan: dict[str, Any], state: str) -> Future[None]:
        """Remember a job until `forget_job`, so that it comes back when the project does."""
        row = (job_id, name, json.dumps(plan), state, datetime.now(UTC).isoformat())
        return self._writer.submit(lambda db: put_job(db, row))

    def forget_job(self, job_id: str) -> Future[None]:
        """The job has ended, or is not wanted."""
        return self._writer.submit(lambda db: drop_job(db, job_id))

    def relink(self, video: Path, content_key: str = "") -> None:
        """The film now lies at `video`; raises StoreError where it cannot be read.

        content_key: of `video`, where the person takes another content for the same film.
        """
        try:
            found = video.stat()
        except OSError as problem:
            raise StoreError(
                f"“{video.name}” could not be read.", "The project is unchanged.", str(problem)
            ) from problem
        old = self._meta
        key = content_key or old.content_key
        new = Meta(video.absolute(), found.st_size, found.st_mtime_ns, key, old.duration)
        self._meta = new
        self._write_meta(new)

    def save_as(self, path: Path) -> None:
        """Copy the whole project to `path`, unsaved changes too; waits. Raises StoreError.

        `path` is the old file or the whole new one, whatever happens.
        """
        if path.absolute() == self.path.absolute() and not self._place.temporary:
            self.flush()
            return
        lock = self._lock_on(path)
        decisions = self._decisions
        try:
            replace_with(path, self._copy)
            self._at_first, self._answered = decisions, False
        except (sqlite3.Error, OSError) as problem:
            raise StoreError(
                f"The project could not be saved as “{path.name}”.",
                "Choose another folder or make room; the open project is unchanged.",
                str(problem),
            ) from problem
        finally:
            if lock:
                lock.release()

    def flush(self) -> None:
        """Wait until everything said so far is on disk; raises StoreError where it is not."""
        self._writer.flush()

    def close(self) -> None:
        """Commit the rest and let go of the file; waits. Raises StoreError where it is not kept."""
        try:
            self._writer.close()
        finally:
            if self._place.lock:
                self._place.lock.release()

    def _lock_on(self, path: Path) -> Lock | None:
        """Held while `path` is replaced; raises StoreError where another window has it open."""
        try:
            lock = take(self._place.locks, path) if self._place.locks else None
        except (OSError, sqlite3.Error):
            return None
        if self._place.locks and lock is None:
            raise StoreError(
                f"“{path.name}” is open in another Keeptake window, so it was not replaced.",
                "Choose another name.",
            )
        return lock

    def _copy(self, part: Path) -> None:
        # The empty file that holds the name becomes a database with the first page written.
        other = sqlite3.connect(
            part.absolute().as_uri(), uri=True, isolation_level=None, check_same_thread=False
        )
        try:
            self._writer.copy_into(other)
            other.execute("PRAGMA journal_mode = DELETE")
        finally:
            other.close()

    def _back_up(self, db: sqlite3.Connection, *, at_once: bool = False) -> None:
        """A copy of how it was before the next change, where the last one is old enough."""
        backups = self._place.backups
        if backups is None or not (at_once or backups.due()):
            return

        def write(part: Path) -> None:
            with closing(sqlite3.connect(part, isolation_level=None)) as other:
                db.backup(other)

        try:
            backups.add(write)
        except (sqlite3.Error, OSError) as problem:
            if not self._told_of_backups:
                self._told_of_backups = True
                self._on_notice(
                    f"No backup of the project could be made ({plain(str(problem), 120)}). The "
                    "project itself is saved."
                )

    def _write_meta(self, meta: Meta) -> None:
        self._writer.submit(lambda db: put_meta(db, meta), slot="meta")

    def _committed(self, problem: StoreError | None) -> None:
        if self._place.temporary:
            return
        if problem and not self.in_memory:
            self.in_memory, self.notice = True, str(problem)
            self._on_notice(self.notice)
        elif not problem and self.in_memory:
            self.in_memory, self.notice = False, "The project is saved again."
            self._on_notice(self.notice)
