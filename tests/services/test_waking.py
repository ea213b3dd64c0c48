"""The computer's sleep: pauses end with it, and a job is asked for at once after it."""

from __future__ import annotations

import asyncio
import itertools
import signal
import sys
from pathlib import Path

import pytest

from app.core.errors import ServiceError
from app.services import waking
from app.services.polling import ASLEEP, Pace, poll
from app.services.rate import Rate
from app.services.workflows import analyse
from tests.services.fake_cloud import Reply, fake_cloud
from tests.services.test_workflows import ONLY_VISION, sitting

HOUR = 3600.0

RESULT = "GET /v1/projects/{id}/vision"
RUNNING = {"project_id": "p", "status": "running"}

POLLING = """
import asyncio, json, sys
from app.services.http import Http
from app.services.nanoclip import NanoClip, Patience
from app.services.polling import Pace, poll

async def ended(raw, _elapsed):
    return json.loads(raw)["status"] if b"done" in raw else None

async def main():
    async with Http() as http:
        client = NanoClip(sys.argv[1], "key", http, service="local", patience=Patience(first=0.01))
        print(await poll(
            lambda: client.result("vision", "p"), ended, lambda _e: True,
            Pace(first=0.02, longest=0.02), lambda _s, _f: None, "NanoClip",
        ))

asyncio.run(main())
"""


class Lid:
    """A computer whose lid is closed in the pause number `closed` (from 1), for an hour."""

    def __init__(self, closed: int) -> None:
        self.at, self.rests, self.closed = 1000.0, 0, closed

    def clock(self) -> float:
        return self.at

    async def rest(self, seconds: float) -> None:
        self.rests += 1
        self.at += seconds + (HOUR if self.rests == self.closed else 0.0)
        await asyncio.sleep(0)

    async def sleep(self, seconds: float) -> None:
        await waking.sleep(seconds, self.clock, self.rest)


@pytest.mark.parametrize(("seconds", "rests"), [(0, 1), (0.5, 1), (2, 1), (5, 3), (30, 15)])
def test_a_pause_is_as_long_as_asked_for(seconds: float, rests: int) -> None:
    lid = Lid(closed=0)
    asyncio.run(lid.sleep(seconds))
    assert (lid.at - 1000.0, lid.rests) == (seconds, rests)


def test_a_pause_in_which_the_computer_slept_ends_when_it_wakes() -> None:
    lid = Lid(closed=3)
    asyncio.run(lid.sleep(30))
    assert lid.rests == 3


def test_the_clock_does_not_go_back() -> None:
    times = [waking.now() for _ in range(1000)]
    assert times == sorted(times)


def polled(lid: Lid, answers: list[str | ServiceError]) -> tuple[list[float], list[float]]:
    """When each question was asked, and the times gone by that each answer was read with."""
    asked: list[float] = []
    elapsed: list[float] = []

    async def ask() -> str:
        asked.append(lid.at)
        answer = answers.pop(0) if answers else "done"
        if isinstance(answer, ServiceError):
            raise answer
        return answer

    async def read(answer: str, gone: float) -> str | None:
        elapsed.append(gone)
        return answer if answer == "done" else None

    pace = Pace(sleep=lid.sleep, clock=lid.clock, chance=lambda: 0.0)
    asyncio.run(poll(ask, read, lambda _e: True, pace, lambda _s, _f: None, "NanoClip"))
    return asked, elapsed


def test_after_waking_it_is_asked_at_once_and_often_as_at_the_beginning() -> None:
    lid = Lid(closed=200)
    asked, elapsed = polled(lid, ["running"] * 40)
    gaps = [b - a for a, b in itertools.pairwise(asked)]
    (woke,) = [n for n, gap in enumerate(gaps) if gap > ASLEEP]
    assert gaps[woke - 1] > 25
    assert gaps[woke] <= HOUR + 30
    assert gaps[woke + 1 : woke + 4] == [5.0, 5.0, 5.0]
    # What is said of the time gone by counts the hour: the service worked on in it.
    assert elapsed[woke + 1] > HOUR


def test_questions_left_unanswered_before_the_sleep_do_not_count_after_it() -> None:
    bad = ServiceError("…", status=502)
    lid = Lid(closed=10)
    asked, _elapsed = polled(lid, [bad] * 4 + [bad] * 3)
    assert len(asked) == 8


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="Windows cannot stop a process")
def test_a_stopped_process_goes_on_with_its_job_although_its_connection_is_dead() -> None:
    async def main() -> tuple[str, int]:
        async with fake_cloud() as cloud:
            cloud.script[RESULT] = [Reply(body=RUNNING)] * 100_000
            child = await asyncio.create_subprocess_exec(
                sys.executable,
                "-c",
                POLLING,
                cloud.base_url,
                stdout=asyncio.subprocess.PIPE,
                cwd=Path(__file__).parents[2],
            )
            try:
                await cloud.arrived(3)
                child.send_signal(signal.SIGSTOP)
                # It is done while nobody asks, and the connection does not outlive the pause.
                cloud.script[RESULT] = [
                    Reply(reset=True),
                    Reply(body={**RUNNING, "status": "done"}),
                ]
                child.send_signal(signal.SIGCONT)
                said, _ = await child.communicate()
            finally:
                if child.returncode is None:
                    child.kill()
                    await child.wait()
            return said.decode().strip(), len(cloud.script[RESULT])

    assert asyncio.run(main()) == ("done", 0)


@pytest.mark.parametrize("slept", [HOUR, 2 * HOUR])
def test_an_upload_that_the_computer_slept_through_is_made_afresh(
    tmp_path: Path, slept: float
) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            desk.cloud.expires_in = int(HOUR)
            desk.cloud.script["PUT /storage/1"] = [Reply(reset=True)]
            times = iter([1000.0, 1000.0])  # the deadline is set, and the first try begins
            woken = 1000.0 + slept

            def now() -> float:
                return next(times, woken)

            await analyse(desk.analysis(ONLY_VISION, now=now), desk.report)
            assert desk.cloud.count("POST /v1/projects/upload") == 2
            assert desk.cloud.started == ["vision"]
            assert desk.kept["nanoclip.project"]["id"] == "proj/2"
            assert ("The upload's time ran out; beginning anew", None) in desk.said

    asyncio.run(main())


def test_after_a_sleep_no_rate_of_before_is_told() -> None:
    at = 0.0
    rate = Rate(now=lambda: at)
    for piece in range(1, 40):
        at += 0.25
        before = rate.told(piece * 1_000_000, 10**9)
    at += HOUR
    assert "left" in before
    assert rate.told(40_000_000, 10**9) == "Uploading"
