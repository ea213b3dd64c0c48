"""The application stylesheet as text, from a theme; `theme.apply` is the only one to set it.

Widgets ask for a look by dynamic properties, never by a stylesheet of their own:

- `panel=True` on a plain QWidget with WA_StyledBackground: a rounded panel;
- `card="true"|"selected"|"quiet"|"failed"` on a QFrame;
- `role` on a QPushButton or QToolButton: "primary", "accept", "restore", "flat", "icon"; a checked
  one is drawn as on (keep colour);
- `role` on a QLabel: "title", "heading", "secondary", "hint", "accent", "cut", "proposal", "keep",
  "time", "badge"; on a QProgressBar "keep", "cut";
- `role` "segment" on a QTabBar that switches within a panel, "sort" on a QToolButton, "moments" on
  the list of moments;
- `role="hairline"` or "drop" on a QFrame, `role="header"|"footer"` on a panel's bars.
"""

from __future__ import annotations

from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor

if TYPE_CHECKING:
    from app.ui.theme import Theme

_BASE = """
QMainWindow, QDialog, QMessageBox, QFileDialog { background: $window; }
QMainWindow::separator { background: $window; width: 6px; height: 6px; }
QMainWindow::separator:hover { background: $line; }
QSplitter::handle { background: $window; }
QSplitter::handle:horizontal { width: 6px; }
QSplitter::handle:vertical { height: 6px; }
QToolTip { background: $raised; color: $text1; border: 1px solid $line; padding: 4px 6px; }

QBalloonTip QLabel { color: #1a1a1a; }

QMenuBar { background: $window; color: $text2; padding: 2px 6px; spacing: 0; border: none; }
QMenuBar::item { background: transparent; padding: 4px 8px; border-radius: 4px; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $raised; color: $text1; }
QMenu { background: $raised; color: $text1; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 12px; border-radius: 4px; }
QMenu::item:selected { background: $chosen; }
QMenu::item:disabled { color: $text3; }
QMenu::icon { padding-left: 6px; }
QMenu::separator { height: 1px; background: $line; margin: 4px 6px; }

QStatusBar { background: $window; color: $text2; border: none; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: $text2; }

QWidget[panel="true"] { background: $panel; border-radius: 8px; }
QDockWidget { background: $panel; color: $text1; font-weight: 600; }
QDockWidget::title { background: $panel; padding: 8px 12px; border-bottom: 1px solid $line;
    border-top-left-radius: 8px; border-top-right-radius: 8px; text-align: left; }
QStackedWidget, QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget { background: transparent; }
QAbstractScrollArea { border: none; }

QTabWidget::pane { border: none; border-top: 1px solid $line; background: $panel;
    border-bottom-left-radius: 8px; border-bottom-right-radius: 8px; }
QTabWidget::tab-bar { left: 6px; }
QTabBar { background: transparent; border: none; font-weight: normal; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $text2; padding: 4px 8px; margin: 5px 1px;
    border: 1px solid transparent; border-radius: 6px; min-height: 16px; }
QTabBar::tab:hover { color: $text1; }
QTabBar::tab:selected { background: $raised; color: $text1; font-weight: 600; }
QTabBar::tab:focus { border-color: $accent; }
QTabBar::close-button { image: none; width: 0; }
QTabBar QToolButton { min-width: 16px; max-width: 16px; padding: 0; }
"""

