"""What the timeline's gestures do to the document and the playhead."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from app.core.edits import AddMarker, Strike
from app.core.timerange import SECOND, TimeRange
from app.ui.timeline_input import prepare, timeline_input
from app.ui.timeline_presenter import TimelinePresenter
from app.ui.timeline_view import TimelineView
from tests.core.speech import counting, gaps, s
from tests.ui.fake_stage import Desk


@pytest.fixture
def desk(app: QApplication) -> Desk:
    """Ten words, 25 frames a second, proposals at 1 to 2, 4 to 5 and 7 to 8 s."""
    return Desk(counting(fps=25).received(retakes=gaps(s(0, 1), s(2, 4), s(5, 7), s(8, 10))))


class Wired:
    """A timeline and what is wired to it."""

    def __init__(self, desk: Desk) -> None:
        self.asked: list[tuple[object, ...]] = []
        self.view = TimelineView()
        self.view.resize(1000, 300)
        self.presenter = TimelinePresenter(
            self.view, desk.review, desk.playback, desk.selection, desk.edits,
            lambda *said: self.asked.append(said),
        )  # fmt: skip
        desk.review.changed.connect(self.presenter.show_document)
        desk.selection.changed.connect(self.presenter.show_selection)
        self.presenter.show_document()

    @property
    def ranges(self) -> list[TimeRange]:
        return [cut.range for cut in self.view._given.cuts]


def test_a_dragged_edge_is_moved_and_put_back_in_a_step_each(desk: Desk) -> None:
    wired = Wired(desk)
    before = wired.ranges
    first = wired.view._given.cuts[0].id
    wired.view.edge_moved.emit(first, s(1.2, 2.6))
    assert wired.ranges != before
    assert wired.view.moved_by_hand(first)
    wired.view.edge_put_back.emit(first)
    assert wired.ranges == before
    assert desk.review.undo_text == "Put Back Edges"
    wired.view.edge_put_back.emit(first)
    desk.review.undo()
    desk.review.undo()
    assert desk.review.undo_text == ""


def test_a_marker_is_gone_to_and_moved(desk: Desk) -> None:
    wired = Wired(desk)
    desk.review.do(AddMarker(s(3, 3), "here"))
    (marker,) = wired.view._given.markers
    wired.view.marker_clicked.emit(marker.key)
    assert desk.stage.at == 3 * SECOND
    wired.view.marker_moved.emit(marker.key, s(5, 5))
    assert wired.view._given.markers[0].range == s(5, 5)


def test_what_is_chosen_is_shown(desk: Desk) -> None:
    wired = Wired(desk)
    desk.selection.choose_words(s(2.9, 3.6))
    desk.selection.mark(1, 2)
    assert wired.view._selection == s(2.9, 3.6)
    assert wired.view._marks == (1, 2)
    wired.view.selection_made.emit(None)
    assert desk.selection.words is None
    wired.presenter.show_position(4 * SECOND)
    assert wired.view._playhead == 4 * SECOND
    wired.view._break_follow()
    assert wired.asked == [("follow_playhead", False)]
    wired.presenter.show_film()


def test_what_was_prepared_beside_the_window_is_what_it_shows(desk: Desk) -> None:
    review = desk.review.review
    assert review is not None
    prepare(review)
    shown = timeline_input(review)
    desk.review.do(Strike(s(5.5, 6)))
    assert desk.review.review is not None
    assert timeline_input(desk.review.review).voices is shown.voices
