"""Films as they come: late, turned, covered, damaged, in old containers; and full disks."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from app.core.errors import ExportError, MediaError
from app.core.timerange import Ranges, TimeRange
from app.media.clock_reference import first_clock_reference
from app.media.cut_sound import CutSound
from app.media.export import export_cut
from app.media.frame_index import frame_times
from app.media.probe import probe
from app.media.sound import read_pcm
from app.media.stills import StillReader
from tests.media.clips import ffmpeg, number_of, numbers


def export(source: Path, keep: Ranges, out: Path) -> None:
    asyncio.run(export_cut(source, keep, probe(source), out, lambda *_: None))


def still(path: Path, t: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    reader = StillReader(path)
    try:
        found = reader.at(t)
    finally:
        reader.close()
    return np.frombuffer(found.bgrx, np.uint8).reshape(found.height, found.width, 4)[..., 2::-1]


def sound_of(path: Path, keep: Ranges) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    sound = CutSound(path, keep)
    try:
        return np.frombuffer(b"".join(sound.pieces()), np.float32)
    finally:
        sound.close()


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("late.ts", ["-c", "copy", "-output_ts_offset", "2"]),
        ("late.mkv", ["-c", "copy", "-output_ts_offset", "2"]),
        ("late.mp4", ["-c", "copy", "-output_ts_offset", "2"]),
        ("pieces.mp4", ["-c", "copy", "-movflags", "frag_keyframe+empty_moov"]),
        ("old.avi", ["-c:v", "mpeg4", "-bf", "0", "-q:v", "1", "-c:a", "mp3"]),
        ("flash.flv", ["-c:v", "flv", "-q:v", "1", "-c:a", "mp3", "-ar", "44100"]),
    ],
)
def test_stills_and_cuts_are_exact_in_every_container(
    name: str, options: list[str], film: Path, tmp_path: Path
) -> None:
    odd = tmp_path / name
    ffmpeg("-i", film, *options, odd)
    times = frame_times(odd)
    assert len(times) == 100
    for n in (0, 52, 99, 7):
        assert number_of(still(odd, times[n] + 10_000)) == n
    keep = (TimeRange(times[7], times[20]), TimeRange(times[40] + 9_000, times[71]))
    export(odd, keep, tmp_path / "cut.mp4")
    assert numbers(tmp_path / "cut.mp4") == [*range(7, 20), *range(41, 71)]


def test_the_tone_stays_with_its_picture_where_a_film_begins_late(tmp_path: Path) -> None:
    film, late = tmp_path / "film.mkv", tmp_path / "late.ts"
    tone = "aevalsrc=if(between(t\\,1\\,1.5)\\,0.5*sin(2000*t)\\,0):s=48000:d=3"
    ffmpeg("-f", "lavfi", "-i", "color=black:s=64x64:d=3", "-f", "lavfi", "-i", tone, film)
    ffmpeg("-i", film, "-c:v", "copy", "-c:a", "mp2", "-b:a", "192k", late)
    shift = frame_times(late)[0] - frame_times(film)[0]
    for path, begins in ((film, 1.0), (late, 1.0 + shift / 1e6)):
        pcm = np.frombuffer(read_pcm(path, 48_000), np.int16)
        exact = sound_of(path, (TimeRange(0, probe(path).duration),))
        assert abs(np.flatnonzero(np.abs(pcm) > 3_000)[0] / 48_000 - begins) < 0.03
        assert abs(np.flatnonzero(np.abs(exact) > 0.1)[0] / 48_000 - begins) < 0.03


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_film_is_shown_and_cut_upright(turn: int, film: Path, tmp_path: Path) -> None:
    turned = tmp_path / "turned.mp4"
    ffmpeg("-i", film, "-c", "copy", "-metadata:s:v:0", f"rotate={turn}", turned)
    found = probe(turned).video
    assert found is not None
    if not found.rotation:
        pytest.skip("this ffmpeg writes no display matrix for the option")
    export(turned, (TimeRange(0, 400_000),), tmp_path / "cut.mp4")
    picture, made = still(turned, 40_000), still(tmp_path / "cut.mp4", 40_000)
    assert picture.shape == (found.height, found.width, 3) == made.shape
    difference = np.abs(picture.astype(int) - made.astype(int)).mean()
    assert difference < 8, "ffmpeg turns it the same way"


def test_non_square_pixels_are_shown_stretched_and_stay_so_in_the_cut(
    film: Path, tmp_path: Path
) -> None:
    wide = tmp_path / "wide.mp4"
    ffmpeg("-i", film, "-vf", "setsar=2/1", wide)
    export(wide, (TimeRange(0, 400_000),), tmp_path / "cut.mp4")
    assert still(wide, 0).shape == still(tmp_path / "cut.mp4", 0).shape == (96, 384, 3)


def test_a_cover_is_no_film(film: Path, tmp_path: Path) -> None:
    cover, song, both = tmp_path / "c.png", tmp_path / "song.m4a", tmp_path / "both.mp4"
    ffmpeg("-f", "lavfi", "-i", "color=red:s=64x64", "-frames:v", "1", cover)
    marks = ["-c", "copy", "-disposition:v:0", "attached_pic"]
    ffmpeg("-i", film, "-i", cover, "-map", "1", "-map", "0:a", *marks, song)
    ffmpeg("-i", film, "-i", cover, "-map", "1", "-map", "0", *marks, both)
    assert probe(song).video is None
    assert len(frame_times(song)) == 0
    with pytest.raises(MediaError):
        StillReader(song)
    export(song, (TimeRange(0, 1_000_000),), tmp_path / "cut.m4a")
    assert len(frame_times(both)) == 100
    assert number_of(still(both, 1_000_000)) == 25
    export(both, (TimeRange(400_000, 1_000_000),), tmp_path / "cut.mp4")
    assert numbers(tmp_path / "cut.mp4") == list(range(10, 25))


def test_colour_tags_stay_and_chapters_of_the_source_go(film: Path, tmp_path: Path) -> None:
    marks, source = tmp_path / "marks.txt", tmp_path / "source.mp4"
    marks.write_text(";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1\nSTART=2\nEND=4\ntitle=late\n")
    tags = ["-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709"]
    ffmpeg("-i", film, "-i", marks, "-map_metadata", "1", "-map", "0", *tags, source)
    export(source, (TimeRange(0, 1_000_000),), tmp_path / "cut.mp4")
    with av.open(str(tmp_path / "cut.mp4")) as made:
        context = made.streams.video[0].codec_context
        assert (context.colorspace, context.color_primaries, context.color_trc) == (1, 1, 1)
        assert context.pix_fmt == "yuv420p"
        assert not made.chapters()


def test_an_odd_size_and_ten_bits_become_what_every_player_reads(tmp_path: Path) -> None:
    odd = tmp_path / "odd.mkv"
    ffmpeg("-f", "lavfi", "-i", "testsrc=s=161x91:d=1:r=25", "-pix_fmt", "yuv444p10le", odd)
    export(odd, (TimeRange(0, 400_000),), tmp_path / "cut.mp4")
    with av.open(str(tmp_path / "cut.mp4")) as made:
        context = made.streams.video[0].codec_context
        assert (context.width, context.height, context.pix_fmt) == (160, 90, "yuv420p")


@pytest.mark.parametrize("name", ["short.mkv", "short.ts"])
def test_a_film_cut_short_is_used_as_far_as_it_goes(name: str, film: Path, tmp_path: Path) -> None:
    whole, short = tmp_path / f"whole{Path(name).suffix}", tmp_path / name
    ffmpeg("-i", film, "-c", "copy", whole)
    data = whole.read_bytes()
    short.write_bytes(data[: len(data) * 2 // 3 - 77])
    times = frame_times(short)
    assert 30 < len(times) < 100
    assert read_pcm(short)
    export(short, (TimeRange(times[3], times[30]),), tmp_path / "cut.mp4")
    assert numbers(tmp_path / "cut.mp4") == list(range(3, 30))


def test_damaged_bytes_in_the_middle_lose_no_more_than_themselves(
    film: Path, tmp_path: Path
) -> None:
    whole = tmp_path / "whole.ts"
    ffmpeg("-i", film, "-c", "copy", whole)
    data = bytearray(whole.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 3000] = bytes(range(256)) * 11 + bytes(184)
    damaged = tmp_path / "damaged.ts"
    damaged.write_bytes(data)
    assert len(sound_of(damaged, (TimeRange(0, 4_000_000),))) == 4 * 48_000
    assert len(read_pcm(damaged)) > 3 * 32_000


def test_a_track_no_decoder_knows_gets_a_sentence_and_no_crash(film: Path, tmp_path: Path) -> None:
    for unknown in (b"zzzz", b"dvh9"):
        strange = tmp_path / "strange.mp4"
        strange.write_bytes(film.read_bytes().replace(b"avc1", unknown))
        with pytest.raises(MediaError, match="cannot be read"):
            probe(strange)
    mute = tmp_path / "mute.mp4"
    mute.write_bytes(film.read_bytes().replace(b"mp4a", b"zzzz").replace(b"esds", b"free"))
    assert probe(mute).audio is None
    assert read_pcm(mute) == b""
    export(mute, (TimeRange(0, 400_000),), tmp_path / "cut.mp4")


def test_an_hour_of_missing_sound_is_silence_made_in_small_pieces(
    film: Path, tmp_path: Path
) -> None:
    late = tmp_path / "late.mkv"
    ffmpeg("-i", film, "-itsoffset", "3600", "-i", film, "-map", "0:v", "-map", "1:a", "-c", "copy", late)  # fmt: skip # noqa: E501
    sound = CutSound(late, (TimeRange(3_599_000_000, 3_601_000_000),))
    try:
        pieces = list(sound.pieces())
    finally:
        sound.close()
    samples = np.frombuffer(b"".join(pieces), np.float32)
    assert len(samples) == 96_000
    assert max(map(len, pieces)) <= 10 * 48_000 * 4
    assert not samples[:46_000].any()
    assert np.abs(samples[50_000:]).max() > 0.05


def test_edges_between_frames_never_give_two_frames_one_time(film: Path, tmp_path: Path) -> None:
    keep = tuple(TimeRange(n * 120_000 + (1 if n else 0), n * 120_000 + 40_002) for n in range(30))
    export(film, keep, tmp_path / "cut.mp4")
    times = frame_times(tmp_path / "cut.mp4")
    assert len(times) == len(numbers(tmp_path / "cut.mp4")) >= 30


def test_names_that_look_like_options_and_patterns_are_written_as_they_are(
    film: Path, tmp_path: Path
) -> None:
    for name in ("-y.mp4", "a'b %03d [x].mp4", "שלום: ה.mp4"):
        source = tmp_path / f"from {name}"
        source.write_bytes(film.read_bytes())
        export(source, (TimeRange(0, 400_000),), tmp_path / name)
        assert len(frame_times(tmp_path / name)) == 10


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder with room for 16 kB, where this computer lets us make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, check=False)
    except OSError:
        pytest.skip("no mount here")
    if done.returncode:
        pytest.skip("may not mount here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_gets_a_sentence_and_no_half_file(
    film: Path, small_disk: Path, tmp_path: Path
) -> None:
    # So little is missing that ffmpeg notices only at the end, and 5.1 then says all went well.
    for name in ("cut.mp4", "cut.mkv"):
        with pytest.raises(ExportError) as told:
            export(film, (TimeRange(0, 4_000_000),), small_disk / name)
        assert "full" in told.value.sentence
        assert not list(small_disk.iterdir())


@pytest.mark.parametrize("wait", [0.0, 0.002, 0.01, 0.03, 0.06, 0.1, 0.2])
def test_cancelling_at_any_moment_leaves_nothing(wait: float, film: Path, tmp_path: Path) -> None:
    long, folder = tmp_path / "long.mkv", tmp_path / "out"
    ffmpeg("-stream_loop", "20", "-i", film, "-c", "copy", long)
    folder.mkdir()
    found, keep = probe(long), (TimeRange(0, 70_000_000),)

    async def story() -> None:
        task = asyncio.create_task(
            export_cut(long, keep, found, folder / "cut.mp4", lambda *_: None)
        )
        await asyncio.sleep(wait)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(story())
    assert not list(folder.iterdir())


def test_a_file_without_a_clock_reference_says_none(film: Path, tmp_path: Path) -> None:
    assert first_clock_reference(film) is None
    assert first_clock_reference(tmp_path / "gone.ts") is None
