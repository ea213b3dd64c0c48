"""What is remembered for the very same values, and let go of."""

from __future__ import annotations

import gc
import weakref

from app.core.memo import by_identity, evolving, forget


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
