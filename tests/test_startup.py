"""What the first window does not wait for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LATER = (
    "httpx", "keyring", "av", "numpy", "cv2", "vlc", "app.local_service", "app.services.wire",
    "app.services.store_decisions", "pydantic",
)  # fmt: skip
"""Modules that take long to load and that no empty window needs."""


def told(script: str) -> str:
    """What a Python of its own prints."""
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[1],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return run.stdout.strip()


def test_the_window_does_not_wait_for_what_films_and_services_need() -> None:
    imported = "import app.composition, sys; "
    assert told(f"{imported}print([m for m in {LATER} if m in sys.modules])") == "[]"


def test_no_source_is_read_for_being_imported() -> None:
    read = (
        "import app.composition, linecache, os; "
        "print([n for n in linecache.cache if n.endswith(os.path.join('ui', 'main_window.py'))])"
    )
    spared = "from app.__main__ import spare_sources; spare_sources(); "
    assert told(spared + read) == "[]"
    # Without it Shiboken reads it; else there is nothing left to spare.
    assert told(read) != "[]"
