"""How one edge of a crop moves: at rest while it can be, and never faster than it may."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from app.core.timerange import SECOND, TimeRange

FASTEST = 0.25
"""How far a crop may move within a shot: parts of the film's width (or height) a second.

Somebody who crosses the whole film in four seconds, at a brisk walk, is still followed; anything
faster shows more of the pan than of the face.
"""

LIMIT = 0.98 * FASTEST / SECOND
"""The same in parts a microsecond, less what rounding may add."""

CALM = 0.1 / SECOND
"""Moves from rest to rest are given the time to be this slow, where the face leaves it to them."""

MOVE = 1 * SECOND
"""A move from rest to rest takes this long at least."""

REST = 600_000
"""A rest shorter than this is no rest: the moves around it become one."""

LEFT = 1_500_000
"""So much of a rest's end, where the face is on its way already, may be given to the move."""

EASES = (300_000, 150_000)
"""Half of the time over which a corner of the path is rounded; tried in this order."""

Point = tuple[int, float]
Path = tuple[Point, ...]
"""(source time in microseconds, edge), ascending; even between two points, at rest outside."""


class Gate(NamedTuple):
    """Where the crop's edge shall be at `t`: from `low` to `high`.

    least, most: beyond these the face would be cut; they may lie inside of low and high where a
    face hardly fits.
    """

    t: int
    low: float
    high: float
    least: float
    most: float


def value_at(path: Path, t: int) -> float:
    """The edge at `t`."""
    k = bisect_right(path, t, key=lambda p: p[0])
    if not 0 < k < len(path):
        return path[max(0, k - 1)][1]
    (a, first), (b, second) = path[k - 1], path[k]
    # The same edge twice is exactly that edge: a crop at rest shall not tremble by rounding.
    return first if first == second else first + (second - first) * (t - a) / (b - a)


def path_through(gates: Sequence[Gate], span: TimeRange) -> Path:
    """The calmest path through the gates (ascending, at least one) as far as `span` goes.

    Where no path through all gates is slow enough, it misses those that are too far apart by as
    little before as after.
    """
    # Mostly the whole shot is one rest, which is told without all of the rest.
    passable = gates if _is_one_rest(gates) else _slow_enough(gates)
    path = _calm(passable)
    for reach in EASES if len(path) > 1 else ():
        eased = _eased(path, reach)
        if all(_leads_through(eased, gate) for gate in passable):
            path = eased
            break
    inner = [p for p in path if span.start < p[0] < span.end]
    ends = [(t, value_at(path, t)) for t in (span.start, span.end)]
    return _without_needless([ends[0], *inner, ends[1]] if span.duration else ends[:1])


def _is_one_rest(gates: Sequence[Gate]) -> bool:
    return max(g.low for g in gates) <= min(g.high for g in gates)


def _slow_enough(gates: Sequence[Gate]) -> list[Gate]:
    """The gates moved so far that a path of at most LIMIT leads through all of them.

    low may not fall away from a neighbour's low faster than LIMIT, nor high rise: a path through
    the gates could not follow. Where the one then lies above the other, both become their mean,
    which is as slow as they are.
    """
    reach = [LIMIT * (b.t - a.t) for a, b in pairwise(gates)]
    lows = _raised([g.low for g in gates], reach)
    highs = _raised([-g.high for g in gates], reach)
    out = []
    for gate, low, negative in zip(gates, lows, highs, strict=True):
        mean = (low - negative) / 2
        out.append(Gate(gate.t, min(low, mean), max(-negative, mean), gate.least, gate.most))
    return out


def _raised(values: list[float], reach: list[float]) -> list[float]:
    """No value lower than a neighbour by more than the `reach` between the two."""
    out = list(values)
    for k, far in enumerate(reach):
        out[k + 1] = max(out[k + 1], out[k] - far)
    for k in range(len(reach) - 1, -1, -1):
        out[k] = max(out[k], out[k + 1] - reach[k])
    return out


@dataclass(slots=True)
class _Rest:
    """Gates that one edge leads through; low, high: all such edges.

    before, after: how much of it the moves around it take, in microseconds.
    """

    start: int
    end: int
    low: float
    high: float
    edge: float
    before: float = 0.0
    after: float = 0.0

    @property
    def pins(self) -> tuple[tuple[int, float], ...]:
        """Where the crop comes to rest and leaves it; none where the moves take all the time."""
        start, end = self.start + round(self.before), self.end - round(self.after)
        return ((start, self.edge), (end, self.edge)) if end - start >= REST else ()


def _calm(gates: Sequence[Gate]) -> Path:
    """At rest as long as possible; in between as straight as the gates allow."""
    rests = _rests(gates)
    if len(rests) == 1:
        return ((gates[0].t, rests[0].edge),)
    for a, b in pairwise(rests):
        a.after = b.before = max(MOVE, abs(b.edge - a.edge) / CALM) / 2
    # No two pins are too far apart for LIMIT: the gates between them are not, the way from a
    # rest's edge to its last gate's end is shorter than to the next rest's edge, and for that
    # half of the move at CALM, under half of LIMIT, was set aside.
    tube = {g.t: (g.low, g.high) for g in gates}
    tube.update((t, (edge, edge)) for rest in rests for t, edge in rest.pins)
    pins = [pin for rest in rests for pin in rest.pins]
    for rest, other, pin in (
        (rests[0], rests[1], pins[:1]),
        (rests[-1], rests[-2], pins[-1:]),
    ):
        t = rest.start if rest is rests[0] else rest.end
        # What follows is the reason to move at all: the end goes no farther than it must.
        edge = rest.edge if rest.pins else _within(other.edge, rest.low, rest.high)
        for at, near in pin or pins[:1]:
            edge = _within(edge, near - LIMIT * abs(t - at), near + LIMIT * abs(t - at))
        tube[t] = (edge, edge)
        pins = pins or [(t, edge)]
    return _taut([(t, *tube[t]) for t in sorted(tube)])


