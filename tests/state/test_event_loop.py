"""Timers of the window's event loop."""

from __future__ import annotations

import asyncio
import sys

import pytest
from PySide6.QtWidgets import QApplication

from app.state.event_loop import TURN, EventLoop


def test_a_cancelled_timer_leaves_nothing_behind(qapp: QApplication) -> None:
    async def story() -> int:
        for _ in range(100):
            async with asyncio.timeout(3600):
                await asyncio.sleep(0)
        asyncio.get_running_loop().call_later(3600, print).cancel()
        return len(loop._waiting._handles)

    with EventLoop(qapp) as loop:
        assert loop.run_until_complete(story()) == 0


def test_timers_come_in_their_order_once_and_with_their_arguments(qapp: QApplication) -> None:
    came: list[object] = []

    async def story() -> None:
        running = asyncio.get_running_loop()
        running.call_later(0.03, came.append, "later")
        running.call_at(running.time() + 0.01, came.append, "sooner")
        running.call_soon(came.append, "at once")
        cancelled = running.call_later(0.001, came.append, "never")
        cancelled.cancel()
        cancelled.cancel()
        await asyncio.sleep(0.06)

    with EventLoop(qapp) as loop:
        loop.run_until_complete(story())
    assert came == ["at once", "sooner", "later"]


def test_what_waits_when_the_loop_is_closed_is_not_called(qapp: QApplication) -> None:
    came: list[object] = []

    async def story() -> None:
        asyncio.get_running_loop().call_later(0.01, came.append, 1)

    with EventLoop(qapp) as loop:
        loop.run_until_complete(story())
    end = asyncio.new_event_loop()
    end.run_until_complete(asyncio.sleep(0.03))
    end.close()
    qapp.processEvents()
    assert came == []


def test_a_timeout_ends_what_takes_too_long(qapp: QApplication) -> None:
    async def story() -> None:
        async with asyncio.timeout(0.01):
            await asyncio.sleep(60)

    with EventLoop(qapp) as loop, pytest.raises(TimeoutError):
        loop.run_until_complete(story())


def test_other_threads_give_way_to_the_window_while_its_loop_is_there(qapp: QApplication) -> None:
    before = sys.getswitchinterval()
    with EventLoop(qapp):
        assert sys.getswitchinterval() == pytest.approx(TURN)
    assert sys.getswitchinterval() == before
