"""The timeline as a picture: at any density and in both directions."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from app.core.edits import Strike, apply
from app.core.review import Evidence, Footage, Review
from app.core.timerange import SECOND, TimeRange
from app.core.transcript import Transcript, Word
from app.ui import theme, timeline_paint
from app.ui.timeline_brushes import advance, begins
from app.ui.timeline_input import timeline_input
from app.ui.timeline_layout import Layout, layout
from app.ui.timeline_scale import GUTTER, View, fitted

FILM = 60 * SECOND


def said(text: str, *strikes: TimeRange) -> Review:
    words = tuple(Word(text, i * SECOND, i * SECOND + 900_000, 0) for i in range(59))
    out = Review(Evidence(Footage(FILM), Transcript(words)))
    for strike in strikes:
        out = apply(out, Strike(strike))
    return out


def painted(review: Review, density: float, view: View | None = None) -> tuple[QImage, Layout]:
    given = timeline_input(review)
    shown = layout(given, view or View(0, 20_000, 900, 240))
    image = QImage(round(900 * density), round(240 * density), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(density)
    painter = QPainter(image)
    timeline_paint.paint(painter, shown, given)
    painter.end()
    return image, shown


@pytest.mark.parametrize("density", [1.0, 1.5, 2.0])
@pytest.mark.usefixtures("app")
def test_hebrew_words_are_painted_in_their_lane_and_nowhere_else(density: float) -> None:
    hebrew, shown = painted(said("שלום"), density)
    latin, _ = painted(said("word"), density)
    lane = next(lane for lane in shown.lanes if lane.kind == "word")
    top, low = round(lane.y * density), round((lane.y + lane.height) * density)
    wide = hebrew.width()
    for part in (QRect(0, 0, wide, top), QRect(0, low, wide, hebrew.height() - low)):
        assert hebrew.copy(part) == latin.copy(part)
    inside = QRect(0, top, wide, low - top)
    assert hebrew.copy(inside) != latin.copy(inside)


@pytest.mark.usefixtures("app")
def test_what_fits_of_a_word_is_its_beginning() -> None:
    assert begins("word", 100, 10) == 100
    assert begins("שלום", 100, 500) == 100
    assert begins("שלום", 100, 10) == pytest.approx(110 - advance("שלום"))
    assert begins("12 שלום", 100, 5) < 100


@pytest.mark.parametrize("scheme", [theme.DARK, theme.LIGHT])
def test_removed_stretches_are_shaded_however_narrow(
    app: QApplication, scheme: theme.Theme
) -> None:
    theme.apply(app, "dark" if scheme.dark else "light")
    try:
        struck = said("w", TimeRange(20 * SECOND, 21 * SECOND))
        for view in (View(19 * SECOND, 5_000, 900, 240), fitted(FILM * 40, 900, 240)):
            with_cut, shown = painted(struck, 1.0, view)
            without, _ = painted(said("w"), 1.0, view)
            assert shown.shades is not None
            x, wide, undecided = shown.shades[:, 0].tolist()
            assert not undecided
            at = (max(round(x), round(GUTTER)) + wide // 2, round(shown.bottom) - 2)
            assert with_cut.pixelColor(*at) != without.pixelColor(*at)
    finally:
        theme.apply(app, "dark")
