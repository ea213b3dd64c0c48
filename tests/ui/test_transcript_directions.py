"""How the transcript reads in either direction, looked at as ink in a picture."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.core.edits import Rename, apply
from app.core.review import Evidence, Footage, Review
from app.core.transcript import Transcript, Word
from app.ui import theme
from app.ui.transcript_paint import from_right
from app.ui.transcript_panel import TranscriptPanel
from app.ui.transcript_text import MARGIN

HEBREW = "שלום, אז היום נדבר על clip.mp4 ו iPhone 15 Pro בשלוש דקות."
ENGLISH = "So today the file שלום עולם opens at 14:30, doesn’t it?"


@pytest.fixture(params=["dark", "light"])
def look(app: QApplication, request: pytest.FixtureRequest) -> Iterator[str]:
    theme.apply(app, request.param)
    yield request.param
    theme.apply(app, "dark")


def shown(text: str, language: str, speaker: int = 0) -> TranscriptPanel:
    words = tuple(
        Word(w, i * 300_000, i * 300_000 + 250_000, speaker) for i, w in enumerate(text.split())
    )
    panel = TranscriptPanel()
    panel.resize(900, 300)
    panel.show_review(Review(Evidence(Footage(60_000_000), Transcript(words, language=language))))
    panel.show()
    QApplication.processEvents()
    return panel


def place(panel: TranscriptPanel, index: int) -> QRectF:
    """A word's rectangle in the viewport."""
    layout = panel.text.layout_now
    assert layout is not None
    out = QRectF()
    for rect in layout.rects(index):
        out = out.united(rect.translated(panel.text.origin()))
    return out


def ink(picture: QImage, where: QRectF) -> int:
    """How many pixels differ from the ground there."""
    ground = picture.pixel(2, 2)
    box = where.toAlignedRect().intersected(picture.rect())
    return sum(
        picture.pixel(x, y) != ground
        for x in range(box.left(), box.right() + 1)
        for y in range(box.top(), box.bottom() + 1)
    )


def picture_of(panel: TranscriptPanel) -> QImage:
    return panel.text.viewport().grab().toImage()


def gaps_are_empty(panel: TranscriptPanel, text: str) -> bool:
    """Between two words that lie side by side there is no ink."""
    picture = picture_of(panel)
    boxes = sorted((place(panel, i) for i in range(len(text.split()))), key=QRectF.left)
    clear = []
    for left, right in pairwise(boxes):
        gap = QRectF(left.right() + 1.5, left.top(), right.left() - left.right() - 3, left.height())
        if gap.width() >= 1:
            clear.append(ink(picture, gap) == 0)
    return len(clear) > 3 and all(clear)


def test_hebrew_ink_is_where_the_words_are_said_to_be(look: str) -> None:
    panel = shown(HEBREW, "he")
    picture = picture_of(panel)
    words = HEBREW.split()
    assert all(ink(picture, place(panel, i)) > 5 for i in range(len(words)))
    assert gaps_are_empty(panel, HEBREW)
    xs = {word: place(panel, i).center().x() for i, word in enumerate(words)}
    assert xs["שלום,"] > xs["אז"] > xs["היום"] > xs["clip.mp4"] > xs["בשלוש"] > xs["דקות."]
    assert xs["iPhone"] < xs["15"] < xs["Pro"]
    right = panel.text.viewport().width() - MARGIN
    assert place(panel, 0).right() == pytest.approx(right, abs=2)


def test_english_ink_is_where_the_words_are_said_to_be(look: str) -> None:
    panel = shown(ENGLISH, "en")
    picture = picture_of(panel)
    words = ENGLISH.split()
    assert all(ink(picture, place(panel, i)) > 5 for i in range(len(words)))
    assert gaps_are_empty(panel, ENGLISH)
    xs = {word: place(panel, i).center().x() for i, word in enumerate(words)}
    assert xs["So"] < xs["file"] < xs["עולם"] < xs["שלום"] < xs["opens"] < xs["14:30,"] < xs["it?"]
    assert place(panel, 0).left() == pytest.approx(MARGIN, abs=2)


def test_a_full_stop_ends_a_hebrew_sentence_on_the_left(look: str) -> None:
    with_stop, without = shown("אז דקות.", "he"), shown("אז דקות", "he")
    stop = place(with_stop, 1)
    plain = place(without, 1)
    assert stop.right() == pytest.approx(plain.right(), abs=1)
    assert stop.left() < plain.left() - 1
    tail = QRectF(stop.left() - 1, stop.top(), plain.left() - stop.left(), stop.height())
    assert ink(picture_of(with_stop), tail) > 0
    assert ink(picture_of(without), tail) == 0


def test_the_name_stands_where_reading_begins_and_the_time_at_the_other_end(look: str) -> None:
    for language, text in (("he", HEBREW), ("en", ENGLISH)):
        panel = shown(text, language)
        wide = panel.text.viewport().width()
        name, time = QRectF(MARGIN, MARGIN, 60, 20), QRectF(wide - MARGIN - 40, MARGIN, 40, 20)
        picture = picture_of(panel)
        assert ink(picture, name) > 20
        assert ink(picture, time) > 20
        layout = panel.text.layout_now
        assert layout is not None
        under = panel.text.name_under(name.center() if language == "en" else time.center())
        assert under == 0
        assert panel.text.name_under(QRectF(wide / 2, MARGIN, 1, 20).center()) is None


def test_a_name_reads_in_its_own_direction(look: str) -> None:
    assert from_right("דנה Levi")
    assert from_right("(3) דנה")
    assert not from_right("Dana לוי")
    assert not from_right("3")
    names = []
    for name in ("דנה Levi", "Levi דנה"):
        panel = shown(ENGLISH, "en")
        shown_review = panel._review
        assert shown_review is not None
        panel.show_review(apply(shown_review, Rename("speaker 0", name)))
        QApplication.processEvents()
        names.append(picture_of(panel).copy(MARGIN, MARGIN, 120, 20))
    assert names[0] == names[1], "a Hebrew name begins on the right, an English one on the left"
