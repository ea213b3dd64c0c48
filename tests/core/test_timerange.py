"""Ranges against a plain oracle: sets of integers."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.timerange import (
    TimeRange,
    complement,
    differing,
    find,
    from_seconds,
    intersect,
    merge,
    overlapping,
    subtract,
    to_seconds,
    total,
)

ranges = st.builds(lambda a, n: TimeRange(a, a + n), st.integers(0, 60), st.integers(0, 12))
many = st.lists(ranges, max_size=8)


def instants(some: object) -> set[int]:
    return {t for r in some for t in range(r.start, r.end)}  # type: ignore[attr-defined]


@given(many)
def test_merging_keeps_every_instant_and_leaves_sorted_disjoint_ranges(
    some: list[TimeRange],
) -> None:
    merged = merge(some)
    assert instants(merged) == instants(some)
    assert all(a.end < b.start for a, b in pairwise(merged))
    assert total(merged) == len(instants(some))


@given(many, many)
def test_set_arithmetic_agrees_with_sets_of_instants(
    a: list[TimeRange], b: list[TimeRange]
) -> None:
    x, y = merge(a), merge(b)
    assert instants(intersect(x, y)) == instants(x) & instants(y)
    assert instants(subtract(x, y)) == instants(x) - instants(y)
    whole = TimeRange(5, 50)
    assert instants(complement(x, whole)) == instants([whole]) - instants(x)


@given(many, ranges, st.integers(-5, 80))
def test_searching_finds_what_looking_at_all_finds(
    some: list[TimeRange], span: TimeRange, t: int
) -> None:
    merged = merge(some)
    k = find(merged, t)
    assert [k] == ([i for i, r in enumerate(merged) if r.contains(t)] or [None])
    if span.duration:
        assert overlapping(merged, span) == tuple(r for r in merged if r.overlaps(span))


@given(many, many)
def test_ranges_that_stay_as_they_are_stay_the_same_objects(
    a: list[TimeRange], b: list[TimeRange]
) -> None:
    x, y = merge(a), merge(b)
    assert merge(x) == x
    assert all(p is q for p, q in zip(merge(x), x, strict=True))
    for r in subtract(x, y):
        assert all(r is q for q in x if q == r)
    if not instants(x) & instants(y):
        assert subtract(x, y) is x


@given(many, many, many)
def test_what_differs_lies_between_a_common_head_and_a_common_tail(
    head: list[TimeRange], tail: list[TimeRange], middle: list[TimeRange]
) -> None:
    old, new = head + tail, head + middle + tail
    h, t = differing(old, new)
    assert h + t <= min(len(old), len(new))
    assert (h + t == len(old)) or not middle
    assert (old[:h], old[len(old) - t :]) == (new[:h], new[len(new) - t :])


def test_ranges_outside_are_no_matter_to_what_lies_between_them() -> None:
    some = (TimeRange(0, 3), TimeRange(6, 7), TimeRange(60, 61))
    assert complement(some, TimeRange(5, 50)) == (TimeRange(5, 6), TimeRange(7, 50))


def test_a_range_knows_its_parts() -> None:
    r = TimeRange(2, 7)
    assert (r.duration, r.midpoint) == (5, 4)
    assert r.intersection(TimeRange(6, 9)) == TimeRange(6, 7)
    assert r.intersection(TimeRange(7, 9)) is None
    with pytest.raises(ValueError, match="ends before"):
        TimeRange(3, 2)


def test_seconds_become_the_nearest_microsecond_and_refuse_what_is_not_finite() -> None:
    assert from_seconds(1.0000004) == 1_000_000
    assert to_seconds(2_500_000) == 2.5
    with pytest.raises(ValueError):
        from_seconds(float("nan"))
