"""A text file written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from app.core.errors import ExportError


def write_text(path: Path, content: str) -> None:
    """UTF-8 into `path`, replacing it only when everything is on disk. Raises ExportError."""
    part: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(
            "w",
            encoding="utf-8",
            newline="",
            dir=path.parent,
            prefix=f".{path.name}.",
            delete=False,
        ) as file:
            part = Path(file.name)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o644)
        part.replace(path)
    except OSError as problem:
        if part is not None:
            part.unlink(missing_ok=True)
        raise ExportError(
            f"“{path.name}” could not be written to “{path.parent}”. Nothing half-written stays.",
            "Choose another folder, or free some room, and export again.",
            str(problem),
        ) from problem
