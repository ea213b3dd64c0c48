"""Remembering what was computed for the very same immutable values."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar, TypeVarTuple

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")


def by_identity(
    size: int,
) -> Callable[[Callable[[*Arguments], Result]], Callable[[*Arguments], Result]]:
    """Decorator: the last `size` results, found again by `is` and never by comparing contents.

    The arguments must be immutable. They stay alive while they are remembered.
    """

    def wrap(function: Callable[[*Arguments], Result]) -> Callable[[*Arguments], Result]:
        remembered: list[tuple[tuple[object, ...], Result]] = []

        @wraps(function)
        def call(*given: *Arguments) -> Result:
            nonlocal remembered
            arguments: tuple[object, ...] = tuple(given)
            for key, result in remembered:
                if all(a is b for a, b in zip(key, arguments, strict=True)):
                    return result
            result = function(*given)
            # A new list each time: another thread may be reading the old one.
            remembered = [(arguments, result), *remembered[: size - 1]]
            return result

        return call

    return wrap
