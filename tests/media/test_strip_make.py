"""Loudness measured and key frames found, in films of many kinds."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from app.core.errors import MediaError
from app.core.loudness import AMPLITUDE, CHUNK, CHUNK_STEPS, FACTOR, STEP, LoudnessChunk
from app.core.timerange import SECOND
from app.media.probe import open_media, origin_of, picture_of, probe
from app.media.strip_files import jpeg_of, still_of
from app.media.strip_make import HIGH, KeyPictures, SoundMeter
from tests.media.clips import clip, ffmpeg


def sounding(path: Path, seconds: int, source: str, *encoding: str) -> Path:
    """A file of nothing but sound."""
    ffmpeg("-f", "lavfi", "-i", f"{source}:d={seconds}", *encoding, path)
    return path


def measured(path: Path, seconds: int, number: int = 0) -> LoudnessChunk:
    meter = SoundMeter(path, seconds * SECOND)
    try:
        while True:
            passed, chunk = meter.towards(number)
            if passed == number:
                return chunk
    finally:
        meter.close()


def around(chunk: LoudnessChunk, at: float, until: float) -> tuple[bytes, bytes]:
    """Peaks and means of some seconds."""
    part = slice(int(at * SECOND) // STEP, int(until * SECOND) // STEP)
    return chunk.peaks[0][part], chunk.means[0][part]


@pytest.mark.parametrize("rate", [48_000, 44_100, 22_050, 11_025, 8_000])
def test_a_tone_has_its_level_from_its_beginning_to_its_end(tmp_path: Path, rate: int) -> None:
    # aevalsrc, for its amplitude is written out: a half, -6.02 dB, of which the root mean square
    # is -9.03 dB.
    tone = f"aevalsrc=0.5*sin(2*PI*400*t):s={rate}"
    chunk = measured(sounding(tmp_path / "tone.wav", 3, tone), 3)
    peaks, means = around(chunk, 0.1, 2.9)
    assert AMPLITUDE[min(peaks)] == pytest.approx(0.5, rel=0.03)
    assert AMPLITUDE[max(peaks)] == pytest.approx(0.5, rel=0.03)
    assert AMPLITUDE[min(means)] == pytest.approx(0.354, rel=0.05)
    assert AMPLITUDE[max(means)] == pytest.approx(0.354, rel=0.05)
    assert max(around(chunk, 3.05, 10)[0]) == 0


def test_each_storey_holds_the_largest_of_four(tmp_path: Path) -> None:
    noise = sounding(tmp_path / "noise.flac", 4, "anoisesrc=a=0.5:s=1")
    chunk = measured(noise, 4)
    for below, above in pairwise(chunk.peaks):
        assert list(above) == [max(below[i : i + FACTOR]) for i in range(0, len(below), FACTOR)]
    for below, above in pairwise(chunk.means):
        fours = [below[i : i + FACTOR] for i in range(0, len(below), FACTOR)]
        assert all(min(four) <= m <= max(four) for four, m in zip(fours, above, strict=True))


def beep(path: Path, at: float, seconds: int, *encoding: str) -> Path:
    """Silence but for a tenth of a second."""
    tone = f"aevalsrc=0.5*sin(2*PI*1000*t)*between(t\\,{at}\\,{at + 0.1}):s=48000"
    return sounding(path, seconds, tone, *encoding)


@pytest.mark.parametrize(
    "name", ["beep.m4a", "beep.mkv", "beep.mp3", "beep.wav", "beep.flac", "beep.ts", "beep.ogg"]
)
def test_a_beep_in_the_second_chunk_is_where_it_is(tmp_path: Path, name: str) -> None:
    at = CHUNK / SECOND + 12.34
    film = beep(tmp_path / name, at, 345)
    early = 1.4 if name.endswith(".ts") else 0  # counted from its clock reference
    second = measured(film, 350, 1)
    loud = [i for i, level in enumerate(second.means[0]) if level > 150]
    if early:
        assert len(loud) in range(9, 14)
    else:
        assert loud[0] in range(1232, 1237)
        assert loud[-1] in range(1242, 1247)
    assert max(measured(film, 350, 0).means[0]) < 150


def test_going_on_and_jumping_back_measure_the_same(tmp_path: Path) -> None:
    film = sounding(tmp_path / "noise.m4a", 700, "anoisesrc=a=0.3:s=7")
    meter = SoundMeter(film, 700 * SECOND)
    first, second = meter.towards(0), meter.towards(1)
    assert meter.towards(2)[0] == 2
    assert meter.towards(0) == first
    alone = meter.towards(1)
    meter.close()
    again = SoundMeter(film, 700 * SECOND)
    jumped = again.towards(1)
    again.close()
    assert alone == second
    differ = sum(
        abs(a - b) > 1 for a, b in zip(jumped[1].means[0], second[1].means[0], strict=True)
    )
    assert differ < CHUNK_STEPS / 1000


def test_without_an_index_what_is_passed_is_given_too(tmp_path: Path) -> None:
    film = sounding(tmp_path / "noise.ts", 700, "anoisesrc=a=0.3:s=7:r=16000")
    meter = SoundMeter(film, 700 * SECOND)
    assert [meter.towards(2)[0] for _ in range(3)] == [0, 1, 2]
    assert meter.towards(0)[0] == 0
    meter.close()


def test_a_film_without_sound_or_without_a_picture_is_refused(tmp_path: Path) -> None:
    silent = clip(tmp_path / "silent.mp4", frames=10, sound=False)
    with pytest.raises(MediaError):
        SoundMeter(silent, SECOND).towards(0)
    dark = sounding(tmp_path / "dark.m4a", 1, "sine=f=440")
    with pytest.raises(MediaError):
        KeyPictures(dark)


def key_times(film: Path) -> list[int]:
    """Microseconds of the film's key frames."""
    with open_media(film) as container:
        stream = picture_of(container)
        assert stream
        assert stream.time_base
        origin, scale = origin_of(container), stream.time_base * SECOND
        return sorted(
            round(p.pts * scale) - origin
            for p in container.demux(stream)
            if p.is_keyframe and p.pts is not None
        )


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "mov", "avi", "ts", "flv"])
def test_a_thumbnail_is_the_key_frame_before_and_says_its_time(tmp_path: Path, suffix: str) -> None:
    film = clip(tmp_path / f"film.{suffix}", frames=150, gop=50)
    pictures = KeyPictures(film)
    try:
        times = [pictures.near(t * SECOND).pts_us for t in (0, 3, 5, 1)]
        small = pictures.near(3 * SECOND)
    finally:
        pictures.close()
    keys = key_times(film)
    for t, found in zip((0, 3, 5, 1), times, strict=True):
        shown = max((key for key in keys if key <= t * SECOND), default=keys[0])
        assert found in keys
        # Seek points of transport streams and of FLV may be a key frame off.
        assert abs(keys.index(found) - keys.index(shown)) <= (suffix in ("ts", "flv"))
    assert (small.width, small.height) == (192, HIGH)
    assert len(small.bgrx) == 192 * HIGH * 4


