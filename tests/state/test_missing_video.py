"""A project's video that moved, was renamed, replaced, or is nowhere."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from app.media.content_key import content_key
from app.services.store_rows import Meta
from app.state.missing_video import VideoGone, is_it, video_of

CONTENT = bytes(range(256)) * 40


@pytest.fixture
def footage(tmp_path: Path) -> Path:
    path = tmp_path / "footage" / "take.mp4"
    path.parent.mkdir()
    path.write_bytes(CONTENT)
    return path


def meta(video: Path) -> Meta:
    said = video.stat()
    return Meta(video, said.st_size, said.st_mtime_ns, content_key(video), 10_000_000)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "projects" / "take.keeptake"
    path.parent.mkdir()
    return path


def test_a_video_that_stayed_is_where_it_was(footage: Path, project: Path) -> None:
    assert video_of(meta(footage), project) == footage


def test_a_touched_video_is_the_same_one(footage: Path, project: Path) -> None:
    known = meta(footage)
    os.utime(footage, (1, 1))
    assert video_of(known, project) == footage


def test_a_renamed_video_is_found_in_its_folder(footage: Path, project: Path) -> None:
    known = meta(footage)
    (footage.parent / "a decoy.mp4").write_bytes(b"x" * len(CONTENT))
    (footage.parent / "short.mp4").write_bytes(b"x")
    (footage.parent / "a folder").mkdir()
    renamed = footage.rename(footage.with_name("ראיון.mov"))
    assert video_of(known, project) == renamed


@pytest.mark.parametrize("name", ["take.mp4", "other name.mov"])
def test_a_video_that_went_with_its_project_is_found_beside_it(
    footage: Path, project: Path, name: str
) -> None:
    known = meta(footage)
    shutil.move(footage, project.with_name(name))
    footage.parent.rmdir()
    assert video_of(known, project) == project.with_name(name)


def test_another_file_of_its_name_is_not_taken_for_it(footage: Path, project: Path) -> None:
    known = meta(footage)
    footage.write_bytes(CONTENT[:-1] + b"!")
    with pytest.raises(VideoGone, match="not the one this project was made for") as gone:
        video_of(known, project)
    assert gone.value.other
    assert not is_it(known, footage)


def test_a_replaced_video_is_found_under_its_new_name(footage: Path, project: Path) -> None:
    known = meta(footage)
    kept = footage.rename(footage.with_name("take (old).mp4"))
    footage.write_bytes(b"another take")
    assert video_of(known, project) == kept


def test_a_video_that_is_nowhere_is_told_with_its_name(footage: Path, project: Path) -> None:
    known = meta(footage)
    footage.unlink()
    with pytest.raises(VideoGone, match=r"“take\.mp4”, is not where it was.*are safe") as gone:
        video_of(known, project)
    assert not gone.value.other
    assert gone.value.detail == str(footage)
    assert "Relink Video…" in gone.value.hint


def test_a_folder_of_that_name_is_no_video(footage: Path, project: Path) -> None:
    known = meta(footage)
    footage.unlink()
    footage.mkdir()
    with pytest.raises(VideoGone):
        video_of(known, project)
