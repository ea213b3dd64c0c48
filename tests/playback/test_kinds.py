"""Kinds of films: whatever the rate, the shape and the codec, each picture is the one it is called.

The number drawn into a picture is compared with the one it is published under, while playing from
the start, after seeks, and in stills.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from statistics import median

import pytest

from app.media.frame_index import frame_times
from app.media.probe import probe
from app.playback.demuxers import demuxing
from app.playback.player import Film, film_of
from tests.playback.clips import SMALL, draw
from tests.playback.conftest import Show

H264 = "-c:v libx264 -preset veryfast -bf 3 -b_strategy 0 -g 75 -sc_threshold 0 -pix_fmt yuv420p"
LONG = H264.replace("-g 75", "-g 1000")
"""Three B-frames in a row, all the time, and an intra frame where it has to be."""
AAC = "-c:a aac"
MPEG2 = "-c:v mpeg2video -bf 2 -g 15 -q:v 2"


def make(path: Path, options: str, fps: str = "25", seconds: float = 4, sound: bool = True) -> Film:
    """A film of numbered frames, written with ffmpeg's options, as the program opens it."""
    rate = Fraction(fps)
    raw = b"".join(draw(n)[2] for n in range(round(seconds * rate)))
    command = [
        "ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "gray",
        "-s", f"{SMALL[0]}x{SMALL[1]}", "-r", fps, "-i", "-",
    ]  # fmt: skip
    if sound:
        command += ["-f", "lavfi", "-t", str(seconds), "-i", "sine=440:sample_rate=48000"]
    command += [*options.split(), "-threads", "2", str(path)]
    subprocess.run(command, input=raw, check=True, timeout=60)
    return as_opened(path)


def as_opened(path: Path) -> Film:
    return film_of(probe(path), frame_times(path))


def plays_exactly(show: Show, spots: tuple[float, ...] = (0.6, 0.25, 0.7)) -> None:
    """From the start, then from `spots` (parts of the film): stills and moving pictures."""
    film, stage = show.film, show.stage
    assert show.wait(lambda: bool(show.seen))
    stage.play()
    if not show.wait(lambda: len(set(show.moving())) > 8):
        # It did play, to the end: a busy computer dropped nearly all of it. Once more.
        assert show.moving(), "plays"
        assert not stage.playing, "plays"
        stage.seek(0)
        stage.play()
        assert show.wait(lambda: len(set(show.moving())) > 8), "plays"
    for part in spots:
        stage.pause()
        t = round(film.duration * part)
        index = film.frame_index(t)
        stage.seek(t)
        assert show.wait(lambda index=index: show.seen[-1][1:] == (index, "still"))  # type: ignore[misc]
        before = len(show.seen)
        stage.play()
        assert show.wait(
            lambda before=before: sum(kind == "moving" for *_, kind in show.seen[before:]) > 2  # type: ignore[misc]
        ), f"plays from frame {index}"
    stage.pause()
    assert show.wait(lambda: show.seen[-1][2] == "still")
    assert all(pixels == index for pixels, index, kind in show.seen if kind == "still")
    off = [pixels - index for pixels, index, kind in show.seen if kind == "moving"]
    # A busy computer shows a picture late now and then, in the next one's turn; never early.
    assert abs(median(off)) <= (0 if demuxing(film.container, film.path).exact else 1), show.seen
    assert max(off) <= 1, show.seen
    assert not show.errors


Maker = Callable[[Film], Show]


@pytest.mark.parametrize("fps", ["24000/1001", "30000/1001", "60", "15"])
@pytest.mark.parametrize("name", ["film.mp4", "film.mkv"])
def test_every_frame_rate_is_exact(name: str, fps: str, make_show: Maker, tmp_path: Path) -> None:
    plays_exactly(make_show(make(tmp_path / name, f"{H264} {AAC}", fps)))


