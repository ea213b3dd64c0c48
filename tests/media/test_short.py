"""A rendered short shows the right part of each kept frame once, with its sound and its words."""

from __future__ import annotations

import asyncio
import itertools
import subprocess
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from app.core.errors import ExportError, MediaError
from app.core.reframe import WHOLE, Framed, Part, Shot, Track
from app.core.timerange import SECOND, Ranges, TimeRange, total
from app.interchange.burned_captions import SpokenWord, burned_captions
from app.media.cut_sound import CutSound
from app.media.frame_index import frame_times
from app.media.probe import probe
from app.media.short import Short, check_short, render_short
from tests.media.clips import BITS, clip, ffmpeg

Picture = NDArray[np.uint8]

ALL = Framed((Shot(TimeRange(0, 600 * SECOND), (Track(WHOLE, 1.0, 1.0, ((0, 0.0, 0.0),)),)),))
"""The whole picture, pressed upright: every block of a coded frame stays to be read."""


def render(source: Path, short: Short, out: Path) -> list[float]:
    told: list[float] = []
    asyncio.run(render_short(source, probe(source), short, out, lambda _, f: told.append(f or 0)))
    return told


def pictures(path: Path) -> Iterator[Picture]:
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            yield frame.to_ndarray(format="rgb24")


def number(picture: Picture) -> int:
    """Of a coded frame, whatever its size."""
    height, width, _ = picture.shape
    columns = (np.arange(BITS) + 0.5) * width / BITS
    return sum(1 << b for b, x in enumerate(columns) if picture[height // 2, int(x), 1] > 128)


def sound_seconds(path: Path) -> float:
    with av.open(str(path)) as container:
        return sum(f.samples for f in container.decode(audio=0)) / container.streams.audio[0].rate


def kept_numbers(source: Path, keep: Ranges) -> list[int]:
    return [n for n, t in enumerate(frame_times(source)) if any(r.contains(t) for r in keep)]


def drawn(path: Path, picture: str, seconds: float = 2, size: str = "640x360") -> Path:
    """A silent film of what the geq filter makes of `picture` (its luma)."""
    plain = (
        f"color=c=gray:s={size}:r=25:d={seconds},format=yuv420p,geq=lum='{picture}':cb=128:cr=128"
    )
    ffmpeg("-f", "lavfi", "-i", plain, "-c:v", "libx264", "-crf", "12", "-bf", "2", path)
    return path


def test_every_kept_frame_is_there_once_with_its_sound(film: Path, tmp_path: Path) -> None:
    times = list(frame_times(film))
    keep = (TimeRange(times[12], times[30]), TimeRange(times[61], times[90]))
    told = render(film, Short(keep, ALL), tmp_path / "short.mp4")
    assert [number(p) for p in pictures(tmp_path / "short.mp4")] == kept_numbers(film, keep)
    assert told == sorted(told)
    assert told[-1] == 1.0
    made = frame_times(tmp_path / "short.mp4")
    assert {b - a for a, b in itertools.pairwise(made)} == {40_000}
    assert abs(sound_seconds(tmp_path / "short.mp4") - total(keep) / 1e6) <= 1024 / 48_000
    found = check_short(tmp_path / "short.mp4", total(keep))
    assert (found.width, found.height) == (1080, 1920)
    assert found.bytes == (tmp_path / "short.mp4").stat().st_size


@pytest.mark.parametrize("container", ["mp4", "mkv", "ts"])
def test_a_late_span_is_skipped_to_and_as_exact(container: str, tmp_path: Path) -> None:
    film = clip(tmp_path / f"film.{container}", frames=400)
    times = frame_times(film)
    keep = (TimeRange(times[331], times[340]), TimeRange(times[350], times[361]))
    render(film, Short(keep, ALL), tmp_path / "short.mp4")
    assert [number(p) for p in pictures(tmp_path / "short.mp4")] == kept_numbers(film, keep)
    assert abs(sound_seconds(tmp_path / "short.mp4") - total(keep) / 1e6) <= 1024 / 48_000


def test_sound_that_is_skipped_to_is_the_same_to_the_sample(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    noise = ["-f", "lavfi", "-i", "anoisesrc=r=48000:d=16:seed=3"]
    ffmpeg("-f", "lavfi", "-i", "color=s=64x64:r=25:d=16", *noise, "-c:a", "aac", film)
    late, whole = TimeRange(13 * SECOND, 14 * SECOND), TimeRange(0, 16 * SECOND)
    skipped, read = CutSound(film, (late,)), CutSound(film, (whole,))
    try:
        part = np.frombuffer(b"".join(skipped.pieces()), np.float32)
        everything = np.frombuffer(b"".join(read.pieces()), np.float32)
    finally:
        skipped.close()
        read.close()
    wanted = everything[13 * 48_000 : 14 * 48_000]
    assert np.abs(part[480:-480] - wanted[480:-480]).max() < 1e-4


def test_the_crop_follows_its_path(tmp_path: Path) -> None:
    film = drawn(tmp_path / "ramp.mp4", "32+X*192/640")
    width = 9 / 16 / (16 / 9)
    points = ((400_000, 0.1, 0.0), (1_200_000, 0.5, 0.0), (1_600_000, 0.2, 0.0))
    track = Track(WHOLE, width, 1.0, points)
    jump = Track(WHOLE, width, 1.0, ((1_800_000, 0.6, 0.0),))
    cut = 1_800_000
    framed = Framed((Shot(TimeRange(0, cut), (track,)), Shot(TimeRange(cut, 2 * SECOND), (jump,))))
    render(film, Short((TimeRange(0, 2 * SECOND),), framed), tmp_path / "short.mp4")
    ramp = next(pictures(film))[180, :, 1].astype(float)
    slope = (ramp[600] - ramp[40]) / 560
    made = list(pictures(tmp_path / "short.mp4"))
    assert len(made) == 50
    for n, picture in enumerate(made):
        (pane,) = framed.at(n * 40_000)
        middle = (pane.source.x + width / 2) * 640
        wanted = ramp[40] + (middle - 40) * slope
        assert abs(picture[900:1000, 520:560, 1].mean() - wanted) < 1.5, n


def test_panes_show_their_parts_and_layouts_change_with_the_shot(tmp_path: Path) -> None:
    quarters = "40+60*gte(X,320)+110*gte(Y,180)"
    film = drawn(tmp_path / "quarters.mp4", quarters)
    upper, lower = Part(0, 0, 1, 0.5), Part(0, 0.5, 1, 0.5)
    grid = (
        Track(upper, 0.25, 0.4, ((0, 0.6, 0.05),)),
        Track(lower, 0.25, 0.4, ((0, 0.1, 0.55),)),
    )
    single = (Track(WHOLE, 0.3, 0.4, ((0, 0.1, 0.05),)),)
    framed = Framed(
        (
            Shot(TimeRange(0, 400_000), grid),
            Shot(TimeRange(400_000, 800_000), single),
            Shot(TimeRange(800_000, 2 * SECOND), grid),
        )
    )
    keep = (TimeRange(200_000, 1_200_000),)
    render(film, Short(keep, framed), tmp_path / "short.mp4")
    source = next(pictures(film))
    one, two, three = source[90, 160, 1], source[90, 480, 1], source[270, 160, 1]
    for n, picture in enumerate(pictures(tmp_path / "short.mp4")):
        wanted = (one, one) if 5 <= n < 15 else (two, three)
        for (top, bottom), value in zip(((20, 940), (980, 1900)), wanted, strict=True):
            part = picture[top:bottom, 20:1060, 1]
            assert abs(part.mean() - value) < 3, n
            assert part.std() < 3, n


def test_a_turned_film_is_cropped_as_it_is_shown(film: Path, tmp_path: Path) -> None:
    upright = drawn(tmp_path / "ramp.mp4", "32+Y*192/360")
    turned = tmp_path / "turned.mp4"
    ffmpeg("-i", upright, "-c", "copy", "-metadata:s:v:0", "rotate=90", turned)
    found = probe(turned)
    assert found.video is not None
    if not found.video.rotation:
        pytest.skip("this ffmpeg writes no rotation so")
    assert (found.video.width, found.video.height) == (360, 640)
    framed = Framed((Shot(TimeRange(0, SECOND), (Track(WHOLE, 0.5, 0.5, ((0, 0.5, 0.0),)),)),))
    render(turned, Short((TimeRange(0, 200_000),), framed), tmp_path / "short.mp4")
    row = next(pictures(tmp_path / "short.mp4"))[960, :, 1].astype(int)
    ramp = next(pictures(upright))[:, 320, 1].astype(int)
    shown = ramp if found.video.rotation == 270 else ramp[::-1]
    assert abs(row[540] - shown[270]) < 4
    assert abs(row[100] - shown[197]) < 4


def test_oblong_pixels_and_odd_sizes_are_no_trouble(tmp_path: Path) -> None:
    film = tmp_path / "odd.mkv"
    size = ["-vf", "setsar=4/3", "-pix_fmt", "yuv444p"]
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=101x75:r=25:d=1", *size, "-c:v", "libx264", film)
    width = 9 / 16 / (4 / 3 * 101 / 75)
    framed = Framed((Shot(TimeRange(0, SECOND), (Track(WHOLE, width, 1.0, ((0, 0.3, 0.0),)),)),))
    render(film, Short((TimeRange(0, SECOND),), framed), tmp_path / "short.mp4")
    assert len(list(pictures(tmp_path / "short.mp4"))) == 25
    assert probe(tmp_path / "short.mp4").audio is None
    assert check_short(tmp_path / "short.mp4", SECOND).width == 1080


def test_uneven_frames_keep_their_distances(film: Path, tmp_path: Path) -> None:
    uneven = tmp_path / "uneven.mkv"
    some = "not(mod(n\\,7))+not(mod(n\\,3))"
    ffmpeg("-i", film, "-vf", f"select={some}", "-fps_mode", "passthrough", uneven)
    times = list(frame_times(uneven))
    keep = (TimeRange(times[3], times[30]),)
    render(uneven, Short(keep, ALL), tmp_path / "short.mp4")
    made = frame_times(tmp_path / "short.mp4")
    assert len(made) == 27
    assert max(abs(a - t + times[3]) for a, t in zip(made, times[3:30], strict=True)) < 1_000


def lit(picture: Picture) -> float | None:
    """Where the highlight's middle lies, None where nothing is highlighted."""
    red, green, blue = (picture[:, :, k].astype(int) for k in range(3))
    found = np.argwhere((red > 200) & (green > 160) & (blue < 90))
    return float(found[:, 1].mean()) if len(found) > 200 else None


@pytest.mark.parametrize(
    ("text", "right_to_left"), [("one two six", False), ("אחת שתי שלוש", True)]
)
def test_the_highlight_moves_with_the_words_to_the_frame(
    text: str, right_to_left: bool, tmp_path: Path
) -> None:
    film = drawn(tmp_path / "plain.mp4", "60")
    starts = (333_000, 700_000, 1_111_000)
    said = [SpokenWord(w, t, t + 300_000) for w, t in zip(text.split(), starts, strict=True)]
    keep = (TimeRange(120_000, 2 * SECOND),)
    captions = burned_captions(said, keep, right_to_left=right_to_left)
    render(film, Short(keep, ALL, captions), tmp_path / "short.mp4")
    at = [lit(p) for p in pictures(tmp_path / "short.mp4")]
    first = next(n for n, x in enumerate(at) if x is not None)
    changes = [first]
    for n in range(first + 1, len(at)):
        here, before = at[n], at[n - 1]
        if here is not None and before is not None and abs(here - before) > 40:
            changes.append(n)
    wanted = [(t - 120_000) / 40_000 for t in starts]
    assert len(changes) == 3
    assert all(abs(n - w) <= 1 for n, w in zip(changes, wanted, strict=True))
    places = [x for n in changes if (x := at[n]) is not None]
    assert places == sorted(places, reverse=right_to_left)
    assert at[-1] is None, "the caption goes away after its last word"


def test_cancelling_leaves_no_file_and_no_process(film: Path, tmp_path: Path) -> None:
    long, folder = tmp_path / "long.mp4", tmp_path / "out"
    ffmpeg("-stream_loop", "20", "-i", film, "-c", "copy", long)
    folder.mkdir()

    async def story() -> None:
        begun = asyncio.Event()
        short = Short((TimeRange(0, 80 * SECOND),), ALL)
        task = asyncio.create_task(
            render_short(long, probe(long), short, folder / "a.mp4", lambda *_: begun.set())
        )
        await asyncio.wait_for(begun.wait(), 20)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(story())
    assert not list(folder.iterdir())


def refusal(source: Path, short: Short, out: Path) -> str:
    with pytest.raises(ExportError) as told:
        render(source, short, out)
    return str(told.value)


def test_what_cannot_be_rendered_gets_a_sentence_and_leaves_nothing(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = Short((TimeRange(0, SECOND),), ALL)
    sound = tmp_path / "sound.m4a"
    ffmpeg("-i", film, "-vn", "-c", "copy", sound)
    out = tmp_path / "out"
    out.mkdir()
    assert "no picture" in refusal(sound, short, out / "a.mp4")
    assert "nothing to render" in refusal(film, Short((), ALL), out / "a.mp4")
    assert "cannot be written" in refusal(film, short, film / "a.mp4")
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    assert "ffmpeg was not found" in refusal(film, short, out / "a.mp4")
    fake = programs / "ffmpeg"
    for said, wanted in (("No such filter: 'ass'", "libass"), ("No space left on device", "full")):
        fake.write_text(f'#!/bin/sh\necho "{said}" >&2\nexit 1\n')
        fake.chmod(0o755)
        assert wanted in refusal(film, short, out / "a.mp4")
    assert not list(out.iterdir())


def complaint(path: Path, expected: int | None = None) -> str:
    with pytest.raises(MediaError) as told:
        check_short(path, expected)
    assert path.name in told.value.sentence
    return told.value.sentence


def test_a_finished_file_that_is_no_whole_short_is_told(film: Path, tmp_path: Path) -> None:
    assert check_short(film, None).duration_us == check_short(film, 4_300_000).duration_us
    assert "4.0 s long and should be 6.0 s" in complaint(film, 6 * SECOND)
    page, empty, cut = tmp_path / "page.mp4", tmp_path / "empty.mp4", tmp_path / "cut.mp4"
    page.write_text("\n<!DOCTYPE html><title>Sign in</title>")
    assert "web page" in complaint(page)
    empty.touch()
    assert "empty" in complaint(empty)
    assert "not there" in complaint(tmp_path / "gone.mp4")
    front = tmp_path / "front.mp4"
    ffmpeg("-i", film, "-c", "copy", "-movflags", "+faststart", front)
    whole = front.read_bytes()
    cut.write_bytes(whole[: len(whole) // 2])
    assert "cut short" in complaint(cut) or "damaged" in complaint(cut)
    cut.write_bytes(film.read_bytes()[: len(whole) // 2])
    assert "cut short" in complaint(cut)
    sound = tmp_path / "sound.m4a"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-i", str(film), "-vn", "-c", "copy", str(sound)], check=True
    )
    assert "no picture" in complaint(sound)
