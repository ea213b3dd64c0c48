"""Rectangles look the same however many of them are painted at a time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QImage, QPainter

from app.ui.timeline_bars import FEW, Batch

WIDE, HIGH = 300, 24
spots_of = st.lists(st.tuples(st.integers(-20, 280), st.integers(1, 40)), min_size=1, max_size=4)


def painted(shape: str, spots: list[tuple[int, int]], density: float) -> QImage:
    image = QImage(
        round(WIDE * density), round(HIGH * density), QImage.Format.Format_ARGB32_Premultiplied
    )
    image.setDevicePixelRatio(density)
    image.fill(0)
    painter, batch = QPainter(image), Batch()
    match shape:
        case "bars":
            batch.add_bars("#ff8040", 0.5, spots, 3, 16)
        case "frames":
            batch.add_frames("#ff8040", 0.5, spots, 3, 16)
        case _:
            batch.add("#ff8040", 0.5, spots, (3, 16))
    batch.fill(painter)
    painter.end()
    return image


@pytest.mark.parametrize("density", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("shape", ["plain", "bars", "frames"])
@pytest.mark.usefixtures("app")
@given(spots=spots_of)
def test_a_few_rectangles_are_painted_as_many_are(
    shape: str, density: float, spots: list[tuple[int, int]]
) -> None:
    many = spots * (FEW + 1)
    assert painted(shape, spots, density) == painted(shape, many, density)
