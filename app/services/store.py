"""Projects on disk: found by the video's content or by file, upgraded, never lost by a failure."""

from __future__ import annotations

import contextlib
import re
import shutil
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path

from app.core.errors import StoreError
from app.core.review import Footage
from app.services import store_lock
from app.services.prepared import Prepared
from app.services.store_backups import Backups
from app.services.store_files import move_aside, name_aside, replace_with
from app.services.store_project import Place, Project
from app.services.store_rows import Answer, Contents, Meta, SavedJob, read_contents
from app.services.store_salvage import Salvaged, salvage
from app.services.store_schema import (
    DamagedError,
    NewerError,
    OtherFileError,
    check,
    connect,
    damaged,
    look_at,
    upgrade,
)

SUFFIX = ".keeptake"

_BUSY = (
    "This project is open in another Keeptake window. You can look at it here; what you change "
    "here is not kept unless you use Save Project As…."
)
_NO_ROOM = (
    "Keeptake cannot save this project: its data folder cannot be written to. Everything stays in "
    "memory while the window is open; use Save Project As… to keep it."
)


class Store:
    """The folder of autosaved projects.

    on_notice: called, on the store's own thread, with sentences for a person when saving an open
    project begins to fail or works again.
    """

    def __init__(self, folder: Path, on_notice: Callable[[str], None] = lambda _text: None) -> None:
        self._folder = folder
        self._on_notice = on_notice
        self.prepared = Prepared(folder / "prepared")
        """What was worked out of the answers of any project, and of films."""

    def path_for(self, content_key: str) -> Path:
        """The autosaved project of a content key; raises ValueError for a key that is no name."""
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{7,127}", content_key):
            raise ValueError(f"not a content key: {content_key!r}")
        return self._folder / f"{content_key}{SUFFIX}"

    def open_for(self, video: Path, content_key: str, footage: Footage) -> Project:
        """The project of a video, made where there is none. Reads the disk: not for the GUI thread.

        Never fails for the store's sake: where the folder cannot be used the project lives in
        memory, a damaged file is moved aside, and `Project.notice` says so. Raises StoreError where
        the video itself is gone.
        """
        path = self.path_for(content_key)
        meta = _meta(video, content_key, footage.duration)
        try:
            lock = self._lock(path)
        except (OSError, sqlite3.Error):
            return self._in_memory(path, meta, _NO_ROOM)
        if lock is None:
            return self._in_memory(path, meta, _BUSY)
        try:
            db, contents, notice = _open_or_replace(path, self.backups(path))
        except NewerError as newer:
            lock.release()
            notice = f"{newer} What you do now is kept only by Save Project As…."
            return self._in_memory(path, meta, notice, empty=True)
        except (OSError, sqlite3.Error):
            lock.release()
            return self._in_memory(path, meta, _NO_ROOM)
        return Project(db, contents, meta, self._place(path, False, notice, lock), self._on_notice)

    def open_file(self, path: Path) -> Project:
        """The project in a file, saved there from now on. Not for the GUI thread.

        Raises StoreError, and then the file is as it was. `Project.video` may have gone: relink.
        """
        try:
            if look_at(path) == 0:
                raise OtherFileError(f"“{path.name}” holds no project.", "It was left as it is.")
            lock, locked = self._lock_if_possible(path)
            if locked:
                return self._look_only(path, _BUSY)
            return self._open_held(path, lock)
        except DamagedError as problem:
            return self._what_is_left(path, problem)
        except FileNotFoundError as problem:
            raise StoreError(f"“{path.name}” is not there any more.", "", str(problem)) from problem
        except (OSError, sqlite3.Error) as problem:
            raise StoreError(
                f"“{path.name}” could not be opened.", "It was left as it is.", str(problem)
            ) from problem

    def _open_held(self, path: Path, lock: store_lock.Lock | None) -> Project:
        try:
            db, contents = _open(path)
        except sqlite3.OperationalError:
            # A project on a read-only disk can still be looked at.
            if lock:
                lock.release()
            return self._look_only(path, _NO_ROOM)
        except BaseException:
            if lock:
                lock.release()
            raise
        return self._shown(db, contents, self._place(path, lock=lock))

    def _what_is_left(self, path: Path, problem: DamagedError) -> Project:
        """What can be read of a damaged file, in memory; the file stays as it is.

        Raises the problem, with the newest backup named, where nothing of worth can be read.
        """
        db = connect(None)
        upgrade(db)
        found = Salvaged()
        with contextlib.suppress(OSError, sqlite3.Error):
            found = salvage(path, db)
        contents = read_contents(db, path)
        if not found or contents.meta is None:
            db.close()
            raise _with_backup(problem, self.backups(path)) from problem
        copy = next((str(copy) for _, copy in self.backups(path).copies()), "")
        older = f" There is an older copy that is whole: “{copy}”." if copy else ""
        notice = (
            f"The project “{path.name}” is damaged and was left as it is. This could be read of "
            f"it and is shown: {found.said}. Use Save Project As… to keep it.{older}"
        )
        return self._shown(db, contents, self._place(path, True, notice))

    def _look_only(self, path: Path, notice: str) -> Project:
        db = _copy_in_memory(path)
        return self._shown(db, read_contents(db, path), self._place(path, True, notice))

    def _shown(self, db: sqlite3.Connection, contents: Contents, place: Place) -> Project:
        if contents.meta is None:
            db.close()
            if place.lock:
                place.lock.release()
            raise damaged(place.path, "no row in meta")
        return Project(db, contents, contents.meta, place, self._on_notice)

    def _in_memory(self, path: Path, meta: Meta, notice: str, *, empty: bool = False) -> Project:
        """A project that is not saved, with what can be read of the saved one unless `empty`."""
        db = connect(None)
        upgrade(db)
        contents = Contents(None)
        if not empty:
            with contextlib.suppress(OSError, sqlite3.Error, StoreError):
                copy = _copy_in_memory(path)
                contents = read_contents(copy, path)
                db.close()
                db = copy
        return Project(db, contents, meta, self._place(path, True, notice), self._on_notice)

    def _place(
        self,
        path: Path,
        temporary: bool = False,
        notice: str = "",
        lock: store_lock.Lock | None = None,
    ) -> Place:
        backups = None if temporary else self.backups(path)
        return Place(path, temporary, notice, lock, self._locks, backups)

    def backups(self, path: Path) -> Backups:
        """The copies of a project file, whether it is autosaved here or lies elsewhere."""
        return Backups(self._folder / "backups", path)

    @property
    def _locks(self) -> Path:
        return self._folder / "locks"

    def _lock(self, path: Path) -> store_lock.Lock | None:
        return store_lock.take(self._locks, path)

    def _lock_if_possible(self, path: Path) -> tuple[store_lock.Lock | None, bool]:
        """The lock, and whether another window has it: without a data folder nobody can tell."""
        try:
            lock = self._lock(path)
        except (OSError, sqlite3.Error):
            return None, False
        return lock, lock is None


