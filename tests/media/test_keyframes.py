"""Keyframes are found in the container's index."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.errors import MediaError
from app.media.keyframes import keyframe_times
from tests.playback.clips import make_clip

EARLY = 80_000
"""Microseconds by which a frame may be decoded before it is shown."""


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv"])
def test_every_keyframe_is_found(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"film{suffix}"
    make_clip(path, seconds=4.0, fps=25, gop=25)
    found = keyframe_times(path)
    assert len(found) == 4
    for n, at in enumerate(found):
        assert abs(at - n * 1_000_000) <= EARLY


def test_a_file_without_an_index_has_none(tmp_path: Path) -> None:
    path = tmp_path / "film.ts"
    make_clip(path, seconds=2.0, gop=25)
    assert not keyframe_times(path)


def test_a_film_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(MediaError):
        keyframe_times(tmp_path / "none.mp4")
