"""One thread that does one thing after another, now or at a time, so that nobody waits."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from threading import Condition, Thread, current_thread
from time import perf_counter

Errand = Callable[[], None]


class Worker:
    """A named thread with a queue; a key replaces what waits under that key."""

    def __init__(self, name: str) -> None:
        self._wake = Condition()
        self._waiting: dict[object, tuple[float, int, Errand]] = {}
        self._order = count()
        self._closing = False
        self._thread = Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def post(self, errand: Errand, *, key: object = None, after: float = 0.0) -> None:
        """Do `errand` in `after` seconds; never blocks, and does nothing once closed."""
        with self._wake:
            if self._closing:
                return
            order = next(self._order)
            self._waiting[order if key is None else key] = (perf_counter() + after, order, errand)
            self._wake.notify()

    def drop(self, key: object) -> None:
        """Forget what waits under `key`."""
        with self._wake:
            self._waiting.pop(key, None)

    def close(self, last: Errand | None = None, timeout: float = 10.0) -> bool:
        """Drop what waits, do `last`, end the thread; False if it did not end in time."""
        with self._wake:
            self._waiting.clear()
            if last is not None and not self._closing:
                self._waiting[self] = (0.0, next(self._order), last)
            self._closing = True
            self._wake.notify()
        if self._thread is not current_thread():
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def _next(self) -> Errand | None:
        with self._wake:
            while True:
                if not self._waiting:
                    if self._closing:
                        return None
                    self._wake.wait()
                    continue
                # Errands without a delay keep their order; a late one does not overtake them.
                key, (due, _, errand) = min(self._waiting.items(), key=lambda i: i[1][:2])
                left = due - perf_counter()
                if left <= 0 or self._closing:
                    del self._waiting[key]
                    return errand
                self._wake.wait(left)

    def _run(self) -> None:
        while (errand := self._next()) is not None:
            errand()
