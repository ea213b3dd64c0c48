"""What the first window does not wait for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LATER = ("httpx", "keyring", "av", "numpy", "cv2", "vlc", "app.local_service")
"""Modules that take long to load and that no empty window needs."""


def test_the_window_does_not_wait_for_what_films_and_services_need() -> None:
    script = f"import app.composition, sys; print([m for m in {LATER} if m in sys.modules])"
    told = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[1],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert told.stdout.strip() == "[]"
