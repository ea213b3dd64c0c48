"""Where every word of the transcript lies: paragraphs laid out only where they are looked at.

Direction comes from the transcript, never from a line's first letter; within it QTextLayout applies
the Unicode bidirectional algorithm, so that a Latin name in a Hebrew sentence reads as it should.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QTextLayout, QTextLine, QTextOption

from app.core.transcript import Transcript, Utterance

LONGEST = 120
"""Words of a paragraph at most: a turn without an end is shown in parts."""

SENTENCE = re.compile(r"[.!?…。！？؟:]['\"”’)\]»]*$")
"""How the last word of a sentence ends."""

HEADER = 24.0
"""Height of the line with name and time over a turn's first paragraph."""

GAP = 14.0
"""Space below a paragraph that ends a turn."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words `[first, end)` of one turn; `header` where the turn begins here."""

    first: int
    end: int
    speaker: int | None
    start: int
    header: bool
    last: bool


@dataclass(frozen=True)
class Laid:
    """A paragraph with its lines.

    rects: for word `first + k` its rectangles in the paragraph's coordinates; more than one where
    it is broken over lines or its full stop stands apart (two directions in one line).
    offsets: where word `first + k` begins in the text. lines: word numbers by line, reading order.
    """

    layout: QTextLayout
    rects: tuple[tuple[QRectF, ...], ...]
    offsets: tuple[int, ...]
    ends: tuple[int, ...]
    lines: tuple[tuple[int, ...], ...]
    height: float


def paragraphs(transcript: Transcript) -> tuple[Paragraph, ...]:
    """The turns, long ones divided at the end of a sentence where there is one."""
    out: list[Paragraph] = []
    total = len(transcript.words)
    at = 0
    for turn in transcript.turns():
        first, end = max(at, turn.word_start), min(total, turn.word_end)
        if first > at:  # words that no turn of the source covers
            out.extend(_parts(transcript, _plain_turn(transcript, at, first)))
        if end > first:
            covered = Utterance(turn.speaker, transcript.words[first].start, turn.end, first, end)
            out.extend(_parts(transcript, covered))
            at = end
    if at < total:
        out.extend(_parts(transcript, _plain_turn(transcript, at, total)))
    return tuple(out)


def _plain_turn(transcript: Transcript, first: int, end: int) -> Utterance:
    words = transcript.words
    return Utterance(words[first].speaker, words[first].start, words[end - 1].end, first, end)


