"""The log file: rotating, in the platform's log folder, without keys or signed addresses."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

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


def catch_crashes() -> Callable[[], None]:
    """Log what nobody caught instead of writing it to standard error; the result undoes it.

    Written there it would pass no filter, and nobody would see it who did not start the program
    from a terminal.
    """
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    log = logging.getLogger("keeptake")

    def one(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            before[0](kind, error, trace)
            return
        log.critical("A bug that nobody caught", exc_info=(kind, error, trace))

    def in_thread(given: threading.ExceptHookArgs) -> None:
        if given.exc_value is not None:
            one(given.exc_type, given.exc_value, given.exc_traceback)

    def unraisable(given: sys.UnraisableHookArgs) -> None:
        if given.exc_value is not None:
            one(given.exc_type, given.exc_value, given.exc_traceback)

    sys.excepthook, threading.excepthook, sys.unraisablehook = one, in_thread, unraisable

    def undo() -> None:
        sys.excepthook, threading.excepthook, sys.unraisablehook = before

    return undo


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
