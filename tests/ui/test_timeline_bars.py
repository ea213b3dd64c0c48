"""Rectangles gathered by their colour cover what they would one by one, and nothing twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QImage, QPainter

from app.ui.timeline_bars import Batch

WIDE, HIGH = 300, 24
spots_of = st.lists(st.tuples(st.integers(-20, 280), st.integers(1, 40)), min_size=1, max_size=9)


@pytest.mark.parametrize("density", [1.0, 1.5, 2.0])
@pytest.mark.usefixtures("app")
@given(spots=spots_of)
def test_where_rectangles_overlap_they_are_not_the_darker(
    density: float, spots: list[tuple[int, int]]
) -> None:
    image = QImage(
        round(WIDE * density), round(HIGH * density), QImage.Format.Format_ARGB32_Premultiplied
    )
    image.setDevicePixelRatio(density)
    image.fill(0)
    painter, batch = QPainter(image), Batch()
    batch.add("#ff8040", 0.5, spots, (3, 16))
    batch.fill(painter)
    painter.end()
    filled = {x for start, wide in spots for x in range(start, start + wide) if 0 <= x < WIDE}
    inks = {image.pixel(int((x + 0.5) * density), round(8 * density)) for x in filled}
    assert len(inks) <= 1
    assert 0 not in inks
