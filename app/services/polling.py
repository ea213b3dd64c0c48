"""Asking a service until something ends: how often, how long, and through times without a line."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from app.core.errors import ServiceError
from app.services import waking
from app.services.http import Later, is_offline
from app.services.jobs import Report
from app.services.when import after

Got = TypeVar("Got")
Read = TypeVar("Read")

ASLEEP = 60.0
"""Seconds that a pause lasts beyond its end where the computer slept in it."""


@dataclass(frozen=True)
class Pace:
    """How often a result is asked for: every `first` seconds at the start, `longest` in the end.

    unanswered: polls in a row without a good answer before the story gives up (it stays resumable).
    offline: tries in a row without any connection before it does. clock: seconds that go on while
    the computer sleeps.
    """

    first: float = 5.0
    longest: float = 30.0
    unanswered: int = 5
    offline: int = 3_000
    sleep: Callable[[float], Awaitable[None]] = waking.sleep
    clock: Callable[[], float] = waking.now
    chance: Callable[[], float] = random.random

    def wait(self, elapsed: float) -> float:
        """Seconds until the next poll: a twelfth of the time gone by, within the two bounds.

        Up to a quarter longer by chance, so that jobs begun together do not go on asking together.
        """
        return min(self.longest, max(self.first, elapsed / 12)) * (1 + self.chance() / 4)

    def wait_offline(self, tries: int) -> float:
        """Seconds until a connection is tried again after so many tries: full jitter."""
        longest = min(self.longest, self.first * 2.0 ** min(tries, 8))
        return longest * (0.2 + 0.8 * self.chance())


LATEST = 26 * 3600.0
"""Seconds from now to the latest time that a service may name and a job still waits for."""

CLOUD_PACE = Pace()
LOCAL_PACE = Pace(first=0.3, longest=2.0, unanswered=3, offline=1)


def pace(service: str) -> Pace:
    """How often a service is asked for news: the one on this computer more often."""
    return LOCAL_PACE if service == "local" else CLOUD_PACE


async def patiently(
    ask: Callable[[], Awaitable[Got]], pace: Pace, report: Report, name: str
) -> Got:
    """What `ask` gives; while there is no connection at all it is asked again, for hours.

    Only what certainly was not sent is sent again. name: the service inside a sentence.
    """
    tries = 0
    while True:
        try:
            return await ask()
        except ServiceError as error:
            tries += 1
            if not is_offline(error) or tries >= pace.offline:
                raise
        report(f"No connection to {name}; it goes on by itself when there is one", None)
        await pace.sleep(pace.wait_offline(tries))


async def poll(
    ask: Callable[[], Awaitable[Got]],
    read: Callable[[Got, float], Awaitable[Read | None]],
    passing: Callable[[ServiceError], bool],
    pace: Pace,
    report: Report,
    name: str,
) -> Read:
    """Ask until `read(answer, seconds gone by)` gives something, None meaning "still pending".

    Raises ServiceError after `pace.unanswered` questions in a row that the service did not answer
    well, or at once where the error is not `passing`; what `read` raises goes through. After a
    sleep of the computer it asks at once and as often as at the beginning: it may have ended.
    """
    began = awake = pace.clock()
    unanswered = 0
    while True:
        try:
            answer = await patiently(ask, pace, report, name)
        except Later as error:
            if error.seconds > LATEST:
                raise
            report(f"{name} asks to wait until {after(error.seconds)}; it goes on then", None)
            await pace.sleep(error.seconds * (1 + pace.chance() / 60))
            continue
        except ServiceError as error:
            unanswered += 1
            if unanswered >= pace.unanswered or not passing(error):
                raise
            report(f"No answer from {name}; asking again", None)
        else:
            unanswered = 0
            found = await read(answer, pace.clock() - began)
            if found is not None:
                return found
        slept_from = pace.clock()
        asked_for = pace.wait(slept_from - awake)
        await pace.sleep(asked_for)
        if pace.clock() - slept_from > asked_for + ASLEEP:
            awake, unanswered = pace.clock(), 0
