"""The pts table: complete, in order, rounded like everything else."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.media.frame_index import (
    _few_microseconds,
    _microseconds,
    frame_at,
    frame_times,
    nearest_frame,
)
from app.media.stills import StillReader
from tests.media.clips import ffmpeg


@given(
    st.lists(st.integers(-(10**6), 10**10), min_size=1),
    st.sampled_from([90_000, 12_800, 30_000, 1000, 15_360, 24_000, 1 << 20, 3]),
    st.sampled_from([1, 1001]),
)
def test_stamps_are_rounded_as_stills_round_them(stamps: list[int], of: int, by: int) -> None:
    base = Fraction(by, of)
    found = _microseconds(np.array(stamps, np.int64), base)
    assert found.tolist() == [round(n * base * 1_000_000) for n in stamps]
    assert list(_few_microseconds(stamps, base)) == found.tolist()


@pytest.mark.parametrize("name", ["film.mp4", "film.mkv", "film.ts"])
def test_each_still_carries_a_time_of_the_table(name: str, film: Path, tmp_path: Path) -> None:
    path = tmp_path / name
    ffmpeg("-i", film, "-r", "30000/1001", "-c:v", "libx264", "-bf", "2", path)
    times = frame_times(path)
    assert len(times) == len(set(times)) >= 100
    assert list(times) == sorted(times)
    reader = StillReader(path)
    try:
        assert all(reader.at(t).pts_us == t for t in times[3:100:16])
    finally:
        reader.close()


def test_sound_alone_has_no_table(film: Path, tmp_path: Path) -> None:
    ffmpeg("-i", film, "-vn", tmp_path / "sound.m4a")
    assert not frame_times(tmp_path / "sound.m4a")


def test_the_frame_on_screen_and_the_nearest_one() -> None:
    times = [0, 40, 80]
    assert [frame_at(times, t) for t in (-5, 0, 39, 40, 500)] == [0, 0, 0, 1, 2]
    assert [nearest_frame(times, t) for t in (19, 20, 21, 61, 500)] == [0, 0, 1, 2, 2]
