"""Worker processes end with whoever wanted them, whenever that is."""

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from app.media.workers import first_done, worker


def running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("waits", [0.0, 0.002, 0.01, 0.5])
def test_cancelled_at_any_time_and_twice_it_has_ended(waits: float) -> None:
    """A film closed and the program ended right after: cancelled a second time while ending."""

    async def story() -> list[int]:
        seen: list[int] = []

        async def hold() -> None:
            async with worker("app.media.strip_worker") as process:
                seen.append(process.pid)
                await asyncio.sleep(60)

        task = asyncio.create_task(hold())
        await asyncio.sleep(waits)
        for _ in range(3):
            task.cancel()
            await asyncio.sleep(0)
        with suppress(asyncio.CancelledError):
            await task
        assert task.cancelled()
        return seen

    # What is not closed complains as the loop does, which fails the test.
    assert not any(running(pid) for pid in asyncio.run(story()))


def test_what_it_complained_of_is_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
    expected_log: Callable[[str], None],
) -> None:  # fmt: skip
    expected_log("no room")
    (tmp_path / "broken_worker.py").write_text("raise SystemExit('no room')", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    async def story() -> None:
        async with worker("broken_worker") as process:
            assert await process.wait() == 1

    asyncio.run(story())
    assert "broken_worker ended with 1: no room" in caplog.text


def test_the_first_to_end_ends_the_others() -> None:
    async def story() -> tuple[int, bool]:
        let_go = False

        async def long() -> None:
            nonlocal let_go
            try:
                await asyncio.sleep(60)
            finally:
                let_go = True

        async def short() -> None:
            await asyncio.sleep(0)

        return await first_done(long(), short()), let_go

    assert asyncio.run(story()) == (1, True)


@pytest.mark.skipif(
    not Path("/proc/self/autogroup").exists(), reason="Linux, where it weighs sessions."
)
@pytest.mark.parametrize("module", ["app.media.strip_worker", "app.media.proxy_worker"])
def test_it_gives_way_to_the_window_as_a_session_not_within_its_own_alone(module: str) -> None:
    async def story() -> str:
        async with worker(module) as process:
            group = Path(f"/proc/{process.pid}/autogroup")
            for _ in range(500):
                if group.read_text().endswith("nice 19\n"):
                    break
                await asyncio.sleep(0.02)
            return group.read_text()

    assert asyncio.run(story()).endswith("nice 19\n")
    assert not Path("/proc/self/autogroup").read_text().endswith("nice 19\n")
