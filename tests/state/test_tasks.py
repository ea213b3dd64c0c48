"""Stories of the window: errors are told, bugs are loud, and closing leaves none."""

from __future__ import annotations

import asyncio
from typing import Any

from app.core.errors import KeeptakeError, MediaError
from app.state.tasks import Tasks


async def raising(error: Exception) -> None:
    raise error


def test_an_error_for_a_person_is_told_and_is_no_bug() -> None:
    told: list[KeeptakeError] = []
    bugs: list[dict[str, Any]] = []

    async def main() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _loop, said: bugs.append(said))
        error = MediaError("No film.")
        await asyncio.gather(Tasks(told.append).spawn(raising(error)), return_exceptions=True)
        await asyncio.sleep(0)
        assert told == [error]

    asyncio.run(main())
    assert bugs == []


def test_a_bug_is_loud_and_not_told_as_an_error() -> None:
    told: list[KeeptakeError] = []
    bugs: list[dict[str, Any]] = []

    async def main() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _loop, said: bugs.append(said))
        bug = ZeroDivisionError()
        await asyncio.gather(Tasks(told.append).spawn(raising(bug)), return_exceptions=True)
        await asyncio.sleep(0)
        assert [b["exception"] for b in bugs] == [bug]

    asyncio.run(main())
    assert told == []


def test_closing_cancels_what_runs_and_waits_until_it_let_go() -> None:
    log: list[str] = []

    async def story() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.01)
            log.append("let go")

    async def main() -> None:
        tasks = Tasks(lambda _error: log.append("told"))
        tasks.spawn(story())
        await asyncio.sleep(0)
        await tasks.close()
        assert log == ["let go"]

    asyncio.run(main())
