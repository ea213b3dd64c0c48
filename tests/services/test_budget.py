"""The budget of requests: never more in a minute than allowed, in order, and pauses for all."""

from __future__ import annotations

import asyncio
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.budget import MINUTE, Budget


class Time:
    """A clock that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)

    def budget(self, per_minute: int) -> Budget:
        return Budget(per_minute, self.clock, self.sleep)


@given(
    per_minute=st.integers(1, 8),
    gaps=st.lists(st.sampled_from([0.0, 0.0, 0.1, 3.0, 20.0, 70.0]), max_size=60),
)
def test_no_minute_holds_more_than_the_budget(per_minute: int, gaps: list[float]) -> None:
    async def main() -> list[float]:
        time = Time()
        budget = time.budget(per_minute)
        went = []
        for gap in gaps:
            time.now += gap
            await budget.turn()
            went.append(time.now)
        return went

    went = asyncio.run(main())
    for first, beyond in zip(went, went[per_minute:], strict=False):
        assert beyond - first >= MINUTE - 1e-9
    assert went == sorted(went)


def test_forty_jobs_together_keep_it_and_go_in_the_order_they_asked() -> None:
    async def main() -> tuple[list[tuple[int, float]], float]:
        time = Time()
        budget = time.budget(100)
        went: list[tuple[int, float]] = []

        async def job(number: int) -> None:
            for _ in range(12):
                await budget.turn()
                went.append((number, time.now))
                await asyncio.sleep(0)

        await asyncio.gather(*(job(n) for n in range(40)))
        return went, time.now

    went, ended = asyncio.run(main())
    assert len(went) == 480
    times = [at for _, at in went]
    assert all(b - a >= MINUTE for a, b in zip(times, times[100:], strict=False))
    assert [n for n, _ in went[:40]] == list(range(40))
    assert ended == 1000.0 + 4 * MINUTE


def test_a_pause_holds_for_all_and_no_longer_than_a_minute() -> None:
    async def main() -> list[float]:
        time = Time()
        budget = time.budget(100)
        went = []
        for seconds in (5.0, 2.0, 3600.0):
            budget.pause(seconds)
            await asyncio.gather(budget.turn(), budget.turn())
            went.append(time.now)
        return [b - a for a, b in itertools.pairwise([1000.0, *went])]

    assert asyncio.run(main()) == pytest.approx([5.0, 2.0, 60.0])


def test_who_stops_waiting_holds_nobody_up() -> None:
    async def main() -> None:
        budget = Budget(1)
        await budget.turn()
        waiting = [asyncio.create_task(budget.turn()) for _ in range(2)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        await asyncio.wait({waiting[0]})
        assert not waiting[1].done()
        waiting[1].cancel()
        await asyncio.wait({waiting[1]})

    asyncio.run(main())
