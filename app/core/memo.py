"""Remembering what was computed for the very same immutable values."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import wraps
from operator import is_
from typing import Any, TypeVar, TypeVarTuple

Item = TypeVar("Item")
Key = TypeVar("Key")
Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")


_clearing: list[Callable[[], None]] = []


def forget() -> None:
    """Let go of everything that is remembered: of a long film, tens of megabytes. Any thread.

    What is asked for afterwards is worked out anew, and is the same.
    """
    for clear in _clearing:
        clear()


def by_identity(
    size: int,
) -> Callable[[Callable[[*Arguments], Result]], Callable[[*Arguments], Result]]:
    """Decorator: the last `size` results, found again by `is` and never by comparing contents.

    The arguments must be immutable. They stay alive while they are remembered.
    """

    def wrap(function: Callable[[*Arguments], Result]) -> Callable[[*Arguments], Result]:
        remembered: list[tuple[tuple[object, ...], Result]] = []

        def clear() -> None:
            nonlocal remembered
            remembered = []

        _clearing.append(clear)

        @wraps(function)
        def call(*given: *Arguments) -> Result:
            nonlocal remembered
            arguments: tuple[object, ...] = tuple(given)
            for key, result in remembered:
                if all(map(is_, key, arguments)):
                    return result
            result = function(*given)
            # A new list each time: another thread may be reading the old one.
            remembered = [(arguments, result), *remembered[: size - 1]]
            return result

        return call

    return wrap


def evolving(
    size: int,
) -> Callable[[Callable[[*Arguments, Result | None], Result]], Callable[[*Arguments], Result]]:
    """Decorator: as `by_identity`; what is not remembered is worked out from the last result.

    The function takes that result last, None where there is none, and must answer the same with
    it as without it: it may only save work, by sharing what both have in common. Without it,
    `__wrapped__(*arguments, None)`, stands the definition.
    """

    def wrap(
        function: Callable[[*Arguments, Result | None], Result],
    ) -> Callable[[*Arguments], Result]:
        latest: Result | None = None

        def clear() -> None:
            nonlocal latest
            latest = None

        _clearing.append(clear)

        @by_identity(size)
        def remembered(*given: *Arguments) -> Result:
            nonlocal latest
            # Read once: another thread may be working out another version.
            latest = result = function(*given, latest)
            return result

        return wraps(function)(remembered)

    return wrap


def shared(old: tuple[Item, ...] | None, new: Sequence[Item]) -> tuple[Item, ...]:
    """`new` as a tuple: `old` itself where that holds the very same objects in the same order."""
    if old is not None and len(old) == len(new) and all(map(is_, old, new)):
        return old
    return tuple(new)


_FEW = 16
"""Items that go or come at once before all are put in order anew; an edit brings one or two."""


def exchanged(
    old: Sequence[Item],
    gone: Collection[Item],
    come: Collection[Item],
    key: Callable[[Item], Any],
) -> list[Item]:
    """`old`, which is in the order of `key`, with some items gone and others in their places.

    No two items may have the same key, but for one that is gone and one that comes.
    """
    if len(gone) + len(come) > _FEW:
        left = set(gone)
        return sorted([item for item in old if item not in left] + list(come), key=key)
    out = list(old)
    for item in gone:
        del out[bisect_left(out, key(item), key=key)]
    for item in come:
        insort(out, item, key=key)
    return out


def changed_keys(old: Mapping[Key, object], new: Mapping[Key, object]) -> set[Key]:
    """Keys that one of the two lacks or that lead to another object."""
    if old is new:
        return set()
    keys = {key for key, value in new.items() if old.get(key) is not value}
    keys.update(key for key in old if key not in new)
    return keys
