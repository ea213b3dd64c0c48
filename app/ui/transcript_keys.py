"""Which keys the transcript takes for itself, and where they lead."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from app.ui.transcript_layout import TranscriptLayout
from app.ui.transcript_paragraphs import sentence_beside
from app.ui.transcript_walk import beside, line_beside, line_of, line_words

_KEY = Qt.Key
_CONTROL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier

SIDEWAYS = frozenset({_KEY.Key_Left, _KEY.Key_Right})
UPRIGHT = frozenset({_KEY.Key_Up, _KEY.Key_Down})
MOVES = SIDEWAYS | UPRIGHT | {_KEY.Key_Home, _KEY.Key_End}
ENTER = frozenset({_KEY.Key_Return, _KEY.Key_Enter})

COMMANDS: dict[tuple[int, bool, bool], str] = {
    (_KEY.Key_F2, False, False): "correct",
    (_KEY.Key_A, True, False): "select_all",
    (_KEY.Key_C, True, False): "copy",
    (_KEY.Key_C, True, True): "copy_timecodes",
    (_KEY.Key_Return, True, False): "split",
    (_KEY.Key_Enter, True, False): "split",
    (_KEY.Key_Backspace, True, False): "merge",
    (_KEY.Key_Return, False, False): "seek",
    (_KEY.Key_Enter, False, False): "seek",
}
"""Key, with Ctrl, with Shift -> what it does."""

KEY_TEXTS = {
    "correct": "F2",
    "copy": "Ctrl+C",
    "copy_timecodes": "Ctrl+Shift+C",
    "split": "Ctrl+Return",
    "merge": "Ctrl+Backspace",
    "seek": "Return",
    "select_all": "Ctrl+A",
}
"""The keys as menus tell them."""


def command(event: QKeyEvent) -> str:
    """What a key does beside moving, "" for nothing."""
    held = event.modifiers()
    if held & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier):
        return ""
    return COMMANDS.get((event.key(), bool(held & _CONTROL), bool(held & _SHIFT)), "")


def moves(event: QKeyEvent) -> bool:
    """Whether a key goes to another word."""
    return event.key() in MOVES and not event.modifiers() & Qt.KeyboardModifier.AltModifier


def target(
    layout: TranscriptLayout, event: QKeyEvent, caret: int, goal: float | None
) -> int | None:
    """The word a key leads to from `caret`, None at the end; `goal`: the x a column is kept at."""
    control = bool(event.modifiers() & _CONTROL)
    key = event.key()
    if key in SIDEWAYS:
        step = 1 if key == _KEY.Key_Right else -1
        if not control:
            return beside(layout, caret, step)
        onward = (step > 0) is not layout.right_to_left
        return sentence_beside(layout.transcript, layout.paragraphs, caret, 1 if onward else -1)
    if key in UPRIGHT:
        x = column_of(layout, caret) if goal is None else goal
        return line_beside(layout, caret, 1 if key == _KEY.Key_Down else -1, x)
    words = line_words(layout, *line_of(layout, caret))
    if control:
        words = (0, len(layout.transcript.words) - 1)
    if not words:
        return None
    return words[0] if key == _KEY.Key_Home else words[-1]


def column_of(layout: TranscriptLayout, index: int) -> float:
    """The middle of a word, x in pixels of the column."""
    return layout.rects(index)[0].center().x()
