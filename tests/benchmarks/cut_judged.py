"""What was painted and heard of a cut, held against the cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from app.core.timerange import SECOND, find
from tests.benchmarks.coded import Clip
from tests.benchmarks.sound_rig import Heard, clicks, heard_at_cuts, runs

Painted = list[tuple[float, int]]
"""Seconds of time.perf_counter, and the number in the pixels; -1 where none could be read."""


@dataclass(frozen=True)
class Found:
    """What one technique did with one film; missing, gaps and what is heard: one of each cut."""

    leaked: int
    unread: int
    missing: list[int]
    gaps: list[float]
    heard: Heard
    clicks: int


class _Seen(NamedTuple):
    """A frame as it came on screen; where: the kept stretch it belongs to."""

    at: float
    number: int
    where: int | None


def judged(clip: Clip, painted: Painted, samples: np.ndarray) -> Found:
    """Compare pictures and sound with what `clip` keeps."""
    seen = _seen(clip, painted)
    heard = heard_at_cuts(runs(samples), [span.duration / 1000 for span in clip.keep])
    numbers = {s.number for s in seen}
    missing = []
    for span in clip.keep[1:]:
        first, last = np.searchsorted(clip.times, [span.start, span.end])
        missing.append(sum(n not in numbers for n in range(first, last)))
    gaps = [_gap(clip, seen, index) for index in range(1, len(clip.keep))]
    unread = sum(number < 0 for _, number in painted)
    return Found(_leaked(seen), unread, missing, gaps, heard, clicks(samples))


def _seen(clip: Clip, painted: Painted) -> list[_Seen]:
    """Every change of the picture: one that is only painted again came on screen before."""
    seen: list[_Seen] = []
    for at, number in painted:
        if number >= 0 and (not seen or seen[-1].number != number):
            known = number < len(clip.times)
            seen.append(_Seen(at, number, find(clip.keep, clip.times[number]) if known else None))
    return seen


def _leaked(seen: Sequence[_Seen]) -> int:
    """Frames that are not kept, and those that come once more after a later one."""
    furthest = np.maximum.accumulate([s.number for s in seen]) if seen else []
    return sum(
        bool(s.where is None or s.number < most) for s, most in zip(seen, furthest, strict=True)
    )


def _gap(clip: Clip, seen: Sequence[_Seen], index: int) -> float:
    """Milliseconds from the last frame before a stretch to the first of it, less the former's own.

    Where nothing is painted of the stretch any more, it is as late as it is long.
    """
    placed = [s for s in seen if s.where is not None]
    before = [s for s in placed if s.where < index]
    after = [s for s in placed if s.where >= index]
    if not before or not after:
        return clip.keep[index].duration / 1000
    last = before[-1]
    period = (clip.times[last.number + 1] - clip.times[last.number]) / SECOND
    return (after[0].at - last.at - period) * 1000


def figures_of(found: Sequence[Found]) -> dict[str, float]:
    """Over all cuts of all films, as they are printed."""
    missing = [m for f in found for m in f.missing]
    gaps = [g for f in found for g in f.gaps]
    removed = [ms for f in found for ms in f.heard.removed]
    lost = [ms for f in found for ms in f.heard.lost]
    silent = [ms for f in found for ms in f.heard.silent]
    return {
        "leaked": sum(f.leaked for f in found),
        "unread": sum(f.unread for f in found),
        "missing_p95": percentile(missing, 95),
        "missing_max": max(missing, default=0),
        "gap_p50_ms": percentile(gaps, 50),
        "gap_p95_ms": percentile(gaps, 95),
        "gap_max_ms": percentile(gaps, 100),
        "sound_overrun_p50_ms": percentile(removed, 50),
        "sound_overrun_p95_ms": percentile(removed, 95),
        "sound_overrun_max_ms": percentile(removed, 100),
        "sound_lost_p50_ms": percentile(lost, 50),
        "sound_lost_p95_ms": percentile(lost, 95),
        "sound_lost_max_ms": percentile(lost, 100),
        "sound_silent_p95_ms": percentile(silent, 95),
        "clicks": sum(f.clicks for f in found),
    }


def percentile(values: Sequence[float], percent: float) -> float:
    """Of what was measured, no value in between; 0 of nothing."""
    if not values:
        return 0.0
    return round(float(np.percentile(values, percent, method="higher")), 1)
