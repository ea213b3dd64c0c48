"""A film's file that goes, comes back, grows, or becomes another."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from app.playback.file_watch import FileWatch


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    path.write_bytes(os.urandom(300_000))
    return path


def sentence(watch: FileWatch) -> str:
    problem = watch.problem()
    return problem.sentence if problem else ""


def test_a_file_that_stays_is_no_problem(film: Path) -> None:
    watch = FileWatch(film)
    assert [watch.problem() for _ in range(3)] == [None] * 3


def test_a_file_that_goes_is_told_until_it_is_back(film: Path, tmp_path: Path) -> None:
    watch = FileWatch(film)
    assert not sentence(watch)
    away = tmp_path / "away.mp4"
    shutil.copy(film, away)
    film.unlink()
    assert "film.mp4 is no longer where it was" in sentence(watch)
    shutil.copy(away, film)
    assert not sentence(watch)


def test_a_new_date_and_a_recording_that_grows_are_the_same_film(film: Path) -> None:
    watch = FileWatch(film)
    assert not sentence(watch)
    os.utime(film, (1, 1))
    assert not sentence(watch)
    with film.open("ab") as file:
        file.write(b"more" * 1000)
    assert not sentence(watch)
    with film.open("ab") as file:
        file.write(b"and more" * 100_000)
    assert not sentence(watch)


@pytest.mark.parametrize("size", [300_000, 299_999, 500_000, 0])
def test_another_file_in_its_place_is_told_however_it_came_there(film: Path, size: int) -> None:
    watch = FileWatch(film)
    assert not sentence(watch)
    whole, other = film.read_bytes(), film.with_name("other.mp4")
    other.write_bytes(os.urandom(size))
    other.replace(film)
    assert "Another file has taken the place of film.mp4" in sentence(watch)
    film.write_bytes(whole)
    assert not sentence(watch)
    film.write_bytes(os.urandom(size))
    assert "Another file" in sentence(watch)


def test_a_file_cut_short_is_another_one(film: Path) -> None:
    film.write_bytes(bytes(300_000))
    watch = FileWatch(film)
    assert not sentence(watch)
    os.truncate(film, 200_000)
    assert "Another file" in sentence(watch)


def test_a_file_that_was_not_there_at_first_is_told(tmp_path: Path) -> None:
    assert "no longer" in sentence(FileWatch(tmp_path / "gone.mp4"))
