"""The runner's rows as the window reads them."""

from __future__ import annotations

import asyncio

from PySide6.QtWidgets import QApplication

from app.core.errors import ServiceError
from app.services.jobs import JobState, Report
from app.state.jobs_state import JobsState


def test_jobs_are_running_until_they_end_and_failed_ones_can_be_tried_again(
    qapp: QApplication,
) -> None:
    async def waits(_report: Report) -> None:
        await asyncio.Event().wait()

    async def fails(_report: Report) -> None:
        raise ServiceError("No.")

    async def main() -> None:
        state = JobsState()
        told: list[None] = []
        state.changed.connect(lambda: told.append(None))
        first = state.runner.start("First", waits)
        second = state.runner.start("Second", fails)
        assert state.running == (first, second)
        assert await state.runner.finished(second) is JobState.FAILED
        assert (state.running, state.failed) == ((first,), (second,))
        assert told
        state.runner.cancel(first)
        await state.runner.finished(first)
        assert (state.jobs, state.running, state.failed) == ((first, second), (), (first, second))
        await state.runner.close()

    asyncio.run(main())