_CONTROLS = """
QPushButton, QToolButton { background: $raised; color: $text1; border: 1px solid $line;
    border-radius: 6px; padding: 0 10px; min-height: 26px; max-height: 26px; }
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:pressed, QToolButton:pressed { background: $line; }
QPushButton:focus, QToolButton:focus { border-color: $accent; }
QPushButton:disabled, QToolButton:disabled { color: $text3; background: $panel; }
QPushButton:checked, QToolButton:checked { background: $keep_tint; border-color: $keep;
    color: $keep; }
QToolButton::menu-indicator, QPushButton::menu-indicator { width: 8px; }
QPushButton[role="primary"], QToolButton[role="primary"] { background: $accent;
    border-color: $accent; color: $on_accent; }
QPushButton[role="primary"]:hover, QToolButton[role="primary"]:hover { background: $accent_hover; }
QPushButton[role="primary"]:focus, QToolButton[role="primary"]:focus { border-color: $text1; }
QPushButton[role="primary"]:disabled, QToolButton[role="primary"]:disabled { background: $raised;
    border-color: $line; color: $text3; }
QPushButton[role="accept"] { color: $cut; }
QPushButton[role="restore"] { color: $keep; }
QPushButton[role="accept"]:disabled, QPushButton[role="restore"]:disabled { color: $text3; }
QPushButton[role="flat"], QToolButton[role="flat"] { background: transparent;
    border-color: transparent; color: $text2; }
QPushButton[role="flat"]:hover, QToolButton[role="flat"]:hover { background: $raised;
    color: $text1; }
QPushButton[role="flat"]:focus, QToolButton[role="flat"]:focus { border-color: $accent; }
QPushButton[role="icon"], QToolButton[role="icon"] { padding: 0; min-width: 30px; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QComboBox { background: $raised;
    color: $text1; border: 1px solid $line; border-radius: 6px; padding: 0 8px;
    selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox { min-height: 26px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus,
QComboBox:focus { border-color: $accent; }
QLineEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QComboBox:disabled {
    color: $text3; background: $panel; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url("$glyphs/down.svg"); width: 14px; height: 14px; }
QSpinBox::up-button, QDoubleSpinBox::up-button { border: none; background: transparent;
    subcontrol-origin: border; subcontrol-position: top right; width: 20px; height: 13px; }
QSpinBox::down-button, QDoubleSpinBox::down-button { border: none; background: transparent;
    subcontrol-origin: border; subcontrol-position: bottom right; width: 20px; height: 13px; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: url("$glyphs/up.svg"); width: 12px;
    height: 12px; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow { image: url("$glyphs/down.svg"); width: 12px;
    height: 12px; }
QComboBox QAbstractItemView { background: $raised; color: $text1; border: 1px solid $line;
    selection-background-color: $chosen; selection-color: $text1; outline: none; }
QCheckBox, QRadioButton { spacing: 8px; min-height: 24px; }
QCheckBox::indicator, QRadioButton::indicator, QAbstractItemView::indicator { width: 14px;
    height: 14px; border: 1px solid $text3; background: $raised; border-radius: 4px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked { background: $accent;
    border-color: $accent; image: url("$glyphs/tick-on-$fill-fill.svg"); }
QRadioButton::indicator:checked { background: $accent; border-color: $accent;
    image: url("$glyphs/dot-on-$fill-fill.svg"); }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border: 2px solid $text1; width: 12px;
    height: 12px; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: $line;
    background: $panel; }
QCheckBox:disabled, QRadioButton:disabled { color: $text3; }
QGroupBox { border: none; margin-top: 20px; font-weight: 600; }
QGroupBox::title { subcontrol-origin: margin; left: 0; color: $text1; }

QListView, QTreeView, QTableView { background: transparent; color: $text1; border: none;
    outline: none; selection-background-color: $chosen; selection-color: $text1; }
QListView::item:selected, QTreeView::item:selected, QTableView::item:selected {
    background: $chosen; color: $text1; }
QHeaderView { background: transparent; border: none; }
QHeaderView::section { background: transparent; color: $text2; border: none;
    border-bottom: 1px solid $line; padding: 4px 6px; }
QTableCornerButton::section { background: transparent; border: none; }

QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $thumb; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $text3; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QProgressBar { background: $line; border: none; border-radius: 2px; min-height: 4px;
    max-height: 4px; color: transparent; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
QProgressBar[role="keep"]::chunk { background: $keep; }
QProgressBar[role="cut"]::chunk { background: $cut; }
QSlider { background: transparent; }
QSlider::groove:horizontal { background: $line; height: 4px; border: none; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; height: 4px; border: none;
    border-radius: 2px; }
QSlider::handle:horizontal { background: $text1; border: none; width: 12px; height: 12px;
    margin: -4px 0; border-radius: 6px; }
QSlider::handle:horizontal:focus { background: $accent; }
"""

