"""The theme: roles that can be read, a switch that reaches palette, fonts and stylesheet."""

from __future__ import annotations

import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from app.ui import icons, theme
from app.ui.stylesheet import stylesheet
from app.ui.text import clock, counted, isolated, length, timecode

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture
def app() -> Iterator[QApplication]:
    found = QApplication.instance() or QApplication([])
    assert isinstance(found, QApplication)
    yield found
    theme.apply(found, "dark")


@pytest.mark.parametrize("look", [theme.DARK, theme.LIGHT])
def test_text_is_read_at_four_and_a_half_to_one(look: theme.Theme) -> None:
    for text in (look.text1, look.text2, look.accent, look.cut, *look.people_text):
        assert theme.contrast(text, look.panel) >= 4.5
    for fill in (look.accent, look.keep):
        assert theme.contrast(look.on_accent, fill) >= 4.0


def test_switching_reaches_palette_and_stylesheet(app: QApplication) -> None:
    theme.apply(app, "light")
    assert theme.current() is theme.LIGHT
    assert app.palette().color(QPalette.ColorRole.Window).name() == theme.LIGHT.window
    assert theme.LIGHT.panel in app.styleSheet()
    theme.apply(app, "dark")
    assert theme.current() is theme.DARK
    assert theme.DARK.panel in app.styleSheet()
    assert theme.LIGHT.panel not in app.styleSheet()


def test_the_stylesheet_has_no_open_place_and_its_glyphs_exist(app: QApplication) -> None:
    for look in (theme.DARK, theme.LIGHT):
        text = stylesheet(look)
        assert "$" not in text
        for part in text.split('url("')[1:]:
            assert Path(part.split(chr(34))[0]).is_file()


def test_times_have_digits_of_one_width(app: QApplication) -> None:
    from PySide6.QtGui import QFontMetricsF

    metrics = QFontMetricsF(theme.mono(12))
    assert len({metrics.horizontalAdvance(d) for d in "0123456789"}) == 1


def test_every_icon_draws_something(app: QApplication) -> None:
    for name in icons._PATHS:
        image = icons.pixmap(name, "#ffffff", 16, 2.0).toImage()
        assert any(image.pixelColor(x, y).alpha() > 200 for x in range(32) for y in range(32)), name


def test_times_are_written_as_people_read_them() -> None:
    assert timecode(9_400_000, Fraction(30)) == "00:00:09:12"
    assert timecode(26_966_666, 30.0) == "00:00:26:29"
    assert timecode(3_661_500_000, None) == "01:01:01.50"
    assert clock(290_000) == "0:00.3"
    assert clock(6_500_000) == "0:06.5"
    assert clock(3_725_000_000, 0) == "1:02:05"
    assert length(6_249_999) == "6.2 s"
    assert length(91_000_000) == "1:31"
    assert length(59_970_000) == "1:00"
    assert counted(1, "cut") == "1 cut"
    assert counted(2000, "person", "people") == "2,000 people"
    assert isolated("שלום") == "\u2068שלום\u2069"


def test_an_icon_is_drawn_once_in_a_theme(app: QApplication) -> None:
    theme.apply(app, "dark")
    dark = icons.icon("play")
    assert icons.icon("play").cacheKey() == dark.cacheKey()
    theme.apply(app, "light")
    assert icons.icon("play").cacheKey() != dark.cacheKey()
    theme.apply(app, "dark")
    assert icons.icon("play").cacheKey() == dark.cacheKey()
