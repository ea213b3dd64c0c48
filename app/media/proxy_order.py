"""Which chunks of a proxy are wanted first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from app.core.memo import by_identity
from app.core.timerange import SECOND, Ranges, TimeRange
from app.media.proxy_plan import Kind, ProxyPlan

AHEAD, BEHIND = 30 * SECOND, 10 * SECOND
"""Around the playhead."""

AROUND = 5 * SECOND
"""Around a proposal, which is looked at with what is left and right of it."""


@dataclass(frozen=True)
class Wish:
    """Where the person is and what they will look at. playhead: microseconds."""

    playhead: int = 0
    proposals: Ranges = ()


def near(plan: ProxyPlan, wish: Wish) -> tuple[int, ...]:
    """Numbers of the chunks around the playhead, then those around proposals, nearest first."""
    around = TimeRange(max(0, wish.playhead - BEHIND), wish.playhead + AHEAD)
    numbers = [chunk.number for chunk in plan.chunks_in(around)]
    proposed = zip(wish.proposals, _around(plan, wish.proposals), strict=True)
    # What is before the playhead has been looked at already.
    for _, some in sorted(proposed, key=lambda p: (p[0].end < wish.playhead, p[0].start)):
        numbers += some
    return tuple(dict.fromkeys(numbers))


@by_identity(2)
def _around(plan: ProxyPlan, proposals: Ranges) -> tuple[tuple[int, ...], ...]:
    """Numbers of the chunks around each proposal: hundreds, and asked for with every chunk made."""
    spans = (TimeRange(max(0, s.start - AROUND), s.end + AROUND) for s in proposals)
    return tuple(tuple(chunk.number for chunk in plan.chunks_in(span)) for span in spans)


def wanted(plan: ProxyPlan, wish: Wish) -> tuple[int, ...]:
    """Numbers of all chunks, the most wanted first: near ones, from there to the end, the rest."""
    first = near(plan, wish)
    here = plan.chunk_at(plan.frame_at(wish.playhead)).number
    rest = (*range(here, len(plan.chunks)), *range(here))
    return tuple(dict.fromkeys((*first, *rest)))


def missing(plan: ProxyPlan, wish: Wish, there: Collection[int]) -> tuple[int, ...]:
    """The same without those that are there or not to be had."""
    return tuple(n for n in wanted(plan, wish) if n not in there)


def piece(plan: ProxyPlan, number: int, kind: Kind) -> int:
    """One number for a chunk and its kind: first the sounds, then the pictures."""
    return number if kind == "s" else len(plan.chunks) + number


def of_piece(plan: ProxyPlan, piece: int) -> tuple[int, Kind]:
    """The chunk's number and its kind again."""
    return (piece, "s") if piece < len(plan.chunks) else (piece - len(plan.chunks), "c")
