"""Processes of our own that make things beside the program: told by stdin, answering in lines."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

END_WITHIN = 5.0
"""Seconds that a process has to remove what is half written."""

LONGEST_LINE = 1 << 20
"""Bytes of an answer."""

FORESEEN = (0, 2)
"""Codes of a process that ended in order, or that said in its last line why it stopped."""


@contextlib.asynccontextmanager
async def worker(module: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process of `python -m module`; at the end its stdin is closed, and it has ended.

    However often the caller is cancelled, no process and none of its pipes is left over.
    """
    starting = asyncio.ensure_future(_started(module))
    complaints = asyncio.ensure_future(_complaints(starting))
    try:
        yield await asyncio.shield(starting)
    finally:
        await _whole(_ended(module, starting, complaints))


async def first_done(*stories: Coroutine[Any, Any, None]) -> int:
    """Until one of them ends; its place. The others are cancelled, and its error is raised."""
    tasks = [asyncio.ensure_future(story) for story in stories]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        place = next(place for place, task in enumerate(tasks) if task.done())
        tasks[place].result()
        return place
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _started(module: str) -> asyncio.subprocess.Process:
    # It makes itself a session of its own, see `priority.step_back`. As one it would be weighed
    # against this one before its program begins, and the window waits until it does.
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", module,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE, env=_environment(), limit=LONGEST_LINE,
        creationflags=getattr(subprocess, "IDLE_PRIORITY_CLASS", 0),
    )  # fmt: skip


async def _complaints(starting: asyncio.Future[asyncio.subprocess.Process]) -> str:
    """The last of what it says on stderr; read to the end, or its pipe would fill."""
    process = await asyncio.shield(starting)
    assert process.stderr is not None
    last = b""
    while piece := await process.stderr.read(4096):
        last = (last + piece)[-4096:]
    return last.decode("utf-8", "replace")


async def _ended(
    module: str,
    starting: asyncio.Future[asyncio.subprocess.Process],
    complaints: asyncio.Future[str],
) -> None:
    """Its stdin's end ends it; killed where it does not."""
    try:
        process = await starting
    except OSError:
        await asyncio.gather(complaints, return_exceptions=True)
        return  # It never began; the caller is told by the same error.
    assert process.stdin is not None
    assert process.stdout is not None
    by_itself = process.stdout.at_eof() or process.returncode is not None
    process.stdin.close()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), END_WITHIN)
    if process.returncode is None:
        process.kill()
    code = await process.wait()
    said = await complaints
    if by_itself and code not in FORESEEN:
        log.warning("%s ended with %d: %s", module, code, said)


async def _whole(story: Coroutine[Any, Any, None]) -> None:
    """`story` to its end, however often the caller is cancelled; then it is cancelled."""
    task = asyncio.ensure_future(story)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled
    task.result()


def _environment() -> dict[str, str]:
    """This process's own, with the package importable wherever it was started from."""
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(p for p in (root, os.environ.get("PYTHONPATH", "")) if p)
    return {**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
