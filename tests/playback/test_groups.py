"""Spans that follow each other too closely are played by one player."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.timerange import Ranges, TimeRange, total
from app.playback.groups import LONGEST, groups


def spans(*lengths: int) -> Ranges:
    """Spans of these lengths, a hundred apart."""
    out: list[TimeRange] = []
    at = 0
    for length in lengths:
        out.append(TimeRange(at, at + length))
        at += length + 100
    return tuple(out)


@pytest.mark.parametrize(
    ("lengths", "sizes"),
    [
        ((), []),
        ((10,), [1]),
        ((90, 90, 90), [1, 1, 1]),
        ((200, 10, 90, 200, 90), [1, 2, 1, 1]),
        # What comes before a list must last until it is open.
        ((90, 10, 90), [3]),
        # Two short ones are long enough together.
        ((200, 10, 50, 200), [1, 2, 1]),
        # A run of short ones is one list, however long it is by then.
        ((200, 50, 50, 50, 50, 50, 200), [1, 5, 1]),
        # Nothing follows the last one, so it may be short.
        ((90, 10), [1, 1]),
    ],
)  # fmt: skip
def test_short_spans_are_joined_with_what_follows(
    lengths: tuple[int, ...], sizes: list[int]
) -> None:
    assert [len(g) for g in groups(spans(*lengths), alone=60, listed=150)] == sizes


def test_everything_may_be_asked_for_as_one_but_no_list_is_endless() -> None:
    assert len(groups(spans(500, 500, 500), 60, 150, together=True)) == 1
    long = spans(*[LONGEST // 2] * 10)
    assert [len(g) for g in groups(long, 60, 150, together=True)] == [3, 3, 3, 1]


@given(st.lists(st.integers(1, 300)), st.booleans())
def test_no_span_is_lost_and_every_handover_has_its_time(lengths: list[int], all_: bool) -> None:
    found = groups(spans(*lengths), 60, 150, together=all_)
    assert tuple(s for g in found for s in g) == spans(*lengths)
    for before, after in pairwise(found):
        assert total(before) >= (150 if len(after) > 1 else 60)


def test_a_list_is_not_left_for_a_span_too_short_to_be_followed_by_the_film() -> None:
    short = tuple(TimeRange(n * 2_000_000, n * 2_000_000 + 1_200_000) for n in range(6))
    assert groups(short, alone=1_500_000, listed=900_000) == [short]
    long = TimeRange(20_000_000, 22_000_000)
    assert groups((*short, long), alone=1_500_000, listed=900_000) == [short, (long,)]
