"""What the stories of one yes to NanoClip share, and its journal as they write it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec

from app.services import wire
from app.services.jobs import Report
from app.services.ledger import Journal, Ledger, Plan
from app.services.nanoclip import NanoClip
from app.services.packed import Value
from app.services.parsing import Parser
from app.services.polling import CLOUD_PACE, Pace
from app.services.upload import FileState, Persistence, Slot

if TYPE_CHECKING:
    from app.media.probe import Probe

Received = Callable[[wire.Kind, bytes, Value], Awaitable[None] | None]
"""`received(kind, raw, value)`: the answer untouched, and what it means in `app.core`. What it
returns is awaited; only then does the journal call the answer received."""

Params = ParamSpec("Params")


@dataclass(eq=False)
class Analysis:
    """What the stories of one yes share. Stories of one plan use one Analysis.

    lock: one for a project and a service, handed on to a later Analysis of the same project, so
    that the upload is made once. copy: makes the smaller copy, an MP4 that is uploaded in place of
    the video and removed when it is there; None for the video itself. slot, agreed and agreeing are
    the stories' own.
    """

    client: NanoClip
    plan: Plan
    video: Path
    probe: Probe
    journal: Journal
    received: Received
    parser: Parser
    pace: Pace = CLOUD_PACE
    persistence: Persistence = field(default_factory=Persistence)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    copy: Callable[[Report], Awaitable[Path]] | None = None
    slot: tuple[Slot, FileState, Path] | None = field(default=None, init=False, repr=False)
    agreed: bool = field(default=False, init=False)
    agreeing: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    @property
    def ledger(self) -> Ledger:
        """The journal as the stories read it."""
        return Ledger(self.journal, self.plan.service)

    @property
    def name(self) -> str:
        """The service's name in the middle of a sentence."""
        name = self.client.name
        return name[0].lower() + name[1:] if name.startswith("The ") else name


async def agree(analysis: Analysis) -> None:
    """Note the plan before anything of it is begun; once for all its stories."""
    async with analysis.agreeing:
        if not analysis.agreed:
            await write(analysis.ledger.agree, analysis.plan)
            analysis.agreed = True


async def write(put: Callable[Params, None], *args: Params.args, **more: Params.kwargs) -> None:
    """Write to the journal in a thread, for it waits for the disk; done even if cancelled."""
    await asyncio.to_thread(put, *args, **more)
