"""What a person may send with a report: the system, settings, jobs and logs, made safe again.

Nothing is sent from here, and nothing that was said or found in a film is in it.
"""

from __future__ import annotations

import json
import locale
import os
import platform
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from io import BytesIO
from pathlib import Path

from app import __version__
from app.core.errors import KeeptakeError
from app.media.ffmpeg import ffmpeg_version
from app.services.folders import Folders
from app.services.jobs import Job
from app.services.logs import FILE
from app.services.settings import Settings
from app.services.store_files import write_whole

LONGEST_LOG = 200_000
"""Characters of a log's end: some days of use."""

_OWN = ("device_id", "recent", "window_geometry", "window_state")
"""Settings that tell of a person or a film and explain nothing."""

_PACKAGES = ("PySide6_Essentials", "python-vlc", "av", "httpx", "qasync", "pydantic", "keyring")


@dataclass(frozen=True)
class Part:
    """One file of a report, as text."""

    name: str
    text: str


def problem_report(
    places: Folders,
    settings: Settings,
    jobs: Sequence[Job],
    seen: Mapping[str, str],
    clean: Callable[[str], str],
) -> tuple[Part, ...]:
    """All parts, safe to be read by others. Reads files and asks ffmpeg: use a thread.

    seen: what the window knows of the system and of the open film, label -> value. clean: takes
    keys out of a text.
    """
    parts = (
        Part("about.txt", _about(seen)),
        Part("settings.json", _settings(settings)),
        Part("jobs.txt", _jobs(jobs)),
        Part(FILE, _tail(places.logs / FILE)),
        Part("local-service.log", _tail(places.local_service / "service.log")),
    )
    return tuple(Part(part.name, clean(_without_home(part.text))) for part in parts)


def as_text(parts: Sequence[Part]) -> str:
    """The whole report to be read."""
    return "\n\n".join(f"===== {part.name} =====\n{part.text.strip()}" for part in parts) + "\n"


def save(parts: Sequence[Part], path: Path) -> None:
    """Write the report to `path`: a zip archive of its parts, or one text. Raises KeeptakeError."""
    if path.suffix.lower() == ".zip":
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in parts:
                archive.writestr(part.name, part.text)
        content = packed.getvalue()
    else:
        content = as_text(parts).encode()
    try:
        write_whole(path, content)
    except OSError as problem:
        raise KeeptakeError(
            f"The report could not be saved as “{path.name}”.",
            "Choose another folder; the text can be copied as well.",
            str(problem),
        ) from problem


def _about(seen: Mapping[str, str]) -> str:
    rows = {
        "Keeptake": __version__,
        "Python": sys.version.replace("\n", " "),
        "System": platform.platform(),
        "Processors": str(os.cpu_count()),
        "Language": ".".join(filter(None, locale.getlocale())) or "C",
        "Desktop": os.environ.get("XDG_CURRENT_DESKTOP", ""),
        "Session": os.environ.get("XDG_SESSION_TYPE", ""),
        "ffmpeg": ffmpeg_version(),
        **{name: _version(name) for name in _PACKAGES},
        **seen,
    }
    return "\n".join(f"{name}: {value or '-'}" for name, value in rows.items())


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed as a package"


def _settings(settings: Settings) -> str:
    kept = {k: v for k, v in settings.values.items() if k not in _OWN}
    return json.dumps(kept, indent=2, ensure_ascii=False)


def _jobs(jobs: Sequence[Job]) -> str:
    lines = []
    for job in jobs:
        done = "" if job.fraction is None else f" {100 * job.fraction:.0f} %"
        lines.append(f"{job.id}. {job.name}: {job.state.value}{done} {job.stage}".rstrip())
        if job.error:
            said = (job.error.sentence, job.error.hint, job.error.detail)
            lines += [f"   {line}" for text in said for line in text.splitlines()]
    return "\n".join(lines) or "No jobs since the start."


def _tail(log: Path) -> str:
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "There is no such log."
    return text[-LONGEST_LOG:] or "It is empty."


def _without_home(text: str) -> str:
    """Paths below the person's folder begin with "~": it is called by their name."""
    home = str(Path.home())
    return text.replace(home, "~") if len(home) > 1 else text
