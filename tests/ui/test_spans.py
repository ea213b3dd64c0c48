"""Spans are found by time as they would be by a look at each of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ui import spans_found
from app.ui.spans import Spans

rows_of = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 90)), min_size=60, max_size=300)


@given(
    rows_of, st.integers(0, 10_000), st.integers(1, 20_000), st.integers(100, 3_000), st.booleans()
)
def test_cells_found_by_bisection_are_those_of_a_look_at_each(
    rows: list[tuple[int, int]], start: int, long: int, fine: int, join: bool
) -> None:
    at, placed = 0, []
    for n, (gap, length) in enumerate(rows):
        at += gap
        placed.append((at, at + length, n))
        at += length
    looks = bytes(n // 7 % 2 for n in range(len(rows)))
    close = fine / 2 if join else 0
    found = Spans(placed).blocks(start, start + long, float(fine), close, looks)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spans_found, "DENSE", float("inf"))
        assert found == Spans(placed).blocks(start, start + long, float(fine), close, looks)
