"""The smaller upload copy: the film's frames at the film's times, no larger than said."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import pytest

from app.core.errors import ExportError
from app.media.frame_index import frame_times
from app.media.probe import probe
from app.media.upload_copy import CONTENT_TYPE, most_bytes, upload_copy
from tests.media.clips import clip, ffmpeg, numbers


def copied(source: Path, folder: Path, lines: int = 720) -> tuple[Path, list[str]]:
    said: list[str] = []
    found = probe(source)
    out = asyncio.run(
        upload_copy(source, found, lines, folder, "key12345", lambda s, _f: said.append(s))
    )
    return out, said


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """Four seconds of 1440p noise with sound, too much for any small rate; begins late."""
    path = tmp_path / "large.mkv"
    ffmpeg(
        "-f", "lavfi", "-i", "testsrc2=s=2560x1440:r=25:d=4,noise=alls=60:allf=t",
        "-f", "lavfi", "-i", "sine=r=48000:d=4", "-c:v", "libx264", "-preset", "ultrafast",
        "-qp", "18", "-pix_fmt", "yuv420p", "-c:a", "aac", "-output_ts_offset", "3", path,
    )  # fmt: skip
    return path


def test_a_copy_is_smaller_and_no_larger_than_was_said(large: Path, tmp_path: Path) -> None:
    for lines, size in ((1080, (1920, 1080)), (720, (1280, 720))):
        out, said = copied(large, tmp_path / "copies", lines)
        found = probe(out)
        assert found.video
        assert (found.video.width, found.video.height) == size
        assert found.content_type == CONTENT_TYPE
        assert found.audio
        assert out.stat().st_size < large.stat().st_size
        assert out.stat().st_size <= most_bytes(lines, found.duration)
        assert "Making the smaller copy" in said


def test_its_frames_have_the_times_of_the_film(tmp_path: Path) -> None:
    film = clip(tmp_path / "film.mkv", fps=30)
    out, _ = copied(film, tmp_path / "copies")
    assert numbers(out) == numbers(film)
    times, wanted = frame_times(out), frame_times(film)
    assert len(times) == len(wanted)
    assert max(abs(a - b) for a, b in zip(times, wanted, strict=True)) <= 1_000
    assert abs(probe(out).duration - probe(film).duration) <= 50_000


def test_a_late_beginning_is_left_out_as_the_film_has_it(large: Path, tmp_path: Path) -> None:
    out, _ = copied(large, tmp_path / "copies")
    times, wanted = frame_times(out), frame_times(large)
    assert max(abs(a - b) for a, b in zip(times, wanted, strict=True)) <= 1_000


def test_nothing_is_enlarged_and_upright_films_stay_upright(tmp_path: Path) -> None:
    film = tmp_path / "upright.mp4"
    ffmpeg("-f", "lavfi", "-i", "testsrc=s=406x722:r=25:d=1", "-pix_fmt", "yuv420p", film)
    out, _ = copied(film, tmp_path / "copies", 1080)
    video = probe(out).video
    assert video
    assert (video.width, video.height) == (406, 722)
    out, _ = copied(film, tmp_path / "others", 720)
    video = probe(out).video
    assert video
    assert (video.width, video.height) == (406, 722)


def test_a_copy_that_is_there_is_not_made_again_and_old_ones_go(tmp_path: Path) -> None:
    film = clip(tmp_path / "film.mkv", fps=30)
    folder = tmp_path / "copies"
    folder.mkdir()
    old, young = folder / "other-720.mp4", folder / "young-720.mp4"
    for path, days in ((old, 8), (young, 1)):
        path.write_bytes(b"film")
        at = time.time() - days * 86_400
        os.utime(path, (at, at))
    out, _ = copied(film, folder)
    first = out.stat().st_mtime_ns
    again, said = copied(film, folder)
    assert (again, again.stat().st_mtime_ns, said) == (out, first, [])
    assert not old.exists()
    assert young.exists()


def test_a_cancelled_copy_leaves_nothing(large: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copies"

    async def main() -> None:
        going = asyncio.Event()
        found = probe(large)
        task = asyncio.create_task(
            upload_copy(large, found, 1080, folder, "key12345", lambda _s, _f: going.set())
        )
        await going.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    film = clip(tmp_path / "film.mkv", fps=30)
    (tmp_path / "copies").write_text("a file")
    with pytest.raises(ExportError, match="smaller copy cannot be made"):
        copied(film, tmp_path / "copies")
