"""The local service as a child process: started, found ready, and ended with the app."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import app
from app.core.errors import ServiceError

READY_WITHIN = 30.0
"""Seconds; a cold start on a slow disk imports for some of them."""

END_WITHIN = 5.0
"""Seconds after which a service that was asked to end is killed."""


RESTARTED = "Use Retry Job: the local service is started again and goes on with what it has."
"""What to do where it does not answer any more."""


@dataclass(frozen=True)
class LocalService:
    """A running service. The token is this start's own and not in the repr."""

    base_url: str
    token: str = field(repr=False)
    process: asyncio.subprocess.Process = field(repr=False)

    @property
    def running(self) -> bool:
        """Whether its process still lives."""
        return self.process.returncode is None


@asynccontextmanager
async def local_service(data: Path) -> AsyncIterator[LocalService]:
    """The service over `data`, until the end of the block; raises ServiceError with a sentence.

    The token goes through the child's stdin, since arguments can be read by others. That stdin
    stays open as long as this process lives, so the child ends with it even when it is killed.
    What the child has to say is in `service.log` in `data`.
    """
    token = secrets.token_urlsafe(32)
    process = await _start(data)
    try:
        port = await _ready(process, token, data)
        yield LocalService(f"http://127.0.0.1:{port}", token, process)
    finally:
        await _end(process)


async def _start(data: Path) -> asyncio.subprocess.Process:
    try:
        data.mkdir(parents=True, exist_ok=True)
        with (data / "service.log").open("wb") as log:
            return await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "app.local_service",
                "--data",
                str(data),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                env=_environment(),
                # A Ctrl-C in the terminal is the app's to answer; the child follows its stdin.
                start_new_session=True,
            )
    except OSError as error:
        raise _cannot_start(str(error)) from error


async def _ready(process: asyncio.subprocess.Process, token: str, data: Path) -> int:
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(token.encode() + b"\n")
        line = await asyncio.wait_for(process.stdout.readline(), READY_WITHIN)
        return int(json.loads(line)["port"])
    except TimeoutError as error:
        raise _cannot_start(f"no answer within {READY_WITHIN:.0f} s") from error
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise _cannot_start(await asyncio.to_thread(_last_words, data)) from error


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.stdin is not None:
        process.stdin.close()
    try:
        await asyncio.wait_for(process.wait(), END_WITHIN)
    except TimeoutError:
        process.kill()
        await process.wait()
    except asyncio.CancelledError:
        process.kill()
        raise


def _cannot_start(detail: str) -> ServiceError:
    return ServiceError(
        "The local service could not be started, so nothing can be analysed on this computer.",
        "Everything else works. Restart Keeptake; if it stays, reinstall it, or use a NanoClip "
        "key.",
        detail,
    )


def _last_words(data: Path) -> str:
    try:
        return (data / "service.log").read_text("utf-8", "replace")[-4000:]
    except OSError as error:
        return str(error)


def _environment() -> dict[str, str]:
    """The app's own, with the package importable wherever the app was started from."""
    root = str(Path(app.__file__).parent.parent)
    path = os.pathsep.join(p for p in (root, os.environ.get("PYTHONPATH", "")) if p)
    return {**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}