@pytest.mark.parametrize("name", ["film.mp4", "film.mkv"])
def test_a_variable_frame_rate_is_exact(name: str, make_show: Maker, tmp_path: Path) -> None:
    uneven = "-vf settb=1/90000,setpts=(N*0.04+0.02*mod(N\\,2)+0.1*floor(N/25))/TB"
    film = make(tmp_path / name, f"{uneven} -vsync passthrough -enc_time_base 1/90000 {H264} {AAC}")
    gaps = {b - a for a, b in zip(film.frame_times, film.frame_times[1:], strict=False)}
    assert min(gaps) < 21_000 < 119_000 < max(gaps)
    plays_exactly(make_show(film))


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("long.mp4", f"{LONG} {AAC}"),
        ("intra.mov", "-c:v prores_ks -pix_fmt yuv422p10le -c:a pcm_s16le"),
        ("deep.mkv", f"-c:v libx264 -preset veryfast -g 75 -pix_fmt yuv420p10le {AAC}"),
        ("422.mov", f"-c:v libx264 -preset veryfast -g 75 -pix_fmt yuv422p {AAC}"),
        ("444.mkv", f"-c:v libx264 -preset veryfast -g 75 -pix_fmt yuv444p {AAC}"),
        ("full.avi", "-c:v mjpeg -q:v 3 -pix_fmt yuvj420p -c:a pcm_s16le"),
        ("hevc.mp4", f"-c:v libx265 -preset ultrafast -x265-params log-level=error {AAC}"),
        ("vp9.webm", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 75 -c:a libopus"),
        ("av1.mp4", f"-c:v libsvtav1 -preset 12 -g 75 {AAC}"),
        ("divx.avi", "-c:v mpeg4 -bf 2 -g 75 -q:v 2 -c:a mp3"),
        ("old.wmv", "-c:v wmv2 -g 75 -q:v 2 -c:a wmav2"),
        ("flash.flv", f"{H264} -c:a aac"),
        ("camera.mts", f"{H264} -g 12 -c:a ac3 -f mpegts -mpegts_m2ts_mode 1"),
        ("disc.mpg", f"{MPEG2} -c:a mp2"),
        ("disc.vob", f"{MPEG2} -c:a ac3 -f vob"),
        ("free.ogv", "-c:v libtheora -q:v 8 -g 25 -c:a libvorbis"),
        ("real.rm", "-c:v rv20 -g 25 -q:v 2 -c:a ac3 -f rm"),
        ("raw.y4m", "-an -pix_fmt yuv420p"),
        ("any.nut", f"{H264} -c:a mp2"),
        ("broadcast.mxf", f"-s 720x576 {MPEG2} -pix_fmt yuv422p -c:a pcm_s16le"),
        ("phone.3gp", f"{H264} {AAC} -ac 1"),
    ],
)  # fmt: skip
def test_in_every_codec_and_container_each_picture_is_known(
    name: str, options: str, make_show: Maker, tmp_path: Path
) -> None:
    plays_exactly(make_show(make(tmp_path / name, options)))


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("late.mp4", "-c copy -output_ts_offset 2"),
        ("late.mkv", "-c copy -output_ts_offset 2"),
        ("late.flv", "-c copy -output_ts_offset 2"),
        ("pieces.mp4", "-c copy -movflags frag_keyframe+empty_moov"),
        ("web.mp4", "-c copy -movflags frag_keyframe+empty_moov+delay_moov+default_base_moof"),
        ("silent.mp4", "-an -c copy"),
    ],
)
def test_however_it_was_rewrapped_each_picture_is_known(
    name: str, options: str, make_show: Maker, tmp_path: Path
) -> None:
    make(tmp_path / "film.mp4", f"{H264} {AAC}")
    path = tmp_path / name
    command = ["ffmpeg", "-v", "error", "-i", str(tmp_path / "film.mp4"), *options.split()]
    subprocess.run([*command, str(path)], check=True)
    plays_exactly(make_show(as_opened(path)))


@pytest.mark.parametrize("turn", [90, 180, 270])
@pytest.mark.parametrize("wrapping", ["-c copy", "-c copy -output_ts_offset 2"])
def test_a_turned_film_is_upright(
    turn: int, wrapping: str, make_show: Maker, tmp_path: Path
) -> None:
    # The second wrapping is read by another demuxer, which has to hear of the turn too.
    def turned(filters: str) -> Path:
        stored, path = tmp_path / "stored.mp4", tmp_path / "turned.mp4"
        make(stored, f"-vf {filters} {H264} {AAC}")
        command = ["ffmpeg", "-v", "error", "-y", "-i", str(stored), *wrapping.split()]
        command += ["-metadata:s:v:0", f"rotate={turn}", str(path)]
        subprocess.run(command, check=True)
        return path

    # Releases of ffmpeg do not agree about the direction.
    back = {90: "transpose=cclock", 180: "hflip,vflip", 270: "transpose=clock"}
    found = probe_rotation(turned("null"))
    if not found:
        pytest.skip("this ffmpeg writes no display matrix for the option")
    film = as_opened(turned(back[found]))
    assert film.size == SMALL
    plays_exactly(make_show(film), (0.6,))


def probe_rotation(path: Path) -> int:
    video = probe(path).video
    return video.rotation if video else 0


@pytest.mark.parametrize(
    ("sar", "filters", "size"),
    [
        ("16/11", "", (465, 192)),
        ("8/9", "", (320, 216)),
        ("1", "scale=321:181:flags=neighbor,", (321, 181)),
        ("1", "scale=322:190:flags=neighbor,", (322, 190)),
    ],
)
def test_pictures_have_the_shape_they_are_displayed_in(
    sar: str, filters: str, size: tuple[int, int], make_show: Maker, tmp_path: Path
) -> None:
    odd = "yuv444p" if size[0] % 2 else "yuv420p"
    options = f"-vf {filters}setsar={sar} {H264.replace('yuv420p', odd)} {AAC}"
    show = make_show(make(tmp_path / "film.mkv", options))
    assert show.film.size == size
    shapes: list[float] = []
    on_frame = show.stage._publisher._on_frame
    show.stage._publisher._on_frame = lambda f: (shapes.append(f.width / f.height), on_frame(f))[1]
    plays_exactly(show, (0.6,))
    assert all(abs(shape - size[0] / size[1]) < 0.01 for shape in shapes)
    assert len(shapes) > 10


def test_sound_alone_plays_in_every_wrapping(make_show: Maker, tmp_path: Path) -> None:
    make(tmp_path / "film.mp4", f"{H264} {AAC}")
    for name in ("sound.m4a", "sound.mp3", "sound.wav", "sound.flac", "sound.ogg", "sound.mka"):
        path = tmp_path / name
        command = ["ffmpeg", "-v", "error", "-i", str(tmp_path / "film.mp4"), "-vn", str(path)]
        subprocess.run(command, check=True)
        show = make_show(as_opened(path))
        assert show.film.audio_only
        show.stage.seek(2_000_000)
        show.stage.play()
        assert show.wait(lambda show=show: show.stage.position() > 2_300_000), name  # type: ignore[misc]
        assert show.stage.position() < 3_500_000
        show.stage.pause()
        assert not show.errors
        assert not show.seen
