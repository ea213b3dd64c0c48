"""What the timeline says in words: its description and its tooltips; no Qt."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from app.core.memo import evolving
from app.core.moments import PlacedMoment
from app.core.timerange import differing
from app.ui.text import clock, counted, isolated, length, span
from app.ui.timeline_input import CutSpan, TimelineInput
from app.ui.timeline_lanes import NAMES, Arrangement, kinds
from app.ui.timeline_layout import Layout
from app.ui.timeline_moments import bar_text


def description(given: TimelineInput) -> str:
    """What is on the timeline, for those who do not see it."""
    if not given.duration:
        return "No video"
    states = _counted(given.cuts).states
    parts = [
        length(given.duration), f"{states['removed']} removed", f"{states['proposed']} proposed"
    ]  # fmt: skip
    if len(given.scene_starts):
        parts.append(counted(len(given.scene_starts), "scene"))
    if given.moments:
        parts.append(counted(len(given.moments), "moment"))
    if given.people:
        parts.append(counted(len(given.people), "person", "people"))
    if given.markers:
        parts.append(counted(len(given.markers), "marker"))
    speakers = [voice.name for voice in given.voices]
    others = [NAMES[kind] for kind in kinds(given, Arrangement()) if kind != "word"]
    return f"{', '.join(parts)}. Lanes: {', '.join([*others[:1], *speakers, *others[1:]])}"


@dataclass(frozen=True, eq=False, slots=True)
class _Counted:
    cuts: tuple[CutSpan, ...]
    states: Counter[str]


@evolving(2)
def _counted(cuts: tuple[CutSpan, ...], before: _Counted | None) -> _Counted:
    old = before or _Counted((), Counter())
    head, tail = differing(old.cuts, cuts)
    states = old.states - Counter(c.state for c in old.cuts[head : len(old.cuts) - tail])
    states.update(c.state for c in cuts[head : len(cuts) - tail])
    return _Counted(cuts, states)


def tip_at(given: TimelineInput, shown: Layout, x: float, y: float) -> str:
    """What the tooltip says at a point, as plain text; "" for none."""
    thing = shown.hit(x, y)
    match thing.kind:
        case "word" if given.transcript:
            word = given.transcript.words[thing.index]
            text = isolated(given.word_text(thing.index))
            sure = f", confidence {word.confidence:.2f}" if word.confidence is not None else ""
            rough = ", time estimated" if word.estimated else ""
            return f"{text}  {span(word.start, word.end)}{sure}{rough}".replace("<", "‹")
        case "cut":
            cut = next((c for c in given.cuts if c.id == thing.id), None)
            if cut is None:
                return ""
            what = "kept" if cut.state == "restored" else cut.state
            return f"{what}, {span(cut.range.start, cut.range.end)}"
        case "person":
            return isolated(given.people[thing.index].name).replace("<", "‹")
        case "moment":
            item = shown.item_at(x, y)
            if item is not None and item.count > 1:
                return counted(item.count, "moment")
            return _moment_tip(given.moments[thing.index])
        case "marker":
            marker = given.markers[thing.index]
            own = clock(marker.range.start)
            own = own if marker.instant else span(marker.range.start, marker.range.end)
            return f"{isolated(marker.text or 'Marker')}  {own}".replace("<", "‹")
        case "names":
            lane = shown.lane_at(y)
            return isolated(lane.name).replace("<", "‹") if lane else ""
        case "scene":
            starts = given.scene_starts
            return f"Scene {thing.index + 1}, from {clock(starts.starts[thing.index])}"
        case _:
            return ""


def _moment_tip(moment: PlacedMoment) -> str:
    own = span(moment.span.start, moment.span.end)
    said = f"{bar_text(moment)}  {own}, {length(moment.span.duration)}"
    return said.replace("<", "‹")
