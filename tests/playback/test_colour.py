"""The colours that are painted are the film's, playing and paused alike."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.media.frame_index import frame_times
from app.media.probe import probe
from app.playback.player import Film, Frame, film_of
from tests.media.clips import ffmpeg
from tests.playback.conftest import Show

RED, GREEN, BLUE = 200, 120, 60
"""A colour that BT.601 and BT.709 tell apart by some ten steps."""


def middle(frame: Frame) -> tuple[int, int, int]:
    """Red, green, blue of the pixel in the middle."""
    at = frame.height // 2 * frame.stride + frame.width // 2 * 4
    blue, green, red = frame.data[at : at + 3]
    return red, green, blue


@pytest.mark.parametrize("pixels", ["yuv420p", "yuv422p", "yuv444p10le"])
@pytest.mark.parametrize(
    ("matrix", "span", "size"),
    [
        ("bt709", "tv", "320x180"), ("bt709", "pc", "320x180"), ("smpte170m", "tv", "320x180"),
        ("smpte170m", "pc", "320x180"), ("", "tv", "320x180"), ("", "tv", "1280x720"),
    ],
)  # fmt: skip
def test_colours_are_the_films_own(
    matrix: str, span: str, size: str, pixels: str, tmp_path: Path,
    make_show: Callable[[Film], Show],
) -> None:  # fmt: skip
    path = tmp_path / "patch.mp4"
    coded = matrix or ("bt709" if size == "1280x720" else "smpte170m")
    tags = ["-colorspace", matrix, "-color_range", span] if matrix else []
    ffmpeg(
        "-f", "lavfi", "-t", 2, "-i", f"color=0x{RED:02x}{GREEN:02x}{BLUE:02x}:s={size}:r=25",
        "-vf", f"scale=out_color_matrix={coded}:out_range={span},format={pixels}",
        "-c:v", "libx264", "-preset", "ultrafast", "-qp", 1, *tags, path,
    )  # fmt: skip
    show = make_show(film_of(probe(path), frame_times(path)))
    frames: list[Frame] = []
    show.stage._publisher._on_frame = frames.append
    assert show.wait(lambda: any(f.still for f in frames) or bool(show.seen))
    show.stage.play()
    assert show.wait(lambda: sum(not f.still for f in frames) > 5)
    show.stage.pause()
    assert show.wait(lambda: frames[-1].still)
    for frame in (frames[-1], next(f for f in reversed(frames) if not f.still)):
        for found, meant in zip(middle(frame), (RED, GREEN, BLUE), strict=True):
            assert abs(found - meant) <= 4, (frame.still, middle(frame))
