"""Films that break off, change, or are exchanged while they play: a sentence at most, no hang."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.errors import MediaError
from app.media.frame_index import frame_times
from app.media.probe import probe
from app.playback.player import Film
from app.playback.vlc_player import Engine
from tests.playback.conftest import Show
from tests.playback.test_kinds import AAC, H264, as_opened, make

Maker = Callable[[Film], Show]


def ffmpeg(*arguments: str | Path) -> None:
    subprocess.run(["ffmpeg", "-v", "error", "-y", *map(str, arguments)], check=True, timeout=60)


def plays(show: Show, frames: int = 5) -> None:
    show.stage.play()
    assert show.wait(lambda: len(show.moving()) >= frames), show.errors


@pytest.mark.parametrize("name", ["short.mkv", "short.mp4", "short.avi"])
def test_a_film_cut_short_plays_as_far_as_it_goes_and_pauses(
    name: str, make_show: Maker, tmp_path: Path
) -> None:
    # MP4 with its index in front, as downloads have it.
    whole = tmp_path / f"whole{Path(name).suffix}"
    make(tmp_path / "film.mkv", f"-c:v mpeg4 -g 10 {AAC}")
    fast = ["-movflags", "+faststart"] if whole.suffix == ".mp4" else []
    ffmpeg("-i", tmp_path / "film.mkv", "-c", "copy", *fast, whole)
    short = tmp_path / name
    data = whole.read_bytes()
    short.write_bytes(data[: len(data) // 2])
    show = make_show(as_opened(short))
    plays(show, 20)
    assert show.wait(lambda: not show.stage.playing, 12)
    show.stage.seek(500_000)
    assert show.wait(lambda: show.seen[-1][2] == "still")


def test_an_index_that_is_missing_is_told_before_anything_plays(tmp_path: Path) -> None:
    film = make(tmp_path / "film.mp4", f"{H264} {AAC}", seconds=1)
    data = film.path.read_bytes()
    film.path.write_bytes(data[: data.rfind(b"moov") - 4])
    with pytest.raises(MediaError, match="index is missing"):
        probe(film.path)


def test_a_size_that_changes_midway_keeps_the_picture_whole(
    make_show: Maker, tmp_path: Path
) -> None:
    small, large = tmp_path / "small.ts", tmp_path / "large.ts"
    mpeg2 = "-c:v mpeg2video -bf 0 -g 10 -q:v 2 -an"
    make(small, mpeg2, sound=False, seconds=2)
    make(large, f"-vf scale=640:384:flags=neighbor {mpeg2}", sound=False, seconds=2)
    both, film = tmp_path / "both.ts", tmp_path / "film.mkv"
    both.write_bytes(small.read_bytes() + large.read_bytes())
    ffmpeg("-fflags", "+genpts", "-i", f"concat:{small}|{large}", "-c", "copy", film)
    show = make_show(as_opened(film))
    plays(show)
    assert show.wait(lambda: not show.stage.playing, 12)
    numbers = show.moving()
    assert -1 not in numbers, "every picture could be read"
    half = max(i for i, n in enumerate(numbers) if n >= 30)
    assert max(numbers[:half]) <= 49
    assert not show.errors


def test_4k_at_60_frames_plays_and_pauses(make_show: Maker, tmp_path: Path) -> None:
    options = "-vf scale=3840:2304:flags=neighbor -c:v libx264 -preset ultrafast -g 60 -crf 35"
    film = make(tmp_path / "big.mp4", f"{options} -pix_fmt yuv420p {AAC}", "60", 1.5)
    show = make_show(film)
    plays(show, 2)
    show.stage.pause()
    assert show.wait(lambda: show.seen[-1][2] == "still")
    assert all(pixels >= 0 for pixels, *_ in show.seen)
    assert not show.errors


def exchanged(film: Film, how: str, other: Path) -> None:
    """Another file in the film's place: under its name, or in its very bytes."""
    if how == "moved over it":
        other.replace(film.path)
    else:
        with film.path.open("r+b") as file:
            file.truncate()
            file.write(other.read_bytes())


