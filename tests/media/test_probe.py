"""What a file is, and the sentences for what is none."""

from __future__ import annotations

import contextlib
import socket
import threading
from fractions import Fraction
from pathlib import Path

import pytest

from app.core.errors import MediaError
from app.media.probe import displayed_size, probe
from tests.media.clips import clip, ffmpeg


def test_a_film_is_described_as_it_is_shown(film: Path) -> None:
    found = probe(film)
    assert found.video is not None
    assert (found.video.width, found.video.height) == (192, 96)
    assert found.video.fps == 25
    assert found.audio is not None
    assert found.audio.rate == 48_000
    assert abs(found.duration - 4_000_000) < 50_000
    assert found.content_type == "video/mp4"
    assert found.size_bytes == film.stat().st_size


def test_non_square_pixels_are_stretched(film: Path, tmp_path: Path) -> None:
    wide = tmp_path / "wide.mp4"
    ffmpeg("-i", film, "-vf", "setsar=2/1", wide)
    found = probe(wide).video
    assert found is not None
    assert (found.width, found.height) == (384, 96)


def test_a_turned_film_is_described_upright(film: Path, tmp_path: Path) -> None:
    matroska, turned = tmp_path / "a.mkv", tmp_path / "turned.mp4"
    ffmpeg("-i", film, "-c", "copy", matroska)
    ffmpeg("-i", film, "-c", "copy", "-metadata:s:v:0", "rotate=90", turned)
    found = probe(turned).video
    assert found is not None
    assert found.rotation in (0, 90, 270)
    if found.rotation:  # newer ffmpeg no longer writes a matrix for this option
        assert (found.width, found.height) == (96, 192)
    plain = probe(matroska).video
    assert plain is not None
    assert plain.rotation == 0


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ((720, 576, Fraction(16, 15), 0), (768, 576)),
        ((720, 480, Fraction(8, 9), 0), (720, 540)),
        ((1920, 1080, Fraction(1), 90), (1080, 1920)),
        ((1920, 1080, Fraction(1), 180), (1920, 1080)),
    ],
)
def test_the_displayed_size_stretches_first_and_turns_then(
    stored: tuple[int, int, Fraction, int], shown: tuple[int, int]
) -> None:
    assert displayed_size(*stored) == shown


def test_sound_alone_and_picture_alone_are_told_apart(film: Path, tmp_path: Path) -> None:
    sound, silent = tmp_path / "sound.m4a", tmp_path / "silent.mp4"
    ffmpeg("-i", film, "-vn", "-c", "copy", sound)
    ffmpeg("-i", film, "-an", "-c", "copy", silent)
    assert probe(sound).video is None
    assert probe(sound).content_type.startswith("audio/")
    assert probe(silent).audio is None


def test_a_name_that_looks_like_an_option_or_an_address_is_a_name(tmp_path: Path) -> None:
    for name in ("-i.mp4", "http:x.mp4", "a'b %d.mp4", "שלום.mp4"):
        made = clip(tmp_path / "plain.mp4", 5, sound=False).rename(tmp_path / name)
        assert probe(made).video


def bad_files(folder: Path, film: Path) -> dict[str, Path]:
    text, empty, short = folder / "text.mp4", folder / "empty.mp4", folder / "short.mp4"
    text.write_text("dear diary\n" * 500)
    empty.touch()
    whole = film.read_bytes()
    short.write_bytes(whole[: whole.rfind(b"moov")])
    return {
        "text": text,
        "empty": empty,
        "short": short,
        "gone": folder / "gone.mp4",
        "dir": folder,
    }


@pytest.mark.parametrize("kind", ["text", "empty", "short", "gone", "dir"])
def test_what_is_no_film_gets_a_sentence_with_its_name(
    kind: str, tmp_path: Path, film: Path
) -> None:
    bad = bad_files(tmp_path, film)[kind]
    with pytest.raises(MediaError) as told:
        probe(bad)
    assert bad.name in told.value.sentence
    assert told.value.sentence.endswith(".")


def test_a_playlist_is_refused_and_nothing_is_fetched(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        asked: list[object] = []

        def listen() -> None:
            with contextlib.suppress(TimeoutError):
                asked.append(server.accept()[1])

        listener = threading.Thread(target=listen)
        listener.start()
        port = server.getsockname()[1]
        address = f"http://127.0.0.1:{port}/a.ts"
        for name, text in (
            ("hls.mp4", f"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{address}\n"),
            ("blank.mp4", f"\n\n  #EXTM3U\n#EXTINF:5,\n{address}\n"),
            ("concat.mkv", f"ffconcat version 1.0\nfile {address}\n"),
            ("dash.mp4", f'<?xml version="1.0"?><MPD><BaseURL>{address}</BaseURL></MPD>'),
        ):
            (tmp_path / name).write_text(text)
            with pytest.raises(MediaError):
                probe(tmp_path / name)
        listener.join()
    assert not asked
