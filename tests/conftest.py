"""What holds for every test: folders of its own, and nothing left over or said in passing."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from typing_extensions import override

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

LONG = bool(os.environ.get("KEEPTAKE_LONG"))

os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
if not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
for _name in ("NANOCLIP_API_KEY", "NANOCLIP_BASE_URL", "ZNIPPET_LICENSE_KEY", "ZNIPPET_BASE_URL"):
    os.environ.pop(_name, None)

# The folders of a test are set anew for each test, not for each example.
settings.register_profile(
    "usual",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.register_profile(
    "long", settings.get_profile("usual"), derandomize=False, max_examples=5_000, print_blob=True
)
settings.load_profile("long" if LONG else "usual")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes is left to packaging/test --long."""
    for item in items:
        if item.get_closest_marker("long"):
            if LONG:
                item.add_marker(pytest.mark.timeout(1800))
            else:
                item.add_marker(pytest.mark.skip(reason="packaging/test --long runs it"))


class Said(logging.Handler):
    """Everything said at WARNING or above, by logging or by Qt, and what of it was expected."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []
        self.expected: list[str] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")

    def from_qt(self, kind: Any, _context: Any, message: str) -> None:
        """For qInstallMessageHandler."""
        if kind.name in ("QtWarningMsg", "QtCriticalMsg", "QtFatalMsg"):
            self.lines.append(f"{kind.name}: {message}")

    def unexpected(self) -> list[str]:
        """What nobody announced by `expected_log`."""
        return [line for line in self.lines if not any(part in line for part in self.expected)]


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own for each test: nothing reads or changes the person's files."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    for name in ("DATA", "CONFIG", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    return home


@pytest.fixture(autouse=True)
def said(own_folders: Path) -> Iterator[Said]:
    """Fails the test for log records and Qt messages from WARNING on that it did not expect."""
    heard = Said()
    root = logging.getLogger()
    root.addHandler(heard)
    qt = sys.modules.get("PySide6.QtCore")
    before = qt.qInstallMessageHandler(heard.from_qt) if qt else None
    try:
        yield heard
    finally:
        root.removeHandler(heard)
        if qt:
            qt.qInstallMessageHandler(before)
    if heard.unexpected():
        pytest.fail("Said in passing:\n" + "\n".join(heard.unexpected()), pytrace=False)


@pytest.fixture
def expected_log(said: Said) -> Callable[[str], None]:
    """`expected_log("part of a line")` allows such log records and Qt messages in this test."""
    return said.expected.append


_tests = 0
WHOLE = 30
"""Of so many tests with windows, one is followed by a whole collection."""


@pytest.fixture(autouse=True)
def collected_here(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test with windows leaves is freed on their thread: elsewhere a timer outlives it."""
    global _tests  # noqa: PLW0603 - one interpreter has one collector
    if "qapp" not in request.fixturenames:
        yield
        return
    gc.disable()
    yield
    _tests += 1
    gc.collect(1 if _tests % WHOLE else 2)
    gc.enable()


@pytest.fixture(autouse=True)
def nothing_left(said: Said) -> Iterator[None]:
    """Fails the test for threads, child processes and asyncio tasks that outlive it."""
    threads, children, tasks = set(threading.enumerate()), _children(), _tasks()
    yield
    _delete_widgets()
    left = _left(threads, children, tasks)
    end = time.monotonic() + 3
    while left and time.monotonic() < end:
        gc.collect()
        time.sleep(0.02)
        left = _left(threads, children, tasks)
    if left:
        pytest.fail("Left over:\n" + "\n".join(left), pytrace=False)


def _left(
    threads: set[threading.Thread], children: dict[int, str], tasks: set[asyncio.Task[Any]]
) -> list[str]:
    # A thread that Python did not start (VLC's, Qt's) is told of by no end.
    new = [t for t in threading.enumerate() if t not in threads and not _is_foreign(t)]
    return [
        *(f"thread {t.name}" for t in new),
        *(f"process {pid}: {text}" for pid, text in _children().items() if pid not in children),
        *(f"task {t!r}" for t in _tasks() - tasks),
    ]


def _is_foreign(thread: threading.Thread) -> bool:
    return type(thread).__name__ == "_DummyThread"


def _children() -> dict[int, str]:
    """Children that still run, multiprocessing's own servants aside; Linux alone can tell."""
    found: dict[int, str] = {}
    for listing in Path("/proc/self/task").glob("*/children"):
        try:
            pids = [int(word) for word in listing.read_text().split()]
        except OSError:
            continue
        for pid in pids:
            try:
                text = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
                state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
            except OSError:
                continue
            # Z: it has ended and waits to be asked for its status. One that is just being started
            # has no command line yet.
            if state != "Z" and "multiprocessing.resource_tracker" not in text:
                found[pid] = text.strip()[:200] or "(being started)"
    return found


def _tasks() -> set[asyncio.Task[Any]]:
    every = getattr(asyncio.tasks, "_all_tasks", None)
    if every is None:
        every = asyncio.tasks._scheduled_tasks  # type: ignore[attr-defined]
    return {task for task in list(every) if not task.done() and not task.get_loop().is_closed()}


def _delete_widgets() -> None:
    """What a test called deleteLater on goes with the test."""
    if "PySide6.QtWidgets" in sys.modules:
        from PySide6.QtCore import QCoreApplication, QEvent

        if QCoreApplication.instance():
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The one QApplication of the process: offscreen, or on the screen where DISPLAY is set."""
    from PySide6.QtWidgets import QApplication

    found = QApplication.instance()
    application = found if isinstance(found, QApplication) else QApplication(["keeptake-tests"])
    application.setQuitOnLastWindowClosed(False)
    return application
