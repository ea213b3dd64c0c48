"""How long the window's event loop was away: a timer that ticks every millisecond."""

from __future__ import annotations

import asyncio
import time

from PySide6.QtCore import QObject, Qt, QTimer


class Stalls(QObject):
    """Ticks on the thread it is made on, from `start` to `stop`; needs a running Qt event loop.

    longest_ms: the longest time between two ticks, less the millisecond that is meant to be.
    """

    def __init__(self) -> None:
        super().__init__()
        self.longest_ms = 0.0
        self.ticks = 0
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Begin anew."""
        self.longest_ms, self.ticks = 0.0, 0
        self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> float:
        """`longest_ms`, the time since the last tick included."""
        self._tick()
        self._timer.stop()
        return self.longest_ms

    def _tick(self) -> None:
        now = time.perf_counter()
        self.longest_ms = max(self.longest_ms, (now - self._last) * 1000 - 1)
        self._last = now
        self.ticks += 1


async def idle_stall(stalls: Stalls, seconds: float) -> float:
    """The longest stall of a window with which nothing happens, in milliseconds."""
    stalls.start()
    await asyncio.sleep(seconds)
    return stalls.stop()
