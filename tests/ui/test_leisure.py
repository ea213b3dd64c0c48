"""What can wait does."""

from __future__ import annotations

import asyncio

import pytest

from app.ui import leisure
from app.ui.leisure import Leisure


def test_a_story_begins_at_once_unless_a_film_was_just_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(leisure, "SECONDS", 0.05)

    async def story() -> None:
        now, told = Leisure(), list[str]()

        async def tell() -> None:
            told.append("told")

        await now.then(tell)
        assert told == ["told"]
        now.film_opened()
        waiting = asyncio.ensure_future(now.then(tell))
        await asyncio.sleep(0)
        assert told == ["told"]
        await waiting
        assert told == ["told", "told"]
        now.film_opened()
        given_up = asyncio.ensure_future(now.then(tell))
        await asyncio.sleep(0)
        given_up.cancel()
        with pytest.raises(asyncio.CancelledError):
            await given_up
        assert told == ["told", "told"]

    asyncio.run(story())


def test_while_somebody_works_on_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leisure, "BESIDE", 0.2)

    async def story() -> None:
        now, told = Leisure(), list[str]()

        async def tell() -> None:
            told.append("told")

        now.busy()
        waiting = asyncio.ensure_future(now.then(tell))
        await asyncio.sleep(0.1)
        now.busy()
        await asyncio.sleep(0.15)
        assert told == []
        await waiting
        assert told == ["told"]
        monkeypatch.setattr(leisure, "BESIDE", 600.0)
        monkeypatch.setattr(leisure, "LONGEST", 0.02)
        now.busy()
        # What waits has its turn.
        await now.then(tell)

    asyncio.run(story())


def test_a_worker_thread_waits_for_what_the_window_thinks_over() -> None:
    async def story() -> None:
        now, told = Leisure(), list[str]()

        async def think() -> None:
            await asyncio.sleep(0.01)
            told.append("thought")

        thinking = asyncio.ensure_future(now.think(think))
        await asyncio.sleep(0)
        await now.come()
        assert told == ["thought"]
        await thinking
        given_up = asyncio.ensure_future(now.think(think))
        await asyncio.sleep(0)
        given_up.cancel()
        await now.come()
        assert told == ["thought"]

    asyncio.run(story())
