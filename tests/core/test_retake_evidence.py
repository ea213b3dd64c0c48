"""Retake answers: cleaned intervals, both readings of a span's end, contradictions, own finds."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.cut import cut, word_states
from app.core.disputes import disputes, marked, spans_that_nothing_cuts
from app.core.edits import Decide, apply
from app.core.proposals import proposals
from app.core.retake_evidence import clean_intervals, from_transcript, read_spans
from app.core.review import Evidence, Retakes, RetakeWord, Review, Verdict
from app.core.timerange import SECOND, TimeRange, find
from app.core.transcript import Transcript
from tests.core.speech import INAUGURAL, ROUGHLY, film, heard, s, says

WORDS = tuple(RetakeWord(i, f"w{i}", i * SECOND, i * SECOND + 900_000) for i in range(10))
TEN = film(10)


@given(st.lists(st.tuples(st.integers(-50, 150), st.integers(-50, 150))))
def test_any_intervals_become_sorted_disjoint_ones_inside_the_film(
    pairs: list[tuple[int, int]],
) -> None:
    clean = clean_intervals(pairs, 100)
    assert all(0 <= r.start < r.end <= 100 for r in clean)
    assert all(a.end < b.start for a, b in pairwise(clean))
    for t in range(100):
        assert (find(clean, t) is not None) == any(min(p) <= t < max(p) for p in pairs)


@pytest.mark.parametrize("reading", ["exclusive", "inclusive"])
@given(st.integers(0, 8), st.integers(1, 5))
def test_the_reading_that_fits_the_intervals_is_found(reading: str, first: int, size: int) -> None:
    end = min(10, first + size)
    keep = clean_intervals([(0, first * SECOND), (end * SECOND, 10 * SECOND)], 10 * SECOND)
    span = (first, end - 1 if reading == "inclusive" else end)
    if keep:
        assert read_spans(WORDS, [span], keep) == reading


def test_a_tie_is_read_as_exclusive() -> None:
    assert read_spans(WORDS, [], (s(0, 10),)) == "exclusive"
    assert read_spans(WORDS, [(1, 2)], ()) == "exclusive"


def test_spans_count_by_the_words_own_numbers_and_not_by_their_place() -> None:
    odd = tuple(replace(w, i=w.i * 10 + 5) for w in WORDS)
    assert marked(Retakes(odd, ((15, 36),), ())) == {15, 25, 35}
    assert marked(Retakes(odd, ((15, 35),), (), "inclusive")) == {15, 25, 35}


def answer(*keep: TimeRange, spans: tuple[tuple[int, int], ...]) -> Retakes:
    return Retakes(WORDS, spans, keep)


def test_what_agrees_is_not_disputed() -> None:
    agreed = answer(s(0, 2.95), s(5, 10), spans=((3, 5),))
    assert disputes(agreed, TEN) == {}
    assert disputes(Retakes((), (), (s(0, 3),)), TEN) == {}


@pytest.mark.parametrize(
    ("retakes", "said"),
    [
        (answer(s(0, 3), s(6, 10), spans=((3, 5),)), "cuts “w5” here too, but does not mark"),
        (answer(s(0, 3), s(5, 10), spans=((6, 7),)), "cuts “w3 w4” here, but marks none"),
        (answer(s(0, 4), s(5, 10), spans=((3, 6),)), "marks “w3 w5” as well, but does not cut"),
        (answer(s(0, 2.6), s(5, 10), spans=((3, 5),)), "starts 0.30 s before the place"),
        (answer(s(0, 3.4), s(5, 10), spans=((3, 5),)), "starts 0.40 s after the place"),
        (answer(s(0, 3), s(4.5, 10), spans=((3, 5),)), "ends 0.40 s before the place"),
        (answer(s(0, 3), s(5.3, 10), spans=((3, 5),)), "ends 0.30 s after the place"),
        (answer(s(0, 3), spans=()), "cuts “w3 w4 w5 w6 w7 w8 w9” here, but marks none"),
    ],
)
def test_a_contradiction_is_a_sentence(retakes: Retakes, said: str) -> None:
    (sentence,) = disputes(retakes, TEN).values()
    assert said in sentence
    review = Review(Evidence(TEN, retakes=retakes))
    assert said in next(p.disputed for p in proposals(review) if p.id.startswith("gap"))


def test_many_words_are_told_by_the_first_of_them() -> None:
    (sentence,) = disputes(answer(s(0, 1), spans=()), TEN).values()
    assert "“w1 w2 w3 w4 w5 w6 w7 w8 …”" in sentence


def test_silence_is_no_dispute_up_to_a_second_and_never_in_our_own_finds() -> None:
    words = (WORDS[0], replace(WORDS[5], i=1), replace(WORDS[9], i=2))
    near = Retakes(words, ((1, 2),), (s(0, 4.1), s(6.8, 10)))
    assert disputes(near, TEN) == {}
    far = Retakes(words, ((1, 2),), (s(0, 3), s(6.8, 10)))
    assert len(disputes(far, TEN)) == 1
    assert disputes(replace(far, origin="local service"), TEN) == {}
    silent = Retakes(words, ((1, 2),), (s(0, 2), s(3, 5), s(5.9, 10)))
    assert disputes(silent, TEN) == {}


def test_words_that_are_marked_but_kept_are_shown_and_not_cut() -> None:
    retakes = answer(s(0, 10), spans=((3, 5),))
    assert spans_that_nothing_cuts(retakes) == (s(3, 4.9),)
    review = Review(Evidence(TEN, retakes=retakes))
    (one,) = proposals(review)
    assert (one.verdict, one.range) == (Verdict.RESTORED, s(2.98, 4.92))
    assert "its cut keeps them" in one.disputed
    assert cut(review).removed == ()
    review = apply(review, Decide((one.id,), Verdict.ACCEPTED))
    assert [r.range for r in cut(review).removed] == [s(2.98, 4.92)]


def test_the_false_start_of_the_speech_becomes_one_proposal_up_to_the_new_start() -> None:
    for words, origin in ((INAUGURAL, "captions"), (ROUGHLY, "recognised")):
        said = heard(words, origin=origin)  # type: ignore[arg-type]
        retakes = from_transcript(said, film(27))
        assert retakes.keep_intervals == (s(6.41, 27),)
        assert retakes.remove_spans == ((0, 7),)
        assert retakes.origin == "transcript"
        review = Review(Evidence(film(27), said, retakes=retakes))
        (one,) = proposals(review)
        assert one.again is not None
        assert one.again.start == 6_490_000
        assert one.disputed == ""
        assert [x.value for x in word_states(review)].count("proposed") == 7


def test_several_attempts_in_a_row_are_one_gap_that_the_last_take_explains() -> None:
    said = says("Fine. <1> So today we <.8> So today we <.7> So today we are going on.")
    retakes = from_transcript(said, film(10))
    (gap,) = retakes.said_again
    assert gap == TimeRange(said.words[1].start, said.words[7].start - 80_000)
    assert retakes.said_again[gap].start == said.words[7].start
    assert disputes(replace(retakes, origin="local service"), film(10)) == {}


def test_a_transcript_without_retakes_keeps_the_whole_film() -> None:
    assert from_transcript(says("nothing is said twice here"), TEN).keep_intervals == (s(0, 10),)
    assert from_transcript(Transcript(()), film(0)).keep_intervals == ()


def test_retakes_outside_the_film_are_not_cut() -> None:
    retakes = from_transcript(says("<50> So today we <.8> So today we are going on."), TEN)
    assert retakes.keep_intervals == (s(0, 10),)
