"""What can be opened, what is refused and why, and how an MP4 file is laid out."""

from __future__ import annotations

from pathlib import Path

import av
import pytest

from app.core.errors import MediaError
from app.media.frame_index import frame_times
from app.media.mp4_layout import is_plain, lacks_index
from app.media.probe import FORMATS, SUFFIXES, WHITELIST, probe
from tests.media.clips import ffmpeg


def test_only_demuxers_that_hold_media_themselves_are_allowed() -> None:
    assert set(FORMATS) <= {n for f in av.formats_available for n in f.split(",")}
    lists = {"hls", "concat", "dash", "sdp", "rtsp", "imf", "tty", "image2", "lavfi", "mpegtsraw"}
    assert not lists & set(WHITELIST.split(","))
    assert len(set(SUFFIXES)) == len(SUFFIXES)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.m2ts", "-c:v copy -c:a ac3"),
        ("a.mts", "-c:v copy -c:a ac3 -f mpegts -mpegts_m2ts_mode 1"),
        ("a.vob", "-c:v mpeg2video -c:a mp2"),
        ("a.3gp", "-c copy"),
        ("a.wmv", "-c:v wmv2 -c:a wmav2"),
        ("a.mxf", "-s 720x576 -c:v mpeg2video -c:a pcm_s16le"),
        ("a.dv", "-s 720x576 -c:v dvvideo -pix_fmt yuv420p -c:a pcm_s16le -ac 2"),
        ("a.rm", "-c:v rv20 -c:a ac3"),
        ("a.wtv", "-c:v mpeg2video -c:a mp2"),
        ("a.y4m", "-an -pix_fmt yuv420p"),
        ("a.nut", "-c:v copy -c:a mp2"),
    ],
)
def test_what_cameras_and_recorders_write_is_opened(
    name: str, options: str, film: Path, tmp_path: Path
) -> None:
    path = tmp_path / name
    ffmpeg("-i", film, *options.split(), path)
    assert path.suffix[1:] in SUFFIXES
    assert probe(path).video is not None
    assert len(frame_times(path)) >= 99


@pytest.mark.parametrize(
    ("name", "head", "said"),
    [
        ("photo.mp4", b"\xff\xd8\xff\xe0\0\x10JFIF", "is a picture, not a video"),
        ("photo.mov", b"\0\0\0\x18ftypheic\0\0\0\0", "is a picture"),
        ("photo.webm", b"RIFF\0\0\0\0WEBPVP8 ", "is a picture"),
        ("paper.mp4", b"%PDF-1.7", "is a document"),
        ("films.mp4", b"PK\3\4", "is an archive"),
        ("list.mp4", b"#EXTM3U\nhttp://127.0.0.1:9/a.ts", "is a list or a page"),
        ("list.asx", b"[Reference]\nRef1=http://127.0.0.1:9/", "is a list or a page"),
        ("page.mp4", b"<!DOCTYPE html><html>", "is a document"),
        ("noise.mp4", b"noise", "cannot be opened as a video"),
    ],
)
def test_what_is_no_film_is_called_what_it_is(
    name: str, head: bytes, said: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(head + bytes(2000))
    with pytest.raises(MediaError) as told:
        probe(path)
    assert name in told.value.sentence
    assert said in told.value.sentence


def test_a_bare_stream_is_told_how_to_be_wrapped(film: Path, tmp_path: Path) -> None:
    bare = tmp_path / "camera.h264"
    ffmpeg("-i", film, "-an", "-c", "copy", "-f", "h264", bare)
    with pytest.raises(MediaError) as told:
        probe(bare)
    assert "bare video stream" in told.value.sentence
    assert "ffmpeg -i camera.h264 -c copy camera.mp4" in told.value.hint


def test_an_mp4_without_its_index_is_told(film: Path, tmp_path: Path) -> None:
    short = tmp_path / "short.mp4"
    data = film.read_bytes()
    short.write_bytes(data[: data.rfind(b"moov") - 4])
    assert lacks_index(short)
    assert not lacks_index(film)
    with pytest.raises(MediaError, match="its index is missing"):
        probe(short)


def test_the_layout_of_what_is_no_mp4_is_of_no_account(tmp_path: Path) -> None:
    strange = tmp_path / "strange.mp4"
    for data in (b"", b"\0\0\0\1moov", bytes(64), b"\0\0\0\x10moov\0\0\0\x08trak", b"\0" * 7):
        strange.write_bytes(data)
        is_plain(strange)
        assert not lacks_index(strange)
    assert is_plain(tmp_path / "gone.mp4")
    assert not lacks_index(tmp_path / "gone.mp4")


def test_a_track_that_begins_late_or_in_fragments_is_not_plain(film: Path, tmp_path: Path) -> None:
    for name, options in {
        "late.mp4": ["-output_ts_offset", "2"],
        "trimmed.mp4": ["-ss", "3"],
        "pieces.mp4": ["-movflags", "frag_keyframe+empty_moov"],
    }.items():
        source = ["-ss", "3", "-i", film] if name == "trimmed.mp4" else ["-i", film, *options]
        ffmpeg(*source, "-c", "copy", tmp_path / name)
        assert not is_plain(tmp_path / name), name
    assert is_plain(film)
