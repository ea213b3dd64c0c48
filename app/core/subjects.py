"""Whom a shot shows: its faces gathered into subjects, and which of them a crop follows."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.core.faces import NO_CLUSTER, Faces
from app.core.timerange import Ranges, TimeRange, intersect, merge, subtract, total

BRIDGED = 1_500_000
"""A face unseen for no longer than this has not left: it was turned away or covered."""

STAY = 600_000
"""Somebody seen for less than this is nobody to go over to."""

TOGETHER = 0.4
"""People share a grid who are seen together for at least this part of the shot."""

SMALLEST = 0.2
"""A face smaller than this part of the largest one's area is in the background: no pane."""

MOST_PANES = 4


class Seen(NamedTuple):
    """One face in one sample: microseconds, corners 0 to 1, track."""

    t: int
    x1: float
    y1: float
    x2: float
    y2: float
    track: int


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody in a shot: one box a sample, ascending; tracks with the most seen one first.

    weight: how long times how large.
    """

    seen: tuple[Seen, ...]
    tracks: tuple[int, ...]
    weight: float

    def presence(self, step: int) -> Ranges:
        """When they are there, short absences included."""
        return merge(
            TimeRange(a.t, b.t if b.t - a.t <= BRIDGED else a.t + step)
            for a, b in zip(self.seen, (*self.seen[1:], _after(self.seen[-1], step)), strict=True)
        )


def _after(last: Seen, step: int) -> Seen:
    return last._replace(t=last.t + step)


def subjects(
    faces: Faces, scene: TimeRange, shot: TimeRange, only: frozenset[int]
) -> tuple[Subject, ...]:
    """Everyone in `shot`, which lies in `scene`: who was chosen first, then by weight.

    `only`: tracks of one person; they are one subject. One sample before the shot and one after it
    count too, where they lie in the scene: the boxes at its ends are on the way to them.
    """
    reach = 5 * faces.step // 2
    first = bisect_left(faces.times, max(scene.start, shot.start - reach))
    last = bisect_left(faces.times, min(scene.end, shot.end + reach))
    first = max(first, bisect_right(faces.times, shot.start) - 1)
    last = min(last, bisect_left(faces.times, shot.end) + 1)
    by_key: dict[tuple[int, int], list[Seen]] = {}
    for k in range(first, last):
        for row in range(faces.offsets[k], faces.offsets[k + 1]):
            track, cluster = faces.track_ids[row], faces.cluster_ids[row]
            key = (0, 0) if track in only else (1, cluster)
            if key == (1, NO_CLUSTER):
                key = (2, track)
            x1, y1, x2, y2 = faces.boxes[4 * row : 4 * row + 4]
            by_key.setdefault(key, []).append(Seen(faces.times[k], x1, y1, x2, y2, track))
    found = [(key[0], _subject(seen)) for key, seen in by_key.items() if key[0] < 2]
    loose = sorted((seen for key, seen in by_key.items() if key[0] == 2), key=lambda s: s[0])
    found += [(1, _subject(seen)) for seen in _linked(loose)]
    found.sort(key=lambda f: (f[0], -f[1].weight, f[1].tracks))
    return tuple(subject for _, subject in found)


def _area(seen: Seen) -> float:
    return (seen.x2 - seen.x1) * (seen.y2 - seen.y1)


def _subject(seen: Sequence[Seen]) -> Subject:
    weights: dict[int, float] = {}
    for s in seen:
        weights[s.track] = weights.get(s.track, 0.0) + _area(s)
    tracks = tuple(sorted(weights, key=lambda t: (-weights[t], t)))
    # Nobody is in two places: of two boxes in a sample the one of the greater track is theirs.
    place = {track: n for n, track in enumerate(tracks)}
    one: dict[int, Seen] = {}
    for s in sorted(seen, key=lambda s: (s.t, -place[s.track])):
        one[s.t] = s
    return Subject(tuple(one.values()), tracks, sum(map(_area, one.values())))


def _linked(loose: list[list[Seen]]) -> list[list[Seen]]:
    """Tracks that go on where another one broke off, as somebody turned away: one subject."""
    out: list[list[Seen]] = []
    for track in loose:
        ends = [(_step_between(chain[-1], track[0]), n) for n, chain in enumerate(out)]
        distance, n = min(ends, default=(1.0, 0))
        if distance < 1.0:
            out[n].extend(track)
        else:
            out.append(list(track))
    return out


def _step_between(a: Seen, b: Seen) -> float:
    """Distance of two boxes in face sizes; 1 or more where the second is somebody else."""
    wide, high = max(a.x2 - a.x1, b.x2 - b.x1), max(a.y2 - a.y1, b.y2 - b.y1)
    if not 0 < b.t - a.t <= BRIDGED or not 0.4 < (_area(a) or 1.0) / (_area(b) or 1.0) < 2.5:
        return 1.0
    across = abs(a.x1 + a.x2 - b.x1 - b.x2) / 2 / (wide or 1.0)
    return max(across, abs(a.y1 + a.y2 - b.y1 - b.y2) / 2 / (high or 1.0))


def turns(
    everyone: Sequence[Subject], shot: TimeRange, step: int
) -> tuple[tuple[Seen, ...], tuple[int, ...]]:
    """What one crop follows: the first subject while there, else the next; and all their tracks."""
    free: Ranges = (TimeRange(shot.start - 3 * step, shot.end + 3 * step),)
    seen: list[Seen] = []
    tracks: list[int] = []
    for subject in everyone:
        there = intersect(subject.presence(step), free)
        mine = tuple(r for r in there if r.duration >= STAY)
        if mine:
            seen += [s for s in subject.seen if any(r.contains(s.t) for r in mine)]
            tracks += subject.tracks
            free = subtract(free, mine)
    if not seen and everyone:
        return everyone[0].seen, everyone[0].tracks
    return tuple(sorted(seen)), tuple(tracks)


def panes_for(everyone: Sequence[Subject], shot: TimeRange, step: int) -> tuple[Subject, ...]:
    """Two to four subjects seen together for long enough to share a grid, or none."""
    if not everyone:
        return ()
    sizes = [s.weight / len(s.seen) for s in everyone]
    within = (shot,)
    there = [
        (s, intersect(s.presence(step), within))
        for s, size in zip(everyone, sizes, strict=True)
        if size >= SMALLEST * max(sizes)
    ][:MOST_PANES]
    for count in range(len(there), 1, -1):
        common: Ranges = within
        for _, ranges in there[:count]:
            common = intersect(common, ranges)
        if total(common) >= TOGETHER * shot.duration:
            return tuple(s for s, _ in there[:count])
    return ()
