"""What lies in each lane: wide items one by one, narrow ones as strokes; no Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from app.core.late import late
from app.core.memo import by_identity
from app.core.moments import Pick, PlacedMoment
from app.core.people import Person
from app.core.thumbnail_grid import grid_step
from app.ui import timeline_moments
from app.ui.spans import Spans
from app.ui.text import length
from app.ui.timeline_input import CutSpan, TimelineInput
from app.ui.timeline_items import Fine, Item, State
from app.ui.timeline_lanes import PEOPLE_PITCH, Lane, LaneKind
from app.ui.timeline_scale import GUTTER, View

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    np = late("numpy")

FINE = 3.0
"""Spans narrower than this many pixels are drawn as one block with their neighbours."""

NARROW = 6.0
"""What is narrower than this many pixels is a plain stroke: hundreds of outlines cost a frame."""

MARGIN = 12.0
"""Pixels to either side of the view that are laid out as well."""

PICTURE = 16 / 9
"""Width of a thumbnail's place by its height; other films fill it."""

FLAG = 10.0
"""Pixels of a marker at an instant, by which it is dragged."""

FLAG_MOST = 160.0
"""Pixels of it with what it says."""

_SAID: tuple[State, State, State] = ("", "proposed", "removed")
_CUT: tuple[State, State, State] = ("proposed", "removed", "restored")


class Look(NamedTuple):
    """How strokes look: `codes()[number]` is a code, `named(code)` its state and colour.

    Without codes all have the code 0. They are asked for where there is something to draw.
    """

    codes: Callable[[], NDArray[Any]] | None
    named: Callable[[int], tuple[State, int]]


PLAIN = Look(None, lambda _code: ("", 0))


@dataclass(slots=True)
class Rows:
    """A lane that is being filled: `wide` items and `fine` rows of all lanes of its kind."""

    given: TimelineInput
    view: View
    lane: Lane
    wide: list[Item]
    fine: list[Fine]

    def split(
        self, spans: Spans, y: float, height: float, look: Look,
        *, join: float = 0.0, apart: bytes | None = None, least: float = 1.0,
    ) -> Iterator[tuple[float, float, int, int]]:  # fmt: skip
        """(x, width, number, count) of what has room for more than a stroke; the rest is filed.

        join: pixels between strokes that are drawn as one; not those of unlike bytes of `apart`.
        Far ends are cut off a little outside the view, so that numbers stay small.
        """
        view, scale = self.view, self.view.us_per_px
        low, high = GUTTER - MARGIN, view.width + MARGIN
        found = spans.found(
            int(view.start - MARGIN * scale), int(view.end) + 1, FINE * scale, join * scale, apart
        )
        if not len(found):
            return
        import numpy as np

        blocks = np.array(found).T if isinstance(found, list) else found
        sides = blocks[:2] * (1 / scale) + (GUTTER - view.start / scale)
        np.maximum(sides[0], low, out=sides[0])
        large = (sides[1] - sides[0] >= NARROW) & (blocks[3] == 1)
        np.minimum(sides[1], high, out=sides[1])
        if large.any():
            lefts, rights = sides[:, large].tolist()
            for x1, x2, number in zip(lefts, rights, blocks[2, large].tolist(), strict=True):
                yield x1, x2 - x1, number, 1
            if large.all():
                return
            small = ~large
            sides, blocks = sides[:, small], blocks[:, small]
        self._file(y, height, sides, blocks, look, least)

    def _file(
        self, y: float, height: float, sides: NDArray[Any], blocks: NDArray[np.int64],
        look: Look, least: float,
    ) -> None:  # fmt: skip
        import numpy as np

        columns = np.empty((4, blocks.shape[1]), np.int64)
        ends = (sides + 0.5).astype(np.int64)
        columns[0] = ends[0]
        columns[1] = np.maximum(ends[1] - ends[0], int(least))
        columns[2:] = blocks[2:]
        if look.codes is None:
            kinds = {0: columns}
        else:
            codes = look.codes()[columns[2]]
            first = int(codes[0])
            if (codes == first).all():
                kinds = {first: columns}
            else:
                kinds = {int(code): columns[:, codes == code] for code in np.unique(codes)}
        for code, some in kinds.items():
            state, colour = look.named(code)
            self.fine.append(Fine(self.lane.kind, y, height, state, colour, some))


def item_of(given: TimelineInput, row: Fine, box: tuple[int, int, int, int]) -> Item:
    x, wide, n, count = box
    text, number, key = "", n, ""
    match row.kind:
        case "cut":
            number, key = -1, given.cuts[n].id
        case "moment":
            key = given.moments[n].key
        case "marker":
            key = given.markers[n].key
        case "person":
            text = given.people[n].name
        case _:
            pass
    state = row.state if count == 1 or row.kind != "moment" else ""
    return Item(
        row.kind, x, row.y, wide, row.height, text, state, row.colour, count, number, key
    )  # fmt: skip


def _scenes(rows: Rows) -> None:
    y, high = rows.lane.y + 3, rows.lane.height - 6
    for x, wide, scene, _ in rows.split(rows.given.scene_starts, y, high, PLAIN):
        label = str(scene + 1) if wide > 16 else ""
        rows.wide.append(Item("scene", x, y, wide, high, label, index=scene))


def thumb_step(view: View, height: float) -> int:
    """Microseconds from thumbnail to thumbnail: one of the film's grids, so that they stay."""
    return grid_step(view.us_per_px, height * PICTURE * 0.6)


