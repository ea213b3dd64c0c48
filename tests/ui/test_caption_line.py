"""The words said around an instant: short lines, the current word marked."""

import random

from hypothesis import given
from hypothesis import strategies as st

from app.core.review import Decisions, Evidence, Footage, Review
from app.core.timerange import SECOND
from app.core.transcript import Transcript, Word
from app.ui.caption_line import LETTERS, PAUSE, REACH, CaptionLine


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


def placed(words: tuple[Word, ...], corrections: dict[int, str]) -> CaptionLine:
    evidence = Evidence(Footage(60 * SECOND), Transcript(words))
    return CaptionLine(Review(evidence, Decisions(corrections=corrections)))


any_words = st.lists(
    st.builds(
        lambda text, start, long, who: Word(text, start, start + long, who),
        st.text(max_size=60) | st.sampled_from(["and", "so.", "שלום", "24", "not?”"]),
        st.integers(0, 40 * SECOND),
        st.integers(0, 2 * SECOND),
        st.sampled_from([None, 0, 1]),
    ),
    max_size=40,
).map(tuple)
any_corrections = st.dictionaries(st.integers(0, 45), st.text(max_size=50), max_size=5)


@given(any_words, any_corrections, st.integers(-SECOND, 60 * SECOND))
def test_any_words_give_one_line_with_one_current_word_at_most(
    words: tuple[Word, ...], corrections: dict[int, str], t: int
) -> None:
    said = placed(words, corrections).at(t)
    assert sum(current for _, current in said) <= 1
    assert len(said) == 1 or len(" ".join(word for word, _ in said)) <= LETTERS


@given(any_words, any_corrections, st.randoms())
def test_the_lines_hold_every_word_once_whatever_is_asked_first(
    words: tuple[Word, ...], corrections: dict[int, str], chance: random.Random
) -> None:
    lines = placed(words, corrections)
    asked = list(range(len(words)))
    chance.shuffle(asked)
    found = sorted({(line.start, line.stop) for line in map(lines.line_of, asked)})
    assert [k for start, stop in found for k in range(start, stop)] == list(range(len(words)))
    for start, stop in found:
        assert start < stop


def test_a_pause_and_another_speaker_begin_a_line() -> None:
    words = (
        Word("one", 0, 300_000, 0),
        Word("two", 300_000 + PAUSE, 2 * SECOND, 0),
        Word("three", 2 * SECOND, 3 * SECOND, 1),
    )
    lines = placed(words, {})
    assert [lines.at(w.start) for w in words] == [((w.text, True),) for w in words]


def test_a_correction_counts_as_the_word_it_is() -> None:
    lines = placed(tuple(Word("a", k * 100_000, (k + 1) * 100_000) for k in range(4)), {1: "end."})
    assert lines.at(0) == (("a", True), ("end.", False))
    assert lines.at(250_000) == (("a", True), ("a", False))


def test_a_hundred_thousand_words_without_a_stop_cost_no_more_than_a_few() -> None:
    words = tuple(Word("word", k * 200_000, (k + 1) * 200_000) for k in range(100_000))
    seen: list[int] = []

    class Counted(CaptionLine):
        def _text(self, place: int) -> str:
            seen.append(place)
            return super()._text(place)

    lines = Counted(Review(Evidence(Footage(20_000 * SECOND), Transcript(words))))
    assert lines.at(10_000 * SECOND + 100_000)[0][0] == "word"
    assert len(seen) < 4 * REACH
    seen.clear()
    lines.at(10_000 * SECOND + 150_000)
    assert len(seen) < 20, "the line was found already"
