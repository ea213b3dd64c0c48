"""A column of paragraphs that scrolls: it follows, it stops following, and what is seen stays."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtWidgets import QAbstractScrollArea, QWidget
from typing_extensions import override

from app.ui.transcript_layout import TranscriptLayout

_MANY = 60
"""Words above which the whole view is painted again."""

MARGIN = 16
"""Pixels around the column."""


class TranscriptScroll(QAbstractScrollArea):
    """Where the column lies in the viewport, and how it gets there.

    Signals:
        follow_broken(): the person scrolled while the text followed the playhead.
        moved: what is shown lies elsewhere now.
    """

    follow_broken = Signal()
    moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._layout: TranscriptLayout | None = None
        self._following = True
        self._moving = False
        self._shifted = False
        self._was_at = 0
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.verticalScrollBar().setSingleStep(26)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    @property
    def layout_now(self) -> TranscriptLayout | None:
        """The layout, or None where there are no words."""
        return self._layout

    def _held(self) -> tuple[int, float] | None:
        """The word at the top and how far its paragraph is scrolled, to come back to."""
        if self._layout is None or not self._layout.paragraphs:
            return None
        y = float(self.verticalScrollBar().value())
        number = self._layout.at(y)
        return self._layout.paragraphs[number].first, y - self._layout.top(number)

    def _come_back(self, held: tuple[int, float] | None) -> None:
        self._set_range()
        if held is not None and self._layout is not None and held != self._held():
            self._scroll_to(self._layout.top(self._layout.holding(held[0])) + held[1], shifted=True)
        self.moved.emit()

    def _set_range(self) -> None:
        high = self.viewport().height()
        total = self._layout.height + 2 * MARGIN if self._layout else 0
        bar = self.verticalScrollBar()
        self._moving = True
        bar.setPageStep(high)
        bar.setRange(0, max(0, round(total - high)))
        self._moving = False

    def _scroll_to(self, y: float, *, shifted: bool) -> None:
        """Scroll there, not as the person does; shifted: heights above what is seen are others."""
        self._moving, self._shifted = True, shifted
        self.verticalScrollBar().setValue(round(y))
        self._moving = self._shifted = False

    @override
    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """What is painted is moved along where it lies as it did, and only the rest painted."""
        ratio = self.devicePixelRatioF()
        if self._shifted or ratio != round(ratio):
            self.viewport().update()
        else:
            self.viewport().scroll(dx, dy)

    def _scrolled(self) -> None:
        if not self._moving:
            self.break_follow()
            self._settle()
        self._was_at = self.verticalScrollBar().value()
        self.moved.emit()

    def break_follow(self) -> None:
        """The person looks elsewhere: the playhead does not take the text along any more."""
        if self._following:
            self._following = False
            self.follow_broken.emit()

    def _settle(self) -> None:
        """Lay out what came into sight; what was in sight stays where it was."""
        bar, layout = self.verticalScrollBar(), self.layout_now
        if layout is None or not layout.paragraphs:
            return
        high, known = self.viewport().height(), layout.height
        top = float(bar.value() - MARGIN)
        near = 0 < self._was_at - bar.value() < high and not bar.isSliderDown()
        seen = layout.at(self._was_at - MARGIN if near and bar.value() else top)
        before = layout.top(seen)
        gap = before - top
        for _ in range(3):  # what is laid out above may be lower than was estimated
            layout.visible(top, top + high)
            if layout.top(seen) - gap == top:
                break
            top = layout.top(seen) - gap
        if layout.height != known:
            self._set_range()
        if layout.top(seen) != before:
            self._scroll_to(top + MARGIN, shifted=True)
            self.viewport().update()

    def _bring(self, index: int) -> None:
        """Scroll so that a word is in sight: by a line where it is just outside, else a third."""
        layout = self.layout_now
        if layout is None:
            return
        for _ in range(2):  # laying out what comes into sight may move it once
            top, high = self.verticalScrollBar().value(), self.viewport().height()
            seen = layout.at(top - MARGIN)
            before = layout.top(seen)
            rect = layout.rects(index)[0]
            y, edge = rect.top() + MARGIN, layout.line_height
            below = y + rect.height() + 8 - (top + high)
            if top + 8 <= y and below <= 0:
                return
            if y < top + 8 and y > top - 2 * edge:
                there = y - edge
            elif 0 < below < 2 * edge:
                there = top + below + edge
            else:
                there = y - high / 3
            layout.visible(there - MARGIN, there - MARGIN + high)
            self._set_range()
            moved = layout.rects(index)[0].top() - rect.top()
            shifted = layout.top(seen) != before
            self._scroll_to(there + moved, shifted=shifted)
            if shifted:
                self.viewport().update()

    def origin(self) -> QPointF:
        """Where the corner of the column lies in the viewport."""
        return QPointF(MARGIN, MARGIN - self.verticalScrollBar().value())

    def _update_words(self, words: Iterable[int]) -> None:
        """Paint these words again; everything where they are many."""
        some = list(islice(words, _MANY + 1))
        if len(some) > _MANY:
            self.viewport().update()
            return
        for index in some:
            self._update_word(index)

    def _update_word(self, index: int) -> None:
        layout = self._layout
        number = layout.holding(index) if layout is not None else -1
        if layout is None or not layout.is_laid(number):
            return
        down = self.origin().y()
        if layout.bottom(number) + down < 0 or layout.top(number) + down > self.viewport().height():
            return
        for rect in layout.rects(index):
            moved = rect.translated(self.origin()).adjusted(-5, -5, 5, 5)
            self.viewport().update(moved.toAlignedRect())
