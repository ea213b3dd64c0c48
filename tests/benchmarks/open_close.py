"""What is left over after a film was opened, played, sought in and closed, a thousand times.

The whole program in its own window, which paints; three films take turns (MP4, Matroska, one
without sound). A cycle: open, play until pictures follow one another, seek to a random frame, wait
for exactly that frame, close. After a warm-up a straight line is laid through memory, open files
and threads of every cycle's end; its slope is what a cycle leaves behind.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from tests.benchmarks.report import report

CYCLES, WARM_UP = 1_000, 150
QUICK_CYCLES, QUICK_WARM_UP = 100, 30
PAGE_KB = os.sysconf("SC_PAGE_SIZE") / 1024
PATIENCE = 20.0
"""Seconds for one step of a cycle."""


def main() -> None:
    """Print the line; --quick turns fewer rounds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    cycles, warm_up = (QUICK_CYCLES, QUICK_WARM_UP) if quick else (CYCLES, WARM_UP)
    with tempfile.TemporaryDirectory(prefix="keeptake-open-close-") as folder:
        prepare(Path(folder))
        began = time.perf_counter()
        samples = run(Path(folder), warm_up + cycles)
        took = time.perf_counter() - began
    counted = samples[warm_up:]
    rss, files, threads = (list(values) for values in zip(*counted, strict=True))
    first, last = counted[0], counted[-1]
    case = {
        "warm_up": warm_up, "seconds": round(took, 1), "first_rss_kb": first[0],
        "last_rss_kb": last[0], "most_rss_kb": max(rss), "first_fds": first[1],
        "last_fds": last[1], "first_threads": first[2], "last_threads": last[2],
    }  # fmt: skip
    report(
        "open_close",
        [case],
        {
            "cycles": cycles,
            "rss_slope_kb": round(slope(rss), 3),
            "rss_slope_kb_second_half": round(slope(rss[cycles // 2 :]), 3),
            "fd_slope": round(slope(files), 5),
            "thread_slope": round(slope(threads), 5),
            "cycle_ms": round(took * 1000 / (warm_up + cycles), 1),
        },
        ("pyside6-essentials", "av", "python-vlc"),
    )


def prepare(folder: Path) -> None:
    """Folders of nobody's, a sound device that is none, and a screen where there is none."""
    os.environ["HOME"] = str(folder)
    for kind in ("DATA", "CONFIG", "CACHE", "STATE"):
        os.environ[f"XDG_{kind}_HOME"] = str(folder / kind)
    os.environ["KEEPTAKE_AOUT"] = "dummy"
    if not os.environ.get("DISPLAY"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"


def run(folder: Path, cycles: int) -> list[tuple[float, int, int]]:
    """Memory in kB, open files and threads at the end of each cycle."""
    from app import composition
    from app.services.folders import folders
    from tests.benchmarks import window_loop
    from tests.playback.clips import make_clip

    films = [
        make_clip(folder / "one.mp4", seconds=6, size=(960, 576)).path,
        make_clip(folder / "two.mkv", seconds=5, gop=25, size=(640, 384)).path,
        make_clip(folder / "three.mp4", seconds=4, size=(960, 576), sound=False).path,
    ]
    application = composition.application_of(sys.argv[:1])
    samples: list[tuple[float, int, int]] = []

    async def session() -> None:
        async with AsyncExitStack() as stack:
            keeptake = await composition.build(stack, folders())
            keeptake.window.resize(1366, 768)
            keeptake.window.show()
            chance = random.Random(1)
            for n in range(cycles):
                await cycle(keeptake, films[n % len(films)], chance)
                samples.append(usage())

    window_loop.run(application, session())
    return samples


async def cycle(keeptake: object, film: Path, chance: random.Random) -> None:
    """Open, play, seek, close."""
    from app.composition import Keeptake

    assert isinstance(keeptake, Keeptake)
    playback = keeptake.playback
    shown: list[int] = []

    def note() -> None:
        if playback.frame is not None:
            shown.append(playback.frame.pts)

    playback.frame_changed.connect(note)
    await keeptake.files.open(film)
    await until(lambda: len(set(shown)) >= 4, "playing")
    playback.pause()
    assert keeptake.film.opened is not None
    times = keeptake.film.opened.review.evidence.footage.frame_times
    target = times[chance.randrange(len(times))]
    playback.seek(target)
    await until(lambda: shown and shown[-1] == target, "the sought frame")
    playback.frame_changed.disconnect(note)
    await keeptake.files.close_film()


async def until(true: Callable[[], object], what: str) -> None:
    """Wait for something to become so; ends the benchmark where it does not."""
    end = time.perf_counter() + PATIENCE
    while not true():
        if time.perf_counter() > end:
            raise SystemExit(f"Waited {PATIENCE} s in vain for {what}.")
        await asyncio.sleep(0.005)


def usage() -> tuple[float, int, int]:
    """Resident memory in kB without what only waits to be collected, open files, threads."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    files, threads = (len(list(Path("/proc/self", of).iterdir())) for of in ("fd", "task"))
    return pages * PAGE_KB, files, threads


def slope(values: Sequence[float]) -> float:
    """How much the least-squares line through them rises from one to the next."""
    n = len(values)
    middle, mean = (n - 1) / 2, sum(values) / n
    rise = sum((i - middle) * (v - mean) for i, v in enumerate(values))
    return rise / sum((i - middle) ** 2 for i in range(n))


if __name__ == "__main__":
    main()
