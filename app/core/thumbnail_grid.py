"""Which instants of a film have thumbnails on a timeline, at every zoom."""

from __future__ import annotations

from app.core.timerange import SECOND

WIDE = 96
"""Pixels of a timeline that a thumbnail has to itself at least."""


def grid_step(us_per_px: float, wide: float = WIDE) -> int:
    """Microseconds between thumbnails: a second times a power of two, so that each grid holds
    the instants of all coarser ones.

    wide: pixels that each has to itself.
    """
    step = SECOND
    while step < us_per_px * wide:
        step *= 2
    return step


def grid_times(start: float, end: float, step: int) -> range:
    """The instants whose thumbnails cover `[start, end)`, of a film that begins at 0.

    step: as `grid_step` says; a thumbnail stands from its instant on.
    """
    return range(max(0, int(start // step) * step), max(0, -int(-end // step) * step), step)
