"""Tells somebody who looks elsewhere that a long job has ended."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from app.services.jobs import Job, JobState
from app.state.jobs_state import JobsState
from app.state.proxy_state import NAME as PROXY

LONG = 20.0
"""Seconds of running from which the end of a job is told."""

PLACED_MS = 700
"""In which a desktop takes an icon up."""

Tell = Callable[[str, str], None]
"""`tell(title, text)` shows both outside the window."""


class Announcements(QObject):
    """Follows the jobs; belongs to the window. What was cancelled and the proxy are not told."""

    def __init__(
        self, window: QWidget, jobs: JobsState, tell: Tell, clock: Callable[[], float] | None = None
    ) -> None:
        super().__init__(window)
        self._window = window
        self._jobs = jobs
        self._tell = tell
        self._clock = clock or time.monotonic
        self._running: dict[int, float] = {}
        jobs.changed.connect(self._look)

    def _look(self) -> None:
        for job in self._jobs.jobs:
            if job.state is JobState.RUNNING:
                self._running.setdefault(job.id, self._clock())
            elif job.state.ended and (since := self._running.pop(job.id, None)) is not None:
                self._ended(job, self._clock() - since)

    def _ended(self, job: Job, seconds: float) -> None:
        told = job.state is not JobState.CANCELLED and job.name != PROXY
        if told and seconds >= LONG and not self._window.isActiveWindow():
            if job.error is None:
                self._tell(f"{job.name} is done", "Keeptake has finished it.")
            else:
                self._tell(f"{job.name} failed", job.error.sentence)


class Desktop:
    """The desktop's own ways: the window asks for attention, and a message where there can be one.

    note: shows it without an icon in a tray, which not every desktop has; called in a thread.
    spawn: runs a story. A click on a message of the tray brings the window to the front.
    """

    def __init__(
        self,
        window: QWidget,
        note: Callable[[str, str], bool],
        spawn: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        self._window = window
        self._note = note
        self._spawn = spawn
        self._tray: QSystemTrayIcon | None = None

    def tell(self, title: str, text: str) -> None:
        """As `Tell`."""
        QApplication.alert(self._window)
        self._spawn(self._message(title, text))

    async def _message(self, title: str, text: str) -> None:
        if not await asyncio.to_thread(self._note, title, text):
            self._by_tray(title, text)

    def _by_tray(self, title: str, text: str) -> None:
        if not QSystemTrayIcon.isSystemTrayAvailable() or not QSystemTrayIcon.supportsMessages():
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(self._window.windowIcon(), self._window)
            self._tray.messageClicked.connect(self._come)
            self._tray.activated.connect(self._come)
        tray, comes = self._tray, not self._tray.isVisible()
        tray.show()
        # Before the icon has its place on the desktop the message would point at none.
        soon = PLACED_MS if comes else 0
        QTimer.singleShot(soon, tray, lambda: tray.showMessage(title, text))

    def _come(self) -> None:
        self._window.showNormal() if self._window.isMinimized() else self._window.show()
        self._window.raise_()
        self._window.activateWindow()
        if self._tray is not None:
            self._tray.hide()
