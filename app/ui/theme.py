"""The look: colour roles, fonts, palette and style; nothing else sets them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from app.ui.stylesheet import stylesheet

Choice = Literal["system", "light", "dark"]
"""What the person set: follow the system, or one of the two."""

UI_FAMILIES = ("Inter", "Segoe UI", "Noto Sans", "Cantarell", "Ubuntu", "DejaVu Sans", "sans-serif")
MONO_FAMILIES = (
    "JetBrains Mono",
    "Cascadia Mono",
    "Noto Sans Mono",
    "Ubuntu Mono",
    "DejaVu Sans Mono",
    "monospace",
)
UI_PIXELS = 13
CORNER = 8
"""Corner radius of panels in pixels."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Colour roles as "#rrggbb"; `people` for fills and bars, `people_text` where it is read.

    text3 is for hints only: it is below 4.5:1 on `raised`.
    on_accent: text upon a fill of accent, keep, cut, proposal or a person's colour.
    """

    dark: bool
    window: str
    panel: str
    raised: str
    line: str
    text1: str
    text2: str
    text3: str
    accent: str
    cut: str
    proposal: str
    keep: str
    on_accent: str
    people: tuple[str, ...]
    people_text: tuple[str, ...]

    def person(self, index: int) -> str:
        """Fill colour of person or speaker number `index` (from 0), round and round."""
        return self.people[index % len(self.people)]

    def person_text(self, index: int) -> str:
        """The same colour where it is text on a panel: at least 4.5:1."""
        return self.people_text[index % len(self.people_text)]


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio of two colours, 1 to 21."""
    a, b = sorted((_luminance(QColor(one)), _luminance(QColor(other))))
    return (b + 0.05) / (a + 0.05)


def _luminance(colour: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    return (
        0.2126 * linear(colour.redF())
        + 0.7152 * linear(colour.greenF())
        + 0.0722 * linear(colour.blueF())
    )


def _readable(colour: str, background: str) -> str:
    """The colour made darker (or lighter on dark) until it reads at 4.5:1."""
    dark = _luminance(QColor(background)) < 0.2
    out = QColor(colour)
    while contrast(out.name(), background) < 4.5:
        out = out.lighter(106) if dark else out.darker(106)
    return out.name()


_PEOPLE = ("#56b4e9", "#e69f00", "#3fbf8f", "#cc79a7", "#d9c84a")
# Safe for colour-blind eyes; the same again, darker, for the sixth to the tenth person.
_ALL_PEOPLE = _PEOPLE + tuple(QColor(c).darker(140).name() for c in _PEOPLE)

DARK = Theme(
    dark=True,
    window="#121417",
    panel="#181b1f",
    raised="#21262c",
    line="#2a3037",
    text1="#e9ecef",
    text2="#a5adb6",
    text3="#737c86",
    accent="#6cb2ff",
    cut="#f26d76",
    proposal="#f2b84b",
    keep="#54c98a",
    on_accent="#0d1116",
    people=_ALL_PEOPLE,
    people_text=tuple(_readable(c, "#181b1f") for c in _ALL_PEOPLE),
)
LIGHT = Theme(
    dark=False,
    window="#e9ecef",
    panel="#f8f9fa",
    raised="#ffffff",
    line="#d5dae0",
    text1="#1b1f24",
    text2="#525b66",
    text3="#79828d",
    accent="#1769d2",
    cut="#c9303c",
    proposal="#a86a00",
    keep="#1c8a52",
    on_accent="#ffffff",
    people=_ALL_PEOPLE,
    people_text=tuple(_readable(c, "#f8f9fa") for c in _ALL_PEOPLE),
)

_now: dict[str, Theme] = {}
_choice: dict[str, Choice] = {}


def current() -> Theme:
    """The theme in force; read it at paint time, so that a switch shows at the next paint."""
    return _now.get("theme", DARK)


def apply(app: QApplication, choice: Choice, *, sheet: bool = True) -> None:
    """Set style, colour scheme, palette, fonts and stylesheet; may be called again at any time.

    With "system" the look follows the system while the program runs. sheet: False leaves the
    stylesheet to a later call: each widget built under one is dressed again wherever it is put.
    """
    hints = QGuiApplication.styleHints()
    if not _choice:
        app.setStyle(QStyleFactory.create("Fusion"))
        hints.colorSchemeChanged.connect(lambda _scheme: _dress(app))
    _choice["choice"] = choice
    match choice:
        case "system":
            hints.unsetColorScheme()
        case "light":
            hints.setColorScheme(Qt.ColorScheme.Light)
        case "dark":
            hints.setColorScheme(Qt.ColorScheme.Dark)
    _dress(app, sheet=sheet)


def _wanted() -> Theme:
    match _choice.get("choice", "system"):
        case "light":
            return LIGHT
        case "dark":
            return DARK
        case _:
            # Unknown (no desktop tells): dark, the picture is then the brightest thing.
            scheme = QGuiApplication.styleHints().colorScheme()
            return LIGHT if scheme == Qt.ColorScheme.Light else DARK


def _dress(app: QApplication, *, sheet: bool = True) -> None:
    theme = _wanted()
    if _now.get("theme") is theme and (app.styleSheet() or not sheet):
        return
    _now["theme"] = theme
    app.setFont(ui())
    app.setPalette(palette(theme))
    if sheet:
        app.setStyleSheet(stylesheet(theme))


def palette(theme: Theme) -> QPalette:
    """Every palette role from the theme, so that what Fusion draws itself fits."""
    role = QPalette.ColorRole
    out = QPalette(QColor(theme.raised), QColor(theme.window))
    for which, colour in (
        (role.Window, theme.window),
        (role.WindowText, theme.text1),
        (role.Base, theme.panel),
        (role.AlternateBase, theme.raised),
        (role.Text, theme.text1),
        (role.PlaceholderText, theme.text3),
        (role.Button, theme.raised),
        (role.ButtonText, theme.text1),
        (role.BrightText, theme.cut),
        (role.ToolTipBase, theme.raised),
        (role.ToolTipText, theme.text1),
        (role.Highlight, theme.accent),
        (role.HighlightedText, theme.on_accent),
        (role.Accent, theme.accent),
        (role.Link, theme.accent),
        (role.LinkVisited, theme.accent),
        (role.Light, theme.line),
        (role.Midlight, theme.line),
        (role.Mid, theme.line),
        (role.Dark, theme.window),
        (role.Shadow, "#000000"),
    ):
        out.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        out.setColor(QPalette.ColorGroup.Disabled, which, QColor(theme.text3))
    return out


def ui(pixels: int = UI_PIXELS, *, bold: bool = False) -> QFont:
    """The interface face."""
    font = QFont()
    font.setFamilies(list(UI_FAMILIES))
    font.setPixelSize(pixels)
    if bold:
        font.setWeight(QFont.Weight.DemiBold)
    return font


def mono(pixels: int = 12) -> QFont:
    """The face of times: fixed width, tabular digits."""
    font = QFont()
    font.setFamilies(list(MONO_FAMILIES))
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setFixedPitch(True)
    font.setPixelSize(pixels)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def tint(colour: str, alpha: float) -> QColor:
    """The colour with an opacity of 0 to 1, for faint fills."""
    out = QColor(colour)
    out.setAlphaF(alpha)
    return out
