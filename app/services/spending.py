"""What NanoClip's commands cost this month, in all projects together, and the cap on it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.core.errors import StoreError
from app.core.late import late
from app.services.redact import plain
from app.services.store_files import move_aside
from app.services.store_schema import connect

if TYPE_CHECKING:
    from app.services import quote
    from app.services.ledger import Journal
else:
    quote = late("app.services.quote")

_TABLE = """
CREATE TABLE IF NOT EXISTS booking (
    id INTEGER PRIMARY KEY,
    month TEXT NOT NULL,
    at TEXT NOT NULL,
    project TEXT NOT NULL,
    kind TEXT NOT NULL,
    cents INTEGER NOT NULL,
    open INTEGER NOT NULL DEFAULT 1
)
"""


class OverCapError(StoreError):
    """The command would have gone over the person's own cap, so it was not sent."""


class Spending:
    """The bookings of all projects, one SQLite file; any thread, and several programs at a time.

    A booking is made before its command is sent and taken back where the service certainly did not
    accept it, so that a crash counts too much rather than too little. cap: cents a calendar month
    (local time), 0 for none; read at each booking. now: for tests. All methods wait for the disk
    and raise StoreError.
    """

    def __init__(
        self,
        path: Path,
        cap: Callable[[], int],
        now: Callable[[], datetime] = lambda: datetime.now(UTC).astimezone(),
    ) -> None:
        self.path = path
        self.notice = ""
        """That earlier bookings could not be read, as a sentence; empty where they could."""
        self._cap = cap
        self._now = now

    def this_month(self) -> int:
        """Cents booked in the present calendar month."""
        if not self.path.exists():
            return 0
        with self._open() as db:
            return _sum(db, self._month())

    def book(self, project: str, kind: str, cents: int) -> None:
        """Count `cents` for `kind` on the service's `project`; raises OverCapError.

        A command that is sent once more, because its answer was lost, was counted before.
        """
        with self._open() as db:
            if _open_booking(db, project, kind) is not None:
                return
            spent, cap = _sum(db, self._month()), self._cap()
            if cap and spent + cents > cap:
                price, before, most = map(quote.money, (cents, spent, cap))
                raise OverCapError(
                    f"This would cost about {price}. With the {before} of this month that is over "
                    f"your spend cap of {most}, so it was not asked for.",
                    "Raise the spend cap in File > Settings… and use Retry Job, or wait for the "
                    "next month.",
                )
            db.execute(
                "INSERT INTO booking (month, at, project, kind, cents) VALUES (?, ?, ?, ?, ?)",
                (self._month(), self._now().isoformat(), project, kind, cents),
            )

    def take_back(self, project: str, kind: str) -> None:
        """The service certainly did not accept the command."""
        with self._open() as db:
            db.execute(
                "DELETE FROM booking WHERE project = ? AND kind = ? AND open", (project, kind)
            )

    def close(self, project: str, kind: str) -> None:
        """It ended without a result: asking again may be charged again and is counted again."""
        with self._open() as db:
            db.execute(
                "UPDATE booking SET open = 0 WHERE project = ? AND kind = ?", (project, kind)
            )

    def _month(self) -> str:
        return f"{self._now():%Y-%m}"

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection inside one transaction that nobody else writes in meanwhile."""
        try:
            db = self._connected()
            try:
                yield db
                db.execute("COMMIT")
            finally:
                with contextlib.suppress(sqlite3.Error):
                    db.close()
        except (OSError, sqlite3.Error) as problem:
            raise StoreError(
                f"What was spent could not be noted in {self.path.name} "
                f"({plain(str(problem), 120)}), so nothing was asked for.",
                f"Check that “{self.path.parent}” can be written to and use Retry Job.",
                str(problem),
            ) from problem

    def _connected(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return _begun(self.path)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            # Not a database, or not whole: the person goes on, and is told that counting is anew.
            aside = move_aside(self.path)
            self.notice = (
                f"What was spent before could not be read and is not counted; the file was kept "
                f"as “{aside.name}”."
            )
            return _begun(self.path)


class BookedJournal:
    """A project's journal that books each paid command at the moment it notes its asking.

    cents: by kind of analysis; kinds that are not in it cost nothing.
    """

    def __init__(self, journal: Journal, spending: Spending, cents: Mapping[str, int]) -> None:
        self._journal = journal
        self._spending = spending
        self._cents = cents

    def get(self, kind: str) -> dict[str, Any] | None:
        """As the project's journal has it."""
        return self._journal.get(kind)

    def put(self, kind: str, value: dict[str, Any]) -> None:
        """Keep `value`; raises StoreError, OverCapError where its command must not be sent."""
        what = kind.partition(".")[2]
        cents, state = self._cents.get(what), value.get("state")
        if cents is not None and state == "asking":
            self._spending.book(value["project"], what, cents)
        self._journal.put(kind, value)
        if cents is not None and state == "none":
            self._spending.take_back(value["project"], what)
        elif cents is not None and state == "failed":
            self._spending.close(value["project"], what)


def _begun(path: Path) -> sqlite3.Connection:
    db = connect(path)
    try:
        db.execute("BEGIN IMMEDIATE")
        db.execute(_TABLE)
        _sum(db, "")
    except BaseException:
        db.close()
        raise
    return db


def _sum(db: sqlite3.Connection, month: str) -> int:
    row = db.execute("SELECT COALESCE(SUM(cents), 0) FROM booking WHERE month = ?", (month,))
    return int(row.fetchone()[0])


def _open_booking(db: sqlite3.Connection, project: str, kind: str) -> int | None:
    found = db.execute(
        "SELECT id FROM booking WHERE project = ? AND kind = ? AND open", (project, kind)
    ).fetchone()
    return None if found is None else int(found[0])
