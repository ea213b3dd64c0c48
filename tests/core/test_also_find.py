"""Pauses and filler sounds: what is found beside retakes, and what is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.also_find import AlsoFind, Found, found
from app.core.fillers import FILLERS, filler_texts
from app.core.timerange import TimeRange
from app.core.transcript import Transcript, Word
from tests.core.speech import heard, s

FILLER = AlsoFind(fillers=True)


def sounds(language: str | None, text: str) -> set[str]:
    return set(filler_texts(frozenset(text.split()), language))


def test_nothing_is_found_unless_it_is_asked_for() -> None:
    transcript = heard((("um", 0, 1), ("so", 9, 10)))
    assert found(transcript, AlsoFind()) == ()


def test_a_pause_is_a_silence_between_two_words_that_is_longer_than_asked() -> None:
    transcript = heard((("a", 5, 6), ("b", 6.5, 7), ("c", 7.501, 8), ("d", 12, 13)))
    assert found(transcript, AlsoFind(500_000)) == (
        Found("pause", s(7, 7.501)),
        Found("pause", s(8, 12)),
    )


def test_a_word_said_over_the_others_leaves_no_pause_behind_it() -> None:
    transcript = heard((("long", 0, 10), ("inside", 1, 2), ("later", 9, 12)))
    assert found(transcript, AlsoFind(500_000)) == ()


def test_words_in_another_order_are_taken_by_their_time() -> None:
    transcript = heard((("later", 8, 9), ("um", 4, 5), ("first", 0, 1)))
    assert found(transcript, AlsoFind(1_000_000, fillers=True)) == (
        Found("pause", s(1, 4)),
        Found("filler", s(4, 5)),
        Found("pause", s(5, 8)),
    )


def test_a_filler_word_without_length_still_has_some() -> None:
    transcript = heard((("um", 4, 4),))
    assert found(transcript, FILLER) == (Found("filler", TimeRange(4_000_000, 4_000_001)),)


def test_without_a_known_language_no_sound_is_a_filler() -> None:
    for language in (None, "", "xx"):
        said = Transcript((Word("um", 0, 1),), language=language)
        assert found(said, FILLER) == ()


def test_fillers_are_known_in_every_language_of_the_service() -> None:
    assert len(FILLERS) == 26
    for language in FILLERS:
        assert sounds(language, "hmmm хммм χμμμ הממ mmmm") != set()


@pytest.mark.parametrize(
    ("language", "fillers", "words"),
    [
        ("en", "um Um, uh… uhm er erm hmm ummm uhhh —um", "umbrella err era ER UM mm mhm oh hum"),
        ("en-US", "um", "like well so"),
        ("de", "äh Ähm, öh ähhm hm", "um er eh ehe ah oh"),
        ("fr", "euh Euh… heu hmm", "eu heure ben bah hein eux"),
        ("he", "אה אהה, אמ אממ… אהמ אממם", "אם אמא אמם הם אמת היא המון"),
        ("es", "ehm hmm mmm", "eh este em he hume"),
        ("nl", "uh uhm euh", "eh er um hem"),
        ("pl", "yyy yy eee", "no y ym e mhm"),
        ("ru", "эээ эмм хм гм", "эм мм э это"),
        ("sv", "öh öhm hm", "äh ö öm"),
        ("hu", "ööö öhm", "ő ön öm őz"),
        ("fi", "öö", "yö ö"),
        ("et", "õõ eee", "öö ee"),
        ("uk", "еее емм хм", "ее е ем"),
    ],
)
def test_only_what_is_never_a_word_is_a_filler(language: str, fillers: str, words: str) -> None:
    assert sounds(language, fillers) == set(fillers.split())
    assert sounds(language, words) == set()


WORDS = st.lists(
    st.tuples(st.sampled_from(["um", "so", "er,"]), st.integers(0, 50), st.integers(0, 9)),
    max_size=12,
).map(lambda ws: Transcript(tuple(Word(t, a, a + n) for t, a, n in ws), language="en"))


@given(WORDS, st.integers(1, 20))
def test_no_word_lies_in_a_pause_and_every_sound_is_found(said: Transcript, over: int) -> None:
    all_of_it = found(said, AlsoFind(over, fillers=True))
    pauses = [f.range for f in all_of_it if f.kind == "pause"]
    assert all(p.duration > over for p in pauses)
    assert not any(w.range.overlaps(p) for w in said.words for p in pauses)
    assert sum(f.kind == "filler" for f in all_of_it) == sum(w.text != "so" for w in said.words)
    assert list(all_of_it) == sorted(all_of_it, key=lambda f: f.range.start)
    assert found(said, AlsoFind(over)) == tuple(f for f in all_of_it if f.kind == "pause")
