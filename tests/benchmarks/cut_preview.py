"""How exact the preview of a cut is: `packaging/bench cut_preview [--quick]`.

Each case of `coded.CASES` is cut at random places and previewed by the stage in a window, by every
technique in turn, and by mpv's `edl://` of the same list. What was painted is read from the
pixels that were painted, what was heard from a null sink's recording.

leaked: painted frames that are not kept, or that come again after a later one. missing: kept frames
not painted, of each stretch after a cut. gap: from when the last frame before a cut came on screen
to the first after it, less the former's own duration, which is negative where the next stretch came
early; a stretch of which nothing is painted counts as late by its whole length. sound_overrun:
removed sound heard at a cut; sound_lost: kept sound not heard of a stretch after a cut; both in
steps of a millisecond and blurred by some in coded sound (AAC, Opus). clicks: jumps of the sound;
a splice without a fade makes one at most cuts, whoever makes it.

Every technique is measured by force in every case, its whole proxy built, and listed so under
`cases`. The figures take every case for `proxy`, `seek` and `mpv`; for `primed` they leave out the
cuts 0.5 s apart, for which the preview takes the proxy by itself: `auto` is that case, and the one
with a busy core, played as a person gets it. `unbuilt` is `primed` in two cases while only the
sound of the proxy is there yet, as within the first minutes.

A film is played in real time once for each technique, which is what a run's length comes from: 35
minutes for all of it, once the films are made. `--quick` plays eight stretches of three films.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from app.core.timerange import SECOND, TimeRange
from app.media.probe import probe
from app.media.proxy import Proxy
from app.media.proxy_make import ChunkMaker
from app.media.proxy_plan import ProxyPlan
from app.media.stills import StillReader
from app.playback.player import film_of
from app.playback.preview import Technique
from app.playback.stage import Stage
from app.state.event_loop import EventLoop
from app.state.playback_state import PlaybackState
from app.ui.video_view import VideoView
from tests.benchmarks.coded import CASES, QUICK, Case, Clip, made, number_of
from tests.benchmarks.cut_judged import Found, Painted, figures_of, judged
from tests.benchmarks.mpv_rig import painted_by_mpv
from tests.benchmarks.report import report
from tests.benchmarks.sound_rig import SoundServer, sound_server
from tests.benchmarks.x_screen import Screen, own_screen

NEEDED = ("mpv", "pulseaudio", "parec", "Xvfb")
TECHNIQUES: tuple[Technique, ...] = ("primed", "proxy", "seek")
CLOSE = CASES[-1]
BUSY = tuple(case for case in CASES if case.busy)
ONLY = {"auto": (*BUSY, CLOSE), "unbuilt": QUICK[:2]}
"""In which cases something is measured that is not measured in all."""
FEW = 8
"""Stretches of a case that are played for a quick look, which is to end within 300 seconds."""
AROUND = SECOND
"""Of the film, before and after what is played, there is a proxy as well."""
VIEW = 640
"""Pixels of the picture's longer side."""


class Watched(VideoView):
    """The application's picture; notes what it paints."""

    def __init__(self) -> None:
        super().__init__()
        self.painted: Painted = []

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        frame = self._frame
        if frame is not None:
            number = number_of(frame.data, frame.stride, frame.width, frame.height)
            self.painted.append((time.perf_counter(), number))


class Window:
    """The picture in a window, over the stage that the program has."""

    def __init__(self) -> None:
        self.playback = PlaybackState(lambda *told: Stage(*told, StillReader))
        self.stage = self.playback.stage
        self.view = Watched()
        self.view.set_scene_markers(False)
        self.view.move(0, 0)
        self.playback.frame_changed.connect(
            lambda: self.view.show_frame(self.playback.frame)
        )  # fmt: skip
        self.playback.failed.connect(lambda error: sys.stderr.write(f"{error}\n"))

    def play(self, clip: Clip, proxy: Proxy | None, technique: Technique | None) -> Painted:
        """Preview the cut from its first kept frame to its end."""
        width, height = clip.case.displayed
        side = VIEW / max(width, height)
        self.view.resize(round(width * side), round(height * side))
        self.stage.set_view(self.view.width(), self.view.height())
        self.stage.use(technique)
        self.view.show()
        self.playback.open(clip.path, probe(clip.path), clip.times)
        self.stage.set_proxy(proxy)
        self.playback.set_cut(clip.keep)
        self.playback.set_preview(True)
        self.until(lambda: False, 1.0)
        self.playback.seek(clip.keep[0].start)
        self.until(lambda: False, 1.0)
        self.view.painted.clear()
        self.playback.toggle()
        long = sum(span.duration for span in clip.keep) / SECOND + len(clip.keep) * 0.5
        self.until(lambda: self.playback.playing, 3)
        if not self.until(lambda: not self.playback.playing, long + 10):
            self.playback.pause()
        return list(self.view.painted)

    def until(self, true: Callable[[], bool], seconds: float) -> bool:
        """Let the program run until something is so; whether it came to be."""
        loop, end = QEventLoop(), time.perf_counter() + seconds
        looking = QTimer()
        looking.timeout.connect(
            lambda: loop.quit() if true() or time.perf_counter() > end else None
        )  # fmt: skip
        looking.start(10)
        loop.exec()
        return true()