def _thumbs(rows: Rows) -> None:
    view, y, high = rows.view, rows.lane.y + 2, rows.lane.height - 4
    film = rows.given.duration
    step = thumb_step(view, high)
    first, last = max(0, int(view.start // step)), int(min(view.end, film) // step)
    for k in range(first, last + 1):
        x, right = view.x_of(k * step), view.x_of(min(film, (k + 1) * step))
        if right > x:
            rows.wide.append(Item("thumb", x, y, right - x, high, index=k))


def _words(rows: Rows) -> None:
    given, lane = rows.given, rows.lane
    voice, looks = given.voices[lane.key], given.raw_states
    y, high = lane.y + 3, max(4.0, lane.height - 6)
    read = lane.height >= 16

    look = Look(lambda: np.frombuffer(looks, np.uint8), lambda code: (_SAID[code], voice.colour))
    for x, wide, word, _ in rows.split(voice.words, y, high, look, join=2, apart=looks):
        text = given.word_text(word) if wide > 12 and read else ""
        state = _SAID[looks[word]]
        rows.wide.append(Item("word", x, y, wide, high, text, state, voice.colour, 1, word))


def _cuts(rows: Rows) -> None:
    given, y, high = rows.given, rows.lane.y + 3, rows.lane.height - 6
    cuts = given.cuts
    look = Look(lambda: _cut_codes(cuts), lambda code: (_CUT[code], 0))
    for x, wide, n, _ in rows.split(given.cut_spans, y, high, look, least=2):
        text = _cut_text(cuts[n]) if wide > 24 else ""
        rows.wide.append(Item("cut", x, y, wide, high, text, cuts[n].state, id=cuts[n].id))


@by_identity(2)
def _cut_codes(cuts: tuple[CutSpan, ...]) -> NDArray[np.int64]:
    return np.array([_CUT.index(span.state) for span in cuts], np.int64)


def _cut_text(span: CutSpan) -> str:
    what = "kept" if span.state == "restored" else span.label
    return f"{what}, {length(span.range.duration)}"


def _people(rows: Rows) -> None:
    given, lane = rows.given, rows.lane
    lines = max(1, given.person_rows)
    pitch = min(PEOPLE_PITCH, (lane.height - 4) / lines)
    high = max(2.0, pitch - 4 if pitch >= 8 else pitch - 1.5)
    top = lane.y + (lane.height - pitch * lines) / 2 + (pitch - high) / 2
    persons = given.people
    look = Look(lambda: _colours(persons), lambda code: ("", code))
    for row, spans in enumerate(given.person_spans):
        y = round(top + row * pitch)
        for x, wide, n, _ in rows.split(spans, y, high, look, join=FINE, least=2):
            who = persons[n]
            rows.wide.append(Item("person", x, y, wide, high, who.name, "", who.colour_index, 1, n))


@by_identity(2)
def _colours(persons: tuple[Person, ...]) -> NDArray[np.int64]:
    return np.array([who.colour_index for who in persons], np.int64)


_PICKS: dict[Pick, State] = {
    Pick.UNDECIDED: "", Pick.PICKED: "picked", Pick.REJECTED: "rejected",
}  # fmt: skip
_PICKED = tuple(_PICKS)


@by_identity(2)
def _pick_codes(moments: tuple[PlacedMoment, ...]) -> NDArray[np.int64]:
    return np.array([_PICKED.index(moment.pick) for moment in moments], np.int64)


def _moments(rows: Rows) -> None:
    given = rows.given
    pitch = (rows.lane.height - 6) / max(1, len(given.moment_spans))
    high = max(1.0, pitch - 2)
    look = Look(lambda: _pick_codes(given.moments), lambda code: (_PICKS[_PICKED[code]], 0))

    for row, spans in enumerate(given.moment_spans):
        y = rows.lane.y + 3 + row * pitch
        for x, wide, n, _ in rows.split(spans, y, high, look, least=2):
            moment = given.moments[n]
            text = timeline_moments.bar_text(moment) if wide > 18 and pitch >= 15 else ""
            state = _PICKS[moment.pick]
            rows.wide.append(Item("moment", x, y, wide, high, text, state, 0, 1, n, moment.key))


def _markers(rows: Rows) -> None:
    """Spans as bars, instants as flags with what they say as far as there is room."""
    given, view = rows.given, rows.view
    y, high = rows.lane.y + 3, rows.lane.height - 6
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
        rows.wide.append(
            Item("marker", x, y, wide, high, text, "", marker.colour, count, n, marker.key)
        )


FILLED: dict[LaneKind, Callable[[Rows], None]] = {
    "scene": _scenes,
    "thumb": _thumbs,
    "sound": lambda _rows: None,
    "word": _words,
    "cut": _cuts,
    "person": _people,
    "moment": _moments,
    "marker": _markers,
}


def shades(given: TimelineInput, view: View) -> NDArray[np.int64] | None:
    """x, width and whether it is undecided of each removed stretch in view, as 3 rows."""
    scale = view.us_per_px
    first, last = int(view.start - MARGIN * scale), int(view.end) + 1
    found = given.removed_spans.found(first, last, scale)
    if not len(found):
        return None
    import numpy as np

    blocks = np.array(found).T if isinstance(found, list) else found
    sides = (blocks[:2] - view.start) * (1 / scale) + GUTTER
    ends = (np.clip(sides, GUTTER, view.width + MARGIN) + 0.5).astype(np.int64)
    out = np.stack((ends[0], np.maximum(ends[1] - ends[0], 1), blocks[2]))
    seen = blocks[1] > view.start
    return out[:, seen] if seen.any() else None
