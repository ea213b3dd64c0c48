"""Words found by time, turns, and the errors people see."""

from __future__ import annotations

from array import array

from hypothesis import given
from hypothesis import strategies as st

from app.core.cut import WordState, word_states
from app.core.edits import Restore, Strike, apply
from app.core.errors import ExportError, KeeptakeError, ServiceError, Unreachable
from app.core.memo import by_identity
from app.core.review import Evidence, Footage, Review
from app.core.spoken import spoken
from app.core.timerange import SECOND, TimeRange
from app.core.transcript import Transcript, Utterance, Word
from tests.core.speech import heard, says

OVERLAPPING = Transcript(
    (Word("b", 50, 60), Word("a", 0, 40), Word("c", 55, 80), Word("d", 90, 90))
)


def test_the_word_at_an_instant_is_found_whatever_the_order() -> None:
    assert [OVERLAPPING.word_at(t) for t in (0, 39, 45, 52, 57, 70, 90)] == [
        1, 1, None, 0, 2, 2, None,
    ]  # fmt: skip


def test_words_that_touch_a_span_are_found_past_a_long_one_that_does_not() -> None:
    said = Transcript((Word("long", 0, 60), Word("short", 31, 33), Word("last", 70, 80)))
    columns = spoken(Review(Evidence(Footage(100), said)))
    assert [columns.texts[row] for row in columns.touching(40, 75)] == ["long", "last"]


@given(
    st.lists(st.tuples(st.integers(0, 80), st.integers(0, 20)), max_size=10),
    st.integers(0, 90),
    st.integers(0, 30),
)
def test_the_words_in_a_span_are_those_whose_midpoint_lies_in_it(
    times: list[tuple[int, int]], start: int, size: int
) -> None:
    said = Transcript(tuple(Word("w", a, a + n) for a, n in times))
    span = TimeRange(start, start + size)
    assert set(said.words_in(span)) == {
        i for i, w in enumerate(said.words) if span.contains(w.midpoint)
    }


some_words = st.lists(st.tuples(st.integers(0, 80), st.integers(0, 40)), max_size=10).map(
    lambda times: Transcript(tuple(Word("w", a * SECOND, (a + n) * SECOND) for a, n in times))
)


@given(some_words, st.integers(0, 120))
def test_the_word_at_an_instant_is_the_last_to_begin_of_those_said_then(
    said: Transcript, second: int
) -> None:
    t = second * SECOND
    now = [i for i in said.by_start if said.words[i].range.contains(t)]
    assert said.word_at(t) == (now[-1] if now else None)


@given(some_words, st.integers(0, 120), st.integers(0, 60))
def test_words_of_any_length_are_found_by_their_midpoint(
    said: Transcript, start: int, size: int
) -> None:
    span = TimeRange(start * SECOND, (start + size) * SECOND)
    found = [i for i in said.by_start if span.contains(said.words[i].midpoint)]
    assert list(said.words_in(span)) == found


@given(
    st.lists(st.tuples(st.integers(0, 900_000), st.integers(1, 800_000)), min_size=1, max_size=20),
    st.data(),
)
def test_a_run_of_words_and_the_time_it_takes_name_the_same_words(
    pauses: list[tuple[int, int]], data: st.DataObject
) -> None:
    at, words = 0, []
    for pause, size in pauses:
        words.append(Word("w", at + pause, at + pause + size))
        at += pause + size
    said = Transcript(tuple(words))
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    span = TimeRange(words[first].start, words[last].end)
    assert said.words_in(span) == tuple(range(first, last + 1))
    # And a strike of that time removes just these.
    review = apply(Review(Evidence(Footage(at), said)), Strike(span))
    removed = bytes(2 if first <= i <= last else 0 for i in range(len(words)))
    assert word_states(review).raw == removed
    assert word_states(apply(review, Restore(span))).count(WordState.KEPT) == len(words)


def test_a_word_without_an_end_is_not_said_for_hours() -> None:
    said = Transcript((Word("endless", 0, 3_600 * SECOND), Word("b", SECOND, 2 * SECOND)))
    assert [said.word_at(t * SECOND) for t in (0, 1, 2, 59, 61)] == [0, 1, 0, 0, None]


def test_turns_are_the_services_else_by_speaker_and_pause() -> None:
    said = says("A: one two <2> three B: four")
    assert [(t.speaker, t.word_start, t.word_end) for t in said.turns()] == [
        (0, 0, 2), (0, 2, 3), (1, 3, 4),
    ]  # fmt: skip
    given_turns = (Utterance(0, 0, 5, 0, 4),)
    assert Transcript(said.words, given_turns).turns() == given_turns
    assert Transcript(()).turns() == ()


def test_in_a_pause_the_last_word_to_begin_is_the_one_before_it() -> None:
    said = says("A: one two <2> three")
    end = said.words[1].end
    assert [said.last_begun(t) for t in (0, end + SECOND, said.words[2].start)] == [0, 1, 2]
    assert said.last_begun(-SECOND) == 0
    assert Transcript(()).last_begun(0) is None


def test_what_is_said_during_a_frame_is_asked_in_its_middle() -> None:
    footage = Footage(100_000, array("q", (10_000, 43_333, 76_667)))
    assert [footage.middle_of_frame(t) for t in (0, 43_333, 60_000, 90_000)] == [
        0, 60_000, 60_000, 88_333,
    ]  # fmt: skip
    adjacent = Transcript((Word("so", 0, 50_000), Word("my", 50_000, 90_000)))
    assert adjacent.word_at(43_333) == 0
    assert adjacent.word_at(footage.middle_of_frame(43_333)) == 1, "whose start was sought"
    assert Footage(SECOND).middle_of_frame(7) == 7


def test_the_language_tells_the_direction_and_the_origin_the_roughness() -> None:
    assert heard((), language="he").right_to_left
    assert not heard((), language="en").right_to_left
    assert heard((), origin="recognised").rough
    assert not heard(()).rough


def test_an_error_is_a_sentence_and_a_hint() -> None:
    assert str(ExportError("It broke.", "Try again.", "raw")) == "It broke. Try again."
    assert str(KeeptakeError("It broke.")) == "It broke."
    refused = Unreachable("No answer.", status=503)
    assert isinstance(refused, ServiceError)
    assert refused.status == 503


def test_a_result_is_remembered_for_the_same_values_only_and_not_for_ever() -> None:
    asked: list[object] = []

    @by_identity(2)
    def count(value: object) -> int:
        asked.append(value)
        return len(asked)

    a, b, c = [1], [1], [1]
    assert [count(a), count(a), count(b), count(a), count(c), count(b)] == [1, 1, 2, 1, 3, 2]
    assert count(a) == 4
