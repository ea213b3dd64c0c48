"""From word to word through the lines of the transcript, as the arrow keys and a drag go."""

from __future__ import annotations

from app.ui.transcript_layout import TranscriptLayout


def nearest(layout: TranscriptLayout, x: float, y: float) -> int | None:
    """The word nearest to a point on the line there: where a drag reaches to."""
    if not layout.paragraphs:
        return None
    number = layout.at(min(max(0.0, y), layout.height - 1))
    line = int((y - layout.body(number)) // layout.line_height)
    lines = len(layout.laid(number).lines)
    return _nearest_on(layout, number, max(0, min(lines - 1, line)), x) if lines else None


def line_of(layout: TranscriptLayout, index: int) -> tuple[int, int]:
    """(paragraph, line) where a word begins; of a hidden word, where it would."""
    number = layout.holding(index)
    laid = layout.laid(number)
    there = laid.words[laid.place(index)] if laid.words else -1
    lines = enumerate(laid.lines)
    return number, next((line for line, words in lines if there in words), 0)


def line_words(layout: TranscriptLayout, number: int, line: int) -> tuple[int, ...]:
    """Word indices on a line in reading order."""
    lines = layout.laid(number).lines
    return lines[line] if line < len(lines) else ()


def line_beside(layout: TranscriptLayout, index: int, step: int, x: float) -> int | None:
    """The word on the next line down (1) or up (-1) nearest to `x`; None past the end."""
    number, line = line_of(layout, index)
    line += step
    while True:
        lines = layout.laid(number).lines
        while 0 <= line < len(lines):
            if lines[line]:  # else a word without end goes on there
                return _nearest_on(layout, number, line, x)
            line += step
        number += step
        if not 0 <= number < len(layout.paragraphs):
            return None
        line = 0 if step > 0 else len(layout.laid(number).lines) - 1


def beside(layout: TranscriptLayout, index: int, step: int) -> int | None:
    """The word to the right (1) or left (-1) as seen, over the line's end into the next one."""
    number, line = line_of(layout, index)
    row = _by_sight(layout, number, line)
    at = row.index(index) + step if index in row else -1
    if 0 <= at < len(row):
        return row[at]
    onward = step > 0 if not layout.right_to_left else step < 0
    there = line_beside(layout, index, 1 if onward else -1, 0.0)
    if there is None:
        return None
    row = _by_sight(layout, *line_of(layout, there))
    return row[0] if step > 0 else row[-1]


def _by_sight(layout: TranscriptLayout, number: int, line: int) -> list[int]:
    laid = layout.laid(number)
    words = line_words(layout, number, line)
    return sorted(words, key=lambda i: laid.rects[laid.place(i)][0].center().x())


def _nearest_on(layout: TranscriptLayout, number: int, line: int, x: float) -> int | None:
    laid = layout.laid(number)
    words = laid.lines[line] or next((row[-1:] for row in reversed(laid.lines[:line]) if row), ())
    middle = (line + 0.5) * layout.line_height

    def distance(index: int) -> float:
        rects = laid.rects[laid.place(index)]
        here = [r for r in rects if r.top() <= middle <= r.bottom()] or rects
        return min(max(r.left() - x, x - r.right(), 0.0) for r in here)

    return min(words, key=distance, default=None)
