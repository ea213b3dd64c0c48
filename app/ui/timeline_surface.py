"""What the timeline shows, as a widget without gestures: a still picture and what lies over it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Literal

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.core.review import Review
from app.core.timerange import TimeRange
from app.ui import timeline_overlays, timeline_paint
from app.ui.timeline_input import timeline_input
from app.ui.timeline_items import Item
from app.ui.timeline_lanes import OVERVIEW, Lane
from app.ui.timeline_layout import Layout
from app.ui.timeline_part import TimelinePart
from app.ui.timeline_repaint import repaint
from app.ui.timeline_scale import GUTTER, RIGHT
from app.ui.timeline_strips import Strips
from app.ui.timeline_tips import description

Gesture = Literal["", "scrub", "press", "select", "edge", "overview", "border", "lanes"]


class TimelineSurface(TimelinePart):
    """Everything over time, with the playhead; `TimelineView` adds what the mouse does.

    Signals:
        follow_broken(): the person scrolled away while the view followed the playhead.
    """

    follow_broken = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Timeline")
        self.setObjectName("timeline")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        # Time runs to the right in every language.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setMinimumHeight(140)
        self._review: Review | None = None
        self._strips: Strips | None = None
        self._still = QPixmap()
        self._stale = True
        self._painted: Layout | None = None
        self._following = True
        self._current: Item | None = None
        self._selection: TimeRange | None = None
        self._chosen = ""
        self._moment = ""
        self._marks: tuple[int | None, int | None] = (None, None)
        self._gesture: Gesture = ""
        self._lane: Lane | None = None
        self._edge: tuple[str, Literal["start", "end"]] = ("", "start")
        self._dragged: TimeRange | None = None

    # ---- what is shown

    def show_review(self, review: Review | None) -> None:
        """Another version of the document, or none; the part in view stays as it is."""
        before = self._given.duration
        self._review = review
        self._given = timeline_input(review)
        self._fit = self._fit or self._given.duration != before
        if review is None:
            # Out of sight it paints no empty film, and would keep the words of the one before.
            self._last = self._painted = None
        self.setAccessibleDescription(description(self._given))
        self._changed()

    def set_playhead(self, t: int) -> None:
        """Where playing is; repaints two narrow strips, or turns the page when it follows."""
        was, self._playhead = self._playhead, t
        if self._following and self._gesture == "" and self._page_to(t):
            return
        self._update_strip(was)
        self._update_strip(t)
        self._mark_current()

    def set_selection(self, chosen: TimeRange | None) -> None:
        """The selected stretch, wherever it was made."""
        if chosen != self._selection:
            self._selection = chosen
            self.update()

    def set_chosen(self, span_id: str) -> None:
        """The proposal or strike that the commands act on; "" for none."""
        if span_id != self._chosen:
            self._chosen = span_id
            self.update()

    def set_current_moment(self, key: str) -> None:
        """The moment that the commands act on; "" for none."""
        if key != self._moment:
            self._moment = key
            self.update()

    def set_marks(self, mark_in: int | None, mark_out: int | None) -> None:
        """The in and out points."""
        if (mark_in, mark_out) != self._marks:
            self._marks = (mark_in, mark_out)
            self.update()

    def set_following(self, on: bool) -> None:
        """Keep the playhead in view while it moves."""
        self._following = on
        if on:
            self._page_to(self._playhead)

    @property
    def following(self) -> bool:
        """Whether the view goes with the playhead."""
        return self._following

    @override
    def sizeHint(self) -> QSize:
        return QSize(1000, 300)

    # ---- changes

    @override
    def _changed(self) -> None:
        self._shown = None
        self._current = None
        self._mark_current()
        self.update()

    def _pan(self, pixels: float) -> None:
        before = self.shown.view.start
        self._look_at(replace(self._view, start=before + pixels * self._view.us_per_px))
        if self._view.start != before:
            self._break_follow()

    def _break_follow(self) -> None:
        if self._following:
            self._following = False
            self.follow_broken.emit()

    def _page_to(self, t: int) -> bool:
        """Turn the page when the playhead has left it; whether it was turned."""
        view = self.shown.view
        x = view.x_of(t)
        seen = view.width - GUTTER - RIGHT
        if self._fit or (GUTTER - 1 <= x <= view.width - RIGHT):
            return False
        before = view.start
        self._look_at(replace(view, start=t - seen * 0.1 * view.us_per_px))
        return self._view.start != before

    def _update_strip(self, t: int) -> None:
        shown = self.shown
        x = math.floor(shown.view.x_of(t))
        if GUTTER - 10 <= x <= self.width() + 10:
            self.update(QRect(x - 9, 0, 19, math.ceil(shown.bottom)))
        at = math.floor(shown.overview_x(t))
        self.update(QRect(at - 2, math.floor(shown.overview), 5, math.ceil(OVERVIEW) + 1))

    def _mark_current(self) -> None:
        transcript = self._given.transcript
        t = self._playhead
        if self._review is not None:
            t = self._review.evidence.footage.middle_of_frame(t)
        index = transcript.word_at(t) if transcript else None
        if index is None:
            found = None
        elif self._current is not None and self._current.index == index:
            return
        else:
            found = self.shown.word(index)
        for item in (self._current, found):
            if item is not None:
                self.update(QRectF(item.x, item.y, item.width, item.height).toAlignedRect())
        self._current = found

    # ---- painting

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        shown = self.shown
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        # The same memory again: asking the system for it costs as much as painting.
        if self._still.size() != self.size() * ratio:
            self._still, self._stale = QPixmap(self.size() * ratio), True
        if self._still.devicePixelRatioF() != ratio:
            self._still.setDevicePixelRatio(ratio)
            self._stale = True
        if self._stale or self._painted is not shown:
            self._paint_still(shown)
        painter.drawPixmap(0, 0, self._still)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        painter.setClipRect(QRectF(GUTTER - 8, 0, self.width(), shown.bottom))
        self._paint_over(painter, shown)
        painter.restore()
        if self._given.duration:
            timeline_overlays.paint_playhead(painter, shown, self._playhead)
            if self._gesture == "edge" and self._dragged is not None:
                self._paint_label(painter, shown, self._dragged)
        else:
            timeline_overlays.paint_empty(painter, self.width())
        if self.hasFocus():
            timeline_overlays.paint_focus(painter, self.rect())
        painter.end()

    def _paint_still(self, shown: Layout) -> None:
        """The still picture: what an edit changed of it, else anew."""
        before, self._painted = self._painted, shown
        if self._stale or not before or not repaint(self._still, before, shown, self._strips):
            still = QPainter(self._still)
            timeline_paint.paint(still, shown, self._given, self._strips)
            still.end()
        self._stale = False

    def _paint_over(self, painter: QPainter, shown: Layout) -> None:
        if self._current is not None:
            text = self._given.word_text(self._current.index)
            timeline_overlays.paint_current(painter, self._current, text)
        if self._selection is not None:
            timeline_overlays.paint_selection(
                painter, shown, self._selection.start, self._selection.end, self._lane
            )
        if self._gesture == "edge" and self._dragged is not None:
            self._paint_drag(painter, shown, self._dragged)
        elif self._chosen or self._moment:
            self._paint_chosen(painter, shown)
        for t, inward in zip(self._marks, (1, -1), strict=True):
            if t is not None:
                timeline_overlays.paint_mark(painter, shown, t, inward)

    def _paint_drag(self, painter: QPainter, shown: Layout, span: TimeRange) -> None:
        """A stretch whose edge is being dragged."""

    def _paint_label(self, painter: QPainter, shown: Layout, span: TimeRange) -> None:
        """Where the edge is, above the clip of the lanes."""

    def _paint_chosen(self, painter: QPainter, shown: Layout) -> None:
        for item in shown.items_of("moment"):
            if item.id == self._moment and item.count == 1:
                timeline_overlays.paint_chosen_moment(painter, item)
        for item in shown.items_of("cut"):
            if item.id == self._chosen and item.count == 1:
                timeline_overlays.paint_chosen_cut(painter, item)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._changed()
        super().resizeEvent(event)

    @override
    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._stale = True
            self.update()
        super().changeEvent(event)
