"""Keys of the player and faces in the picture, in a real window with a real player."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit

from app.core.faces import Box, Faces
from app.core.proposals import strike_spans
from app.core.timerange import SECOND
from tests.journeys.conftest import Person, program
from tests.playback.clips import make_clip, number

Run = Callable[[Coroutine[Any, Any, None]], None]
FRAME = SECOND // 25


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight seconds at 25 frames a second, each with its number in its picture."""
    path = tmp_path_factory.mktemp("films") / "numbered.mp4"
    make_clip(path, seconds=8)
    return path


async def open_still(person: Person, film: Path) -> None:
    await person.program.files.open(film, play=False)
    await shows(person, 0)


async def shows(person: Person, frame: int) -> None:
    """Wait until the window stands on that frame, and its picture is that frame's."""
    playback = person.program.playback
    video = person.program.window.panes.video

    def there() -> bool:
        shown = playback.frame
        return (
            not playback.playing and shown is not None and shown.index == frame
            and video.shown_pts == shown.pts == playback.position and number(shown) == frame
        )  # fmt: skip

    await person.until(there, 20, f"frame {frame}")


async def press(person: Person, key: Qt.Key, held: Qt.KeyboardModifier | None = None) -> None:
    window = person.program.window
    # A window without a screen is left inactive by whatever was shown before it.
    await asyncio.sleep(0.05)
    while not window.isActiveWindow():
        window.activateWindow()
        await asyncio.sleep(0.05)
    QTest.keyClick(window.focusWidget() or window, key, held or Qt.KeyboardModifier.NoModifier)


