"""What a large answer costs the window: `packaging/bench result_landing [--quick]`.

Vision of 8 hours (288,000 faces, 31 MB of JSON) and a transcript of 100,000 words are taken from
their bytes to the panes of the whole window: validated by the program's own parser, received by
the document, shown. max_stall_ms: the longest the event loop was away meanwhile, beyond that of the
idle window in the same run. total_ratio: the time until shown, over that of plainly validating the
same bytes into models of every frame and face, in this process; medians of several runs, both
answers together (worse_ratio: the worse of the two). peak_rss_mb: the most memory of the window's
process and the parser's, together.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from app import composition
from app.composition import Keeptake
from app.core.review import Evidence, Footage, Review
from app.services import wire
from app.services.folders import folders
from app.services.parsing import Parser
from app.state.opening import found
from tests.benchmarks import large_answers, window_loop
from tests.benchmarks.large_answers import DURATION
from tests.benchmarks.peak_memory import PeakMemory
from tests.benchmarks.report import report
from tests.benchmarks.stalls import Stalls, idle_stall

IDLE_S = 5.0


def main() -> None:
    """Print the line; --quick runs it once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="keeptake-landing-") as place:
        for name in ("CONFIG", "DATA", "CACHE", "STATE"):
            os.environ[f"XDG_{name}_HOME"] = f"{place}/{name.lower()}"
        application = composition.application_of(sys.argv[:1])
        told = window_loop.run(application, _run(1 if options.quick else 3))
    report("result_landing", told["cases"], told["figures"], ("pydantic", "pyside6-essentials"))


async def _run(times: int) -> dict[str, Any]:
    kinds: tuple[wire.Kind, ...] = ("transcript", "vision")
    answers = {kind: large_answers.made(kind) for kind in kinds}
    plain = {kind: _plain(kind, raw, times) for kind, raw in answers.items()}
    async with AsyncExitStack() as stack:
        keeptake = await composition.build(stack, folders())
        keeptake.window.show()
        keeptake.window.show_welcome(False)
        # As in every program that has run for some seconds.
        await composition.load_the_rest()
        stalls = Stalls()
        await asyncio.sleep(1)
        idle = await idle_stall(stalls, IDLE_S)
        memory = PeakMemory()
        cases = []
        for kind, raw in answers.items():
            took, longest = [], 0.0
            for _ in range(times):
                stall, seconds = await _land(keeptake, stalls, kind, raw)
                longest = max(longest, stall)
                took.append(seconds)
            cases.append(
                {
                    "answer": kind, "megabytes": round(len(raw) / 1e6, 1),
                    "seconds": round(statistics.median(took), 3),
                    "plain_seconds": round(plain[kind], 3),
                    "max_stall_ms": round(longest, 1),
                }
            )  # fmt: skip
        peak = memory.stop()
    stall = max(c["max_stall_ms"] for c in cases)
    return {
        "cases": [*cases, {"answer": "none", "max_stall_ms": round(idle, 1)}],
        "figures": {
            "max_stall_ms": round(max(0.0, stall - idle), 1),
            "total_ratio": round(
                sum(c["seconds"] for c in cases) / sum(c["plain_seconds"] for c in cases), 2
            ),
            "worse_ratio": round(max(c["seconds"] / c["plain_seconds"] for c in cases), 2),
            "peak_rss_mb": round(peak, 1),
        },
    }


async def _land(
    keeptake: Keeptake, stalls: Stalls, kind: wire.Kind, raw: bytes
) -> tuple[float, float]:
    """Longest stall in ms and seconds until the panes have shown it."""
    footage = Footage(DURATION, width=1920, height=1080)
    # As before every other film.
    await keeptake.files.close_film()
    keeptake.window.show_welcome(False)
    keeptake.review.load(Review(Evidence(footage)))
    await asyncio.sleep(0.5)
    async with Parser() as parser:
        # As it is from the beginning of an analysis on, minutes before its answer.
        await parser.start()
        await asyncio.sleep(0.5)
        stalls.start()
        started = time.perf_counter()
        _state, value = await parser.outcome(kind, raw, DURATION)
        assert value is not None
        await keeptake.review.land(**found(value))
        await asyncio.sleep(0)
        seconds = time.perf_counter() - started
        await asyncio.sleep(0.5)
        return stalls.stop(), seconds


def _plain(kind: wire.Kind, raw: bytes, times: int) -> float:
    """Seconds of plain validation, in a process of its own each time."""
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(raw)
        command = [sys.executable, "-m", "tests.benchmarks.plain_validation", kind]
        return statistics.median(
            float(
                subprocess.run(
                    command, input=file.name, check=True, capture_output=True, text=True
                ).stdout
            )
            for _ in range(times)
        )


if __name__ == "__main__":
    main()
