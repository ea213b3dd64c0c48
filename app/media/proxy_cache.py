"""The folder of all proxies: how much there is, what goes first, and how it is cleared."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from app.media.proxy_plan import VERSION

RESERVE = 1 << 30
"""Bytes of the disk that proxies leave free."""

STALE = 3600
"""Seconds after which a half-written file belongs to nobody any more."""

_NAME = re.compile(r"v(\d+)-[0-9a-f-]+")
_USED = "used"


@dataclass(frozen=True, slots=True)
class Kept:
    """One film's proxy on disk. used: when it was opened last, seconds since 1970."""

    folder: Path
    bytes: int
    used: float


class ProxyCache:
    """Works on the disk and waits for it: for any thread but the window's. Raises nothing."""

    def __init__(self, root: Path) -> None:
        """root: need not be there; whatever else lies in it is left alone."""
        self.root = root

    def kept(self) -> tuple[Kept, ...]:
        """All films' proxies, the one used longest ago first; those of other versions before."""
        found = []
        with contextlib.suppress(OSError), os.scandir(self.root) as entries:
            for entry in entries:
                match = _NAME.fullmatch(entry.name)
                if match and entry.is_dir(follow_symlinks=False):
                    known = int(match[1]) == VERSION
                    folder = Path(entry.path)
                    found.append(Kept(folder, _size(folder), _used(folder) if known else 0.0))
        return tuple(sorted(found, key=lambda k: (k.used, k.folder)))

    def bytes(self) -> int:
        """What all of them take."""
        return sum(k.bytes for k in self.kept())

    def touch(self, folder: Path) -> None:
        """A film was opened: its proxy is the newest. What broke off in the middle goes."""
        with contextlib.suppress(OSError):
            for part in folder.glob("*.part"):
                if time.time() - part.stat().st_mtime > STALE:
                    part.unlink(missing_ok=True)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / _USED).touch()

    def room(self, limit: int, wanted: int, mine: Path) -> int:
        """Delete other films' proxies until `wanted` bytes more are within `limit`.

        Returns the bytes that may be written now; negative, what is too much.
        """
        kept = self.kept()
        left = limit - sum(k.bytes for k in kept)
        for film in kept:
            if left >= wanted:
                break
            if film.folder != mine:
                shutil.rmtree(film.folder, ignore_errors=True)
                left += film.bytes
        return min(left, self._free())

    def clear(self) -> None:
        """Delete all proxies."""
        for film in self.kept():
            shutil.rmtree(film.folder, ignore_errors=True)

    def _free(self) -> int:
        place = self.root
        while not place.exists() and place != place.parent:
            place = place.parent
        try:
            return shutil.disk_usage(place).free - RESERVE
        except OSError:
            return 0


def _size(folder: Path) -> int:
    total = 0
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                total += entry.stat(follow_symlinks=False).st_size
    return total


def _used(folder: Path) -> float:
    for path in (folder / _USED, folder):
        with contextlib.suppress(OSError):
            return path.stat().st_mtime
    return 0.0
