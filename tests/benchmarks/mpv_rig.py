"""What mpv paints of the same cut, through its `edl://`, looked at from outside."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from app.core.timerange import SECOND
from tests.benchmarks.coded import Clip, number_of
from tests.benchmarks.x_screen import Screen, Window

SIDE = 640
"""Pixels of the picture's longer side, as many as the application gets."""
PLACE = (1000, 100)
"""Where the window's corner lies: beside the application's own."""
LOOK_S = 0.002
"""From one look to the next; what is painted is dated at most this much and a look late."""
START_S = 15.0
"""Within which mpv opens its window, and then paints into it."""
SLACK_S = 15.0
"""Longer than the cut lasts, and half a second a cut, before mpv is ended."""
EARLY_US = 100
"""Edges lie before their frames: mpv rounds times to the time base of the film, 11 us and more."""


def painted_by_mpv(clip: Clip, screen: Screen, *, sound: bool) -> list[tuple[float, int]]:
    """Play the cut once; seconds of time.perf_counter and number of each frame that appears.

    sound: through the sound server that PULSE_SERVER names, otherwise none. A look into the middle
    of a change is skipped: one frame's code does not go with another's complement.
    """
    cut = sum(span.duration for span in clip.keep) / SECOND + 0.5 * len(clip.keep)
    painted: list[tuple[float, int]] = []
    with _playing(clip, screen, sound=sound) as (process, window):
        began = at = time.perf_counter()
        while process.poll() is None and at < began + cut + SLACK_S:
            number = _look(screen, window)
            at = time.perf_counter()
            if number >= 0 and (not painted or painted[-1][1] != number):
                painted.append((at, number))
            elif not painted and at > began + START_S:
                break
            time.sleep(LOOK_S)
        if not painted:
            raise RuntimeError(f"mpv painted nothing of {clip.path} (ended with {process.poll()}).")
    return painted


def edl(clip: Clip) -> str:
    """The cut as mpv opens it; times are the film's own, wherever it starts."""
    path = str(clip.path)
    source = f"%{len(os.fsencode(path))}%{path}"
    return "edl://" + ";".join(
        f"{source},{(span.start - EARLY_US) / SECOND:.6f},{span.duration / SECOND:.6f}"
        for span in clip.keep
    )


@contextmanager
def _playing(
    clip: Clip, screen: Screen, *, sound: bool
) -> Iterator[tuple[subprocess.Popen[bytes], Window]]:
    """A running mpv and its window; ended at the end."""
    width, height = clip.case.displayed
    width, height = (round(s * SIDE / max(width, height)) for s in (width, height))
    command = [
        "mpv", "--no-config", "--vo=x11", f"--ao={'pulse' if sound else 'null'}",
        "--audio-client-name=keeptake-benchmark", "--hr-seek=yes", "--keep-open=no",
        f"--geometry={width}x{height}+{PLACE[0]}+{PLACE[1]}", "--no-border", "--no-osc",
        "--no-osd-bar", "--osd-level=0", "--no-terminal", "--no-input-default-bindings",
        "--stop-screensaver=no", "--load-scripts=no", "--ytdl=no", edl(clip),
    ]  # fmt: skip
    there = {window.id for window in screen.windows()}
    environment = {**os.environ, "DISPLAY": screen.name}
    with subprocess.Popen(command, env=environment) as process:
        try:
            yield process, _window(process, screen, there, (width, height))
        finally:
            process.kill()


def _window(
    process: subprocess.Popen[bytes], screen: Screen, there: set[int], size: tuple[int, int]
) -> Window:
    """The one that was not there before and has the size asked for."""
    end = time.perf_counter() + START_S
    while process.poll() is None and time.perf_counter() < end:
        for window in screen.windows():
            if window.id not in there and (window.width, window.height) == size:
                return window
        time.sleep(0.01)
    raise RuntimeError(f"mpv opened no window of {size} (ended with {process.poll()}).")


def _look(screen: Screen, window: Window) -> int:
    """The number on the screen, from one row of its code and one of the complement; or -1."""
    rows = b"".join(
        screen.pixels(window.x, window.y + window.height // part, window.width) for part in (6, 2)
    )
    if len(rows) != 2 * window.width * 4:
        return -1
    return number_of(rows, window.width * 4, window.width, 2)
