"""A call that never comes back does not keep the program from ending."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest

from app.services.aside import aside


def test_results_and_failures_come_through() -> None:
    assert asyncio.run(aside(int, "7")) == 7
    with pytest.raises(ValueError, match="seven"):
        asyncio.run(aside(int, "seven"))


def test_the_program_ends_while_a_keyring_waits_for_an_answer() -> None:
    program = """
import asyncio, threading
from app.services.aside import aside
async def main():
    asking = asyncio.create_task(aside(threading.Event().wait))
    await asyncio.sleep(0.05)
    asking.cancel()
asyncio.run(main())
print("ended")
"""
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=20, check=True
    )
    assert answer.stdout == "ended\n"
