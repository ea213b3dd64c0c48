"""The Moments lane: bars where they are hit, edges that snap, clicks that say which moment."""

from __future__ import annotations

import dataclasses
from array import array
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.core.edits import Strike, apply
from app.core.faces import Box, Faces
from app.core.moment_edits import DecideMoments, MoveMoment
from app.core.moments import Moment, Moments, Pick
from app.core.review import Evidence, Footage, Review
from app.core.scenes import Scenes
from app.core.timerange import SECOND, TimeRange
from app.core.transcript import Transcript, Word
from app.ui import theme
from app.ui.timeline_input import timeline_input
from app.ui.timeline_items import Item
from app.ui.timeline_lanes import OVERVIEW
from app.ui.timeline_layout import layout
from app.ui.timeline_moments import MOST_ROWS
from app.ui.timeline_scale import View, fitted
from app.ui.timeline_view import TimelineView

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
FILM = 60 * SECOND


def review(*spans: tuple[int, int], title: str = "The ask") -> Review:
    words = tuple(Word(f"w{i}", i * SECOND, i * SECOND + 700_000, 0) for i in range(50))
    items = tuple(
        Moment(n, TimeRange(a, b), title, score=88.0, channels=(("tiktok", 84.0),))
        for n, (a, b) in enumerate(spans, 1)
    )
    footage = Footage(FILM, array("q", range(0, FILM, 40_000)), 160, 90)
    return Review(Evidence(footage, Transcript(words), moments=Moments("job", items)))


spans = st.lists(
    st.tuples(st.integers(0, 58 * SECOND), st.integers(1, 30 * SECOND)).map(
        lambda s: (s[0], min(FILM, s[0] + s[1]))
    ),
    max_size=30,
)


@given(spans, st.integers(0, FILM), st.integers(500, 200_000), st.integers(60, 400),
       st.floats(0, 1), st.floats(0, 1))  # fmt: skip
def test_what_a_point_hits_is_the_moment_painted_there_last(
    rows: list[tuple[int, int]], start: int, scale: int, high: int, across: float, down: float
) -> None:
    shown = layout(timeline_input(review(*rows)), View(start, scale, 900.0, high))
    x, y = across * 900, down * high
    thing = shown.hit(x, y)
    under = [i for i in shown.items if i.holds(x, y)]
    if thing.kind == "moment":
        assert under[-1].thing == thing
    elif thing.kind == "lane":
        assert not under
    edge = shown.edge_at(x, y)
    lane = shown.lane_at(y)
    if edge is not None and lane is not None and lane.kind == "moment":
        item = next(i for i in shown.items_of("moment") if i.thing.id == edge[0])
        assert item.y <= y < item.y + item.height
        assert abs(x - (item.x + (item.width if edge[1] == "end" else 0))) <= 5


@given(spans)
def test_moments_at_the_same_time_lie_in_rows_of_their_own(rows: list[tuple[int, int]]) -> None:
    stacked = timeline_input(review(*rows)).moment_spans
    assert len(stacked) <= MOST_ROWS
    assert sum(len(row) for row in stacked) == len(rows)
    for row in stacked[: MOST_ROWS - 1]:
        ends = list(row.ends)[:-1]
        assert all(end <= after for end, after in zip(ends, list(row.starts)[1:], strict=True))


def test_narrow_moments_become_blocks_and_no_more_than_is_seen_is_laid_out() -> None:
    many = timeline_input(review(*((k * 100_000, k * 100_000 + 50_000) for k in range(500))))
    blocks = layout(many, fitted(FILM, 300, 300)).items_of("moment")
    assert len(blocks) < 200
    assert sum(b.count for b in blocks) == 500
    assert len(layout(many, View(0, 1000, 1000, 300)).items_of("moment")) < 15


