"""The context menus of the transcript: of words and of a speaker's name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QPixmap
from PySide6.QtWidgets import QMenu

from app.ui import theme
from app.ui.transcript_keys import KEY_TEXTS
from app.ui.transcript_source import KEPT

if TYPE_CHECKING:
    from app.ui.transcript_panel import TranscriptPanel

COLOURS = (
    "Blue", "Orange", "Green", "Pink", "Yellow",
    "Dark Blue", "Dark Orange", "Dark Green", "Dark Pink", "Dark Yellow",
)  # fmt: skip
"""The colours of `theme.Theme.people` by name."""


def _menu(panel: TranscriptPanel, name: str) -> QMenu:
    menu = QMenu(panel)
    menu.setAccessibleName(name)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu


def _entry(
    menu: QMenu, text: str, call: Callable[[], None], key: str = "", *, on: bool = True
) -> QAction:
    out = menu.addAction(text)
    out.triggered.connect(lambda _checked: call())
    out.setEnabled(on)
    if key:
        # Told here and acted on elsewhere: the key is the text's own or the window's.
        out.setShortcut(QKeySequence(key))
        out.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        out.setShortcutVisibleInContextMenu(True)
    return out


def word_menu(panel: TranscriptPanel, index: int | None) -> QMenu:
    """What can be done with the selected words, and with the word pointed at."""
    text = panel.text
    menu = _menu(panel, "Words")
    words = panel.selected_words
    gone = [text.state(i) != KEPT for i in words[:2000]]
    any_gone, all_gone = any(gone), bool(gone) and all(gone)

    def add(name: str, command: str, *, on: bool = True) -> None:
        call = partial(text.do, command)
        _entry(menu, name, call, KEY_TEXTS[command], on=on and bool(words))

    add("Play from Here", "seek")
    menu.addSeparator()
    strike, restore = panel.strike_wanted.emit, panel.restore_wanted.emit
    _entry(menu, "Remove Selection", strike, "" if all_gone else "Del",
           on=bool(words) and not all_gone)  # fmt: skip
    _entry(menu, "Restore Selection", restore, "Del" if all_gone else "", on=any_gone)
    add("Correct Word…", "correct", on=len(words) == 1)
    menu.addSeparator()
    add("Copy", "copy")
    add("Copy with Timecodes", "copy_timecodes")
    _entry(menu, "Select All", partial(text.do, "select_all"), KEY_TEXTS["select_all"])
    menu.addSeparator()
    add("Split Paragraph", "split", on=panel.can_split)
    add("Merge Paragraph", "merge", on=panel.can_merge)
    number = _paragraph(panel, index if index is not None else words.start if words else None)
    if number is not None:
        menu.addMenu(speaker_menu(panel, number, menu))
    menu.addSeparator()
    hide = _entry(menu, "Hide Removed", lambda: panel.set_hiding(not text.hides_removed))
    hide.setCheckable(True)
    hide.setChecked(text.hides_removed)
    return menu


def _paragraph(panel: TranscriptPanel, index: int | None) -> int | None:
    layout = panel.text.layout_now
    if index is None or layout is None:
        return None
    number = layout.holding(index)
    return None if layout.paragraphs[number].speaker is None else number


def speaker_menu(panel: TranscriptPanel, number: int, inside: QMenu | None = None) -> QMenu:
    """What can be done with the speaker of a paragraph; `inside` the menu it is a part of."""
    layout = panel.text.layout_now
    speaker = layout.paragraphs[number].speaker if layout else None
    menu = _menu(panel, "Speaker") if inside is None else QMenu("Speaker", inside)
    if speaker is None:
        return menu
    _entry(menu, "Rename Speaker…", partial(panel.text.rename, number))
    others = [v for v in panel.text.voices.all() if v[0] != speaker]
    same = menu.addMenu("Same Speaker As")
    same.setEnabled(bool(others))
    for other, voice in others:
        merged = partial(panel.speakers_merged.emit, (speaker,), other)
        entry = _entry(same, voice.name.replace("&", "&&"), merged)
        entry.setIcon(_swatch(theme.current().person(voice.colour)))
    colours = menu.addMenu("Colour")
    now = panel.text.voices.voice(speaker).colour
    group = QActionGroup(colours)
    for index, name in enumerate(COLOURS):
        entry = _entry(colours, name, partial(panel.speaker_recoloured.emit, speaker, index))
        entry.setIcon(_swatch(theme.current().person(index)))
        entry.setCheckable(True)
        group.addAction(entry)
        entry.setChecked(index == now % len(COLOURS))
    colours.addSeparator()
    _entry(colours, "Automatic", partial(panel.speaker_recoloured.emit, speaker, None))
    return menu


def _swatch(colour: str) -> QPixmap:
    out = QPixmap(12, 12)
    out.fill(colour)
    return out
