"""The real picture in a real window over a real player, read back from the screen it is on."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QEventLoop, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from app.core.faces import Faces
from app.core.review import Evidence, Footage, Review
from app.media.frame_index import frame_times
from app.media.probe import probe
from app.media.stills import StillReader
from app.playback.stage import Stage
from app.state.event_loop import EventLoop
from app.state.playback_state import PlaybackState
from app.ui.video_view import VideoView
from tests.benchmarks.box_code import Picture, number_in_boxes
from tests.benchmarks.coded import number_of
from tests.benchmarks.x_screen import Screen, own_screen

VIEW = (960, 540)


class Seen(NamedTuple):
    """What one look at the screen found; -1 where a number could not be read.

    at: seconds of time.perf_counter. pts: what the widget says it paints. moving: from VLC.
    """

    at: float
    film: int
    boxes: int
    pts: int | None
    moving: bool


class _Watched(VideoView):
    """The application's own widget; tells when it has painted."""

    painted = Signal()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.painted.emit()


class Window:
    """One film open in the widget. Everything read comes from the pixels of the X server."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self.failures: list[str] = []
        self.playback = PlaybackState(lambda *told: Stage(*told, StillReader))
        self.stage = self.playback.stage
        self._view = _Watched()
        self._view.set_names(False)
        self._view.set_scene_markers(False)
        self._view.resize(*VIEW)
        self._view.move(0, 0)
        self.playback.frame_changed.connect(
            lambda: self._view.show_frame(self.playback.frame)
        )  # fmt: skip
        self.playback.failed.connect(lambda error: self.failures.append(str(error)))
        self._view.painted.connect(self._look, Qt.ConnectionType.QueuedConnection)
        self.stage.set_view(*VIEW)
        self.seen: list[Seen] = []
        self.times: list[int] = []

    def open(self, path: Path) -> None:
        """Open a film and wait for its first picture."""
        self._view.show()
        probed = probe(path)
        self.times = list(frame_times(path))
        self._footage = Footage(probed.duration, frame_times(path))
        self.stage.set_proxy(None)
        self.playback.open(path, probed, self.times)
        self.seen.clear()
        self.until(lambda: bool(self.seen) and self.seen[-1].film == 0, 10)
        self.settle(1.0)

    def show_faces(self, faces: Faces) -> None:
        """Boxes for the film, as an analysis brings them."""
        self._view.show_review(Review(Evidence(self._footage, faces=faces)))

    @property
    def painted_pts(self) -> int | None:
        """What the widget says it paints, in microseconds."""
        return self._view.shown_pts

    def look(self) -> Seen:
        """Read both numbers off the screen now."""
        picture = self.picture()
        frame = self.playback.frame
        return Seen(
            time.perf_counter(), film_number(picture), number_in_boxes(picture),
            self._view.shown_pts, frame is not None and not frame.still,
        )  # fmt: skip

    def picture(self) -> Picture:
        """The film's part of the screen."""
        at = self._view.picture_rect().toRect() & self._view.rect()
        corner = self._view.mapToGlobal(at.topLeft())
        rows = self._screen.pixels(corner.x(), corner.y(), at.width(), at.height())
        return np.frombuffer(rows, np.uint8).reshape(at.height(), at.width(), 4)

    def until(self, true: Callable[[], bool], seconds: float) -> bool:
        """Let the program run until something is so; whether it came to be."""
        end = time.perf_counter() + seconds
        while not true():
            if time.perf_counter() > end:
                return False
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
            time.sleep(0.0005)
        return True

    def settle(self, seconds: float) -> None:
        """Let the program run for so long."""
        self.until(lambda: False, seconds)

    def close(self) -> None:
        """End the player."""
        self.playback.close()
        self._view.close()

    def _look(self) -> None:
        if not self._view.picture_rect().isEmpty():
            self.seen.append(self.look())


def film_number(picture: Picture) -> int:
    """The film's own number in it; -1 where it cannot be read."""
    height, width = picture.shape[:2]
    return number_of(memoryview(picture).cast("B"), width * 4, width, height)


@contextmanager
def own_window() -> Iterator[Window]:
    """A window on an X server of its own; leaves nothing behind."""
    os.environ["QT_QPA_PLATFORM"] = "xcb"
    os.environ.setdefault("KEEPTAKE_AOUT", "dummy")
    os.environ.pop("WAYLAND_DISPLAY", None)
    with own_screen() as screen:
        os.environ["DISPLAY"] = screen.name
        application = QApplication([])
        application.setQuitOnLastWindowClosed(False)
        # As in the program: no thread waits long for the window's.
        loop = EventLoop(application)
        window = Window(screen)
        try:
            yield window
        finally:
            window.close()
            application.processEvents()
            loop.close()
            application.shutdown()
