"""A key planted in the whole program is found nowhere but in requests to its own service.

Searched are every file the program writes, what it says and how it crashes, the report a person may
send, arguments and environments of all processes it starts, and what it sends to other hosts.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import signal
import subprocess
import sys
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.services.fake_cloud import KEY, FakeCloud, Reply, fake_cloud
from tests.services.fake_znippet import (
    ANALYSIS,
    ANALYZE,
    DEVICE,
    FILE,
    LICENSE,
    MOMENTS,
    PATH,
    RENDER,
    RENDERS,
    UPLOADS,
    FakeZnippet,
    fake_znippet,
)
from tests.services.faults import Elsewhere, elsewhere
from tests.test_journal_kills import film

SITTINGS = 12
LIFE_S = 120.0
STORE = "PUT /storage/"

CANARIES = {
    form: text.encode()
    for name, key in (("NanoClip's key", KEY), ("Znippet's key", LICENSE))
    for form, text in (
        (name, key),
        (f"{name}, its middle", key[5:-5]),
        (f"{name} in base64", base64.b64encode(key.encode()).decode().rstrip("=")),
        (f"{name} in hexadecimal", key.encode().hex()),
    )
}


@dataclass
class Processes:
    """What the program started, and in whose arguments or environment a canary was seen."""

    seen: set[str] = field(default_factory=set)
    singing: dict[str, str] = field(default_factory=dict)

    async def watch(self, pid: int) -> None:
        """Look again and again until cancelled."""
        itself = Path(f"/proc/{pid}/cmdline").read_bytes()
        while True:
            for child in descendants(pid):
                self.look(child, itself)
            self.look(pid, itself)
            await asyncio.sleep(0.01)

    def look(self, pid: int, itself: bytes) -> None:
        """One process, as long as it is there.

        A child that is about to become another program still has all of the program itself.
        """
        with suppress(OSError):
            arguments = Path(f"/proc/{pid}/cmdline").read_bytes()
            environ = Path(f"/proc/{pid}/environ").read_bytes()
            name = arguments.replace(b"\0", b" ").decode(errors="replace")[:120]
            self.seen.add(name)
            given = b"" if arguments == itself else environ
            for place, content in (("arguments", arguments), ("environment", given)):
                if found := canaries(content):
                    self.singing[f"{place} of {name}"] = found


def descendants(pid: int) -> list[int]:
    """Every process below that one."""
    out: list[int] = []
    for listing in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, listing.read_text().split()):
                out += [child, *descendants(child)]
    return out


def canaries(content: bytes) -> str:
    """Which of them are in it, as text."""
    return ", ".join(name for name, canary in CANARIES.items() if canary in content)


def break_everything(nanoclip: FakeCloud, znippet: FakeZnippet, other: str) -> None:
    """Refusals that repeat the key, redirects and storage elsewhere; then each does as it should.

    The transcript is long enough to be read in a process of its own.
    """
    echo = {"detail": f"Bearer {KEY} is not welcome", "echo": KEY}
    fields = {"detail": [{"loc": ["body", KEY], "msg": KEY, "type": "x", "input": KEY}]}
    away = {"Location": f"{other}/v1/{KEY[:3]}"}
    for name in ("POST /v1/projects/upload", "POST /v1/projects/{id}/vision",
                 "GET /v1/projects/{id}/transcript", "POST /v1/projects/{id}/upload/complete",
                 "POST /v1/projects/{id}/retake-removal"):  # fmt: skip
        nanoclip.script[name] = [Reply(400, echo), Reply(307, b"", away), Reply(422, fields)]
    nanoclip.script["GET /v1/me"] = [Reply(401, echo), Reply(200, echo)]
    nanoclip.script["POST /v1/projects/upload"] += [Reply(201, {
        "project_id": "proj/0", "status": "created", "created_at": "2026", "upload_headers": {},
        "source": {"type": "upload"}, "upload_expires_in_seconds": 900,
        "upload_url": f"{other}/store?X-Amz-Signature=x",
    })]  # fmt: skip
    nanoclip.results["transcript"]["text"] = "So what. " * 40_000
    no = {"error": f"{LICENSE} is not welcome", "issues": [{"field": LICENSE, "message": LICENSE}]}
    for name in (UPLOADS, ANALYZE, ANALYSIS, RENDER, RENDERS, FILE):
        znippet.script[name] = [Reply(400, no), Reply(307, b"", away)]
    znippet.script[FILE] = [Reply(307, b"", away), Reply(403, no), Reply(302, b"", away)]


@pytest.mark.timeout(300)
@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked into by /proc")
@pytest.mark.parametrize("given", ["typed", "in the environment"])
def test_a_key_is_found_nowhere_but_at_its_own_service(
    given: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = tmp_path / "made"
    made.mkdir()
    film(made / "film.mp4", "320x180", 10)
    for moment in MOMENTS:
        film(made / f"{moment['number']}.mp4", "180x320", moment["endTime"] - moment["startTime"])
    home = tmp_path / "home"
    home.mkdir()
    told, processes, other = asyncio.run(lived(home, made, typed=given == "typed"))
    found = {str(p): canaries(p.read_bytes()) for p in tmp_path.rglob("*") if p.is_file()}
    singing = {path: which for path, which in found.items() if which}
    singing |= processes.singing
    if which := canaries(told):
        singing["what it said"] = f"{which}: {lines_with(told)}"
    if which := canaries(bytes(other.got)):
        singing["what another host was sent"] = which
    assert not singing, "\n".join(f"{k}: {v}" for k, v in singing.items())
    said = told.decode(errors="replace")
    assert '{"shorts": 3, "scenes": true}' in said, said[-3000:]
    assert "Fatal Python error: Aborted" in said
    report = said.partition("REPORT\n")[2]
    assert "bug in a story" in report
    assert other.got
    assert len(processes.seen) > 2
    with capsys.disabled():
        sys.stdout.write(f" {len(found)} files, {len(processes.seen)} processes searched\n")


async def lived(home: Path, made: Path, *, typed: bool) -> tuple[bytes, Processes, Elsewhere]:
    """What a life said, what it started, and what other hosts were sent."""
    processes = Processes()
    async with AsyncExitStack() as stack:
        other, address = await stack.enter_async_context(elsewhere())
        nanoclip = await stack.enter_async_context(fake_cloud())
        znippet = await stack.enter_async_context(fake_znippet())
        break_everything(nanoclip, znippet, address)
        for moment in MOMENTS:
            body = (made / f"{moment['number']}.mp4").read_bytes()
            znippet.files[moment["number"]] = Reply(200, body, {"Content-Type": "video/mp4"})
        keys = {"NANOCLIP_API_KEY": KEY, "ZNIPPET_LICENSE_KEY": LICENSE}
        environment = {
            "HOME": str(home),
            **{f"XDG_{n}_HOME": str(home / n) for n in ("DATA", "CONFIG", "CACHE", "STATE")},
            "NANOCLIP_BASE_URL": nanoclip.base_url,
            "ZNIPPET_BASE_URL": znippet.base_url + PATH,
        }
        order = {
            "environment": environment, "film": str(made / "film.mp4"), "device": DEVICE,
            "shorts": str(home / "shorts"), "sittings": SITTINGS, "secrets": [KEY, LICENSE],
            "typed": {"NanoClip": KEY, "Znippet": LICENSE} if typed else {},
        }  # fmt: skip
        with (home / "stderr").open("wb") as said:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.canary_life", stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=said, cwd=Path(__file__).parents[1],
                env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **({} if typed else keys)},
            )  # fmt: skip
            watching = asyncio.create_task(processes.watch(process.pid))
            try:
                async with asyncio.timeout(LIFE_S):
                    told, _ = await process.communicate(json.dumps(order).encode() + b"\n")
            except TimeoutError:
                process.kill()
                told, _ = await process.communicate()
            watching.cancel()
            await asyncio.wait({watching})
        told += (home / "stderr").read_bytes()
        assert process.returncode == -signal.SIGABRT, told[-5000:]
        return told, processes, other


def lines_with(told: bytes) -> list[str]:
    """Where it was said."""
    return [line[:300].decode(errors="replace") for line in told.splitlines() if canaries(line)][:5]
