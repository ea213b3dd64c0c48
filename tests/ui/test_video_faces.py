"""Faces on the picture under the mouse, and when the picture is painted anew."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from app.core.edits import Rename, Strike, apply
from app.core.faces import NO_TRACK, Box, Faces, FaceTrack
from app.core.review import Evidence, Footage, Review
from app.core.timerange import SECOND, TimeRange
from app.playback.player import Frame
from app.ui import theme
from app.ui.video_boxes import Area, PlacedBox, hit, picture, tag_area
from app.ui.video_view import VideoView

LEFT, RIGHT, NOBODY = QPoint(60, 90), QPoint(240, 90), QPoint(160, 230)
"""In the middle of a face each, and where there is none."""


def review(speaking: float | None = None) -> Review:
    """Ann on the left from 0 to 1 s; on the right somebody else, and a small face in that one."""
    left = Box(0.125, 0.25, 0.25, 0.5, 0.94, 1)
    right = Box(0.625, 0.125, 0.875, 0.75, 0.88, 2, speaking=speaking)
    small = Box(0.7, 0.3, 0.8, 0.5, 0.5, 3)
    faces = Faces.of((k * SECOND // 5, [left, right, small]) for k in range(6))
    found = Review(Evidence(Footage(60 * SECOND, width=320, height=240), faces=faces))
    return apply(found, Rename("t1", "<b>Ann</b>"))


def frame(pts: int = 0) -> Frame:
    return Frame(pts, 0, 320, 240, 1280, bytes(1280 * 240))


class Counting(VideoView):
    """Notes what it was asked to paint."""

    def __init__(self) -> None:
        super().__init__()
        self.painted: list[tuple[int, int, int, int]] = []

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted.append(event.rect().getRect())
        super().paintEvent(event)


def settle(view: Counting) -> None:
    """Let the window system say all it has to say."""
    QTest.qWait(50)
    view.painted.clear()


@pytest.fixture
def view(app: QApplication) -> Iterator[Counting]:
    out = Counting()
    out.resize(320, 240)
    out.show_review(review())
    out.show_frame(frame())
    out.show()
    QTest.qWaitForWindowExposed(out)
    settle(out)
    yield out
    out.deleteLater()


def move(view: VideoView, to: QPoint) -> None:
    at = QPointF(to)
    none = Qt.MouseButton.NoButton
    event = QMouseEvent(QEvent.Type.MouseMove, at, at, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(view, event)


def names(view: VideoView) -> dict[str, bool]:
    """Tags and whether each stands out."""
    found = view._found
    return {b.name: found.strong(b) for b in found.placed if found.named(b)}


def test_the_face_under_the_mouse_stands_out_and_says_who_it_is(view: Counting) -> None:
    view.set_names(False)
    assert names(view) == {}
    move(view, LEFT)
    assert names(view) == {"<b>Ann</b>": True}
    assert view.cursor().shape() == Qt.CursorShape.PointingHandCursor
    assert "&lt;b&gt;Ann&lt;/b&gt;, score 0.94" in view.toolTip()
    assert view.accessibleDescription() == "<b>Ann</b>, score 0.94"
    move(view, NOBODY)
    assert names(view) == {}
    assert (view.toolTip(), view.cursor().shape()) == ("", Qt.CursorShape.ArrowCursor)
    move(view, LEFT)
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert names(view) == {}


def test_the_face_may_leave_the_mouse_as_well_as_the_mouse_the_face(view: Counting) -> None:
    move(view, LEFT)
    view.show_frame(frame(3 * SECOND))
    assert view.toolTip() == ""
    view.show_frame(frame(0))
    assert "Ann" in view.toolTip()
    view.set_boxes(False)
    assert view.toolTip() == ""


def test_a_click_chooses_the_person_and_elsewhere_plays(view: Counting) -> None:
    heard: list[str] = []
    view.person_clicked.connect(heard.append)
    view.clicked.connect(lambda: heard.append("play"))
    left = Qt.MouseButton.LeftButton
    QTest.mouseClick(view, left, pos=LEFT)
    QTest.mouseClick(view, left, pos=NOBODY)
    QTest.mouseClick(view, left, pos=RIGHT)
    QTest.mouseClick(view, Qt.MouseButton.RightButton, pos=LEFT)
    assert heard == ["t1", "play", "t3"], "of two faces the smaller one"
    QTest.mousePress(view, left, pos=LEFT)
    QTest.mouseRelease(view, left, pos=NOBODY)
    assert len(heard) == 3
    view.set_boxes(False)
    QTest.mouseClick(view, left, pos=LEFT)
    assert heard[3:] == ["play"]


def test_the_chosen_person_stands_out_and_is_named(view: Counting) -> None:
    view.set_names(False)
    view.set_chosen_person("t2")
    assert names(view) == {"Person 2": True}
    view.set_names(True)
    assert names(view) == {"<b>Ann</b>": False, "Person 2": True, "Person 3": False}
    view.set_only_person("t1")
    assert names(view) == {"<b>Ann</b>": False}


@pytest.mark.parametrize(("confidence", "speaks"), [(None, False), (0.4, False), (0.7, True)])
def test_who_speaks_is_marked_when_the_service_says_so(
    view: Counting, confidence: float | None, speaks: bool
) -> None:
    view.set_names(False)
    quiet = view.grab().toImage()
    view.show_review(review(confidence))
    assert (view.grab().toImage() != quiet) == speaks
    box = next(b for b in view._found.placed if b.track == 2)
    assert box.tag == ("Person 2  speaking" if speaks else "Person 2  0.88")
    assert box.told.endswith(", speaking") == speaks


def test_boxes_have_the_colour_of_their_person(view: Counting) -> None:
    view.set_names(False)
    image = view.grab().toImage()
    edges = (QPoint(40, 90), QPoint(200, 90), QPoint(224, 90))
    for number, at in enumerate(edges):
        painted, wanted = image.pixelColor(at), QColor(theme.DARK.person(number))
        for a, b in zip(painted.getRgb(), wanted.getRgb(), strict=True):
            assert abs(a - b) < 32, (number, painted.name())


def test_a_new_frame_paints_the_picture_and_an_edit_elsewhere_nothing(view: Counting) -> None:
    view.resize(480, 240)
    settle(view)
    view.show_frame(frame(SECOND // 5))
    QTest.qWait(50)
    assert view.painted == [(80, 0, 320, 240)], "the bars beside it stay as they are"
    view.painted.clear()
    now = review()
    view.show_review(now)
    settle(view)
    view.show_review(apply(now, Strike(TimeRange(0, SECOND))))
    view.show_frame(view._frame)
    view.set_only_person(None)
    view.set_chosen_person("")
    view.set_guide(None)
    view.set_words(None, False)
    view.set_film(None)
    move(view, NOBODY)
    QTest.qWait(50)
    assert view.painted == []
    view.show_review(apply(now, Rename("t2", "Ben")))
    QTest.qWait(50)
    assert len(view.painted) == 1


# Layout


def placed(*areas: Area) -> list[PlacedBox]:
    return [PlacedBox(area, n, f"t{n}", "", n, 1.0, False) for n, area in enumerate(areas)]


def test_the_smallest_face_is_hit_and_its_outline_belongs_to_it() -> None:
    boxes = placed(Area(0, 0, 100, 100), Area(10, 10, 20, 20))
    inner = hit(boxes, 15, 15)
    assert inner is boxes[1]
    assert hit(boxes, 32, 15) is boxes[1]
    assert hit(boxes, 40, 40) is boxes[0]
    assert hit(boxes, 104, 50) is None
    assert hit([], 1, 1) is None


def test_a_tag_stands_inside_of_the_frame() -> None:
    at = Area(10, 20, 300, 200)
    assert tag_area(Area(50, 100, 40, 40), at, 80, 18) == Area(49, 80, 80, 18)
    assert tag_area(Area(50, 25, 40, 40), at, 80, 18) == Area(49, 67, 80, 18)
    assert tag_area(Area(50, 21, 40, 198), at, 80, 18) == Area(49, 23, 80, 18)
    assert tag_area(Area(290, 100, 40, 40), at, 80, 18).right == at.right
    assert tag_area(Area(0, 100, 40, 40), at, 80, 18).x == at.x


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_the_frame_begins_and_ends_on_whole_pixels_of_the_screen(ratio: float) -> None:
    for view in ((640, 360), (403, 500), (333, 187), (1, 1)):
        for film in ((1920, 1080), (1080, 1920), (853, 480), (4096, 2)):
            at = picture(film, view, ratio)
            edges = [v * ratio for v in (at.x, at.y, at.right, at.bottom)]
            assert edges == pytest.approx([round(v) for v in edges], abs=1e-6)
            assert at.right <= view[0] + 1 / ratio
    assert picture((0, 0), (10, 10), ratio) == picture((4, 3), (0, 0), ratio) == Area()


def test_a_face_of_no_track_is_nobody(view: Counting) -> None:
    heard: list[str] = []
    view.person_clicked.connect(heard.append)
    view.clicked.connect(lambda: heard.append("play"))
    lost = Box(0.125, 0.25, 0.25, 0.5, 0.94, NO_TRACK)
    faces = Faces.of([(0, [lost])], [FaceTrack(5, -1, 0, SECOND, 5, 0.1)])
    view.show_review(Review(Evidence(Footage(SECOND), faces=faces)))
    move(view, LEFT)
    assert names(view) == {"Face": True}
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=LEFT)
    assert heard == ["play"]