def test_of_five_hundred_moments_in_ten_hours_those_in_view_are_laid_out() -> None:
    film = 36_000 * SECOND
    items = tuple(
        Moment(n + 1, TimeRange(n * 70 * SECOND, n * 70 * SECOND + 120 * SECOND), f"Moment {n}")
        for n in range(500)
    )
    many = timeline_input(Review(Evidence(Footage(film), moments=Moments("job", items))))
    assert sum(i.count for i in layout(many, fitted(film, 1366, 240)).items_of("moment")) == 500
    assert len(layout(many, View(film / 2, 5_000, 1366, 240)).items_of("moment")) <= 3


def test_blocks_of_several_moments_have_no_edge_to_drag() -> None:
    many = timeline_input(review(*((k * 100_000, k * 100_000 + 50_000) for k in range(500))))
    shown = layout(many, fitted(FILM, 300, 300))
    for item in shown.items_of("moment"):
        if item.count > 1:
            assert shown.hit(item.x + item.width / 2, item.y + 1) == item.thing
            edge = shown.edge_at(item.x, item.y + 1)
            assert edge is None or edge[0] != item.thing.id


def test_five_at_the_same_time_share_the_last_row_and_each_is_kept() -> None:
    stacked = timeline_input(review(*((k * SECOND, 50 * SECOND) for k in range(6)))).moment_spans
    assert [len(row) for row in stacked] == [1, 1, 1, 3]


@pytest.mark.parametrize("rows", [1, 2, 3, 4])
def test_every_lane_is_seen_in_a_low_window_and_three_rows_can_be_read(rows: int) -> None:
    words = tuple(Word(f"w{i}", i * SECOND, i * SECOND + 900_000, i % 2) for i in range(50))
    items = tuple(
        Moment(n, TimeRange(0, 50 * SECOND), "The ask", score=88.0) for n in range(1, rows + 1)
    )
    two = [Box(0.1, 0.1, 0.2, 0.3, 0.9, 0), Box(0.5, 0.1, 0.6, 0.3, 0.9, 1)]
    faces = Faces.of([(k * 200_000, two) for k in range(100)])
    found = Review(
        Evidence(Footage(FILM), Transcript(words), faces, Scenes.of([10 * SECOND], FILM),
                 moments=Moments("job", items))
    )  # fmt: skip
    shown = layout(timeline_input(found), fitted(FILM, 1366, 240))
    assert shown.bottom <= shown.overview <= 240 - OVERVIEW
    assert [lane.kind for lane in shown.lanes] == [
        "scene", "word", "word", "cut", "person", "moment",
    ]  # fmt: skip
    assert all(lane.height >= 18 for lane in shown.lanes)
    assert [bool(i.text) for i in shown.items_of("moment")] == [rows < 4] * rows
    for item in shown.items_of("moment"):
        assert shown.hit(item.x + 50, item.y + item.height / 2) == item.thing


@pytest.fixture
def view(app: QApplication) -> Iterator[TimelineView]:
    out = TimelineView()
    out.resize(1000, 300)
    out.show_review(review((10 * SECOND, 20 * SECOND), (15 * SECOND, 40 * SECOND)))
    out.show()
    QApplication.processEvents()
    yield out
    out.close()


class Heard:
    """What the widget's signals said, in order."""

    def __init__(self, view: TimelineView) -> None:
        self.said: list[tuple[str, Any]] = []
        for name in ("moment_clicked", "moment_activated", "moment_put_back", "seek_requested"):
            getattr(view, name).connect(lambda v, n=name: self.said.append((n, v)))
        for name in ("scrub_started", "scrub_ended"):
            getattr(view, name).connect(lambda n=name: self.said.append((n, None)))
        view.moment_moved.connect(lambda k, r: self.said.append(("moment_moved", (k, r))))

    def names(self) -> list[str]:
        return [name for name, _ in self.said]


def bar(view: TimelineView, key: str) -> Item:
    return next(i for i in view.shown.items_of("moment") if i.thing.id == key)


def middle(item: Item) -> QPoint:
    return QPoint(round(item.x + item.width / 2), round(item.y + item.height / 2))


def end_of(item: Item) -> QPoint:
    return QPoint(round(item.x + item.width) - 1, round(item.y + item.height / 2))


