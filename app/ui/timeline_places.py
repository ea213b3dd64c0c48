"""What lies in the lanes one by one: places of thumbnails, and markers; no Qt."""

from __future__ import annotations

from collections.abc import Callable

from app.ui.timeline_input import TimelineInput
from app.ui.timeline_items import Item
from app.ui.timeline_lanes import FLAG, Lane, LaneKind
from app.ui.timeline_scale import FINE, GUTTER, MARGIN, View, thumb_step

FLAG_MOST = 160.0
"""Pixels of a marker at an instant with what it says."""


def _thumbs(given: TimelineInput, view: View, lane: Lane) -> list[Item]:
    y, high = lane.y + 2, lane.height - 4
    out: list[Item] = []
    film = given.duration
    step = thumb_step(view, high)
    first, last = max(0, int(view.start // step)), int(min(view.end, film) // step)
    for k in range(first, last + 1):
        x, right = view.x_of(k * step), view.x_of(min(film, (k + 1) * step))
        if right > x:
            out.append(Item("thumb", x, y, right - x, high, index=k))
    return out


def _markers(given: TimelineInput, view: View, lane: Lane) -> list[Item]:
    """Spans as bars, instants as flags with what they say as far as there is room."""
    y, high = lane.y + 3, lane.height - 6
    out: list[Item] = []
    scale = view.us_per_px
    blocks = given.marker_spans.blocks(
        int(view.start - FLAG_MOST * scale), int(view.end) + 1, FINE * scale
    )
    nexts = [*(view.x_of(block[0]) for block in blocks[1:]), float("inf")]
    for (start, end, n, count), beyond in zip(blocks, nexts, strict=False):
        marker = given.markers[n]
        text = marker.text if count == 1 else str(count)
        x = max(view.x_of(start), GUTTER - FLAG_MOST)
        wide = max(FLAG, min(view.x_of(end), view.width + MARGIN) - x)
        if marker.instant and text:
            wide = max(FLAG, min(FLAG_MOST, 14 + 7.0 * len(text), beyond - x - 2))
        out.append(Item("marker", x, y, wide, high, text, "", marker.colour, count, n, marker.key))
    return out


LISTED: dict[LaneKind, Callable[[TimelineInput, View, Lane], list[Item]]] = {
    "thumb": _thumbs,
    "marker": _markers,
}
"""What a lane of a kind has."""
