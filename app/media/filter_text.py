"""What ffmpeg's filters are told: which frames are kept, and numbers that change with time."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.timerange import SECOND, Ranges

EARLY = 100
"""Microseconds by which edges are placed before frames: pts were rounded, frames are far apart."""


def kept_frames(keep: Ranges, origin: int = 0) -> str:
    """Filters that let the kept frames pass, at the times they have in the source.

    origin: microseconds of pts at time 0. The time base is made fine first: in AVI's, a shift by
    a part of a frame would be lost. Reading stops soon after the last kept frame.
    """
    times = [t + origin - EARLY for r in keep for t in (r.start, r.end)]
    kept = stepped(times, ["0", *("1", "0") * len(keep)], "t")
    end = (keep[-1].end + origin) / SECOND + 1
    return f"trim=end={end:.6f},settb=1/90000,select='{kept}'"


def closed_gaps(keep: Ranges, origin: int = 0) -> str:
    """The filter that gives kept frames their times in the result. No two are given one time."""
    edges: list[tuple[int, int]] = []
    removed, at = origin, 0
    for r in keep:
        removed += r.start - at
        at = r.end
        edges += [(r.start, removed), (r.end, removed)]
    times = [t + origin - EARLY for t, _ in edges]
    shift = stepped(times, ["0", *(f"{gone / SECOND:.6f}" for _, gone in edges)], "T")
    moved = f"st(0,round(PTS-({shift})/TB))"
    after = "if(isnan(PREV_OUTPTS),ld(0),max(ld(0),PREV_OUTPTS+1))"
    return f"setpts='{moved};{after}'"


def stepped(edges: Sequence[int], values: Sequence[str], variable: str) -> str:
    """An expression that is `values[i]` from `edges[i - 1]` on; one value more than edges.

    A balanced tree, so a frame costs the logarithm of the number of edges. edges: microseconds.
    """
    if not edges:
        return values[0]
    middle = len(edges) // 2
    before = stepped(edges[:middle], values[: middle + 1], variable)
    after = stepped(edges[middle + 1 :], values[middle + 1 :], variable)
    return f"if(lt({variable},{edges[middle] / SECOND:.6f}),{before},{after})"
