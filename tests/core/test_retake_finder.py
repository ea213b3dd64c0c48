"""What is a retake and what is not, in several languages, heard well and roughly."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import retake_finder, takes
from app.core.retake_finder import (
    COMPARISONS,
    LONGEST,
    SAVED,
    Found,
    _Break,
    _enough,
    find_retakes,
    said_again,
)
from app.core.takes import matched, normalised, similar
from app.core.transcript import Transcript, Word
from tests.core.speech import INAUGURAL, ROUGHLY, heard, says


def split(text: str) -> list[str]:
    return text.split()


def abandoned(transcript: Transcript) -> list[str]:
    """The removed words of each retake and, behind the bar, those that say them again."""
    words = [transcript.words[i].text for i in transcript.by_start]
    return [
        f"{' '.join(words[f.first : f.end])} | {' '.join(words[f.again_first : f.again_end])}"
        for f in find_retakes(transcript)
    ]


def test_the_false_start_of_the_speech_is_found_and_its_chiasm_is_left_alone() -> None:
    (found,) = find_retakes(heard(INAUGURAL))
    assert (found.first, found.end, found.again_first, found.again_end) == (0, 7, 7, 14)


def test_it_is_found_in_what_a_rough_recogniser_heard() -> None:
    (found,) = find_retakes(heard(ROUGHLY, origin="recognised"))
    assert (found.first, found.end, found.again_first, found.again_end) == (0, 7, 7, 14)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "So today we <.8> So today we <.7> So today we are going to look at this.",
            ["So today we | So today we", "So today we | So today we"],
        ),
        (
            "It was late. So I went to the <.2> I went to the shop yesterday. It was fine.",
            ["I went to the | I went to the"],
        ),
        (
            "hello uh my name is uh <.6> hello my name is Bob. Nice.",
            ["hello uh my name is uh | hello my name is"],
        ),
        (
            "Welcome to my channel today. <1> Welcome to my channel today. <1> Let us go.",
            ["Welcome to my channel today. | Welcome to my channel today."],
        ),
        (
            "Now the second coun— <.3> the second country is big, as you know.",
            ["the second coun— | the second country"],
        ),
        (
            "Today we will talk of the new law, <.5> today we will talk of the new law of May.",
            [
                "Today we will talk of the new law, | today we will talk of the new law",
            ],
        ),
        (
            "שלום חברים היום אנחנו <1> שָׁלוֹם חברים, היום אנחנו מדברים על זה.",
            ["שלום חברים היום אנחנו | שָׁלוֹם חברים, היום אנחנו"],
        ),
        (
            "Добрый день, сегодня мы <1> добрый день, сегодня мы говорим о том.",
            ["Добрый день, сегодня мы | добрый день, сегодня мы"],
        ),
        (
            "Il était une fois un <.9> il était une fois un roi. Il vivait là.",
            ["Il était une fois un | il était une fois un"],
        ),
        (
            "A: Today we look at the <.9> A: today we look at the moon. B: Fine.",
            ["Today we look at the | today we look at the"],
        ),
        (
            "What is your name <.9> What is your name? <1> Bob.",
            ["What is your name | What is your name?"],
        ),
    ],
)
def test_an_abandoned_start_is_found(text: str, expected: list[str]) -> None:
    assert abandoned(says(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "one",
        "… — !",
        "it was very very good indeed",
        "no no no no no no, I said no no no.",
        "we shall fight on the beaches, <.4> we shall fight on the landing grounds, we fight.",
        "we shall fight on the beaches <1> we shall fight on the landing grounds <1> we fight",
        "it was the best of times, <.6> it was the worst of times, <.6> it was the age of wisdom.",
        "it was the best of times <.8> it was the worst of times <.8> it was the age of wisdom",
        "government of the people, by the people, for the people, shall not perish.",
        "I have a dream today. <1> I have a dream that one day this nation will rise.",
        "I have a dream, <.3> I have a dream that one day.",
        "over and over and over again and again and again it was day after day after day",
        "and so on and so on and so on until the end",
        "it is what it is. And that is that. He says that he says what he says.",
        "A: so you say the car is red B: so you say the car is red and not blue",
        "we go on <40> we go on to the next",
    ],
)
def test_ordinary_repetition_is_left_alone(text: str) -> None:
    assert abandoned(says(text)) == []


def test_words_out_of_order_are_taken_in_time_order() -> None:
    good = heard(INAUGURAL)
    shuffled = Transcript(tuple(reversed(good.words)), language="en")
    assert find_retakes(shuffled) == find_retakes(good)


def test_a_later_take_is_told_for_what_something_else_removed() -> None:
    texts = [w[0] for w in INAUGURAL]
    assert said_again(texts, 0, 7) == (7, 14)
    assert said_again(
        ["well", "um", "the", "red", "car", "the", "red", "bike", "is", "here"], 0, 5
    ) == (5, 8)
    assert said_again(split("one two three four five six"), 0, 3) is None
    assert said_again(["…", "a"], 0, 1) is None


def test_tokens_are_compared_without_case_accents_points_and_marks() -> None:
    assert normalised("Été!") == normalised("ete")
    assert normalised("שָׁלוֹם") == normalised("שלום,")
    assert normalised("—") == ""
    assert similar("american", "americans")
    assert not similar("got", "not")
    assert not similar("country", "you")
    assert not similar("beaches", "landing")


def test_the_beginning_of_a_later_take_matches_with_few_words_different() -> None:
    attempt = split("and all my fellow american")
    later = split("and got my fellow american and")
    assert matched(attempt, later, 0) is None
    match = matched(attempt, later, 1)
    assert match is not None
    assert (match.length, match.edits) == (5, 1)
    assert matched(attempt, ["and"], 1) is None
    assert matched([], later, 1) is None


words = st.lists(st.sampled_from(split("so we go to the big red house now. and, then— ok")))


@given(words, st.lists(st.integers(0, 2_000_000), min_size=60, max_size=60))
def test_whatever_is_said_the_retakes_are_disjoint_in_order_and_said_again_later(
    texts: list[str], pauses: list[int]
) -> None:
    at, said = 0, []
    for text, pause in zip(texts, pauses, strict=False):
        said.append(Word(text, at, at + 200_000))
        at += 200_000 + pause
    found = find_retakes(Transcript(tuple(said)))
    last = 0
    for f in found:
        assert last <= f.first < f.end <= f.again_first < f.again_end <= len(said)
        last = f.end


def compared(said: Transcript, most: int | None = None) -> tuple[int, int, tuple[Found, ...]]:
    """How many comparisons, of how many words, and what is found; `most` of them at a place."""
    count = 0

    def counted(a: str, b: str) -> bool:
        nonlocal count
        count += 1
        return similar(a, b)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(retake_finder, "similar", counted)
        patch.setattr(takes, "similar", counted)
        if most:
            patch.setattr(retake_finder, "SAVED", most)
            patch.setattr(retake_finder, "COMPARISONS", most)
        found = find_retakes(said)
    return count, len(said.words), found


def test_in_a_hundred_thousand_different_words_hardly_any_are_compared() -> None:
    base = [f"{(i * 7919) % 1013 * 104729 % 99991}a" for i in range(100_000)]
    said = tuple(Word(t, i * 300_000, i * 300_000 + 250_000) for i, t in enumerate(base))
    count, words, found = compared(Transcript(said))
    assert found == ()
    assert count < words


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("yes no", 0.3),
        ("yes no", 1.0),
        ("yes no well", 0.3),
        ("one two three four, five six seven", 0.3),
        ("one two three four five six seven. <.9>", 0.3),
        ("go on then <.9> go on now <.9> go on there <.9> go on here and", 0.3),
        ("a b c d e f g <.6> a b x d e f h <1.1> a b c y e g i <1.2>", 0.3),
        ("la la la li", 1.0),
    ],
)
def test_the_same_words_for_half_an_hour_cost_a_bounded_number_of_comparisons(
    text: str, rate: float
) -> None:
    tokens = text.split()
    said = says(" ".join(tokens * (4_000 // len(tokens))), rate=rate)
    count, words, _ = compared(said)
    assert count <= SAVED + words * (COMPARISONS + 4 * LONGEST)


def test_near_repetitions_at_random_cost_a_bounded_number_of_comparisons() -> None:
    chance = random.Random(5)
    said, at = [], 0
    for _ in range(3_000):
        said.append(Word(chance.choice(("alpha", "alpine", "alps")), at, at + 200_000))
        at += 200_000 + chance.choice((0, 0, 1_100_000))
    count, words, _ = compared(Transcript(tuple(said)))
    assert count <= SAVED + words * (COMPARISONS + 4 * LONGEST)


@given(words, st.lists(st.integers(0, 2_000_000), min_size=60, max_size=60))
def test_in_ordinary_speech_the_bound_is_never_met(texts: list[str], pauses: list[int]) -> None:
    at, some = 0, []
    for text, pause in zip(texts, pauses, strict=False):
        some.append(Word(text, at, at + 200_000))
        at += 200_000 + pause
    for said in (Transcript(tuple(some)), heard(INAUGURAL), heard(ROUGHLY)):
        assert compared(said) == compared(said, most=10**12)


def test_an_end_that_is_unknown_is_a_bug_and_loud() -> None:
    with pytest.raises(AssertionError):
        _enough(object(), 5, 0, goes_on=True)  # type: ignore[arg-type]
    assert not _enough(_Break.COMMA, 9, 0, goes_on=False)
