"""The thread that owns a project's connection: it commits what it is given, in order."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import TypeVar

from app.core.errors import StoreError

T = TypeVar("T")

Change = Callable[[sqlite3.Connection], None]
"""Statements to run inside a transaction; may run again after a failure."""


@dataclass(eq=False)
class _Task:
    """slot: of several waiting changes with the same slot only the last is run ("" is no slot).

    keep: after a failure the change is tried again with the next one.
    """

    change: Change
    slot: str
    keep: bool
    done: Future[None] = field(default_factory=Future)


@dataclass(eq=False)
class _Read:
    run: Callable[[sqlite3.Connection], None]
    abandon: Callable[[], None]


class Writer:
    """Commits changes on its own thread; nothing here waits unless it says so.

    on_outcome: called on the writer's thread after each commit, with None where it succeeded and
    with the error where it did not.
    """

    def __init__(
        self, db: sqlite3.Connection, on_outcome: Callable[[StoreError | None], None]
    ) -> None:
        self._db = db
        self._on_outcome = on_outcome
        self._queue: SimpleQueue[_Task | _Read | None] = SimpleQueue()
        self._unsaved: list[_Task] = []
        self._batch: list[_Task] = []
        self._gate = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="keeptake-store", daemon=True)
        self._thread.start()

    def submit(self, change: Change, *, slot: str = "", keep: bool = True) -> Future[None]:
        """Queue a change; the future is done when it is on disk, or holds a StoreError."""
        task = _Task(change, slot, keep)
        self._put(task)
        return task.done

    def read(self, question: Callable[[sqlite3.Connection], T]) -> T:
        """Ask after everything queued so far; waits. Raises StoreError."""
        answer: Future[T] = Future()

        def run(db: sqlite3.Connection) -> None:
            try:
                answer.set_result(question(db))
            except (sqlite3.Error, OSError, StoreError) as problem:
                answer.set_exception(problem)

        self._put(_Read(run, lambda: answer.set_exception(sqlite3.OperationalError("closed"))))
        try:
            return answer.result()
        except (sqlite3.Error, OSError) as problem:
            raise StoreError(
                "The project could not be read.", "Nothing was changed.", str(problem)
            ) from problem

    def aside(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Do something with the connection after all queued so far; nobody waits for it.

        What it raises of SQLite and the disk is its own to tell; nothing of it is raised here.
        """

        def run(db: sqlite3.Connection) -> None:
            with contextlib.suppress(sqlite3.Error, OSError):
                work(db)

        self._put(_Read(run, lambda: None))

    def flush(self) -> None:
        """Wait until everything queued so far is on disk; raises StoreError where it is not."""
        self.submit(lambda _db: None, keep=False).result()

    def close(self) -> None:
        """Commit the rest and end the thread; raises StoreError where something was not kept."""
        with self._gate:
            if self._closed:
                return
            last = _Task(lambda _db: None, "", keep=False)
            self._queue.put(last)
            self._queue.put(None)
            self._closed = True
        self._thread.join()
        last.done.result()

    def _put(self, item: _Task | _Read) -> None:
        with self._gate:
            if self._closed:
                raise StoreError("The project is closed.", detail="written to after close")
            self._queue.put(item)

    def copy_into(self, other: sqlite3.Connection) -> None:
        """Everything queued so far, what could not be saved too; waits. Raises StoreError."""

        def copy(db: sqlite3.Connection) -> None:
            db.backup(other)
            other.execute("BEGIN")
            for task in self._unsaved:
                task.change(other)
            other.execute("COMMIT")

        self.read(copy)

    def _run(self) -> None:
        try:
            while True:
                batch, after = self._next()
                self._batch = batch
                if batch:
                    self._commit(batch)
                if isinstance(after, _Read):
                    after.run(self._db)
                elif after is None:
                    return
        finally:
            self._end()

    def _end(self) -> None:
        """Nobody may wait for ever, also where a bug ended the thread (and is loud elsewhere)."""
        self._db.close()
        with self._gate:
            self._closed = True
            while not self._queue.empty():
                item = self._queue.get()
                if isinstance(item, _Task):
                    self._batch.append(item)
                elif item is not None:
                    item.abandon()
        for task in self._batch:
            if not task.done.done():
                task.done.set_exception(not_kept(RuntimeError("the store's thread has ended")))

    def _next(self) -> tuple[list[_Task], _Read | _Task | None]:
        """All waiting changes up to a question or the end: they share one fsync."""
        batch: list[_Task] = []
        while True:
            item = self._queue.get()
            if not isinstance(item, _Task):
                return batch, item
            batch.append(item)
            if self._queue.empty():
                return batch, item

    def _commit(self, batch: list[_Task]) -> None:
        waiting = [*self._unsaved, *batch]
        last = {task.slot: task for task in waiting if task.slot}
        try:
            self._db.execute("BEGIN IMMEDIATE")
            for task in waiting:
                if not task.slot or last[task.slot] is task:
                    task.change(self._db)
            self._db.execute("COMMIT")
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise  # a bug, not the disk: trying again would fail for ever
        except (sqlite3.Error, OSError) as problem:
            self._failed(waiting, batch, last, problem)
            return
        self._unsaved = []
        self._on_outcome(None)
        for task in batch:
            task.done.set_result(None)

    def _failed(
        self,
        waiting: list[_Task],
        batch: list[_Task],
        last: dict[str, _Task],
        problem: sqlite3.Error | OSError,
    ) -> None:
        with contextlib.suppress(sqlite3.Error):  # some failures roll back by themselves
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
        self._unsaved = [t for t in waiting if t.keep and (not t.slot or last[t.slot] is t)]
        error = not_kept(problem)
        self._on_outcome(error)
        for task in batch:
            task.done.set_exception(error)


def not_kept(problem: Exception) -> StoreError:
    """Why a project could not be written, as sentences."""
    text = str(problem)
    why = "The project could not be saved."
    if "full" in text or "No space" in text:
        why = "The disk is full, so the project could not be saved."
    elif "readonly" in text or "unable to open" in text or isinstance(problem, PermissionError):
        why = "Keeptake may not write in the project's folder, so the project could not be saved."
    return StoreError(
        why,
        "Everything is kept in memory while the window is open, and saving is tried again with "
        "the next change.",
        f"{type(problem).__name__}: {text}",
    )
