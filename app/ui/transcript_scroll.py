"""A column of paragraphs that scrolls: it follows, it stops following, and what is seen stays."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from app.ui.transcript_layout import TranscriptLayout

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
        self._was_at = 0
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
            self._scroll_to(self._layout.top(self._layout.holding(held[0])) + held[1])
        self.moved.emit()

    def _set_range(self) -> None:
        high = self.viewport().height()
        total = self._layout.height + 2 * MARGIN if self._layout else 0
        bar = self.verticalScrollBar()
        self._moving = True
        bar.setPageStep(high)
        bar.setRange(0, max(0, round(total - high)))
        self._moving = False

    def _scroll_to(self, y: float) -> None:
        self._moving = True
        self.verticalScrollBar().setValue(round(y))
        self._moving = False

    def _scrolled(self) -> None:
        if not self._moving:
            self.break_follow()
            self._settle()
        self._was_at = self.verticalScrollBar().value()
        self.viewport().update()
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
        upwards = bar.value() < self._was_at and not bar.isSliderDown()
        top = float(bar.value() - MARGIN)
        first, known = layout.at(top), layout.height
        if upwards and bar.value() and not layout.is_laid(first):
            below = layout.bottom(first) - top
            layout.laid(first)
            top = layout.bottom(first) - below
        layout.visible(top, top + self.viewport().height())
        if layout.height != known:
            self._set_range()
            self._scroll_to(top + MARGIN)

    def _bring(self, index: int) -> None:
        """Scroll so that a word is in sight, a third from the top where it was not."""
        layout = self.layout_now
        if layout is None:
            return
        for _ in range(2):  # laying out what comes into sight may move it once
            rect = layout.rects(index)[0]
            top, high = self.verticalScrollBar().value(), self.viewport().height()
            y = rect.top() + MARGIN
            if top + 8 <= y and y + rect.height() <= top + high - 8:
                return
            layout.visible(y - high / 3, y + high)
            self._set_range()
            rect = layout.rects(index)[0]
            self._scroll_to(rect.top() + MARGIN - high / 3)

    def origin(self) -> QPointF:
        """Where the corner of the column lies in the viewport."""
        return QPointF(MARGIN, MARGIN - self.verticalScrollBar().value())

    def _update_word(self, index: int) -> None:
        if self._layout is None:
            return
        number = self._layout.holding(index)
        top = self._layout.top(number) + self.origin().y()
        if top > self.viewport().height() or top < -20_000:
            return
        for rect in self._layout.rects(index):
            moved = rect.translated(self.origin()).adjusted(-5, -5, 5, 5)
            self.viewport().update(moved.toAlignedRect())
