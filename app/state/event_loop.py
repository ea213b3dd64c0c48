"""The window's event loop: qasync's, with timers that end when they are cancelled."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from contextvars import Context

import qasync
from PySide6.QtCore import QCoreApplication, QObject, QTimerEvent
from typing_extensions import override

TURN = 0.0005
"""Seconds after which another thread gives way to the window's: a tenth of what is usual."""


class EventLoop(qasync.QEventLoop):  # type: ignore[misc]
    """As qasync's. There a cancelled timer stays until its time has come: each request leaves some
    ten of them behind for a minute and more, each with a timer of Qt's.

    WORKAROUND: qasync 0.28 `_SimpleTimer`, remove when it kills the timers of cancelled handles.
    """

    def __init__(self, application: QCoreApplication) -> None:
        super().__init__(application)
        self._waiting = _Timers()
        self._turn = sys.getswitchinterval()
        sys.setswitchinterval(TURN)

    @override
    def call_later(
        self,
        delay: float,
        callback: Callable[..., object],
        *args: object,
        context: Context | None = None,
    ) -> asyncio.Handle:
        """`delay` in seconds."""
        if delay <= 0:
            soon: asyncio.Handle = super().call_later(delay, callback, *args, context=context)
            return soon
        handle = asyncio.TimerHandle(self.time() + delay, callback, args, self, context)
        self._waiting.begin(handle, delay)
        return handle

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        # Every TimerHandle tells its loop that it is cancelled.
        self._waiting.end(handle)

    @override
    def close(self) -> None:
        """Nothing that waits is called any more."""
        self._waiting.end_all()
        sys.setswitchinterval(self._turn)
        super().close()


class _Timers(QObject):
    """A timer of Qt's for each handle that waits."""

    def __init__(self) -> None:
        super().__init__()
        self._handles: dict[int, asyncio.TimerHandle] = {}
        # Handles compare by what they call, and cancelled ones call nothing.
        self._numbers: dict[int, int] = {}

    def begin(self, handle: asyncio.TimerHandle, delay: float) -> None:
        number = self.startTimer(int(delay * 1000))
        self._handles[number] = handle
        self._numbers[id(handle)] = number

    def end(self, handle: asyncio.TimerHandle) -> None:
        number = self._numbers.pop(id(handle), None)
        if number is not None:
            del self._handles[number]
            self.killTimer(number)

    def end_all(self) -> None:
        for handle in list(self._handles.values()):
            self.end(handle)

    @override
    def timerEvent(self, event: QTimerEvent) -> None:
        handle = self._handles.get(event.timerId())
        if handle is not None:
            self.end(handle)
            handle._run()  # noqa: SLF001 - as every loop runs its handles
