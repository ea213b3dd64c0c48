"""What lies in each lane of what comes by the hundred, in columns; no Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.core.memo import by_identity
from app.core.moments import Pick, PlacedMoment
from app.core.people import Person
from app.ui import timeline_moments
from app.ui.text import length
from app.ui.timeline_boxes import Boxes, Look, boxes
from app.ui.timeline_input import CutSpan, TimelineInput, Voice
from app.ui.timeline_items import Item, Kind, State
from app.ui.timeline_lanes import PEOPLE_PITCH, Lane, LaneKind
from app.ui.timeline_scale import FINE, GUTTER, MARGIN, View

_SAID: tuple[State, State, State] = ("", "proposed", "removed")
_CUT: tuple[State, State, State] = ("proposed", "removed", "restored")
_PLAIN: tuple[Look, ...] = (("", 0),)


@dataclass(frozen=True, slots=True)
class _Rows:
    """What the lanes of one kind that are in sight are filled from."""

    given: TimelineInput
    view: View
    lanes: Sequence[Lane]


def all_items(given: TimelineInput, kind: Kind, found: Boxes) -> tuple[Item, ...]:
    """The boxes one by one, in painting order."""
    out = dict(enumerate(_items(given, kind, found, slice(None), _name(given, kind))))
    return tuple({**out, **found.labels}.values())


def item_of(given: TimelineInput, kind: Kind, found: Boxes, number: int) -> Item | None:
    """What has this number and is more than a stroke."""
    place = found.bar_of(number)
    if place is None:
        return None
    return _items(given, kind, found, [place], _name(given, kind))[0]


def _name(given: TimelineInput, kind: Kind) -> Callable[[int], str]:
    return (lambda number: given.people[number].name) if kind == "person" else lambda _number: ""


def _items(
    given: TimelineInput, kind: Kind, found: Boxes, places: list[int] | slice,
    said: Callable[[int], str],
) -> list[Item]:  # fmt: skip
    columns, sides = found.columns[:, places].T.tolist(), found.sides[:, places].T.tolist()
    out: list[Item] = []
    for (_x, _wide, line, code, number, count), (left, right) in zip(columns, sides, strict=True):
        state, colour = found.looks[code]
        index, key = number, ""
        match kind:
            case "cut":
                index, key = -1, given.cuts[number].id
            case "moment":
                key = given.moments[number].key
                state = state if count == 1 else ""
            case _:
                pass
        y, high = found.lines[line]
        out.append(
            Item(kind, left, y, right - left, high, said(number), state, colour, count, index, key)
        )
    return out


def _labelled(
    rows: _Rows, found: Boxes | None, room: float, said: Callable[[int], str]
) -> Boxes | None:
    """The same with what is said of a number, where there are more pixels than `room`."""
    if found is not None and (places := found.wider(room)):
        kind = rows.lanes[0].kind
        items = _items(rows.given, kind, found, places, said)
        found.labels.update(zip(places, items, strict=True))
    return found


def _within(lane: Lane) -> tuple[float, float]:
    return lane.y + 3, lane.height - 6


def _scenes(rows: _Rows) -> Boxes | None:
    lines = (_within(rows.lanes[0]),)
    found = boxes(rows.view, [rows.given.scene_starts], lines, _PLAIN)
    return _labelled(rows, found, 16, lambda scene: str(scene + 1))


@by_identity(2)
def _word_looks(voices: tuple[Voice, ...]) -> tuple[Look, ...]:
    """Of each voice the three states."""
    return tuple((state, voice.colour) for voice in voices for state in _SAID)


def _words(rows: _Rows) -> Boxes | None:
    given, lanes, raw = rows.given, rows.lanes, rows.given.raw_states
    found = boxes(
        rows.view,
        [given.voices[lane.key].words for lane in lanes],
        tuple((lane.y + 3, max(4.0, lane.height - 6)) for lane in lanes),
        _word_looks(given.voices)[3 * lanes[0].key :],
        lambda line, word: 3 * line + np.frombuffer(raw, np.uint8)[word],
        join=2,
        apart=raw,
    )
    return _labelled(rows, found, 12, given.word_text) if lanes[0].height >= 16 else found


def _cuts(rows: _Rows) -> Boxes | None:
    cuts = rows.given.cuts
    found = boxes(
        rows.view, [rows.given.cut_spans], (_within(rows.lanes[0]),),
        tuple((state, 0) for state in _CUT), lambda _line, n: _cut_codes(cuts)[n], least=2,
    )  # fmt: skip
    return _labelled(rows, found, 24, lambda n: _cut_text(cuts[n]))


@by_identity(2)
def _cut_codes(cuts: tuple[CutSpan, ...]) -> NDArray[np.int64]:
    return np.array([_CUT.index(span.state) for span in cuts], np.int64)


def _cut_text(span: CutSpan) -> str:
    what = "kept" if span.state == "restored" else span.label
    return f"{what}, {length(span.range.duration)}"


def _people(rows: _Rows) -> Boxes | None:
    given, lane = rows.given, rows.lanes[0]
    lines = max(1, given.person_rows)
    pitch = min(PEOPLE_PITCH, (lane.height - 4) / lines)
    high = max(2.0, pitch - 4 if pitch >= 8 else pitch - 1.5)
    top = lane.y + (lane.height - pitch * lines) / 2 + (pitch - high) / 2
    codes, looks = _colours(given.people)
    return boxes(
        rows.view, given.person_spans,
        tuple((round(top + row * pitch), high) for row in range(lines)),
        looks, lambda _line, n: codes[n], join=FINE, least=2,
    )  # fmt: skip


@by_identity(2)
def _colours(persons: tuple[Person, ...]) -> tuple[NDArray[np.int64], tuple[Look, ...]]:
    """The code of each person, and what the codes stand for."""
    codes = np.array([who.colour_index for who in persons], np.int64)
    return codes, tuple(("", colour) for colour in range(int(codes.max(initial=0)) + 1))


_PICKS: dict[Pick, State] = {
    Pick.UNDECIDED: "", Pick.PICKED: "picked", Pick.REJECTED: "rejected",
}  # fmt: skip
_PICKED = tuple(_PICKS)


@by_identity(2)
def _pick_codes(moments: tuple[PlacedMoment, ...]) -> NDArray[np.int64]:
    return np.array([_PICKED.index(moment.pick) for moment in moments], np.int64)


def _moments(rows: _Rows) -> Boxes | None:
    given, lane = rows.given, rows.lanes[0]
    pitch = (lane.height - 6) / max(1, len(given.moment_spans))
    high = max(1.0, pitch - 2)
    moments = given.moments
    found = boxes(
        rows.view,
        given.moment_spans,
        tuple((lane.y + 3 + row * pitch, high) for row in range(len(given.moment_spans))),
        tuple((state, 0) for state in _PICKS.values()),
        lambda _line, n: _pick_codes(moments)[n],
        least=2,
    )
    if pitch < 15:
        return found
    texts = _bar_texts(moments)
    return _labelled(
        rows, found, 18,
        lambda n: texts.get(n) or texts.setdefault(n, timeline_moments.bar_text(moments[n])),
    )  # fmt: skip


@by_identity(2)
def _bar_texts(_moments: tuple[PlacedMoment, ...]) -> dict[int, str]:
    """What was said so far on the bars of these."""
    return {}


_FILLED: dict[LaneKind, Callable[[_Rows], Boxes | None]] = {
    "scene": _scenes,
    "word": _words,
    "cut": _cuts,
    "person": _people,
    "moment": _moments,
}


def boxes_of(
    kind: LaneKind, given: TimelineInput, view: View, lanes: Sequence[Lane]
) -> Boxes | None:
    """What lies in the lanes of a kind that are in sight; None for nothing."""
    fill = _FILLED.get(kind)
    return fill(_Rows(given, view, lanes)) if fill else None


def shades(given: TimelineInput, view: View) -> NDArray[np.int64] | None:
    """x, width and whether it is undecided of each removed stretch in view, as 3 rows."""
    scale = view.us_per_px
    first, last = int(view.start - MARGIN * scale), int(view.end) + 1
    found = given.removed_spans.found(first, last, scale)
    if not len(found):
        return None
    blocks = np.array(found).T if isinstance(found, list) else found
    sides = (blocks[:2] - view.start) * (1 / scale) + GUTTER
    ends = (np.clip(sides, GUTTER, view.width + MARGIN) + 0.5).astype(np.int64)
    out = np.stack((ends[0], np.maximum(ends[1] - ends[0], 1), blocks[2]))
    seen = blocks[1] > view.start
    return out[:, seen] if seen.any() else None
