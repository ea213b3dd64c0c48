"""How the timeline looks: its layout painted with a QPainter; nothing is computed here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from app.core.late import late
from app.ui import theme
from app.ui.theme import Theme
from app.ui.timeline_bars import Batch
from app.ui.timeline_brushes import (
    colour,
    corners,
    metrics,
    say_times,
)
from app.ui.timeline_input import TimelineInput
from app.ui.timeline_labels import rect, say_all
from app.ui.timeline_lanes import RULER
from app.ui.timeline_layout import Layout
from app.ui.timeline_names import paint_names
from app.ui.timeline_overview import paint_overview
from app.ui.timeline_scale import GUTTER, NARROW
from app.ui.timeline_strips import Strips, paint_sound, paint_thumbs

if TYPE_CHECKING:
    from app.ui import timeline_paint_lanes
else:
    timeline_paint_lanes = late("app.ui.timeline_paint_lanes")


def paint(
    painter: QPainter, shown: Layout, given: TimelineInput, strips: Strips | None = None
) -> None:
    """Everything that stands still: names, lanes, items, ruler, overview."""
    look = theme.current()
    wide, high = shown.view.width, shown.view.height
    painter.fillRect(QRectF(0, 0, wide, high), colour(look.panel))
    paint_names(painter, shown, look)
    _ruler(painter, shown, look)
    lanes = QRectF(GUTTER, RULER, wide - GUTTER, shown.bottom - RULER)
    paint_lanes(painter, shown, lanes, strips)
    paint_overview(painter, shown, given, look)
    corners(painter, wide, high)


def paint_lanes(
    painter: QPainter, shown: Layout, lanes: QRectF, strips: Strips | None = None
) -> None:
    """What lies in the lanes, over the ground; `lanes`: the part of them that is painted."""
    painter.setClipRect(lanes)
    look, full = theme.current(), shown.boxes or shown.shades is not None
    _rules(painter, shown, look)
    if full:
        timeline_paint_lanes.paint_scenes(painter, shown, lanes)
    if strips is not None:
        _strips(painter, shown, strips)
    if full:
        timeline_paint_lanes.paint_boxes(painter, shown, lanes)
    _markers(painter, shown, look, lanes)
    painter.setClipping(False)


def _ruler(painter: QPainter, shown: Layout, look: Theme) -> None:
    painter.setPen(colour(look.text2))
    top = RULER - 10 - metrics(mono=True).ascent()
    times = [(round(tick.x), tick.text) for tick in shown.ticks]
    say_times(painter, [(x + 4, text) for x, text in times], top)
    low, mark, batch = round(RULER) - 9, colour(look.text3), Batch()
    for x, _ in times:
        painter.fillRect(x, low, 1, 8, mark)
    batch.add(look.line, 1.0, [(0, round(shown.view.width))], (round(RULER) - 1, 1))
    batch.add(look.line, 1.0, [(round(GUTTER) - 1, 1)], (0, round(RULER)))
    batch.fill(painter)


def _rules(painter: QPainter, shown: Layout, look: Theme) -> None:
    """The lines between lanes, and the ground beyond the film's end."""
    batch = Batch()
    below = [(round(lane.y + lane.height) - 1, 1) for lane in shown.lanes]
    batch.add(look.line, 1.0, [(round(GUTTER), round(shown.view.width))], *below)
    batch.fill(painter)


def _strips(painter: QPainter, shown: Layout, strips: Strips) -> None:
    for lane in shown.lanes:
        if lane.kind == "thumb":
            paint_thumbs(painter, shown, strips, lane)
        elif lane.kind == "sound":
            paint_sound(painter, shown, strips, lane)


def _markers(painter: QPainter, shown: Layout, look: Theme, lanes: QRectF) -> None:
    batch, texts = Batch(), []
    for item in shown.listed.get("marker", ()):
        where, name = rect(item), look.person(item.colour)
        level = where.y(), where.height()
        batch.add(name, 0.3, [(where.x(), where.width())], level)
        batch.add(name, 1.0, [(where.x(), 3)], level)
        if item.text and item.width > NARROW:
            texts.append(item)
    batch.fill(painter)
    painter.setPen(colour(look.text1))
    say_all(painter, texts, 6, lanes, short=shown.view.width)
