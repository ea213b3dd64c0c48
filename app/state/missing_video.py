"""Where the video of a project is now: at its path, else by name, size and content."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.errors import MediaError
from app.core.late import late

if TYPE_CHECKING:
    from app.media import content_key
    from app.services.store_rows import Meta
else:
    content_key = late("app.media.content_key")

MOST_LOOKED_AT = 20_000
"""Entries of a folder that are looked at for a renamed video."""


class VideoGone(MediaError):  # noqa: N818 - it names the state of the file
    """The video of a project is not where it was, or another file is there.

    video: where it was. other: whether a file is there that is not it.
    """

    def __init__(self, meta: Meta, *, other: bool) -> None:
        self.meta = meta
        self.video = meta.video
        self.other = other
        said = (
            f"The file “{meta.name}” is not the one this project was made for."
            if other
            else f"The video of this project, “{meta.name}”, is not where it was."
        )
        super().__init__(
            f"{said} The project and your decisions are safe.",
            "Use Relink Video… to say where it is now.",
            str(meta.video),
        )


def video_of(meta: Meta, project: Path) -> Path:
    """Where the video is now; raises VideoGone. project: the project's file. Reads the disk.

    Its path is tried first, then its name beside the project, then every file of its size in both
    folders, for it may have been renamed. What counts is the content.
    """
    if _untouched(meta, meta.video) or _same(meta, meta.video):
        return meta.video
    for path in _others(meta, project):
        if _same(meta, path):
            return path
    raise VideoGone(meta, other=meta.video.is_file())


def is_it(meta: Meta, path: Path) -> bool:
    """Whether `path` holds the content the project was made for. Reads the disk."""
    return _same(meta, path)


def _others(meta: Meta, project: Path) -> Iterator[Path]:
    folders = dict.fromkeys((project.absolute().parent, meta.video.parent))
    yield from (folder / meta.name for folder in folders)
    for folder in folders:
        try:
            entries = list(islice(folder.iterdir(), MOST_LOOKED_AT))
        except OSError:
            continue
        yield from sorted(e for e in entries if e.name != meta.name)


def _untouched(meta: Meta, path: Path) -> bool:
    try:
        found = path.stat()
    except OSError:
        return False
    return (found.st_size, found.st_mtime_ns) == (meta.size, meta.mtime_ns) and path.is_file()


def _same(meta: Meta, path: Path) -> bool:
    try:
        same_size = path.is_file() and path.stat().st_size == meta.size
        return same_size and content_key.content_key(path) == meta.content_key
    except (OSError, MediaError):
        return False
