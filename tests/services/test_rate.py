"""What is said while an upload goes: nothing too early, a steady figure, a new try from nothing."""

from __future__ import annotations

import asyncio

import pytest

from app.services.rate import BROKEN, OFFLINE, STOPPED, Rate, uploading

SIZE = 1_000_000_000


class Going:
    """An upload with a clock of its own."""

    def __init__(self) -> None:
        self.at, self.sent = 0.0, 0
        self.rate = Rate(now=lambda: self.at)

    def go(self, seconds: float, per_second: float, step: float = 0.25) -> str:
        said = ""
        for _ in range(round(seconds / step)):
            self.at += step
            self.sent += round(per_second * step)
            said = self.rate.told(self.sent, SIZE)
        return said


def test_nothing_is_said_before_it_is_known() -> None:
    assert Going().go(1.5, 5e6) == "Uploading"


@pytest.mark.parametrize(
    ("per_second", "words"),
    [
        (5e6, "Uploading, 5.0 MB/s, 3 min left"),
        (9e7, "Uploading, 90.0 MB/s, 5 s left"),
        (30e6, "Uploading, 30.0 MB/s, 25 s left"),
        (150e3, "Uploading, 0.1 MB/s, 1 h 51 min left"),
        (20e3, "Uploading, 20 kB/s, 13 h 53 min left"),
    ],
)
def test_rate_and_time_left_are_told(per_second: float, words: str) -> None:
    assert Going().go(8, per_second) == words


def test_a_change_of_the_line_is_followed_within_the_window() -> None:
    going = Going()
    going.go(20, 10e6)
    assert going.go(11, 2e6).startswith("Uploading, 2.0 MB/s")


def test_figures_change_once_a_second_at_most() -> None:
    going = Going()
    going.go(4, 5e6)
    said = {going.go(0.01, 5e6 * n, step=0.01) for n in range(1, 50)}
    assert len(said) <= 2


def test_a_try_that_begins_anew_is_measured_anew() -> None:
    going = Going()
    going.go(8, 5e6)
    going.sent = 0
    assert going.go(0.25, 1e6) == "Uploading"


def test_a_line_that_stands_still_tells_no_rate() -> None:
    going = Going()
    going.go(8, 5e6)
    assert going.go(12, 0) == "Uploading"


def test_a_stopped_upload_says_that_it_begins_anew() -> None:
    said: list[tuple[str, float | None]] = []

    async def upload() -> None:
        with uploading(lambda stage, fraction: said.append((stage, fraction))) as told:
            told.progress(1, 4)
            told.waiting(True)
            told.waiting(False)
            await asyncio.Event().wait()

    async def main() -> None:
        task = asyncio.create_task(upload())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()

    asyncio.run(main())
    assert said == [("Uploading", 0.25), (OFFLINE, None), (BROKEN, None), (STOPPED, None)]
