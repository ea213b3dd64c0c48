"""What an edit changes of the timeline's still picture, painted over it; the rest stays."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPixmap

from app.core.late import late
from app.ui import theme
from app.ui.timeline_brushes import colour
from app.ui.timeline_items import Item, Kind
from app.ui.timeline_lanes import RULER
from app.ui.timeline_layout import Layout
from app.ui.timeline_overview import paint_overview
from app.ui.timeline_paint import paint_lanes
from app.ui.timeline_scale import GUTTER
from app.ui.timeline_strips import Strips

if TYPE_CHECKING:
    from app.ui import timeline_boxes
    from app.ui.spans_found import Columns
    from app.ui.timeline_boxes import Boxes
else:
    timeline_boxes = late("app.ui.timeline_boxes")

BESIDE = 4
"""Pixels painted as well on both sides of what differs."""

MOST = 0.6
"""The part of the picture from which all of it is painted."""

Span = tuple[float, float]
"""Pixels `(left, right)`."""


def repaint(still: QPixmap, before: Layout, shown: Layout, strips: Strips | None) -> bool:
    """Make the picture of `before` that of `shown`; False where that is no less than all of it.

    Both must be of the same strips, theme and scale.
    """
    ratio = still.devicePixelRatio()
    # Between the pixels of a screen there is no edge to cut along.
    if not ratio.is_integer() or not _alike(before, shown):
        return False
    changed = list(_changes(before, shown))
    left, right = _bounds(changed, shown)
    if right - left > MOST * shown.view.width:
        return False
    painter = QPainter(still)
    if left < right:
        lanes = QRectF(left, RULER, right - left, shown.bottom - RULER)
        painter.fillRect(lanes, colour(theme.current().panel))
        paint_lanes(painter, _between(shown, left, right), lanes, strips)
    if before.given.removed_spans is not shown.given.removed_spans:
        _overview(painter, shown)
    painter.end()
    return True


def _alike(before: Layout, shown: Layout) -> bool:
    """Whether the same part is seen, in the same lanes of the same film."""
    return (
        before.view == shown.view
        and before.lanes == shown.lanes
        and before.ticks is shown.ticks
        and before.given.voices is shown.given.voices
        and before.duration == shown.duration
        and before.bottom == shown.bottom
    )


def _changes(before: Layout, shown: Layout) -> Iterator[Span]:
    """From where to where something is drawn in one of them that is not in the other."""
    for kind in {lane.kind for lane in shown.lanes}:
        yield from _of_items(before.listed.get(kind, []), shown.listed.get(kind, []))
        yield from _of_boxes(before.boxes.get(kind), shown.boxes.get(kind), shown)
    if before.shades is not shown.shades:
        yield from _of_columns(before.shades, shown.shades)


def _of_boxes(old: Boxes | None, new: Boxes | None, shown: Layout) -> Iterator[Span]:
    if old is new:
        return
    if old and new and (old.looks, old.lines) != (new.looks, new.lines):
        yield 0.0, shown.view.width
        return
    strokes, bars, labels = zip(*map(_parts, (old, new)), strict=True)
    yield from _of_columns(*strokes)
    yield from _of_columns(*bars)
    yield from _of_items(*labels)


def _parts(found: Boxes | None) -> tuple[Columns | None, Columns | None, list[Item]]:
    """What is drawn of them."""
    if found is None:
        return None, None, []
    return found.strokes[:4], found.bars[:4], list(found.labels.values())


def _of_items(old: list[Item], new: list[Item]) -> Iterator[Span]:
    if old is new:
        return
    most, head, tail = min(len(old), len(new)), 0, 0
    while head < most and old[head] == new[head]:
        head += 1
    while tail < most - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    for items in (old, new):
        yield from ((i.x, i.x + i.width) for i in items[head : len(items) - tail])


def _of_columns(old: Columns | None, new: Columns | None) -> Iterator[Span]:
    if span := timeline_boxes.differing(old, new):
        yield span


def _bounds(changed: Sequence[Span], shown: Layout) -> tuple[int, int]:
    """All of them together, on whole pixels of the lanes; empty where nothing is seen to differ."""
    if not changed:
        return 0, 0
    left = math.floor(min(left for left, _ in changed)) - BESIDE
    right = math.ceil(max(right for _, right in changed)) + BESIDE
    return max(round(GUTTER), left), min(math.ceil(shown.view.width), right)


def _between(shown: Layout, left: int, right: int) -> Layout:
    """The same layout with nothing wide but what is seen between two pixels."""
    listed: dict[Kind, list[Item]] = {
        kind: [i for i in items if i.x < right and i.x + i.width > left]
        for kind, items in shown.listed.items()
    }
    boxes = {kind: found.between(left, right) for kind, found in shown.boxes.items()}
    return replace(shown, listed=listed, boxes=boxes)


def _overview(painter: QPainter, shown: Layout) -> None:
    """The cut has another line below the whole film."""
    look, top = theme.current(), math.floor(shown.overview)
    # Above the panel's round corners.
    high = shown.view.height - theme.CORNER - top
    painter.fillRect(QRectF(GUTTER, top, shown.view.width - GUTTER, high), colour(look.panel))
    paint_overview(painter, shown, shown.given, look)
