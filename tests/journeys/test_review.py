"""A film reviewed by hand: words imported, pauses decided, an edge dragged, notes, history."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QInputDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
)

from app.core.edits import CorrectWord
from app.core.review import Review
from app.core.timerange import SECOND
from tests.journeys.conftest import Person, program
from tests.journeys.test_playing import open_still, press
from tests.playback.clips import make_clip

Run = Callable[[Coroutine[Any, Any, None]], None]
LEFT = Qt.MouseButton.LeftButton

CAPTIONS = """1
00:00:00,200 --> 00:00:01,000
One two um three

2
00:00:03,000 --> 00:00:04,000
four five

3
00:00:06,000 --> 00:00:07,000
six seven
"""


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("films") / "numbered.mp4"
    make_clip(path, seconds=8)
    return path


def now(person: Person) -> Review:
    review = person.program.review.review
    assert review is not None
    return review


async def import_words(person: Person, path: Path) -> None:
    person.choose("Import Transcript…")
    dialog = await person.dialog("Import Transcript")
    assert isinstance(dialog, QFileDialog)
    name = dialog.findChild(QLineEdit)
    assert name
    name.setText(str(path))
    dialog.accept()


async def a_wrong_file_and_a_right_one(person: Person, folder: Path) -> None:
    """The line that is wrong is named, and nothing changes; then there are words."""
    wrong = folder / "wrong.srt"
    wrong.write_text(CAPTIONS.replace("00:00:06,000 -->", "00:00:xx,000 -->"), encoding="utf-8")
    await import_words(person, wrong)
    window = person.program.window
    await person.until(
        lambda: any("line 10" in said for said in seen(person)), 20, "the sentence with the line"
    )
    for box in window.findChildren(QMessageBox):
        box.accept()
    assert now(person).evidence.transcript is None
    right = folder / "right.srt"
    right.write_text(CAPTIONS, encoding="utf-8")
    await import_words(person, right)
    await person.until(lambda: now(person).evidence.transcript, 20, "the words")


def seen(person: Person) -> list[str]:
    """Everything that is said somewhere in the window or in a dialog of it."""
    shown = [w for w in QApplication.topLevelWidgets() if w.isVisible()]
    return [label.text() for w in shown for label in w.findChildren(QLabel) if label.isVisible()]


async def pauses_and_fillers_are_decided(person: Person) -> None:
    """Each by one key, which goes on to the next; undo takes one back at a time."""
    state = person.program.review
    person.choose("Also Find…")
    dialog = await person.dialog("Also Find")
    for name in ("Pauses longer than", "Filler words"):
        person.press(dialog, name)
    person.press(dialog, "Find")
    await person.until(lambda: len(state.undecided) == 3, 20, "two pauses and an um")
    person.choose("Next Proposal")
    first = person.program.selection.proposal
    await press(person, Qt.Key.Key_A)
    assert person.program.selection.proposal not in ("", first)
    await press(person, Qt.Key.Key_R)
    await person.until(lambda: len(state.undecided) == 1, 5, "two decided")
    decided = list(now(person).decisions.verdicts.values())
    assert sorted(v.name for v in decided) == ["ACCEPTED", "RESTORED"]
    person.choose("Undo")
    person.choose("Undo")
    assert len(state.undecided) == 3
    person.choose("Accept All")
    assert not state.undecided
    person.choose("Undo")
    assert len(state.undecided) == 3, "one step for the batch"
    person.choose("Redo")


async def an_edge_is_dragged(person: Person) -> None:
    """The end of a pause goes to the beginning of the word it is dragged near to."""
    timeline = person.program.window.panes.timeline
    await person.until(lambda: timeline.shown.items_of("cut"), 5, "cuts on the timeline")
    bar = timeline.shown.items_of("cut")[-1]
    x_of = timeline.shown.view.x_of
    start = QPointF(bar.x + bar.width, bar.y + bar.height / 2)
    near = QPointF(x_of(6 * SECOND) + 2, start.y())
    QTest.mousePress(timeline, LEFT, pos=start.toPoint())
    for to in (start + QPointF(-20, 0), near):
        there = QPointF(timeline.mapToGlobal(to.toPoint()))
        moved = QMouseEvent(
            QEvent.Type.MouseMove, to, there, Qt.MouseButton.NoButton, LEFT,
            Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        QApplication.sendEvent(timeline, moved)
        await asyncio.sleep(0.1)
    QTest.mouseRelease(timeline, LEFT, pos=near.toPoint())
    cut = person.program.review.cut
    assert cut
    assert cut.removed[-1].range.end == 6 * SECOND
    await person.until(lambda: not person.program.playback.playing, 5)


async def notes_are_made_and_found(person: Person) -> None:
    person.program.selection.mark(SECOND, 2 * SECOND)
    for note in ("the light flickers", "better here"):
        await press(person, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
        dialog = await person.dialog("Add Marker")
        assert isinstance(dialog, QInputDialog)
        dialog.setTextValue(note)
        dialog.accept()
        await person.until(lambda n=note: n in [m.text for m in now(person).decisions.markers], 5)
        person.program.selection.clear()
        person.program.playback.seek(5 * SECOND)
    person.program.window.show_panel("Markers")
    panel = person.program.window.panes.markers
    panel.search.setText("light")
    await person.until(lambda: panel.count.text() == "1 of 2 markers", 5)
    panel.search.clear()
    timeline = person.program.window.panes.timeline
    flag = timeline.shown.items_of("marker")[-1]
    at = QPointF(flag.x + 6, flag.y + flag.height / 2).toPoint()
    QTest.mouseDClick(timeline, LEFT, pos=at)
    dialog = await person.dialog("Edit Marker")
    assert isinstance(dialog, QInputDialog)
    assert dialog.textValue() == "better here"
    dialog.setTextValue("best here")
    dialog.accept()
    await person.until(lambda: now(person).decisions.markers[-1].text == "best here", 5)


async def history_goes_to_any_step(person: Person) -> None:
    state = person.program.review
    whole = now(person).decisions
    steps = len(state.steps)
    assert steps >= 4
    person.program.window.show_panel("History")
    view = person.program.window.panes.history.view
    await asyncio.sleep(0.1)

    def click(row: int) -> None:
        index = view.model().index(row, 0)
        view.scrollTo(index)
        QTest.mouseClick(view.viewport(), LEFT, pos=view.visualRect(index).center())

    click(0)
    assert now(person).decisions.markers == ()
    assert state.at == 0
    click(steps)
    assert now(person).decisions == whole


def test_words_are_imported_pauses_decided_and_all_of_it_is_there_again(
    journey: Run, film: Path, tmp_path: Path
) -> None:
    async def story() -> None:
        async with program() as person:
            await open_still(person, film)
            await a_wrong_file_and_a_right_one(person, tmp_path)
            await pauses_and_fillers_are_decided(person)
            await an_edge_is_dragged(person)
            await notes_are_made_and_found(person)
            await history_goes_to_any_step(person)
            before = now(person).decisions
        async with program() as person:
            await open_still(person, film)
            assert now(person).decisions == before
            assert now(person).evidence.transcript

    journey(story())


def test_corrections_follow_their_words_into_another_transcript(
    journey: Run, film: Path, tmp_path: Path
) -> None:
    async def story() -> None:
        async with program() as person:
            await open_still(person, film)
            one, other = tmp_path / "one.srt", tmp_path / "other.srt"
            one.write_text(CAPTIONS, encoding="utf-8")
            # Without the first caption its words have other numbers, and two are not there.
            other.write_text(CAPTIONS.partition("\n\n")[2], encoding="utf-8")
            await import_words(person, one)
            await person.until(lambda: now(person).evidence.transcript, 20, "the words")
            for word in (0, 1, 4):
                person.program.review.do(CorrectWord(word, f"corrected {word}"))
            await import_words(person, other)
            await person.until(
                lambda: any("2 corrections or names were" in said for said in seen(person)),
                20,
                "the sentence about what was left out",
            )
            assert dict(now(person).decisions.corrections) == {0: "corrected 4"}
            project = person.program.film.opened
            assert project
            copies = person.program.files._store.backups(project.project.path).copies()
            assert copies, "and the project as it was is among its backups"
            person.choose("Undo")
            assert dict(now(person).decisions.corrections) == {}

    journey(story())
