"""One thread, one thing after another."""

import threading
import time

from app.playback.worker import Worker


def test_errands_are_done_in_order_and_a_key_replaces_what_waits() -> None:
    worker, gate = Worker("test"), threading.Event()
    done: list[int] = []

    def wait() -> None:
        gate.wait(5)

    worker.post(wait)
    for n in range(5):
        worker.post(lambda n=n: done.append(n))  # type: ignore[misc]
        worker.post(lambda n=n: done.append(100 + n), key="newest")  # type: ignore[misc]
    gate.set()
    time.sleep(0.1)
    assert worker.close()
    assert done == [0, 1, 2, 3, 4, 104]


def test_later_comes_later_and_can_be_dropped() -> None:
    worker = Worker("test")
    done: list[str] = []
    worker.post(lambda: done.append("late"), after=0.05)
    worker.post(lambda: done.append("dropped"), key="k", after=0.05)
    worker.post(lambda: done.append("now"))
    worker.drop("k")
    time.sleep(0.2)
    worker.close()
    assert done == ["now", "late"]


def test_closing_does_the_last_errand_and_no_more() -> None:
    worker = Worker("test")
    done: list[str] = []
    worker.post(lambda: done.append("never"), after=5)
    assert worker.close(last=lambda: done.append("last"))
    worker.post(lambda: done.append("too late"))
    assert done == ["last"]
