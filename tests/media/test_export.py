"""The exported cut holds exactly the kept frames, and sound of the same length."""

from __future__ import annotations

import asyncio
import itertools
import random
from pathlib import Path

import av
import numpy as np
import pytest

from app.core.errors import ExportError, KeeptakeError
from app.core.timerange import Ranges, TimeRange, merge, total
from app.media.cut_sound import FADE, CutSound
from app.media.export import export_cut
from app.media.frame_index import frame_times
from app.media.probe import probe
from app.media.write_text import write_text
from tests.media.clips import clip, ffmpeg, numbers


def export(source: Path, keep: Ranges, out: Path) -> list[tuple[str, float | None]]:
    told: list[tuple[str, float | None]] = []
    asyncio.run(export_cut(source, keep, probe(source), out, lambda s, f: told.append((s, f))))
    return told


def kept_numbers(times: list[int], keep: Ranges) -> list[int]:
    return [n for n, t in enumerate(times) if any(r.contains(t) for r in keep)]


def sound_seconds(path: Path) -> float:
    with av.open(str(path)) as container:
        return sum(f.samples for f in container.decode(audio=0)) / container.streams.audio[0].rate


def test_the_kept_frames_are_there_each_once_and_no_other(film: Path, tmp_path: Path) -> None:
    times = list(frame_times(film))
    keep = (
        TimeRange(0, times[10]),
        TimeRange(times[33], times[61]),
        TimeRange(times[97], 4_000_000),
    )
    told = export(film, keep, tmp_path / "cut.mp4")
    assert numbers(tmp_path / "cut.mp4") == kept_numbers(times, keep)
    assert abs(sound_seconds(tmp_path / "cut.mp4") - total(keep) / 1e6) <= 1024 / 48_000
    fractions = [f for _, f in told if f is not None]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    out_times = frame_times(tmp_path / "cut.mp4")
    assert [b - a for a, b in itertools.pairwise(out_times)] == [40_000] * 40


@pytest.mark.parametrize("container", ["mkv", "mov"])
def test_other_containers_are_cut_as_exactly(container: str, tmp_path: Path) -> None:
    film = clip(tmp_path / f"film.{container}", fps=30)
    times = list(frame_times(film))
    keep = (TimeRange(times[5], times[6]), TimeRange(times[50], times[90]))
    export(film, keep, tmp_path / f"cut.{container}")
    assert numbers(tmp_path / f"cut.{container}") == kept_numbers(times, keep)


def test_many_intervals_lose_no_frame_and_sound_does_not_drift(tmp_path: Path) -> None:
    film = clip(tmp_path / "film.mp4", 1500)
    times = list(frame_times(film))
    chance = random.Random(5)
    edges = sorted(chance.sample(range(1500), 300))
    keep = merge(
        TimeRange(times[a], times[b]) for a, b in zip(edges[::2], edges[1::2], strict=True)
    )
    assert len(keep) > 140
    export(film, keep, tmp_path / "cut.mp4")
    assert numbers(tmp_path / "cut.mp4") == kept_numbers(times, keep)
    assert abs(sound_seconds(tmp_path / "cut.mp4") - total(keep) / 1e6) <= 1024 / 48_000


def test_uneven_frames_keep_their_distances(film: Path, tmp_path: Path) -> None:
    uneven = tmp_path / "uneven.mkv"
    keep_frames = "not(mod(n\\,7))+not(mod(n\\,3))"
    ffmpeg("-i", film, "-vf", f"select={keep_frames}", "-fps_mode", "passthrough", uneven)
    times = list(frame_times(uneven))
    keep = (TimeRange(times[3], times[12]), TimeRange(times[20], times[30]))
    export(uneven, keep, tmp_path / "cut.mp4")
    out = frame_times(tmp_path / "cut.mp4")
    wanted = [t - times[3] for t in times[3:12]]
    wanted += [t - times[20] + times[12] - times[3] for t in times[20:30]]
    assert len(out) == len(wanted)
    assert max(abs(a - b) for a, b in zip(out, wanted, strict=True)) < 1_000