def _upright(film: Path) -> bool:
    found = probe(film).video
    return found is not None and found.height > found.width


def test_a_film_on_its_side_has_upright_thumbnails(tmp_path: Path) -> None:
    film = clip(tmp_path / "film.mp4", frames=20)
    turned = tmp_path / "turned.mp4"
    ffmpeg("-i", film, "-c", "copy", "-metadata:s:v:0", "rotate=90", turned)
    pictures = KeyPictures(turned)
    still = pictures.near(0)
    pictures.close()
    if _upright(turned):  # newer ffmpeg writes no matrix for this option
        assert (still.width, still.height) == (HIGH // 2, HIGH)


def test_a_picture_comes_back_from_its_jpeg(tmp_path: Path) -> None:
    pictures = KeyPictures(clip(tmp_path / "film.mp4", frames=20))
    still = pictures.near(0)
    pictures.close()
    jpeg = jpeg_of(still)
    assert len(jpeg) < 10_000
    again = still_of(jpeg, 7)
    assert again
    assert (again.width, again.height, again.pts_us) == (still.width, still.height, 7)
    far = [abs(a - b) for a, b in zip(again.bgrx, still.bgrx, strict=True)]
    assert sum(far) / len(far) < 4
    assert still_of(jpeg[:40], 0) is None
    assert still_of(b"no picture", 0) is None