_ROLES = """
QLabel { background: transparent; }
QLabel[role="title"] { font-size: 20px; font-weight: 600; }
QLabel[role="heading"] { font-weight: 600; color: $text1; }
QLabel[role="secondary"] { color: $text2; }
QLabel[role="hint"] { color: $text2; font-size: 12px; }
QLabel[role="accent"] { color: $accent; }
QLabel[role="cut"] { color: $cut; }
QLabel[role="proposal"] { color: $proposal; }
QLabel[role="keep"] { color: $keep; }
QLabel[role="time"] { color: $text2; font-family: $mono; font-size: 12px; }
QLabel[role="badge"] { background: $proposal; color: $on_accent; border-radius: 4px;
    padding: 1px 5px; font-size: 11px; font-weight: 700; }
QTabBar[role="segment"]::tab { margin: 0 2px 0 0; padding: 4px 10px; min-height: 18px; }
QToolButton[role="sort"] { background: transparent; border: 1px solid transparent; color: $text2;
    padding: 0 6px; min-height: 20px; max-height: 20px; font-size: 11px; }
QToolButton[role="sort"]:hover { color: $text1; }
QToolButton[role="sort"]:focus { border-color: $accent; }
QTableView[role="moments"] QHeaderView::section { padding: 4px 6px; font-size: 11px; }
QFrame[role="hairline"] { background: $line; border: none; max-height: 1px; min-height: 1px; }
QWidget[role="header"] { background: transparent; border-bottom: 1px solid $line; }
QWidget[role="footer"] { background: transparent; border-top: 1px solid $line; }
QFrame[card="true"], QFrame[card="selected"], QFrame[card="quiet"], QFrame[card="failed"] {
    background: $raised; border: 1px solid $line; border-radius: 8px; }
QFrame[card="selected"] { border-color: $proposal; }
QFrame[card="failed"] { border-color: $cut; }
QFrame[card="quiet"] { background: $panel; }
QFrame[role="drop"] { background: transparent; border: 1px dashed $text3; border-radius: 8px; }
"""

_ROLE_NAMES = "window panel raised line text1 text2 text3 accent cut proposal keep on_accent"


def stylesheet(theme: Theme) -> str:
    """The whole sheet in this theme's colours."""
    families = ", ".join(f'"{f}"' for f in ("JetBrains Mono", "Noto Sans Mono", "DejaVu Sans Mono"))
    colours = {name: getattr(theme, name) for name in _ROLE_NAMES.split()}
    return Template(_BASE + _CONTROLS + _ROLES).substitute(
        colours,
        mono=families,
        glyphs=(Path(__file__).parent / "glyphs").as_posix(),
        fill="light" if theme.dark else "dark",
        hover=mixed(theme.text1, theme.raised, 0.07),
        thumb=mixed(theme.text1, theme.panel, 0.18),
        chosen=mixed(theme.accent, theme.raised, 0.18),
        keep_tint=mixed(theme.keep, theme.panel, 0.14),
        accent_hover=mixed("#ffffff", theme.accent, 0.12),
    )


def mixed(colour: str, background: str, part: float) -> str:
    """`part` (0 to 1) of the colour laid over the background, opaque, as "#rrggbb"."""
    a, b = QColor(colour), QColor(background)
    return QColor(
        round(a.red() * part + b.red() * (1 - part)),
        round(a.green() * part + b.green() * (1 - part)),
        round(a.blue() * part + b.blue() * (1 - part)),
    ).name()
