"""The project file: its tables, its versions, and the checks that a file is one."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from app.core.errors import StoreError

APPLICATION_ID = 0x4B54414B
"""SQLite's `application_id`, "KTAK": tells a project from any other SQLite file."""

MIGRATIONS: tuple[str, ...] = (
    # 0 -> 1: the first version, from an empty file. A path is bytes, for it need not be text.
    """
    CREATE TABLE meta(
        id INTEGER PRIMARY KEY CHECK (id = 1),
        video BLOB NOT NULL, name TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
        content_key TEXT NOT NULL, duration_us INTEGER NOT NULL,
        made_at TEXT NOT NULL, made_by TEXT NOT NULL);
    CREATE TABLE decisions(id INTEGER PRIMARY KEY CHECK (id = 1), json TEXT NOT NULL);
    CREATE TABLE answers(
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL, service TEXT NOT NULL, received_at TEXT NOT NULL, raw BLOB NOT NULL);
    CREATE INDEX answers_by_kind ON answers(kind, id);
    CREATE TABLE journal(key TEXT PRIMARY KEY, json TEXT NOT NULL);
    CREATE TABLE jobs(
        id TEXT PRIMARY KEY, name TEXT NOT NULL, plan TEXT NOT NULL, state TEXT NOT NULL,
        changed_at TEXT NOT NULL);
    """,
)
"""Step n brings version n to n + 1; a shipped step never changes. `user_version` counts them."""

_FIRST_BYTES = b"SQLite format 3\x00"


class DamagedError(StoreError):
    """The file is a project that can no longer be read."""


class NewerError(StoreError):
    """The file was written by a newer Keeptake."""


class OtherFileError(StoreError):
    """The file is something else than a project."""


def connect(path: Path | None) -> sqlite3.Connection:
    """A connection for one thread at a time; `path` None keeps everything in memory.

    Raises sqlite3.Error. A commit returns when the file and its folder are on disk; no `-wal` file
    is ever left beside the project (audacity's repair tool shows where that leads).
    """
    # A URI, since a plain name starting with "file:" would be read as one.
    name = f"{path.absolute().as_uri()}?mode=rwc" if path else ":memory:"
    db = sqlite3.connect(name, uri=True, isolation_level=None, check_same_thread=False, timeout=2)
    try:
        db.execute("PRAGMA trusted_schema = OFF")
        db.execute("PRAGMA cell_size_check = ON")
        db.execute("PRAGMA synchronous = FULL")
        if path:
            db.execute("PRAGMA journal_mode = DELETE")
    except BaseException:
        db.close()
        raise
    return db


def look_at(path: Path) -> int:
    """The version of the project file, 0 for an empty one, without changing anything.

    Raises OtherFileError, DamagedError or NewerError; OSError where it cannot be read at all.
    """
    with path.open("rb") as file:
        head = file.read(100)
    if not head:
        return 0
    if head[:16] != _FIRST_BYTES:
        raise _other(path)
    if len(head) < 100:
        raise damaged(path, "The file ends inside its header.")
    application, version = int.from_bytes(head[68:72], "big"), int.from_bytes(head[60:64], "big")
    # A crash while the file was being made leaves a journal that SQLite rolls back on opening.
    half_made = path.with_name(f"{path.name}-journal").exists()
    if application == 0 and (half_made or int.from_bytes(head[28:32], "big") <= 1):
        return 0
    _must_be_ours(path, application, version)
    return version


def check(db: sqlite3.Connection, path: Path) -> None:
    """Raise unless the file is ours (or empty) and every page of it hangs together."""
    try:
        rows = db.execute("PRAGMA quick_check(3)").fetchall()
        (application,) = db.execute("PRAGMA application_id").fetchone()
        (version,) = db.execute("PRAGMA user_version").fetchone()
        (tables,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as problem:
        raise damaged(path, str(problem)) from problem
    if rows != [("ok",)]:
        raise damaged(path, "; ".join(str(row[0]) for row in rows))
    if application or tables:
        _must_be_ours(path, application, version)


def upgrade(db: sqlite3.Connection, migrations: Sequence[str] = MIGRATIONS) -> int:
    """Bring the file to the newest version, all steps in one transaction; the version it had.

    Raises sqlite3.Error, and then the file is as it was.
    """
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version >= len(migrations):
        return int(version)
    db.execute("BEGIN IMMEDIATE")
    try:
        for step in migrations[version:]:
            for statement in _statements(step):
                db.execute(statement)
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {len(migrations)}")
        db.execute("COMMIT")
    except sqlite3.Error:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    return int(version)


def _must_be_ours(path: Path, application: int, version: int) -> None:
    if application != APPLICATION_ID:
        raise _other(path)
    if version > len(MIGRATIONS):
        raise NewerError(
            f"“{path.name}” was saved by a newer Keeptake.",
            "It was left as it is; update Keeptake to open it.",
            f"format {version}, this Keeptake reads up to {len(MIGRATIONS)}",
        )


def _other(path: Path) -> OtherFileError:
    return OtherFileError(f"“{path.name}” is not a Keeptake project.", "It was left as it is.")


def damaged(path: Path, detail: str) -> DamagedError:
    """The error for a project that cannot be read."""
    return DamagedError(
        f"The project “{path.name}” is damaged and could not be read.",
        "It was left as it is; open the video itself to start again.",
        detail,
    )


def _statements(step: str) -> list[str]:
    """`executescript` would commit first, so a step is run one statement at a time."""
    out, start = [], 0
    for end, letter in enumerate(step, 1):
        if letter == ";" and sqlite3.complete_statement(step[start:end]):
            out.append(step[start:end].strip())
            start = end
    return out
