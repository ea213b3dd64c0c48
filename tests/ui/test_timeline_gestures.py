"""What hands do on the timeline beyond a click: edges, stretches, lanes, pinches and menus."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPointingDevice,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.core.edits import AddMarker, MoveEdges, Strike, apply
from app.core.loudness import CHUNK_STEPS, FACTOR, STOREYS, Loudness, LoudnessChunk
from app.core.review import Evidence, Footage, Review
from app.core.scenes import Scenes
from app.core.timerange import SECOND, TimeRange
from app.core.transcript import Transcript, Word
from app.media.stills import Still
from app.state.review_state import ReviewState
from app.state.selection_state import SelectionState
from app.ui.actions import Actions
from app.ui.timeline_items import Item, Thing
from app.ui.timeline_lanes import RULER
from app.ui.timeline_menu import ROWS, TimelineMenus
from app.ui.timeline_view import TimelineView

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier
FILM = 60 * SECOND
QUIET = 43_205_000


def review() -> Review:
    words = tuple(Word(f"w{i}", i * SECOND, i * SECOND + 700_000, 0) for i in range(43))
    footage = Footage(FILM, array("q", range(0, FILM, 40_000)), 160, 90)
    found = Evidence(footage, Transcript(words), scenes=Scenes.of([20_300_000], FILM))
    out = apply(Review(found), Strike(TimeRange(30 * SECOND, 33 * SECOND)))
    out = apply(out, AddMarker(TimeRange(5 * SECOND, 5 * SECOND), "here"))
    return apply(out, AddMarker(TimeRange(10 * SECOND, 14 * SECOND), "there"))


def loudness() -> Loudness:
    levels = bytearray(b"\xc0" * CHUNK_STEPS)
    levels[QUIET // 10_000] = 3
    storeys = [bytes(levels)]
    for _ in range(1, STOREYS):
        below = storeys[-1]
        storeys.append(bytes(max(below[k : k + FACTOR]) for k in range(0, len(below), FACTOR)))
    return Loudness(FILM).with_chunks({0: LoudnessChunk(tuple(storeys), tuple(storeys))})


class Made:
    """Strips that are there at once."""

    def __init__(self) -> None:
        self.loudness: Loudness | None = loudness()
        self.wanted: list[tuple[int, int, float]] = []
        self.made: dict[int, Still] = {}

    @property
    def thumbnails(self) -> Mapping[int, Still]:
        return self.made

    def want(self, start_us: int, end_us: int, us_per_px: float) -> None:
        self.wanted.append((start_us, end_us, us_per_px))


class Heard:
    """What the widget's signals said, in order."""

    def __init__(self, view: TimelineView) -> None:
        self.said: list[tuple[str, Any]] = []
        for name in ("seek_requested", "selection_made", "edge_put_back", "marker_clicked",
                     "marker_activated", "proposal_clicked", "step_requested"):  # fmt: skip
            getattr(view, name).connect(lambda v, n=name: self.said.append((n, v)))
        for name in ("edge_moved", "marker_moved"):
            getattr(view, name).connect(lambda k, r, n=name: self.said.append((n, (k, r))))
        for name in ("scrub_started", "scrub_ended", "arranged"):
            getattr(view, name).connect(lambda n=name: self.said.append((n, None)))

    def of(self, name: str) -> list[Any]:
        return [said for heard, said in self.said if heard == name]


@pytest.fixture
def view(app: QApplication) -> Iterator[TimelineView]:
    out = TimelineView()
    out.resize(1300, 420)
    out.show_review(review())
    out.show()
    QApplication.processEvents()
    yield out
    out.close()


def item(view: TimelineView, kind: Any, n: int = 0) -> Item:
    return view.shown.items_of(kind)[n]


def x_of(view: TimelineView, t: float) -> float:
    return view.shown.view.x_of(t)


def move(view: TimelineView, to: QPointF, held: Qt.KeyboardModifier = NONE) -> None:
    there = QPointF(view.mapToGlobal(to.toPoint()))
    told = QMouseEvent(QEvent.Type.MouseMove, to, there, Qt.MouseButton.NoButton, LEFT, held)
    QApplication.sendEvent(view, told)


