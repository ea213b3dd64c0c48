"""What is read of a film's file once is not read again."""

from __future__ import annotations

import os
from array import array
from pathlib import Path

import pytest

from app.core.errors import MediaError
from app.media.probe import Probe, probe
from app.services.prepared import Prepared
from app.state import looking
from app.state.looking import look_at
from tests.playback.clips import make_clip


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    make_clip(path, seconds=1)
    return path


def test_the_pts_table_of_a_long_film_is_kept(
    tmp_path: Path, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "LONG", 10)
    prepared = Prepared(tmp_path / "prepared")
    probed, footage, key = look_at(prepared, clip)
    assert len(footage.frame_times) == 25
    assert (footage.duration, footage.has_audio) == (probed.duration, True)
    listed: list[Path] = []

    def listing(path: Path) -> array[int]:
        listed.append(path)
        return array("q")

    monkeypatch.setattr("app.media.frame_index.frame_times", listing)
    assert look_at(prepared, clip)[1].frame_times == footage.frame_times
    assert not listed
    for kept in (tmp_path / "prepared").iterdir():
        kept.write_bytes(b"damaged")
    look_at(prepared, clip)
    assert listed == [clip]
    assert len(key) == 64


def test_a_long_film_is_probed_once_until_its_file_is_another(
    tmp_path: Path, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "LONG", 10)
    prepared = Prepared(tmp_path / "prepared")
    film = tmp_path / "film.mp4"
    film.write_bytes(clip.read_bytes())
    first, _, key = look_at(prepared, film)
    assert first.video is not None
    probed: list[Path] = []

    def probing(path: Path) -> Probe:
        probed.append(path)
        return probe(path)

    monkeypatch.setattr("app.media.probe.probe", probing)
    again, footage, same = look_at(prepared, film)
    assert (again, same) == (first, key)
    assert (footage.width, footage.height) == (first.video.width, first.video.height)
    assert not probed
    os.utime(film, (1, 1))
    assert look_at(prepared, film)[0] == first
    assert probed == [film]
    film.unlink()
    with pytest.raises(MediaError):
        look_at(prepared, film)


def test_of_a_short_film_nothing_is_kept(tmp_path: Path, clip: Path) -> None:
    look_at(Prepared(tmp_path / "prepared"), clip)
    assert not (tmp_path / "prepared").exists()
