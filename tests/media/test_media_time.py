"""The time of a frame in the table is the time at which VLC shows it, wherever a file begins."""

from __future__ import annotations

from pathlib import Path
from statistics import median

import pytest

from app.media.frame_index import frame_times
from app.media.probe import probe
from app.media.stills import StillReader
from app.playback.player import film_of
from app.playback.stage import Stage
from app.playback.vlc_player import Engine
from tests.media.clips import ffmpeg
from tests.playback.clips import make_clip
from tests.playback.conftest import Show


# VLC seeks in transport streams by bytes and is a frame off afterwards; by start times it was 18.
@pytest.mark.parametrize(("name", "off"), [("late.mkv", 0), ("late.mp4", 0), ("late.ts", 1)])
def test_what_vlc_shows_is_the_frame_the_table_says(name: str, off: int, tmp_path: Path) -> None:
    film = make_clip(tmp_path / "plain.mp4", seconds=6)
    late = tmp_path / name
    ffmpeg("-i", film.path, "-c", "copy", "-output_ts_offset", "2", late)
    show = Show(film_of(probe(late), frame_times(late)))
    show.stage = Stage(
        show.on_frame, show.on_state, show.errors.append, StillReader, lambda: Engine("dummy")
    )
    try:
        show.open()
        assert show.wait(lambda: bool(show.seen))
        show.stage.play()
        assert show.wait(lambda: len(show.moving()) > 40, 12)
    finally:
        show.stage.close()
    apart = [pixels - index for pixels, index, kind in show.seen if kind == "moving"]
    assert abs(median(apart)) <= off


@pytest.mark.parametrize("name", ["late.mkv", "late.mp4", "late.ts"])
def test_the_length_reaches_to_the_end_of_the_last_frame(name: str, tmp_path: Path) -> None:
    film = make_clip(tmp_path / "plain.mp4", seconds=2)
    late = tmp_path / name
    ffmpeg("-i", film.path, "-c", "copy", "-output_ts_offset", "3", late)
    assert abs(probe(late).duration - (frame_times(late)[-1] + 40_000)) < 60_000
