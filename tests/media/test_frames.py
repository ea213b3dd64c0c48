"""The pts table and exact frames agree with what is in the file."""

from __future__ import annotations

from array import array
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import MediaError
from app.media.content_key import content_key
from app.media.frame_index import frame_at, frame_times, nearest_frame
from app.media.sound import read_pcm
from app.media.stills import Still, StillReader
from tests.media.clips import clip, ffmpeg, number_of


def pixels(still: Still) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.frombuffer(still.bgrx, np.uint8).reshape(still.height, still.width, 4)[..., 2::-1]


def test_every_frame_stands_in_the_table_once(film: Path) -> None:
    assert list(frame_times(film)) == [n * 40_000 for n in range(100)]


@pytest.mark.parametrize(("name", "first"), [("a.ts", 700_000), ("a.mp4", 0), ("a.mkv", 5e6)])
def test_a_film_that_begins_late_is_counted_as_vlc_does(
    name: str, first: float, film: Path, tmp_path: Path
) -> None:
    late = tmp_path / name
    ffmpeg("-i", film, "-c", "copy", "-output_ts_offset", "5", late)
    times = frame_times(late)
    assert len(times) == 100
    # A transport stream's clock runs 0.7 s ahead where ffmpeg makes it, and 2 frames for the order.
    assert abs(times[0] - first) <= 80_000


def test_variable_distances_are_kept(film: Path, tmp_path: Path) -> None:
    uneven = tmp_path / "uneven.mkv"
    keep = "not(mod(n\\,7))+not(mod(n\\,3))"
    ffmpeg("-i", film, "-an", "-vf", f"select={keep}", "-fps_mode", "passthrough", uneven)
    expected = [n * 40_000 for n in range(100) if n % 7 == 0 or n % 3 == 0]
    assert list(frame_times(uneven)) == expected


def test_sound_alone_has_no_frames(film: Path, tmp_path: Path) -> None:
    sound = tmp_path / "a.m4a"
    ffmpeg("-i", film, "-vn", "-c", "copy", sound)
    assert len(frame_times(sound)) == 0


@pytest.mark.parametrize("container", ["mp4", "mkv", "mov"])
def test_the_still_at_a_time_is_the_frame_on_screen_then(container: str, tmp_path: Path) -> None:
    film = clip(tmp_path / f"film.{container}")
    times = frame_times(film)
    reader = StillReader(film)
    try:
        for number in (0, 1, 50, 49, 51, 99, 3, 98, 75, 76, 77, 20):
            still = reader.at(times[number] + 15_000)
            assert number_of(pixels(still)) == number
            assert still.pts_us == times[number]
        assert number_of(pixels(reader.at(99_000_000))) == 99
        assert number_of(pixels(reader.at(-5))) == 0
    finally:
        reader.close()


def test_a_small_still_and_a_part_of_one_have_the_size_asked_for(film: Path) -> None:
    reader = StillReader(film)
    try:
        small = reader.at(0, 48)
        assert (small.width, small.height) == (96, 48)
        assert len(small.bgrx) == 96 * 48 * 4
        part = reader.at(0).cropped(0.25, 0.5, 0.5, 1.0)
        assert (part.width, part.height) == (48, 48)
        assert (pixels(part) == pixels(reader.at(0))[48:, 48:96]).all()
    finally:
        reader.close()


def test_a_film_without_a_picture_has_no_stills(film: Path, tmp_path: Path) -> None:
    sound = tmp_path / "a.m4a"
    ffmpeg("-i", film, "-vn", "-c", "copy", sound)
    with pytest.raises(MediaError):
        StillReader(sound)


@given(st.lists(st.integers(0, 10**7), min_size=1, unique=True), st.integers(-(10**6), 2 * 10**7))
def test_frame_at_and_nearest_frame_are_what_a_search_of_all_gives(
    listed: list[int], t: int
) -> None:
    times = array("q", sorted(listed))
    shown = [i for i, at in enumerate(times) if at <= t]
    assert frame_at(times, t) == (shown[-1] if shown else 0)
    nearest = min(range(len(times)), key=lambda i: (abs(times[i] - t), i))
    assert nearest_frame(times, t) == nearest


def test_the_content_key_follows_the_content_and_not_the_name(film: Path, tmp_path: Path) -> None:
    copy = tmp_path / "another name.mp4"
    copy.write_bytes(film.read_bytes())
    assert content_key(copy) == content_key(film)
    changed = bytearray(film.read_bytes())
    changed[len(changed) // 2] ^= 1
    copy.write_bytes(changed)
    assert content_key(copy) != content_key(film)
    with pytest.raises(MediaError):
        content_key(tmp_path / "gone.mp4")


def test_the_sound_comes_as_mono_samples_of_the_whole_film(film: Path, tmp_path: Path) -> None:
    pcm = np.frombuffer(read_pcm(film, 16_000), np.int16)
    assert abs(len(pcm) - 4 * 16_000) < 2_000
    assert np.abs(pcm[8_000:56_000]).max() > 1_000
    silent = tmp_path / "silent.mp4"
    ffmpeg("-i", film, "-an", "-c", "copy", silent)
    assert read_pcm(silent) == b""
