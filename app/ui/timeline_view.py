"""The timeline as a widget: it draws the layout and turns gestures into signals."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Literal

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget
from typing_extensions import override

from app.core.frames import FrameGrid
from app.core.moment_checks import snap_edge
from app.core.moments import PlacedMoment
from app.core.review import Review
from app.core.timerange import TimeRange
from app.ui import theme, timeline_paint
from app.ui.text import clock, counted, isolated, length, span
from app.ui.timeline_input import TimelineInput, timeline_input
from app.ui.timeline_layout import (
    GUTTER,
    OVERVIEW,
    RIGHT,
    RULER,
    Item,
    Kind,
    Lane,
    Layout,
    View,
    clamped,
    fitted,
    layout,
    words_between,
    zoomed,
)
from app.ui.timeline_moments import bar_text

DRAG = 4
"""Pixels before a press becomes a drag."""

LEAST = 40_000
"""Microseconds that a moment keeps at least where the film has no frames to count."""

SNAP, SNAP_PX = 150_000, 8.0
"""A dragged edge of a moment snaps to what is so near, in microseconds and in pixels."""

Gesture = Literal["", "scrub", "press", "select", "edge", "overview"]


class TimelineView(QWidget):
    """Everything over time, with the playhead.

    Signals (times are integer microseconds of the source):
        seek_requested(object): a click or the dragged playhead asks to go to this instant.
        scrub_started(), scrub_ended(): around the seeks of one drag of the playhead.
        step_requested(int): the wheel asks for so many frames on (negative: back).
        selection_made(object): a TimeRange of whole words, or None where a click cleared it.
        edge_moved(str, object): id of a proposal or strike and its new TimeRange; once, at release.
        proposal_clicked(str): id of the proposal or strike that was clicked.
        moment_clicked(str), moment_activated(str): key of the moment that was clicked, or double
            clicked to be played. moment_put_back(str): a moved edge of it was double clicked.
        moment_moved(str, object): its key and the TimeRange its edge was dragged to.
        follow_broken(): the person scrolled away while the view followed the playhead.
    """

    seek_requested = Signal(object)
    scrub_started = Signal()
    scrub_ended = Signal()
    step_requested = Signal(int)
    selection_made = Signal(object)
    edge_moved = Signal(str, object)
    proposal_clicked = Signal(str)
    moment_clicked = Signal(str)
    moment_activated = Signal(str)
    moment_put_back = Signal(str)
    moment_moved = Signal(str, object)
    follow_broken = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Timeline")
        self.setObjectName("timeline")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        # Time runs to the right in every language.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setMinimumHeight(140)
        self._given = TimelineInput()
        self._review: Review | None = None
        self._view = View(0.0, 1000.0, 800.0, 200.0)
        self._shown: Layout | None = None
        self._still: QPixmap | None = None
        self._fit = True
        self._playhead = 0
        self._following = True
        self._current: Item | None = None
        self._selection: TimeRange | None = None
        self._chosen = ""
        self._moment = ""
        self._marks: tuple[int | None, int | None] = (None, None)
        self._gesture: Gesture = ""
        self._pressed = QPoint()
        self._lane: Lane | None = None
        self._edge: tuple[str, Literal["start", "end"]] = ("", "start")
        self._dragged: TimeRange | None = None
        self._scrubbing = False
        self._playhead_before = 0
        self._wheel_rest = 0

    # ---- what is shown

    def show_review(self, review: Review | None) -> None:
        """Another version of the document, or none; the part in view stays as it is."""
        before = self._given.duration
        self._review = review
        self._given = timeline_input(review)
        self._fit = self._fit or self._given.duration != before
        self._describe()
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

    @property
    def view_state(self) -> tuple[int, float, bool]:
        """First instant in view, microseconds a pixel, and whether the whole film is fitted."""
        return round(self._view.start), self._view.us_per_px, self._fit

    def restore_view(self, start: int, us_per_px: float, fit: bool) -> None:
        """What `view_state` gave, kept since last time."""
        self._fit = fit
        if not fit and math.isfinite(us_per_px) and us_per_px > 0:
            self._look_at(replace(self._view, start=float(start), us_per_px=us_per_px))
        else:
            self._changed()

    def zoom_in(self) -> None:
        """Twice as close about the playhead, or the middle where it is out of sight."""
        self._zoom(2.0, self._zoom_centre())

    def zoom_out(self) -> None:
        """Half as close."""
        self._zoom(0.5, self._zoom_centre())

    def fit(self) -> None:
        """The whole film."""
        self._fit = True
        self._changed()

    @property
    def shown(self) -> Layout:
        """The layout as painted now."""
        if self._shown is None:
            if self._fit:
                self._view = fitted(self._given.duration, self.width(), self.height())
            else:
                resized = replace(self._view, width=self.width(), height=self.height())
                self._view = clamped(resized, self._given.duration)
            self._shown = layout(self._given, self._view)
        return self._shown

    @override
    def sizeHint(self) -> QSize:
        return QSize(1000, 300)

    # ---- changes

    def _changed(self) -> None:
        self._shown = self._still = None
        self._current = None
        self._mark_current()
        self.update()

    def _look_at(self, view: View) -> None:
        view = clamped(view, self._given.duration)
        whole = fitted(self._given.duration, view.width, view.height)
        self._fit = view.us_per_px >= whole.us_per_px
        self._view = view
        self._changed()

    def _zoom(self, factor: float, x: float) -> None:
        _ = self.shown
        self._look_at(zoomed(self._view, self._given.duration, factor, x))

    def _zoom_centre(self) -> float:
        x = self.shown.view.x_of(self._playhead)
        return x if GUTTER <= x <= self.width() else (GUTTER + self.width()) / 2

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
        index = transcript.word_at(self._playhead) if transcript else None
        if index is None:
            found = None
        elif self._current is not None and self._current.thing.index == index:
            return
        else:
            words = self.shown.items_of("word")
            found = next((i for i in words if i.thing.index == index and i.count == 1), None)
        for item in (self._current, found):
            if item is not None:
                self.update(QRectF(item.x, item.y, item.width, item.height).toAlignedRect())
        self._current = found

    def _describe(self) -> None:
        given = self._given
        waiting = sum(c.state == "proposed" for c in given.cuts)
        removed = sum(c.state == "removed" for c in given.cuts)
        parts = [length(given.duration), f"{removed} removed", f"{waiting} proposed"]
        if len(given.scene_starts):
            parts.append(counted(len(given.scene_starts), "scene"))
        if given.moments:
            parts.append(counted(len(given.moments), "moment"))
        if given.people:
            parts.append(counted(len(given.people), "person", "people"))
        self.setAccessibleDescription(", ".join(parts) if given.duration else "No video")

    # ---- painting

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        shown = self.shown
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        if self._still is None or self._still.devicePixelRatioF() != ratio:
            self._still = QPixmap(self.size() * ratio)
            self._still.setDevicePixelRatio(ratio)
            still = QPainter(self._still)
            timeline_paint.paint(still, shown, self._given)
            still.end()
        painter.drawPixmap(0, 0, self._still)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        painter.setClipRect(QRectF(GUTTER - 8, 0, self.width(), shown.bottom))
        self._paint_over(painter, shown)
        painter.restore()
        if self._given.duration:
            timeline_paint.paint_playhead(painter, shown, self._playhead)
            self._paint_edge_label(painter, shown)
        else:
            self._paint_empty(painter)
        if self.hasFocus():
            painter.setPen(QPen(theme.tint(theme.current().accent, 0.6), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.end()

    def _paint_over(self, painter: QPainter, shown: Layout) -> None:
        if self._current is not None:
            text = self._given.word_text(self._current.thing.index)
            timeline_paint.paint_current(painter, self._current, text)
        if self._selection is not None:
            timeline_paint.paint_selection(
                painter, shown, self._selection.start, self._selection.end, self._lane
            )
        if self._gesture == "edge" and self._dragged is not None:
            timeline_paint.paint_selection(
                painter, shown, self._dragged.start, self._dragged.end, self._dragged_lane()
            )
        elif self._chosen or self._moment:
            self._paint_chosen(painter, shown)
        for t, inward in zip(self._marks, (1, -1), strict=True):
            if t is not None:
                timeline_paint.paint_mark(painter, shown, t, inward)

    def _dragged_lane(self) -> Lane | None:
        """The cut's lane, or of the moments' the row in which the dragged one lies."""
        kind: Kind = "moment" if self._dragged_moment is not None else "cut"
        lane = next((lane for lane in self.shown.lanes if lane.kind == kind), None)
        items = self.shown.items_of("moment") if kind == "moment" else ()
        row = next((i for i in items if i.thing.id == self._edge[0]), None)
        # `paint_selection` stays clear of the lane's lines.
        return replace(lane, y=row.y - 1.5, height=row.height + 4) if lane and row else lane

    def _paint_edge_label(self, painter: QPainter, shown: Layout) -> None:
        """Where a moment's edge is being dragged to, above the clip of the lanes."""
        span_ = self._dragged
        if self._gesture == "edge" and span_ is not None and self._dragged_moment is not None:
            t = span_.start if self._edge[1] == "start" else span_.end
            said = f"{clock(t, 2)}  {length(span_.duration)}"
            timeline_paint.paint_edge_label(painter, shown, t, said)

    def _paint_chosen(self, painter: QPainter, shown: Layout) -> None:
        for item in shown.items_of("moment"):
            if item.thing.id == self._moment and item.count == 1:
                timeline_paint.paint_chosen_moment(painter, item)
        for item in shown.items_of("cut"):
            if item.thing.id == self._chosen:
                painter.setPen(QPen(QColor(theme.current().text1), 1.5))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(
                    QRectF(item.x, item.y, item.width, item.height).adjusted(0.5, 0.5, -0.5, -0.5),
                    4,
                    4,
                )

    def _paint_empty(self, painter: QPainter) -> None:
        painter.setFont(theme.ui())
        painter.setPen(QColor(theme.current().text2))
        where = QRectF(GUTTER, RULER + 26, self.width() - GUTTER, 60)
        painter.drawText(
            where,
            int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap),
            "The timeline appears here when a video is open: File, Open Video… (Ctrl+O)",
        )

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._changed()
        super().resizeEvent(event)

    @override
    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._still = None
            self.update()
        super().changeEvent(event)

    # ---- gestures

    def _time_at(self, x: float) -> int:
        return round(min(float(self._given.duration), max(0.0, self.shown.view.t_of(x))))

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self._given.duration:
            super().mousePressEvent(event)
            return
        at = event.position()
        self._pressed = at.toPoint()
        shown = self.shown
        edge = shown.edge_at(at.x(), at.y())
        kind = shown.hit(at.x(), at.y()).kind
        if kind == "overview":
            self._gesture = "overview"
            self._centre_on(shown.overview_t(at.x()))
        elif edge is not None and not self._on_handle(at.x(), at.y()):
            self._gesture, self._edge = "edge", edge
            self._dragged = self._range_of(edge[0])
            # Scrubbing along moves the playhead itself.
            self._playhead_before = self._playhead
        elif kind == "ruler" or self._on_handle(at.x(), at.y()):
            self._begin_scrub(at.x())
        elif kind != "names":
            self._gesture = "press"
            self._lane = shown.lane_at(at.y())

    def _on_handle(self, x: float, y: float) -> bool:
        near = abs(x - self.shown.view.x_of(self._playhead))
        return near <= 7 and y < RULER

    def _begin_scrub(self, x: float) -> None:
        self._gesture = "scrub"
        self.scrub_started.emit()
        self.seek_requested.emit(self._time_at(x))

    def _range_of(self, span_id: str) -> TimeRange | None:
        moment = self._moment_of(span_id)
        if moment is not None:
            return moment.span
        return next((c.range for c in self._given.cuts if c.id == span_id), None)

    def _moment_of(self, key: str) -> PlacedMoment | None:
        return next((m for m in self._given.moments if m.key == key), None)

    @property
    def _dragged_moment(self) -> PlacedMoment | None:
        return self._moment_of(self._edge[0]) if self._gesture == "edge" else None

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            super().mouseDoubleClickEvent(event)
            return
        at = event.position()
        edge = self.shown.edge_at(at.x(), at.y())
        moment = self._moment_of(edge[0]) if edge else None
        thing = self.shown.hit(at.x(), at.y())
        if moment is not None and moment.moved:
            self._gesture = ""
            self.moment_put_back.emit(moment.key)
        elif thing.kind == "moment":
            self._gesture = ""
            self.moment_activated.emit(thing.id)
        else:
            self.mousePressEvent(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._gesture == "press" and (at.toPoint() - self._pressed).manhattanLength() >= DRAG:
            if self._lane is not None and self._lane.kind == "word":
                self._gesture = "select"
            else:
                self._begin_scrub(self._pressed.x())
        match self._gesture:
            case "scrub":
                self.seek_requested.emit(self._time_at(at.x()))
            case "select":
                self._select_to(at.x())
            case "edge" if self._edge_held(at.toPoint()):
                # A click with an unsteady hand moves no edge.
                pass
            case "edge":
                free = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
                self._drag_edge(at.x(), free)
            case "overview":
                self._centre_on(self.shown.overview_t(at.x()))
            case _:
                self._show_cursor(at.x(), at.y())

    def _select_to(self, x: float) -> None:
        if self._lane is not None:
            view = self.shown.view
            start, end = view.t_of(self._pressed.x()), view.t_of(x)
            self.set_selection(words_between(self._given, self._lane, start, end))

    def _edge_held(self, at: QPoint) -> bool:
        near = (at - self._pressed).manhattanLength() < DRAG
        return near and not self._scrubbing and self._dragged_moment is not None

    def _drag_edge(self, x: float, free: bool = False) -> None:
        """The edge follows the pointer; a moment's snaps unless `free`, and its frame is shown."""
        now = self._range_of(self._edge[0])
        if now is None:
            return
        t, moment = self._time_at(x), self._dragged_moment
        if moment is not None and not free:
            t = self._snapped(t)
        last, first = self._limits(now) if moment is not None else (now.end - 1, now.start + 1)
        if self._edge[1] == "start":
            self._dragged = TimeRange(max(0, min(t, last)), now.end)
        else:
            self._dragged = TimeRange(now.start, max(t, first))
        if moment is not None:
            if not self._scrubbing:
                self._scrubbing = True
                self.scrub_started.emit()
            side = self._dragged.start if self._edge[1] == "start" else self._dragged.end - 1
            self.seek_requested.emit(side)
        self.update()

    def _limits(self, now: TimeRange) -> tuple[int, int]:
        """The last start and the first end that leave a moment one frame."""
        frames = self._review.evidence.footage.frame_times if self._review else None
        if not frames:
            return now.end - LEAST, min(self._given.duration, now.start + LEAST)
        grid = FrameGrid(frames, self._given.duration)
        return grid.around(now.end - 1)[0], grid.around(now.start + 1)[1]

    def _snapped(self, t: int) -> int:
        reach = round(min(SNAP, SNAP_PX * self.shown.view.us_per_px))
        if self._review is None:
            return t
        best = snap_edge(self._review, t, reach, side=self._edge[1])
        near = abs(t - self._playhead_before)
        return self._playhead_before if near <= min(reach, abs(t - best)) else best

    def _centre_on(self, t: float) -> None:
        half = (self.width() - GUTTER - RIGHT) / 2 * self._view.us_per_px
        before = self.shown.view.start
        self._look_at(replace(self._view, start=t - half))
        if self._view.start != before:
            self._break_follow()

    def _show_cursor(self, x: float, y: float) -> None:
        if self.shown.edge_at(x, y):
            self.setCursor(Qt.CursorShape.SizeHorCursor)
        else:
            self.unsetCursor()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            super().mouseReleaseEvent(event)
            return
        gesture, self._gesture = self._gesture, ""
        match gesture:
            case "scrub":
                self.scrub_ended.emit()
            case "select":
                self.selection_made.emit(self._selection)
            case "edge":
                self._drop_edge()
            case "press":
                self._click(event.position().x(), event.position().y())
            case _:
                pass
        self.update()

    def _drop_edge(self) -> None:
        dragged, self._dragged = self._dragged, None
        self._end_scrubbing()
        if dragged is None:
            return
        if self._moment_of(self._edge[0]) is not None:
            if dragged == self._range_of(self._edge[0]):
                self.moment_clicked.emit(self._edge[0])
            else:
                self.moment_moved.emit(self._edge[0], dragged)
        elif dragged == self._range_of(self._edge[0]):
            self.proposal_clicked.emit(self._edge[0])
        else:
            self.edge_moved.emit(self._edge[0], dragged)

    def _end_scrubbing(self) -> None:
        if self._scrubbing:
            self._scrubbing = False
            self.scrub_ended.emit()

    def _click(self, x: float, y: float) -> None:
        thing = self.shown.hit(x, y)
        if thing.kind == "moment":
            self.moment_clicked.emit(thing.id)
            return
        if thing.kind == "cut":
            self.proposal_clicked.emit(thing.id)
            return
        if self._selection is not None:
            self.set_selection(None)
            self.selection_made.emit(None)
        self.seek_requested.emit(self._time_at(x))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._gesture:
            self.cancel_gesture()
            return
        super().keyPressEvent(event)

    def cancel_gesture(self) -> None:
        """Give up a drag: nothing is emitted but the end of a scrub."""
        if self._gesture == "scrub":
            self.scrub_ended.emit()
        self._end_scrubbing()
        self._gesture, self._dragged = "", None
        self.update()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        delta, held = event.angleDelta(), event.modifiers()
        across, along = delta.x(), delta.y()
        if held & Qt.KeyboardModifier.ControlModifier:
            self._zoom(1.2 ** (along / 120), event.position().x())
        elif held & Qt.KeyboardModifier.ShiftModifier or abs(across) > abs(along):
            self._pan(-(across or along) * 0.8)
        elif along:
            # High-resolution wheels send parts of a notch.
            self._wheel_rest -= along
            steps = int(self._wheel_rest / 120)
            self._wheel_rest -= steps * 120
            if steps and self._given.duration:
                self.step_requested.emit(steps)
        event.accept()

    @override
    def event(self, event: QEvent) -> bool:
        # Esc belongs to the drag while there is one, and else to the actions.
        escapes = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if escapes and self._gesture and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            tip = self.tip_at(event.pos().x(), event.pos().y())
            QToolTip.showText(event.globalPos(), tip, self)
            return True
        return super().event(event)

    def tip_at(self, x: float, y: float) -> str:
        """What the tooltip says at a point, as plain text; "" for none."""
        thing = self.shown.hit(x, y)
        match thing.kind:
            case "word" if self._given.transcript:
                word = self._given.transcript.words[thing.index]
                text = isolated(self._given.word_text(thing.index))
                sure = f", confidence {word.confidence:.2f}" if word.confidence is not None else ""
                rough = ", time estimated" if word.estimated else ""
                return f"{text}  {span(word.start, word.end)}{sure}{rough}".replace("<", "‹")
            case "cut":
                cut = next((c for c in self._given.cuts if c.id == thing.id), None)
                if cut is None:
                    return ""
                what = "kept" if cut.state == "restored" else cut.state
                return f"{what}, {span(cut.range.start, cut.range.end)}"
            case "person":
                return isolated(self._given.people[thing.index].name).replace("<", "‹")
            case "moment":
                item = self.shown.item_at(x, y)
                if item is not None and item.count > 1:
                    return counted(item.count, "moment")
                return _moment_tip(self._given.moments[thing.index])
            case "scene":
                starts = self._given.scene_starts
                return f"Scene {thing.index + 1}, from {clock(starts.starts[thing.index])}"
            case _:
                return ""


def _moment_tip(moment: PlacedMoment) -> str:
    own = span(moment.span.start, moment.span.end)
    said = f"{bar_text(moment)}  {own}, {length(moment.span.duration)}"
    return said.replace("<", "‹")
