"""The picture: boxes lie where the faces are, in step with the frame that is painted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication

from app.core.edits import Rename, apply
from app.core.faces import Box, Faces
from app.core.review import Evidence, Footage, Review
from app.core.scenes import Scenes
from app.core.timerange import SECOND
from app.playback.player import Frame
from app.ui.video_view import VideoView

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def review() -> Review:
    faces = Faces.of(
        [
            (0, [Box(0.25, 0.25, 0.5, 0.5, 0.94, 0)]),
            (200_000, [Box(0.25, 0.25, 0.5, 0.5, 0.94, 0)]),
            (400_000, [Box(0.45, 0.25, 0.7, 0.5, 0.94, 0)]),
        ]
    )
    return Review(
        Evidence(
            Footage(60 * SECOND, width=160, height=90),
            faces=faces,
            scenes=Scenes.of([10 * SECOND], 60 * SECOND),
        )
    )


def frame(pts: int, colour: tuple[int, int, int] = (0, 0, 255)) -> Frame:
    pixel = bytes((*colour, 255))
    return Frame(
        pts=pts,
        index=0,
        width=160,
        height=90,
        stride=160 * len(pixel),
        data=pixel * (160 * 90),
    )


@pytest.fixture
def view() -> Iterator[VideoView]:
    _app = QApplication.instance() or QApplication([])
    out = VideoView()
    out.resize(320, 240)
    out.show_review(review())
    yield out
    out.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def test_the_frame_is_letterboxed_in_its_own_colours(view: VideoView) -> None:
    view.set_boxes(False)
    view.set_scene_markers(False)
    view.show_frame(frame(0, (0, 0, 255)))
    image = view.grab().toImage()
    assert view.picture_rect().getRect() == (0, 30, 320, 180)
    assert image.pixelColor(160, 120).name() == "#ff0000"
    assert image.pixelColor(160, 10).name() == "#000000"


def test_boxes_follow_the_frame_that_is_painted(view: VideoView) -> None:
    assert view.boxes_on_screen() == ()
    view.show_frame(frame(100_000))
    ((rect, name),) = view.boxes_on_screen()
    assert rect.getRect() == pytest.approx((80, 75, 80, 45), abs=0.1)
    assert name == "Person 1"
    view.show_frame(frame(300_000))
    ((moved, _),) = view.boxes_on_screen()
    assert moved.x() == pytest.approx(112, abs=0.1), "half way between two samples"


def test_no_box_is_drawn_while_it_is_not_sure_which_frame_is_shown(view: VideoView) -> None:
    view.show_frame(frame(100_000))
    assert view.boxes_on_screen()
    view.show_frame(replace(frame(100_000), unsure=True))
    assert view.boxes_on_screen() == ()
    view.show_frame(frame(100_000))
    assert view.boxes_on_screen()


def test_a_box_is_painted_in_the_persons_colour(view: VideoView) -> None:
    view.set_names(False)
    view.set_scene_markers(False)
    view.show_frame(frame(100_000, (0, 0, 0)))
    image = view.grab().toImage()
    edge = [image.pixelColor(x, 97).name() for x in range(77, 84)]
    assert any(int(name[5:7], 16) > 0xC0 for name in edge)
    view.set_boxes(False)
    assert view.boxes_on_screen() == ()
    image = view.grab().toImage()
    assert {image.pixelColor(x, 97).name() for x in range(77, 84)} == {"#000000"}


def test_names_are_the_persons_own(view: VideoView) -> None:
    (person,) = [t.person for t in review().evidence.faces.tracks]  # type: ignore[union-attr]
    view.show_review(apply(review(), Rename(person, "Dana")))
    view.show_frame(frame(100_000))
    assert [name for _, name in view.boxes_on_screen()] == ["Dana"]
    view.set_only_person("somebody else")
    assert view.boxes_on_screen() == ()
    view.set_only_person(None)
    assert len(view.boxes_on_screen()) == 1


def test_a_scene_is_named_as_it_begins(view: VideoView) -> None:
    assert view.scene_label == ""
    view.show_frame(frame(500_000))
    assert view.scene_label == "Scene 1"
    view.show_frame(frame(9 * SECOND))
    assert view.scene_label == ""
    view.show_frame(frame(10 * SECOND))
    assert view.scene_label == "Scene 2"
    view.set_scene_markers(False)
    assert view.scene_label == ""


def test_a_message_stands_where_there_is_no_picture(view: VideoView) -> None:
    view.show_frame(None)
    view.set_message("The video is gone.\nIt was moved or deleted. File, Relink Video… finds it.")
    assert "Relink" in view.accessibleDescription()
    image = view.grab().toImage()
    assert any(
        image.pixelColor(x, y).lightness() > 100 for x in range(40, 280) for y in range(60, 180)
    )
    view.show_frame(frame(100_000))
    view.grab()


def test_a_dropped_file_is_named(view: VideoView) -> None:
    dropped: list[str] = []
    view.file_dropped.connect(dropped.append)
    for url in ("https://example.com/a.mp4", "file:///films/my%20take.mp4"):
        mime = QMimeData()
        mime.setUrls([QUrl(url)])
        view.dropEvent(
            QDropEvent(
                QPointF(QPoint(5, 5)),
                Qt.DropAction.CopyAction,
                mime,
                Qt.MouseButton.LeftButton,
                Qt.KeyboardModifier.NoModifier,
            )
        )
    assert dropped == ["/films/my take.mp4"]
