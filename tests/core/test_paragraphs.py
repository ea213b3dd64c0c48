"""Paragraphs by hand over the source's turns, and the voices that say them."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.core.edits import (
    CorrectWord,
    Edit,
    MergeParagraph,
    MergePeople,
    MergeSpeakers,
    Recolour,
    Rename,
    SplitParagraph,
    Strike,
    apply,
)
from app.core.paragraphs import turn_at, turns
from app.core.review import Evidence, Review
from app.core.speakers import SpeakerShown, given_turns, speaker_of, speakers, voices
from app.core.transcript import Transcript, Utterance, Word
from tests.core.speech import counting, film, s, says


def spoken_by_two() -> Review:
    return Review(Evidence(film(30), says("A: a b c B: d e f A: g h")))


def do(review: Review, *edits: Edit) -> Review:
    for edit in edits:
        review = apply(review, edit)
    return review


def shape(review: Review) -> list[tuple[int | None, int, int]]:
    return [(t.speaker, t.word_start, t.word_end) for t in turns(review)]


def test_without_a_transcript_there_are_no_turns_and_nobody_speaks() -> None:
    review = Review(Evidence(film(1)))
    assert (turns(review), speakers(review), voices(review)) == ((), (), frozenset())
    for edit in (SplitParagraph(0), MergeParagraph(0), MergeSpeakers((0,), 1)):
        assert apply(review, edit) is review


def test_a_paragraph_is_split_and_merged_again() -> None:
    review = spoken_by_two()
    split = apply(review, SplitParagraph(1))
    assert shape(split) == [(0, 0, 1), (0, 1, 3), (1, 3, 6), (0, 6, 8)]
    assert (turns(split)[1].start, turns(split)[1].end) == (800_000, 1_370_000)
    merged = apply(split, MergeParagraph(1))
    assert shape(merged) == shape(review)
    assert merged.decisions == review.decisions


def test_a_turn_joins_the_one_before_and_is_parted_again() -> None:
    review = spoken_by_two()
    merged = do(review, MergeParagraph(3), MergeParagraph(6))
    assert shape(merged) == [(0, 0, 8)]
    assert turns(merged)[0].end == turns(review)[-1].end
    assert shape(do(merged, SplitParagraph(3))) == [(0, 0, 3), (1, 3, 8)]
    assert do(merged, SplitParagraph(3), SplitParagraph(6)).decisions == review.decisions


def test_a_joined_turn_is_split_where_its_own_speaker_goes_on() -> None:
    review = do(spoken_by_two(), MergeParagraph(3), SplitParagraph(5), SplitParagraph(1))
    assert shape(review) == [(0, 0, 1), (0, 1, 5), (1, 5, 6), (0, 6, 8)]


def test_where_no_paragraph_can_be_split_or_merged_nothing_changes() -> None:
    review = spoken_by_two()
    for edit in (
        SplitParagraph(0),
        SplitParagraph(3),
        SplitParagraph(-1),
        SplitParagraph(8),
        MergeParagraph(0),
        MergeParagraph(1),
        MergeParagraph(-1),
        MergeParagraph(8),
    ):
        assert apply(review, edit) is review


def test_breaks_of_another_transcript_are_passed_over() -> None:
    said = replace(
        spoken_by_two().decisions, breaks=frozenset({-3, 3, 99}), joins=frozenset({0, 1})
    )
    review = replace(spoken_by_two(), decisions=said)
    assert shape(review) == shape(spoken_by_two())


def test_every_word_is_in_one_turn_whatever_the_source_says() -> None:
    words = tuple(Word(str(i), i * 10, i * 10 + 5, 7) for i in range(8))
    odd = (Utterance(1, 40, 65, 4, 7), Utterance(0, 10, 45, 1, 5), Utterance(2, 0, 0, 5, 5))
    assert given_turns(Transcript(words, odd)) == (
        Utterance(7, 0, 5, 0, 1),
        Utterance(0, 10, 45, 1, 5),
        Utterance(1, 50, 65, 5, 7),
        Utterance(7, 70, 75, 7, 8),
    )
    assert given_turns(Transcript((), odd)) == ()


def test_speakers_are_counted_named_and_coloured() -> None:
    review = do(spoken_by_two(), Rename("speaker 1", "Dana"), Recolour("speaker 0", 5))
    assert speakers(review) == (
        SpeakerShown(0, "Speaker 1", 5, 5, 870_000 + 570_000),
        SpeakerShown(1, "Dana", 1, 3, 870_000),
    )
    assert voices(review) == {0, 1}


def test_merged_speakers_are_one_voice_and_their_paragraphs_stay_apart() -> None:
    review = do(spoken_by_two(), MergeSpeakers((1,), 0))
    assert shape(review) == [(0, 0, 3), (0, 3, 6), (0, 6, 8)]
    assert [(p.number, p.words) for p in speakers(review)] == [(0, 8)]
    assert speaker_of(review) == {1: 0}
    back = do(review, MergeSpeakers((0,), 1))
    assert speaker_of(back) == {0: 1}
    assert [p.number for p in speakers(back)] == [1]


def test_a_speaker_that_is_not_heard_is_no_part_of_a_merge() -> None:
    review = spoken_by_two()
    assert apply(review, MergeSpeakers((0,), 9)) is review
    assert apply(review, MergeSpeakers((9, -1), 0)) is review
    assert apply(review, MergeSpeakers((0,), 0)) is review
    nobody = counting()
    assert speakers(nobody) == ()
    assert apply(nobody, MergeSpeakers((0,), 1)) is nobody


def test_merged_people_are_no_speakers() -> None:
    said = {"c1": "c2", "speaker x": "speaker 1", "speaker 1": "c2", "speaker 0": "speaker 1"}
    review = replace(spoken_by_two(), decisions=replace(spoken_by_two().decisions, merged=said))
    assert speaker_of(review) == {}


def test_other_edits_leave_turns_and_speakers_the_very_same() -> None:
    review = do(spoken_by_two(), SplitParagraph(1), MergeSpeakers((1,), 0))
    after = do(
        review,
        Strike(s(1, 2)),
        CorrectWord(0, "x"),
        MergePeople(("c1",), "c2"),
    )
    assert turns(after) is turns(review)
    assert speakers(after) is speakers(review)
    assert speaker_of(after) is speaker_of(review)


EDITS = st.one_of(
    st.builds(SplitParagraph, st.integers(-1, 9)),
    st.builds(MergeParagraph, st.integers(-1, 9)),
    st.builds(MergeSpeakers, st.tuples(st.integers(0, 2)), st.integers(0, 2)),
)


@given(st.lists(EDITS, max_size=15))
def test_every_word_stays_in_one_turn_whatever_is_done(edits: list[Edit]) -> None:
    review = do(spoken_by_two(), *edits)
    every = turns(review)
    assert [t.word_start for t in every] == [0, *(t.word_end for t in every[:-1])]
    assert every[-1].word_end == 8
    assert all(t.word_start < t.word_end and t.start <= t.end for t in every)
    assert [turn_at(review, i) for i in range(8)] == [
        next(t for t in every if t.word_start <= i < t.word_end) for i in range(8)
    ]
    assert sum(p.words for p in speakers(review)) == 8


@given(st.lists(EDITS, max_size=6), st.integers(0, 8))
def test_a_split_is_taken_back_by_a_merge_and_a_merge_by_a_split(
    edits: list[Edit], word: int
) -> None:
    review = do(spoken_by_two(), *edits)
    for one, other in (
        (SplitParagraph(word), MergeParagraph(word)),
        (MergeParagraph(word), SplitParagraph(word)),
    ):
        changed = apply(review, one)
        if changed is not review:
            assert apply(changed, other).decisions == review.decisions
