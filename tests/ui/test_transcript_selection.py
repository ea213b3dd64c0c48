"""Whatever keys and mouse do, the selected words and the selected time agree."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.core.review import Evidence, Footage, Review
from app.core.transcript import Transcript, Utterance, Word
from app.ui.transcript_panel import TranscriptPanel

KEY, HELD = Qt.Key, Qt.KeyboardModifier
LEFT = Qt.MouseButton.LeftButton
WORDS = "אז today we edit. שלום clip.mp4 בשלוש 3.5 דקות, and then it ends! Yes."

keys = st.tuples(
    st.sampled_from(
        [KEY.Key_Left, KEY.Key_Right, KEY.Key_Up, KEY.Key_Down, KEY.Key_Home, KEY.Key_End]
    ),
    st.sampled_from(
        [
            HELD.NoModifier,
            HELD.ShiftModifier,
            HELD.ControlModifier,
            HELD.ControlModifier | HELD.ShiftModifier,
        ]
    ),
)
clicks = st.tuples(st.integers(0, 79), st.sampled_from([HELD.NoModifier, HELD.ShiftModifier]))
drags = st.tuples(st.integers(0, 79), st.integers(0, 79))


def panel_of(language: str, overlap: int) -> tuple[TranscriptPanel, Transcript]:
    """Two people: the second one's turns lie over the first one's by so many microseconds."""
    words: list[Word] = []
    turns: list[Utterance] = []
    t = 0
    for turn in range(6):
        first = len(words)
        for text in WORDS.split():
            words.append(Word(text, t, t + 250_000 * (1 + len(text) % 2), turn % 2))
            t += 300_000
        turns.append(Utterance(turn % 2, words[first].start, t, first, len(words)))
        t -= overlap
    transcript = Transcript(tuple(words), tuple(turns), language=language)
    out = TranscriptPanel()
    out.resize(330, 420)
    out.show_review(Review(Evidence(Footage(t + 10_000_000), transcript)))
    out.show()
    QApplication.processEvents()
    return out, transcript


def do(panel: TranscriptPanel, gesture: Any) -> None:
    view, layout = panel.text.viewport(), panel.text.layout_now
    assert layout is not None

    def point(index: int) -> Any:
        panel.text._bring(index)
        return (layout.rects(index)[0].center() + panel.text.origin()).toPoint()

    match gesture:
        case (Qt.Key() as key, held):
            QTest.keyClick(panel.text, key, held)
        case (int() as index, Qt.KeyboardModifier() as held):
            QTest.mouseClick(view, LEFT, held, point(index))
        case (int() as one, int() as other):
            QTest.mousePress(view, LEFT, pos=point(one))
            QTest.mouseMove(view, point(other))
            QTest.mouseRelease(view, LEFT, pos=point(other))


@pytest.mark.parametrize("language", ["he", "en"])
@pytest.mark.parametrize("overlap", [0, 1_000_000])
@settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    deadline=None,
    max_examples=15,
)
@given(gestures=st.lists(st.one_of(keys, clicks, drags), max_size=12))
def test_the_selected_time_holds_the_midpoints_of_the_selected_words_and_no_other(
    app: QApplication, language: str, overlap: int, gestures: list[Any]
) -> None:
    panel, transcript = panel_of(language, overlap)
    for gesture in gestures:
        do(panel, gesture)
        chosen, span = panel.selected_words, panel.selection
        assert (span is None) == (not chosen)
        if span is not None:
            inside = {i for i, w in enumerate(transcript.words) if span.contains(w.midpoint)}
            assert inside == set(chosen)
            panel.select_span(span)
            assert panel.selection == span
    panel.deleteLater()
