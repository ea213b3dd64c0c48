"""The whole program killed at every step of its journal: nothing paid twice, nothing lost.

Each life is the real program without a screen, over the real store, asking both services on real
ports of loopback. It analyses a film, finds moments, renders three shorts and fetches them; at one
write of the journal it is killed. The next life has the files alone to go on from.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections import deque
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import LONG
from tests.lives import Order
from tests.services.fake_cloud import KEY, FakeCloud, Reply, fake_cloud
from tests.services.fake_znippet import (
    ANALYZE,
    DEVICE,
    LICENSE,
    MOMENTS,
    PATH,
    RENDER,
    FakeZnippet,
    fake_znippet,
)

AT_ONCE = 2
LIFE_S = 90.0
"""Seconds after which a life counts as hanging."""

ANSWERED = ("created", "started", "asked")
"""States that are written once a service has answered: killed before them, its answer is lost."""

EVIDENCE = {
    "transcript": 3,
    "scenes": True,
    "retakes": 1,
    "moments": [m["title"] for m in MOMENTS],
}


@dataclass(frozen=True)
class Point:
    """Where a life is killed: at the write of that number, before or after it is on disk."""

    at: int
    after: bool
    what: str

    def __str__(self) -> str:
        return f"{'after' if self.after else 'before'} write {self.at} ({self.what})"


class Lives:
    """A process that lives lives."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def live(self, order: Order) -> list[dict[str, Any]]:
        """What a life said; its last word is how it ended."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(asdict(order)).encode() + b"\n")
        said: list[dict[str, Any]] = []
        async with asyncio.timeout(LIFE_S):
            while not said or "over" not in said[-1]:
                line = await self._process.stdout.readline()
                assert line, "the process that lives lives has ended"
                said.append(json.loads(line))
        return said


@asynccontextmanager
async def lives(folder: Path) -> AsyncIterator[Lives]:
    """A process that lives lives; its complaints go to a file."""
    root = Path(__file__).parents[1]
    with (folder / f"said-{len(list(folder.iterdir()))}").open("wb") as said:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.lives", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=said, cwd=root, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        )  # fmt: skip
    try:
        yield Lives(process)
    finally:
        assert process.stdin
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 10)
        except TimeoutError:
            process.kill()
            await process.wait()


@dataclass
class Desk:
    """A film, its folders, and the two services that are asked about it."""

    nanoclip: FakeCloud
    znippet: FakeZnippet
    order: Order

    def wrong(self, said: list[dict[str, Any]], agreed: str) -> str:
        """What was lost or paid twice at the end, or "". agreed: what was ordered once more."""
        found, over = said[-2], said[-1]
        if over != {"over": 0, "left": []}:
            return f"it ended as {over}"
        if found["evidence"] != EVIDENCE:
            return f"there is {found['evidence']}"
        if sorted(self.nanoclip.started) != ["retake-removal", "transcript", "vision"]:
            return f"NanoClip was paid for {self.nanoclip.started}"
        paid = {"moments": len(self.znippet.analyses), "render": len(self.znippet.orders)}
        if paid != {"moments": 1, "render": 1}:
            return f"Znippet was paid for {paid}, after a question about {agreed!r}"
        folder = Path(self.order.shorts)
        films = {path.name: path.read_bytes() for path in folder.iterdir()}
        if films != self.films:
            return f"in the folder of shorts are {sorted(films)}"
        downloaded = [path for state, path in found["shorts"] if state == "downloaded"]
        ours = sorted(str(folder / name) for name in self.films)
        return "" if sorted(downloaded) == ours else f"the list of shorts says {found['shorts']}"

    @property
    def films(self) -> dict[str, bytes]:
        """What was rendered, by the name it is to have."""
        return {f"{m['title']}.mp4": self.znippet.files[m["number"]].body for m in MOMENTS}


@asynccontextmanager
async def desk(folder: Path, made: Path) -> AsyncIterator[Desk]:
    """A film nobody has opened and services that nobody has asked."""
    folder.mkdir()
    async with fake_cloud() as nanoclip, fake_znippet() as znippet:
        for moment in MOMENTS:
            film = (made / f"{moment['number']}.mp4").read_bytes()
            znippet.files[moment["number"]] = Reply(200, film, {"Content-Type": "video/mp4"})
        environment = {
            "HOME": str(folder),
            **{f"XDG_{n}_HOME": str(folder / n) for n in ("DATA", "CONFIG", "CACHE", "STATE")},
            "NANOCLIP_API_KEY": KEY,
            "NANOCLIP_BASE_URL": nanoclip.base_url,
            "ZNIPPET_LICENSE_KEY": LICENSE,
            "ZNIPPET_BASE_URL": znippet.base_url + PATH,
        }
        order = Order(environment, str(made / "film.mp4"), str(folder / "shorts"), DEVICE)
        yield Desk(nanoclip, znippet, order)


@pytest.mark.timeout(600)
@pytest.mark.skipif(not hasattr(os, "fork"), reason="lives are forks here")
def test_killed_at_any_step_of_the_journal_nothing_is_paid_twice_and_nothing_is_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = tmp_path / "made"
    made.mkdir()
    film(made / "film.mp4", "320x180", 10)
    for moment in MOMENTS:
        film(made / f"{moment['number']}.mp4", "180x320", moment["endTime"] - moment["startTime"])
    count, questions, wrong = asyncio.run(every_point(tmp_path, made))
    assert not wrong, wrong
    assert count >= 30
    with capsys.disabled():
        sys.stdout.write(f" killed at {count} steps, {questions} of them with a question\n")


async def every_point(folder: Path, made: Path) -> tuple[int, int, dict[str, str]]:
    """How many there were, after how many a person was asked, and what was wrong."""
    wrong: dict[str, str] = {}
    questions = 0
    async with AsyncExitStack() as stack:
        several = [await stack.enter_async_context(lives(folder)) for _ in range(AT_ONCE)]
        left = deque(await points(several[0], folder, made))
        count = len(left)

        async def some(by: Lives) -> None:
            nonlocal questions
            while left:
                point = left.popleft()
                said, asked = await one(by, point, folder / f"{point.at}{point.after}", made)
                questions += asked
                if said:
                    wrong[str(point)] = said

        async with asyncio.TaskGroup() as group:
            for by in several:
                group.create_task(some(by))
    return count, questions, wrong


async def points(by: Lives, folder: Path, made: Path) -> list[Point]:
    """What an undisturbed life writes: killed after each, and before what a service answered."""
    async with desk(folder / "undisturbed", made) as quiet:
        said = await by.live(quiet.order)
        assert not quiet.wrong(said, ""), quiet.wrong(said, "")
    writes = [str(w["wrote"]) for w in said if "wrote" in w]
    out = [Point(n, True, what) for n, what in enumerate(writes, 1)]
    return out + [
        Point(n, False, what)
        for n, what in enumerate(writes, 1)
        if LONG or what.split()[-1] in ANSWERED or what.endswith("uploaded")
    ]


async def one(by: Lives, point: Point, folder: Path, made: Path) -> tuple[str, bool]:
    """What was wrong after a kill at that point, and whether a person was asked."""
    async with desk(folder, made) as there:
        said = await by.live(replace(there.order, at=point.at, after=point.after))
        if said[-1] != {"over": -9, "left": []}:
            return f"killed, it ended as {said[-1]}", False
        said = await by.live(there.order)
        asked = str(said[-2].get("asked", ""))
        if asked:
            # They look at their account; what is not in it is ordered once more.
            sent = there.znippet.count(ANALYZE if asked == "moments" else RENDER)
            if sent > 1:
                return "it was ordered again without asking", True
            if sent == 1:
                return "", True
            said = await by.live(replace(there.order, agree=True))
        return there.wrong(said, asked), bool(asked)


def film(path: Path, size: str, seconds: float) -> None:
    """A film with sound."""
    command = ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i"]
    command += [f"testsrc2=size={size}:rate=10:duration={seconds}", "-f", "lavfi", "-i"]
    command += [f"sine=duration={seconds}", "-shortest", "-c:v", "libx264", "-preset", "ultrafast"]
    subprocess.run([*command, "-pix_fmt", "yuv420p", "-c:a", "aac", str(path)], check=True)
