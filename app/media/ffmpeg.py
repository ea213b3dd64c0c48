"""The ffmpeg executable: where it is, and the sentence where it is not."""

from __future__ import annotations

import shutil
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
