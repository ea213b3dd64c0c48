"""Worker processes: started, listened to, ended; how many at once is counted by who starts them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections import deque
from pathlib import Path
from typing import Protocol

from app.local_service.analyses.worker import Task

AT_ONCE = 2
"""Processes that compute at the same time; the person is working on this computer meanwhile."""

END_WITHIN = 3.0
"""Seconds a process has to end what it started itself, once its stdin ended."""

_LINE = 1 << 20
UNEXPECTED = "The analysis ended unexpectedly. Nothing was lost; try again."


class Told(Protocol):
    """Who hears how far a process is: a run, a job or a clip."""

    stage: str | None
    progress: float | None


async def run_process(module: str, task: Task, told: Told) -> str | None:
    """Run `analyses.<module>` on `task`; returns None, or the sentence that says why it failed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        f"app.local_service.analyses.{module}",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment(),
        limit=_LINE,
        # Linux weighs sessions against one another: see `priority.step_back`.
        start_new_session=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    said: dict[str, str] = {}
    try:
        process.stdin.write(task.model_dump_json().encode() + b"\n")
        last, _ = await asyncio.gather(_tail(process.stderr), _listen(process.stdout, told, said))
        status = await process.wait()
    finally:
        process.stdin.close()
        await _end(process)
    if status == 0:
        return None
    if "error" in said:
        return said["error"]
    sys.stderr.write(last + "\n")
    return UNEXPECTED


async def _end(process: asyncio.subprocess.Process) -> None:
    """Its stdin has ended, which ends it and what it started; killed where it does not."""
    if process.returncode is not None:
        return
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), END_WITHIN)
    if process.returncode is None:
        process.kill()
        await process.wait()


async def _listen(lines: asyncio.StreamReader, told: Told, said: dict[str, str]) -> None:
    async for line in lines:
        message = json.loads(line)
        if "error" in message:
            said["error"] = message["error"]
        else:
            told.stage, told.progress = message["stage"], message["progress"]


async def _tail(lines: asyncio.StreamReader) -> str:
    """The last lines of what a process says; read to the end, or its pipe would fill."""
    kept: deque[bytes] = deque(maxlen=40)
    while piece := await lines.read(4096):
        kept.append(piece)
    return b"".join(kept).decode("utf-8", "replace")


def environment() -> dict[str, str]:
    """This process's own, with the package importable wherever it was started from."""
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(p for p in (root, os.environ.get("PYTHONPATH", "")) if p)
    return {**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