def move(view: TimelineView, to: QPoint, held: Qt.KeyboardModifier = NONE) -> None:
    at = QPointF(view.mapToGlobal(to))
    kind = QEvent.Type.MouseMove
    QApplication.sendEvent(
        view, QMouseEvent(kind, QPointF(to), at, Qt.MouseButton.NoButton, LEFT, held)
    )


def to_time(view: TimelineView, t: int, y: int) -> QPoint:
    return QPoint(round(view.shown.view.x_of(t)), y)


def test_a_click_chooses_and_a_double_click_plays(view: TimelineView) -> None:
    heard = Heard(view)
    QTest.mouseClick(view, LEFT, pos=middle(bar(view, "job/1")))
    assert heard.said == [("moment_clicked", "job/1")]
    QTest.mouseDClick(view, LEFT, pos=middle(bar(view, "job/2")))
    assert heard.said[-1] == ("moment_activated", "job/2")
    assert "job/1" not in [v for _, v in heard.said[1:]]


def test_a_dragged_edge_snaps_to_words_and_is_told_once(view: TimelineView) -> None:
    heard = Heard(view)
    start = end_of(bar(view, "job/1"))
    QTest.mousePress(view, LEFT, pos=start)
    move(view, to_time(view, 23_000_000, start.y()))
    goal = to_time(view, 25_640_000, start.y())
    move(view, goal)
    assert view._dragged == TimeRange(10 * SECOND, 25_680_000), "the frame at the word's end"
    label = view.grab().toImage().pixelColor(goal.x(), 6)
    assert label.name() == QColor(theme.current().accent).name()
    QTest.mouseRelease(view, LEFT, pos=goal)
    assert heard.names() == [
        "scrub_started", "seek_requested", "seek_requested", "scrub_ended", "moment_moved",
    ]  # fmt: skip
    assert heard.said[-1][1] == ("job/1", TimeRange(10 * SECOND, 25_680_000))


def test_alt_does_without_snapping_and_the_playhead_is_snapped_to(view: TimelineView) -> None:
    view.set_playhead(22_200_000)
    start = end_of(bar(view, "job/1"))
    QTest.mousePress(view, LEFT, pos=start)
    near = to_time(view, 22_200_000, start.y())
    move(view, near)
    assert view._dragged == TimeRange(10 * SECOND, 22_200_000)
    move(view, near, Qt.KeyboardModifier.AltModifier)
    assert view._dragged == TimeRange(10 * SECOND, view._time_at(near.x()))
    QTest.mouseRelease(view, LEFT, pos=near)


def test_an_edge_stays_a_frame_away_from_the_other_and_in_the_film(view: TimelineView) -> None:
    start = end_of(bar(view, "job/1"))
    QTest.mousePress(view, LEFT, pos=start)
    move(view, QPoint(110, start.y()))
    assert view._dragged == TimeRange(10 * SECOND, 10 * SECOND + 40_000)
    move(view, QPoint(5000, start.y()))
    assert view._dragged == TimeRange(10 * SECOND, FILM)
    QTest.mouseRelease(view, LEFT, pos=start)


def test_escape_gives_a_drag_up(view: TimelineView) -> None:
    heard = Heard(view)
    start = end_of(bar(view, "job/1"))
    QTest.mousePress(view, LEFT, pos=start)
    move(view, start + QPoint(60, 0))
    key = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Escape, NONE)
    key.ignore()
    QApplication.sendEvent(view, key)
    assert key.isAccepted(), "no action takes it away"
    QTest.keyClick(view, Qt.Key.Key_Escape)
    QTest.mouseRelease(view, LEFT, pos=start + QPoint(60, 0))
    assert heard.names() == ["scrub_started", "seek_requested", "scrub_ended"]


