"""The heights of many paragraphs one below the other, found and changed without a walk over all."""

from __future__ import annotations

from collections.abc import Iterable

_BLOCK = 128


class Heights:
    """Heights in pixels by paragraph number; sums are kept by blocks of paragraphs."""

    def __init__(self, heights: Iterable[float]) -> None:
        self._heights = list(heights)
        self._blocks = [
            sum(self._heights[at : at + _BLOCK]) for at in range(0, len(self._heights), _BLOCK)
        ]

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, number: int) -> float:
        return self._heights[number]

    def __setitem__(self, number: int, height: float) -> None:
        self._blocks[number // _BLOCK] += height - self._heights[number]
        self._heights[number] = height

    @property
    def total(self) -> float:
        """Of all of them."""
        return sum(self._blocks)

    def top(self, number: int) -> float:
        """Where a paragraph begins; the total for the number after the last."""
        block = number // _BLOCK
        return sum(self._blocks[:block]) + sum(self._heights[block * _BLOCK : number])

    def at(self, y: float) -> int:
        """Number of the paragraph at a height, the first or last beyond the ends; -1 for none."""
        left, block = y, 0
        while block < len(self._blocks) - 1 and left >= self._blocks[block]:
            left -= self._blocks[block]
            block += 1
        number = block * _BLOCK
        stop = min(len(self._heights), number + _BLOCK)
        while number < stop - 1 and left >= self._heights[number]:
            left -= self._heights[number]
            number += 1
        return number if self._heights else -1

    def replaced(self, first: int, end: int, heights: Iterable[float]) -> Heights:
        """The same with other paragraphs in the place of those from `first` to before `end`."""
        return Heights([*self._heights[:first], *heights, *self._heights[end:]])
