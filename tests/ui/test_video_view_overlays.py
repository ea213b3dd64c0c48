"""The upright guide and the words over the picture, in step with the frame that is painted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from app.core.reframe import Framed, Part, Shot, Track
from app.core.timerange import SECOND, TimeRange
from app.playback.player import Frame
from app.ui import theme, video_overlays
from app.ui.video_view import VideoView

WHOLE = Part(0.0, 0.0, 1.0, 1.0)


def white(pts: int) -> Frame:
    return Frame(pts=pts, index=0, width=160, height=90, stride=640,
                 data=b"\xff" * (640 * 90))  # fmt: skip


def framed(*tracks: Track) -> Framed:
    return Framed((Shot(TimeRange(0, 10 * SECOND), tracks),))


@pytest.fixture
def view(app: QApplication) -> Iterator[VideoView]:
    out = VideoView()
    out.resize(320, 240)
    yield out
    out.deleteLater()


def test_the_guide_dims_what_the_short_leaves_out_of_the_painted_frame(view: VideoView) -> None:
    assert view.guide_rects() == ()
    view.set_guide(framed(Track(WHOLE, 0.25, 1.0, ((0, 0.0, 0.0), (SECOND, 0.5, 0.0)))))
    view.show_frame(white(SECOND))
    (rect,) = view.guide_rects()
    assert rect.getRect() == pytest.approx((160, 30, 80, 180))
    image = view.grab().toImage()
    assert image.pixelColor(200, 120).name() == "#ffffff"
    assert 0x58 <= image.pixelColor(80, 120).red() <= 0x80
    assert image.pixelColor(80, 10).name() == "#000000"
    view.show_frame(white(0))
    assert view.guide_rects()[0].x() == pytest.approx(0)
    assert view.grab().toImage().pixelColor(40, 120).name() == "#ffffff"
    view.show_frame(white(200 * SECOND))
    assert view.guide_rects() == (), "the rest of the film is seen as it is"
    assert view.grab().toImage().pixelColor(80, 120).name() == "#ffffff"
    view.set_guide(None)
    assert view.grab().toImage().pixelColor(200, 120).name() == "#ffffff"


def test_a_grid_shows_each_pane(view: VideoView) -> None:
    upper, lower = Part(0.0, 0.0, 1.0, 0.5), Part(0.0, 0.5, 1.0, 0.5)
    view.set_guide(framed(Track(upper, 0.3, 0.6, ((0, 0.1, 0.2),)),
                          Track(lower, 0.3, 0.6, ((0, 0.6, 0.2),))))  # fmt: skip
    view.show_frame(white(0))
    assert len(view.guide_rects()) == 2
    image = view.grab().toImage()
    assert image.pixelColor(80, 120).name() == image.pixelColor(240, 120).name() == "#ffffff"
    assert image.pixelColor(160, 120).red() < 0x90


def filled(image: QImage) -> list[int]:
    accent = theme.DARK.accent
    columns, rows = range(image.width()), range(image.height())
    return [x for x in columns if any(image.pixelColor(x, y).name() == accent for y in rows)]


def test_the_word_being_said_is_filled_at_the_foot(view: VideoView) -> None:
    view.set_words(lambda t: (("ask", t < SECOND), ("not", t >= SECOND)), False)
    view.show_frame(white(0))
    first = filled(view.grab().toImage())
    view.show_frame(white(SECOND))
    second = filled(view.grab().toImage())
    assert first
    assert max(first) < min(second)
    view.set_words(None, False)
    assert filled(view.grab().toImage()) == []


def test_hebrew_words_run_to_the_left_and_a_name_in_them_keeps_its_place(app: QApplication) -> None:
    def painted(now: int) -> list[int]:
        image = QImage(400, 200, QImage.Format.Format_RGB32)
        image.fill(0)
        words = [(w, n == now) for n, w in enumerate(("שלום", "clip.mp4", "עולם"))]
        painter = QPainter(image)
        video_overlays.paint_words(painter, QRectF(0, 0, 400, 200), words, rtl=True)
        painter.end()
        return filled(image)

    first, second, third = painted(0), painted(1), painted(2)
    assert max(third) < min(second)
    assert max(second) < min(first)
