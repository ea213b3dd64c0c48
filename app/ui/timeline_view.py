"""The timeline as people use it: gestures become signals."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget
from typing_extensions import override

from app.core.timerange import TimeRange
from app.ui.timeline_edges import Edge, dragged
from app.ui.timeline_lanes import RULER
from app.ui.timeline_layout import words_between
from app.ui.timeline_scale import GUTTER, RIGHT
from app.ui.timeline_surface import TimelineSurface
from app.ui.timeline_tips import tip_at

DRAG = 4
"""Pixels before a press becomes a drag."""


class TimelineView(TimelineSurface):
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

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._pressed = QPoint()
        self._scrubbing = False
        self._playhead_before = 0
        self._wheel_rest = 0

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
        if moment is None:
            self._dragged = dragged(now, self._edge[1], t)
        else:
            edge = Edge(self._review, now, self._edge[1], self._playhead_before)
            self._dragged = edge.at(t, 0 if free else self.shown.view.us_per_px)
        if moment is not None:
            if not self._scrubbing:
                self._scrubbing = True
                self.scrub_started.emit()
            side = self._dragged.start if self._edge[1] == "start" else self._dragged.end - 1
            self.seek_requested.emit(side)
        self.update()

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
        return tip_at(self._given, self.shown, x, y)
