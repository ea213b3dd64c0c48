"""What all tests of services share."""

from __future__ import annotations

import asyncio
import time

import pytest

from app.services import http
from app.services.budget import Budget


class Skipping:
    """Time that goes on by itself and is skipped where somebody waits for it."""

    def __init__(self) -> None:
        self.skipped = 0.0

    def clock(self) -> float:
        return time.monotonic() + self.skipped

    async def sleep(self, seconds: float) -> None:
        self.skipped += seconds
        await asyncio.sleep(0)


@pytest.fixture(autouse=True)
def _budgets_do_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Budgets count as ever, but nobody waits a minute for them."""

    def skipping() -> Budget:
        passing = Skipping()
        return Budget(clock=passing.clock, sleep=passing.sleep)

    monkeypatch.setattr(http, "Budget", skipping)
