"""Sentences by their marks, by the pauses of the speech, by who speaks."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.sentences import LONG_PAUSE, PAUSE, marked, sentences
from app.core.transcript import Word
from tests.core.speech import INAUGURAL, ROUGHLY, heard, s, says


def texts(text: str) -> list[str]:
    words = says(text).words
    return [" ".join(w.text for w in words[x.first : x.end]) for x in sentences(words)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One two. Three four? Five!", ["One two.", "Three four?", "Five!"]),
        ("He said “yes.” Then (maybe!) Then", ["He said “yes.”", "Then (maybe!)", "Then"]),
        ("“Really?” he asked. Yes.", ["“Really?” he asked.", "Yes."]),
        ("well… maybe. Good… Then", ["well… maybe.", "Good…", "Then"]),
        ("no capitals here. just marks? yes.", ["no capitals here.", "just marks?", "yes."]),
        ("Mr. Smith met Dr. No. So J. F. K. did.", ["Mr. Smith met Dr. No.", "So J. F. K. did."]),
        ("So did I. Then", ["So did I.", "Then"]),
        ("שלום לך. מה נשמע? טוב", ["שלום לך.", "מה נשמע?", "טוב"]),
        ("كيف حالك؟ بخير.", ["كيف حالك؟", "بخير."]),
        ("It is 3.5 of www.example.com here. Yes.", ["It is 3.5 of www.example.com here.", "Yes."]),
        ("broken off and <2> So anew. Yes.", ["broken off and", "So anew.", "Yes."]),
        ("with a <0.9> pause in it. Yes.", ["with a pause in it.", "Yes."]),
        ("A: one two B: three. A: Four", ["one two", "three.", "Four"]),
        ("no marks <0.6> but a pause <0.3> or none", ["no marks", "but a pause or none"]),
        ("“ … ”", ["“ …", "”"]),
    ],
)
def test_sentences_are_those_a_reader_would_find(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


def test_a_sentence_reaches_from_its_first_word_to_its_last() -> None:
    found = sentences(heard(INAUGURAL).words)
    assert [(x.span, x.first, x.end) for x in found] == [
        (s(0.29, 4.3), 0, 7),
        (s(6.49, 17.46), 7, 29),
    ]


def test_recognised_words_carry_no_marks_and_end_at_pauses() -> None:
    words = heard(ROUGHLY, "recognised").words
    assert not marked(words)
    assert marked(heard(INAUGURAL).words)
    found = sentences(words)
    assert len(found) == 6
    for before, after in pairwise(found):
        assert after.span.start - before.span.end >= PAUSE


def test_one_mark_among_very_many_words_does_not_tell_the_others() -> None:
    assert len(texts("word " * 150 + "Mark. <0.7> " + "word " * 150 + "<0.7> end")) == 3


def test_no_words_are_no_sentences_and_a_list_is_read_anew() -> None:
    assert sentences(()) == ()
    words = list(says("One. Two.").words)
    assert len(sentences(words)) == 2
    words.pop()
    assert len(sentences(words)) == 1


def test_the_same_words_are_read_once() -> None:
    words = says("One. Two.").words
    assert sentences(words) is sentences(words)


letters = st.text(alphabet='aB.?!… "”שI1', max_size=4)
some_words = st.lists(
    st.builds(
        lambda text, start, length, speaker: Word(text, start, start + length, speaker),
        letters,
        st.integers(-5_000_000, 60_000_000),
        st.integers(0, 3_000_000),
        st.sampled_from((None, 0, 1)),
    ),
    max_size=30,
).map(tuple)


@given(some_words)
def test_every_word_is_in_exactly_one_sentence_and_inside_its_span(words: tuple[Word, ...]) -> None:
    found = sentences(words)
    assert [i for x in found for i in range(x.first, x.end)] == list(range(len(words)))
    for x in found:
        assert x.first < x.end
        for word in words[x.first : x.end]:
            assert x.span.start <= word.start
            assert word.end <= x.span.end
    assert LONG_PAUSE > PAUSE
