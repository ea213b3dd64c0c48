"""The pts table from an MP4's index is the one that reading every packet gives."""

from __future__ import annotations

from pathlib import Path
from struct import pack

import numpy as np
import pytest

from app.media import frame_index
from app.media.frame_index import frame_times, stamps_in_packets
from app.media.mp4_times import LOOK, sample_times, stamps_in_index
from tests.media.clips import ffmpeg

FRAMES = 4 * LOOK
VARYING = "settb=1/90000,setpts='N*3000+720*mod(N*7,3)'"


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight hundred frames with B-frames and a tone."""
    path = tmp_path_factory.mktemp("long") / "long.mp4"
    source = f"testsrc=s=64x48:r=25:d={FRAMES / 25},{VARYING}"
    ffmpeg(
        "-f", "lavfi", "-i", source, "-f", "lavfi", "-i", f"sine=d={FRAMES / 30}",
        "-fps_mode", "passthrough", "-enc_time_base", "1:90000", "-c:v", "libx264", "-bf", "3",
        "-g", "100", "-video_track_timescale", "90000", path,
    )  # fmt: skip
    return path


WAYS = {
    "as it is": ("all.mp4", ()),
    "mov": ("all.mov", ()),
    "offsets below zero": ("all.mp4", ("-movflags", "negative_cts_offsets")),
    "index first": ("all.mp4", ("-movflags", "faststart")),
    "pictures only": ("all.mp4", ("-an",)),
    "sound first": ("all.mp4", ("-map", "0:a", "-map", "0:v")),
    "rough times": ("all.mp4", ("-video_track_timescale", "600")),
}
ODD = {
    "from the middle": ("some.mp4", ("-ss", "5.03")),
    "a little cut away": ("some.mp4", ("-ss", "0.3")),
    "to the middle": ("some.mp4", ("-t", "24.31")),
    "delayed": ("some.mp4", ("-output_ts_offset", "2")),
    "fragments": ("some.mp4", ("-movflags", "frag_keyframe+empty_moov")),
    "another container": ("some.mkv", ()),
}


@pytest.mark.parametrize("way", {**WAYS, **ODD})
def test_the_index_tells_what_the_packets_tell_or_nothing(
    way: str, long: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frame_index, "MANY", LOOK)
    name, options = {**WAYS, **ODD}[way]
    path = tmp_path / name
    ffmpeg("-i", long, "-map", "0", "-c", "copy", *options, path)
    told, read = stamps_in_index(path), stamps_in_packets(path)
    assert read
    assert told is not None or way in ODD
    if told is not None:
        assert np.array_equal(np.sort(told[0]), np.sort(read[0]))
        assert told[1:] == read[1:]
    assert len(frame_times(path)) == len({*read[0]} - {t for t in read[0] if t * read[1] < 0})


def test_pictures_stored_in_order_need_no_table_of_offsets(tmp_path: Path) -> None:
    path = tmp_path / "plain.mp4"
    source = f"testsrc=s=64x48:r=25:d={FRAMES / 25}"
    ffmpeg("-f", "lavfi", "-i", source, "-c:v", "libx264", "-bf", "0", "-g", "50", path)
    told, read = stamps_in_index(path), stamps_in_packets(path)
    assert told
    assert read
    assert np.array_equal(told[0], read[0])


def test_a_film_whose_end_is_missing_is_read_instead(long: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut.mp4"
    ffmpeg("-i", long, "-c", "copy", "-movflags", "faststart", path)
    assert stamps_in_index(path) is not None
    path.write_bytes(path.read_bytes()[:-20_000])
    assert stamps_in_index(path) is None


def test_an_index_that_lies_about_a_time_is_not_believed(long: Path, tmp_path: Path) -> None:
    path = tmp_path / "lies.mp4"
    ffmpeg("-i", long, "-an", "-c", "copy", path)
    whole = bytearray(path.read_bytes())
    # More frames than any film has, in few bytes.
    at = whole.index(b"stts") + 12
    whole[at : at + 4] = pack(">I", 0x7FFFFFFF)
    path.write_bytes(whole)
    assert sample_times(path, 1) is None


def test_what_is_no_mp4_has_no_index(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"\0\0\0\x18ftypisom" + bytes(100))
    assert sample_times(path, 1) is None
    assert sample_times(tmp_path / "nowhere.mp4", 1) is None
