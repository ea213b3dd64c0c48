"""Many values made of columns are those that their constructors make."""

from collections.abc import Callable
from itertools import accumulate

import pytest

from app.core.columns import SLICE, rows, running
from app.core.transcript import Speaker, Utterance


def test_rows_are_what_the_constructor_makes_in_any_number() -> None:
    for many in (0, 1, SLICE, 2 * SLICE + 3):
        numbers = range(many)
        made = rows(Speaker, numbers, [n * 10 for n in numbers], [n % 3 for n in numbers])
        assert made == [Speaker(n, n * 10, n % 3) for n in numbers]


def test_rows_ask_for_a_column_of_every_field() -> None:
    with pytest.raises(AssertionError):
        rows(Utterance, [1], [2])


@pytest.mark.parametrize("many", [0, 1, SLICE, 2 * SLICE + 3])
@pytest.mark.parametrize("most", [min, max])
def test_running_is_the_least_or_largest_so_far_across_slices(
    many: int, most: Callable[[int, int], int]
) -> None:
    times = [(n * 7919) % 1000 for n in range(many)]
    assert list(running(times, most)) == list(accumulate(times, most))
