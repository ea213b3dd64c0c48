"""Where the picture cuts: scene starts, and the scenes between them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from app.core.timerange import TimeRange


@dataclass(frozen=True, slots=True)
class Scenes:
    """Starts of the scenes after the first, ascending, distinct, inside `(0, duration)`."""

    cuts: tuple[int, ...]
    duration: int

    @classmethod
    def of(cls, cuts: Iterable[int], duration: int) -> Scenes:
        """From times in any order; what lies at 0, outside the film or twice is dropped."""
        return cls(tuple(sorted({c for c in cuts if 0 < c < duration})), duration)

    @property
    def ranges(self) -> tuple[TimeRange, ...]:
        """All scenes, the first from 0, the last to the end of the film."""
        edges = (0, *self.cuts, self.duration)
        return tuple(TimeRange(a, b) for a, b in pairwise(edges))

    def index_at(self, t: int) -> int:
        """Number (from 0) of the scene at `t`."""
        return bisect_right(self.cuts, t)
