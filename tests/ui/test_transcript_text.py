"""Mouse and keys in the words: what they select, copy, play and correct."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QWidget

from app.core.edits import (
    CorrectWord,
    MergeParagraph,
    MergeSpeakers,
    Recolour,
    Rename,
    SplitParagraph,
    Strike,
    apply,
)
from app.core.review import Evidence, Footage, Review
from app.core.timerange import SECOND, TimeRange
from app.core.transcript import Transcript, Utterance, Word
from app.ui.transcript_editing import InPlace
from app.ui.transcript_panel import TranscriptPanel
from app.ui.transcript_source import Voice

SAID = (
    "And so, my fellow Americans. Ask not what your country can do for you. "
    "Ask what you can do. Then we went home."
)
KEY, HELD = Qt.Key, Qt.KeyboardModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def _menus_without_a_screen(expected_log: Callable[[str], None]) -> None:
    # Said by Qt's offscreen platform of every menu; it means nothing.
    expected_log("does not support grabbing the keyboard")
    expected_log("does not support raise")


def review(text: str = SAID, language: str = "en", turns: tuple[int, ...] = (14, 19)) -> Review:
    sure = {4: 0.3, 5: None}
    words = tuple(
        Word(w, i * SECOND, i * SECOND + 800_000, 0, sure.get(i, 0.9))
        for i, w in enumerate(text.split())
    )
    bounds = [0, *(t for t in turns if t < len(words)), len(words)]
    spoken = tuple(
        Utterance(n % 2, words[a].start, words[b - 1].end, a, b)
        for n, (a, b) in enumerate(pairwise(bounds))
    )
    return Review(Evidence(Footage(3600 * SECOND), Transcript(words, spoken, language=language)))


@pytest.fixture
def panel(app: QApplication) -> TranscriptPanel:
    out = TranscriptPanel()
    out.resize(320, 500)
    out.show_review(review())
    out.show()
    out.activateWindow()
    QApplication.processEvents()
    return out


def heard(panel: TranscriptPanel, *names: str) -> list[tuple[Any, ...]]:
    out: list[tuple[Any, ...]] = []
    for name in names:
        getattr(panel, name).connect(lambda *v, n=name: out.append((n, *v)))
    return out


def point(panel: TranscriptPanel, index: int) -> QPoint:
    layout = panel.text.layout_now
    assert layout is not None
    return (layout.rects(index)[0].center() + panel.text.origin()).toPoint()


def key(panel: TranscriptPanel, which: Qt.Key, held: Any = HELD.NoModifier) -> None:
    QTest.keyClick(panel.text, which, held)


def menu_of(panel: TranscriptPanel) -> QMenu:
    shown = [m for m in panel.findChildren(QMenu) if m.isVisible()]
    assert len(shown) == 1
    return shown[0]


def entry(menu: QMenu, text: str) -> Any:
    return next(a for a in menu.actions() if a.text() == text)


def field(panel: TranscriptPanel) -> QLineEdit:
    (found,) = [f for f in panel.findChildren(InPlace) if f.isVisible()]
    return found


def fields(panel: TranscriptPanel) -> list[QWidget]:
    return [f for f in panel.findChildren(InPlace) if f.isVisible()]


def test_a_double_click_selects_the_word_and_seeks_a_third_the_sentence(
    panel: TranscriptPanel,
) -> None:
    view = panel.text.viewport()
    QTest.mouseClick(view, LEFT, pos=point(panel, 7))
    QTest.mouseDClick(view, LEFT, pos=point(panel, 7))
    assert panel.selected_words == range(7, 8)
    sought = heard(panel, "seek_requested")
    QTest.mouseClick(view, LEFT, pos=point(panel, 7))
    assert panel.selected_words == range(5, 14)
    assert sought == []
    QTest.mouseClick(view, LEFT, pos=point(panel, 7))
    assert panel.selected_words == range(7, 8), "a fourth is a first one again"


def test_shift_and_a_click_extend_from_where_the_selection_began(panel: TranscriptPanel) -> None:
    view = panel.text.viewport()
    QTest.mouseClick(view, LEFT, pos=point(panel, 6))
    QTest.mouseClick(view, LEFT, HELD.ShiftModifier, point(panel, 9))
    assert panel.selected_words == range(6, 10)
    QTest.mouseClick(view, LEFT, HELD.ShiftModifier, point(panel, 2))
    assert panel.selected_words == range(2, 7)
    panel.clear_selection()
    QTest.mouseClick(view, LEFT, HELD.ShiftModifier, point(panel, 3))
    assert panel.selected_words == range(3, 4)


def test_a_drag_from_the_white_beside_a_line_selects_and_a_click_there_selects_nothing(
    panel: TranscriptPanel,
) -> None:
    view = panel.text.viewport()
    white = QPoint(view.width() - 3, point(panel, 0).y())
    QTest.mousePress(view, LEFT, pos=white)
    QTest.mouseMove(view, point(panel, 1))
    QTest.mouseRelease(view, LEFT, pos=point(panel, 1))
    assert panel.selected_words.start == 1
    assert len(panel.selected_words) > 1
    QTest.mouseClick(view, LEFT, pos=white)
    assert panel.selection is None


def test_a_drag_over_the_edge_goes_on_scrolling(panel: TranscriptPanel) -> None:
    panel.show_review(review(" ".join([SAID] * 30), turns=()))
    view = panel.text.viewport()
    QTest.mousePress(view, LEFT, pos=point(panel, 0))
    QTest.mouseMove(view, QPoint(100, view.height() - 10))
    QTest.mouseMove(view, QPoint(100, view.height() + 40))
    reached = panel.selected_words.stop
    bar = panel.text.verticalScrollBar()
    QTest.qWait(200)
    assert bar.value() > 0
    assert panel.selected_words.stop > reached
    QTest.mouseRelease(view, LEFT, pos=QPoint(100, view.height() + 40))
    there = bar.value()
    QTest.qWait(80)
    assert bar.value() == there


def test_up_and_down_keep_their_column(panel: TranscriptPanel) -> None:
    panel.text.select(2)
    layout = panel.text.layout_now
    assert layout is not None
    x = layout.rects(2)[0].center().x()
    for _ in range(4):
        key(panel, KEY.Key_Down)
    for _ in range(4):
        key(panel, KEY.Key_Up)
    assert panel.selected_words == range(2, 3)
    assert layout.rects(2)[0].center().x() == x


def test_everything_is_selected_and_copied_with_and_without_times(panel: TranscriptPanel) -> None:
    panel.show_review(apply(review(), Rename("speaker 1", "Dana")))
    key(panel, KEY.Key_A, HELD.ControlModifier)
    assert panel.selected_words == range(23)
    key(panel, KEY.Key_C, HELD.ControlModifier)
    said = QGuiApplication.clipboard().text()
    assert said.splitlines() == [
        "And so, my fellow Americans. Ask not what your country can do for you.",
        "Ask what you can do.",
        "Then we went home.",
    ]
    key(panel, KEY.Key_C, HELD.ControlModifier | HELD.ShiftModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[1] == "[0:14.0] Dana: Ask what you can do."
    panel.text.select(15, 17)
    key(panel, KEY.Key_C, HELD.ControlModifier | HELD.ShiftModifier)
    assert QGuiApplication.clipboard().text() == "[0:15.0] Dana: what you can"


def test_keys_that_are_the_texts_own_do_not_reach_the_window(panel: TranscriptPanel) -> None:
    for which, held, wanted in (
        (KEY.Key_C, HELD.ControlModifier, True),
        (KEY.Key_F2, HELD.NoModifier, True),
        (KEY.Key_Backspace, HELD.ControlModifier, True),
        (KEY.Key_Backspace, HELD.NoModifier, False),
        (KEY.Key_Z, HELD.ControlModifier, False),
        (KEY.Key_Up, HELD.AltModifier, False),
    ):
        event = QKeyEvent(QEvent.Type.ShortcutOverride, which, held)
        event.setAccepted(False)
        QApplication.sendEvent(panel.text, event)
        assert event.isAccepted() is wanted


def test_f2_types_over_the_word_and_enter_takes_it(panel: TranscriptPanel) -> None:
    said = heard(panel, "word_corrected", "seek_requested")
    panel.text.select(3)
    key(panel, KEY.Key_F2)
    typed = field(panel)
    assert (typed.text(), typed.accessibleName()) == ("fellow", "Correct Word")
    layout = panel.text.layout_now
    assert layout is not None
    middle = layout.rects(3)[0].center() + panel.text.origin()
    assert typed.geometry().contains(middle.toPoint())
    QTest.keyClicks(typed, "dear friend ")
    QTest.keyClick(typed, KEY.Key_Return)
    assert said == [("word_corrected", 3, "dear friend")]
    assert fields(panel) == []


def test_esc_leaves_the_word_as_it_is_and_blank_changes_nothing(panel: TranscriptPanel) -> None:
    said = heard(panel, "word_corrected")
    panel.text.select(3)
    key(panel, KEY.Key_F2)
    QTest.keyClicks(field(panel), "other")
    QTest.keyClick(field(panel), KEY.Key_Escape)
    assert fields(panel) == []
    key(panel, KEY.Key_F2)
    QTest.keyClick(field(panel), KEY.Key_Delete)
    QTest.keyClick(field(panel), KEY.Key_Return)
    assert said == []
    assert panel.selected_words == range(3, 4)


def test_tab_takes_the_word_and_goes_on_to_the_next(panel: TranscriptPanel) -> None:
    said = heard(panel, "word_corrected")
    panel.text.correct(3)
    QTest.keyClicks(field(panel), "dear")
    QTest.keyClick(field(panel), KEY.Key_Tab)
    assert field(panel).text() == "Americans."
    QTest.keyClick(field(panel), KEY.Key_Backtab)
    assert field(panel).text() == "fellow", "the document has not taken it in this test"
    assert said == [("word_corrected", 3, "dear")]


def test_the_field_moves_with_the_text_and_goes_with_the_transcript(panel: TranscriptPanel) -> None:
    panel.show_review(review(" ".join([SAID] * 30)))
    panel.text.correct(30)
    before = field(panel).y()
    bar = panel.text.verticalScrollBar()
    bar.setValue(bar.value() + 40)
    assert field(panel).y() == before - 40
    panel.show_review(review())
    assert fields(panel) == []


def test_a_click_on_a_name_opens_its_menu_and_renames_in_place(panel: TranscriptPanel) -> None:
    said = heard(panel, "speaker_renamed", "speakers_merged", "speaker_recoloured")
    layout = panel.text.layout_now
    assert layout is not None
    at = QPointF(10, layout.top(1) + 8) + panel.text.origin()
    QTest.mouseClick(panel.text.viewport(), LEFT, pos=at.toPoint())
    menu = menu_of(panel)
    assert menu.accessibleName() == "Speaker"
    assert [a.text() for a in menu.actions()] == ["Rename Speaker…", "Same Speaker As", "Colour"]
    entry(menu, "Same Speaker As").menu().actions()[0].trigger()
    colours = entry(menu, "Colour").menu()
    assert [a.text() for a in colours.actions() if a.isChecked()] == ["Orange"]
    entry(colours, "Pink").trigger()
    entry(colours, "Automatic").trigger()
    entry(menu, "Rename Speaker…").trigger()
    menu.close()
    typed = field(panel)
    assert (typed.text(), typed.accessibleName()) == ("Speaker 2", "Rename Speaker")
    QTest.keyClicks(typed, "Dana")
    QTest.keyClick(typed, KEY.Key_Return)
    assert said == [
        ("speakers_merged", (1,), 0),
        ("speaker_recoloured", 1, 3),
        ("speaker_recoloured", 1, None),
        ("speaker_renamed", 1, "Dana"),
    ]


def open_menu(panel: TranscriptPanel, index: int) -> QMenu:
    view = panel.text.viewport()
    QTest.mouseClick(view, Qt.MouseButton.RightButton, pos=point(panel, index))
    panel.text.menu_wanted.emit(index, view.mapToGlobal(point(panel, index)))
    return menu_of(panel)


def test_the_context_menu_tells_the_keys_and_does_what_they_do(panel: TranscriptPanel) -> None:
    said = heard(panel, "strike_wanted", "paragraph_split", "paragraph_merged", "seek_requested")
    panel.text.select(16)
    menu = open_menu(panel, 16)
    told = {a.text(): a.shortcut().toString() for a in menu.actions() if a.text()}
    assert told == {
        "Play from Here": "Return",
        "Remove Selection": "Del",
        "Restore Selection": "",
        "Correct Word…": "F2",
        "Copy": "Ctrl+C",
        "Copy with Timecodes": "Ctrl+Shift+C",
        "Select All": "Ctrl+A",
        "Split Paragraph": "Ctrl+Return",
        "Merge Paragraph": "Ctrl+Backspace",
        "Speaker": "",
        "Hide Removed": "",
    }
    played = heard(panel, "play_wanted")
    for text in ("Play from Here", "Remove Selection", "Split Paragraph", "Merge Paragraph"):
        entry(menu, text).trigger()
    menu.close()
    assert said == [
        ("seek_requested", 16 * SECOND),
        ("strike_wanted",),
        ("paragraph_split", 16),
        ("paragraph_merged", 14),
    ]
    assert played == [("play_wanted",)]


def test_paragraphs_are_split_and_merged_by_key_where_that_can_be(panel: TranscriptPanel) -> None:
    said = heard(panel, "paragraph_split", "paragraph_merged")
    panel.text.select(14)
    key(panel, KEY.Key_Return, HELD.ControlModifier)
    key(panel, KEY.Key_Backspace, HELD.ControlModifier)
    panel.text.select(3)
    key(panel, KEY.Key_Backspace, HELD.ControlModifier)
    key(panel, KEY.Key_Return, HELD.ControlModifier)
    assert said == [("paragraph_merged", 14), ("paragraph_split", 3)]


def test_removed_words_are_hidden_and_shown_again(panel: TranscriptPanel) -> None:
    struck = apply(review(), Strike(TimeRange(3 * SECOND, 5 * SECOND)))
    panel.show_review(struck)
    layout = panel.text.layout_now
    assert layout is not None
    high = layout.height
    hiding = heard(panel, "hiding_changed")
    QTest.mouseClick(panel.kept_bar.hide_removed, LEFT)
    assert hiding == [("hiding_changed", True)]
    assert 3 not in layout.laid(0).words
    panel.text.select(2)
    key(panel, KEY.Key_Right)
    assert panel.selected_words == range(5, 6), "a hidden word is stepped over"
    panel.text.select(2, 5)
    assert panel.text.copied(timecodes=False) == "my Ask"
    panel.show_review(apply(struck, Strike(TimeRange(14 * SECOND, 19 * SECOND))))
    assert layout.laid(1).words == ()
    assert layout.bottom(1) == layout.top(1), "a turn that is removed whole takes no room"
    assert layout.header_at(layout.top(2) + 1) == 2
    panel.text.select(13)
    key(panel, KEY.Key_Down)
    assert panel.selected_words.start >= 19
    panel.set_hiding(False)
    panel.show_review(struck)
    assert panel.text.layout_now is layout
    assert layout.laid(0).words == range(14)
    layout.visible(0, 1e6)
    assert layout.height == high


def test_tooltips_say_how_sure_a_word_is_and_what_became_of_it(panel: TranscriptPanel) -> None:
    corrected = apply(review(), CorrectWord(6, "nicht"))
    panel.show_review(apply(corrected, Strike(TimeRange(SECOND, 2 * SECOND))))
    tips = [panel.text.tip_at(point(panel, i)) for i in (1, 4, 5, 6)]
    assert tips[0] == "0:01.0, confidence 0.90, removed"
    assert tips[1] == "0:04.0, confidence 0.30"
    assert tips[2] == "0:05.0"
    assert tips[3] == "0:06.0, corrected, heard as \u2068not\u2069"
    assert panel.text.tip_at(QPoint(1, 1)) == ""


def test_everything_found_is_struck_as_one_step(panel: TranscriptPanel) -> None:
    struck = heard(panel, "found_struck")
    panel.search.setText("you can")
    panel.find_next()
    assert panel.search_bar.count.text() == "1 of 1"
    panel.search.setText("ask")
    panel.find_next()
    assert panel.found == ((5, 6), (14, 15))
    QTest.mouseClick(panel.search_bar.strike_all, LEFT)
    (told,) = struck
    assert told[1] == (
        TimeRange(5 * SECOND, 5_800_000),
        TimeRange(14 * SECOND, 14_800_000),
    )


def test_a_corrected_word_is_found_by_what_it_reads_now(panel: TranscriptPanel) -> None:
    panel.search.setText("kitchen")
    panel.find_next()
    assert panel.found == ()
    panel.show_review(apply(review(), CorrectWord(9, "kitchen")))
    panel.find_next()
    assert panel.found == ((9, 10),)
    assert "your kitchen can" in panel.text.accessibleDescription()


def test_a_panel_out_of_sight_takes_the_newest_document_when_it_is_shown(
    panel: TranscriptPanel,
) -> None:
    panel.hide()
    panel.show_review(apply(review(), CorrectWord(0, "Hence")))
    assert "Hence so" not in panel.text.accessibleDescription()
    panel.show()
    assert "Hence so" in panel.text.accessibleDescription()


def test_long_transcripts_are_searched_and_read_in_pieces(panel: TranscriptPanel) -> None:
    spoken = panel.text.accessibleDescription
    panel.show_review(review(" ".join([SAID] * 400), turns=tuple(range(23, 9200, 23))))
    panel.search.setText("country")
    panel.find_next()
    assert panel.search_bar.count.text().endswith("…")
    assert not panel.search_bar.strike_all.isEnabled()
    assert 0 < spoken().count("country") < 400
    for _ in range(3000):
        if panel.finding.done and spoken().count("country") == 400:
            break
        QTest.qWait(1)
    assert len(panel.found) == 400
    assert panel.search_bar.count.text() == "1 of 400"
    assert spoken().count("country") == 400


def test_scrolling_up_into_what_was_never_seen_does_not_move_what_is_seen(
    panel: TranscriptPanel,
) -> None:
    panel.show_review(review(" ".join(["word" * (1 + i % 5) for i in range(6000)]),
                             turns=tuple(range(37, 6000, 37))))  # fmt: skip
    bar = panel.text.verticalScrollBar()
    layout = panel.text.layout_now
    assert layout is not None
    bar.setValue(bar.maximum() // 2)
    for _ in range(60):
        y = bar.value()
        index = layout.paragraphs[layout.at(y) + 1].first
        before = point(panel, index).y()
        bar.setValue(y - 40)
        assert abs(point(panel, index).y() - before - 40) <= 1


def test_clicking_a_removed_word_plays_it_and_what_is_removed_with_it(
    panel: TranscriptPanel,
) -> None:
    panel.show_review(apply(review(), Strike(TimeRange(3 * SECOND, 6 * SECOND))))
    said = heard(panel, "removed_clicked", "seek_requested")
    view = panel.text.viewport()
    QTest.mouseClick(view, LEFT, pos=point(panel, 4))
    assert said == [("removed_clicked", TimeRange(4 * SECOND, 5_800_000))]
    QTest.mouseDClick(view, LEFT, pos=point(panel, 4))
    assert len(said) == 1, "the second click does not stop what the first one plays"


def test_paragraphs_by_hand_keep_the_others_laid_out(panel: TranscriptPanel) -> None:
    base = review()
    panel.show_review(base)
    layout = panel.text.layout_now
    assert layout is not None
    first, last = layout.laid(0), layout.laid(2)
    panel.show_review(apply(base, SplitParagraph(16)))
    assert [p.first for p in layout.paragraphs] == [0, 14, 16, 19]
    assert layout.laid(0) is first
    assert layout.laid(3) is last
    assert layout.laid(2).words == range(16, 19)
    assert "Speaker 2 0:16.0: you can do." in panel.text.accessibleDescription()
    panel.show_review(apply(base, MergeParagraph(14)))
    assert [p.first for p in layout.paragraphs] == [0, 19]


def test_speakers_that_are_one_have_one_name_and_one_colour(panel: TranscriptPanel) -> None:
    one = apply(apply(review(), MergeSpeakers((1,), 0)), Recolour("speaker 0", 4))
    panel.show_review(one)
    assert panel.text.accessibleDescription().count("Speaker 1 ") == 3
    assert panel.text.voices.all() == ((0, Voice("Speaker 1", 4)),)


def test_going_elsewhere_by_key_stops_following(panel: TranscriptPanel) -> None:
    panel.show_review(review(" ".join([SAID] * 30)))
    broken = heard(panel, "follow_broken")
    panel.text.select(0)
    key(panel, KEY.Key_Right)
    assert broken == []
    key(panel, KEY.Key_End, HELD.ControlModifier)
    assert broken == [("follow_broken",)]
    assert panel.text.verticalScrollBar().value() > 0
    panel.set_playhead(3 * SECOND)
    assert panel.text.verticalScrollBar().value() > 0
