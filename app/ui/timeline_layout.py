"""Where everything on the timeline lies, `layout(input, view)`, and what is at a point; no Qt.

x grows with time from `GUTTER`, y downwards; pixels are floats, times microseconds. What is outside
the view is never looked at: spans are found by bisection (`spans.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from app.core.moments import Pick
from app.core.timerange import TimeRange
from app.ui import timeline_moments
from app.ui.text import length
from app.ui.timeline_input import CutSpan, TimelineInput
from app.ui.timeline_scale import GUTTER, RIGHT, Tick, View, ticks

RULER = 26.0
OVERVIEW = 38.0
SPEAKER = 28.0
SPEAKER_READ = 18.0
"""A words lane so high still shows its words."""

SPEAKER_LEAST = 10.0
PEOPLE_PITCH = 9.0
BAR = 5.0
EDGE_REACH = 5.0
"""Pixels to either side in which an edge of a cut can be caught."""

FINE = 3.0
"""Words narrower than this many pixels are drawn as one block with their neighbours."""

Kind = Literal["scene", "word", "cut", "person", "moment", "ruler", "overview", "lane", "names"]
State = Literal["", "proposed", "removed", "restored", "picked", "rejected"]


@dataclass(frozen=True, slots=True)
class Thing:
    """What a point hits: a word's, scene's, person's or moment's number; a cut's or moment's id."""

    kind: Kind
    index: int = -1
    id: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One rectangle to paint; `colour` is a person's or speaker's number, `count` > 1 a block."""

    thing: Thing
    x: float
    y: float
    width: float
    height: float
    text: str = ""
    state: State = ""
    colour: int = 0
    count: int = 1

    def holds(self, x: float, y: float) -> bool:
        """Whether the point lies in it, right and lower edges excluded."""
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height


@dataclass(frozen=True, slots=True)
class Lane:
    """A row with its name; for kind "word" `key` is the number of the voice."""

    kind: Kind
    name: str
    y: float
    height: float
    key: int = 0


@dataclass(frozen=True)
class Layout:
    """Everything to paint, back to front within a lane.

    ticks, lanes, items: as named. shades: (x, width, state) of spans that go over every lane.
    bottom: where the lanes end. overview: top of the overview bar, its height is OVERVIEW.
    """

    view: View
    duration: int
    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    items: tuple[Item, ...]
    shades: tuple[tuple[float, float, State], ...]
    bottom: float
    overview: float

    @cached_property
    def _by_kind(self) -> dict[str, tuple[Item, ...]]:
        rows: dict[str, list[Item]] = {}
        for item in self.items:
            rows.setdefault(item.thing.kind, []).append(item)
        return {kind: tuple(items) for kind, items in rows.items()}

    def items_of(self, kind: Kind) -> tuple[Item, ...]:
        """The items of one kind, in painting order."""
        return self._by_kind.get(kind, ())

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
        """The lane at a height."""
        return next((lane for lane in self.lanes if lane.y <= y < lane.y + lane.height), None)

    def edge_at(self, x: float, y: float) -> tuple[str, Literal["start", "end"]] | None:
        """The edge of a cut or moment that can be dragged here: (id, side); the nearest wins."""
        lane = self.lane_at(y)
        if lane is None or lane.kind not in ("cut", "moment") or x < GUTTER:
            return None
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
                    best = (abs(x - at), item.thing.id, side)
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


def layout(given: TimelineInput, view: View) -> Layout:
    """Everything in the view, for any film; a few thousand items at the very most."""
    lanes, bottom = _lanes(given, view)
    items: list[Item] = []
    for lane in lanes:
        match lane.kind:
            case "scene":
                items.extend(_scenes(given, view, lane))
            case "word":
                items.extend(_words(given, view, lane))
            case "cut":
                items.extend(_cuts(given, view, lane))
            case "moment":
                items.extend(_moments(given, view, lane))
            case _:
                items.extend(_people(given, view, lane))
    return Layout(
        view,
        given.duration,
        lanes,
        tuple(ticks(given.duration, view)),
        tuple(items),
        tuple(_shades(given, view)),
        bottom,
        max(bottom, view.height - OVERVIEW - 6),
    )


def _lanes(given: TimelineInput, view: View) -> tuple[tuple[Lane, ...], float]:
    people = max(26.0, 8 + PEOPLE_PITCH * given.person_rows) if given.person_rows else 0.0
    stacked = len(given.moment_spans)
    room = view.height - RULER - people - OVERVIEW - 14 - (6 if stacked else 0)
    scenes, each, cut, pitch = _heights(given, room)
    rows: list[tuple[Kind, str, float, int]] = []
    if given.scene_starts:
        rows.append(("scene", "Scenes", scenes, 0))
    rows.extend(("word", given.voice_name(k), each, k) for k in range(len(given.voices)))
    rows.append(("cut", "Cut", cut, 0))
    if given.person_rows:
        rows.append(("person", "People", people, 0))
    if stacked:
        rows.append(("moment", "Moments", 6 + stacked * pitch, 0))
    y = RULER
    lanes: list[Lane] = []
    for kind, name, height, key in rows:
        lanes.append(Lane(kind, name, y, height, key))
        y += height
    return tuple(lanes), y


