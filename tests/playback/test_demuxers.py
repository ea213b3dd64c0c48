"""Which demuxer reads what, and what is promised of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.errors import MediaError
from app.media.probe import FORMATS
from app.playback.demuxers import EDIT_LIST, demuxer_options, demuxing
from app.playback.player import Film
from tests.media.clips import ffmpeg

MP4 = "mov,mp4,m4a,3gp,3g2,mj2"


@pytest.mark.parametrize(
    ("container", "options"),
    [
        (MP4, (":demux=mp4",)),
        ("matroska,webm", (":demux=mkv",)),
        ("mpegts", (":demux=ts",)),
        ("flv", (":demux=avformat", ":avformat-format=flv")),
        ("mpeg", (":demux=avformat", ":avformat-format=mpeg")),
        ("ogg", (":demux=avformat", ":avformat-format=ogg")),
    ],
)
def test_the_demuxer_is_the_probed_one(container: str, options: tuple[str, ...]) -> None:
    assert demuxer_options(container) == options


@pytest.mark.parametrize("container", ["hls", "concat", "xspf", ""])
def test_a_playlist_is_refused(container: str) -> None:
    with pytest.raises(MediaError, match="list of other files"):
        demuxing(container)


@pytest.mark.parametrize("container", FORMATS)
def test_whatever_can_be_opened_is_read_by_one_demuxer_only(container: str) -> None:
    first, *rest = demuxing(container).options
    assert first.startswith(":demux=")
    assert rest == ([f":avformat-format={container}"] if first == ":demux=avformat" else [])


def test_where_vlc_knows_each_picture_is_told_apart_from_where_it_does_not() -> None:
    assert all(demuxing(c).exact for c in (MP4, "matroska,webm", "avi", "asf", "mxf", EDIT_LIST))
    assert not any(demuxing(c).exact for c in ("mpegts", "mpeg", "flv", "ogg"))


@pytest.mark.parametrize(
    ("options", "plain"),
    [
        ("", True),
        ("-movflags +faststart", True),
        ("-output_ts_offset 2", False),
        ("-movflags frag_keyframe+empty_moov", False),
    ],
)
def test_fragments_and_edit_lists_are_read_by_libavformat(
    options: str, plain: bool, film: Film, tmp_path: Path
) -> None:
    path = tmp_path / "film.mp4"
    ffmpeg("-i", film.path, "-c", "copy", *options.split(), path)
    assert (demuxing(MP4, path).options == (":demux=mp4",)) is plain
