"""One paragraph of the transcript broken into lines, and where in them every word lies.

Direction comes from the transcript, never from a line's first letter; within it QTextLayout applies
the Unicode bidirectional algorithm, so that a Latin name in a Hebrew sentence reads as it should.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QTextLayout, QTextLine, QTextOption

_FROM_RIGHT = r"\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff"
_CONTROLS = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\U00010000-\U0010ffff"
_NOT_ALL_LEFT = re.compile(f"[{_FROM_RIGHT}{_CONTROLS}]")
_NOT_ALL_RIGHT = re.compile(rf"[{_CONTROLS}0-9\u0660-\u0669\u06f0-\u06f9]|[^\W{_FROM_RIGHT}]")
"""What makes a line more than one run."""

_NUMBER_FIRST = re.compile(r"[\W_]*\d")
"""How a line begins whose order may depend on the line before."""


@dataclass(frozen=True, slots=True)
class Style:
    """How paragraphs are set: font, width of the column, distance of lines, direction; pixels."""

    font: QFont
    width: float
    line_height: int
    right_to_left: bool


@dataclass(frozen=True, slots=True)
class Laid:
    """A paragraph with its lines.

    words: indices of the words shown, ascending. For the word at place k there: rects[k] its
    rectangles in the paragraph's coordinates, more than one where it is broken over lines or its
    full stop stands apart (two directions in one line); offsets[k] to ends[k] its place in the
    text. lines: word indices by the line in which they begin, reading order.
    """

    layout: QTextLayout
    words: Sequence[int]
    rects: tuple[tuple[QRectF, ...], ...]
    offsets: tuple[int, ...]
    ends: tuple[int, ...]
    lines: tuple[tuple[int, ...], ...]
    height: float

    def place(self, index: int) -> int:
        """Where a word stands among those shown; of a hidden one, the next (or the last) one's."""
        return min(bisect_left(self.words, index), len(self.words) - 1)


def lay(words: Sequence[int], texts: Sequence[str], style: Style) -> Laid:
    """The paragraph made of these words; nothing at all where there are none."""
    if not words:
        return Laid(QTextLayout(), (), (), (), (), (), 0.0)
    text = " ".join(texts)
    wide = not text.isascii() and max(text) > "\uffff"
    sizes = [_units(t) for t in texts] if wide else [len(t) for t in texts]
    offsets = tuple(accumulate((n + 1 for n in sizes), initial=0))[:-1]
    ends = tuple(o + n for o, n in zip(offsets, sizes, strict=True))
    layout = _text_layout(text, style)
    lines = _break(layout, style)
    measures = [_Line(line, "" if wide else text, style, n) for n, line in enumerate(lines)]
    by_line: list[list[int]] = [[] for _ in lines]
    rects: list[tuple[QRectF, ...]] = []
    at = 0
    for index, start, end in zip(words, offsets, ends, strict=True):
        while at + 1 < len(lines) and measures[at + 1].start <= start:
            at += 1
        by_line[at].append(index)
        rects.append(tuple(_word_rects(measures, at, start, end)))
    shown = tuple(tuple(row) for row in by_line)
    high = len(lines) * style.line_height
    return Laid(layout, words, tuple(rects), offsets, ends, shown, high)


def _text_layout(text: str, style: Style) -> QTextLayout:
    layout = QTextLayout(text, style.font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    rtl = style.right_to_left
    direction = Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight
    option.setTextDirection(direction)
    # QTextLayout does not turn the sides round by itself, whatever its text direction.
    option.setAlignment(Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft)
    layout.setTextOption(option)
    layout.setCacheEnabled(True)
    return layout


def _break(layout: QTextLayout, style: Style) -> list[QTextLine]:
    lines: list[QTextLine] = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(style.width)
        slack = style.line_height - line.height()
        line.setPosition(QPointF(0, len(lines) * style.line_height + slack / 2))
        lines.append(line)
    layout.endLayout()
    return lines


class _Line:
    """One line and how places in it are measured."""

    def __init__(self, line: QTextLine, text: str, style: Style, number: int) -> None:
        self.start = line.textStart()
        self.end = self.start + line.textLength()
        self._line = line
        self._rtl = style.right_to_left
        self._high = line.height()
        self._top = number * style.line_height + (style.line_height - self._high) / 2
        mixed = _NOT_ALL_RIGHT if self._rtl else _NOT_ALL_LEFT
        self._plain = bool(text) and not (
            mixed.search(text, self.start, self.end)
            or _NUMBER_FIRST.match(text, self.start, self.end)
        )

    def rects(self, first: int, stop: int) -> Iterable[QRectF]:
        """Of the text between two places in the line."""
        top, high = self._top, self._high
        if self._plain:
            one, other = self._x(first), self._x(stop)
            left, right = (other, one) if self._rtl else (one, other)
            return (QRectF(left, top, max(1.0, right - left), high),)
        # cursorToX is of no use at a change of direction: it names the run's other end there.
        runs = (run.boundingRect() for run in self._line.glyphRuns(first, stop - first))
        sides = _joined((r.left(), r.right()) for r in runs)
        return (QRectF(left, top, max(1.0, right - left), high) for left, right in sides)

    def _x(self, place: int) -> float:
        found = self._line.cursorToX(place)
        return float(found[0] if isinstance(found, tuple) else found)  # type: ignore[arg-type]


def _word_rects(lines: Sequence[_Line], at: int, start: int, end: int) -> list[QRectF]:
    out: list[QRectF] = []
    for number in range(at, len(lines)):
        line = lines[number]
        if line.start >= end:
            break
        first, stop = max(start, line.start), min(end, line.end)
        if first < stop:
            out.extend(line.rects(first, stop))
    return out or [QRectF(0, 0, 0, 0)]


def _joined(sides: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Touching stretches as one: a word's letters and its full stop may lie far apart."""
    out: list[tuple[float, float]] = []
    for left, right in sorted(sides):
        if out and left <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(out[-1][1], right))
        else:
            out.append((left, right))
    return out


def _units(text: str) -> int:
    """Length in UTF-16 units, which is how QTextLayout counts."""
    return len(text) + sum(ord(c) > 0xFFFF for c in text)
