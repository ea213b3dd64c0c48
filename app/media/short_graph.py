"""The filters that make a picture upright: crops that follow their tracks, in their places."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from app.core.reframe import SHORT, Framed, Part, Track
from app.core.timerange import SECOND, Ranges
from app.media.filter_text import EARLY, closed_gaps, kept_frames, stepped
from app.media.probe import VideoStream

_WIDTH, _HEIGHT = SHORT
_FOREVER = 1 << 62

_Box = tuple[int, int, int, int]
"""Left, top, width and height in pixels of the short, all even, as its colours are halved."""

_Piece = tuple[int, int, Track]
"""From when until when, in source time, a track is followed."""


@dataclass(frozen=True)
class _Slot:
    """All tracks that are cropped by one size and shown in one place, whatever shot they are of.

    width, height: of the crop, in pixels of the source. shown: for each shot, whether it has one.
    """

    box: _Box
    width: float
    height: float
    pieces: list[_Piece] = field(default_factory=list)
    shots: set[int] = field(default_factory=set)


def upright(framed: Framed, keep: Ranges, film: VideoStream, origin: int, captions: str) -> str:
    """ffmpeg's filter text, from the source's picture to [v], on the short's own time.

    Each slot is cropped and scaled for every frame, and shown in its own shots: layouts are few,
    encoding costs far more, and filters that part and join a stream lose the frames' times.
    origin: microseconds of pts at time 0. captions: file to burn in; "" for none.
    """
    size = (film.width, film.height)
    starts = [s.span.start for s in framed.shots]
    slots = _slots(framed, keep, size)
    head = f"[0:V:0]{kept_frames(keep, origin)}"
    if film.sar != 1:
        head += f",scale={film.width}:{film.height}"
    names = "".join(f"[s{k}]" for k in range(len(slots)))
    lines = [f"{head},split={len(slots)}{names}"]
    for k, slot in enumerate(slots):
        lines.append(f"[s{k}]{_cropped(slot, size, origin)}{_canvas(slot) if k == 0 else ''}[p{k}]")
    at = "p0"
    for k, slot in enumerate(slots[1:], 1):
        shown = _enabled(slot, starts, origin)
        place = f"x={slot.box[0]}:y={slot.box[1]}:format=yuv420"
        lines.append(f"[{at}][p{k}]overlay={place}:eof_action=pass:enable='{shown}'[c{k}]")
        at = f"c{k}"
    burned = f",ass={captions}" if captions else ""
    lines.append(f"[{at}]setsar=1,{closed_gaps(keep, origin)}{burned}[v]")
    return ";\n".join(lines)


def _slots(framed: Framed, keep: Ranges, size: tuple[int, int]) -> list[_Slot]:
    """Those that some kept shot needs; the largest first, as the others are laid over it."""
    found: dict[tuple[_Box, int, int], _Slot] = {}
    shots = framed.shots
    for n, shot in enumerate(shots):
        start = shot.span.start if n else -_FOREVER
        end = shots[n + 1].span.start if n + 1 < len(shots) else _FOREVER
        if not any(r.start < end and start < r.end for r in keep):
            continue
        for track in shot.tracks:
            width, height = track.width * size[0], track.height * size[1]
            key = (_box(track.place), round(width), round(height))
            slot = found.setdefault(key, _Slot(key[0], width, height))
            slot.pieces.append((start, end, track))
            slot.shots.add(n)
    return sorted(found.values(), key=lambda s: -s.box[2] * s.box[3])


def _box(place: Part) -> _Box:
    left, right = _even(place.x * _WIDTH), _even((place.x + place.width) * _WIDTH)
    top, bottom = _even(place.y * _HEIGHT), _even((place.y + place.height) * _HEIGHT)
    return left, top, max(2, right - left), max(2, bottom - top)


def _even(x: float) -> int:
    return 2 * round(x / 2)


def _cropped(slot: _Slot, size: tuple[int, int], origin: int) -> str:
    """Crop, scale, crop again.

    A crop of the source moves by two of its pixels, which a slow pan shows as shaking. So it is
    taken a little larger, and what is too much is cropped in the short's own pixels.
    """
    across = _Axis(size[0], slot.width, slot.box[2])
    down = _Axis(size[1], slot.height, slot.box[3])
    x, y = (stepped(*_path(slot.pieces, k, size[k - 1], origin), "t") for k in (1, 2))
    text = f"crop={across.taken}:{down.taken}:x='{across.coarse(x)}':y='{down.coarse(y)}'"
    text += f",scale={across.scaled}:{down.scaled},format=yuv420p"
    if (across.scaled, down.scaled) != (across.shown, down.shown):
        text += f",crop={across.shown}:{down.shown}"
        text += f":x='{across.fine(x)}':y='{down.fine(y)}':exact=1"
    return text


def _canvas(slot: _Slot) -> str:
    left, top, width, height = slot.box
    return "" if (width, height) == SHORT else f",pad={_WIDTH}:{_HEIGHT}:{left}:{top}"


class _Axis:
    """One direction of a crop. taken: pixels of the source; scaled, shown: of the short."""

    def __init__(self, whole: int, part: float, shown: int) -> None:
        part = max(2.0, min(part, whole))
        self.shown = shown
        self.taken = min(whole // 2 * 2, 2 * math.ceil((part + 2) / 2))
        if part > whole - 1:
            self.taken = whole // 2 * 2
        self.scaled = max(shown, _even(self.taken * shown / part))
        self._most = (whole - self.taken) // 2 * 2
        self._zoom = self.scaled / self.taken

    def coarse(self, path: str) -> str:
        """Where the crop of the source begins: on an even pixel."""
        return f"clip(2*floor(({path})/2),0,{self._most})"

    def fine(self, path: str) -> str:
        """Where the crop of what was scaled begins."""
        begun = f"clip(2*floor(ld(0)/2),0,{self._most})"
        return f"st(0,{path});max(0,floor((ld(0)-{begun})*{self._zoom:.6f}+0.5))"


def _path(
    pieces: Sequence[_Piece], axis: int, pixels: int, origin: int
) -> tuple[list[int], list[str]]:
    """Edges and values for `stepped`: where the crop begins, in pixels of the source.

    axis: 1 left, 2 top.
    """
    edges: list[int] = []
    values: list[str] = []
    for start, end, track in pieces:
        for at, value in _parts(start, end, track, axis, pixels, origin):
            if values and value == values[-1]:
                continue
            if values:
                edges.append(at + origin - EARLY)
            values.append(value)
    return edges, values


def _parts(
    start: int, end: int, track: Track, axis: int, pixels: int, origin: int
) -> Iterator[tuple[int, str]]:
    """From when on in `[start, end)` which expression holds, ascending, beginning with `start`."""
    points = track.points
    if points[0][0] > start:
        yield start, f"{points[0][axis] * pixels:.4f}"
    for here, there in pairwise(points):
        if there[0] <= max(start, here[0]) or here[0] >= end:
            continue
        value = f"{here[axis] * pixels:.4f}"
        if moved := (there[axis] - here[axis]) * pixels:
            slope = moved * SECOND / (there[0] - here[0])
            value += f"{slope:+.6f}*(t-{(here[0] + origin) / SECOND:.6f})"
        yield max(start, here[0]), value
    if points[-1][0] < end:
        yield max(start, points[-1][0]), f"{points[-1][axis] * pixels:.4f}"


def _enabled(slot: _Slot, starts: Sequence[int], origin: int) -> str:
    """An expression that is 1 in the shots that have the slot."""
    states = [str(int(n in slot.shots)) for n in range(len(starts))]
    changes = [n for n in range(1, len(states)) if states[n] != states[n - 1]]
    edges = [starts[n] + origin - EARLY for n in changes]
    return stepped(edges, [states[0], *(states[n] for n in changes)], "t")
