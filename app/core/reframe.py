"""The upright picture of a short: which part of the film it shows, at every instant."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from app.core.crop_path import FASTEST, Gate, path_through, value_at
from app.core.faces import Faces
from app.core.moments import Framing
from app.core.subjects import Seen, Subject, panes_for, subjects, turns
from app.core.timerange import SECOND, TimeRange

SHORT = (1080, 1920)
"""Pixels of a short, width and height."""

__all__ = ["FASTEST", "SHORT", "Framed", "Pane", "Part", "Shot", "Track", "frame_up"]

SAFE = (0.2, 0.12)
"""How far a face may be off its place before the crop moves: parts of the crop's width, height."""

PLACE = (0.5, 0.42)
"""Where a face's middle shall be: parts of the crop's width and height."""

ROOM = ((0.1, 0.1), (0.4, 0.15))
"""Left and right of a face, above and below it, in face sizes: above for the hair."""

HEAD = 0.3
"""How much wider a head is than its face box, on each side, in face sizes."""

JITTER = 0.0125
"""No detector is surer than this of where a face is, in parts of the film's width or height."""

SMALLEST_CROP = 1 / 3
"""A pane shows at least this part of the film's height: of 1080 lines 360, enlarged up to 2.7
times in a pane of half the short's height."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a picture: left and upper edge and size, 0 to 1 of the displayed picture."""

    x: float
    y: float
    width: float
    height: float


