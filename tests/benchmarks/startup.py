"""How long from the command to the window and to a film's first frame, beside mpv and bare Qt.

Everything is seen from outside, the same way for all: a process is started on a screen of its own
and the X server is asked every few milliseconds. *Window*: a top-level window is mapped and no
backdrop is left at its middle and its quarters. *Answer*: the program has answered a ping that was
sent after that, as a window manager sends it. *First frame*: the film's own colour covers a field
of the screen as large as a picture. Keeptake is started as `packaging/run` starts it; each start
finds the person's folders as the last one left them, or (`new_`) none at all.
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
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tests.benchmarks.report import report
from tests.benchmarks.x_screen import BACKDROP, SIZE, Screen, Window, own_screen

ROOT = Path(__file__).parents[2]
LIMIT_MS = 700.0
"""The window is there after that, says the plan."""

TEAL = (0, 160, 120)
"""Red, green and blue of the film's upper two thirds, which no control is painted with."""

LEAST = (200, 150)
"""Width and height of a window that counts."""

STEP = 24
"""Every which row of the screen is looked at for the film's colour."""

BYTE_CODE = os.environ.get("PYTHONPYCACHEPREFIX") or f"{sys.prefix}/bytecode"
"""Where `packaging/run` keeps compiled modules."""

EMPTY_QT = (
    "import sys\n"
    "from PySide6.QtWidgets import QApplication, QWidget\n"
    "app = QApplication(sys.argv)\n"
    "w = QWidget()\n"
    "w.resize(960, 540)\n"
    "w.show()\n"
    "app.exec()\n"
)


