"""The log holds what happened, and neither keys nor signed addresses."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from app.services.logs import FILE, catch_crashes, install
from app.services.redact import RedactingFilter

SECRET = "nk_live_0123456789"
SIGNED = "https://bucket.example.org/a/b?X-Amz-Signature=abc123&X-Amz-Credential=xyz789"


def test_what_any_library_logs_is_written_without_its_secrets(tmp_path: Path) -> None:
    redactor = RedactingFilter()
    close = install(tmp_path / "logs", redactor)
    redactor.add(SECRET)
    logging.getLogger("httpx").info("HTTP Request: PUT %s", SIGNED)
    logging.getLogger("app").info("key %s", SECRET)
    try:
        raise ValueError(f"no answer from {SIGNED} with {SECRET}")  # noqa: TRY301
    except ValueError:
        logging.getLogger("app").info("it failed", exc_info=True)
    close()
    text = (tmp_path / "logs" / FILE).read_text()
    assert "bucket.example.org" in text
    assert "it failed" in text
    assert "ValueError" in text
    for secret in (SECRET, "abc123", "xyz789", "a/b"):
        assert secret not in text
    assert (tmp_path / "logs" / FILE).stat().st_mode & 0o077 == 0


def test_the_log_stays_small(tmp_path: Path) -> None:
    close = install(tmp_path, RedactingFilter(), most=2_000, kept=2)
    for n in range(500):
        logging.getLogger("app").info("line %d", n)
    close()
    files = sorted(p.name for p in tmp_path.iterdir())
    assert files == [FILE, f"{FILE}.1", f"{FILE}.2"]
    assert all(p.stat().st_size <= 2_000 for p in tmp_path.iterdir())


def test_without_a_folder_the_log_goes_to_standard_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    close = install(tmp_path / "file" / "logs", RedactingFilter())
    logging.getLogger("app").info("seen at %s", SIGNED)
    close()
    said = capsys.readouterr().err
    assert "seen at" in said
    assert "abc123" not in said


def test_closing_leaves_logging_as_it_was(tmp_path: Path) -> None:
    root = logging.getLogger()
    before = list(root.handlers), root.level
    install(tmp_path, RedactingFilter())()
    assert (list(root.handlers), root.level) == before


def test_what_nobody_caught_is_in_the_log_without_keys_and_not_on_standard_error(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    expected_log: Callable[[str], None],
) -> None:
    expected_log("A bug that nobody caught")
    for name in ("excepthook", "unraisablehook"):
        monkeypatch.setattr(sys, name, getattr(sys, name))
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    close = install(tmp_path, RedactingFilter(["canary-key"]))
    undo = catch_crashes()

    class Broken:
        def __del__(self) -> None:
            raise RuntimeError("in the end, canary-key")

    def story() -> None:
        raise RuntimeError("in a thread, canary-key")

    thread = threading.Thread(target=story)
    thread.start()
    thread.join()
    broken = Broken()
    del broken
    error = RuntimeError("in a slot, canary-key")
    sys.excepthook(RuntimeError, error, None)
    undo()
    close()
    said = (tmp_path / FILE).read_text()
    assert all(place in said for place in ("in a thread", "in the end", "in a slot"))
    assert "canary-key" not in said + capsys.readouterr().err
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before
