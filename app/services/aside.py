"""Calls that may ask the person something, in threads that no end of the program waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


async def aside(call: Callable[..., T], *arguments: object) -> T:
    """What `call` returns or raises. Unlike asyncio.to_thread it can be left behind.

    A locked keyring opens its own window and blocks until somebody has answered it.
    """
    answer: Future[T] = Future()

    def run() -> None:
        answer.set_running_or_notify_cancel()
        try:
            answer.set_result(call(*arguments))
        except BaseException as problem:  # noqa: BLE001 - handed on to who awaits it
            answer.set_exception(problem)

    Thread(target=run, name="keeptake-aside", daemon=True).start()
    return await asyncio.wrap_future(answer)
