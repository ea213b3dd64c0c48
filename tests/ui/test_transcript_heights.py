"""Heights one below the other: sums by blocks say what plain sums say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ui.transcript_heights import Heights

heights = st.lists(st.integers(0, 50).map(float), min_size=1, max_size=400)


@given(heights, st.data())
def test_tops_and_places_agree_with_plain_sums(given_: list[float], data: st.DataObject) -> None:
    shown = Heights(given_)
    for _ in range(3):
        number = data.draw(st.integers(0, len(given_) - 1))
        given_[number] = shown[number] = float(data.draw(st.integers(0, 90)))
    assert len(shown) == len(given_)
    assert shown.total == sum(given_)
    for number in range(0, len(given_) + 1, 7):
        assert shown.top(number) == sum(given_[:number])
    y = data.draw(st.floats(0, max(1.0, shown.total)))
    found = shown.at(y)
    assert shown.top(found) <= y or found == 0
    assert y < shown.top(found + 1) or found == len(given_) - 1


def test_beyond_the_ends_are_the_first_and_the_last() -> None:
    shown = Heights([10.0, 20.0])
    assert (shown.at(-5), shown.at(30), shown.at(10)) == (0, 1, 1)
    assert Heights([]).at(3) == -1


def test_paragraphs_are_put_in_the_place_of_others() -> None:
    shown = Heights([10.0, 20.0, 30.0]).replaced(1, 2, [1.0, 2.0])
    assert [shown.top(n) for n in range(5)] == pytest.approx([0, 10, 11, 13, 43])