def test_a_double_click_on_a_moved_edge_puts_it_back(view: TimelineView) -> None:
    moved = apply(
        review((10 * SECOND, 20 * SECOND)),
        MoveMoment("job/1", TimeRange(10 * SECOND, 30 * SECOND)),
    )
    view.show_review(moved)
    heard = Heard(view)
    edge = end_of(bar(view, "job/1"))
    QTest.mousePress(view, LEFT, pos=edge)
    move(view, edge + QPoint(1, 1))
    QTest.mouseRelease(view, LEFT, pos=edge)
    assert heard.names() == ["moment_clicked"], "an unsteady click moves nothing"
    QTest.mouseDClick(view, LEFT, pos=edge)
    assert heard.said[-1] == ("moment_put_back", "job/1")


def test_the_bar_says_all_and_nothing_is_read_as_markup(view: TimelineView) -> None:
    picked = apply(
        review((0, 50 * SECOND), title="<b>שלום\nclip</b>"),
        DecideMoments(("job/1",), Pick.PICKED),
    )
    view.show_review(picked)
    item = bar(view, "job/1")
    plain = item.text.replace("\u2068", "").replace("\u2069", "")
    assert plain == "★ 1  <b>שלום clip</b>  88   TikTok 84"
    tip = view.tip_at(item.x + 40, item.y + 5)
    assert "0:00.0 – 0:50.0" in tip
    assert "<" not in tip


def test_the_current_moment_is_outlined(view: TimelineView) -> None:
    item = bar(view, "job/2")
    x, y = round(item.x + item.width / 2), round(item.y)
    accent = theme.current().accent
    assert view.grab().toImage().pixelColor(x, y).name() != accent
    view.set_current_moment("job/2")
    assert view.grab().toImage().pixelColor(x, y).name() == accent


def test_a_dragged_edge_snaps_to_a_scene_cut_and_starts_to_starts(view: TimelineView) -> None:
    plain = review((10 * SECOND, 20 * SECOND))
    cut_at = 55 * SECOND + 280_000
    evidence = dataclasses.replace(plain.evidence, scenes=Scenes.of([cut_at], FILM))
    view.show_review(Review(evidence))
    y = end_of(bar(view, "job/1")).y()
    QTest.mousePress(view, LEFT, pos=end_of(bar(view, "job/1")))
    move(view, to_time(view, cut_at + 60_000, y))
    assert view._dragged == TimeRange(10 * SECOND, cut_at)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    first = bar(view, "job/1")
    QTest.mousePress(view, LEFT, pos=QPoint(round(first.x) + 1, y))
    move(view, to_time(view, 7_050_000, y))
    assert view._dragged == TimeRange(7 * SECOND, 20 * SECOND), "a word begins here"
    QTest.mouseRelease(view, LEFT, pos=to_time(view, 7_050_000, y))


def test_the_dragged_row_alone_is_outlined(view: TimelineView) -> None:
    other, mine = bar(view, "job/1"), bar(view, "job/2")
    QTest.mousePress(view, LEFT, pos=end_of(mine))
    move(view, end_of(mine) + QPoint(80, 0))
    lane = view._dragged_row()
    assert lane is not None
    assert lane.y > other.y + other.height - 2
    assert mine.y - 2 <= lane.y < lane.y + lane.height <= mine.y + mine.height + 4
    QTest.keyClick(view, Qt.Key.Key_Escape)


def test_a_double_click_elsewhere_seeks_as_before(view: TimelineView) -> None:
    heard = Heard(view)
    word = view.shown.items_of("word")[5]
    # QTest says the second press of the two, and no release.
    QTest.mouseDClick(view, LEFT, pos=middle(word))
    QTest.mouseRelease(view, LEFT, pos=middle(word))
    assert heard.names() == ["seek_requested"]


def test_a_picked_bar_hides_the_stripes_below_it(view: TimelineView) -> None:
    # The fill is the same over a removed stretch and beside it.
    struck = apply(review((10 * SECOND, 50 * SECOND), title=""), Strike(TimeRange(0, 30 * SECOND)))
    view.show_review(apply(struck, DecideMoments(("job/1",), Pick.PICKED)))
    item, image = bar(view, "job/1"), view.grab().toImage()
    y = round(item.y + 4)
    over, beside = (round(view.shown.view.x_of(t * SECOND)) for t in (28, 40))
    assert image.pixelColor(over, y) == image.pixelColor(beside, y)
