"""Processor time of playing, the whole window open, against mpv in a window of the same size.

Both play the same stretch of a 1080p30 film, GOP 250, one after the other and several times, with
their sound thrown away. Counted is what the system accounts to the program and all it started, user
and system; the X server is not. `threads` says where it goes, in per cent of one core.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.benchmarks.report import report
from tests.benchmarks.x_screen import Screen, own_screen

ROOT = Path(__file__).resolve().parents[2]
BAR = 1.5
"""How many times mpv's processor time the application may take."""
TICKS = os.sysconf("SC_CLK_TCK")
WARM_S = 3.0
"""Seconds of playing before the count."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="two short runs each")
    options = parser.parse_args()
    runs, seconds = (2, 6.0) if options.quick else (5, 12.0)
    if shutil.which("mpv") is None:
        sys.exit("This benchmark measures against mpv: please install it.")
    with tempfile.TemporaryDirectory(prefix="keeptake-cost-") as folder, own_screen() as screen:
        film = make_film(Path(folder) / "film.mp4", WARM_S * 3 + seconds + 5)
        ours, theirs = [], []
        for _ in range(runs):
            ours.append(cost_of_ours(screen, Path(folder), film, seconds))
            theirs.append(cost_of_mpv(screen, film, seconds))
    middle = sorted(ours, key=total)[len(ours) // 2]
    report(
        "playback_cost",
        [
            {"case": "keeptake", "pct": [round(total(r), 1) for r in ours], "threads": middle},
            {"case": "mpv", "pct": [round(total(r), 1) for r in theirs], "threads": theirs[0]},
        ],
        {
            "cpu_ratio_mpv": round(median(ours) / median(theirs), 3),
            "cpu_pct": round(median(ours), 1),
            "mpv_cpu_pct": round(median(theirs), 1),
            "bar": BAR,
        },
        ("pyside6-essentials", "av", "python-vlc"),
    )  # fmt: skip


def make_film(path: Path, seconds: float) -> Path:
    """1080p30 with sound, GOP 250 with B-frames; some movement and a little noise."""
    subprocess.run(
        [
            "ffmpeg", "-v", "error", "-f", "lavfi", "-i",
            f"testsrc2=s=1920x1080:r=30:d={seconds},noise=alls=4:allf=t",
            "-f", "lavfi", "-i", f"sine=440:sample_rate=48000:duration={seconds}",
            "-c:v", "libx264", "-preset", "veryfast", "-b:v", "6M", "-g", "250",
            "-sc_threshold", "0", "-bf", "2", "-pix_fmt", "yuv420p", "-c:a", "aac", str(path),
        ],
        check=True,
        timeout=300,
    )  # fmt: skip
    return path


def cost_of_ours(screen: Screen, folder: Path, film: Path, seconds: float) -> dict[str, float]:
    """Per cent of one core, by thread."""
    home = folder / "home"
    environment = {
        **os.environ, "DISPLAY": screen.name, "QT_QPA_PLATFORM": "xcb", "KEEPTAKE_AOUT": "dummy",
        "HOME": str(home),
        **{f"XDG_{kind}_HOME": str(home / kind) for kind in ("DATA", "CONFIG", "CACHE", "STATE")},
    }  # fmt: skip
    environment.pop("WAYLAND_DISPLAY", None)
    home.mkdir(exist_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.playing_app", str(film)],
        cwd=ROOT, env=environment, start_new_session=True, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        said = process.stdout.readline()
        if not said.startswith("960x540 "):
            sys.exit(f"The picture has another size or does not play: {said!r}")
        return spent(process.pid, seconds)
    finally:
        end(process)


def cost_of_mpv(screen: Screen, film: Path, seconds: float) -> dict[str, float]:
    """Per cent of one core, by thread."""
    process = subprocess.Popen(
        [
            "mpv", "--no-config", "--vo=x11", "--ao=null", "--geometry=960x540", "--no-terminal",
            "--keep-open=yes", str(film),
        ],
        env={**os.environ, "DISPLAY": screen.name}, start_new_session=True,
    )  # fmt: skip
    try:
        until = time.perf_counter() + 10
        while not any((w.width, w.height) == (960, 540) for w in screen.windows()):
            if time.perf_counter() > until:
                sys.exit("mpv shows no window of 960 by 540.")
            time.sleep(0.01)
        time.sleep(WARM_S)
        return spent(process.pid, seconds)
    finally:
        end(process)


def spent(pid: int, seconds: float) -> dict[str, float]:
    """Per cent of one core that each thread of a program and of what it started takes."""
    before, began = ticks(pid), time.perf_counter()
    time.sleep(seconds)
    after, lasted = ticks(pid), time.perf_counter() - began
    found: dict[str, float] = defaultdict(float)
    for (thread, name), count in after.items():
        used = count - before.get((thread, name), 0)
        found[name] += used * 100 / TICKS / lasted
    return {
        name: round(part, 1) for name, part in sorted(found.items(), key=lambda f: -f[1])
        if part >= 0.05
    }  # fmt: skip


def ticks(pid: int) -> dict[tuple[int, str], int]:
    """User and system time of every thread by its id and name, children included."""
    found: dict[tuple[int, str], int] = {}
    for task in Path(f"/proc/{pid}/task").glob("*"):
        # A thread may end while it is looked at.
        with suppress(OSError):
            head, _, rest = (task / "stat").read_text(encoding="utf-8").rpartition(")")
            fields = rest.split()
            found[int(task.name), head.partition("(")[2]] = int(fields[11]) + int(fields[12])
            for child in (task / "children").read_text(encoding="ascii").split():
                found |= ticks(int(child))
    return found


def total(threads: dict[str, float]) -> float:
    """Per cent of one core of all threads."""
    return sum(threads.values())


def median(runs: Sequence[dict[str, float]]) -> float:
    """Of the totals of several runs."""
    return statistics.median(total(run) for run in runs)


def end(process: subprocess.Popen[Any]) -> None:
    """End a program and what it started."""
    if process.stdin is not None:
        process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(3)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


if __name__ == "__main__":
    main()