def _heights(given: TimelineInput, room: float) -> tuple[float, float, float, float]:
    """Heights of the scenes, of each voice, of the cut and of a row of moments, within `room`.

    Where room lacks, all shrink to where their text can just be read; then the moments' bars lose
    theirs, as the list of moments says it too, and at last the words.
    """
    counts = (int(bool(given.scene_starts)), len(given.voices), 1, len(given.moment_spans))
    heights = [28.0, SPEAKER, 26.0, timeline_moments.ROW]
    for n, least in (
        (3, timeline_moments.ROW_READ), (1, SPEAKER_READ), (0, 22.0), (2, 22.0),
        (3, timeline_moments.ROW_LEAST), (1, SPEAKER_LEAST),
    ):  # fmt: skip
        lack = sum(c * h for c, h in zip(counts, heights, strict=True)) - room
        if lack > 0 and counts[n]:
            heights[n] = max(least, heights[n] - lack / counts[n])
    return heights[0], heights[1], heights[2], heights[3]


def _placed(view: View, start: float, end: float, least: float) -> tuple[float, float]:
    """x and width, cut off a little outside the view so that numbers stay small."""
    x1 = max(view.x_of(start), GUTTER - 12.0)
    x2 = min(view.x_of(end), view.width + 12.0)
    return x1, max(least, x2 - x1)


def _scenes(given: TimelineInput, view: View, lane: Lane) -> Iterator[Item]:
    spans = given.scene_starts
    for start, end, scene, count in spans.blocks(
        int(view.start), int(view.end) + 1, FINE * view.us_per_px
    ):
        x, wide = _placed(view, start, end, 1.0)
        label = str(scene + 1) if wide > 16 and count == 1 else ""
        yield Item(Thing("scene", scene), x, lane.y + 3, wide, lane.height - 6, label, count=count)


def _words(given: TimelineInput, view: View, lane: Lane) -> Iterator[Item]:
    voice = given.voices[lane.key]
    for start, end, word, count in voice.words.blocks(
        int(view.start), int(view.end) + 1, FINE * view.us_per_px
    ):
        x, wide = _placed(view, start, end, 1.0)
        text = given.word_text(word) if count == 1 and wide > 12 and lane.height >= 16 else ""
        yield Item(
            Thing("word", word),
            x,
            lane.y + 3,
            wide,
            max(4.0, lane.height - 6),
            text,
            given.word_state(word),
            voice.colour,
            count,
        )


def _cuts(given: TimelineInput, view: View, lane: Lane) -> Iterator[Item]:
    for k in given.cut_spans.window(int(view.start), int(view.end) + 1):
        span = given.cuts[given.cut_spans.refs[k]]
        x, wide = _placed(view, span.range.start, span.range.end, 2.0)
        if x + wide < GUTTER - 12:
            continue
        text = _cut_text(span) if wide > 24 else ""
        yield Item(Thing("cut", id=span.id), x, lane.y + 3, wide, lane.height - 6, text, span.state)


def _cut_text(span: CutSpan) -> str:
    what = {"restored": "kept", "proposed": "retake"}.get(span.state, span.label)
    return f"{what}, {length(span.range.duration)}"


def _people(given: TimelineInput, view: View, lane: Lane) -> Iterator[Item]:
    for row, spans in enumerate(given.person_spans):
        y = lane.y + (lane.height - PEOPLE_PITCH * given.person_rows) / 2 + row * PEOPLE_PITCH
        for start, end, person, count in spans.blocks(
            int(view.start), int(view.end) + 1, FINE * view.us_per_px
        ):
            x, wide = _placed(view, start, end, 2.0)
            yield Item(
                Thing("person", person),
                x,
                y + (PEOPLE_PITCH - BAR) / 2,
                wide,
                BAR,
                given.people[person].name,
                colour=given.people[person].colour_index,
                count=count,
            )


def _moments(given: TimelineInput, view: View, lane: Lane) -> Iterator[Item]:
    rows = len(given.moment_spans)
    pitch = (lane.height - 6) / max(1, rows)
    found = timeline_moments.blocks(
        given.moment_spans, int(view.start), int(view.end) + 1, FINE * view.us_per_px
    )
    states: dict[Pick, State] = {Pick.PICKED: "picked", Pick.REJECTED: "rejected"}
    for row, start, end, n, count in found:
        moment = given.moments[n]
        x, wide = _placed(view, start, end, 2.0)
        text = str(count) if count > 1 and wide > 14 and pitch >= 15 else ""
        if count == 1 and wide > 18 and pitch >= 15:
            text = timeline_moments.bar_text(moment)
        yield Item(
            Thing("moment", n, moment.key), x, lane.y + 3 + row * pitch, wide, pitch - 2, text,
            states.get(moment.pick, "") if count == 1 else "", count=count,
        )  # fmt: skip


def _shades(given: TimelineInput, view: View) -> Iterator[tuple[float, float, State]]:
    spans = given.removed_spans
    fine = view.us_per_px
    for start, end, undecided, _count in spans.blocks(int(view.start), int(view.end) + 1, fine):
        x, wide = _placed(view, start, end, 1.0)
        left = max(x, GUTTER)
        if x + wide > left:
            yield left, x + wide - left, "proposed" if undecided else "removed"


def words_between(given: TimelineInput, lane: Lane, start: float, end: float) -> TimeRange | None:
    """The selection a drag over a words lane makes: whole words it touches, or None."""
    if lane.kind != "word":
        return None
    words = given.voices[lane.key].words
    low, high = min(start, end), max(start, end)
    touched = [k for k in words.window(int(low), int(high) + 1) if words.ends[k] > low]
    if not touched:
        return None
    return TimeRange(words.starts[touched[0]], max(words.ends[k] for k in touched))
