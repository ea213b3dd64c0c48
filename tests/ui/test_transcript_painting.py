"""What is moved along or painted in part looks as if all of it were painted anew."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.core.edits import CorrectWord, Restore, SplitParagraph, Strike, apply
from app.core.review import Evidence, Footage, Review
from app.core.timerange import SECOND, TimeRange
from app.core.transcript import Transcript, Utterance, Word
from app.ui.transcript_panel import TranscriptPanel

WORDS = "אז today we edit. שלום clip.mp4 בשלוש 3.5 דקות, and then it ends! Yes."


def review(language: str, chance: random.Random) -> Review:
    words = tuple(
        Word(chance.choice(WORDS.split()), i * SECOND, i * SECOND + 900_000, i // 90 % 3)
        for i in range(1800)
    )
    bounds = sorted({0, 1800, *chance.sample(range(1800), 60)})
    spoken = tuple(
        Utterance(words[a].speaker, words[a].start, words[b - 1].end, a, b)
        for a, b in pairwise(bounds)
    )
    return Review(Evidence(Footage(2000 * SECOND), Transcript(words, spoken, language=language)))


def on_screen(panel: TranscriptPanel) -> QImage:
    QApplication.processEvents()
    view = panel.text.viewport()
    shown = view.rect().translated(view.mapTo(panel, view.pos()))
    return panel.screen().grabWindow(panel.winId()).toImage().copy(shown)


def do(panel: TranscriptPanel, now: Review, chance: random.Random) -> Review:
    """One thing of what happens to the panel; returns the document after it."""
    layout, bar = panel.text.layout_now, panel.text.verticalScrollBar()
    assert layout is not None
    here = min(1700, layout.paragraphs[layout.at(bar.value())].first)
    at = here + chance.randrange(60)
    span = TimeRange(at * SECOND, (at + 3) * SECOND)
    held = chance.choice((Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier))
    match chance.randrange(9):
        case 0 | 1:
            bar.setValue(bar.value() + chance.choice((-400, -30, 30, 400)))
        case 2:
            bar.setValue(chance.randrange(bar.maximum()))
        case 3:
            key = chance.choice((Qt.Key.Key_Down, Qt.Key.Key_Up))
            for _ in range(12):
                QTest.keyClick(panel.text, key, held)
        case 4:
            panel.text.select(at, at + chance.randrange(-40, 40))
        case 5:
            panel.set_playhead(at * SECOND)
        case 6:
            now = apply(now, chance.choice((Strike, Restore))(span))
        case 7:
            now = apply(now, CorrectWord(at, "long " * chance.randrange(1, 9)))
        case _:
            now = apply(now, SplitParagraph(at))
    panel.show_review(now)
    return now


@pytest.mark.parametrize("language", ["he", "en"])
@pytest.mark.parametrize("hiding", [False, True])
def test_a_partial_painting_looks_like_a_whole_one(
    app: QApplication, language: str, hiding: bool
) -> None:
    chance = random.Random(f"{language}{hiding}")
    now = review(language, chance)
    panel = TranscriptPanel()
    panel.resize(360, 600)
    panel.show_review(now)
    panel.set_hiding(hiding)
    panel.show()
    for step in range(60):
        now = do(panel, now, chance)
        partly = on_screen(panel)
        panel.text.viewport().repaint()
        assert partly == on_screen(panel), f"step {step}"
