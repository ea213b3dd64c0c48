"""A stage that plays nothing and notes what it was asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.core.edits import Edit
from app.core.review import Review
from app.core.timerange import Ranges, TimeRange
from app.state.playback_state import PlaybackState
from app.state.review_state import ReviewState
from app.state.selection_state import SelectionState
from app.ui.edit_commands import EditCommands
from app.ui.moment_commands import MomentCommands
from app.ui.playback_commands import PlaybackCommands


class FakeStage:
    """The methods of Stage that PlaybackState calls."""

    technique = "fake"

    def __init__(self, *_callbacks: Callable[..., None]) -> None:
        self.playing = False
        self.at = 0
        self.rate = 1.0
        self.volume = 100
        self.steps: list[int] = []
        self.played: list[tuple[TimeRange, bool]] = []

    def position(self) -> int:
        return self.at

    def play(self) -> None:
        self.playing = True

    def pause(self) -> None:
        self.playing = False

    def seek(self, t: int) -> None:
        self.at = t

    def step(self, frames: int) -> None:
        self.steps.append(frames)

    def set_proxy(self, _proxy: object) -> None:
        pass

    def set_view(self, _width: int, _height: int) -> None:
        pass

    def set_rate(self, rate: float) -> None:
        self.rate = rate

    def set_volume(self, percent: int) -> None:
        self.volume = percent

    def set_muted(self, _muted: bool) -> None:
        pass

    def set_preview(self, _on: bool) -> None:
        pass

    def set_cut(self, _keep: Ranges) -> None:
        pass

    def play_range(self, span: TimeRange, through_removed: bool) -> None:
        self.played.append((span, through_removed))
        self.playing, self.at = True, span.start


class Desk:
    """States and commands over a fake stage; nothing is open where `review` is None."""

    def __init__(self, review: Review | None) -> None:
        self.stage = FakeStage()
        make: Any = lambda *_callbacks: self.stage  # noqa: E731
        self.review, self.selection = ReviewState(), SelectionState()
        self.playback = PlaybackState(make)
        self.review.load(review)
        self.playback.is_open = review is not None
        self.edits = EditCommands(self.review, self.playback, self.selection)
        self.plays = PlaybackCommands(self.review, self.playback, self.edits)
        self.moments = MomentCommands(self.review, self.playback, self.selection)
        self.moments.order = lambda: tuple(m.key for m in self.moments.all)
        self.calls = {**self.edits.table(), **self.plays.table(), **self.moments.table()}

    def do(self, *actions: str) -> None:
        for action in actions:
            self.calls[action]()

    def edit(self, edit: Edit) -> None:
        self.review.do(edit)
