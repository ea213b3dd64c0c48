"""The ffmpeg executable: where it is, and the sentence where it is not."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from app.core.errors import MediaError


def find_ffmpeg() -> Path:
    """The executable on the path. Raises MediaError."""
    found = shutil.which("ffmpeg")
    if not found:
        raise MediaError(
            "ffmpeg was not found, so nothing can be exported. Everything else works.",
            "Install it (Debian and Ubuntu: apt install ffmpeg) and try again.",
        )
    return Path(found)


def ffmpeg_version() -> str:
    """The first line of what ffmpeg says of itself, or why there is none. Waits for it."""
    try:
        asked = subprocess.run(
            [find_ffmpeg(), "-version"], capture_output=True, timeout=10, check=False
        )
    except (MediaError, OSError, subprocess.TimeoutExpired) as problem:
        return str(problem)
    return asked.stdout.decode(errors="replace").partition("\n")[0]