def _open(path: Path) -> tuple[sqlite3.Connection, Contents]:
    """Checked, upgraded and read; raises StoreError, OSError or sqlite3.Error."""
    try:
        db = connect(path)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as problem:
        raise damaged(path, str(problem)) from problem
    try:
        check(db, path)
        upgrade(db)
        return db, read_contents(db, path)
    except BaseException:
        db.close()
        raise


def _open_or_replace(path: Path, backups: Backups) -> tuple[sqlite3.Connection, Contents, str]:
    """The autosaved project; a damaged one is kept under another name and its newest good backup
    takes its place, or an empty one. A notice says so."""
    try:
        if path.exists():
            look_at(path)
        return *_open(path), ""
    except NewerError:
        raise
    except (DamagedError, OtherFileError):
        aside = move_aside(path)
        with contextlib.suppress(FileNotFoundError):
            path.with_name(f"{path.name}-journal").rename(f"{aside}-journal")
        return _mended(path, aside, backups)
    except StoreError as unread:
        return _without_decisions(path, unread)


def _mended(path: Path, aside: Path, backups: Backups) -> tuple[sqlite3.Connection, Contents, str]:
    """A whole project at `path`: its newest good backup, or an empty one, and over it what can be
    read of the damaged file, which is now at `aside`."""
    db, since = _base(path, backups)
    try:
        found = salvage(aside, db)
    except (OSError, sqlite3.Error):
        found = Salvaged()
    try:
        contents = read_contents(db, path)
    except BaseException:
        db.close()
        raise
    return db, contents, f"{_mended_so(found, since)} The damaged file was kept as “{aside.name}”."


def _base(path: Path, backups: Backups) -> tuple[sqlite3.Connection, str]:
    """The newest good backup put at `path`, and when it was made; else an empty project, ""."""
    for at, copy in backups.copies():
        with contextlib.suppress(StoreError, sqlite3.Error, OSError):
            replace_with(path, partial(shutil.copyfile, copy))
            return _open(path)[0], f"{at.astimezone():%d %B %Y, %H:%M}"
    path.unlink(missing_ok=True)
    return _open(path)[0], ""


def _mended_so(found: Salvaged, since: str) -> str:
    was = "The saved project of this video was damaged"
    if found:
        rest = f"; the rest comes from its backup of {since}" if since else ""
        return f"{was}. This could be read of it: {found.said}{rest}."
    if since:
        return f"{was}, so Keeptake goes on with its backup of {since}."
    return f"{was} and there is no backup of it, so Keeptake starts a new one."


def _with_backup(problem: DamagedError, backups: Backups) -> DamagedError:
    """The error with the newest backup named, where there is one."""
    for at, copy in backups.copies():
        hint = (
            f"It was left as it is. Keeptake has a backup of {at.astimezone():%d %B %Y, %H:%M}: "
            f"copy “{copy}” beside it and open the copy."
        )
        return DamagedError(problem.sentence, hint, problem.detail)
    return problem


def _without_decisions(path: Path, unread: StoreError) -> tuple[sqlite3.Connection, Contents, str]:
    """Answers cost money: where only the decisions are damaged, the rest is kept in use."""
    aside = name_aside(path, "damaged")
    shutil.copy2(path, aside)
    with contextlib.closing(connect(path)) as db:
        db.execute("DELETE FROM decisions")
    notice = f"{unread} A copy of the project was kept as “{aside.name}”."
    return *_open(path), notice


def _copy_in_memory(path: Path) -> sqlite3.Connection:
    """The file's contents in memory; the file is only read. Raises StoreError, sqlite3.Error."""
    look_at(path)
    source = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=2)
    db = connect(None)
    try:
        source.backup(db)
        check(db, path)
        upgrade(db)
    except BaseException:
        db.close()
        raise
    finally:
        source.close()
    return db


def _meta(video: Path, content_key: str, duration: int) -> Meta:
    try:
        found = video.stat()
    except OSError as problem:
        raise StoreError(f"“{video.name}” could not be read.", "", str(problem)) from problem
    return Meta(video.absolute(), found.st_size, found.st_mtime_ns, content_key, duration)


__all__ = ["SUFFIX", "Answer", "Meta", "Project", "SavedJob", "Store"]
