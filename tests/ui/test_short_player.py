"""The player of finished shorts, with real VLC on a small film, and with what is no film."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import qasync
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QSlider, QWidget

from app.core.errors import MediaError
from app.media.stills import StillReader
from app.playback.stage import Stage
from app.playback.vlc_player import Engine
from app.ui import notices
from app.ui.short_player import ShortPlayer, closed, load
from tests.playback.clips import make_clip, number

if TYPE_CHECKING:
    from app.state.playback_state import StageFactory


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds, upright."""
    path = tmp_path_factory.mktemp("shorts") / "פרק 1 <b>The ask.mp4"
    make_clip(path, seconds=3, size=(320, 576))
    return path


def stage(engine: Callable[[], Engine] = lambda: Engine("dummy")) -> StageFactory:
    return lambda frame, state, error: Stage(frame, state, error, StillReader, engine)


def run(app: QApplication, story: Coroutine[Any, Any, Any]) -> None:
    with qasync.QEventLoop(app) as loop:
        # No wait_for: the loop's timer of its limit would outlive it, to be found by a thread.
        loop.run_until_complete(story)


async def until(condition: Callable[[], bool], seconds: float = 8.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        await asyncio.sleep(0.01)


def names(player: ShortPlayer, kind: type[QWidget]) -> set[str]:
    return {w.accessibleName() for w in player.findChildren(kind)}


def test_it_plays_a_short_and_leaves_no_thread(app: QApplication, short: Path) -> None:
    async def story() -> None:
        before = set(threading.enumerate())
        player = ShortPlayer(None, short, stage())
        assert player.accessibleName() == "Short Player"
        assert {"Play", "Mute", "Show in Folder", "Close"} <= names(player, QPushButton)
        assert names(player, QSlider) == {"Position"}
        assert not player.play.isEnabled()
        await load(player)
        player.open()
        assert not player.isModal()
        # Shortcuts are for the active window; a screen without window manager activates none.
        player.activateWindow()
        await until(player.isActiveWindow)
        assert player.facts.text().startswith("3.0 s · 320 × 576 · ")
        await until(lambda: player.playback.frame is not None)
        assert number(player.playback.frame) == 0  # type: ignore[arg-type]
        QTest.keyClick(player, Qt.Key.Key_Space)
        await until(lambda: player.playback.playing)
        await until(lambda: player.position.value() > 300)
        assert player.play.accessibleDescription() == "Playing"
        player.folder.setFocus()
        QTest.keyClick(player.folder, Qt.Key.Key_Space)
        await until(lambda: player.play.accessibleDescription() == "Paused")
        player.position.setValue(2000)
        await until(lambda: number(player.playback.frame) == 50)  # type: ignore[arg-type]
        assert player.time.text() == "0:02.0 / 0:03.0"
        await closed(player)
        left = {t for t in threading.enumerate() if t.name.startswith("keeptake")}
        assert left <= before

    run(app, story())


def test_escape_ends_the_wait_and_stops_playing(app: QApplication, short: Path) -> None:
    async def story() -> None:
        player = ShortPlayer(None, short, stage())
        await load(player)
        waiting = asyncio.create_task(notices.finished(player))
        await until(player.isVisible)
        player.play.click()
        await until(lambda: player.playback.playing)
        QTest.keyClick(player, Qt.Key.Key_Escape)
        await waiting
        assert not player.playback.playing
        await closed(player)

    run(app, story())


def test_ending_does_not_keep_the_window_waiting(app: QApplication, short: Path) -> None:
    async def story() -> None:
        player = ShortPlayer(None, short, stage())
        await load(player)
        player.open()
        player.play.click()
        await until(lambda: player.position.value() > 100)
        turns, ending = 0, asyncio.create_task(closed(player))
        while not ending.done():
            await asyncio.sleep(0)
            turns += 1
        # VLC joins its threads meanwhile; waited for here, that would be one turn or two.
        assert turns > 20

    run(app, story())


def test_what_cannot_be_opened_is_told(app: QApplication, tmp_path: Path) -> None:
    page = tmp_path / "short.mp4"
    page.write_text("<html>The link has expired</html>")

    async def story() -> None:
        for path in (page, tmp_path / "gone.mp4"):
            player = ShortPlayer(None, path, stage())
            await load(player)
            assert path.name in player.problem.text()
            assert not player.problem.isHidden()
            assert not player.play.isEnabled()
            QTest.keyClick(player, Qt.Key.Key_Space)
            assert not player.playback.playing
            await closed(player)

    run(app, story())


def test_closing_while_it_is_opened_is_no_harm(app: QApplication, short: Path) -> None:
    async def story() -> None:
        player = ShortPlayer(None, short, stage())
        opening = asyncio.create_task(load(player))
        await asyncio.sleep(0)
        await closed(player)
        await opening
        assert not player.playback.is_open

    run(app, story())


def test_without_vlc_there_is_a_picture_and_a_sentence(app: QApplication, short: Path) -> None:
    def missing() -> Engine:
        raise MediaError("VLC 3.0 was not found.", "Install VLC.")

    async def story() -> None:
        player = ShortPlayer(None, short, stage(missing))
        await load(player)
        await until(lambda: player.playback.frame is not None)
        player.play.click()
        await until(lambda: "VLC 3.0 was not found. Install VLC." in player.problem.text())
        await closed(player)

    run(app, story())


def test_its_buttons_are_signals_and_switches(app: QApplication, short: Path) -> None:
    async def story() -> None:
        player = ShortPlayer(None, short, stage())
        wanted: list[str] = []
        player.show_in_folder.connect(wanted.append)
        player.folder.click()
        assert wanted == [str(short)]
        await load(player)
        player.mute.click()
        assert player.playback.muted
        assert player.mute.accessibleDescription() == "Sound off"
        await closed(player)

    run(app, story())