WHOLE = Part(0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Pane:
    """One picture within the short: what of the film it shows, and where in the short it lies."""

    source: Part
    place: Part


@dataclass(frozen=True, slots=True)
class Track:
    """How one pane's crop moves: its size stays, its corner goes from point to point.

    place: of the short. width, height: of the film's picture. points: (source time in
    microseconds, left, top), ascending, evenly between two points, at rest outside of them.
    follows: numbers of the face tracks that it goes after, the first of them first; none in the
    middle crop.
    """

    place: Part
    width: float
    height: float
    points: tuple[tuple[int, float, float], ...]
    follows: tuple[int, ...] = ()

    def at(self, t: int) -> Pane:
        """The pane at source time `t`."""
        k = bisect_right(self.points, t, key=lambda p: p[0])
        t0, left, top = self.points[max(0, k - 1)]
        if 0 < k < len(self.points):
            t1, left1, top1 = self.points[k]
            part = (t - t0) / (t1 - t0)
            # The same edge twice is exactly that edge: a crop at rest does not tremble.
            left += (left1 - left) * part
            top += (top1 - top) * part
        return Pane(Part(left, top, self.width, self.height), self.place)


@dataclass(frozen=True, slots=True)
class Shot:
    """What lies between two scene cuts: its panes neither come nor go within it."""

    span: TimeRange
    tracks: tuple[Track, ...]


@dataclass(frozen=True, slots=True)
class Framed:
    """The shots of a span, in order, without gaps."""

    shots: tuple[Shot, ...]

    def at(self, t: int) -> tuple[Pane, ...]:
        """The panes at source time `t`; before the first shot and after the last their ends."""
        k = max(0, bisect_right(self.shots, t, key=lambda s: s.span.start) - 1)
        return tuple(track.at(t) for track in self.shots[k].tracks)


def frame_up(
    faces: Faces | None,
    cuts: tuple[int, ...],
    size: tuple[int, int],
    span: TimeRange,
    framing: Framing,
    *,
    only: frozenset[int] = frozenset(),
) -> Framed:
    """How `span` is taken upright; crops jump at `cuts` (ascending) and nowhere else.

    size: pixels of the displayed film. only: tracks of the person to follow where they are seen.
    "static" and shots without a face have the middle; a grid of one person is that subject.
    """
    edges = [span.start, *cuts[bisect_right(cuts, span.start) : bisect_left(cuts, span.end)]]
    shots = []
    for start, end in zip(edges, [*edges[1:], span.end], strict=True):
        shot = TimeRange(start, end)
        tracks: tuple[Track, ...] = ()
        if faces is not None and framing != "static":
            tracks = _tracks(faces, _scene(cuts, shot), shot, size, framing, only)
        shots.append(Shot(shot, tracks or (_middle(size, start),)))
    return Framed(tuple(shots))


def _scene(cuts: tuple[int, ...], shot: TimeRange) -> TimeRange:
    before, after = bisect_right(cuts, shot.start), bisect_left(cuts, shot.end)
    start = cuts[before - 1] if before else min(0, shot.start)
    return TimeRange(start, cuts[after] if after < len(cuts) else shot.end + 60 * SECOND)


def _middle(size: tuple[int, int], start: int) -> Track:
    width, height = _largest(size, WHOLE)
    return Track(WHOLE, width, height, ((start, (1 - width) / 2, (1 - height) / 2),))


def _largest(size: tuple[int, int], place: Part) -> tuple[float, float]:
    """Width and height of the largest crop with the shape of `place`."""
    shape = place.width * SHORT[0] * size[1] / (place.height * SHORT[1] * size[0])
    return min(1.0, shape), min(1.0, 1 / shape)


def _tracks(
    faces: Faces,
    scene: TimeRange,
    shot: TimeRange,
    size: tuple[int, int],
    framing: Framing,
    only: frozenset[int],
) -> tuple[Track, ...]:
    everyone = subjects(faces, scene, shot, only)
    panes = panes_for(everyone, shot, faces.step) if framing == "grid" else ()
    if not panes:
        seen, follows = turns(everyone, shot, faces.step)
        crop = _largest(size, WHOLE)
        return (_track(WHOLE, crop, seen, follows, shot, faces.step),) if seen else ()
    panes = tuple(sorted(panes, key=lambda s: (_middle_of(s), s.tracks)))
    out = []
    for pane, place in zip(panes, _places(len(panes)), strict=True):
        crop = _narrowed(_largest(size, place), pane, panes)
        out.append(_track(place, crop, pane.seen, pane.tracks, shot, faces.step))
    return tuple(out)


def _places(count: int) -> tuple[Part, ...]:
    if count == 4:
        return tuple(Part(x, y, 0.5, 0.5) for y in (0.0, 0.5) for x in (0.0, 0.5))
    return tuple(Part(0.0, n / count, 1.0, 1 / count) for n in range(count))


def _middle_of(subject: Subject) -> float:
    return median((s.x1 + s.x2) / 2 for s in subject.seen)


def _narrowed(
    crop: tuple[float, float], pane: Subject, panes: tuple[Subject, ...]
) -> tuple[float, float]:
    """The crop small enough that the nearest other face lies beside it, where that can be.

    It shows the own face with room around it and SMALLEST_CROP of the film at least.
    """
    left, right, top, bottom = _around(pane)
    part = 1.0
    for other in panes:
        if other is not pane:
            near, far, above, below = _around(other)
            hair = (HEAD * (far - near), HEAD * (below - above))
            beside = _free((left + right) / 2, near - hair[0], far + hair[0], PLACE[0])
            over = _free((top + bottom) / 2, above - hair[1], below + hair[1], PLACE[1])
            part = min(part, max(beside / crop[0], over / crop[1]))
    wide = (right - left) * (1 + sum(ROOM[0])) + 2 * JITTER
    high = (bottom - top) * (1 + sum(ROOM[1])) + 2 * JITTER
    smallest = max(SMALLEST_CROP / crop[1], wide / crop[0], high / crop[1])
    part = min(1.0, max(part, smallest))
    return crop[0] * part, crop[1] * part


def _free(middle: float, near: float, far: float, place: float) -> float:
    """Size of the largest crop around `middle` that leaves out what lies from near to far."""
    if near + far > 2 * middle:
        return min((near - middle) / (1 - place), near)
    return min((middle - far) / place, 1 - far)


def _around(subject: Subject) -> tuple[float, float, float, float]:
    """Left, right, top and bottom of the subject's face: the medians of the shot's boxes."""
    return (
        median(s.x1 for s in subject.seen),
        median(s.x2 for s in subject.seen),
        median(s.y1 for s in subject.seen),
        median(s.y2 for s in subject.seen),
    )


def _track(
    place: Part,
    crop: tuple[float, float],
    seen: Sequence[Seen],
    follows: tuple[int, ...],
    shot: TimeRange,
    step: int,
) -> Track:
    times = [s.t for s in seen]
    across = path_through(_gates(times, [(s.x1, s.x2) for s in seen], crop[0], 0, step), shot)
    down = path_through(_gates(times, [(s.y1, s.y2) for s in seen], crop[1], 1, step), shot)
    points = tuple(
        (t, value_at(across, t), value_at(down, t))
        for t in sorted({t for t, _ in (*across, *down)})
    )
    return Track(place, crop[0], crop[1], points, follows)


def _gates(
    times: list[int], faces: list[tuple[float, float]], crop: float, axis: int, step: int
) -> list[Gate]:
    """Where the crop's left (axis 0) or upper edge shall be so that the faces lie well in it."""
    out: list[Gate] = []
    for k, (t, (near, far)) in enumerate(zip(times, faces, strict=True)):
        gate = _gate(t, near, far, crop, axis)
        # A box is shown for half a step before it is first found and after it was last found.
        if k and t - times[k - 1] > 3 * step // 2:
            out.append(gate._replace(t=t - step // 2))
        out.append(gate)
        if k + 1 < len(times) and times[k + 1] - t > 3 * step // 2:
            out.append(gate._replace(t=t + step // 2))
    return out


def _gate(t: int, near: float, far: float, crop: float, axis: int) -> Gate:
    before, after = ROOM[axis]
    size, safe, most = far - near, SAFE[axis] * crop, 1 - crop
    ideal = (near + far) / 2 - PLACE[axis] * crop
    low = max(ideal - safe, far + after * size - crop)
    high = min(ideal + safe, near - before * size)
    if high - low < 2 * JITTER:
        low, high = (low + high) / 2 - JITTER, (low + high) / 2 + JITTER
    return Gate(
        t,
        min(max(low, 0.0), most),
        min(max(high, 0.0), most),
        min(max(far - crop, 0.0), most),
        min(max(near, 0.0), most),
    )
