"""The Transcript panel: clicks, keys, search, follow, and what it says when there is nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.core.edits import Strike, apply
from app.core.review import Evidence, Footage, Review
from app.core.timerange import SECOND, TimeRange
from app.core.transcript import Origin, Transcript, Word
from app.ui.transcript_panel import TranscriptPanel
from app.ui.transcript_text import MARGIN

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

ENGLISH = "And so, my fellow Americans. Ask not what your country can do for you."


def review(text: str = ENGLISH, language: str = "en", origin: Origin = "nanoclip") -> Review:
    words = tuple(
        Word(w, i * SECOND, i * SECOND + 800_000, 0, 0.9, origin == "captions")
        for i, w in enumerate(text.split())
    )
    return Review(
        Evidence(Footage(3600 * SECOND), Transcript(words, language=language, origin=origin))
    )


@pytest.fixture
def panel() -> Iterator[TranscriptPanel]:
    _app = QApplication.instance() or QApplication([])
    out = TranscriptPanel()
    out.resize(320, 400)
    out.show_review(review())
    out.show()
    QApplication.processEvents()
    yield out
    out.close()
    out.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def heard(panel: TranscriptPanel) -> list[tuple[str, Any]]:
    out: list[tuple[str, Any]] = []
    for name in ("word_clicked", "seek_requested", "selection_changed", "follow_asked"):
        getattr(panel, name).connect(lambda v, n=name: out.append((n, v)))
    panel.follow_broken.connect(lambda: out.append(("follow_broken", None)))
    return out


def point(panel: TranscriptPanel, index: int) -> QPoint:
    layout = panel.text.layout_now
    assert layout is not None
    centre = layout.rects(index)[0].center()
    return QPoint(
        round(centre.x() + MARGIN),
        round(centre.y() + MARGIN - panel.text.verticalScrollBar().value()),
    )


def press(panel: TranscriptPanel, key: Qt.Key, held: Any = Qt.KeyboardModifier.NoModifier) -> int:
    QTest.keyClick(panel.text, key, held)
    assert panel.text.chosen is not None
    return panel.text.chosen.caret


def test_a_click_selects_the_word_and_seeks_to_it(panel: TranscriptPanel) -> None:
    said = heard(panel)
    QTest.mouseClick(panel.text.viewport(), Qt.MouseButton.LeftButton, pos=point(panel, 3))
    assert said == [
        ("selection_changed", TimeRange(3 * SECOND, 3_800_000)),
        ("word_clicked", 3),
        ("seek_requested", 3 * SECOND),
    ]
    assert panel.selected_words == range(3, 4)


def test_a_drag_selects_without_seeking(panel: TranscriptPanel) -> None:
    said = heard(panel)
    view = panel.text.viewport()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=point(panel, 1))
    QTest.mouseMove(view, point(panel, 2))
    QTest.mouseMove(view, point(panel, 4))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=point(panel, 4))
    assert panel.selection == TimeRange(SECOND, 4_800_000)
    assert "seek_requested" not in [name for name, _ in said]


def test_keys_move_by_word_sentence_and_line(panel: TranscriptPanel) -> None:
    panel.text.select(0)
    assert press(panel, Qt.Key.Key_Right) == 1
    assert press(panel, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier) == 5
    assert press(panel, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier) == 0
    down = press(panel, Qt.Key.Key_Down)
    assert down > 0
    assert press(panel, Qt.Key.Key_End) >= down
    assert press(panel, Qt.Key.Key_Home) <= down
    assert press(panel, Qt.Key.Key_Up) == 0
    press(panel, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert panel.selected_words == range(2)
    said = heard(panel)
    press(panel, Qt.Key.Key_Return)
    assert said == [("seek_requested", SECOND)]


def test_in_hebrew_left_goes_on(panel: TranscriptPanel) -> None:
    panel.show_review(review("שלום לכם היום נדבר. על עריכה", "he"))
    panel.text.select(0)
    assert press(panel, Qt.Key.Key_Left) == 1
    assert press(panel, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier) == 4
    assert press(panel, Qt.Key.Key_Right) == 3


def test_arrows_are_the_transcripts_own_while_it_has_the_focus(panel: TranscriptPanel) -> None:
    for key, wanted in ((Qt.Key.Key_Left, True), (Qt.Key.Key_Space, False)):
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier)
        event.setAccepted(False)
        QApplication.sendEvent(panel.text, event)
        assert event.isAccepted() is wanted


def test_whole_words_alone_are_found_and_struck_when_that_is_asked_for(
    panel: TranscriptPanel,
) -> None:
    struck: list[object] = []
    panel.found_struck.connect(struck.append)
    panel.find_focus()
    QTest.keyClicks(panel.search, "an")
    panel.find_next()
    bar = panel.search_bar
    assert bar.strike_all.toolTip() == "Remove what was found 3 times"
    assert bar.whole.accessibleName() == "Whole Words"
    bar.whole.click()
    assert panel.found == ()
    assert not bar.strike_all.isEnabled()
    panel.strike_found()
    assert struck == []
    bar.whole.click()
    assert len(panel.found) == 3


def test_the_footer_counts_what_is_kept(panel: TranscriptPanel) -> None:
    panel.show_review(apply(review(), Strike(TimeRange(SECOND, 3_000_000))))
    assert panel.kept_bar.kept.text() == "12 of 14 words kept"


def test_searching_counts_and_goes_round(panel: TranscriptPanel) -> None:
    panel.find_focus()
    QTest.keyClicks(panel.search, "an")
    panel.find_next()  # the search has rested long enough for whoever presses F3
    assert panel.found == ((0, 1), (4, 5), (10, 11))
    assert panel.search_bar.count.text() == "1 of 3"
    panel.find_previous()
    assert panel.search_bar.count.text() == "3 of 3"
    assert panel.selected_words == range(10, 11)
    panel.find_next()
    assert panel.search_bar.count.text() == "1 of 3"
    panel.search.setText("zebra")
    panel.find_next()
    assert panel.search_bar.count.text() == "none"


def test_rough_and_estimated_words_are_labelled(panel: TranscriptPanel) -> None:
    panel.show_review(review(origin="recognised"))
    assert "Rough: recognised on this computer" in panel._note.text()
    panel.show_review(review(origin="captions"))
    assert panel._note.text() == "Word times are estimates"
    panel.show_review(review())
    assert panel._note.isHidden()


def test_the_words_can_be_read_by_assistive_technology(panel: TranscriptPanel) -> None:
    assert panel.text.accessibleName() == "Transcript"
    assert "fellow Americans" in panel.text.accessibleDescription()
    assert "Speaker 1 0:00.0" in panel.text.accessibleDescription()


def test_an_empty_panel_says_how_words_get_here(panel: TranscriptPanel) -> None:
    panel.show_review(None)
    assert "Analyse" in panel.text.empty_text
    assert panel.text.accessibleDescription() == panel.text.empty_text
    panel.show_review(Review(Evidence(Footage(SECOND), Transcript(()))))
    assert "No words" in panel.text.empty_text
    panel.grab()


def test_following_scrolls_and_stops_when_the_person_scrolls(panel: TranscriptPanel) -> None:
    panel.show_review(review(" ".join([ENGLISH] * 60)))
    bar = panel.text.verticalScrollBar()
    said = heard(panel)
    panel.set_playhead(500 * SECOND)
    followed = bar.value()
    assert followed > 0
    assert said == []
    bar.setValue(0)
    assert said == [("follow_broken", None)]
    assert not panel.follow.isChecked()
    panel.set_playhead(600 * SECOND)
    assert bar.value() == 0
    QTest.mouseClick(panel.follow, Qt.MouseButton.LeftButton)
    assert said[-1] == ("follow_asked", True)
    assert bar.value() > 0


def test_following_into_a_pause_shows_what_was_said_last(panel: TranscriptPanel) -> None:
    panel.show_review(review(" ".join([ENGLISH] * 60)))
    panel.set_playhead(500 * SECOND + 900_000)
    assert panel.text.current is None
    assert 0 < point(panel, 500).y() < panel.text.viewport().height()
    panel.set_following(False)
    panel.set_playhead(0)
    assert panel.text.verticalScrollBar().value() > 0
    panel.set_following(True)
    assert panel.text.verticalScrollBar().value() == 0


def test_a_span_chosen_elsewhere_is_shown_here(panel: TranscriptPanel) -> None:
    panel.select_span(TimeRange(2 * SECOND, 5 * SECOND))
    assert panel.selected_words == range(2, 5)
    panel.select_span(None)
    assert panel.selection is None
