"""Who is in the picture: face observations in compact columns, tracks and people."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from operator import attrgetter

NO_CLUSTER = -1
"""`cluster_id` where the service could not tell who it is: each track then stands alone."""

NO_TRACK = -1
"""`track` of a box that the service put into no track."""

GAP = 2.5
"""Steps between two observations over which there is no data (contract, question 14)."""


@dataclass(frozen=True, slots=True)
class Box:
    """One face in one sampled frame: corners 0 to 1 of the displayed frame, `x1 < x2`, `y1 < y2`.

    speaking: the service's active-speaker confidence, or None where it gave none.
    """

    x1: float
    y1: float
    x2: float
    y2: float
    score: float
    track: int
    cluster: int = NO_CLUSTER
    speaking: float | None = None


@dataclass(frozen=True, slots=True)
class FaceTrack:
    """One continuous appearance, times in microseconds, area 0 to 1 of the frame."""

    track: int
    cluster: int
    start: int
    end: int
    frame_count: int
    median_area: float

    @property
    def person(self) -> str:
        """Key of the person: the cluster where there is one, else the track alone."""
        return f"c{self.cluster}" if self.cluster != NO_CLUSTER else f"t{self.track}"


@dataclass(frozen=True, eq=False)
class Faces:
    """Sampled frames and their boxes, as columns (one row a box, frames by offset).

    times: microseconds of each sampled frame, ascending, frames without a face included.
    offsets: `len(times) + 1` row numbers; frame k holds rows `offsets[k]:offsets[k + 1]`.
    boxes: 4 floats a row; scores 1; tracks and clusters 1 int; speaking 1 float, NaN for none.
    """

    times: array[int]
    offsets: array[int]
    boxes: array[float]
    scores: array[float]
    track_ids: array[int]
    cluster_ids: array[int]
    speaking: array[float]
    tracks: tuple[FaceTrack, ...] = ()

    @classmethod
    def of(
        cls, frames: Iterable[tuple[int, Iterable[Box]]], tracks: Iterable[FaceTrack] = ()
    ) -> Faces:
        """From (time, boxes) pairs in any order; tracks are derived where none are given."""
        columns = FaceColumns()
        for time, boxes in sorted(frames, key=lambda f: f[0]):
            for b in boxes:
                columns.add((b.x1, b.y1, b.x2, b.y2), b.score, b.track, b.cluster, b.speaking)
            columns.end_frame(time)
        return columns.faces(tracks)

    @cached_property
    def step(self) -> int:
        """Median distance of sampled frames in microseconds; 0.2 s for fewer than 2."""
        gaps = sorted(b - a for a, b in zip(self.times, self.times[1:], strict=False))
        return gaps[len(gaps) // 2] if gaps else 200_000

    def box(self, row: int) -> Box:
        """Row `row` as a value."""
        x1, y1, x2, y2 = self.boxes[4 * row : 4 * row + 4]
        said = self.speaking[row]
        return Box(
            x1,
            y1,
            x2,
            y2,
            self.scores[row],
            self.track_ids[row],
            self.cluster_ids[row],
            None if said != said else said,  # noqa: PLR0124 - NaN alone differs from itself
        )

    def frame(self, k: int) -> tuple[Box, ...]:
        """The boxes of sampled frame `k`."""
        return tuple(self.box(row) for row in range(self.offsets[k], self.offsets[k + 1]))

    def boxes_at(self, t: int, cuts: tuple[int, ...] = ()) -> tuple[Box, ...]:
        """Boxes to draw at `t`: each track interpolated between its own observations around `t`.

        A face that one sample in between did not see is still the same face; in a gap of over 2.5
        steps nothing is shown, and nothing reaches across a scene cut in `cuts` (ascending
        microseconds). Before its first and after its last observation a face is shown for half a
        step, or for a whole one where nothing further was looked at in this scene.
        """
        k = bisect_right(self.times, t)
        before = self._seen(range(k - 1, -1, -1), t, cuts)
        after = self._seen(range(k, len(self.times)), t, cuts)
        out: list[Box] = []
        for track in dict.fromkeys((*before.boxes, *after.boxes)):
            first, then = before.boxes.get(track), after.boxes.get(track)
            if first and then and then[0] - first[0] <= GAP * self.step:
                out.append(_between(first, then, t))
            elif first and t - first[0] <= self.step * before.reach(after):
                out.append(first[1])
            elif then and then[0] - t <= self.step * after.reach(before):
                out.append(then[1])
        return (*out, *self._untracked(t, before, after))

    def _seen(self, samples: range, t: int, cuts: tuple[int, ...]) -> _Side:
        """What the samples say that lie near enough to `t` in its own scene, the nearest first."""
        side = _Side()
        for k in samples:
            at = self.times[k]
            if _cut_between(cuts, min(at, t), max(at, t)):
                break
            side.looked = True
            if abs(at - t) > GAP * self.step:
                break
            for box in self.frame(k):
                if box.track != NO_TRACK:
                    side.boxes.setdefault(box.track, (at, box))
            if side.nearest is None:
                side.nearest = k
        return side

    def _untracked(self, t: int, before: _Side, after: _Side) -> Iterator[Box]:
        """Boxes that belong to no track stand as they were seen, in the sample nearest to `t`."""
        a, b = before.nearest, after.nearest
        if a is not None and b is not None and self.times[b] - self.times[a] <= GAP * self.step:
            k = a if t - self.times[a] < self.times[b] - t else b
        elif a is not None and t - self.times[a] <= self.step * before.reach(after):
            k = a
        elif b is not None and self.times[b] - t <= self.step * after.reach(before):
            k = b
        else:
            return
        yield from (box for box in self.frame(k) if box.track == NO_TRACK)


class FaceColumns:
    """Collects boxes frame by frame, without a value for each: a long film has some 300,000."""

    def __init__(self) -> None:
        self._times = array("q")
        self._offsets = array("q", [0])
        self._boxes, self._scores = array("f"), array("f")
        self._tracks, self._clusters = array("i"), array("i")
        self._speaking = array("f")

    def add(
        self,
        corners: tuple[float, float, float, float],
        score: float,
        track: int,
        cluster: int,
        speaking: float | None,
    ) -> None:
        """One more box of the frame that `end_frame` ends; fields as in `Box`."""
        self._boxes.extend(corners)
        self._scores.append(score)
        self._tracks.append(track)
        self._clusters.append(cluster)
        self._speaking.append(float("nan") if speaking is None else speaking)

    def end_frame(self, time: int) -> None:
        """All boxes of the frame at `time` (microseconds) are there."""
        self._times.append(time)
        self._offsets.append(len(self._scores))

    def faces(self, tracks: Iterable[FaceTrack] = ()) -> Faces:
        """What was collected, frames in the order of their times; tracks derived where none."""
        found = Faces(
            self._times, self._offsets, self._boxes, self._scores, self._tracks, self._clusters,
            self._speaking,
        )  # fmt: skip
        if any(b < a for a, b in pairwise(self._times)):
            frames = [(time, found.frame(k)) for k, time in enumerate(self._times)]
            return Faces.of(frames, tracks)
        return replace(found, tracks=tuple(tracks) or _derive_tracks(found))


@dataclass(slots=True)
class _Side:
    """The samples on one side of an instant: each track's nearest observation and its time.

    nearest: number of the nearest sample, None where it is too far away. looked: whether the scene
    has a sample there at all.
    """

    boxes: dict[int, tuple[int, Box]] = field(default_factory=dict)
    nearest: int | None = None
    looked: bool = False

    def reach(self, other: _Side) -> float:
        """For how many steps an observation of this side alone holds."""
        return 0.5 if other.looked else 1.0


def _cut_between(cuts: tuple[int, ...], a: int, b: int) -> bool:
    return bisect_right(cuts, b) > bisect_right(cuts, a)


def _between(first: tuple[int, Box], then: tuple[int, Box], t: int) -> Box:
    (a, one), (b, two) = first, then
    part = (t - a) / (b - a)
    nearer = one if part < 0.5 else two
    return replace(
        nearer,
        x1=one.x1 + (two.x1 - one.x1) * part,
        y1=one.y1 + (two.y1 - one.y1) * part,
        x2=one.x2 + (two.x2 - one.x2) * part,
        y2=one.y2 + (two.y2 - one.y2) * part,
    )


def _derive_tracks(faces: Faces) -> tuple[FaceTrack, ...]:
    seen: dict[int, list[int]] = {}
    for row, track in enumerate(faces.track_ids):
        seen.setdefault(track, []).append(row)
    out: list[FaceTrack] = []
    for track, rows in sorted(seen.items()):
        first, last = (bisect_right(faces.offsets, row) - 1 for row in (rows[0], rows[-1]))
        areas = sorted(_area(faces.boxes, row) for row in rows)
        out.append(
            FaceTrack(
                track,
                faces.cluster_ids[rows[0]],
                faces.times[first],
                faces.times[last],
                len(rows),
                areas[len(areas) // 2],
            )
        )
    return tuple(out)


def _area(boxes: array[float], row: int) -> float:
    x1, y1, x2, y2 = boxes[4 * row : 4 * row + 4]
    return (x2 - x1) * (y2 - y1)


def time_on_screen(tracks: Iterable[FaceTrack]) -> int:
    """Microseconds in which at least one of the tracks is seen."""
    seen = 0
    until: int | None = None
    for track in sorted(tracks, key=attrgetter("start")):
        start = track.start if until is None else max(track.start, until)
        if track.end > start:
            seen += track.end - start
            until = track.end
    return seen
