"""One application for all tests of the window, dark, on a screen or without one."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from app.ui import theme


@pytest.fixture(scope="session")
def app(qapp: QApplication) -> QApplication:
    """The application in the dark theme."""
    theme.apply(qapp, "dark")
    return qapp


@pytest.fixture(autouse=True)
def _tidy(qapp: QApplication, expected_log: Callable[[str], None]) -> Iterator[None]:
    """Windows that a test leaves are closed and deleted before the next one."""
    # Said by Qt's offscreen platform of every window with a least size; it means nothing.
    expected_log("does not support propagateSizeHints")
    yield
    for window in qapp.topLevelWidgets():
        window.hide()
        window.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.processEvents()
