"""What need not be shown at once is shown in turns, and the event loop has its own between two."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

TURN_MS = 6
"""From the end of one to the next: a display server is asked to show a picture within five."""


class Turns(QObject):
    """One queue for a window.

    Timers of Qt's that are due together fire together: a zero timer for each thing that can wait
    makes one long wait of all of them.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[Callable[[], None]] = deque()
        self._veiled: set[QWidget] = set()
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.setInterval(TURN_MS)
        self._turn.timeout.connect(self._next)

    def take(self, act: Callable[[], None]) -> None:
        """Done once, after what waits already; never before the caller has returned."""
        self._waiting.append(act)
        if len(self._waiting) == 1:
            # What is done in this turn of the event loop may take longer than the interval.
            QTimer.singleShot(0, self._turn, self._turn.start)

    def unveil(self, panes: Iterable[QWidget]) -> None:
        """Panes that are about to have much to paint: each is painted again from its turn on."""
        for pane in panes:
            if pane not in self._veiled and pane.updatesEnabled():
                pane.setUpdatesEnabled(False)
                self._veiled.add(pane)
                self.take(partial(self._unveil, pane))

    def _unveil(self, pane: QWidget) -> None:
        self._veiled.discard(pane)
        pane.setUpdatesEnabled(True)

    def _next(self) -> None:
        act = self._waiting[0]
        try:
            act()
        finally:
            # It waits until it is done: what it asks for comes after it.
            self._waiting.popleft()
            if self._waiting:
                self._turn.start()
