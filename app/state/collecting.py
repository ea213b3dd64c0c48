"""Python's cyclic garbage is collected on the window's thread, and on no other."""

from __future__ import annotations

import gc

from PySide6.QtCore import QElapsedTimer, QObject, QTimer

from app.core import giving_way

FIRST_MS, EVERY_MS = 1_000, 250
"""While the program starts it looks at nothing: what is made then stays."""

LONGEST_MS = 5_000
"""From one look to the next at most, whatever is edited meanwhile."""


class Collector(QObject):
    """Collects from time to time what the interpreter would have collected at any time.

    It would do so in whatever thread makes the next object. A Qt object that is freed on another
    thread than its own cannot end its timers, and the event loop calls one that is gone: the
    program crashes, rarely and anywhere.
    """

    def __init__(self) -> None:
        super().__init__()
        self._by_itself = gc.isenabled()
        gc.disable()
        self._looked = QElapsedTimer()
        self._looked.start()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(FIRST_MS)

    def close(self) -> None:
        """The interpreter collects by itself again where it did before."""
        self._timer.stop()
        if self._by_itself:
            gc.enable()

    def put_off(self) -> None:
        """Something is about to be painted: the next look comes after it."""
        if self._timer.interval() == EVERY_MS and not self._looked.hasExpired(LONGEST_MS):
            self._timer.start()

    def _look(self) -> None:
        self._timer.start(EVERY_MS)
        self._looked.restart()
        counts, limits = gc.get_count(), gc.get_threshold()
        # As the interpreter decides: the oldest of the three generations that is due.
        due = [n for n in range(3) if counts[n] > limits[n]]
        if due and not giving_way.under_way():
            gc.collect(due[-1])
