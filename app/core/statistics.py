"""How much of the film is kept and saved, in figures; the cut function alone decides it."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.cut import Cut, cut
from app.core.memo import by_identity
from app.core.review import Review


@dataclass(frozen=True, slots=True)
class Statistics:
    """Microseconds, and the number of removed intervals.

    saved_us: what is removed, undecided proposals included; undecided_us: what only those remove.
    shortest_kept_us: the shortest piece of the result, 0 where nothing is kept.
    """

    original_us: int
    kept_us: int
    saved_us: int
    undecided_us: int
    cuts: int
    shortest_kept_us: int


def statistics(review: Review) -> Statistics:
    """Of the cut as it is now; remembered as long as the cut is the same."""
    return _of(cut(review))


@by_identity(4)
def _of(done: Cut) -> Statistics:
    kept = done.kept_us
    return Statistics(
        done.duration,
        kept,
        done.duration - kept,
        done.undecided_us,
        done.cuts,
        min((r.duration for r in done.keep), default=0),
    )
