"""Captions fit the cut, the screen and the reader, and other programs read them."""

from __future__ import annotations

import pysubs2
from hypothesis import given
from hypothesis import strategies as st

from app.core.cut import cut
from app.core.edits import CorrectWord, Strike, apply
from app.core.review import Decisions, Evidence, Footage, Review
from app.core.timerange import SECOND, TimeRange, merge
from app.core.transcript import Transcript, Word
from app.interchange.captions import LINE, LONGEST, Caption, captions_of, write_srt, write_vtt
from app.interchange.read_transcript import read_transcript
from tests.core.speech import INAUGURAL, film, heard, s, says


def told(text: str, seconds: float = 60) -> Review:
    return Review(Evidence(film(seconds), says(text)))


def texts(review: Review) -> list[str]:
    return [c.text for c in captions_of(review)]


def test_without_words_there_are_no_captions() -> None:
    assert captions_of(Review(Evidence(film(5)))) == ()
    assert captions_of(Review(Evidence(film(5), Transcript(())))) == ()


def test_removed_words_are_left_out_and_the_rest_moves_up() -> None:
    review = Review(Evidence(film(27), heard(INAUGURAL)))
    review = apply(review, Strike(s(0, 6.4)))
    first = captions_of(review)[0]
    assert first.text == "And so, my fellow Americans,"
    assert (first.start, first.end) == (90_000, 1_960_000)
    assert cut(review).keep == (s(6.4, 27),)


def test_corrected_words_are_written_as_corrected() -> None:
    assert texts(apply(told("helo world"), CorrectWord(0, "hello"))) == ["hello world"]


def test_captions_break_at_turns_pauses_cuts_and_full_sentences() -> None:
    assert texts(told("A: yes B: no <1> well")) == ["yes", "no", "well"]
    struck = apply(told("one two three"), Strike(s(0.8, 1.07)))
    assert texts(struck) == ["one", "three"]
    long_sentence = "This is a sentence of forty letters."
    assert texts(told(f"{long_sentence} And on.")) == [long_sentence, "And on."]
    assert texts(told("Short. And on.")) == ["Short. And on."]


def test_long_text_stands_in_two_lines_of_about_the_same_length() -> None:
    review = told("the quick brown fox jumps over the lazy dog and runs away")
    assert texts(review) == ["the quick brown fox jumps over\nthe lazy dog and runs away"]


def test_a_word_longer_than_a_line_is_divided() -> None:
    assert texts(told("x" * 50)) == ["x" * 42 + "\n" + "x" * 8]


def test_a_short_caption_stays_for_a_second_where_there_is_room() -> None:
    (one,) = captions_of(told("yes"))
    assert one.end - one.start == SECOND


def test_subrip_and_webvtt_say_the_same() -> None:
    some = (Caption(0, 1_500_000, "a < b\nc & d"), Caption(3_723_004_000, 3_724_000_000, "x --> y"))
    assert write_srt(some) == (
        "1\n00:00:00,000 --> 00:00:01,500\na < b\nc & d\n\n"
        "2\n01:02:03,004 --> 01:02:04,000\nx → y\n"
    )
    assert write_vtt(some) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\na &lt; b\nc &amp; d\n\n"
        "01:02:03.004 --> 01:02:04.000\nx → y\n"
    )
    assert write_srt(()) == ""
    assert write_vtt(()) == "WEBVTT\n"


words = st.lists(
    st.tuples(
        st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60),
        st.integers(0, 2_000),
        st.integers(0, 9_000),
    ),
    max_size=25,
)
strikes = st.lists(
    st.builds(
        lambda a, n: TimeRange(a * 1000, (a + n) * 1000),
        st.integers(0, 50_000),
        st.integers(1, 9_000),
    ),
    max_size=3,
).map(merge)


@given(words, strikes)
def test_captions_are_in_order_disjoint_readable_and_lose_no_kept_word(
    said: list[tuple[str, int, int]], struck: tuple[TimeRange, ...]
) -> None:
    at, spoken = 0, []
    for text, pause, size in said:
        at += pause * 1000
        spoken.append(Word(text, at, at + size * 1000))
        at += size * 1000
    footage = Footage(at + SECOND)
    review = Review(Evidence(footage, Transcript(tuple(spoken))), Decisions(strikes=struck))
    captions = captions_of(review)
    last = 0
    for c in captions:
        assert last <= c.start < c.end <= c.start + LONGEST
        assert len(c.text.split("\n")) <= 2
        assert all(len(line) <= LINE for line in c.text.split("\n"))
        last = c.end
    kept = [
        w.text
        for w in spoken
        if any(r.contains(min(w.midpoint, footage.duration - 1)) for r in cut(review).keep)
    ]
    assert "".join("".join(c.text.split()) for c in captions) == "".join(
        "".join(t.split()) for t in kept
    )
    subs = pysubs2.SSAFile.from_string(write_srt(captions), format_="srt")
    shown = [c for c in captions if c.text.strip()]
    assert [e.start for e in subs] == [c.start // 1000 for c in shown]


def test_what_is_written_is_read_again() -> None:
    captions = captions_of(apply(told("one two three. <1> שלום & X 4"), CorrectWord(5, "<b>")))
    for name, text in (("a.srt", write_srt(captions[:1])), ("a.vtt", write_vtt(captions))):
        again = read_transcript(name, text)
        assert [w.text for w in again.words][:3] == ["one", "two", "three."]
    assert "<b>" in [w.text for w in read_transcript("a.vtt", write_vtt(captions)).words]
