"""Whether the file of an open film is still the one that was opened."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from app.core.errors import MediaError

PIECE = 1 << 16
"""Bytes compared at the beginning, the middle and the end of what was there when it was opened."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """What a file system says of a file; cheap to ask."""

    device: int
    inode: int
    size: int
    changed: int


class FileWatch:
    """Notices that a file has gone or holds another film. For any thread that may wait for a disk.

    Only where the file system's marks have changed its content is looked at: a copy put back, a new
    date, and a recording that still grows are the same film.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._mark: _Mark | None = None
        self._size = 0
        self._digest = b""

    def problem(self) -> MediaError | None:
        """A sentence while the file is not what the first call saw, else None."""
        with self._lock:
            return self._look()

    def _look(self) -> MediaError | None:
        try:
            with self._path.open("rb") as file:
                found = os.fstat(file.fileno())
                mark = _Mark(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
                if mark == self._mark:
                    return None
                if self._mark is None:
                    self._size = mark.size
                digest = _digest(file.fileno(), self._size)
        except OSError as problem:
            return self._gone(problem)
        if self._mark is None:
            self._digest = digest
        elif digest != self._digest or mark.size < self._size:
            return self._replaced()
        self._mark = mark
        return None

    def _gone(self, problem: OSError) -> MediaError:
        return MediaError(
            f"The video {self._path.name} is no longer where it was; everything you decided is"
            " kept.",
            "Put it back, or use File > Relink Video….",
            str(problem),
        )

    def _replaced(self) -> MediaError:
        return MediaError(
            f"Another file has taken the place of {self._path.name}, so playing has stopped;"
            " everything you decided is kept.",
            "Put the video back, or open it again to work with what is there now.",
            str(self._path),
        )


def _digest(file: int, size: int) -> bytes:
    """Of three pieces of the first `size` bytes of an open file."""
    digest = hashlib.sha256()
    for at in (0, max(0, size // 2 - PIECE // 2), max(0, size - PIECE)):
        os.lseek(file, at, os.SEEK_SET)
        digest.update(os.read(file, min(PIECE, size - at)))
    return digest.digest()
