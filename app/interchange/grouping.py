"""Words gathered into captions: a run ends where the next word does not go with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")


def grouped(
    items: Iterable[Item], parted: Callable[[list[Item], Item], bool]
) -> Iterator[list[Item]]:
    """Runs of items; `parted(run, item)` says that the item begins another one."""
    run: list[Item] = []
    for item in items:
        if run and parted(run, item):
            yield run
            run = []
        run.append(item)
    if run:
        yield run
