"""What can still be read of a damaged project file, put into a whole one; the file is only read."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.core.errors import StoreError
from app.core.late import late
from app.services.store_schema import APPLICATION_ID

if TYPE_CHECKING:
    from app.services import store_decisions
else:
    store_decisions = late("app.services.store_decisions")

Row = tuple[Any, ...]

_META = "id, video, name, size, mtime_ns, content_key, duration_us, made_at, made_by"


@dataclass(frozen=True)
class Salvaged:
    """How much was read: whether the decisions were, how many answers and notes of orders."""

    decisions: bool = False
    answers: int = 0
    orders: int = 0

    def __bool__(self) -> bool:
        return bool(self.decisions or self.answers or self.orders)

    @property
    def said(self) -> str:
        """What was read, to follow "could be read: "."""
        parts = ["the decisions"] if self.decisions else []
        parts += [_counted(self.answers, "answer")] if self.answers else []
        parts += ["what was ordered from services"] if self.orders else []
        return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def salvage(path: Path, into: sqlite3.Connection) -> Salvaged:
    """Read what can be read of `path`, over what `into` holds: an older copy, or nothing.

    Decisions and the journal are newer than a copy's and take their place; an answer that the copy
    has is known to be whole and stays. Raises sqlite3.Error where `into` cannot be written, OSError
    where `path` cannot be copied.
    """
    with tempfile.TemporaryDirectory(prefix="keeptake-") as folder:
        copy = Path(folder) / "damaged"
        shutil.copyfile(path, copy)
        if _is_another(copy):
            return Salvaged()
        with suppress(FileNotFoundError):  # What was not committed is rolled back in the copy.
            shutil.copyfile(f"{path}-journal", f"{copy}-journal")
        with closing(sqlite3.connect(copy, isolation_level=None)) as db:
            db.execute("PRAGMA trusted_schema = OFF")
            into.execute("BEGIN IMMEDIATE")
            try:
                found = _copied(db, into)
                into.execute("COMMIT")
            except BaseException:
                into.execute("ROLLBACK")
                raise
    return found


def _copied(db: sqlite3.Connection, into: sqlite3.Connection) -> Salvaged:
    for row in _rows(db, f"SELECT {_META} FROM meta"):  # noqa: S608 - a constant
        if _is_meta(row):
            marks = ", ".join("?" * len(row))
            into.execute(f"INSERT OR REPLACE INTO meta({_META}) VALUES ({marks})", row)  # noqa: S608
    decisions = False
    for (text,) in _rows(db, "SELECT json FROM decisions"):
        with suppress(StoreError, TypeError):
            store_decisions.load(text)
            into.execute("INSERT OR REPLACE INTO decisions(id, json) VALUES (1, ?)", (text,))
            decisions = True
    orders = 0
    for row in _rows(db, "SELECT key, json FROM journal"):
        if isinstance(row[0], str) and _is_object(row[1]):
            into.execute("INSERT OR REPLACE INTO journal(key, json) VALUES (?, ?)", row)
            orders += 1
    return Salvaged(decisions, _answers(db, into), orders)


def _answers(db: sqlite3.Connection, into: sqlite3.Connection) -> int:
    """From both ends, for the damage ends each way of reading."""
    read: dict[int, Row] = {}
    for order in ("ASC", "DESC"):
        for row in _rows(
            db,
            f"SELECT id, kind, service, received_at, raw FROM answers ORDER BY id {order}",  # noqa: S608
        ):
            if row[0] in read:
                break
            read[row[0]] = row
    good = [row for _, row in sorted(read.items()) if _is_answer(row)]
    into.executemany(
        "INSERT OR IGNORE INTO answers(id, kind, service, received_at, raw) VALUES (?, ?, ?, ?, ?)",
        good,
    )
    return len(good)


def _rows(db: sqlite3.Connection, question: str) -> Iterator[Row]:
    """The rows up to the damage."""
    try:
        found = db.execute(question)
        while (row := found.fetchone()) is not None:
            yield row
    except (sqlite3.DatabaseError, UnicodeDecodeError, OverflowError):
        return


def _is_another(path: Path) -> bool:
    """Whether it is some other program's file, or none that SQLite wrote."""
    with path.open("rb") as file:
        head = file.read(100)
    return int.from_bytes(head[68:72], "big") != APPLICATION_ID


def _is_meta(row: Row) -> bool:
    numbers = all(isinstance(n, int) for n in (*row[3:5], row[6]))
    texts = all(isinstance(t, str) for t in (row[2], row[5], *row[7:]))
    return isinstance(row[1], bytes) and b"\0" not in row[1] and bool(row[1]) and numbers and texts


def _is_answer(row: Row) -> bool:
    return (
        all(isinstance(t, str) for t in row[1:4]) and isinstance(row[4], bytes) and _is_time(row[3])
    )


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_object(text: object) -> bool:
    try:
        return isinstance(json.loads(text) if isinstance(text, str) else None, dict)
    except ValueError:
        return False


def _counted(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"
