"""What 200 jobs leave behind: `packaging/bench soak [--quick]`.

The whole program with its own local service: films are opened, uploaded to it, analysed for
transcript (captions beside them), vision and retakes, and closed, four jobs a film. After a
warm-up a straight line is laid through memory, open files and asyncio tasks of the window's process
at the end of each film; its slope is what a film's four jobs leave behind. The warm-up is long: the
memory in use is the same after a few films, but freed pieces lie between used ones, and the two
heaps of the C library find their size only after some fifty. The service's own memory is printed
too: it keeps what it was given until the program ends.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import shutil
import struct
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

from tests.benchmarks.open_close import prepare, slope, until, usage
from tests.benchmarks.report import report

FILMS, WARM_UP = 50, 60
QUICK_FILMS, QUICK_WARM_UP = 10, 3
PATIENCE = 120.0
CAPTIONS = """1
00:00:00,100 --> 00:00:01,000
So what I wanted, so what I wanted to say

2
00:00:01,100 --> 00:00:01,900
is this.
"""


def main() -> None:
    """Print the line; --quick runs fewer films."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    films, warm_up = (QUICK_FILMS, QUICK_WARM_UP) if quick else (FILMS, WARM_UP)
    with tempfile.TemporaryDirectory(prefix="keeptake-soak-") as folder:
        prepare(Path(folder))
        began = time.perf_counter()
        samples, jobs = run(Path(folder), warm_up + films)
        took = time.perf_counter() - began
    counted = samples[warm_up:]
    rss, files, tasks, served = (list(values) for values in zip(*counted, strict=True))
    case = {
        "warm_up_films": warm_up, "films": films, "seconds": round(took, 1),
        "first_rss_kb": rss[0], "last_rss_kb": rss[-1], "first_fds": files[0],
        "last_fds": files[-1], "last_tasks": tasks[-1], "service_rss_kb": served[-1],
        "service_rss_slope_kb": round(slope(served), 1),
    }  # fmt: skip
    report(
        "soak",
        [case],
        {
            "jobs": sum(jobs[warm_up:]),
            "rss_slope_kb": round(slope(rss), 2),
            "fd_slope": round(slope(files), 4),
            "task_slope": round(slope(tasks), 4),
        },
        ("pyside6-essentials", "httpx", "pydantic"),
    )


def run(folder: Path, count: int) -> tuple[list[tuple[float, int, int, float]], list[int]]:
    """Memory in kB, open files, tasks and the service's memory after each film; its jobs."""
    from app import composition
    from app.services.folders import folders
    from tests.benchmarks import window_loop
    from tests.playback.clips import make_clip

    base = make_clip(folder / "base.mp4", seconds=2, size=(320, 192)).path
    application = composition.application_of(sys.argv[:1])
    samples: list[tuple[float, int, int, float]] = []
    done: list[int] = []

    async def session() -> None:
        async with AsyncExitStack() as stack:
            keeptake = await composition.build(stack, folders())
            keeptake.window.resize(1366, 768)
            keeptake.window.show()
            for n in range(count):
                done.append(await analysed(keeptake, another(base, folder, n)))
                gc.collect()
                memory, files, _threads = usage()
                samples.append((memory, files, len(asyncio.all_tasks()), served()))

    window_loop.run(application, session())
    return samples, done


def another(base: Path, folder: Path, number: int) -> Path:
    """The film once more, with bytes of its own behind it that no player looks at."""
    path = folder / f"film{number}.mp4"
    shutil.copyfile(base, path)
    with path.open("ab") as file:
        own = f"film {number}".encode()
        file.write(struct.pack(">I", 8 + len(own)) + b"free" + own)
    return path


async def analysed(keeptake: object, film: Path) -> int:
    """Open, analyse everything, close; how many jobs that were."""
    from app.composition import Keeptake
    from app.services.jobs import JobState
    from app.services.ledger import Plan

    assert isinstance(keeptake, Keeptake)
    await keeptake.files.open(film, play=False)
    jobs = keeptake.analysis.start(
        Plan("local", retake_language="en", captions=(film.with_suffix(".srt").name, CAPTIONS))
    )
    end = time.perf_counter() + PATIENCE
    while keeptake.jobs.running:
        if time.perf_counter() > end:
            raise SystemExit(f"The jobs of {film.name} did not end in {PATIENCE} s.")
        await asyncio.sleep(0.02)
    for job in jobs:
        if job.state is not JobState.DONE:
            raise SystemExit(f"{job.name} of {film.name} is {job.state}: {job.error}")
    review = keeptake.review.review
    assert review is not None
    assert review.evidence.transcript is not None
    assert review.evidence.scenes is not None
    await keeptake.files.close_film()
    await until(lambda: keeptake.film.opened is None, "the film's end")
    return len(jobs)


def served() -> float:
    """Memory of this process's children in kB: the local service and what it runs."""
    page = os.sysconf("SC_PAGE_SIZE") / 1024
    total = 0.0
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == os.getpid():
            total += int(fields[21]) * page
    return total


if __name__ == "__main__":
    main()
