"""Where every word of the transcript lies: paragraphs laid out only where they are looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF

from app.core.transcript import Transcript
from app.ui.transcript_heights import Heights
from app.ui.transcript_lines import Laid, Style, lay
from app.ui.transcript_paragraphs import Paragraph, Paragraphs, holding, paragraphs

HEADER = 24.0
"""Height of the line with name and time over a turn's first paragraph."""

GAP = 14.0
"""Space below a paragraph that ends a turn."""

LEADING = 1.75
"""Distance of lines in parts of the font's size."""

_SAMPLES = 1000

_REMEMBERED = 300
"""Paragraphs that stay laid out at most; of the others the height is remembered."""


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
        shown: Paragraphs | None = None,
    ) -> None:
        self.transcript = transcript
        self.corrections = corrections
        self.paragraphs = paragraphs(transcript) if shown is None else shown
        self.line_height = round(font.pixelSize() * LEADING)
        self._font = font
        self._gone = b""
        step = max(1, len(transcript.words) // _SAMPLES)
        sample = [len(w.text) for w in transcript.words[::step]]
        letter = QFontMetricsF(font).averageCharWidth()
        self._word = (sum(sample) / max(1, len(sample)) + 1.4) * letter * 1.05
        self._laid: dict[int, Laid] = {}
        self._known: set[int] = set()
        self.set_width(width)

    # ---- what it is made of

    def set_width(self, width: float) -> None:
        """Another width of the column: nothing is laid out any more."""
        self.width = max(60.0, width)
        self._style = Style(self._font, self.width, self.line_height, self.right_to_left)
        self._laid, self._known = {}, set()
        self._heights = Heights(self._estimates(self.paragraphs))

    def correct(self, corrections: Mapping[int, str]) -> frozenset[int]:
        """Other corrections: only paragraphs with one that differs are laid out again.

        Returns the indices of the words that read differently now.
        """
        other = frozenset(index for index, _text in self.corrections.items() ^ corrections.items())
        self.corrections = corrections
        self._forget({self.holding(index) for index in other})
        return other

    def hide(self, gone: bytes) -> bool:
        """Leave out the words with the byte 1, the others have 0; b"" shows all.

        Whether that differs from before.
        """
        if gone == self._gone:
            return False
        before, self._gone = self._gone, gone
        if len(before) == len(gone):
            self._forget({self.holding(i) for i in differing(before, gone)})
        else:
            either = before or gone
            numbered = enumerate(self.paragraphs)
            self._forget({n for n, p in numbered if either.find(1, p.first, p.end) >= 0})
        return True

    @property
    def gone(self) -> bytes:
        """What was given to `hide`."""
        return self._gone

    def regroup(self, shown: Paragraphs) -> None:
        """Other paragraphs of the same words: those that are the same stay laid out."""
        old = self.paragraphs
        same = _common(old, shown)
        tail = _common(old[same:][::-1], shown[same:][::-1])
        self.paragraphs = shown
        moved, stop = len(shown) - len(old), len(old) - tail
        places = {n: n if n < same else n + moved for n in self._known if n < same or n >= stop}
        self._known = set(places.values())
        self._laid = {places[n]: laid for n, laid in self._laid.items() if n in places}
        fresh = self._estimates(shown[same : len(shown) - tail])
        self._heights = self._heights.replaced(same, stop, fresh)

    @property
    def right_to_left(self) -> bool:
        """The direction of the column."""
        return self.transcript.right_to_left

    def text_of(self, index: int) -> str:
        """The word as corrected, else as heard; white space and control characters are spaces."""
        text = self.corrections.get(index) or self.transcript.words[index].text
        return text if text.isalnum() else " ".join(text.split())

    # ---- where paragraphs are

    @property
    def height(self) -> float:
        """Of everything, as far as is known now."""
        return self._heights.total

    def top(self, number: int) -> float:
        """Where paragraph `number` begins."""
        return self._heights.top(number)

    def bottom(self, number: int) -> float:
        """Where paragraph `number` ends."""
        return self._heights.top(number) + self._heights[number]

    def body(self, number: int) -> float:
        """Where its first line begins, below the header."""
        return self.top(number) + (HEADER if self.paragraphs[number].header else 0.0)

    def at(self, y: float) -> int:
        """Number of the paragraph at a height, clamped; -1 where there are none."""
        return self._heights.at(y)

    def visible(self, top: float, bottom: float) -> range:
        """Paragraphs between two heights, laid out; heights above `top` do not move."""
        if not self.paragraphs:
            return range(0)
        first = number = self.at(top)
        y = self.top(first)
        while number < len(self.paragraphs) and (y < bottom or number == first):
            self.laid(number)
            y += self._heights[number]
            number += 1
        return range(first, number)

    def holding(self, index: int) -> int:
        """Number of the paragraph with a word."""
        return holding(self.paragraphs, index)

    def is_laid(self, number: int) -> bool:
        """Whether the height of a paragraph is known and not estimated."""
        return number in self._known

    def laid(self, number: int) -> Laid:
        """Paragraph `number` with its lines, made at the first call."""
        found = self._laid.get(number)
        if found is None:
            words = self._shown(self.paragraphs[number])
            found = lay(words, [self.text_of(i) for i in words], self._style)
            if len(self._laid) >= _REMEMBERED:
                del self._laid[next(iter(self._laid))]
            self._laid[number] = found
            self._known.add(number)
            height = self._full_height(self.paragraphs[number], found.height)
            if height != self._heights[number]:
                self._heights[number] = height
        return found

    # ---- where words are

    def rects(self, index: int) -> tuple[QRectF, ...]:
        """A word's rectangles: more than one where it is broken; of a hidden one, its place's."""
        number = self.holding(index)
        laid = self.laid(number)
        if not laid.words:
            return (QRectF(0, self.top(number), 0, 0),)
        move = QPointF(0, self.body(number))
        return tuple(r.translated(move) for r in laid.rects[laid.place(index)])

    def word_at(self, x: float, y: float) -> int | None:
        """The word at a point, or None between the words."""
        if not self.paragraphs or not 0 <= y < self.height:
            return None
        number = self.at(y)
        laid = self.laid(number)
        point = QPointF(x, y - self.body(number))
        line = int(point.y() // self.line_height)
        for index in _beginning_by(laid, line):
            rects = laid.rects[laid.place(index)]
            if any(r.adjusted(-2, 0, 2, 0).contains(point) for r in rects):
                return index
        return None

    def header_at(self, y: float) -> int | None:
        """Number of the paragraph whose line with the name is at a height, or None."""
        if not self.paragraphs or not 0 <= y < self.height:
            return None
        number = self.at(y)
        over = self.paragraphs[number].header and self.laid(number).words
        return number if over and y < self.body(number) else None

    # ---- one paragraph

    def _shown(self, paragraph: Paragraph) -> Sequence[int]:
        every = range(paragraph.first, paragraph.end)
        if not any(self._gone[paragraph.first : paragraph.end]):
            return every
        return tuple(i for i in every if not self._gone[i])

    def _forget(self, numbers: set[int]) -> None:
        for number in numbers:
            self._laid.pop(number, None)
            self._known.discard(number)
            self._heights[number] = self._estimate(self.paragraphs[number])

    def _estimates(self, some: Paragraphs) -> list[float]:
        """`_estimate` of each: thousands at once, of a film that has just been opened."""
        if self._gone:
            return [self._estimate(p) for p in some]
        word, wide, high = self._word, self.width, self.line_height
        return [
            (int((end - first) * word / wide) + 1) * high
            + (HEADER if header else 0.0)
            + (GAP if last else 0.0)
            for first, end, _speaker, _start, header, last in some
        ]

    def _estimate(self, p: Paragraph) -> float:
        count = p.end - p.first
        if self._gone:
            count -= self._gone.count(1, p.first, p.end)
        lines = int(count * self._word / self.width) + 1 if count else 0
        return self._full_height(p, lines * self.line_height)

    @staticmethod
    def _full_height(p: Paragraph, body: float) -> float:
        if not body:  # every word of it is hidden
            return 0.0
        return body + (HEADER if p.header else 0.0) + (GAP if p.last else 0.0)


def _beginning_by(laid: Laid, line: int) -> Sequence[int]:
    """The words that begin on a line, and the one that may reach over from before it."""
    if not 0 <= line < len(laid.lines):
        return ()
    before = next((row[-1:] for row in reversed(laid.lines[:line]) if row), ())
    return (*before, *laid.lines[line])


def _common(one: Paragraphs, other: Paragraphs) -> int:
    """How many paragraphs at the beginning are the same."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def differing(one: bytes, other: bytes, block: int = 4096) -> Iterator[int]:
    """Where two texts of the same length differ, found in ever smaller blocks."""
    for at in range(0, len(one), block):
        left, right = one[at : at + block], other[at : at + block]
        if left != right:
            within = differing(left, right, block // 64) if block > 1 else (0,)
            yield from (at + k for k in within)
