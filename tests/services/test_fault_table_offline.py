"""No connection, short and long, wherever a started job meets it: it goes on by itself, once."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from app.services.http import HttpAnswer, NotSent
from app.services.nanoclip import NanoClip, Patience
from app.services.parsing import Parser
from app.services.workflows import analyse
from tests.services.fake_cloud import KEY, fake_cloud, hasty
from tests.services.fake_znippet import (
    ANALYSIS,
    ANALYZE,
    RENDER,
    RENDERS,
    UPLOADS,
    fake_znippet,
)
from tests.services.faults import Impatient
from tests.services.test_fault_table import COMPLETE, CREATE, RESULTS, STARTS, sitting
from tests.services.test_fault_table_shorts import at_desk, not_here, twice

TRIES = (1, 7, 200, 2000)
"""How often in a row there is no connection: from a moment to half a day."""

WHY = ("[Errno 111] Connection refused", "Name or service not known", "ConnectTimeout('')")


class Away(Impatient):
    """The line is gone at one endpoint for a number of tries; everything else is as it is."""

    def __init__(self, endpoint: str, tries: int, why: str) -> None:
        super().__init__()
        self.method, path = endpoint.split(" ")
        self.before, _, self.after = path.partition("{id}")
        self.left, self.why = tries, why

    @override
    async def send(
        self, method: str, url: str, *, timeout: float = 60.0, **more: Any
    ) -> HttpAnswer:
        here = method == self.method and self.before in url and url.endswith(self.after)
        if here and self.left:
            self.left -= 1
            raise NotSent("It could not be reached.", "", self.why)
        return await super().send(method, url, timeout=timeout, **more)


CASES = [(tries, why) for tries in TRIES for why in WHY]


@pytest.mark.parametrize("endpoint", [CREATE, COMPLETE, *STARTS, *RESULTS])
def test_an_analysis_waits_for_its_connection(
    endpoint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def main() -> None:
        video = tmp_path / "clip.mp4"
        video.write_bytes(b"film" * 999)
        async with Parser(threshold=64 << 20) as parser:
            for tries, why in CASES:
                got: dict[str, Any] = {}
                said: list[str] = []
                async with fake_cloud() as cloud, Away(endpoint, tries, why) as http:
                    story = sitting(cloud, http, parser, video, {}, got)
                    story.client = NanoClip(
                        cloud.base_url, KEY, http, patience=Patience(tries=2, sleep=hasty())
                    )
                    await analyse(story, lambda stage, _f, said=said: said.append(stage))
                assert not http.left
                assert sorted(got) == ["retakes", "transcript", "vision"]
                assert sorted(cloud.started) == ["retake-removal", "transcript", "vision"]
                assert tries == 1 or any(s.startswith("No connection to NanoClip") for s in said)

    asyncio.run(main())
    with capsys.disabled():
        sys.stdout.write(f" {len(CASES)} times without a connection at {endpoint}\n")


@pytest.mark.parametrize("endpoint", [UPLOADS, ANALYZE, ANALYSIS, RENDER, RENDERS])
def test_moments_and_shorts_wait_for_their_connection(
    endpoint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def main() -> None:
        for number, (tries, why) in enumerate(CASES):
            async with fake_znippet() as server, Away(endpoint, tries, why) as http:
                desk = at_desk(server, http, tmp_path / str(number), "znippet")
                await desk.sit()
                assert not http.left
                assert not not_here(desk)
                assert not twice(desk)
                assert (len(server.analyses), len(server.orders)) == (1, 1)

    asyncio.run(main())
    with capsys.disabled():
        sys.stdout.write(f" {len(CASES)} times without a connection at {endpoint}\n")
