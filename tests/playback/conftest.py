"""A film generated once, and a stage that records what it shows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from app.core.errors import KeeptakeError
from app.media.stills import StillReader
from app.playback.player import Film, Frame
from app.playback.stage import Stage
from app.playback.vlc_player import Engine
from tests.playback.clips import make_clip, number


@dataclass
class Show:
    """A stage and everything it published: the number read from the pixels, and the frame's own."""

    film: Film
    stage: Stage = field(init=False)
    seen: list[tuple[int, int, str]] = field(default_factory=list)
    errors: list[KeeptakeError] = field(default_factory=list)
    states: int = 0

    def on_frame(self, frame: Frame) -> None:
        self.seen.append((number(frame), frame.index, "still" if frame.still else "moving"))

    def on_state(self) -> None:
        self.states += 1

    def wait(self, condition: Callable[[], bool], seconds: float = 8.0) -> bool:
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                return False
            time.sleep(0.01)
        return True

    def open(self) -> None:
        self.stage.open(self.film)

    def moving(self) -> list[int]:
        return [pixels for pixels, _, kind in self.seen if kind == "moving"]


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Film:
    return make_clip(tmp_path_factory.mktemp("films") / "a film.mp4", seconds=12)


@pytest.fixture
def make_show() -> Iterator[Callable[[Film], Show]]:
    """Stages that are closed again."""
    shows: list[Show] = []

    def make(film: Film, engine: Callable[[], Engine] = lambda: Engine("dummy")) -> Show:
        show = Show(film)
        show.stage = Stage(show.on_frame, show.on_state, show.errors.append, StillReader, engine)
        shows.append(show)
        show.open()
        return show

    yield make
    for show in shows:
        show.stage.close()


@pytest.fixture
def show(make_show: Callable[[Film], Show], film: Film) -> Show:
    return make_show(film)
