"""Files written whole or not at all, and files moved aside: what settings and projects share."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

PRIVATE = 0o600
"""Only the person who owns the file reads it: transcripts are nobody else's business."""


def sync_folder(folder: Path) -> None:
    """Put a rename in `folder` on disk; where folders cannot be opened (Windows) nothing to do."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_with(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` make a new file beside `path`, then put it in its place; raises OSError.

    The new file is on disk before it takes the name. Whatever fails, `path` is the old file or the
    new one, whole, and nothing is left beside it.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    os.close(handle)
    part = Path(name)
    try:
        write(part)
        part.chmod(PRIVATE)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_whole(path: Path, content: bytes) -> None:
    """Put `content` in `path`, making its folder; raises OSError, and then `path` is as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_with(path, lambda part: _write(part, content))


def _write(part: Path, content: bytes) -> None:
    part.write_bytes(content)


def name_aside(path: Path, why: str) -> Path:
    """A free name beside `path`, such as `settings.json.damaged-20260102-030405`."""
    stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
    aside = path.with_name(f"{path.name}.{why}-{stamp}")
    n = 1
    while aside.exists():
        n += 1
        aside = path.with_name(f"{path.name}.{why}-{stamp}-{n}")
    return aside


def move_aside(path: Path, why: str = "damaged") -> Path:
    """Rename `path` and return the new name; raises OSError."""
    aside = name_aside(path, why)
    path.rename(aside)
    sync_folder(path.parent)
    return aside