def test_keys_play_faster_slower_and_step_frame_by_frame(journey: Run, film: Path) -> None:
    async def story() -> None:
        async with program() as person:
            playback = person.program.playback
            await open_still(person, film)
            await press(person, Qt.Key.Key_L)
            await person.until(lambda: playback.playing and playback.position > SECOND // 2, 20)
            for rate in (1.25, 1.5, 2.0, 3.0, 3.0):
                await press(person, Qt.Key.Key_L)
                assert playback.rate == rate
            for rate in (2.0, 1.5, 1.25, 1.0):
                await press(person, Qt.Key.Key_J)
                assert playback.rate == rate
            await press(person, Qt.Key.Key_K)
            await person.until(lambda: not playback.playing, 10)
            at = playback.position
            await shows(person, at // FRAME)
            await press(person, Qt.Key.Key_K)
            assert not playback.playing
            await press(person, Qt.Key.Key_J)
            await shows(person, max(0, at - 2 * SECOND) // FRAME)
            person.choose("Slower")
            assert playback.rate == 0.75
            await press(person, Qt.Key.Key_Space)
            await person.until(lambda: playback.playing, 10)
            await press(person, Qt.Key.Key_Space)
            await person.until(lambda: not playback.playing, 10)
            assert playback.rate == 0.75, "Space never resets the speed"
            person.choose("Normal Speed")
            playback.seek(SECOND)
            for frame, key in ((26, "."), (27, "."), (26, ","), (25, ","), (24, ",")):
                await press(person, Qt.Key(ord(key)))
                await shows(person, frame)

    journey(story())


def test_a_frame_or_a_time_is_gone_to_and_a_slip_is_told_in_the_dialog(
    journey: Run, film: Path
) -> None:
    async def story() -> None:
        async with program() as person:
            await open_still(person, film)
            typed = (("#33", 33), ("0:00:02:05", 55), ("3.2", 80), ("-1", 55), ("+3 f", 58))
            for text, frame in typed:
                await press(person, Qt.Key.Key_G)
                dialog = await person.dialog("Go to Time")
                field = dialog.findChild(QLineEdit)
                QTest.keyClicks(field, "#200")
                person.press(dialog, "Go")
                said = [p.text() for p in dialog.findChildren(QLabel) if p.isVisible()]
                assert any("last frame is #199" in text for text in said), said
                QTest.keyClicks(field, text)
                QTest.keyClick(field, Qt.Key.Key_Return)
                assert not dialog.isVisible()
                await shows(person, frame)

    journey(story())


def test_the_removed_take_plays_alone_and_loops_until_somebody_pauses(
    journey: Run, film: Path
) -> None:
    async def story() -> None:
        async with program() as person:
            built = person.program
            playback = built.playback
            await open_still(person, film)
            built.selection.mark(3 * SECOND, 4 * SECOND)
            person.choose("Remove Selection")
            assert built.review.cut
            (removed,) = (r.range for r in built.review.cut.removed)
            person.choose("Preview Cut")
            assert built.window.panes.status.preview.text() == playback.technique != ""
            assert built.window.panes.status.preview.isVisible()
            painted: list[int] = []
            playback.frame_changed.connect(
                lambda: painted.append(playback.frame.pts) if playback.frame else None
            )
            built.window.panes.timeline.proposal_clicked.emit(strike_of(person))
            await press(person, Qt.Key.Key_Slash, Qt.KeyboardModifier.AltModifier)
            await person.until(lambda: playback.playing, 10)
            await person.until(lambda: not playback.playing, 20, "the end of the take")
            assert removed.end - 2 * FRAME <= playback.position < removed.end
            assert painted
            assert all(removed.contains(t) for t in painted[1:])

            await press(person, Qt.Key.Key_L, Qt.KeyboardModifier.ShiftModifier)
            assert playback.loop
            await press(person, Qt.Key.Key_Slash, Qt.KeyboardModifier.AltModifier)
            await person.until(lambda: rounds(painted) >= 3, 30, "a third round")
            await press(person, Qt.Key.Key_Space)
            await person.until(lambda: not playback.playing, 10)

            playback.seek(7 * SECOND)
            await shows(person, 175)
            painted.clear()
            await press(person, Qt.Key.Key_Space)
            await person.until(lambda: rounds(painted) >= 1, 30, "the film once more")
            assert not any(removed.contains(t) for t in painted)
            await press(person, Qt.Key.Key_Space)
            await person.until(lambda: not playback.playing, 10)

    journey(story())


def strike_of(person: Person) -> str:
    """The id of the one strike."""
    review = person.program.review.review
    assert review
    (strike,) = strike_spans(review)
    return strike.id


def rounds(painted: list[int]) -> int:
    """How often what was painted went back."""
    return sum(b < a - SECOND // 2 for a, b in pairwise(painted))


def test_faces_are_shown_one_or_all_and_a_click_chooses_the_person(
    journey: Run, film: Path
) -> None:
    async def story() -> None:
        async with program() as person:
            built = person.program
            video, people = built.window.panes.video, built.window.panes.people
            await open_still(person, film)
            left, right = Box(0.1, 0.2, 0.3, 0.6, 0.9, 1), Box(0.6, 0.2, 0.8, 0.6, 0.8, 2)
            built.review.receive(
                faces=Faces.of((k * SECOND // 5, [left, right]) for k in range(40))
            )
            shown = lambda: [name for _, name in video.boxes_on_screen()]  # noqa: E731
            assert shown() == ["Person 1", "Person 2"]
            await press(person, Qt.Key.Key_2)
            assert shown() == ["Person 2"]
            await press(person, Qt.Key.Key_1)
            assert shown() == ["Person 1"]
            await press(person, Qt.Key.Key_0)
            assert len(shown()) == 2
            (_, second) = (rect for rect, _ in video.boxes_on_screen())
            QTest.mouseClick(video, Qt.MouseButton.LeftButton, pos=second.center().toPoint())
            assert people.isVisible()
            assert people.list.selected == ("t2",)
            assert video.chosen_person == "t2"
            assert not built.playback.playing
            QTest.keyClick(people.list.view, Qt.Key.Key_Up)
            assert video.chosen_person == "t1"
            QTest.mouseClick(
                video,
                Qt.MouseButton.LeftButton,
                pos=video.boxes_on_screen()[0][0].center().toPoint(),
            )
            assert (video.chosen_person, people.list.selected) == ("", ())
            QTest.mouseClick(
                video, Qt.MouseButton.LeftButton, pos=video.picture_rect().center().toPoint()
            )
            await person.until(lambda: built.playback.playing, 10)

    journey(story())
