"""Editing by the transcript in the real program: every gesture is one step that undo takes back."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.core.paragraphs import turns
from app.core.speakers import speakers
from app.core.timerange import SECOND
from app.core.transcript import Transcript, Utterance, Word
from app.ui.transcript_editing import InPlace
from app.ui.transcript_panel import TranscriptPanel
from tests.journeys.conftest import Person, program

Run = Callable[[Coroutine[Any, Any, None]], None]
KEY, HELD = Qt.Key, Qt.KeyboardModifier
SAID = "שלום לכם היום we cut the film. היום it is short, היום it ends."


def transcript() -> Transcript:
    words = tuple(
        Word(w, SECOND + i * SECOND // 2, SECOND + i * SECOND // 2 + 400_000, i // 7)
        for i, w in enumerate(SAID.split())
    )
    halves = ((0, 0, 7), (1, 7, len(words)))
    spoken = tuple(Utterance(n, words[a].start, words[b - 1].end, a, b) for n, a, b in halves)
    return Transcript(words, spoken, language="he", origin="imported")


def point(panel: TranscriptPanel, index: int) -> QPoint:
    layout = panel.text.layout_now
    assert layout is not None
    return (layout.rects(index)[0].center() + panel.text.origin()).toPoint()


def click(panel: TranscriptPanel, index: int) -> None:
    QTest.mouseClick(panel.text.viewport(), Qt.MouseButton.LeftButton, pos=point(panel, index))


def press(key: Qt.Key, held: Qt.KeyboardModifier = HELD.NoModifier) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key, held)


def typed(text: str) -> None:
    focus = QApplication.focusWidget()
    assert isinstance(focus, InPlace)
    QTest.keyClicks(focus, text)
    press(KEY.Key_Return)


async def story() -> None:
    async with program() as person:
        program_ = person.program
        person.choose("Open Sample")
        await person.until(lambda: program_.playback.playing, 20, "playing")
        person.choose("Play")
        await person.until(lambda: not program_.playback.playing, 5, "pausing")
        program_.review.receive(transcript=transcript())
        panel = program_.window.panes.transcript
        program_.window.activateWindow()
        await person.until(lambda: QApplication.activeWindow() is program_.window, 5, "active")
        panel.text.setFocus()
        await correct_and_strike(person, panel)
        await group_and_name(person, panel)
        await find_and_strike(person, panel)
        program_.playback.pause()


async def correct_and_strike(person: Person, panel: TranscriptPanel) -> None:
    """A word is typed over, some are removed and put back by the same key."""
    state = person.program.review
    click(panel, 4)
    await person.until(lambda: abs(person.program.playback.position - 3 * SECOND) < 100_000)
    press(KEY.Key_F2)
    typed("trim")
    assert state.review is not None
    assert state.review.decisions.corrections == {4: "trim"}
    press(KEY.Key_Left, HELD.ShiftModifier)
    press(KEY.Key_Delete)
    gone = [i for i in range(14) if panel.text.state(i)]
    assert len(gone) == 2
    assert 4 in gone
    press(KEY.Key_Delete)
    assert not any(panel.text.state(i) for i in range(14))
    for _ in range(3):
        person.choose("Undo")
    assert state.review is not None
    assert state.review.decisions.corrections == {}
    assert state.undo_text == ""


async def group_and_name(person: Person, panel: TranscriptPanel) -> None:
    """Paragraphs are split and merged, a speaker gets a name, a colour, and is another one."""
    state = person.program.review
    panel.text.select(3)
    press(KEY.Key_Return, HELD.ControlModifier)
    assert state.review is not None
    assert [t.word_start for t in turns(state.review)] == [0, 3, 7]
    press(KEY.Key_Backspace, HELD.ControlModifier)
    assert [t.word_start for t in turns(state.review)] == [0, 7]
    panel.text.rename(1)
    typed("Dana")
    panel.speaker_recoloured.emit(1, 6)
    assert [(s.name, s.colour) for s in speakers(state.review)] == [("Speaker 1", 0), ("Dana", 6)]
    panel.speakers_merged.emit((0,), 1)
    assert [s.name for s in speakers(state.review)] == ["Dana"]
    steps = 0
    while state.undo_text:
        person.choose("Undo")
        steps += 1
    assert steps == 5
    assert [s.name for s in speakers(state.review)] == ["Speaker 1", "Speaker 2"]


async def find_and_strike(person: Person, panel: TranscriptPanel) -> None:
    """Everything found is removed in one step; a removed word is heard where it is clicked."""
    playback = person.program.playback
    person.choose("Find in Transcript")
    assert QApplication.focusWidget() is panel.search
    panel.search.setText("היום")
    press(KEY.Key_Return)
    assert panel.search_bar.count.text() == "2 of 3", "the first from where the selection is"
    panel.search_bar.strike_all.click()
    assert [i for i in range(14) if panel.text.state(i)] == [2, 7, 11]
    click(panel, 11)
    await person.until(lambda: playback.playing, 5, "playing what was removed")
    await person.until(lambda: not playback.playing, 5, "its end")
    panel.set_hiding(True)
    assert panel.text.layout_now is not None
    assert 11 not in panel.text.layout_now.laid(1).words
    person.choose("Undo")
    assert not any(panel.text.state(i) for i in range(14))
    assert 11 in panel.text.layout_now.laid(1).words


def test_the_film_is_edited_by_its_transcript(journey: Run) -> None:
    journey(story())
