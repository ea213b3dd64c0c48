"""The local service's process ends under a job: it is told soon, with what to do about it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from app.core.errors import ServiceError, Unreachable
from app.services.http import BodyBroken, Http, HttpAnswer, NotSent
from app.services.ledger import Ledger, Plan
from app.services.nanoclip import PATIENCE_HERE, NanoClip
from app.services.parsing import Parser
from app.services.polling import LOCAL_PACE
from app.services.upload import persistence_of
from app.services.workflows import analyse
from tests.services.fake_cloud import KEY, fake_cloud, hasty
from tests.services.test_workflows import Desk

PLAN = Plan("local", transcript=False, retakes=False)

DURING_THE_COPY = "while it takes the copy"

AT: dict[str, Callable[[str], bool]] = {
    DURING_THE_COPY: lambda _stage: False,
    "before it is asked": lambda stage: stage == "Uploaded",
    "before the start": lambda stage: stage.startswith("Starting"),
    "while it works": lambda stage: stage.startswith("Under way"),
}

SOON = 10.0
"""Seconds of waiting at most, in the worst case of all chances together."""


class Dying(Http):
    """Once it is dead, the connection that was open breaks and no other is made."""

    def __init__(self) -> None:
        super().__init__()
        self.dead = False
        self.dies_in_put = False
        self.asked_when_dead = 0

    @override
    async def send(self, method: str, url: str, **more: Any) -> HttpAnswer:
        if not self.dead:
            return await super().send(method, url, **more)
        self.asked_when_dead += 1
        if self.asked_when_dead == 1:
            raise Unreachable("No answer came.", "", "ReadError('')")
        raise NotSent("It could not be reached.", "", "[Errno 111] Connection refused")

    @override
    async def put(
        self,
        url: str,
        headers: Mapping[str, str],
        length: int,
        pieces: AsyncIterator[bytes],
        *,
        stall: float = 120.0,
    ) -> HttpAnswer:
        if not self.dead and not self.dies_in_put:
            return await super().put(url, headers, length, pieces, stall=stall)
        self.asked_when_dead += 1
        if self.dead:
            raise NotSent("It could not be reached.", "", "[Errno 111] Connection refused")
        async for _piece in pieces:
            self.dead = True
        raise BodyBroken("The upload broke off.", "", "WriteError('')")


@pytest.mark.parametrize("when", AT)
def test_a_job_whose_service_died_fails_soon_and_says_that_retrying_starts_it(
    when: str, tmp_path: Path
) -> None:
    async def main() -> None:
        waits: list[float] = []
        video = tmp_path / "take.mp4"
        video.write_bytes(b"film" * 1000)
        patience = replace(PATIENCE_HERE, sleep=hasty(waits), chance=lambda: 1.0)
        async with fake_cloud() as cloud, Dying() as http, Parser() as parser:
            desk = Desk(cloud, http, parser, video)
            analysis = desk.analysis(PLAN)
            analysis.client = NanoClip(
                cloud.base_url, KEY, http, service="local", patience=patience
            )
            http.dies_in_put = when == DURING_THE_COPY
            analysis.persistence = replace(persistence_of("local"), sleep=hasty(waits))
            analysis.pace = replace(LOCAL_PACE, sleep=hasty(waits), chance=lambda: 1.0)
            cloud.polls_until_done = 1000

            def report(stage: str, _fraction: float | None) -> None:
                if AT[when](stage):
                    waits.clear()
                    http.dead = True

            with pytest.raises(ServiceError, match="could not be reached") as caught:
                await analyse(analysis, report)
            assert http.asked_when_dead
            assert "Retry Job" in caught.value.hint
            assert sum(waits) < SOON
            ledger = Ledger(analysis.journal, "local")
            assert ledger.entry("vision").get("state") in (None, "asking", "started")

    asyncio.run(main())
