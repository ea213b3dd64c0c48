"""Where everything on the timeline lies, `layout(input, view)`, and what is at a point; no Qt.

x grows with time from `GUTTER`, y downwards; pixels are floats, times microseconds. What is outside
the view is never looked at: spans are found by bisection (`spans.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from operator import attrgetter, is_
from typing import TYPE_CHECKING, Literal

from app.core.late import late
from app.core.timerange import TimeRange
from app.ui.timeline_input import TimelineInput
from app.ui.timeline_items import Item, Kind, Thing
from app.ui.timeline_lanes import (
    BORDER_REACH,
    FLAG,
    RULER,
    Arrangement,
    Lane,
    LaneKind,
    Placed,
    overview_top,
    placed_lanes,
)
from app.ui.timeline_places import LISTED
from app.ui.timeline_scale import GUTTER, RIGHT, Tick, View, ticks

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from app.ui import timeline_rows
    from app.ui.timeline_boxes import Boxes
else:
    timeline_rows = late("app.ui.timeline_rows")

EDGE_REACH = 5.0
"""Pixels to either side in which an edge of a cut can be caught."""


@dataclass(frozen=True)
class Layout:
    """Everything to paint, back to front within a lane.

    ticks, lanes: as named. boxes: of the kinds that have any here. listed: thumbnails' places and
    markers. shades: x, width and 1 where undecided, else 0, of what goes over every lane, as an
    array of 3 rows; None where nothing is removed.
    bottom: where the lanes end. overview: top of the overview bar, its height is OVERVIEW.
    most: pixels by which the lanes can be scrolled up, where they do not fit.
    """

    given: TimelineInput
    view: View
    duration: int
    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    boxes: Mapping[Kind, Boxes]
    listed: Mapping[Kind, list[Item]]
    shades: NDArray[np.int64] | None
    bottom: float
    overview: float
    most: float = 0.0

    @cached_property
    def _items(self) -> dict[Kind, tuple[Item, ...]]:
        return {}

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Every rectangle, lane by lane, in painting order."""
        kinds = dict.fromkeys(lane.kind for lane in self.lanes)
        return tuple(item for kind in kinds for item in self.items_of(kind))

    def items_of(self, kind: Kind) -> tuple[Item, ...]:
        """The items of one kind, in painting order; worked out when something is pointed at."""
        if kind not in self._items:
            found = self.boxes.get(kind)
            self._items[kind] = (
                tuple(self.listed.get(kind, ()))
                if found is None
                else timeline_rows.all_items(self.given, kind, found)
            )
        return self._items[kind]

    def word(self, index: int) -> Item | None:
        """The word of this number where it has room for more than a stroke."""
        found = self.boxes.get("word")
        return timeline_rows.item_of(self.given, "word", found, index) if found else None

    def hit(self, x: float, y: float) -> Thing:
        """The topmost thing at a point: what was painted last there, else the lane or part."""
        if y >= self.overview:
            return Thing("overview")
        if x < GUTTER:
            return Thing("names")
        if y < RULER:
            return Thing("ruler")
        lane = self.lane_at(y)
        if lane is None:
            return Thing("lane")
        for item in reversed(self.items_of(lane.kind)):
            if item.holds(x, y):
                return item.thing
        return Thing("lane", lane.key)

    def item_at(self, x: float, y: float) -> Item | None:
        """The item that `hit` names, or None."""
        thing = self.hit(x, y)
        found = (i for i in reversed(self.items_of(thing.kind)) if i.holds(x, y))
        return next(found, None)

    def lane_at(self, y: float) -> Lane | None:
        """The lane at a height; none in the ruler and below where the lanes end."""
        if not RULER <= y < self.bottom:
            return None
        return next((lane for lane in self.lanes if lane.y <= y < lane.y + lane.height), None)

    def border_at(self, x: float, y: float) -> Lane | None:
        """The lane whose lower border can be dragged here, in the column of names."""
        if x >= GUTTER or not RULER <= y < self.overview:
            return None
        near = (lane for lane in self.lanes if abs(lane.y + lane.height - y) <= BORDER_REACH)
        return next(near, None)

    def edge_at(self, x: float, y: float) -> tuple[str, Literal["start", "end"]] | None:
        """The edge of a cut, moment or marker to be dragged here: (id, side); the nearest wins."""
        lane = self.lane_at(y)
        if lane is None or lane.kind not in ("cut", "moment", "marker") or x < GUTTER:
            return None
        flag = self.item_at(x, y) if lane.kind == "marker" else None
        if flag is not None and self.given.markers[flag.index].instant:
            return (flag.id, "start") if flag.count == 1 and x < flag.x + FLAG else None
        best: tuple[float, str, Literal["start", "end"]] | None = None
        for item in self.items_of(lane.kind):
            if item.state == "restored" or item.count > 1 or not item.y <= y < item.y + item.height:
                continue
            sides: tuple[tuple[float, Literal["start", "end"]], ...] = (
                (item.x, "start"),
                (item.x + item.width, "end"),
            )
            for at, side in sides:
                # Half of a narrow span stays free for clicking it.
                reach = min(EDGE_REACH, max(1.5, item.width / 4)) if self._inside(item, x) else 5.0
                if abs(x - at) <= reach and (best is None or abs(x - at) < best[0]):
                    best = (abs(x - at), item.id, side)
        return best[1:] if best else None

    @staticmethod
    def _inside(item: Item, x: float) -> bool:
        return item.x <= x < item.x + item.width

    def overview_x(self, t: float) -> float:
        """Pixel of an instant in the overview bar, clamped to the film."""
        wide = max(1.0, self.view.width - GUTTER - RIGHT)
        return GUTTER + wide * min(1.0, max(0.0, t / max(1, self.duration)))

    def overview_t(self, x: float) -> float:
        """Instant at a pixel of the overview bar, clamped to the film."""
        wide = max(1.0, self.view.width - GUTTER - RIGHT)
        return min(1.0, max(0.0, (x - GUTTER) / wide)) * self.duration