def drag(
    view: TimelineView, start: QPointF, *to: QPointF, held: Qt.KeyboardModifier = NONE
) -> None:
    QTest.mousePress(view, LEFT, held, start.toPoint())
    for point in to:
        move(view, point, held)
    QTest.mouseRelease(view, LEFT, held, to[-1].toPoint())


def cut_end(view: TimelineView) -> QPointF:
    cut = item(view, "cut")
    return QPointF(cut.x + cut.width, cut.y + cut.height / 2)


def dragged_to(view: TimelineView, t: int, held: Qt.KeyboardModifier = NONE) -> TimeRange:
    """Where the end of the cut goes when it is dragged to an instant."""
    heard = Heard(view)
    start = cut_end(view)
    drag(view, start, start + QPointF(20, 0), QPointF(x_of(view, t), start.y()), held=held)
    ((_, span),) = heard.of("edge_moved")
    assert isinstance(span, TimeRange)
    return span


def test_an_edge_of_a_cut_snaps_to_words_scenes_and_the_playhead(view: TimelineView) -> None:
    view.set_following(False)
    for _ in range(3):
        view.zoom_in()
    view._pan(x_of(view, 30 * SECOND) - 400)
    view.set_playhead(34_850_000)
    assert dragged_to(view, 34_720_000).end == 34_700_000
    assert dragged_to(view, 34_870_000).end == 34_850_000


@pytest.mark.parametrize("held", [ALT, CTRL])
def test_alt_or_ctrl_moves_an_edge_to_any_instant(
    view: TimelineView, held: Qt.KeyboardModifier
) -> None:
    asked = 34_720_000
    got = dragged_to(view, asked, held).end
    assert abs(got - asked) <= view.shown.view.us_per_px
    assert got != 34_700_000


def test_where_nothing_is_near_an_edge_goes_to_the_quietest_place(view: TimelineView) -> None:
    view.set_strips(Made(), thumbs=True, sound=True)
    view.set_following(False)
    for _ in range(4):
        view.zoom_in()
    view._pan(x_of(view, 32 * SECOND) - 400)
    view._pan(0)
    start = cut_end(view)
    QTest.mousePress(view, LEFT, NONE, start.toPoint())
    move(view, start + QPointF(30, 0))
    view._drag_edge(x_of(view, QUIET + 20_000))
    assert view._dragged is not None
    assert view._dragged.end == QUIET
    view.cancel_gesture()


def test_the_frame_at_a_dragged_edge_is_asked_for(view: TimelineView) -> None:
    heard = Heard(view)
    start = cut_end(view)
    QTest.mousePress(view, LEFT, NONE, start.toPoint())
    move(view, start + QPointF(60, 0))
    view.grab()
    assert view._dragged is not None
    assert heard.said == [("scrub_started", None), ("seek_requested", view._dragged.end - 1)]
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert heard.said[2:] == [("scrub_ended", None)]
    QTest.mouseRelease(view, LEFT, NONE, start.toPoint())
    assert heard.of("edge_moved") == []


def test_a_double_click_puts_a_moved_edge_back_and_no_other(view: TimelineView) -> None:
    heard = Heard(view)
    QTest.mouseDClick(view, LEFT, NONE, cut_end(view).toPoint())
    assert heard.of("edge_put_back") == []
    before = item(view, "cut")
    moved = apply(review(), MoveEdges(before.id, TimeRange(29 * SECOND, 35 * SECOND)))
    view.show_review(moved)
    assert view.moved_by_hand(before.id)
    QTest.mouseDClick(view, LEFT, NONE, cut_end(view).toPoint())
    assert heard.of("edge_put_back") == [before.id]


