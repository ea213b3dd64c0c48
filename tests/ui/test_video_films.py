"""Films of every shape in views of every shape: frames pixel for pixel, boxes on their faces.

The whole file is run again at other scales of the window system.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.core.faces import Box, Faces
from app.core.review import Evidence, Footage, Review
from app.core.timerange import SECOND
from app.media.probe import VideoStream, probe
from app.media.stills import StillReader
from app.playback.player import Frame, fitted
from app.ui.video_view import VideoView
from tests.media.clips import ffmpeg

SCALE = float(os.environ.get("QT_SCALE_FACTOR", "1"))
VIEWS = ((640, 360), (403, 500), (333, 187), (900, 301))
FACE = "drawbox=x=60:y=40:w=48:h=36:color=white:t=fill"
"""On a dark picture of 320 by 180 stored pixels."""

SHAPES = {
    "plain": ("null", ""),
    "wide pixels": ("setsar=4/3", ""),
    "narrow pixels": ("setsar=8/9", ""),
    "turned once": ("null", "90"),
    "turned thrice": ("null", "270"),
    "upside down": ("null", "180"),
    "turned, wide pixels": ("setsar=4/3", "90"),
}


@pytest.fixture(scope="module", params=SHAPES)
def film(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second of a white face on a dark ground."""
    shape, turn = SHAPES[request.param]
    folder = tmp_path_factory.mktemp("shapes")
    flat, out = folder / "flat.mp4", folder / "film.mp4"
    source = f"color=c=0x202020:s=320x180:r=10:d=1,{FACE},{shape}"
    ffmpeg("-f", "lavfi", "-i", source, "-c:v", "libx264", "-pix_fmt", "yuv420p", flat)
    ffmpeg("-i", flat, "-c", "copy", *(["-metadata:s:v", f"rotate={turn}"] if turn else []), out)
    found = probe(out).video
    assert found
    if turn and not found.rotation:
        pytest.skip("this ffmpeg writes no rotation so")
    return out


@pytest.fixture
def view(app: QApplication) -> Iterator[VideoView]:
    out = VideoView()
    out.set_scene_markers(False)
    yield out
    out.deleteLater()


def pixels(image: QImage) -> NDArray[np.uint8]:
    """Height by width by blue, green, red."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
    return rows[:, : image.width(), :3].copy()


def bright(rows: NDArray[np.uint8]) -> tuple[float, float, float, float]:
    """Corners of what is bright, 0 to 1 of the picture."""
    ys, xs = np.nonzero(rows.min(axis=2) > 128)
    height, width = rows.shape[:2]
    corners = xs.min() / width, ys.min() / height, (xs.max() + 1) / width, (ys.max() + 1) / height
    return tuple(map(float, corners))  # type: ignore[return-value]


def seen_by_ffmpeg(film: Path, video: VideoStream, tmp_path: Path) -> NDArray[np.uint8]:
    """The first frame as another program turns and stretches it."""
    raw = tmp_path / "frame.bgr"
    size = f"scale={video.width}:{video.height}"
    ffmpeg("-i", film, "-frames:v", "1", "-vf", size, "-f", "rawvideo", "-pix_fmt", "bgr24", raw)
    return np.frombuffer(raw.read_bytes(), np.uint8).reshape(video.height, video.width, 3)


def first_frame(film: Path, size: tuple[int, int]) -> Frame:
    reader = StillReader(film)
    try:
        still = reader.at(0, size=size)
    finally:
        reader.close()
    return Frame(0, 0, still.width, still.height, 4 * still.width, still.bgrx, still=True)


def test_a_box_lies_on_its_face_in_any_view(film: Path, view: VideoView, tmp_path: Path) -> None:
    video = probe(film).video
    assert video
    x1, y1, x2, y2 = bright(seen_by_ffmpeg(film, video, tmp_path))
    faces = Faces.of([(0, [Box(x1, y1, x2, y2, 0.9, 1)])])
    view.show_review(Review(Evidence(Footage(SECOND, width=video.width, height=video.height),
                                     faces=faces)))  # fmt: skip
    view.set_film((video.width, video.height))
    told: list[tuple[int, int]] = []
    view.view_resized.connect(lambda w, h: told.append((w, h)))
    for size in VIEWS:
        view.resize(*size)
        view.show()
        view.show_frame(first_frame(film, fitted((video.width, video.height), told[-1])))
        ((rect, name),) = view.boxes_on_screen()
        assert name == "Person 1"
        view.set_boxes(False)
        painted = pixels(view.grab().toImage())
        view.set_boxes(True)
        ratio, (high, wide) = view.devicePixelRatioF(), painted.shape[:2]
        left, top, right, bottom = bright(painted)
        assert [left * wide, top * high, right * wide, bottom * high] == pytest.approx(
            [v * ratio for v in (rect.left(), rect.top(), rect.right(), rect.bottom())], abs=2.5
        ), size
        # The shape on the screen is the film's, not the stored picture's.
        at = view.picture_rect()
        assert at.width() / at.height() == pytest.approx(video.width / video.height, rel=0.01)


@pytest.mark.parametrize("size", VIEWS)
def test_a_frame_of_the_right_size_is_painted_pixel_for_pixel(
    view: VideoView, size: tuple[int, int]
) -> None:
    told: list[tuple[int, int]] = []
    view.view_resized.connect(lambda w, h: told.append((w, h)))
    view.set_film((1920, 1080))
    view.resize(*size)
    view.show()
    ratio = view.devicePixelRatioF()
    assert ratio == SCALE
    assert told[-1] == (round(size[0] * ratio), round(size[1] * ratio))
    width, height = fitted((1920, 1080), told[-1])
    noise = np.random.default_rng(1).integers(0, 256, (height, width, 4), np.uint8)
    view.show_frame(Frame(0, 0, width, height, 4 * width, noise.tobytes()))
    at = view.picture_rect()
    left, top = round(at.x() * ratio), round(at.y() * ratio)
    assert (left / ratio, top / ratio) == pytest.approx((at.x(), at.y()), abs=1e-6)
    painted = pixels(view.grab().toImage())
    assert np.array_equal(painted[top : top + height, left : left + width], noise[:, :, :3])


def test_a_frame_of_another_size_fills_the_same_place(view: VideoView) -> None:
    view.set_film((1920, 1080))
    view.resize(640, 480)
    for width, height in ((641, 360), (320, 181), (64, 36)):
        view.show_frame(Frame(0, 0, width, height, 4 * width, b"\xff" * (4 * width * height)))
        assert view.picture_rect().getRect() == (0, 60, 640, 360)
        painted = pixels(view.grab().toImage())
        middle = painted[:, painted.shape[1] // 2, 0]
        assert np.flatnonzero(middle > 250).tolist() == list(
            range(round(60 * SCALE), round(420 * SCALE))
        )


@pytest.mark.skipif(SCALE != 1, reason="this is such a run already")
@pytest.mark.parametrize("factor", ["2", "1.25"])
def test_all_of_this_holds_at_other_scales(factor: str) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", __file__],
        env={**os.environ, "QT_SCALE_FACTOR": factor, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-1000:]
    assert " passed" in run.stdout