def layout(
    given: TimelineInput,
    view: View,
    wanted: Arrangement | None = None,
    before: Layout | None = None,
) -> Layout:
    """Everything in the view, for any film; never more items in a row than pixels.

    before: the last one; what an edit left alone is taken from it, the very same lists.
    """
    placed = placed_lanes(given, view, wanted or Arrangement())
    if view.scroll != placed.scroll:
        view = replace(view, scroll=placed.scroll)
    same = before if before and (before.view, before.lanes) == (view, placed.lanes) else None
    boxes, listed = _filled(given, view, placed, same)
    return Layout(
        given,
        view,
        given.duration,
        placed.lanes,
        same.ticks
        if same and _same(_TICKED, given, same.given)
        else tuple(ticks(given.duration, view, given.frame_times)),
        boxes,
        listed,
        _shades(given, view, same),
        placed.bottom,
        overview_top(view),
        placed.most,
    )


def _filled(
    given: TimelineInput, view: View, placed: Placed, same: Layout | None
) -> tuple[dict[Kind, Boxes], dict[Kind, list[Item]]]:
    """What lies in the lanes that are in sight; without boxes no arrays are loaded."""
    boxes: dict[Kind, Boxes] = {}
    listed: dict[Kind, list[Item]] = {}
    seen: dict[LaneKind, list[Lane]] = {}
    for lane in placed.lanes:
        if RULER - lane.height < lane.y < placed.bottom:
            seen.setdefault(lane.kind, []).append(lane)
    for kind, lanes in seen.items():
        if same and kind in _READ and _same(_READ[kind], given, same.given):
            if kind in same.boxes:
                boxes[kind] = same.boxes[kind]
            if kind in same.listed:
                listed[kind] = same.listed[kind]
        elif kind in LISTED:
            listed[kind] = LISTED[kind](given, view, lanes[0])
        elif kind in _READ and (kind != "cut" or given.cuts):
            found = timeline_rows.boxes_of(kind, given, view, lanes)
            if found is not None:
                boxes[kind] = found
    return boxes, listed


def _shades(given: TimelineInput, view: View, same: Layout | None) -> NDArray[np.int64] | None:
    if same and _same(_SHADED, given, same.given):
        return same.shades
    return timeline_rows.shades(given, view) if len(given.removed_spans) else None


_Read = Callable[[TimelineInput], tuple[object, ...]]

_READ: dict[LaneKind, _Read] = {
    "scene": attrgetter("scene_starts", "duration"),
    "thumb": attrgetter("frame_times", "duration"),
    "word": attrgetter("voices", "states", "corrections"),
    "cut": attrgetter("cuts", "cut_spans"),
    "person": attrgetter("people", "person_spans"),
    "moment": attrgetter("moments", "moment_spans"),
    "marker": attrgetter("markers", "marker_spans"),
}
"""What the items of a kind of lane follow from, beside the view and the lanes."""

_TICKED: _Read = attrgetter("frame_times", "duration")
_SHADED: _Read = attrgetter("removed_spans", "duration")


def _same(read: _Read, given: TimelineInput, before: TimelineInput) -> bool:
    """Whether both have the very same of what is read."""
    return all(map(is_, read(given), read(before)))


def words_between(given: TimelineInput, lane: Lane, start: float, end: float) -> TimeRange | None:
    """The selection a drag makes: whole words it touches, or None; in other lanes the stretch."""
    low, high = min(start, end), max(start, end)
    if lane.kind != "word":
        low, high = max(0, round(low)), min(given.duration, round(high))
        return TimeRange(low, high) if low < high else None
    words = given.voices[lane.key].words
    touched = [k for k in words.window(int(low), int(high) + 1) if words.ends[k] > low]
    if not touched:
        return None
    return TimeRange(words.starts[touched[0]], max(words.ends[k] for k in touched))
