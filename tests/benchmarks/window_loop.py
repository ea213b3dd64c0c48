"""The program's event loop for benches: a bug ends the run, instead of spoiling its figures."""

from __future__ import annotations

import asyncio
import os
import sys
import traceback
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

T = TypeVar("T")


def run(application: QApplication, story: Coroutine[Any, Any, T]) -> T:
    """What the story returns; an error that nobody awaits ends the process with status 1."""
    # Pydantic cannot be imported after PySide6 has begun to look at what is imported.
    from app.state.event_loop import EventLoop

    with EventLoop(application) as loop:
        loop.set_exception_handler(_end)
        told: T = loop.run_until_complete(story)
    return told


def _end(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    sys.stderr.write(f"{context.get('message')}\n")
    error = context.get("exception")
    if isinstance(error, BaseException):
        traceback.print_exception(error)
    sys.stderr.flush()
    # Whoever waits for what has failed would wait for ever.
    os._exit(1)
