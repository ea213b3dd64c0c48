"""Answers read off the window's thread: large ones in a process of their own."""

from __future__ import annotations

import asyncio
import pickle
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing import get_context
from types import TracebackType
from typing import Any, Self

from app.core.errors import ServiceError
from app.core.review import Retakes
from app.core.transcript import Transcript
from app.services import wire

LARGE_ANSWER = 200_000
"""Bytes from which an answer is read in the worker: below, it takes under 8 ms in place."""

SLICE = 1000
"""Words made at a time on the window's thread: some 2 ms."""

Value = Transcript | wire.Vision | Retakes


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

    async def outcome(
        self, kind: wire.Kind, raw: bytes, duration: int, service: wire.Service = "nanoclip"
    ) -> tuple[wire.Result, Value | None]:
        """`wire.outcome`, wherever it is quick enough; raises ServiceError as that does."""
        if len(raw) < self._threshold:
            return wire.outcome(kind, raw, duration, service)
        loop = asyncio.get_running_loop()
        if self._pool is None:
            self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
        try:
            told = await loop.run_in_executor(self._pool, _in_worker, kind, raw, duration, service)
        except BrokenProcessPool as error:
            await self.close()
            raise ServiceError(
                "The program that reads large answers stopped, so the answer was not read.",
                "Close other programs if memory is short, then use Retry Job: nothing is charged.",
                repr(error),
            ) from error
        if isinstance(told, _Failed):
            raise ServiceError(told.sentence, told.hint, told.detail)
        return told.state, await _joined(told)

    async def parse_off_thread(
        self, kind: wire.Kind, raw: bytes, duration: int, service: wire.Service = "nanoclip"
    ) -> Value:
        """A completed result as its core value, `duration` in microseconds (for kept answers)."""
        state, value = await self.outcome(kind, raw, duration, service)
        if value is None:
            raise ServiceError(
                f"The kept answer of {kind} is not a finished one ({state.status}).",
                "Analyse again: what was finished at the service is fetched, not charged.",
            )
        return value

    async def close(self) -> None:
        """End the worker and wait for it."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await asyncio.to_thread(pool.shutdown, cancel_futures=True)


@dataclass(frozen=True)
class _Failed:
    """A ServiceError's parts: the error itself would not survive pickling with all of them."""

    sentence: str
    hint: str
    detail: str


@dataclass(frozen=True)
class _Told:
    """An outcome with its words apart, pickled slice by slice."""

    state: wire.Result
    value: Value | None
    slices: tuple[bytes, ...]


def _in_worker(
    kind: wire.Kind, raw: bytes, duration: int, service: wire.Service
) -> _Told | _Failed:
    try:
        state, value = wire.outcome(kind, raw, duration, service)
    except ServiceError as error:
        return _Failed(error.sentence, error.hint, error.detail)
    if value is None or isinstance(value, wire.Vision):
        return _Told(state, value, ())
    words = value.words
    parts = tuple(pickle.dumps(words[i : i + SLICE], -1) for i in range(0, len(words), SLICE))
    return _Told(state, _with_words(value, ()), parts)


async def _joined(told: _Told) -> Value | None:
    """The value with its words, made a slice at a time so that the window goes on between."""
    value = told.value
    if value is None or isinstance(value, wire.Vision):
        return value
    words: list[Any] = []
    for part in told.slices:
        words += pickle.loads(part)  # noqa: S301 - written by our own worker
        await asyncio.sleep(0)
    return _with_words(value, tuple(words))


def _with_words(value: Transcript | Retakes, words: tuple[Any, ...]) -> Transcript | Retakes:
    if isinstance(value, Transcript):
        return replace(value, words=words)
    return replace(value, words=words)