def _within(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)


def _rests(gates: Sequence[Gate]) -> list[_Rest]:
    """As few stretches as possible, each with one edge that leads through all of its gates."""
    out: list[_Rest] = []
    first, low, high = 0, gates[0].low, gates[0].high
    for k in range(1, len(gates) + 1):
        if k < len(gates) and max(low, gates[k].low) <= min(high, gates[k].high):
            low, high = max(low, gates[k].low), min(high, gates[k].high)
            continue
        out.append(_rest(gates[first:k], moved_to=first > 0, moved_from=k < len(gates)))
        if k < len(gates):
            first, low, high = k, gates[k].low, gates[k].high
    return out


def _rest(gates: Sequence[Gate], *, moved_to: bool, moved_from: bool) -> _Rest:
    """The rest in `gates`, without what is the move before or after it already.

    A rest that reached as far into a move as its gates allow would lie off the face all along.
    """
    middles = sorted((g.low + g.high) / 2 for g in gates)
    edge = middles[len(middles) // 2]
    start, end = 0, len(gates) - 1
    while moved_from and _is_left(gates[end], edge) and gates[-1].t - gates[end].t < LEFT:
        end -= 1
    while moved_to and _is_left(gates[start], edge) and gates[start].t - gates[0].t < LEFT:
        start += 1
    # The gate of the median holds the edge, so there is one from start to end.
    kept = gates[start : end + 1]
    low, high = max(g.low for g in kept), min(g.high for g in kept)
    return _Rest(kept[0].t, kept[-1].t, low, high, _within(edge, low, high))


def _is_left(gate: Gate, edge: float) -> bool:
    return not gate.low <= edge <= gate.high


def _taut(tube: Sequence[tuple[int, float, float]]) -> Path:
    """The string pulled taut through (time, low, high), whose ends are points.

    It is the shortest path and so the slowest one, too: it bends only where a gate makes it.
    """
    out: list[Point] = [(tube[0][0], tube[0][1])]
    k = 0
    while k < len(tube) - 1:
        k = _next_bend(tube, k, out[-1][1], out)
    return tuple(out)


def _next_bend(
    tube: Sequence[tuple[int, float, float]], k: int, edge: float, out: list[Point]
) -> int:
    least, most = float("-inf"), float("inf")
    lower = upper = k
    for j in range(k + 1, len(tube)):
        away = tube[j][0] - tube[k][0]
        low, high = (tube[j][1] - edge) / away, (tube[j][2] - edge) / away
        if low > most:
            out.append((tube[upper][0], tube[upper][2]))
            return upper
        if high < least:
            out.append((tube[lower][0], tube[lower][1]))
            return lower
        if low >= least:
            least, lower = low, j
        if high <= most:
            most, upper = high, j
    out.append((tube[-1][0], tube[-1][1]))
    return len(tube) - 1


def _eased(path: Path, reach: int) -> Path:
    """The mean of the path over `reach` before and after: no faster than it, without corners."""
    times = sorted({t + part * reach // 2 for t, _ in path for part in (-2, -1, 0, 1, 2)})
    held = ((times[0] - reach, path[0][1]), *path, (times[-1] + reach, path[-1][1]))
    sums = [0.0]
    for (a, first), (b, second) in pairwise(held):
        sums.append(sums[-1] + (first + second) / 2 * (b - a))
    starts = [t for t, _ in held]

    def sum_to(t: int) -> float:
        k = max(0, bisect_right(starts, t) - 1)
        return sums[k] + (held[k][1] + value_at(held, t)) / 2 * (t - starts[k])

    def mean(t: int) -> float:
        start, end = t - reach, t + reach
        inner = held[bisect_right(starts, start) : bisect_right(starts, end)]
        edges = {value_at(path, start), value_at(path, end), *(edge for _, edge in inner)}
        if len(edges) == 1:
            return edges.pop()  # At rest, and not but for rounding.
        return (sum_to(end) - sum_to(start)) / (2 * reach)

    return tuple((t, mean(t)) for t in times)


def _leads_through(path: Path, gate: Gate) -> bool:
    at = value_at(path, gate.t)
    return min(gate.low, gate.least) - 1e-6 <= at <= max(gate.high, gate.most) + 1e-6


def _without_needless(path: Sequence[Point]) -> Path:
    """Without the points that lie on the line between the point before and the one after."""
    out = [path[0]]
    for k in range(1, len(path) - 1):
        (a, first), (t, edge), (b, second) = out[-1], path[k], path[k + 1]
        if abs(first + (second - first) * (t - a) / (b - a) - edge) > 1e-7 or (
            (edge == first) != (edge == second)
        ):
            out.append(path[k])
    if len(path) > 1 and path[-1][1] != out[-1][1]:
        out.append(path[-1])
    return tuple(out)
