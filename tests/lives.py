"""The whole program as lives: forks of one process, each of which may be killed at a journal write.

`python -m tests.lives` loads everything once, reads an order as a line of JSON, and answers with
lines of JSON until {"over": ...}. Everything that a life started has ended by then, or is named.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import threading
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

END_WITHIN = 20.0
"""Seconds that the processes of a killed program have to notice."""


@dataclass(frozen=True)
class Order:
    """What a life is to do.

    environment: the services' addresses and keys and the folders. film, shorts: paths. at: the
    number of the journal write to be killed at, 0 for none; after: once it is on disk. agree: a
    person who is asked orders once more.
    """

    environment: dict[str, str]
    film: str
    shorts: str
    device: str
    at: int = 0
    after: bool = False
    agree: bool = False


def main() -> None:
    """Lives until stdin ends."""
    _load()
    # Whoever outlives a killed program becomes a child of this process, and is seen here.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
    for line in sys.stdin:
        order = Order(**json.loads(line))
        pid = os.fork()
        if not pid:
            try:
                _live(order)
            finally:
                os._exit(1)
        _, status = os.waitpid(pid, 0)
        _say({"over": os.waitstatus_to_exitcode(status), "left": _left()})


def _load() -> None:
    """What each life would have to load."""
    from app import composition
    from app.core.late import load_late

    assert composition
    load_late("app")


def _left() -> list[str]:
    """Command lines of what was left over by a life, and is killed."""
    end = time.monotonic() + END_WITHIN
    while time.monotonic() < end:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.02)
        except ChildProcessError:
            return []
    found = []
    for listing in Path("/proc/self/task").glob("*/children"):
        for pid in map(int, listing.read_text().split()):
            found.append(Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " "))
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    return found


def _say(what: dict[str, Any]) -> None:
    # In one piece, or a kill could cut it off.
    os.write(1, json.dumps(what).encode() + b"\n")


def _live(order: Order) -> None:
    """The program from its window to its end, or to its death."""
    os.environ.update(order.environment)
    from app import composition
    from app.services import polling
    from app.state.event_loop import EventLoop

    polling.pace = lambda service: polling.Pace(first=0.02, longest=0.05)
    _mortal(order)
    application = composition.application_of(["keeptake"])
    with EventLoop(application) as loop:
        loop.run_until_complete(_session(order))
    os._exit(0)


def _mortal(order: Order) -> None:
    """Make the journal end this process at the ordered write."""
    from app.services.store_project import ProjectJournal

    put, gate, written = ProjectJournal.put, threading.Lock(), [0]

    def write(self: ProjectJournal, kind: str, value: dict[str, Any]) -> None:
        with gate:
            written[0] += 1
            if written[0] == order.at and not order.after:
                os.kill(os.getpid(), signal.SIGKILL)
            put(self, kind, value)
            _say({"wrote": f"{kind} {value.get('state', '')}".strip()})
            if written[0] == order.at:
                os.kill(os.getpid(), signal.SIGKILL)

    ProjectJournal.put = write  # type: ignore[method-assign]


async def _session(order: Order) -> None:
    from app import composition
    from app.services.folders import folders

    async with AsyncExitStack() as stack:
        keeptake = await composition.build(stack, folders())
        keeptake.settings.update(
            downloads_folder=order.shorts, device_id=order.device, proxy_background=False
        )
        keeptake.window.show()
        await keeptake.files.open(Path(order.film), play=False)
        while await _step(keeptake, agree=order.agree):
            pass
        _say(_found(keeptake) | {"asked": _question(keeptake)})


async def _step(keeptake: Any, *, agree: bool) -> bool:
    """Wait for what runs, then order what is still wanted; False once there is nothing to do."""
    from app.services.ledger import Plan
    from app.services.shorts_records import FindPlan

    while running := keeptake.jobs.running:
        await keeptake.jobs.runner.finished(running[0])
    there, records = keeptake.review.review.evidence, keeptake.shorts.records
    wanted: dict[str, Any] = {
        "transcript": there.transcript is None,
        "vision": there.scenes is None,
        "retakes": there.retakes is None,
    }
    if any(wanted.values()):
        keeptake.analysis.start(Plan("nanoclip", **wanted))
    elif _question(keeptake) and not agree:
        return False
    elif not keeptake.moment_commands.all:
        keeptake.shorts.find(FindPlan("znippet"))
    elif not records or records[0].state == "unknown":
        moments = keeptake.moment_commands.all
        names = [f"{m.title}.mp4" for m in moments]
        await keeptake.shorts.render("znippet", moments, FindPlan("znippet").settings, names)
    elif keeptake.shorts.undownloaded:
        keeptake.shorts.download_waiting()
    else:
        return False
    return True


def _question(keeptake: Any) -> str:
    """What a person has to be asked, because nobody knows whether it was paid for: or ""."""
    from app.services.shorts_ledger import ShortsLedger

    ledger = ShortsLedger(keeptake.film.opened.project.journal, "znippet")
    if ledger.moments.get("state") == "unknown":
        return "moments"
    records = ledger.renders()
    return "render" if records and records[-1].state == "unknown" else ""


def _found(keeptake: Any) -> dict[str, Any]:
    """What is there at the end of a life."""
    there = keeptake.review.review.evidence
    return {
        "evidence": {
            "transcript": len(there.transcript.words) if there.transcript else None,
            "scenes": there.scenes is not None,
            "retakes": len(there.retakes.remove_spans) if there.retakes else None,
            "moments": [m.title for m in keeptake.moment_commands.all],
        },
        "shorts": [
            [clip.state, clip.path] for record in keeptake.shorts.records for clip in record.clips
        ],
        "failed": [str(job.error) for job in keeptake.jobs.jobs if job.error],
    }


if __name__ == "__main__":
    main()
