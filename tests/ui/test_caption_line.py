"""The words said around an instant: short lines, the current word marked."""

from app.core.review import Decisions, Evidence, Footage, Review
from app.core.timerange import SECOND
from app.core.transcript import Transcript, Word
from app.ui.caption_line import LETTERS, CaptionLine


def review(*texts: str, corrections: dict[int, str] | None = None) -> Review:
    words = tuple(Word(t, i * 400_000, i * 400_000 + 300_000, 0) for i, t in enumerate(texts))
    return Review(
        Evidence(Footage(60 * SECOND), Transcript(words)), Decisions(corrections=corrections or {})
    )


def test_a_line_ends_with_its_sentence_and_the_current_word_is_marked() -> None:
    lines = CaptionLine(review("ask", "not.", "Then", "go", corrections={0: "asked"}))
    assert lines.at(450_000) == (("asked", False), ("not.", True))
    assert lines.at(850_000) == (("Then", True), ("go", False))
    assert lines.at(20 * SECOND) == ()


def test_a_line_is_short() -> None:
    lines = CaptionLine(review(*["words"] * 50))
    for t in range(0, 20 * SECOND, 100_000):
        said = lines.at(t)
        assert 0 < len(" ".join(w for w, _ in said)) <= LETTERS


def test_words_out_of_order_are_marked_by_time() -> None:
    words = (Word("second", 400_000, 700_000), Word("first", 0, 300_000))
    lines = CaptionLine(Review(Evidence(Footage(SECOND), Transcript(words))))
    assert lines.at(500_000) == (("first", False), ("second", True))


def test_without_words_nothing_is_said() -> None:
    assert CaptionLine(Review(Evidence(Footage(SECOND)))).at(0) == ()
