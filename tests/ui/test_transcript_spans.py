"""Selected words and their time agree: the stretch holds exactly the selected words' midpoints."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.core.timerange import TimeRange
from app.core.transcript import Transcript, Word
from app.ui.transcript_spans import chosen_between


def transcript(*spans: tuple[int, int]) -> Transcript:
    return Transcript(tuple(Word(f"w{i}", a, b) for i, (a, b) in enumerate(spans)))


words = st.lists(
    st.tuples(st.integers(0, 3000), st.integers(0, 400)).map(lambda x: (x[0], x[0] + x[1])),
    min_size=1,
    max_size=30,
)


@given(words, st.booleans(), st.integers(0, 29), st.integers(0, 29))
def test_a_selection_is_the_words_of_its_time(
    spans: list[tuple[int, int]], by_time: bool, anchor: int, caret: int
) -> None:
    said = transcript(*(sorted(spans) if by_time else spans))
    last = len(spans) - 1
    chosen = chosen_between(said, min(anchor, last), min(caret, last))
    assert chosen.first <= chosen.anchor < chosen.end
    assert chosen.first <= chosen.caret < chosen.end
    inside = said.words_in(chosen.span)
    assert set(inside) >= {chosen.anchor, chosen.caret}
    assert all(chosen.first <= i < chosen.end for i in inside)
    assert len(inside) == chosen.end - chosen.first


def test_where_time_tells_words_apart_nothing_else_is_selected() -> None:
    said = transcript((0, 10), (8, 20), (18, 30))
    chosen = chosen_between(said, 1, 1)
    assert (chosen.first, chosen.end, chosen.span) == (1, 2, TimeRange(8, 20))
    long_then_short = transcript((0, 10), (4, 30), (5, 40))
    assert chosen_between(long_then_short, 0, 0).span == TimeRange(0, 10)
    assert chosen_between(long_then_short, 1, 1).span == TimeRange(6, 22)


def test_a_word_said_within_another_is_selected_with_it() -> None:
    said = transcript((0, 100), (40, 50), (200, 300))
    assert chosen_between(said, 0, 0).end == 1
    swallowed = transcript((0, 10), (100, 200), (90, 95), (300, 310))
    chosen = chosen_between(swallowed, 0, 1)
    assert (chosen.first, chosen.end) == (0, 3)


def test_a_word_without_length_is_held() -> None:
    said = transcript((5, 5), (5, 9))
    chosen = chosen_between(said, 0, 0)
    assert said.words_in(chosen.span) == (0,)


def test_a_long_selection_is_told_by_its_ends() -> None:
    said = transcript(*((i * 10, i * 10 + 8) for i in range(5000)))
    chosen = chosen_between(said, 10, 4000)
    assert (chosen.first, chosen.end, chosen.span) == (10, 4001, TimeRange(100, 40_008))