def test_a_marker_is_dragged_whole_and_a_span_by_its_edge(view: TimelineView) -> None:
    heard = Heard(view)
    flag, bar = view.shown.items_of("marker")
    y = flag.y + flag.height / 2
    held = QPointF(flag.x + 4, y)
    drag(view, held, held + QPointF(30, 0), QPointF(x_of(view, 8_250_000), y), held=ALT)
    end = QPointF(bar.x + bar.width - 1, y)
    drag(view, end, end + QPointF(30, 0), QPointF(x_of(view, 16_500_000), y), held=ALT)
    (first, second) = heard.of("marker_moved")
    assert first[0] == flag.id
    assert first[1].duration == 0
    assert abs(first[1].start - 8_250_000) <= view.shown.view.us_per_px
    assert second[0] == bar.id
    assert second[1].start == 10 * SECOND
    assert abs(second[1].end - 16_500_000) <= view.shown.view.us_per_px


def test_a_marker_is_clicked_and_double_clicked(view: TimelineView) -> None:
    heard = Heard(view)
    bar = item(view, "marker", 1)
    at = QPoint(round(bar.x + bar.width / 2), round(bar.y + 5))
    QTest.mouseClick(view, LEFT, NONE, at)
    QTest.mouseDClick(view, LEFT, NONE, at)
    assert heard.of("marker_clicked")[0] == bar.id
    assert heard.of("marker_activated") == [bar.id]


def test_a_stretch_is_selected_over_any_lane_and_shift_extends_it(view: TimelineView) -> None:
    heard = Heard(view)
    y = item(view, "scene").y + 4
    scale = view.shown.view.us_per_px

    def at(t: float) -> QPointF:
        return QPointF(x_of(view, t), y)

    drag(view, at(44 * SECOND), at(45 * SECOND), at(46 * SECOND))
    chosen = heard.of("selection_made")[-1]
    assert abs(chosen.start - 44 * SECOND) <= scale
    assert abs(chosen.end - 46 * SECOND) <= scale
    QTest.mouseClick(view, LEFT, SHIFT, at(50 * SECOND).toPoint())
    longer = heard.of("selection_made")[-1]
    assert longer.start == chosen.start
    assert abs(longer.end - 50 * SECOND) <= scale
    drag(view, at(43 * SECOND), at(42 * SECOND), at(41 * SECOND), held=SHIFT)
    other = heard.of("selection_made")[-1]
    assert abs(other.start - 41 * SECOND) <= scale
    assert other.end == longer.end
    assert heard.of("seek_requested") == []


def test_shift_over_words_extends_by_whole_words_from_the_playhead(view: TimelineView) -> None:
    heard = Heard(view)
    view.set_playhead(2_300_000)
    y = item(view, "word").y + 4
    QTest.mouseClick(view, LEFT, SHIFT, QPointF(x_of(view, 6_300_000), y).toPoint())
    assert heard.of("selection_made") == [TimeRange(2 * SECOND, 6_700_000)]


def test_a_border_is_dragged_and_put_back_by_a_double_click(view: TimelineView) -> None:
    heard = Heard(view)
    lane = next(lane for lane in view.shown.lanes if lane.kind == "cut")
    start = QPointF(40, lane.y + lane.height)
    drag(view, start, start + QPointF(0, 10), start + QPointF(0, 30))
    now = next(lane for lane in view.shown.lanes if lane.kind == "cut")
    assert now.height == pytest.approx(lane.height + 30, abs=1)
    assert heard.of("arranged") == [None]
    again = TimelineView()
    again.resize(view.size())
    again.show_review(review())
    again.restore_lanes(view.lanes_state)
    assert next(i for i in again.shown.lanes if i.kind == "cut").height == now.height
    QTest.mouseDClick(view, LEFT, NONE, QPoint(40, round(now.y + now.height)))
    assert next(i for i in view.shown.lanes if i.kind == "cut").height == lane.height


@pytest.mark.parametrize(
    "state", ["", "[", "[]", "3", '{"hidden": 3, "heights": []}', '{"heights": {"cut": null}}']
)
def test_an_odd_arrangement_is_not_taken(view: TimelineView, state: str) -> None:
    before = view.shown.lanes
    view.restore_lanes(state)
    assert view.shown.lanes == before


def test_lanes_are_hidden_and_shown_again(view: TimelineView) -> None:
    assert view.lanes == dict.fromkeys(("scene", "word", "cut", "marker"), True)
    view.show_lane("word", False)
    assert not view.lanes["word"]
    assert "word" not in [lane.kind for lane in view.shown.lanes]
    view.reset_lanes()
    assert all(view.lanes.values())


