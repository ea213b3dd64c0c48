"""Where words lie: in either direction, of either script, and only where they are looked at."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from app.core.transcript import Transcript, Utterance, Word
from app.ui import theme
from app.ui.transcript_layout import TranscriptLayout
from app.ui.transcript_paragraphs import LONGEST, paragraphs
from app.ui.transcript_walk import beside, line_beside, line_of, line_words

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

HEBREW = "שלום, אז היום נדבר על עריכה של clip.mp4 ו iPhone 15 Pro בשלוש דקות."


@pytest.fixture(scope="module", autouse=True)
def app() -> QApplication:
    found = QApplication.instance() or QApplication([])
    assert isinstance(found, QApplication)
    return found


def said(text: str, language: str = "en", speaker: int = 0) -> Transcript:
    return Transcript(
        tuple(
            Word(w, i * 300_000, i * 300_000 + 250_000, speaker) for i, w in enumerate(text.split())
        ),
        language=language,
    )


def column(transcript: Transcript, width: float = 300) -> TranscriptLayout:
    return TranscriptLayout(transcript, {}, theme.ui(15), width)


def test_hebrew_runs_from_the_right_and_latin_inside_it_from_the_left() -> None:
    words = HEBREW.split()
    laid = column(said(HEBREW, "he"), 2000)

    def x(word: str) -> float:
        return laid.rects(words.index(word))[0].center().x()

    assert x("שלום,") > x("אז") > x("clip.mp4") > x("בשלוש") > x("דקות.")
    assert x("iPhone") < x("15") < x("Pro"), "a Latin name reads from the left"
    assert laid.rects(0)[0].right() == pytest.approx(2000, abs=2), "flush right"


def test_a_transcript_in_hebrew_stays_right_to_left_where_a_turn_begins_in_latin() -> None:
    laid = column(said("clip.mp4 הוא הקובץ", "he"), 1000)
    assert laid.rects(0)[0].left() > laid.rects(2)[0].right()


def test_the_arrow_keys_go_where_they_point_in_hebrew() -> None:
    laid = column(said(HEBREW, "he"), 2000)
    at, seen = 0, [0]
    while (left := beside(laid, at, -1)) is not None:
        assert laid.rects(left)[0].center().x() < laid.rects(at)[0].center().x()
        at = left
        seen.append(at)
    assert sorted(seen) == list(range(len(HEBREW.split())))


def test_left_at_the_end_of_a_hebrew_line_goes_to_the_next_line() -> None:
    laid = column(said(HEBREW, "he"), 160)
    first_line = line_words(laid, 0, 0)
    leftmost = min(first_line, key=lambda i: laid.rects(i)[0].x())
    following = beside(laid, leftmost, -1)
    assert following is not None
    assert line_of(laid, following) == (0, 1)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=40)
@given(
    st.lists(st.sampled_from([*HEBREW.split(), "and", "re-do", "😀", "e\u0301tat"]), min_size=1,
             max_size=30),
    st.sampled_from(["he", "en"]),
    st.integers(80, 500),
)  # fmt: skip
def test_every_word_is_found_where_it_was_laid_and_no_two_overlap(
    texts: list[str], language: str, width: int
) -> None:
    laid = column(said(" ".join(texts), language), width)
    boxes = []
    for i in range(len(texts)):
        for rect in laid.rects(i):
            if rect.width() > 2:
                found = laid.word_at(rect.center().x(), rect.center().y())
                assert found == i
                boxes.append(rect.adjusted(0.6, 0.6, -0.6, -0.6))
            assert -1 <= rect.left() <= rect.right() <= width + 40
    for i, one in enumerate(boxes):
        assert not any(one.intersects(other) for other in boxes[i + 1 :])


def test_a_turn_without_end_is_shown_in_parts_that_hold_every_word_once() -> None:
    long = said(" ".join(["word"] * 1000))
    parts = paragraphs(long)
    assert [p.header for p in parts] == [True] + [False] * (len(parts) - 1)
    assert max(p.end - p.first for p in parts) <= LONGEST
    assert [i for p in parts for i in range(p.first, p.end)] == list(range(1000))


def test_words_that_no_utterance_covers_are_shown_too() -> None:
    words = said("a b c d e f").words
    gaps = Transcript(words, (Utterance(0, 0, 1, 1, 3), Utterance(1, 1, 2, 4, 5)))
    assert [i for p in paragraphs(gaps) for i in range(p.first, p.end)] == list(range(6))


def test_only_what_is_looked_at_is_laid_out() -> None:
    long = said(" ".join(["some", "words."] * 50_000))
    laid = column(long)
    assert not laid._laid
    shown = laid.visible(laid.height / 2, laid.height / 2 + 800)
    assert 0 < len(shown) < 12
    assert len(laid._laid) == len(shown)
    assert laid.visible(0, 500).start == 0


def test_lines_are_walked_up_and_down() -> None:
    laid = column(said("one two three four five six seven eight nine ten eleven"), 120)
    below = line_beside(laid, 0, 1, laid.rects(0)[0].center().x())
    assert below is not None
    assert line_of(laid, below) == (0, 1)
    assert line_beside(laid, below, -1, 0) == 0
    assert line_beside(laid, 0, -1, 0) is None


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(
    st.lists(
        st.sampled_from(
            [*HEBREW.split(), "and", "re-do", "14:30,", "(כ-4%)", "3.5", "—", "“it”", "ﬁne", "הוא?"]
        ),
        min_size=1,
        max_size=40,
    ),
    st.sampled_from(["he", "en"]),
    st.integers(80, 400),
)
def test_the_quick_way_to_measure_a_word_agrees_with_its_glyphs(
    texts: list[str], language: str, width: int
) -> None:
    laid = column(said(" ".join(texts), language), width).laid(0)
    for k, rects in enumerate(laid.rects):
        glyphs = []
        for n in range(laid.layout.lineCount()):
            line = laid.layout.lineAt(n)
            first = max(laid.offsets[k], line.textStart())
            stop = min(laid.ends[k], line.textStart() + line.textLength())
            if first < stop:
                runs = line.glyphRuns(first, stop - first)
                glyphs += [(r.boundingRect().left(), r.boundingRect().right()) for r in runs]
        assert min(r.left() for r in rects) == pytest.approx(min(g[0] for g in glyphs), abs=2)
        assert max(r.right() for r in rects) == pytest.approx(max(g[1] for g in glyphs), abs=2)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=40)
@given(
    st.lists(st.sampled_from(HEBREW.split()), min_size=2, max_size=60),
    st.sampled_from(["he", "en"]),
    st.data(),
)
def test_with_words_left_out_the_others_are_where_they_were_laid_and_all_can_be_walked(
    texts: list[str], language: str, data: st.DataObject
) -> None:
    count = len(texts)
    gone = bytes(data.draw(st.lists(st.integers(0, 1), min_size=count, max_size=count)))
    laid = column(said(" ".join(texts), language), 220)
    laid.visible(0, 1e6)
    laid.correct({0: "corrected text"})
    laid.hide(gone)
    shown = [i for i in range(count) if not gone[i]]
    assert list(laid.laid(0).words) == shown
    for i in shown:
        for rect in laid.rects(i):
            assert laid.word_at(rect.center().x(), rect.center().y()) == i
    seen = set()
    at: int | None = shown[0] if shown else None
    while at is not None:
        seen.add(at)
        at = beside(laid, at, 1 if language == "en" else -1)
        if at in seen:
            break
    assert seen <= set(shown)
    for i in range(count):
        assert laid.rects(i)
        assert line_of(laid, i)[0] == 0
    laid.hide(b"")
    assert laid.laid(0).words == range(count)
