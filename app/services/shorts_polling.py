"""What the stories of moments and shorts share: whose they are, and asking until something ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from app.core.errors import ServiceError, Unreachable
from app.services import polling
from app.services.jobs import Report
from app.services.ledger import Journal
from app.services.polling import CLOUD_PACE, Pace
from app.services.redact import plain
from app.services.shorts_ledger import ShortsLedger
from app.services.upload import Persistence
from app.services.wire_shorts import JobAnswer
from app.services.znippet import Znippet

if TYPE_CHECKING:
    from app.media.probe import Probe

Params = ParamSpec("Params")
Job = TypeVar("Job", bound=JobAnswer)
Got = TypeVar("Got")

LONG_QUEUED = 180.0
"""Seconds after which a job that is still queued is told of (contract 4, 41)."""


@dataclass(eq=False)
class Shorts:
    """What the stories of one film and one service share."""

    client: Znippet
    journal: Journal
    video: Path
    probe: Probe
    pace: Pace = CLOUD_PACE
    persistence: Persistence = field(default_factory=Persistence)

    @property
    def ledger(self) -> ShortsLedger:
        """The journal as the stories read it."""
        return ShortsLedger(self.journal, self.client.service)

    @property
    def paid(self) -> bool:
        """Whether its commands may cost money: in doubt, none is sent a second time unasked."""
        return self.client.service == "znippet"


async def write(put: Callable[Params, Got], *args: Params.args, **more: Params.kwargs) -> Got:
    """Write to the journal in a thread, for it waits for the disk; done even if cancelled."""
    return await asyncio.to_thread(put, *args, **more)


async def poll(
    shorts: Shorts,
    ask: Callable[[], Awaitable[Got]],
    ended: Callable[[Got, float], Awaitable[bool]],
    report: Report,
) -> Got:
    """Ask until `ended(answer, seconds gone by)`; that answer.

    Raises ServiceError after `pace.unanswered` questions in a row without a good answer, or at
    once where another question would have the same one.
    """

    async def read(answer: Got, elapsed: float) -> tuple[Got] | None:
        return (answer,) if await ended(answer, elapsed) else None

    (found,) = await polling.poll(ask, read, _passing, shorts.pace, report, inside(shorts))
    return found


def _passing(error: ServiceError) -> bool:
    """Whether the next answer may be another; a 404 may follow a start, a page of a proxy pass."""
    status = error.status
    lost = isinstance(error, Unreachable) or status is None
    return lost or status in (404, 429) or (status is not None and status >= 500)


def stage(shorts: Shorts, told: JobAnswer, elapsed: float) -> str:
    """What to say of a job that has not ended."""
    if told.stage:
        return plain(told.stage, 80)
    name = inside(shorts)
    if told.status == "queued":
        if elapsed > LONG_QUEUED:
            return f"Still queued at {name} after {int(elapsed // 60)} minutes; it goes on"
        return f"Queued at {name}"
    if elapsed > 2 * shorts.probe.duration / 1_000_000 + 600:
        return "Taking longer than usual; it goes on by itself"
    return f"Under way at {name}"


def inside(shorts: Shorts) -> str:
    """The service's name in the middle of a sentence."""
    name = shorts.client.name
    return name[0].lower() + name[1:] if name.startswith("The ") else name


def doubt(shorts: Shorts, detail: str = "") -> ServiceError:
    """The error for a paid order of which nobody knows whether it was taken."""
    name = inside(shorts)
    return ServiceError(
        f"It is not known whether {name} took the order: the connection was lost before its "
        "answer. It may have been charged.",
        f"Look at your account at {name}. It is sent once more only if you order it again.",
        detail,
    )
