"""Garbage that goes round in circles is freed on the window's thread alone."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from PySide6.QtWidgets import QApplication

from app.core.giving_way import giving_way
from app.state import collecting
from app.state.collecting import Collector
from app.state.event_loop import EventLoop

freed: list[str] = []


class Circle:
    """Tells on which thread it is freed."""

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        freed.append(threading.current_thread().name)


def litter(many: int) -> None:
    for _ in range(many):
        Circle()


async def until_freed(many: int) -> None:
    """Until so many were, or some seconds have gone by."""
    for _ in range(500):
        if len(freed) >= many:
            return
        await asyncio.sleep(0.01)


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Callable[[], AbstractContextManager[None]]:
    """One that looks a hundred times a second."""
    monkeypatch.setattr(collecting, "FIRST_MS", 10)
    monkeypatch.setattr(collecting, "EVERY_MS", 10)
    return _collecting


@contextmanager
def _collecting() -> Iterator[None]:
    freed.clear()
    gc.collect()
    gc.enable()
    one = Collector()
    try:
        yield
    finally:
        one.close()


def run(qapp: QApplication, story: object) -> None:
    with EventLoop(qapp) as loop:
        loop.run_until_complete(story)


def test_what_a_worker_thread_leaves_is_freed_on_the_windows(
    qapp: QApplication, collector: Callable[[], AbstractContextManager[None]]
) -> None:
    async def story() -> None:
        # A few hundred are not worth a look, whenever the last look was.
        await asyncio.to_thread(litter, 21_000)
        await until_freed(20_000)

    with collector():
        run(qapp, story())
    assert len(freed) >= 20_000
    assert set(freed) == {threading.main_thread().name}
    assert gc.isenabled()


def test_what_is_edited_puts_the_next_look_off_but_not_for_ever(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "FIRST_MS", 10)
    monkeypatch.setattr(collecting, "EVERY_MS", 60_000)

    async def story(one: Collector) -> None:
        while one._timer.interval() != 60_000:  # noqa: ASYNC110 - until the first look
            await asyncio.sleep(0.01)
        begun = one._timer.timerId()
        one.put_off()
        again = one._timer.timerId()
        assert again != begun
        monkeypatch.setattr(collecting, "LONGEST_MS", 0)
        await asyncio.sleep(0.01)
        one.put_off()
        assert one._timer.timerId() == again

    gc.enable()
    one = Collector()
    run(qapp, story(one))
    one.close()


def test_nothing_is_collected_while_others_work_for_the_window(
    qapp: QApplication, collector: Callable[[], AbstractContextManager[None]]
) -> None:
    async def story() -> None:
        with giving_way():
            await asyncio.to_thread(litter, 2_000)
            await asyncio.sleep(0.1)
            assert not freed
        await until_freed(1)

    with collector():
        run(qapp, story())
    assert freed
