"""One window per project: a lock that ends with the process that holds it."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from pathlib import Path


class Lock:
    """Held until `release` or the end of the process, on every platform.

    It is an empty SQLite file locked exclusively: what the database itself relies on, without a
    stale lock after a crash.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def release(self) -> None:
        """Let go; again is harmless."""
        self._db.close()


def take(folder: Path, project: Path) -> Lock | None:
    """The lock on `project`, kept in `folder`, or None where another window holds it.

    Raises OSError or sqlite3.Error where no lock can be made at all.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(os.fsencode(project.resolve())).hexdigest()[:32]
    db = sqlite3.connect(
        folder / f"{name}.lock", isolation_level=None, timeout=0, check_same_thread=False
    )
    try:
        db.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as problem:
        db.close()
        if problem.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return None
        raise
    return Lock(db)
