"""Answers read off the window's thread: large ones in a process of their own."""

from __future__ import annotations

import asyncio
import gc
import os
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar, TypeVarTuple

from app.core.errors import KeeptakeError, MediaError, ServiceError
from app.core.giving_way import giving_way
from app.core.late import late, load_late
from app.core.transcript import Transcript

if TYPE_CHECKING:
    from app.services import importing, packed, wire
    from app.services.packed import Value
else:
    importing = late("app.services.importing")
    packed = late("app.services.packed")
    wire = late("app.services.wire")

LARGE_ANSWER = 200_000
"""Bytes from which an answer is read in the worker: below, it takes under 8 ms in place."""

PIECE = 1 << 20
"""Bytes that are written at a time."""

Given = TypeVarTuple("Given")
Told = TypeVar("Told")


class Parser:
    """One worker process, started at the first large answer and ended by `close`.

    A thread would not do: the parser holds the interpreter's lock. The program that uses it needs
    `multiprocessing.freeze_support()` and a guarded `__main__`, since the worker is spawned.
    """

    def __init__(self, threshold: int = LARGE_ANSWER) -> None:
        self._threshold = threshold
        self._pool: ProcessPoolExecutor | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    def is_large(self, size: int) -> bool:
        """Whether an answer of so many bytes is read in the worker."""
        return size >= self._threshold

    async def start(self) -> None:
        """Have the worker ready before the first large answer is there."""
        try:
            await asyncio.get_running_loop().run_in_executor(self._worker(), _ready)
        except BrokenProcessPool:
            # The answer that needs one starts another, and tells where that fails too.
            await self.close()

    async def outcome(
        self, kind: wire.Kind, raw: bytes, duration: int, service: wire.Service = "nanoclip"
    ) -> tuple[wire.Result, Value | None]:
        """`wire.outcome`, wherever it is quick enough; raises ServiceError as that does."""
        if not self.is_large(len(raw)):
            return wire.outcome(kind, raw, duration, service)
        state, columns = await self._in_worker(kind, raw, duration, service)
        if not columns:
            return state, None
        with giving_way():
            return state, await asyncio.to_thread(packed.unpack, columns)

    async def parse_off_thread(
        self, kind: wire.Kind, raw: bytes, duration: int, service: wire.Service = "nanoclip"
    ) -> Value:
        """A completed result as its core value, `duration` in microseconds (for kept answers)."""
        state, value = await self.outcome(kind, raw, duration, service)
        if value is None:
            raise _unfinished(kind, state)
        return value

    async def packed(
        self, kind: wire.Kind, raw: bytes, duration: int, service: wire.Service = "nanoclip"
    ) -> bytes:
        """A completed result as `packed.pack` packs it, made in the worker; raises ServiceError."""
        state, columns = await self._in_worker(kind, raw, duration, service)
        if not columns:
            raise _unfinished(kind, state)
        return columns

    async def _in_worker(
        self, kind: wire.Kind, raw: bytes, duration: int, service: wire.Service
    ) -> tuple[wire.Result, bytes]:
        given = await asyncio.to_thread(_handed_over, raw)
        try:
            return await self._asked(_read, kind, given, duration, service)
        except BrokenProcessPool as error:
            raise ServiceError(
                "The program that reads large answers stopped, so the answer was not read.",
                "Close other programs if memory is short, then use Retry Job: nothing is charged.",
                repr(error),
            ) from error
        finally:
            if isinstance(given, Path):
                await asyncio.to_thread(given.unlink, missing_ok=True)

    async def brought(
        self, path: Path, language: str | None, duration: int, whose: str
    ) -> importing.Brought:
        """`importing.bring`, a large file in the worker; raises MediaError."""
        size = await asyncio.to_thread(_size, path)
        if not self.is_large(size):
            return await asyncio.to_thread(importing.bring, path, language, duration, whose)
        try:
            columns, raw, notices = await self._asked(_bring, path, language, duration, whose)
        except BrokenProcessPool as error:
            raise MediaError(
                f"The program that reads large files stopped, so “{path.name}” was not read.",
                "Close other programs if memory is short, then import it again.",
                repr(error),
            ) from error
        with giving_way():
            transcript = await asyncio.to_thread(packed.unpack, columns)
        assert isinstance(transcript, Transcript)
        return importing.Brought(transcript, raw, notices)

    async def _asked(self, what: Callable[[*Given], Told | _Failed], *given: *Given) -> Told:
        """What the worker says; raises what it failed with, BrokenProcessPool where it is gone."""
        loop = asyncio.get_running_loop()
        try:
            told = await loop.run_in_executor(self._worker(), what, *given)
        except BrokenProcessPool:
            await self.close()
            raise
        if isinstance(told, _Failed):
            raise told.kind(told.sentence, told.hint, told.detail)
        return told

    def _worker(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
        return self._pool

    async def close(self) -> None:
        """End the worker and wait for it."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await asyncio.to_thread(pool.shutdown, cancel_futures=True)


def _ready() -> None:
    """In the worker: it is there, and its modules with it."""
    load_late("app.services")


@dataclass(frozen=True)
class _Failed:
    """An error's parts: the error itself would not survive pickling with all of them."""

    kind: type[KeeptakeError]
    sentence: str
    hint: str
    detail: str


def _handed_over(raw: bytes) -> bytes | Path:
    """A file for the worker to read, or `raw` itself where none can be written.

    To pickle thirty megabytes holds the window up, and takes the memory of another copy.
    """
    path = None
    try:
        handle, name = tempfile.mkstemp(prefix="keeptake-")
        path = Path(name)
        with os.fdopen(handle, "wb") as file:
            for at in range(0, len(raw), PIECE):
                file.write(raw[at : at + PIECE])
    except OSError:
        if path is not None:
            path.unlink(missing_ok=True)
        return raw
    return path


def _read(
    kind: wire.Kind, given: bytes | Path, duration: int, service: wire.Service
) -> tuple[wire.Result, bytes] | _Failed:
    """In the worker. Packed, the value comes back as a few bytes objects: quick to take in."""
    # Nothing in an answer goes round in circles: collecting would double the time.
    gc.disable()
    try:
        raw = given.read_bytes() if isinstance(given, Path) else given
        state, value = wire.outcome(kind, raw, duration, service)
        return state, packed.pack(value) if value is not None else b""
    except ServiceError as error:
        return _Failed(type(error), error.sentence, error.hint, error.detail)
    finally:
        gc.enable()


def _bring(
    path: Path, language: str | None, duration: int, whose: str
) -> tuple[bytes, bytes, tuple[str, ...]] | _Failed:
    """In the worker: the transcript packed, its answer, the notices."""
    try:
        found = importing.bring(path, language, duration, whose)
    except MediaError as error:
        return _Failed(type(error), error.sentence, error.hint, error.detail)
    return packed.pack(found.transcript), found.raw, found.notices


def _size(path: Path) -> int:
    """Bytes; 0 for what cannot be looked at, which reading it will tell."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _unfinished(kind: wire.Kind, state: wire.Result) -> ServiceError:
    return ServiceError(
        f"The kept answer of {kind} is not a finished one ({state.status}).",
        "Analyse again: what was finished at the service is fetched, not charged.",
    )
