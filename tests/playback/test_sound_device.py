"""Without a sound device a film plays silently, and that is said."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.playback.sound_device import SILENT, SoundWatch, sound_output

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere VLC finds its output")


@pytest.fixture
def cards(tmp_path: Path) -> Path:
    """No card, as yet."""
    (tmp_path / "asound").mkdir()
    return tmp_path / "asound"


def test_without_server_and_card_it_is_silent(tmp_path: Path, cards: Path) -> None:
    assert sound_output({"XDG_RUNTIME_DIR": str(tmp_path)}, cards) == SILENT
    (cards / "card0").mkdir()
    assert sound_output({"XDG_RUNTIME_DIR": str(tmp_path)}, cards) == ""


@pytest.mark.parametrize("server", ["pulse/native", "pipewire-0"])
def test_a_sound_server_is_left_to_vlc(tmp_path: Path, cards: Path, server: str) -> None:
    (tmp_path / "pulse").mkdir()
    (tmp_path / server).touch()
    assert sound_output({"XDG_RUNTIME_DIR": str(tmp_path)}, cards) == ""


def test_a_named_server_counts_where_it_is_there_or_far_away(tmp_path: Path, cards: Path) -> None:
    for name in (f"unix:{tmp_path}/native", f"{{0f1e}}unix:{tmp_path}/native"):
        assert sound_output({"PULSE_SERVER": name}, cards) == SILENT
    assert sound_output({"PULSE_SERVER": "tcp:studio:4713"}, cards) == ""
    (tmp_path / "native").touch()
    assert sound_output({"PULSE_SERVER": f"unix:{tmp_path}/native"}, cards) == ""


def test_nothing_to_hear_on_is_said_once(tmp_path: Path, cards: Path) -> None:
    watch = SoundWatch(SILENT, {"XDG_RUNTIME_DIR": str(tmp_path)}, cards)
    assert "no sound device" in str(watch.problem())
    assert watch.problem() is None


def test_a_device_that_goes_while_it_plays_is_said_each_time(tmp_path: Path, cards: Path) -> None:
    card = cards / "card0"
    card.mkdir()
    watch = SoundWatch("", {"XDG_RUNTIME_DIR": str(tmp_path)}, cards)
    assert watch.problem() is None
    for _ in range(2):
        card.rmdir()
        assert "no sound device" in str(watch.problem())
        assert watch.problem() is None
        card.mkdir()
        assert watch.problem() is None


def test_a_device_that_comes_later_is_not_heard_before_the_next_start(
    tmp_path: Path, cards: Path
) -> None:
    (cards / "card0").mkdir()
    watch = SoundWatch(SILENT, {"XDG_RUNTIME_DIR": str(tmp_path)}, cards)
    assert "start Keeptake again" in str(watch.problem()).replace("Start", "start")
