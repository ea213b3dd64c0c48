"""Copies of a project by age: many of today, fewer of this month, one a week of before."""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.services.store_files import replace_with

EVERY = timedelta(minutes=20)
"""So much work at most lies between two copies."""

MOST_BYTES = 1_000_000_000
"""Of all copies of one project: the answers for ten hours are some 60 MB, in each of them."""

_STAMP = "%Y-%m-%d %H-%M-%S"
_SUFFIX = ".keeptake"


def kept(times: Collection[datetime], now: datetime) -> set[datetime]:
    """Which of the copies made at these times stay: those of two hours, then the newest of each
    hour for a day, of each day for a month, and of each week for half a year; and the newest."""
    stay: dict[tuple[str, int], datetime] = {}
    for at in sorted(times):
        age = now - at
        if age < timedelta(hours=2):
            slot = ("each", int(at.timestamp()))
        elif age < timedelta(days=1):
            slot = ("hour", int(at.timestamp() // 3600))
        elif age < timedelta(days=30):
            slot = ("day", int(at.timestamp() // 86_400))
        elif age < timedelta(weeks=26):
            slot = ("week", int(at.timestamp() // (7 * 86_400)))
        else:
            continue
        stay[slot] = at
    return {*stay.values(), *([max(times)] if times else [])}


class Backups:
    """The copies of one project file, in a folder of their own. Reads and writes the disk.

    folder: of all projects' copies. now: for tests.
    """

    def __init__(
        self,
        folder: Path,
        project: Path,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        where = hashlib.sha256(str(project.absolute()).encode("utf-8", "replace")).hexdigest()
        self.folder = folder / f"{project.stem[:40]}-{where[:12]}"
        self._now = now
        self._newest: datetime | None = None

    def copies(self) -> list[tuple[datetime, Path]]:
        """When each was made (UTC) and where it is, newest first; none where there is no folder."""
        found = []
        with contextlib.suppress(OSError):
            for path in self.folder.glob(f"*{_SUFFIX}"):
                with contextlib.suppress(ValueError):
                    found.append((datetime.strptime(path.stem, _STAMP).replace(tzinfo=UTC), path))
        return sorted(found, reverse=True)

    def due(self) -> bool:
        """Whether the newest copy is so old that another one is to be made."""
        if self._newest is None:
            self._newest = next((at for at, _ in self.copies()), None)
        # A clock that was set back does not keep copies from being made.
        return self._newest is None or abs(self._now() - self._newest) >= EVERY

    def add(self, write: Callable[[Path], None]) -> Path:
        """Have `write` make a copy, and let go of those too many; raises what `write` raises."""
        at = self._now()
        path = self.folder / f"{at.strftime(_STAMP)}{_SUFFIX}"
        self.folder.mkdir(parents=True, exist_ok=True)
        replace_with(path, write)
        self._newest = at
        self._thin()
        return path

    def _thin(self) -> None:
        copies = self.copies()
        stay = kept([at for at, _ in copies], self._now())
        gone = [path for at, path in copies if at not in stay]
        gone += _too_large([path for at, path in copies if at in stay])
        gone += [p for p in self.folder.glob(".*.part") if _old(p)]
        for path in gone:
            with contextlib.suppress(OSError):
                path.unlink()


def _too_large(newest_first: Sequence[Path]) -> list[Path]:
    """The oldest ones, where all together take too much; never the newest."""
    taken, gone = 0, []
    for n, path in enumerate(newest_first):
        with contextlib.suppress(OSError):
            taken += path.stat().st_size
        if n and taken > MOST_BYTES:
            gone.append(path)
    return gone


def _old(part: Path) -> bool:
    """Whether a half-written file is left over from a program that was killed."""
    try:
        return time.time() - part.stat().st_mtime > 86_400
    except OSError:
        return False
