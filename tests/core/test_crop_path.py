"""The path of one edge of a crop, by example and as laws over any gates."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.crop_path import FASTEST, Gate, Path, path_through, value_at
from app.core.timerange import SECOND, TimeRange

STEP = 200_000
SAFE = 0.06


def gate(t: int, middle: float, safe: float = SAFE) -> Gate:
    return Gate(t, middle - safe, middle + safe, middle - 2 * safe, middle + 2 * safe)


def gates(*middles: float, safe: float = SAFE) -> list[Gate]:
    """One every step."""
    return [gate(k * STEP, middle, safe) for k, middle in enumerate(middles)]


def through(found: list[Gate]) -> Path:
    return path_through(found, TimeRange(0, found[-1].t))


def misses(path: Path, found: list[Gate]) -> float:
    """By how much the path misses the gates at the worst."""
    return max(max(g.low - value_at(path, g.t), value_at(path, g.t) - g.high) for g in found)


def fastest(path: Path) -> float:
    return max((abs(y - x) * SECOND / (b - a) for (a, x), (b, y) in pairwise(path)), default=0.0)


def test_values_are_even_between_points_and_held_outside() -> None:
    path = ((0, 0.2), (10, 0.4), (20, 0.4))
    assert [value_at(path, t) for t in (-5, 0, 5, 10, 15, 20, 99)] == pytest.approx(
        [0.2, 0.2, 0.3, 0.4, 0.4, 0.4, 0.4]
    )


def test_one_gate_and_an_empty_span_are_one_point() -> None:
    assert path_through([gate(0, 0.3)], TimeRange(0, SECOND)) == ((0, 0.3),)
    assert path_through(gates(0.1, 0.5), TimeRange(0, 0))[0][0] == 0


def test_what_trembles_within_the_gates_leaves_the_edge_at_rest() -> None:
    chance = random.Random(1)
    path = through(gates(*(0.4 + chance.uniform(-SAFE, SAFE) for _ in range(100))))
    assert len(path) == 1
    assert path[0][1] == pytest.approx(0.4, abs=0.02)


def test_from_one_rest_to_another_the_edge_moves_once_and_calmly() -> None:
    found = gates(*[0.2] * 30, *(0.2 + 0.01 * k for k in range(20)), *[0.4] * 30)
    path = through(found)
    assert misses(path, found) < 1e-6
    assert fastest(path) < 0.11
    edges = [edge for _, edge in path]
    assert edges == sorted(edges)
    assert [value_at(path, t) for t in (0, 2 * SECOND)] == pytest.approx([0.2, 0.2])
    assert [value_at(path, t) for t in (15 * SECOND, 15_800_000)] == pytest.approx([0.4, 0.4])


def test_corners_of_a_move_are_rounded() -> None:
    path = through(gates(*[0.2] * 30, *(0.2 + 0.01 * k for k in range(20)), *[0.4] * 30))
    speeds = [(y - x) * SECOND / (b - a) for (a, x), (b, y) in pairwise(path)]
    assert max(abs(b - a) for a, b in pairwise(speeds)) < 0.6 * max(speeds)


def test_a_jump_is_missed_as_long_before_as_after() -> None:
    found = gates(*[0.2] * 30, *[0.8] * 30)
    path = through(found)
    middle = 30 * STEP - STEP // 2
    assert fastest(path) <= FASTEST
    assert value_at(path, middle) == pytest.approx(0.5, abs=0.02)
    assert value_at(path, middle - SECOND) == pytest.approx(
        1.0 - value_at(path, middle + SECOND), abs=0.02
    )
    assert value_at(path, 2 * SECOND) == pytest.approx(0.2, abs=SAFE)


def test_someone_who_goes_back_and_forth_quickly_is_met_halfway() -> None:
    found = gates(*[0.2, 0.8] * 30)
    path = through(found)
    assert fastest(path) <= FASTEST
    assert all(0.4 < edge < 0.6 for _, edge in path)


def test_a_walk_is_one_move_without_rests() -> None:
    found = gates(*(0.1 + 0.02 * k for k in range(30)))
    path = through(found)
    assert all(g.least <= value_at(path, g.t) <= g.most for g in found)
    edges = [edge for _, edge in path]
    assert edges == sorted(edges)
    assert fastest(path) <= 0.101


def test_what_lies_beyond_the_span_only_leads_the_way() -> None:
    found = gates(*[0.2] * 10, *(0.2 + 0.04 * k for k in range(10)))
    path = path_through(found, TimeRange(SECOND, 3 * SECOND))
    assert path[0][0] == SECOND
    assert all(SECOND <= t <= 3 * SECOND for t, _ in path)


gate_lists = st.lists(
    st.tuples(
        st.integers(1, 3 * SECOND),
        st.floats(0.0, 1.0),
        st.floats(0.0, 0.2),
        st.floats(-0.1, 0.1),
        st.integers(1, 6),
    ),
    min_size=1,
    max_size=20,
)


@st.composite
def any_gates(draw: st.DrawFn) -> list[Gate]:
    """Anywhere at any time, as well as rests and walks at a detector's pace."""
    out: list[Gate] = []
    t = 0
    for pause, middle, safe, walk, count in draw(gate_lists):
        t += pause
        for k in range(count):
            at = middle + walk * k
            out.append(Gate(t, at - safe, at + safe, at - safe / 2, at + 2 * safe))
            t += STEP
    return out


@given(any_gates(), st.integers(0, 20 * SECOND), st.integers(0, 40 * SECOND))
def test_laws_of_every_path(found: list[Gate], start: int, long: int) -> None:
    span = TimeRange(start, start + long)
    path = path_through(found, span)
    assert path == path_through(found, span)
    assert path[0][0] == start
    assert all(a < b for (a, _), (b, _) in pairwise(path))
    assert path[-1][0] <= span.end
    assert fastest(path) <= FASTEST
    low, high = min(g.low for g in found), max(g.high for g in found)
    assert all(low - 1e-9 <= edge <= high + 1e-9 for _, edge in path)


@given(any_gates())
def test_what_can_be_followed_is_followed(found: list[Gate]) -> None:
    """Gates around a slow enough path are never missed, but for what a face leaves to spare."""
    middles = [0.5]
    for a, b in pairwise(found):
        far = 0.9 * FASTEST * (b.t - a.t) / SECOND
        middles.append(min(max(b.low, middles[-1] - far), middles[-1] + far))
    slow = [
        Gate(g.t, m - 0.03, m + 0.03, m - 0.03, m + 0.03)
        for g, m in zip(found, middles, strict=True)
    ]
    path = path_through(slow, TimeRange(found[0].t, found[-1].t))
    assert misses(path, slow) < 2e-6
