"""What was worked out of answers and films, kept on disk to be read again in no time.

Everything here can be made again: a file that is missing, damaged or old costs time, nothing else.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from app.services.store_files import write_whole

LIMIT = 500_000_000
"""Bytes of all files together; the ones that were not read for longest go first."""

_SUFFIX = ".packed"


class Prepared:
    """A folder of packed values by what they were made of. Reads and writes: not for the window."""

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        self._folder = folder
        self._limit = limit

    def load(self, made_of: Sequence[object]) -> bytes | None:
        """What was kept, or None."""
        path = self._path(made_of)
        try:
            found = path.read_bytes()
        except OSError:
            return None
        with suppress(OSError):
            os.utime(path)
        return found

    def keep(self, made_of: Sequence[object], packed: bytes) -> None:
        """Keep it; where the disk does not take it, it is made again another time."""
        try:
            write_whole(self._path(made_of), packed)
            self._prune()
        except OSError as problem:
            logging.getLogger("keeptake").info("nothing prepared was kept: %s", problem)

    def _path(self, made_of: Sequence[object]) -> Path:
        name = hashlib.sha256("\n".join(map(str, made_of)).encode()).hexdigest()[:40]
        return self._folder / f"{name}{_SUFFIX}"

    def _prune(self) -> None:
        found = [(p.stat(), p) for p in self._folder.glob(f"*{_SUFFIX}")]
        held = 0
        for about, path in sorted(found, key=lambda f: f[0].st_mtime_ns, reverse=True):
            held += about.st_size
            if held > self._limit:
                path.unlink(missing_ok=True)
