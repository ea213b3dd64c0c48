"""What is said of films that cannot be shown exactly, and that nothing is said of others."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.media.probe import probe
from app.playback.film_notices import film_notices
from tests.media.clips import ffmpeg

SOURCE = ("-f", "lavfi", "-i", "testsrc=s=64x64:d=1:r=25")
H264 = ("-c:v", "libx264", "-pix_fmt", "yuv420p")


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("a.mp4", H264, False),
        ("a.mkv", H264, False),
        ("a.avi", ("-c:v", "mjpeg"), False),
        ("a.avi", H264, True),
        ("a.ts", H264, True),
        ("a.mpg", ("-c:v", "mpeg2video"), True),
        ("a.gif", (), True),
    ],
)
def test_a_film_whose_pictures_have_no_exact_times_is_told_of(
    tmp_path: Path, name: str, options: tuple[str, ...], said: bool
) -> None:
    film = tmp_path / name
    ffmpeg(*SOURCE, *options, film)
    told = film_notices(probe(film))
    assert [("may be some frames off" in t, name in t) for t in told] == [(True, True)] * said
    assert any("After a jump" in t for t in told) is name.endswith((".ts", ".mpg"))


@pytest.mark.parametrize("transfer", ["smpte2084", "arib-std-b67", "bt709"])
def test_a_film_for_hdr_screens_is_told_of(tmp_path: Path, transfer: str) -> None:
    film = tmp_path / "a.mp4"
    ffmpeg(*SOURCE, *H264, "-color_trc", transfer, film)
    told = film_notices(probe(film))
    assert bool(told) is (transfer != "bt709")
    assert all("HDR" in t for t in told)


def test_sound_alone_needs_no_word(tmp_path: Path) -> None:
    film = tmp_path / "a.wav"
    ffmpeg("-f", "lavfi", "-i", "sine=d=1", film)
    assert film_notices(probe(film)) == ()