def test_picture_alone_and_sound_alone_are_exported(film: Path, tmp_path: Path) -> None:
    silent, sound = tmp_path / "silent.mp4", tmp_path / "sound.m4a"
    ffmpeg("-i", film, "-an", "-c", "copy", silent)
    ffmpeg("-i", film, "-vn", "-c", "copy", sound)
    keep = (TimeRange(0, 1_000_000), TimeRange(2_000_000, 3_000_000))
    export(silent, keep, tmp_path / "a.mp4")
    assert len(numbers(tmp_path / "a.mp4")) == 50
    assert probe(tmp_path / "a.mp4").audio is None
    export(sound, keep, tmp_path / "b.m4a")
    assert abs(sound_seconds(tmp_path / "b.m4a") - 2.0) < 0.05


def test_joins_are_faded_and_the_rest_is_untouched(film: Path) -> None:
    keep = (TimeRange(500_000, 1_000_000), TimeRange(2_000_000, 2_500_000))
    whole = CutSound(film, (TimeRange(0, 4_000_000),))
    cut = CutSound(film, keep)
    try:
        source = np.frombuffer(b"".join(whole.pieces()), np.float32)
        made = np.frombuffer(b"".join(cut.pieces()), np.float32)
    finally:
        whole.close()
        cut.close()
    assert len(made) == 48_000
    fade = FADE * 48_000 // 1_000_000
    assert np.array_equal(made[fade : 24_000 - fade], source[24_000 + fade : 48_000 - fade])
    assert abs(made[23_999]) < 0.01
    assert abs(made[24_000]) < 0.01


def test_cancelling_leaves_no_file_and_no_process(film: Path, tmp_path: Path) -> None:
    long = tmp_path / "long.mp4"
    ffmpeg("-stream_loop", "60", "-i", film, "-c", "copy", long)
    folder = tmp_path / "out"
    folder.mkdir()

    async def story() -> None:
        begun = asyncio.Event()
        whole = (TimeRange(0, 200_000_000),)
        task = asyncio.create_task(
            export_cut(long, whole, probe(long), folder / "cut.mp4", lambda *_: begun.set())
        )
        await asyncio.wait_for(begun.wait(), 20)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(story())
    assert not list(folder.iterdir())


def refusal(source: Path, keep: Ranges, out: Path) -> str:
    with pytest.raises(ExportError) as told:
        export(source, keep, out)
    return str(told.value)


def test_what_cannot_be_exported_gets_a_sentence_and_leaves_nothing(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = (TimeRange(0, 4_000_000),)
    assert "nothing to export" in refusal(film, (), tmp_path / "a.mp4")
    assert "cannot be written" in refusal(film, whole, film / "a.mp4")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "ffmpeg was not found" in refusal(film, whole, tmp_path / "a.mp4")
    assert not (tmp_path / "a.mp4").exists()


def test_a_source_that_vanished_gets_a_sentence_and_the_old_file_stays(
    film: Path, tmp_path: Path
) -> None:
    source, out = tmp_path / "source.mp4", tmp_path / "out.mp4"
    source.write_bytes(film.read_bytes())
    found = probe(source)
    source.unlink()
    out.write_text("what was exported before")
    with pytest.raises(KeeptakeError, match=r"not there|could not"):
        asyncio.run(export_cut(source, (TimeRange(0, 10**6),), found, out, lambda *_: None))
    assert out.read_text() == "what was exported before"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out.mp4"]


def test_text_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "captions.srt"
    write_text(path, "שלום\n")
    assert path.read_bytes() == "שלום\n".encode()
    with pytest.raises(ExportError):
        write_text(path / "inside.srt", "x")
    assert [p.name for p in tmp_path.iterdir()] == ["captions.srt"]
