"""The runner's rows as the window reads them."""

from __future__ import annotations

import asyncio

from PySide6.QtWidgets import QApplication

from app.core.errors import ServiceError
from app.services.jobs import Report
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
        assert list(state.running) == [first, second]
        await state.runner.finished(second)
        assert second.state.value == "failed"
        assert [j.name for j in (*state.running, *state.failed)] == ["First", "Second"]
        assert told
        state.runner.cancel(first)
        await state.runner.finished(first)
        assert len(state.running) == 0
        assert list(state.failed) == list(state.jobs) == [first, second]
        await state.runner.close()

    asyncio.run(main())
