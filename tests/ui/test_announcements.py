"""The end of a long job is told to somebody who looks elsewhere, and to nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from app.core.errors import ServiceError
from app.services.jobs import Report
from app.state.jobs_state import JobsState
from app.state.proxy_state import NAME as PROXY
from app.ui.announcements import Announcements, Desktop

Told = list[tuple[str, str]]


class Away(QWidget):
    """A window that is in front or not, as it is told."""

    front = False

    def isActiveWindow(self) -> bool:
        return self.front


def ran(name: str, seconds: float, *, fails: bool = False, front: bool = False) -> Told:
    """What is told of a job that ran for so long."""
    told: Told = []
    now = [0.0]

    async def story(report: Report) -> None:
        report("working", 0.5)
        await asyncio.sleep(0)
        now[0] += seconds
        if fails:
            raise ServiceError("The service is down.", "Try again.")

    async def main() -> None:
        window, jobs = Away(), JobsState()
        window.front = front
        Announcements(window, jobs, lambda title, text: told.append((title, text)), lambda: now[0])
        jobs.runner.start(name, story)
        while jobs.running:  # noqa: ASYNC110 - a turn or two
            await asyncio.sleep(0.01)
        await jobs.runner.close()

    asyncio.run(main())
    return told


@pytest.mark.usefixtures("qapp")
def test_a_long_job_is_told_and_how_it_ended() -> None:
    assert ran("Vision", 60) == [("Vision is done", "Keeptake has finished it.")]
    assert ran("Upload", 60, fails=True) == [("Upload failed", "The service is down.")]


@pytest.mark.usefixtures("qapp")
def test_short_ones_the_proxy_and_a_window_in_front_need_no_word() -> None:
    assert ran("Vision", 5) == []
    assert ran(PROXY, 600) == []
    assert ran("Vision", 60, front=True) == []


def test_without_a_tray_the_window_asks_for_attention(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[QWidget] = []
    alert: Callable[[QWidget], None] = asked.append
    monkeypatch.setattr(QApplication, "alert", alert)
    window, noted = QWidget(), Told()

    def note(title: str, text: str) -> bool:
        noted.append((title, text))
        return False

    async def main() -> None:
        stories: list[asyncio.Task[None]] = []
        loop = asyncio.get_running_loop()
        desktop = Desktop(window, note, lambda story: stories.append(loop.create_task(story)))
        desktop.tell("Vision is done", "Keeptake has finished it.")
        await asyncio.gather(*stories)

    asyncio.run(main())
    assert asked == [window]
    assert noted == [("Vision is done", "Keeptake has finished it.")]
    qapp.processEvents()
