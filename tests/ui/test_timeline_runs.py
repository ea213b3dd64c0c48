"""Rows of pixels show every run as rectangles would, at any density."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QImage, QPainter

from app.ui import theme
from app.ui.theme import Theme
from app.ui.timeline_boxes import Boxes
from app.ui.timeline_brushes import colour, over, pixel
from app.ui.timeline_items import State
from app.ui.timeline_runs import FEW, Runs, Style, bars, frames, inks

NAME = "#ff8040"
runs_of = st.lists(st.tuples(st.integers(-20, 220), st.integers(1, 30)), min_size=1, max_size=80)


def canvas(density: float = 1.0) -> QImage:
    out = QImage(
        round(210 * density), round(5 * density), QImage.Format.Format_ARGB32_Premultiplied
    )
    out.setDevicePixelRatio(density)
    out.fill(0)
    return out


def drawn(spots: list[tuple[int, int]], density: float = 1.0) -> QImage:
    """Runs in 200 pixels from 10 on, in the middle of three rows."""
    image = canvas(density)
    columns = np.array(spots, np.int64).T
    painter = QPainter(image)
    runs = Runs(painter, 10, 200, 2)
    runs.fill(columns[0], columns[1], pixel(NAME), 1)
    runs.draw(0, (0, 5))
    runs.draw(1, (1, 3))
    painter.end()
    return image


@pytest.mark.usefixtures("app")
@given(runs_of)
def test_a_row_has_every_run_and_nothing_else_however_many_there_are(
    spots: list[tuple[int, int]],
) -> None:
    filled = {x for start, wide in spots for x in range(start, start + wide)}
    image = drawn(spots)
    assert all(image.pixel(x, y) == 0 for x in range(210) for y in (0, 4))
    assert [image.pixel(x, 2) != 0 for x in range(10, 210)] == [x in filled for x in range(10, 210)]
    assert drawn(spots * FEW) == image


@pytest.mark.parametrize("density", [1.0, 1.25, 1.5, 2.0])
@pytest.mark.usefixtures("app")
@given(runs_of)
def test_runs_have_the_edges_of_rectangles(density: float, spots: list[tuple[int, int]]) -> None:
    image = canvas(density)
    painter = QPainter(image)
    painter.setClipRect(10, 0, 200, 5)
    for x, wide in spots:
        painter.fillRect(x, 1, wide, 3, colour(NAME))
    painter.end()
    assert drawn(spots, density) == image


@pytest.mark.usefixtures("app")
@given(st.lists(st.integers(0, 3), min_size=FEW + 1, max_size=60))
def test_each_run_has_its_own_ink_and_the_later_one_replaces_the_earlier(rows: list[int]) -> None:
    x = np.array([3 * n % 50 for n in range(len(rows))])
    ink, row = np.arange(1, len(rows) + 1, dtype=np.uint32), np.array(rows)
    image = canvas()
    painter = QPainter(image)
    many, one_by_one = Runs(painter, 0, 60, 4), Runs(painter, 0, 60, 4)
    many.fill(x, 7, ink, row)
    for n in range(len(rows)):
        one_by_one.fill(x[n : n + 1], 7, ink[n : n + 1], row[n : n + 1])
    painter.end()
    assert (many.ink == one_by_one.ink).all()


def ink_of(alpha: float) -> Callable[[Theme, State, int], int]:
    return lambda look, _state, number: pixel(look.person(number), alpha)


STYLE = Style(ink_of(0.5), ink_of(0.3), ink_of(0.6), ink_of(0.4))


def boxed(times: int, wides: list[int], framed: bool, high: float) -> QImage:
    """Boxes beside one another in two lines, all of them so many times."""
    image = QImage(600, 60, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    columns = np.zeros((6, len(wides) * times), np.int64)
    columns[1] = np.array(wides * times)
    columns[0] = np.tile(100 + 26 * np.arange(len(wides)), times)
    columns[2] = columns[3] = np.tile(np.arange(len(wides)) % 2, times)
    sides = np.stack((columns[0], columns[0] + columns[1])).astype(float)
    found = Boxes(((5.0, high), (30.0, high)), (("", 0), ("", 1)), columns, sides, 0, {})
    painter = QPainter(image)
    ink = inks(STYLE, theme.current(), found.looks)
    (frames if framed else bars)(painter, 600, found, ink)
    painter.end()
    return image


@pytest.mark.parametrize("framed", [True, False])
@pytest.mark.usefixtures("app")
@given(
    wides=st.lists(st.integers(6, 25), min_size=1, max_size=FEW), high=st.sampled_from((3.0, 5, 20))
)
def test_a_few_boxes_look_as_many_do(wides: list[int], framed: bool, high: float) -> None:
    assert boxed(1, wides, framed, high) == boxed(FEW + 1, wides, framed, high)


@given(st.integers(0, 255), st.floats(0, 1))
def test_a_pixel_is_the_colour_with_its_opacity(level: int, alpha: float) -> None:
    name = QColor(level, 255 - level, 128).name()
    image = QImage(1, 1, QImage.Format.Format_ARGB32_Premultiplied)
    image.setPixel(0, 0, pixel(name, alpha))
    found = image.pixelColor(0, 0)
    assert abs(found.alphaF() - alpha) < 0.01
    if alpha > 0.9:
        assert abs(found.red() - level) <= 3


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_pixel_over_another_one_is_what_a_painter_makes_of_both(low: float, high: float) -> None:
    image = QImage(1, 1, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    painter.fillRect(0, 0, 1, 1, colour("#20a0ff", low))
    painter.fillRect(0, 0, 1, 1, colour(NAME, high))
    painter.end()
    both = over(pixel(NAME, high), pixel("#20a0ff", low))
    found = np.frombuffer(image.constBits(), np.uint8).astype(int)
    assert abs(found - np.array([both >> k & 255 for k in (0, 8, 16, 24)])).max() <= 2