def main() -> None:
    """Print the line; --quick starts everything less often."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", default="", help="beginning of the names of cases to run")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="keeptake-startup-") as folder, own_screen() as screen:
        at = Path(folder)
        film = make_film(at / "film.mp4")
        cases = [
            measure(screen, at, name, command, times=3 if options.quick else 9)
            for name, command in commands(film).items()
            if name.startswith(options.only)
        ]
    figures = {f"{c['case']}_{key}": c[key] for c in cases for key in c if key.endswith("_ms")}
    report(
        "startup",
        cases,
        {ISSUE_NAMES.get(k, k): v for k, v in figures.items()} | {"limit_ms": LIMIT_MS}
        | added_by_run(3 if options.quick else 9),
        ("pyside6-essentials", "av", "python-vlc"),
    )  # fmt: skip


ISSUE_NAMES = {
    "keeptake_window_ms": "window_ms",
    "keeptake_answer_ms": "answer_ms",
    "keeptake_film_first_frame_ms": "first_frame_ms",
    "mpv_idle_window_ms": "mpv_window_ms",
    "mpv_film_first_frame_ms": "mpv_first_frame_ms",
}


def commands(film: Path) -> dict[str, list[str]]:
    """Case by name: what is typed. A name that begins with `new` finds no folders of ours."""
    ours = [sys.executable, "-m", "app"]
    mpv = [
        "mpv", "--no-config", "--vo=x11", "--ao=null", "--no-terminal", "--keep-open=yes",
        "--autofit=960x540",
    ]  # fmt: skip
    found = {
        "empty_qt": [sys.executable, "-c", EMPTY_QT],
        "keeptake": ours,
        "keeptake_film": [*ours, str(film)],
        "new_keeptake": ours,
        "new_keeptake_film": [*ours, str(film)],
    }
    if shutil.which("mpv"):
        found["mpv_idle"] = [*mpv, "--idle=yes", "--force-window=immediate"]
        found["mpv_film"] = [*mpv, str(film)]
    return found


def make_film(path: Path) -> Path:
    """1080p30 with sound, GOP 250: a field of one colour over something that moves."""
    red, green, blue = TEAL
    subprocess.run(
        [
            "ffmpeg", "-v", "error", "-f", "lavfi", "-i",
            f"color=0x{red:02x}{green:02x}{blue:02x}:s=1920x720:r=30:d=20",
            "-f", "lavfi", "-i", "testsrc2=s=1920x360:r=30:d=20",
            "-f", "lavfi", "-i", "sine=440:sample_rate=48000:duration=20",
            "-filter_complex",
            "[0][1]vstack,scale=out_color_matrix=bt709,format=yuv420p,"
            "setparams=colorspace=bt709:range=tv",
            "-c:v", "libx264", "-preset", "veryfast", "-g", "250", "-bf", "2", "-c:a", "aac",
            str(path),
        ],
        check=True,
        timeout=200,
    )  # fmt: skip
    return path


def measure(
    screen: Screen, folder: Path, name: str, command: Sequence[str], *, times: int
) -> dict[str, object]:
    """One case: the medians of `times` starts after one that warms up."""
    home = folder / name
    runs: list[dict[str, float]] = []
    for _ in range(times + 1):
        if name.startswith("new"):
            shutil.rmtree(home, ignore_errors=True)
        home.mkdir(exist_ok=True)
        runs.append(start(screen, home, command, film="film" in name))
    counted = runs[1:]
    medians = {
        key: round(statistics.median(run[key] for run in counted), 1)
        for key in counted[0]
    }  # fmt: skip
    worst = {f"{key}_max": round(max(run[key] for run in counted), 1) for key in counted[0]}
    return {"case": name, "runs": times, **medians, **worst}


def start(
    screen: Screen, home: Path, command: Sequence[str], *, film: bool, patience: float = 20.0
) -> dict[str, float]:
    """Start it, watch until everything was seen, end it. Milliseconds since it was started."""
    screen.answered()
    environment = {
        **os.environ, "DISPLAY": screen.name, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT),
        "PYTHONSAFEPATH": "1", "PYTHONPYCACHEPREFIX": BYTE_CODE, "KEEPTAKE_AOUT": "dummy",
        "HOME": str(home),
        **{f"XDG_{kind}_HOME": str(home / kind) for kind in ("DATA", "CONFIG", "CACHE", "STATE")},
    }  # fmt: skip
    for name in ("WAYLAND_DISPLAY", "PYTHONDONTWRITEBYTECODE"):
        environment.pop(name, None)
    # Else libdbus starts a bus that nobody ends.
    environment.setdefault("DBUS_SESSION_BUS_ADDRESS", "disabled:")
    began = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=home, env=environment, start_new_session=True, stdout=subprocess.DEVNULL
    )
    try:
        # mpv answers no pings.
        return watch(screen, began, began + patience, film=film, pinged=command[0] != "mpv")
    finally:
        end(process)
        while screen.windows():
            time.sleep(0.02)


def watch(
    screen: Screen, began: float, until: float, *, film: bool, pinged: bool
) -> dict[str, float]:
    """Look every few milliseconds; exits the benchmark where nothing comes."""
    seen: dict[str, float] = {}
    wanted = {"window_ms"} | ({"first_frame_ms"} if film else set())
    wanted |= {"answer_ms"} if pinged else set()
    asked = 0
    while not wanted <= seen.keys():
        now = time.perf_counter()
        if now > until:
            sys.exit(f"Waited in vain for {sorted(wanted - seen.keys())}; seen: {seen}")
        found = [w for w in screen.windows() if w.width >= LEAST[0] and w.height >= LEAST[1]]
        if found and "mapped_ms" not in seen:
            seen["mapped_ms"] = since(began)
        if found and "window_ms" not in seen and painted(screen, found[-1]):
            seen["window_ms"] = since(began)
        if pinged and "window_ms" in seen and "answer_ms" not in seen:
            asked = asked or ask(screen, found[-1])
            if asked in screen.answered():
                seen["answer_ms"] = since(began)
        if film and found and "first_frame_ms" not in seen and shows_film(screen, found[-1]):
            seen["first_frame_ms"] = since(began)
        time.sleep(0.004)
    return seen


def since(began: float) -> float:
    """Milliseconds from then to now."""
    return (time.perf_counter() - began) * 1000


def ask(screen: Screen, window: Window) -> int:
    """Send one ping; its stamp."""
    stamp = int(time.perf_counter() * 1000) & 0x7FFFFFFF
    screen.ping(window, stamp)
    return stamp


def painted(screen: Screen, window: Window) -> bool:
    """Whether no backdrop shows through at nine places of it."""
    backdrop = bytes(reversed(BACKDROP))
    for i in (1, 2, 3):
        x, y = window.x + window.width * i // 4, window.y + window.height * i // 4
        if screen.pixels(min(x, SIZE[0] - 1), min(y, SIZE[1] - 1), 1)[:3] in (backdrop, b""):
            return False
    return True


def shows_film(screen: Screen, window: Window) -> bool:
    """Whether six neighbouring looked-at rows hold 200 pixels of the film's colour each."""
    rows = 0
    for y in range(max(0, window.y), min(SIZE[1], window.y + window.height), STEP):
        row = screen.pixels(max(0, window.x), y, window.width)
        rows = rows + 1 if is_film(row) else 0
        if rows >= 6:
            return True
    return False


def is_film(row: bytes) -> bool:
    """Whether a row holds 200 pixels of the film's colour; every fourth is looked at."""
    red, green, blue = TEAL
    hits = sum(
        abs(row[i] - blue) < 24 and abs(row[i + 1] - green) < 24 and abs(row[i + 2] - red) < 24
        for i in range(0, len(row) - 3, 16)
    )
    return hits >= 50


def end(process: subprocess.Popen[bytes]) -> None:
    """End a program and what it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(2)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def added_by_run(times: int) -> dict[str, float]:
    """What packaging/run does before it becomes the program, everything being installed."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        subprocess.run(
            [ROOT / "packaging" / "run", "--version"], check=True, stdout=subprocess.DEVNULL
        )
        whole = since(began)
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "app", "--version"], cwd=ROOT, check=True,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        taken.append(whole - since(began))
    return {"packaging_run_adds_ms": round(statistics.median(taken), 1)}


if __name__ == "__main__":
    main()