def wheel(view: TimelineView, x: float, turn: QPoint, held: Qt.KeyboardModifier) -> None:
    at = QPointF(x, 100)
    there = QPointF(view.mapToGlobal(at.toPoint()))
    phase = Qt.ScrollPhase.NoScrollPhase
    told = QWheelEvent(at, there, QPoint(), turn, Qt.MouseButton.NoButton, held, phase, False)
    QApplication.sendEvent(view, told)


def test_lanes_that_do_not_fit_are_scrolled(view: TimelineView) -> None:
    heard = Heard(view)
    for kind in ("scene", "word", "cut"):
        view.set_lane_height(kind, 200)
    assert view.shown.most > 0
    wheel(view, 500, QPoint(0, -120), ALT)
    first = view.shown.view.scroll
    assert first > 0
    wheel(view, 500, QPoint(-120, 0), ALT)
    assert view.shown.view.scroll == 2 * first
    wheel(view, 20, QPoint(0, 1200), NONE)
    assert view.shown.view.scroll == 0
    drag(view, QPointF(40, 200), QPointF(40, 180), QPointF(40, 150))
    assert view.shown.view.scroll == pytest.approx(50, abs=1)
    view.zoom_in()
    assert view.shown.view.scroll == pytest.approx(50, abs=1)
    assert view._bar.isVisible()
    view._bar.setValue(10)
    assert view.shown.view.scroll == 10
    assert heard.of("step_requested") == []
    view.reset_lanes()
    assert view.shown.view.scroll == 0
    assert not view._bar.isVisible()


def test_a_pinch_zooms_about_its_place(view: TimelineView) -> None:
    before = view.shown.view
    at = QPointF(600, 100)
    there = QPointF(view.mapToGlobal(at.toPoint()))
    told = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture, QPointingDevice.primaryPointingDevice(), 2,
        at, at, there, 0.5, QPointF(),
    )  # fmt: skip
    QApplication.sendEvent(view, told)
    after = view.shown.view
    assert after.us_per_px == pytest.approx(before.us_per_px / 1.5)
    assert abs(after.t_of(600) - before.t_of(600)) < after.us_per_px