def _parts(transcript: Transcript, turn: Utterance) -> list[Paragraph]:
    out: list[Paragraph] = []
    at = turn.word_start
    while at < turn.word_end:
        stop = min(turn.word_end, at + LONGEST)
        if stop < turn.word_end:
            ended = (
                k for k in range(stop, at + LONGEST // 2, -1) if ends_sentence(transcript, k - 1)
            )
            stop = next(ended, stop)
        start = transcript.words[at].start
        whole = stop == turn.word_end
        out.append(Paragraph(at, stop, turn.speaker, start, at == turn.word_start, whole))
        at = stop
    return out


def ends_sentence(transcript: Transcript, index: int) -> bool:
    """Whether the word closes a sentence."""
    return bool(SENTENCE.search(transcript.words[index].text))


class TranscriptLayout:
    """The whole transcript in a column: heights are estimated until a paragraph is looked at.

    y is measured from the top of the transcript, x from the left edge of the column, in pixels.
    """

    def __init__(
        self,
        transcript: Transcript,
        corrections: Mapping[int, str],
        font: QFont,
        width: float,
        leading: float = 1.75,
    ) -> None:
        self.transcript = transcript
        self.corrections = corrections
        self.paragraphs = paragraphs(transcript)
        self._font = font
        metrics = QFontMetricsF(font)
        self.line_height = round(font.pixelSize() * leading)
        self._letter = metrics.averageCharWidth()
        self._firsts = [p.first for p in self.paragraphs]
        self._letters = [self._count(p) for p in self.paragraphs]
        self._laid: dict[int, Laid] = {}
        self._heights: list[float] = []
        self._tops: list[float] | None = None
        self.set_width(width)

    def set_width(self, width: float) -> None:
        """Another width of the column: nothing is laid out any more."""
        self.width = max(60.0, width)
        self._laid = {}
        self._heights = [
            self._estimate(p, n) for p, n in zip(self.paragraphs, self._letters, strict=True)
        ]
        self._tops = None

    @property
    def right_to_left(self) -> bool:
        """The direction of the column."""
        return self.transcript.right_to_left

    @property
    def height(self) -> float:
        """Of everything, as far as is known now."""
        return self._top_list()[-1]

    def text_of(self, index: int) -> str:
        """The word as corrected, else as heard; white space and control characters are spaces."""
        return " ".join((self.corrections.get(index) or self.transcript.words[index].text).split())

    @cached_property
    def folded(self) -> tuple[str, Sequence[int]]:
        """All words without case, one space between them, and where each begins (and the end)."""
        words = [self.text_of(i).casefold() for i in range(len(self.transcript.words))]
        return " ".join(words), tuple(accumulate((len(w) + 1 for w in words), initial=0))

    def top(self, number: int) -> float:
        """Where paragraph `number` begins."""
        return self._top_list()[number]

    def body(self, number: int) -> float:
        """Where its first line begins, below the header."""
        return self.top(number) + (HEADER if self.paragraphs[number].header else 0.0)

    def at(self, y: float) -> int:
        """Number of the paragraph at a height, clamped; -1 where there are none."""
        return (
            max(0, min(len(self.paragraphs), bisect_right(self._top_list(), y)) - 1)
            if (self.paragraphs)
            else -1
        )

    def visible(self, top: float, bottom: float) -> range:
        """Paragraphs between two heights, laid out; heights above `top` do not move."""
        if not self.paragraphs:
            return range(0)
        first = self.at(top)
        number = first
        while number < len(self.paragraphs) and self.top(number) < bottom:
            self.laid(number)
            number += 1
        return range(first, number)

    def holding(self, index: int) -> int:
        """Number of the paragraph with a word."""
        return bisect_right(self._firsts, index) - 1

    def laid(self, number: int) -> Laid:
        """Paragraph `number` with its lines, made at the first call."""
        found = self._laid.get(number)
        if found is None:
            found = self._laid[number] = self._lay(self.paragraphs[number])
            height = self._full_height(self.paragraphs[number], found.height)
            if height != self._heights[number]:
                self._heights[number] = height
                self._tops = None
        return found

    def rects(self, index: int) -> tuple[QRectF, ...]:
        """A word's rectangles: more than one where it is broken."""
        number = self.holding(index)
        laid = self.laid(number)
        move = QPointF(0, self.body(number))
        return tuple(r.translated(move) for r in laid.rects[index - self.paragraphs[number].first])

    def word_at(self, x: float, y: float) -> int | None:
        """The word at a point, or None between the words."""
        if not self.paragraphs or not 0 <= y < self.height:
            return None
        number = self.at(y)
        laid = self.laid(number)
        point = QPointF(x, y - self.body(number))
        for k, rects in enumerate(laid.rects):
            if any(r.adjusted(-2, 0, 2, 0).contains(point) for r in rects):
                return self.paragraphs[number].first + k
        return None

    def nearest(self, x: float, y: float) -> int | None:
        """The word nearest to a point on the line there: where a drag reaches to."""
        if not self.paragraphs:
            return None
        number = self.at(min(max(0.0, y), self.height - 1))
        laid = self.laid(number)
        if not laid.lines:
            return None
        inner = y - self.body(number)
        line = max(0, min(len(laid.lines) - 1, int(inner // self.line_height)))
        return self._nearest_on(number, line, x)

    def line_of(self, index: int) -> tuple[int, int]:
        """(paragraph, line) where a word begins."""
        number = self.holding(index)
        k = index - self.paragraphs[number].first
        for line, words in enumerate(self.laid(number).lines):
            if k in words:
                return number, line
        return number, 0

    def line_words(self, number: int, line: int) -> tuple[int, ...]:
        """Word indices on a line in reading order."""
        first = self.paragraphs[number].first
        return tuple(first + k for k in self.laid(number).lines[line])

    def line_beside(self, index: int, lines: int, x: float) -> int | None:
        """The word so many lines further down (negative: up) nearest to `x`; None past the end."""
        number, line = self.line_of(index)
        line += lines
        while line < 0:
            number -= 1
            if number < 0:
                return None
            line += len(self.laid(number).lines)
        while line >= len(self.laid(number).lines):
            line -= len(self.laid(number).lines)
            number += 1
            if number >= len(self.paragraphs):
                return None
        return self._nearest_on(number, line, x)

    def beside(self, index: int, step: int) -> int | None:
        """The word to the right (1) or left (-1) as seen, over the line's end into the next one."""
        number, line = self.line_of(index)
        row = self._by_sight(number, line)
        at = row.index(index) + step if index in row else -1
        if 0 <= at < len(row):
            return row[at]
        onward = step > 0 if not self.right_to_left else step < 0
        there = self.line_beside(index, 1 if onward else -1, 0.0)
        if there is None:
            return None
        row = self._by_sight(*self.line_of(there))
        return row[0] if step > 0 else row[-1]

    def _by_sight(self, number: int, line: int) -> list[int]:
        rects = self.laid(number).rects
        first = self.paragraphs[number].first
        words = self.laid(number).lines[line]
        return [first + k for k in sorted(words, key=lambda k: rects[k][0].center().x())]

    def _nearest_on(self, number: int, line: int, x: float) -> int | None:
        laid = self.laid(number)
        words = laid.lines[line]
        if not words:
            return None
        middle = (line + 0.5) * self.line_height

        def distance(k: int) -> float:
            return min(
                max(r.left() - x, x - r.right(), 0.0)
                for r in laid.rects[k]
                if r.top() <= middle <= r.bottom() or len(laid.rects[k]) == 1
            )

        return self.paragraphs[number].first + min(words, key=distance)

    # ---- one paragraph

    def _top_list(self) -> list[float]:
        if self._tops is None:
            self._tops = list(accumulate(self._heights, initial=0.0))
        return self._tops

    def _count(self, paragraph: Paragraph) -> float:
        """About how many letters wide the paragraph is, word spaces included."""
        words = self.transcript.words[paragraph.first : paragraph.end]
        return sum(len(w.text) for w in words) + 1.4 * len(words)

    def _estimate(self, paragraph: Paragraph, letters: float) -> float:
        lines = max(1, round(letters * self._letter * 1.05 / self.width + 0.5))
        return self._full_height(paragraph, lines * self.line_height)

    @staticmethod
    def _full_height(paragraph: Paragraph, body: float) -> float:
        return body + (HEADER if paragraph.header else 0.0) + (GAP if paragraph.last else 0.0)

    def _lay(self, paragraph: Paragraph) -> Laid:
        texts = [self.text_of(i) for i in range(paragraph.first, paragraph.end)]
        offsets = list(accumulate((_units(t) + 1 for t in texts), initial=0))[:-1]
        ends = [o + _units(t) for o, t in zip(offsets, texts, strict=True)]
        layout = QTextLayout(" ".join(texts), self._font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        rtl = self.right_to_left
        option.setTextDirection(
            Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight
        )
        # QTextLayout does not turn the sides round by itself, whatever its text direction.
        option.setAlignment(Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft)
        layout.setTextOption(option)
        lines = self._break(layout)
        by_line: list[list[int]] = [[] for _ in lines]
        rects: list[tuple[QRectF, ...]] = []
        at = 0
        for k, (start, end) in enumerate(zip(offsets, ends, strict=True)):
            while at + 1 < len(lines) and lines[at + 1].textStart() <= start:
                at += 1
            if lines:
                by_line[at].append(k)
            rects.append(tuple(self._word_rects(lines, at, start, end)))
        return Laid(
            layout,
            tuple(rects),
            tuple(offsets),
            tuple(ends),
            tuple(tuple(words) for words in by_line),
            max(1, len(lines)) * self.line_height,
        )

    def _break(self, layout: QTextLayout) -> list[QTextLine]:
        lines: list[QTextLine] = []
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self.width)
            slack = self.line_height - line.height()
            line.setPosition(QPointF(0, len(lines) * self.line_height + slack / 2))
            lines.append(line)
        layout.endLayout()
        return lines

    def _word_rects(
        self, lines: Sequence[QTextLine], at: int, start: int, end: int
    ) -> list[QRectF]:
        out: list[QRectF] = []
        for line in lines[at:]:
            first, stop = (
                max(start, line.textStart()),
                min(end, line.textStart() + line.textLength()),
            )
            if line.textStart() >= end:
                break
            if first >= stop:
                continue
            # cursorToX is of no use at a change of direction: it names the run's other end there.
            number = round(line.position().y() // self.line_height)
            top = number * self.line_height + (self.line_height - line.height()) / 2
            runs = (run.boundingRect() for run in line.glyphRuns(first, stop - first))
            out.extend(
                QRectF(left, top, max(1.0, right - left), line.height())
                for left, right in _joined((r.left(), r.right()) for r in runs)
            )
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


def find(layout: TranscriptLayout, query: str) -> tuple[tuple[int, int], ...]:
    """Word ranges `[first, end)` whose text holds the query, which may reach over several words.

    Case does not matter; of several places inside one word the first counts.
    """
    wanted = " ".join(query.casefold().split())
    if not wanted:
        return ()
    text, starts = layout.folded
    out: list[tuple[int, int]] = []
    first = 0
    at = text.find(wanted)
    while at >= 0:
        first = bisect_right(starts, at, first) - 1
        end = first + 1
        while starts[end] < at + len(wanted):
            end += 1
        out.append((first, end))
        at = text.find(wanted, starts[first + 1])
    return tuple(out)
