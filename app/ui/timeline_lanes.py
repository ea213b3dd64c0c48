"""Which lanes the timeline has, in what order and how high, `placed_lanes(...)`; no Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.core.memo import by_identity
from app.ui import timeline_moments
from app.ui.timeline_input import TimelineInput
from app.ui.timeline_scale import View

RULER = 26.0
OVERVIEW = 38.0
SPEAKER = 28.0
SPEAKER_READ = 18.0
"""A words lane so high still shows its words."""

PEOPLE_PITCH, PEOPLE_LEAST = 9.0, 6.0
BORDER_REACH = 4.0
"""Pixels to either side in which the border below a lane can be caught, in the name column."""

FLAG = 10.0
"""Pixels of a marker at an instant, by which it is dragged."""

LEAST, MOST = 12.0, 240.0
"""Pixels between which a person can drag a lane."""

LaneKind = Literal["scene", "thumb", "sound", "word", "cut", "person", "moment", "marker"]

NAMES: dict[LaneKind, str] = {
    "scene": "Scenes",
    "thumb": "Thumbnails",
    "sound": "Sound",
    "word": "Speakers",
    "cut": "Cut",
    "person": "People",
    "moment": "Moments",
    "marker": "Markers",
}
"""The kinds of lanes from top to bottom, with their names."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A row with its name; for kind "word" `key` is the number of the voice."""

    kind: LaneKind
    name: str
    y: float
    height: float
    key: int = 0


@dataclass(frozen=True)
class Arrangement:
    """How a person wants the lanes. hidden: kinds not shown. heights: pixels by kind.

    thumbs, sound: whether the film has a picture and sound to show strips of.
    """

    hidden: frozenset[str] = frozenset()
    heights: Mapping[str, float] = field(default_factory=dict)
    thumbs: bool = False
    sound: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """Lanes with the scrolling applied. bottom: where they end or are cut off, in pixels.

    scroll: pixels scrolled up, at most `most`.
    """

    lanes: tuple[Lane, ...]
    bottom: float
    scroll: float
    most: float


def kinds(given: TimelineInput, wanted: Arrangement) -> dict[LaneKind, int]:
    """The kinds of lanes that there is something for, hidden ones included, and their rows."""
    rows: dict[LaneKind, int] = {
        "scene": int(bool(given.scene_starts)),
        "thumb": int(wanted.thumbs),
        "sound": int(wanted.sound),
        "word": len(given.voices),
        "cut": 1,
        "person": given.person_rows,
        "moment": len(given.moment_spans),
        "marker": int(bool(given.markers)),
    }
    return {kind: count for kind, count in rows.items() if count}


def placed_lanes(given: TimelineInput, view: View, wanted: Arrangement) -> Placed:
    """The lanes in the view, as high as there is room for; scrolled where it is too little."""
    known, key = _known(given, wanted), (view.height, view.scroll)
    if key not in known:
        known.clear()
        known[key] = _placed(given, view, wanted)
    return known[key]


@by_identity(2)
def _known(_given: TimelineInput, _wanted: Arrangement) -> dict[tuple[float, float], Placed]:
    """Where they were last, by the height of the view and its scrolling."""
    return {}


def _placed(given: TimelineInput, view: View, wanted: Arrangement) -> Placed:
    rows = {k: n for k, n in kinds(given, wanted).items() if k not in wanted.hidden}
    end = overview_top(view) - 6
    heights = _heights(rows, wanted.heights, end - RULER)
    total = sum(heights[kind] * _lanes_of(kind, n) for kind, n in rows.items())
    most = max(0.0, RULER + total - end)
    scroll = min(max(0.0, view.scroll), most)
    y = RULER - scroll
    lanes: list[Lane] = []
    for kind, n in rows.items():
        for key in range(_lanes_of(kind, n)):
            name = given.voice_name(key) if kind == "word" else NAMES[kind]
            lanes.append(Lane(kind, name, y, heights[kind], key))
            y += heights[kind]
    return Placed(tuple(lanes), max(RULER, min(y, end)), scroll, most)


def overview_top(view: View) -> float:
    """Where the overview bar begins."""
    return max(RULER + 12, view.height - OVERVIEW - 6)


def _lanes_of(kind: LaneKind, rows: int) -> int:
    return rows if kind == "word" else 1


def _heights(
    rows: Mapping[LaneKind, int], own: Mapping[str, float], room: float
) -> dict[LaneKind, float]:
    """The height of a lane of each kind, within `room` where that can be.

    Where room lacks, all that have no height of their own shrink to where they can just be read.
    Then the moments' bars lose their text, as the list of moments says it too, if the lanes fit
    so; else they are scrolled.
    """
    wished = {kind: own.get(kind) or _wished(kind, n) for kind, n in rows.items()}
    free = [kind for kind in _SHRINKING if kind in rows and not own.get(kind)]

    def shrunk(heights: dict[LaneKind, float], kinds_: list[LaneKind], part: int) -> None:
        for kind in kinds_:
            lack = sum(h * _lanes_of(k, rows[k]) for k, h in heights.items()) - room
            if lack > 0:
                least = _least(kind, rows[kind])[part]
                heights[kind] = max(least, heights[kind] - lack / _lanes_of(kind, rows[kind]))

    shrunk(wished, free, 0)
    squeezed = dict(wished)
    shrunk(squeezed, [kind for kind in free if kind == "moment"], 1)
    fits = sum(h * _lanes_of(k, rows[k]) for k, h in squeezed.items()) <= room + 0.01
    return squeezed if fits else wished


_SHRINKING: tuple[LaneKind, ...] = (
    "thumb", "sound", "moment", "word", "scene", "cut", "marker", "person",
)  # fmt: skip


def _wished(kind: LaneKind, rows: int) -> float:
    match kind:
        case "thumb":
            return 48.0
        case "sound":
            return 40.0
        case "person":
            return max(26.0, 8 + PEOPLE_PITCH * rows)
        case "moment":
            return 6 + rows * timeline_moments.ROW
        case "cut" | "marker":
            return 26.0
        case _:
            return SPEAKER


def _least(kind: LaneKind, rows: int) -> tuple[float, float]:
    """Pixels at which the lane can just be read, and the fewest it ever has."""
    match kind:
        case "thumb":
            return 30.0, 30.0
        case "sound":
            return 24.0, 24.0
        case "person":
            return (max(26.0, 8 + PEOPLE_LEAST * rows),) * 2
        case "moment":
            return 6 + rows * timeline_moments.ROW_READ, 6 + rows * timeline_moments.ROW_LEAST
        case "word":
            return SPEAKER_READ, SPEAKER_READ
        case _:
            return 22.0, 22.0