def test_strips_are_asked_for_what_is_in_view_and_painted_as_they_come(view: TimelineView) -> None:
    made = Made()
    view.set_strips(made, thumbs=True, sound=True)
    view.grab()
    assert made.wanted[-1][:2] == (0, FILM)
    view.zoom_in()
    view.grab()
    assert made.wanted[-1][1] - made.wanted[-1][0] < FILM * 0.6
    lane = next(lane for lane in view.shown.lanes if lane.kind == "thumb")
    at = QPoint(700, round(lane.y + lane.height / 2))
    empty = view.grab().toImage().pixelColor(at)
    made.made[0] = Still(16, 9, b"\x20\x40\xf0\xff" * (16 * 9), 0)
    view._repaint()
    dimmed = view.grab().toImage().pixelColor(at)
    assert dimmed.red() > empty.red()
    made.made[round(view.shown.view.t_of(700)) // SECOND * SECOND] = made.made[0]
    made.made.update({k * SECOND: made.made[0] for k in range(60)})
    view._repaint()
    assert view.grab().toImage().pixelColor(at) == QColor(0xF0, 0x40, 0x20)
    sound = next(lane for lane in view.shown.lanes if lane.kind == "sound")
    middle = round(sound.y + sound.height / 2)
    image = view.grab().toImage()
    assert image.pixelColor(500, middle - 3) != image.pixelColor(500, round(sound.y) + 2)


def test_what_arrives_is_painted_together(view: TimelineView) -> None:
    view.set_strips(Made(), thumbs=True, sound=True)
    view.grab()
    view.strips_changed()
    view.strips_changed()
    assert view._settling.isActive()
    assert not view._stale
    view._settling.timeout.emit()
    assert view._stale
    view._settling.stop()


def test_a_context_menu_is_asked_for_with_what_lies_there(view: TimelineView) -> None:
    asked: list[tuple[Any, Any, Any]] = []
    view.menu_wanted.connect(lambda *said: asked.append(said))
    cut = item(view, "cut")
    at = QPoint(round(cut.x + cut.width / 2), round(cut.y + 5))
    reason = QContextMenuEvent.Reason
    QApplication.sendEvent(view, QContextMenuEvent(reason.Mouse, at, view.mapToGlobal(at)))
    view.set_chosen(cut.id)
    QApplication.sendEvent(view, QContextMenuEvent(reason.Keyboard, at, view.mapToGlobal(at)))
    assert [thing for thing, _, _ in asked] == [cut.thing, Thing("cut", id=cut.id)]
    assert abs(asked[0][1] - 31_500_000) < SECOND
    assert asked[1][1] == 0
    view.show_review(None)
    QApplication.sendEvent(view, QContextMenuEvent(reason.Mouse, at, view.mapToGlobal(at)))
    assert len(asked) == 2


@pytest.fixture
def menus(view: TimelineView) -> TimelineMenus:
    state = ReviewState()
    state.load(review())
    return TimelineMenus(view, Actions(view), state, SelectionState())


def texts(menus: TimelineMenus, thing: Thing, t: int = 0) -> list[str]:
    menu = menus.menu(thing, t)
    said = [action.text() for action in menu.actions() if not action.isSeparator()]
    menu.deleteLater()
    return said


def test_every_row_of_the_menus_is_an_action_with_its_keys(menus: TimelineMenus) -> None:
    for ids in ROWS.values():
        for id_ in filter(None, ids):
            menus._actions.action(id_)
    menu = menus.menu(Thing("lane"), 0)
    keys = {a.text(): a.shortcut().toString() for a in menu.actions()}
    assert keys["Split at Playhead"] == "S"
    menu.deleteLater()


def test_what_is_pointed_at_is_chosen_for_its_menu(menus: TimelineMenus) -> None:
    cut = item(menus._timeline, "cut")
    assert "Accept Proposal" in texts(menus, cut.thing)
    assert menus._selection.proposal == cut.id
    assert "Correct Word…" in texts(menus, Thing("word", 4), 4_200_000)
    assert menus._selection.words == TimeRange(4 * SECOND, 4_700_000)
    menus._selection.choose_words(TimeRange(3 * SECOND, 6 * SECOND))
    texts(menus, Thing("word", 4), 4_200_000)
    assert menus._selection.words == TimeRange(3 * SECOND, 6 * SECOND)


def test_markers_are_removed_and_lanes_hidden_by_menu(menus: TimelineMenus) -> None:
    marker = item(menus._timeline, "marker")
    menu = menus.menu(marker.thing, 0)
    next(a for a in menu.actions() if a.text() == "Remove Marker").trigger()
    now = menus._review.review
    assert now is not None
    assert [m.text for m in now.decisions.markers] == ["there"]
    menu.deleteLater()
    menu = menus.menu(Thing("names"), 0)
    next(a for a in menu.actions() if a.text() == "Scenes").trigger()
    assert not menus._timeline.lanes["scene"]
    menu.deleteLater()


def test_the_description_names_the_lanes_and_tips_say_what_lies_there(view: TimelineView) -> None:
    assert "2 markers. Lanes: Scenes, Speaker 1, Cut, Markers" in view.accessibleDescription()
    bar = item(view, "marker", 1)
    assert "there" in view.tip_at(bar.x + bar.width / 2, bar.y + 4)
    flag = item(view, "marker")
    assert "0:05.0" in view.tip_at(flag.x + 2, flag.y + 4)
    assert "Markers" in view.tip_at(20, bar.y + 4)
    assert view.tip_at(20, 5) == ""


def test_the_ruler_and_the_names_take_no_stretch(view: TimelineView) -> None:
    heard = Heard(view)
    drag(view, QPointF(300, RULER / 2), QPointF(340, 12), QPointF(400, 12))
    assert heard.of("selection_made") == []
    assert len(heard.of("seek_requested")) == 3
