from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QImage, QPainter

from app.ui.timeline_runs import Runs, pixel

runs_of = st.lists(st.tuples(st.integers(-20, 220), st.integers(1, 30)), min_size=1, max_size=80)


def drawn(spots: list[tuple[int, int]]) -> list[bool]:
    """Which of 200 pixels from 10 on are filled, in the middle of three rows."""
    image = QImage(210, 5, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    columns = np.array(spots, np.int64).T
    runs = Runs(10, 200)
    runs.fill(columns[0], columns[1], pixel("#ff8040"))
    painter = QPainter(image)
    runs.draw(painter, (1, 3))
    painter.end()
    assert all(image.pixel(x, y) == 0 for x in range(210) for y in (0, 4))
    return [image.pixel(x, 2) != 0 for x in range(10, 210)]


@pytest.mark.usefixtures("app")
@given(runs_of)
def test_a_row_has_every_run_and_nothing_else_however_many_there_are(
    spots: list[tuple[int, int]],
) -> None:
    filled = {x for start, wide in spots for x in range(start, start + wide)}
    assert drawn(spots) == [x in filled for x in range(10, 210)]


@given(st.integers(0, 255), st.floats(0, 1))
def test_a_pixel_is_the_colour_with_its_opacity(level: int, alpha: float) -> None:
    name = QColor(level, 255 - level, 128).name()
    image = QImage(1, 1, QImage.Format.Format_ARGB32_Premultiplied)
    image.setPixel(0, 0, pixel(name, alpha))
    found = image.pixelColor(0, 0)
    assert abs(found.alphaF() - alpha) < 0.01
    if alpha > 0.9:
        assert abs(found.red() - level) <= 3
