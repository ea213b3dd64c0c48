"""Dragging an edge of a cut, a moment or a marker on the timeline."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.core.timerange import TimeRange
from app.ui import timeline_overlays
from app.ui.text import length, timecode
from app.ui.timeline_columns import TimelineColumns
from app.ui.timeline_edges import Edge, EdgeKind, Side
from app.ui.timeline_lanes import Lane
from app.ui.timeline_layout import Layout

DRAG = 4
"""Pixels before a press becomes a drag."""


class TimelineDragging(TimelineColumns):
    """The timeline whose edges are dragged; one drag is told once, when it ends.

    Signals (times are integer microseconds of the source):
        seek_requested(object): a click or the dragged playhead asks to go to this instant.
        scrub_started(), scrub_ended(): around the seeks of one drag of the playhead or an edge.
        edge_moved(str, object): id of a proposal or strike and its new TimeRange.
        edge_put_back(str): a moved edge of it was double clicked.
        proposal_clicked(str): id of the proposal or strike that was clicked.
        moment_clicked(str), moment_activated(str): key of the moment that was clicked, or double
            clicked to be played. moment_put_back(str): a moved edge of it was double clicked.
        moment_moved(str, object): its key and the TimeRange its edge was dragged to.
        marker_clicked(str), marker_activated(str): key of the marker that was clicked, or double
            clicked to be written. marker_moved(str, object): as of a moment.
    """

    seek_requested = Signal(object)
    scrub_started = Signal()
    scrub_ended = Signal()
    edge_moved = Signal(str, object)
    edge_put_back = Signal(str)
    proposal_clicked = Signal(str)
    moment_clicked = Signal(str)
    moment_activated = Signal(str)
    moment_put_back = Signal(str)
    moment_moved = Signal(str, object)
    marker_clicked = Signal(str)
    marker_activated = Signal(str)
    marker_moved = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pressed = QPoint()
        self._scrubbing = False
        self._playhead_before = 0

    def _time_at(self, x: float) -> int:
        return round(min(float(self._given.duration), max(0.0, self.shown.view.t_of(x))))

    def _found(self, id_: str) -> tuple[EdgeKind, TimeRange] | None:
        """What kind of thing has that id, and where it is."""
        given = self._given
        for cut in given.cuts:
            if cut.id == id_:
                return "cut", cut.range
        for moment in given.moments:
            if moment.key == id_:
                return "moment", moment.span
        for marker in given.markers:
            if marker.key == id_:
                return "marker", marker.range
        return None

    def moved_by_hand(self, id_: str) -> bool:
        """Whether an edge of that proposal, strike or service's moment was dragged."""
        review = self._review
        if review is None:
            return False
        moved = any(m.key == id_ and m.moved for m in self._given.moments)
        return moved or id_ in review.decisions.edges

    def _press_edge(self, edge: tuple[str, Side]) -> None:
        self._gesture, self._edge = "edge", edge
        found = self._found(edge[0])
        self._dragged = found[1] if found else None
        # Scrubbing along moves the playhead itself.
        self._playhead_before = self._playhead

    def _edge_held(self, at: QPoint) -> bool:
        """A click with an unsteady hand moves no edge."""
        return (at - self._pressed).manhattanLength() < DRAG and not self._scrubbing

    def _drag_edge(self, x: float, free: bool = False) -> None:
        """The edge follows the pointer and snaps unless `free`; its frame is shown."""
        found = self._found(self._edge[0])
        if found is None:
            return
        kind, now = found
        loudness = self._strips.loudness if self._strips is not None else None
        side = self._edge[1]
        edge = Edge(self._review, now, side, self._playhead_before, kind, loudness)
        self._dragged = edge.at(self._time_at(x), 0 if free else self.shown.view.us_per_px)
        if not self._scrubbing:
            self._scrubbing = True
            self.scrub_started.emit()
        last = max(self._dragged.start, self._dragged.end - 1)
        self.seek_requested.emit(self._dragged.start if side == "start" else last)
        self.update()

    def _drop_edge(self) -> None:
        span, self._dragged = self._dragged, None
        self._end_scrubbing()
        id_ = self._edge[0]
        found = self._found(id_)
        if span is None or found is None:
            return
        kind, before = found
        if span == before:
            self._click_on(kind, id_)
            return
        match kind:
            case "cut":
                self.edge_moved.emit(id_, span)
            case "moment":
                self.moment_moved.emit(id_, span)
            case "marker":
                self.marker_moved.emit(id_, span)

    def _click_on(self, kind: EdgeKind, id_: str) -> None:
        match kind:
            case "cut":
                self.proposal_clicked.emit(id_)
            case "moment":
                self.moment_clicked.emit(id_)
            case "marker":
                self.marker_clicked.emit(id_)

    def _put_back(self, id_: str) -> None:
        found = self._found(id_)
        if found is not None and found[0] == "cut":
            self.edge_put_back.emit(id_)
        elif found is not None:
            self.moment_put_back.emit(id_)

    def _end_scrubbing(self) -> None:
        if self._scrubbing:
            self._scrubbing = False
            self.scrub_ended.emit()

    # ---- painting

    @override
    def _paint_drag(self, painter: QPainter, shown: Layout, span: TimeRange) -> None:
        start, end, row = span.start, span.end, self._dragged_row()
        timeline_overlays.paint_selection(painter, shown, start, end, row)

    def _dragged_row(self) -> Lane | None:
        """The row in which the dragged thing lies."""
        kinds: tuple[EdgeKind, ...] = ("cut", "moment", "marker")
        items = (i for kind in kinds for i in self.shown.items_of(kind) if i.id == self._edge[0])
        row = next(items, None)
        lane = self.shown.lane_at(row.y + row.height / 2) if row else None
        # `paint_selection` stays clear of the lane's lines.
        return replace(lane, y=row.y - 1.5, height=row.height + 4) if lane and row else lane

    @override
    def _paint_label(self, painter: QPainter, shown: Layout, span: TimeRange) -> None:
        t = span.start if self._edge[1] == "start" else span.end
        said = timecode(t, self._given.fps)
        if span.duration:
            said = f"{said}  {length(span.duration)}"
        timeline_overlays.paint_edge_label(painter, shown, t, said)
