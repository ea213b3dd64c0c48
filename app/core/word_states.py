"""What becomes of every word, one byte each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import overload

from typing_extensions import override


class WordState(Enum):
    """What becomes of a word; PROPOSED is removed by proposals that nobody has decided."""

    KEPT = "kept"
    PROPOSED = "proposed"
    REMOVED = "removed"


_STATES = tuple(WordState)


@dataclass(frozen=True, eq=False, slots=True)
class WordStates(Sequence[WordState]):
    """States in the transcript's order; `raw` has 0 for kept, 1 for proposed, 2 for removed.

    Versions in which every word fares the same share one object.
    """

    raw: bytes

    @override
    def __len__(self) -> int:
        return len(self.raw)

    @overload
    def __getitem__(self, index: int) -> WordState: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[WordState, ...]: ...
    @override
    def __getitem__(self, index: int | slice) -> WordState | tuple[WordState, ...]:
        if isinstance(index, slice):
            return tuple(_STATES[code] for code in self.raw[index])
        return _STATES[self.raw[index]]

    @override
    def __iter__(self) -> Iterator[WordState]:
        return (_STATES[code] for code in self.raw)

    @override
    def __eq__(self, other: object) -> bool:
        if isinstance(other, WordStates):
            return self.raw == other.raw
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    @override
    def __hash__(self) -> int:
        return hash(self.raw)

    @override
    def count(self, value: WordState) -> int:
        """How many words fare so."""
        return self.raw.count(_STATES.index(value))


NO_WORDS = WordStates(b"")
