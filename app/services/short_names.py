"""File names of shorts from a pattern a person sets, never over an existing file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from pathlib import Path, PureWindowsPath

from app.services.redact import plain
from app.services.shorts_ledger import Clip

LONGEST = 120
"""Bytes of a name with its suffix: paths on every system have room for it and a number."""

DEFAULT_PATTERN = "{video} {number} {title}"

PATTERN_FIELDS: tuple[tuple[str, str], ...] = (
    ("video", "the film's name"),
    ("number", "the moment's number; nothing for your own"),
    ("title", "the moment's title"),
    ("channel", "the channel it is best for"),
    ("date", "today, such as 2026-06-08"),
)
"""What a pattern may name in braces, and what it stands for."""

_FIELD = re.compile(r"\{([^{}]*)\}")
_NEVER = frozenset('/\\:*?"<>|')
"""What a name may not hold on one of the systems."""

_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])")


def short_name(
    pattern: str,
    video: str,
    number: int | None,
    title: str,
    *,
    channel: str = "",
    day: date | None = None,
) -> str:
    """The name of a short's file, ending in .mp4; safe everywhere whatever the parts hold.

    video: the film's name without its suffix. Where the whole is too long, its longest parts are
    shortened. A pattern that will not do is replaced by the default one.
    """
    if pattern_problem(pattern):
        pattern = DEFAULT_PATTERN
    parts = {
        "video": _clean(video),
        "number": "" if number is None else str(number),
        "title": _clean(title),
        "channel": _clean(channel),
        "date": day.isoformat() if day else "",
    }
    while len((name := _filled(pattern, parts)).encode()) > LONGEST:
        longest = max(parts, key=lambda key: len(parts[key].encode()) * (f"{{{key}}}" in pattern))
        if not parts[longest]:
            break
        parts[longest] = parts[longest][:-1]
    return name


def pattern_problem(pattern: str) -> str:
    """Why a pattern will not do, as a sentence; "" where it will."""
    known = [field for field, _ in PATTERN_FIELDS]
    if not pattern.strip():
        return "The pattern is empty; use {title}, for one."
    bare = _FIELD.sub("", pattern)
    if "{" in bare or "}" in bare:
        return "A brace is left open."
    for field in _FIELD.findall(pattern):
        if field not in known:
            return f"There is no {{{field}}}; there is {', '.join(f'{{{k}}}' for k in known)}."
    bad = sorted(_NEVER & set(bare))
    if bad or not bare.isprintable():
        return f"A name cannot hold {' '.join(bad)}." if bad else "A name cannot hold that."
    if len(bare.encode()) > LONGEST // 2:
        return "The pattern is too long."
    return ""


def free_path(folder: Path, name: str) -> Path:
    """A path in `folder` at which nothing is: `name`, else "name 2" and so on."""
    stem, dot, suffix = name.rpartition(".")
    if not dot:
        stem, suffix = name, ""
    path, n = folder / name, 1
    while path.exists() or path.is_symlink():
        n += 1
        path = folder / f"{stem} {n}{dot}{suffix}"
    return path


def locate(clip: Clip, folders: Sequence[Path]) -> Path | None:
    """Where a finished short is: at its path, else by its name and size in one of `folders`.

    The folder it was put in may have been moved. Looks at the disk; None where it is nowhere.
    """
    if not clip.path:
        return None
    # The project may come from another system.
    name = PureWindowsPath(clip.path).name if "\\" in clip.path else Path(clip.path).name
    for path in (Path(clip.path), *(folder / name for folder in folders)):
        try:
            if path.is_file() and (not clip.bytes or path.stat().st_size == clip.bytes):
                return path
        except OSError:
            continue
    return None


def _filled(pattern: str, parts: dict[str, str]) -> str:
    said = _FIELD.sub(lambda match: parts[match.group(1)], pattern)
    stem = " ".join(said.split()).strip(" .-_")
    if not stem:
        stem = "Short"
    if _RESERVED.fullmatch(stem.split(".", 1)[0].rstrip()):
        stem = f"_{stem}"
    return f"{stem}.mp4"


def _clean(text: str) -> str:
    """One harmless line without what paths are made of, composed as most systems write it."""
    line = unicodedata.normalize("NFC", plain(text, 200))
    return " ".join("".join(" " if c in _NEVER else c for c in line).split())
