"""Finding words: over word ends and chunk ends, whatever the case and the points."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ui.transcript_search import CHUNK, Found, Index, folded


def found(texts: list[str], query: str, *, whole: bool = False) -> list[Found]:
    index = Index(len(texts), lambda a, b: texts[a:b])
    return [hit for some in index.find(query, whole=whole) for hit in some]


def test_finding_reaches_over_words_and_ignores_case() -> None:
    texts = ["And", "so,", "my", "fellow", "Americans,", "ask", "not", "AND", "SO", "on"]
    assert found(texts, "and so") == [(0, 2), (7, 9)]
    assert found(texts, "Y FEL") == [(2, 4)]
    assert found(texts, "  ") == []
    assert found(texts, "nowhere") == []
    assert found([], "a") == []


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("שָׁלוֹם", "שלום"),
        ("שלום", "שָׁלוֹם"),
        ("ב־14:30", "ב-14"),
        ("צה״ל", 'צה"ל'),
        ("It’s", "it's"),
        ("STRASSE", "straße"),
        ("e\u0301tat", "\u00c9TAT"),
        ("مُحَمَّد", "محمد"),
    ],
)
def test_case_points_and_the_kind_of_marks_do_not_matter(text: str, query: str) -> None:
    assert found(["x", text, "y"], query) == [(1, 2)]


def test_vowel_signs_that_make_another_word_do_matter() -> None:
    assert found(["की"], "का") == []


def test_white_space_inside_a_word_is_one_space() -> None:
    assert found(["New\u00a0York", "a  b"], "york a b") == [(0, 2)]


def test_what_lies_over_the_end_of_a_chunk_is_found_once() -> None:
    texts = ["word"] * (CHUNK * 2)
    texts[CHUNK - 1 : CHUNK + 2] = ["one", "two", "three"]
    assert found(texts, "one two three") == [(CHUNK - 1, CHUNK + 2)]
    assert found(texts, "two") == [(CHUNK, CHUNK + 1)]


def test_a_word_that_reads_differently_is_found_by_what_it_reads_now() -> None:
    texts = ["one", "two"]
    index = Index(2, lambda a, b: texts[a:b])
    assert list(index.find("two")) == [[(1, 2)]]
    texts[1] = "three"
    index.forget([1])
    assert list(index.find("two")) == [[]]
    assert list(index.find("three")) == [[(1, 2)]]


@given(
    st.lists(st.sampled_from(["a", "ab", "b", "ba", "aab", "Á", "שׁ"]), max_size=30),
    st.sampled_from(["a", "b a", "ab", "aa", "b b a", "ש", "á"]),
)
def test_every_place_found_reads_as_what_was_looked_for(texts: list[str], query: str) -> None:
    for first, end in found(texts, query):
        assert folded(query) in folded(" ".join(texts[first:end]))
        assert folded(query) not in folded(" ".join(texts[first + 1 : end]))
    whole = folded(" ".join(texts))
    assert bool(found(texts, query)) == (folded(query) in whole)


@pytest.mark.parametrize(
    ("text", "query", "words"),
    [
        ("Americans, can you? Can’t. “can” CAN", "can", [1, 4, 5]),
        ("um number um-um umbrella", "um", [0, 2]),
        ("של שלום, (של) ושל", "של", [0, 2]),
        ("so my fellow, so my fellows", "my fellow", [1]),
        ("a.b ab b", "b", [0, 2]),
        ("one 21 2 1", "1", [3]),
    ],
)
def test_whole_words_are_found_whatever_marks_stand_around_them(
    text: str, query: str, words: list[int]
) -> None:
    texts = text.split()
    assert [first for first, _ in found(texts, query, whole=True)] == words
    assert set(words) <= {first for first, _ in found(texts, query)}


def test_a_whole_word_at_the_end_of_a_chunk_knows_what_follows() -> None:
    texts = ["x"] * (CHUNK - 1) + ["can", "can", "canny"]
    assert found(texts, "can", whole=True) == [(CHUNK - 1, CHUNK), (CHUNK, CHUNK + 1)]
    assert found(texts, "can can", whole=True) == [(CHUNK - 1, CHUNK + 1)]
    assert found([*texts[:-2], "canny"], "can can", whole=True) == []
