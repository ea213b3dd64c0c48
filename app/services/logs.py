"""The log file: rotating, in the platform's log folder, without keys or signed addresses."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path

from app.services.redact import RedactingFilter
from app.services.store_files import PRIVATE

FILE = "keeptake.log"
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def install(
    folder: Path, redactor: RedactingFilter, *, most: int = 1_000_000, kept: int = 3
) -> Callable[[], None]:
    """Log everything from INFO on into `folder`, `most` bytes a file; the result undoes it.

    Where the folder cannot be written the log goes to standard error. The filter sits on the
    handler, so records of every library pass it.
    """
    handler = _handler(folder, most, kept)
    handler.setFormatter(logging.Formatter(_FORMAT))
    handler.addFilter(redactor)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)

    def close() -> None:
        root.removeHandler(handler)
        root.setLevel(level)
        handler.close()

    return close


def _handler(folder: Path, most: int, kept: int) -> logging.Handler:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / FILE
        path.touch(PRIVATE)
        path.chmod(PRIVATE)
        return RotatingFileHandler(
            path, maxBytes=most, backupCount=kept, encoding="utf-8", errors="backslashreplace"
        )
    except OSError:
        return logging.StreamHandler(sys.stderr)
