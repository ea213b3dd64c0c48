"""What is remembered for the very same values, and let go of."""

from __future__ import annotations

import gc
import weakref

from hypothesis import given
from hypothesis import strategies as st

from app.core.memo import by_identity, evolving, exchanged, forget


class Film:
    """Something large."""


def test_what_is_forgotten_is_worked_out_anew_and_its_arguments_are_let_go_of() -> None:
    worked: list[Film] = []

    @by_identity(2)
    def found(film: Film) -> int:
        worked.append(film)
        return len(worked)

    film = Film()
    assert (found(film), found(film)) == (1, 1)
    worked.clear()
    gone = weakref.ref(film)
    del film
    gc.collect()
    assert gone() is not None
    forget()
    gc.collect()
    assert gone() is None


def test_what_evolves_begins_from_nothing_afterwards() -> None:
    before: list[str | None] = []

    @evolving(1)
    def told(film: Film, last: str | None) -> str:
        before.append(last)
        return "told"

    assert told(Film()) == "told"
    assert told(Film()) == "told"
    forget()
    assert told(Film()) == "told"
    assert before == [None, "told", None]


@given(st.sets(st.integers(0, 60)), st.sets(st.integers(0, 60)), st.sets(st.integers(0, 60)))
def test_items_that_are_exchanged_lie_in_their_order(
    old: set[int], gone: set[int], come: set[int]
) -> None:
    gone, come = gone & old, come - (old - gone)
    out = exchanged(sorted(old, key=_turned), gone, come, _turned)
    assert out == sorted((old - gone) | come, key=_turned)


def _turned(n: int) -> int:
    return -n