def proxied(clip: Clip, folder: Path, *, sound_only: bool = False) -> Proxy:
    """The proxy of what is played of the film, or of its sound alone."""
    film = film_of(probe(clip.path), clip.times)
    plan = ProxyPlan("0" * 32, film.frame_times, film.duration, film.size, film.has_audio)
    proxy = Proxy(plan, folder)
    proxy.folder.mkdir(parents=True, exist_ok=True)
    maker = ChunkMaker(clip.path, plan, proxy.folder)
    first, last = clip.keep[0].start - AROUND, clip.keep[-1].end + AROUND
    try:
        for chunk in plan.chunks_in(TimeRange(max(0, first), last)):
            made = maker.sound(chunk) if sound_only else maker.make(chunk)
            proxy.add(chunk.number, made.name)
    finally:
        maker.close()
    return proxy


@contextmanager
def load(case: Case) -> Iterator[None]:
    """One core kept busy by another program, where the case says so."""
    if not case.busy:
        yield
        return
    core = min(os.sched_getaffinity(0))
    spin = f"import os\nos.sched_setaffinity(0, {{{core}}})\nwhile True: pass"
    with subprocess.Popen([sys.executable, "-c", spin]) as process:
        try:
            yield
        finally:
            process.kill()


def measured(
    window: Window, screen: Screen, server: SoundServer, clip: Clip, wanted: Sequence[str]
) -> dict[str, Found]:
    """Every technique with one film."""
    found: dict[str, Found] = {}
    with TemporaryDirectory() as folder:
        proxy = proxied(clip, Path(folder))
        ways: dict[str, Callable[[], Painted]] = {
            name: lambda t=name: window.play(clip, proxy, t)  # type: ignore[misc]
            for name in TECHNIQUES
        }
        if "unbuilt" in wanted and clip.case in ONLY["unbuilt"]:
            sound = proxied(clip, Path(folder) / "sound", sound_only=True)
            ways["unbuilt"] = lambda: window.play(clip, sound, "primed")
        ways["auto"] = lambda: window.play(clip, proxy, None)
        ways["mpv"] = lambda: painted_by_mpv(clip, screen, sound=True)
        for name in wanted:
            if clip.case not in ONLY.get(name, CASES):
                continue
            began = time.perf_counter()
            with load(clip.case), server.recording() as recorded:
                painted = ways[name]()
            found[name] = judged(clip, painted, recorded[0])
            took = time.perf_counter() - began
            figures = figures_of([found[name]])
            sys.stderr.write(f"{clip.case.name}, {name}, {took:.0f} s: {figures}\n")
        window.stage.set_proxy(None)
        window.until(lambda: False, 0.3)
        proxy.close()
    return found


def told(films: Sequence[tuple[Case, dict[str, Found]]], wanted: Sequence[str]) -> None:
    """Print the line."""
    figures: dict[str, Any] = {}
    for name in wanted:
        counted = [
            found[name] for case, found in films
            if name in found and not (name == "primed" and case == CLOSE)
        ]  # fmt: skip
        if counted:
            figures |= {f"{name}.{key}": v for key, v in figures_of(counted).items()}
    cuts = sum(len(next(iter(found.values())).missing) for _, found in films)
    cases = [
        {"case": case.name, **{name: figures_of([f]) for name, f in found.items()}}
        for case, found in films
    ]  # fmt: skip
    report(
        "cut_preview", cases, {"cuts": cuts, **figures}, ("pyside6-essentials", "python-vlc", "av")
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="three cases, a few cuts each")
    parser.add_argument("--case", help="only cases whose name contains this")
    parser.add_argument("--technique", help="only this one")
    options = parser.parse_args()
    missing = [name for name in NEEDED if not shutil.which(name)]
    if missing:
        sys.exit(f"Not there: {', '.join(missing)}; Debian: mpv pulseaudio pulseaudio-utils xvfb")
    cases = [c for c in (QUICK if options.quick else CASES) if (options.case or "") in c.name]
    wanted = [options.technique] if options.technique else [*TECHNIQUES, *ONLY, "mpv"]
    if options.quick and not options.technique:
        wanted.remove("unbuilt")
    os.environ |= {"QT_QPA_PLATFORM": "xcb", "KEEPTAKE_AOUT": "pulse"}
    os.environ.pop("WAYLAND_DISPLAY", None)
    clips = [made(case) for case in cases]
    if options.quick:
        clips = [replace(clip, keep=clip.keep[:FEW]) for clip in clips]
    with own_screen() as screen, sound_server() as server:
        os.environ["DISPLAY"] = screen.name
        application = QApplication([])
        # As in the program: a thread that has to hand over does not wait long for the window's.
        loop = EventLoop(application)
        window = Window()
        try:
            films = [(clip.case, measured(window, screen, server, clip, wanted)) for clip in clips]
        finally:
            window.playback.close()
            window.view.close()
            loop.close()
            application.shutdown()
    told(films, wanted)


if __name__ == "__main__":
    main()
