"""The transcript's keys inside the window, beside the window's own."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.core.review import Evidence, Footage, Review
from app.core.timerange import SECOND
from app.core.transcript import Transcript, Word
from app.ui.actions import Actions, Situation
from app.ui.main_window import KeyGate
from app.ui.transcript_editing import InPlace
from app.ui.transcript_panel import TranscriptPanel

SAID = "one two three four five six seven eight nine ten"
KEY, HELD = Qt.Key, Qt.KeyboardModifier


class Window(QWidget):
    """The panel under every action of the program, with the window's gate for keys."""

    def __init__(self) -> None:
        super().__init__()
        self.panel = TranscriptPanel()
        self.table = Actions(self)
        self.told: list[str] = []
        self.table.triggered.connect(lambda id_, _on: self.told.append(id_))
        self.table.update(
            Situation(
                has_video=True, has_transcript=True, has_selection=True, has_word=True,
                has_edits=True, full_screen=True, can_split=True,
            )
        )  # fmt: skip
        self.addActions(list(self.table.all()))
        QVBoxLayout(self).addWidget(self.panel)
        self._gate = KeyGate(self)
        QApplication.instance().focusChanged.connect(self._gate.follow)  # type: ignore[union-attr]


@pytest.fixture
def window(app: QApplication) -> Window:
    said = tuple(Word(w, i * SECOND, i * SECOND + 800_000, 0) for i, w in enumerate(SAID.split()))
    out = Window()
    out.resize(400, 400)
    out.panel.show_review(Review(Evidence(Footage(60 * SECOND), Transcript(said, language="en"))))
    out.show()
    out.activateWindow()
    out.panel.text.setFocus()
    out.panel.text.select(2)
    app.processEvents()
    return out


def press(key: Qt.Key, held: Qt.KeyboardModifier = HELD.NoModifier) -> None:
    """A key as the window system sends it: to the widget with the focus."""
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key, held)


def test_moving_copying_and_playing_are_the_texts_and_removing_is_the_windows(
    window: Window,
) -> None:
    press(KEY.Key_Right)
    press(KEY.Key_Right, HELD.ShiftModifier)
    press(KEY.Key_Home)
    press(KEY.Key_C, HELD.ControlModifier)
    press(KEY.Key_Return)
    assert window.told == []
    assert QApplication.clipboard().text() == "one"
    press(KEY.Key_Delete)
    press(KEY.Key_S)
    press(KEY.Key_Space)
    assert window.told == ["remove_selection", "split", "play"]


def test_what_is_typed_over_a_word_is_no_shortcut(window: Window) -> None:
    press(KEY.Key_F2)
    field = QApplication.focusWidget()
    assert isinstance(field, InPlace)
    for letter in "smile":
        QTest.keyClicks(field, letter)
    press(KEY.Key_Space)
    press(KEY.Key_Backspace)
    press(KEY.Key_Left)
    assert window.told == []
    assert field.text() == "smile"
    press(KEY.Key_Escape)
    assert window.told == [], "Esc leaves the field, not the full screen"
    assert QApplication.focusWidget() is window.panel.text
    press(KEY.Key_Escape)
    assert window.told == ["leave_full_screen"]
