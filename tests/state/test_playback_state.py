"""What is played, and what happens at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from app.core.errors import MediaError
from app.core.timerange import SECOND, TimeRange
from app.state.playback_state import PlaybackState
from tests.core.speech import s
from tests.ui.fake_stage import FakeStage


class Played:
    """A state over a stage that plays nothing, and how its playing goes on."""

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self.stage = FakeStage()
        self._calls: tuple[Callable[..., None], ...] = ()
        self.state = PlaybackState(self._make)
        self.state.is_open = True

    def _make(self, *callbacks: Callable[..., None]) -> Any:
        self._calls = callbacks
        return self.stage

    def tell(self) -> None:
        """The stage says that it plays, or stands."""
        self._calls[1]()
        self._app.processEvents()

    def end(self, at: float) -> None:
        """The stage comes to the end of what it plays."""
        self.tell()
        self.stage.playing, self.stage.at = False, round(at * SECOND)
        self.tell()

    def fail(self) -> None:
        self.tell()
        self.stage.playing = False
        self._calls[2](MediaError("The file is gone."))
        self.tell()

    @property
    def spans(self) -> list[TimeRange]:
        return [span for span, _ in self.stage.played]


@pytest.fixture
def played(qapp: QApplication) -> Iterator[Played]:
    out = Played(qapp)
    yield out
    out.state._tick.stop()


def test_the_whole_film_begins_again_at_its_end_only_with_loop_on(played: Played) -> None:
    played.state.toggle()
    played.end(9.9)
    assert not played.stage.playing
    played.state.set_loop(True)
    assert not played.stage.playing, "what has ended does not begin by itself"
    for _ in range(3):
        played.stage.playing = False
        played.state.toggle()
        played.end(9.9)
        assert played.stage.playing
    assert played.spans == []


def test_a_stretch_begins_again_until_the_person_pauses(played: Played) -> None:
    played.state.set_loop(True)
    played.state.play_range(s(1, 3), through_removed=True)
    played.end(2.96)
    played.end(2.96)
    assert played.stage.played == [(s(1, 3), True)] * 3
    played.tell()
    played.state.toggle()
    played.tell()
    assert not played.stage.playing
    played.state.toggle()
    played.end(2.96)
    assert not played.stage.playing, "played on by hand the stretch is not looped any more"
    assert len(played.spans) == 3


def test_who_goes_elsewhere_leaves_the_stretch_and_loops_the_film(played: Played) -> None:
    played.state.set_loop(True)
    played.state.play_range(s(1, 3), through_removed=False)
    played.tell()
    played.state.seek(5 * SECOND)
    played.end(9.9)
    assert played.spans == [s(1, 3)]
    assert played.stage.playing, "the film's end is the end of what was played"


@pytest.mark.parametrize("leave", ["pause", "step", "unload", "fail"])
def test_nothing_begins_again_that_was_ended(played: Played, leave: str) -> None:
    played.state.set_loop(True)
    played.state.play_range(s(1, 3), through_removed=False)
    played.tell()
    if leave == "fail":
        played.fail()
    elif leave == "step":
        played.state.step(1)
        played.stage.playing = False
    else:
        getattr(played.state, leave)()
    played.tell()
    assert not played.stage.playing
    assert len(played.spans) == 1


def test_a_stretch_is_asked_for_at_each_beginning_and_may_be_gone(played: Played) -> None:
    edges = [(s(1, 4), False), None]
    played.state.set_loop(True)
    played.state.play_range(s(1, 3), through_removed=False, again=lambda: edges.pop(0))
    played.end(2.96)
    assert played.spans == [s(1, 3), s(1, 4)]
    played.end(3.96)
    assert not played.stage.playing


def test_loop_switched_off_meanwhile_lets_it_end(played: Played) -> None:
    played.state.set_loop(True)
    played.state.play_range(s(1, 3), through_removed=False)
    played.tell()
    played.state.set_loop(False)
    played.end(2.96)
    assert not played.stage.playing


def test_who_begins_something_else_at_the_end_is_not_overruled(played: Played) -> None:
    played.state.set_loop(True)
    played.state.play_range(s(1, 3), through_removed=False)
    played.tell()

    def follow() -> None:
        if not played.stage.playing and len(played.spans) == 1:
            played.state.play_range(s(6, 7), through_removed=False)

    played.state.changed.connect(follow)
    played.end(2.96)
    assert played.spans == [s(1, 3), s(6, 7)]


def test_a_film_of_which_nothing_is_kept_is_not_tried_for_ever(played: Played) -> None:
    played.state.set_loop(True)
    played.state.toggle()
    played.stage.playing = False
    played.tell()
    played.tell()
    assert not played.stage.playing