def a_film(folder: Path) -> Path:
    return make(folder / "other.mp4", f"{H264} {AAC}", "50", 5).path


def rubbish(folder: Path) -> Path:
    path = folder / "rubbish.mp4"
    path.write_bytes(os.urandom(200_000))
    return path


@pytest.mark.parametrize("what", [a_film, rubbish])
@pytest.mark.parametrize("how", ["moved over it", "written into it"])
def test_a_file_exchanged_while_it_plays_pauses_with_a_sentence(
    how: str, what: Callable[[Path], Path], make_show: Maker, tmp_path: Path
) -> None:
    film = make(tmp_path / "film.mp4", f"{H264} {AAC}", seconds=20)
    kept = tmp_path / "kept.mp4"
    shutil.copy(film.path, kept)
    other = what(tmp_path)
    show = make_show(film)
    plays(show)
    exchanged(film, how, other)
    assert show.wait(lambda: bool(show.errors))
    assert show.wait(lambda: not show.stage.playing)
    assert "taken the place of film.mp4" in show.errors[0].sentence
    show.stage.play()
    assert show.wait(lambda: len(show.errors) == 2 and not show.stage.playing)
    shutil.copy(kept, film.path)
    show.seen.clear()
    plays(show)


def test_a_file_exchanged_while_paused_is_told_and_does_not_play(
    make_show: Maker, tmp_path: Path
) -> None:
    film = make(tmp_path / "film.mp4", f"{H264} {AAC}")
    other = rubbish(tmp_path)
    show = make_show(film)
    assert show.wait(lambda: bool(show.seen))
    assert show.wait(lambda: show.states > 0)
    other.replace(film.path)
    assert show.wait(lambda: bool(show.errors))
    assert "taken the place" in show.errors[0].sentence
    show.stage.play()
    assert show.wait(lambda: len(show.errors) == 2 and not show.stage.playing)
    assert not show.moving()


@pytest.mark.parametrize("output", ["pulse", "alsa", "no-such-output"])
def test_without_a_sound_device_the_picture_plays_on(
    output: str, make_show: Callable[..., Show], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSE_SERVER", str(tmp_path / "nobody"))
    monkeypatch.setenv("ALSA_CONFIG_PATH", os.devnull)
    film = make(tmp_path / "film.mp4", f"{H264} {AAC}")
    show = make_show(film, lambda: Engine(output))
    plays(show, 20)
    show.stage.seek(2_000_000)
    assert show.wait(lambda: bool(show.moving()) and show.moving()[-1] > 52)
    assert all(pixels <= index + 1 for pixels, index, _ in show.seen)


def test_a_codec_nobody_knows_gets_a_sentence(tmp_path: Path) -> None:
    film = make(tmp_path / "film.mp4", f"{H264} {AAC}", seconds=1)
    film.path.write_bytes(film.path.read_bytes().replace(b"avc1", b"zzzz"))
    with pytest.raises(MediaError, match="cannot be read"):
        probe(film.path)


def test_a_film_of_twelve_hours_has_its_table(tmp_path: Path) -> None:
    # A still picture, eight frames a second in pieces of a minute.
    minute, film = tmp_path / "minute.mkv", tmp_path / "film.mkv"
    ffmpeg("-f", "lavfi", "-i", "color=s=64x48:r=2:d=60", "-c:v", "mpeg4", "-g", "60", minute)
    ffmpeg("-stream_loop", "719", "-i", minute, "-c", "copy", film)
    found, times = probe(film), frame_times(film)
    assert abs(found.duration - 12 * 3600 * 1_000_000) < 1_000_000
    assert len(times) == 12 * 3600 * 2
    assert times.itemsize * len(times) < 1_000_000
