"""The timeline widget: gestures become signals, and moving the playhead repaints little."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QPaintEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from app.core.edits import Strike, apply
from app.core.review import Evidence, Footage, Review
from app.core.scenes import Scenes
from app.core.timerange import SECOND, TimeRange
from app.core.transcript import Transcript, Word
from app.ui.timeline_items import Item
from app.ui.timeline_scale import GUTTER
from app.ui.timeline_view import TimelineView

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

LEFT = Qt.MouseButton.LeftButton
FILM = 60 * SECOND


def review() -> Review:
    words = tuple(Word(f"w{i}", i * SECOND, i * SECOND + 700_000, 0) for i in range(50))
    plain = Review(
        Evidence(Footage(FILM), Transcript(words), scenes=Scenes.of([20 * SECOND], FILM))
    )
    return apply(plain, Strike(TimeRange(30 * SECOND, 40 * SECOND)))


class Heard:
    """What the widget's signals said, in order."""

    def __init__(self, view: TimelineView) -> None:
        self.said: list[tuple[str, Any]] = []
        for name in (
            "seek_requested",
            "step_requested",
            "selection_made",
            "proposal_clicked",
        ):
            getattr(view, name).connect(lambda v, n=name: self.said.append((n, v)))
        for name in ("scrub_started", "scrub_ended", "follow_broken"):
            getattr(view, name).connect(lambda n=name: self.said.append((n, None)))
        view.edge_moved.connect(lambda i, r: self.said.append(("edge_moved", (i, r))))

    def names(self) -> list[str]:
        return [name for name, _ in self.said]


@pytest.fixture
def view() -> Iterator[TimelineView]:
    _app = QApplication.instance() or QApplication([])
    out = TimelineView()
    out.resize(1000, 300)
    out.show_review(review())
    out.show()
    QApplication.processEvents()
    yield out
    out.close()
    out.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def drag(view: TimelineView, start: QPoint, *to: QPoint) -> None:
    QTest.mousePress(view, LEFT, pos=start)
    for point in to:
        moved = QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(point),
            QPointF(view.mapToGlobal(point)),
            Qt.MouseButton.NoButton,
            LEFT,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(view, moved)
    QTest.mouseRelease(view, LEFT, pos=to[-1])


def wheel(view: TimelineView, x: float, turn: int, held: Qt.KeyboardModifier) -> None:
    at = QPointF(x, 100)
    QApplication.sendEvent(
        view,
        QWheelEvent(
            at,
            QPointF(view.mapToGlobal(at.toPoint())),
            QPoint(),
            QPoint(0, turn),
            Qt.MouseButton.NoButton,
            held,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        ),
    )


def cut_item(view: TimelineView) -> Item:
    (item,) = view.shown.items_of("cut")
    return item


def word_point(view: TimelineView, index: int) -> QPoint:
    item = next(i for i in view.shown.items_of("word") if i.thing.index == index)
    return QPoint(round(item.x + item.width / 2), round(item.y + item.height / 2))


def test_it_can_be_found_by_name(view: TimelineView) -> None:
    assert view.accessibleName() == "Timeline"
    assert "1 removed" in view.accessibleDescription()


def test_a_click_seeks_to_where_it_was(view: TimelineView) -> None:
    heard = Heard(view)
    QTest.mouseClick(view, LEFT, pos=word_point(view, 10))
    ((name, t),) = heard.said
    assert name == "seek_requested"
    assert type(t) is int
    assert abs(t - 10_350_000) < view.shown.view.us_per_px


def test_dragging_in_the_ruler_scrubs(view: TimelineView) -> None:
    heard = Heard(view)
    drag(view, QPoint(300, 10), QPoint(320, 10), QPoint(400, 60))
    assert heard.names() == [
        "scrub_started",
        *["seek_requested"] * 3,
        "scrub_ended",
    ]


def test_dragging_over_words_selects_whole_ones_once(view: TimelineView) -> None:
    heard = Heard(view)
    drag(view, word_point(view, 3), word_point(view, 4), word_point(view, 6))
    assert heard.said == [("selection_made", TimeRange(3 * SECOND, 6_700_000))]
    QTest.mouseClick(view, LEFT, pos=word_point(view, 20))
    assert heard.said[1] == ("selection_made", None)


