"""How fast an upload goes and how long it still takes, as a few words."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from app.services.jobs import Report

WINDOW = 10.0
"""Seconds that are looked back on: long enough for a steady figure, short enough to follow."""

SURE = 2.0
"""Seconds before anything is said: the first pieces only fill the buffers on the way."""

EVERY = 1.0
"""Seconds between two figures, so that they can be read."""

OFFLINE = "No connection; the upload begins anew when there is one"
BROKEN = "The connection broke; the upload begins anew"
STOPPED = "Stopped; an upload cannot go on where it was: Retry Job begins it anew"


class Telling(NamedTuple):
    """The two things that `send_file` calls."""

    progress: Callable[[int, int], None]
    waiting: Callable[[bool], None]


@contextmanager
def uploading(report: Report) -> Iterator[Telling]:
    """What `send_file` tells, reported as rate and time left; says what stopping it means."""
    rate = Rate()
    try:
        yield Telling(
            lambda sent, size: report(rate.told(sent, size), sent / size),
            lambda offline: report(OFFLINE if offline else BROKEN, None),
        )
    except asyncio.CancelledError:
        report(STOPPED, None)
        raise


class Rate:
    """What is said of one try of one upload; pieces are told as they go."""

    def __init__(self, doing: str = "Uploading", now: Callable[[], float] = time.monotonic) -> None:
        self._doing = doing
        self._now = now
        self._samples: deque[tuple[float, int]] = deque()
        self._said = doing
        self._said_at = float("-inf")

    def told(self, sent: int, size: int) -> str:
        """After `sent` of `size` bytes: "Uploading, 5.2 MB/s, 3 min left"."""
        now = self._now()
        if self._samples and sent < self._samples[-1][1]:
            # A broken try has begun anew.
            self._samples.clear()
            self._said = self._doing
        self._samples.append((now, sent))
        while self._samples[0][0] < now - WINDOW:
            self._samples.popleft()
        if now - self._said_at >= EVERY:
            self._said_at = now
            self._said = self._words(size - sent)
        return self._said

    def _words(self, left: int) -> str:
        (began, first), (now, sent) = self._samples[0], self._samples[-1]
        if now - began < SURE or sent <= first:
            return self._doing
        rate = (sent - first) / (now - began)
        figure = f"{rate / 1e6:.1f} MB/s" if rate >= 1e5 else f"{max(1, round(rate / 1e3))} kB/s"
        return f"{self._doing}, {figure}, {_left(left / rate)} left"


def _left(seconds: float) -> str:
    if seconds < 55:
        return f"{max(1, round(seconds / 5)) * 5} s"
    minutes = max(1, round(seconds / 60))
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
