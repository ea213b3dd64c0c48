"""The timeline as people use it: gestures become signals."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget
from typing_extensions import override

from app.core.timerange import TimeRange
from app.ui.timeline_dragging import DRAG, TimelineDragging
from app.ui.timeline_items import Thing
from app.ui.timeline_lanes import RULER
from app.ui.timeline_layout import words_between
from app.ui.timeline_scale import GUTTER, RIGHT
from app.ui.timeline_tips import tip_at

SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
FREE = ALT | Qt.KeyboardModifier.ControlModifier
"""Held while an edge is dragged it snaps to nothing. Some window managers move windows by Alt."""
NOTCH = 120
"""What a wheel says for one notch."""


class TimelineView(TimelineDragging):
    """Everything over time, with the playhead.

    Signals (times are integer microseconds of the source), beside those of `TimelineDragging`:
        step_requested(int): the wheel asks for so many frames on (negative: back).
        selection_made(object): a TimeRange, of whole words where it was made over words, or None
            where a click cleared it.
        menu_wanted(object, int, object): a Thing, the instant and the QPoint on the screen where
            its context menu is asked for.
    """

    step_requested = Signal(int)
    selection_made = Signal(object)
    menu_wanted = Signal(object, object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._wheel_rest = 0
        self._anchor: float | None = None

    # ---- gestures

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self._given.duration:
            super().mousePressEvent(event)
            return
        at = event.position()
        self._pressed, self._anchor = at.toPoint(), None
        shown = self.shown
        edge = shown.edge_at(at.x(), at.y())
        kind = shown.hit(at.x(), at.y()).kind
        extends = bool(event.modifiers() & SHIFT)
        if kind == "overview":
            self._gesture = "overview"
            self._centre_on(shown.overview_t(at.x()))
        elif kind == "names":
            self._press_names(at.x(), at.y())
        elif edge is not None and not extends and not self._on_handle(at.x(), at.y()):
            self._press_edge(edge)
        elif (kind == "ruler" and not extends) or self._on_handle(at.x(), at.y()):
            self._begin_scrub(at.x())
        else:
            self._gesture = "press"
            self._lane = shown.lane_at(at.y())
            if extends:
                self._anchor = self._far_end(at.x())

    def _far_end(self, x: float) -> float:
        """From where Shift extends: the selection's end that is farther off, else the playhead."""
        now = self._selection
        if now is None:
            return float(self._playhead)
        t = self.shown.view.t_of(x)
        return float(now.start if abs(t - now.start) >= abs(t - now.end) else now.end)

    def _on_handle(self, x: float, y: float) -> bool:
        near = abs(x - self.shown.view.x_of(self._playhead))
        return near <= 7 and y < RULER

    def _begin_scrub(self, x: float) -> None:
        self._gesture = "scrub"
        self.scrub_started.emit()
        self.seek_requested.emit(self._time_at(x))

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            super().mouseDoubleClickEvent(event)
            return
        at = event.position()
        edge = self.shown.edge_at(at.x(), at.y())
        thing = self.shown.hit(at.x(), at.y())
        border = self.shown.border_at(at.x(), at.y())
        if edge is not None and self.moved_by_hand(edge[0]):
            self._gesture = ""
            self._put_back(edge[0])
        elif thing.kind == "moment":
            self._gesture = ""
            self.moment_activated.emit(thing.id)
        elif thing.kind == "marker":
            self._gesture = ""
            self.marker_activated.emit(thing.id)
        elif border is not None:
            self._gesture = ""
            self.set_lane_height(border.kind, None)
            self.arranged.emit()
        else:
            self.mousePressEvent(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._gesture == "press" and (at.toPoint() - self._pressed).manhattanLength() >= DRAG:
            self._gesture = "select"
        match self._gesture:
            case "scrub":
                self.seek_requested.emit(self._time_at(at.x()))
            case "select":
                self._select_to(at.x())
            case "edge" if not self._edge_held(at.toPoint()):
                self._drag_edge(at.x(), bool(event.modifiers() & FREE))
            case "overview":
                self._centre_on(self.shown.overview_t(at.x()))
            case "border" | "lanes":
                self._drag_names(at.y())
            case "":
                self._show_cursor(at.x(), at.y())
            case _:
                pass

    def _select_to(self, x: float) -> None:
        view = self.shown.view
        start = view.t_of(self._pressed.x()) if self._anchor is None else self._anchor
        self.set_selection(self._stretch(start, view.t_of(x)))

    def _stretch(self, start: float, end: float) -> TimeRange | None:
        """What is selected from one instant to the other: whole words in a lane of words."""
        if self._lane is not None:
            return words_between(self._given, self._lane, start, end)
        first, last = sorted(round(min(max(0.0, t), self._given.duration)) for t in (start, end))
        return TimeRange(first, last) if first < last else None

    def _centre_on(self, t: float) -> None:
        half = (self.width() - GUTTER - RIGHT) / 2 * self._view.us_per_px
        before = self.shown.view.start
        self._look_at(replace(self._view, start=t - half))
        if self._view.start != before:
            self._break_follow()

    def _show_cursor(self, x: float, y: float) -> None:
        if self.shown.edge_at(x, y):
            self.setCursor(Qt.CursorShape.SizeHorCursor)
        elif self.shown.border_at(x, y):
            self.setCursor(Qt.CursorShape.SizeVerCursor)
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
            case "border":
                self._drop_names()
            case "press" if self._anchor is not None:
                self.set_selection(
                    self._stretch(self._anchor, self.shown.view.t_of(event.position().x()))
                )
                self.selection_made.emit(self._selection)
            case "press":
                self._click(event.position().x(), event.position().y())
            case _:
                pass
        self.update()

    def _click(self, x: float, y: float) -> None:
        thing = self.shown.hit(x, y)
        if thing.kind in ("cut", "moment", "marker"):
            self._click_on(thing.kind, thing.id)
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
            self._zoom(1.2 ** (along / NOTCH), event.position().x())
        elif held & ALT or (event.position().x() < GUTTER and self.shown.most > 0):
            # With Alt, some systems turn the wheel aside.
            self.scroll_lanes(-(along or across) * 0.4)
        elif held & SHIFT or abs(across) > abs(along):
            self._pan(-(across or along) * 0.8)
        elif along:
            # High-resolution wheels send parts of a notch.
            self._wheel_rest -= along
            steps = int(self._wheel_rest / NOTCH)
            self._wheel_rest -= steps * NOTCH
            if steps and self._given.duration:
                self.step_requested.emit(steps)
        event.accept()

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if not self._given.duration:
            return
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            x = min(max(GUTTER, self.shown.view.x_of(self._playhead)), float(self.width()))
            where = self.mapToGlobal(QPoint(round(x), round(RULER)))
            thing = Thing("cut", id=self._chosen) if self._chosen else Thing("lane")
            self.menu_wanted.emit(thing, self._playhead, where)
        else:
            at = event.pos()
            thing = self.shown.hit(at.x(), at.y())
            self.menu_wanted.emit(thing, self._time_at(at.x()), event.globalPos())
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
        if isinstance(event, QNativeGestureEvent):
            return self._pinch(event)
        return super().event(event)

    def _pinch(self, event: QNativeGestureEvent) -> bool:
        """Two fingers on a touch pad zoom about the place between them."""
        if event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture:
            return False
        self._zoom(max(0.1, 1 + event.value()), event.position().x())
        event.accept()
        return True

    def tip_at(self, x: float, y: float) -> str:
        """What the tooltip says at a point, as plain text; "" for none."""
        return tip_at(self._given, self.shown, x, y)