def test_dragging_an_edge_says_the_new_range_once_at_release(view: TimelineView) -> None:
    heard = Heard(view)
    item = cut_item(view)
    y = round(item.y + item.height / 2)
    end = round(item.x + item.width)
    drag(view, QPoint(end - 1, y), QPoint(end + 30, y), QPoint(end + 60, y))
    assert heard.names() == ["scrub_started", *["seek_requested"] * 2, "scrub_ended", "edge_moved"]
    span_id, span = heard.said[-1][1]
    assert span_id == item.thing.id
    assert span.end > 41 * SECOND
    before = next(c for c in view._given.cuts if c.id == span_id).range
    assert span.start == before.start


def test_a_cut_that_is_clicked_is_named(view: TimelineView) -> None:
    heard = Heard(view)
    item = cut_item(view)
    at = QPoint(round(item.x + item.width / 2), round(item.y + 8))
    QTest.mouseClick(view, LEFT, pos=at)
    assert heard.said == [("proposal_clicked", item.thing.id)]


def test_the_wheel_steps_zooms_and_pans(view: TimelineView) -> None:
    heard = Heard(view)
    wheel(view, 500, -120, Qt.KeyboardModifier.NoModifier)
    wheel(view, 500, 60, Qt.KeyboardModifier.NoModifier)
    wheel(view, 500, 60, Qt.KeyboardModifier.NoModifier)
    assert heard.said == [("step_requested", 1), ("step_requested", -1)]
    before = view.shown.view
    at = before.t_of(500)
    wheel(view, 500, 480, Qt.KeyboardModifier.ControlModifier)
    closer = view.shown.view
    assert closer.us_per_px < before.us_per_px
    assert abs(closer.t_of(500) - at) < closer.us_per_px
    assert view.following
    wheel(view, 500, -240, Qt.KeyboardModifier.ShiftModifier)
    assert view.shown.view.start > closer.start
    assert heard.names()[-1] == "follow_broken"
    assert not view.following


def test_following_turns_the_page_and_a_broken_follow_does_not(view: TimelineView) -> None:
    for _ in range(3):
        view.zoom_in()
    view.set_playhead(50 * SECOND)
    shown = view.shown.view
    assert shown.start < 50 * SECOND < shown.end
    view.set_following(False)
    view.set_playhead(5 * SECOND)
    assert view.shown.view.start == shown.start
    view.set_following(True)
    assert view.shown.view.start < 5 * SECOND


def test_zoom_buttons_and_fit(view: TimelineView) -> None:
    whole = view.shown.view.us_per_px
    view.zoom_in()
    assert view.shown.view.us_per_px == pytest.approx(whole / 2)
    view.zoom_out()
    assert view.shown.view.us_per_px == pytest.approx(whole)
    view.zoom_in()
    view.fit()
    assert view.shown.view.start == 0
    start, scale, fit = view.view_state
    view.restore_view(start, scale, fit)
    assert view.shown.view.us_per_px == pytest.approx(whole)


class Counting(TimelineView):
    """A timeline that remembers the rectangles it was asked to paint."""

    painted: list[tuple[int, int]]

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        region = event.region()
        area = sum(r.width() * r.height() for r in region)  # type: ignore[attr-defined, unused-ignore]
        self.painted.append((area, self.width() * self.height()))
        super().paintEvent(event)


def test_moving_the_playhead_repaints_a_strip_and_not_the_window() -> None:
    _app = QApplication.instance() or QApplication([])
    view = Counting()
    view.painted = []
    view.resize(1000, 300)
    view.show_review(review())
    view.show()
    QApplication.processEvents()
    view.painted.clear()
    view.set_playhead(12_100_000)
    QApplication.processEvents()
    assert view.painted
    assert all(area < whole / 5 for area, whole in view.painted)
    view.close()


def test_an_empty_timeline_takes_no_gesture(view: TimelineView) -> None:
    view.show_review(None)
    heard = Heard(view)
    QTest.mouseClick(view, LEFT, pos=QPoint(round(GUTTER) + 100, 40))
    wheel(view, 500, 120, Qt.KeyboardModifier.NoModifier)
    view.grab()
    assert heard.said == []


def test_a_playhead_told_before_the_film_is_shown_paints_nothing_odd(app: QApplication) -> None:
    # The player tells its place while the document is still on its way.
    view = TimelineView()
    view.resize(900, 300)
    view.set_playhead(6_400_000)
    view.grab()
    assert view.shown.overview_x(6_400_000) <= view.width()
