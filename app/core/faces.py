"""Who is in the picture: face observations in compact columns, tracks and people."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from app.core.timerange import TimeRange, merge, total

NO_CLUSTER = -1
"""`cluster_id` where the service could not tell who it is: each track then stands alone."""


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
        faces = cls(
            array("q"), array("q", [0]), array("f"), array("f"), array("i"), array("i"), array("f")
        )
        for time, boxes in sorted(frames, key=lambda f: f[0]):
            faces.times.append(time)
            for b in boxes:
                faces.boxes.extend((b.x1, b.y1, b.x2, b.y2))
                faces.scores.append(b.score)
                faces.track_ids.append(b.track)
                faces.cluster_ids.append(b.cluster)
                faces.speaking.append(float("nan") if b.speaking is None else b.speaking)
            faces.offsets.append(len(faces.scores))
        given = tuple(tracks) or _derive_tracks(faces)
        object.__setattr__(faces, "tracks", given)
        return faces

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
        """Boxes to draw at `t`: each track interpolated between the samples around `t`.

        A track seen only in one of the two samples is shown within half a step of it; nothing is
        shown in a gap of over 2.5 steps, and nothing reaches across a scene cut in `cuts`
        (ascending microseconds).
        """
        k = bisect_right(self.times, t) - 1
        before = k if k >= 0 and t - self.times[k] <= 2.5 * self.step else None
        after = k + 1 if k + 1 < len(self.times) else None
        if after is not None and self.times[after] - t > 2.5 * self.step:
            after = None
        if before is not None and _cut_between(cuts, self.times[before], t):
            before = None
        if after is not None and _cut_between(cuts, t, self.times[after]):
            after = None
        if before is not None and after is not None:
            a, b = self.times[before], self.times[after]
            if b - a > 2.5 * self.step:
                return ()
            return _between(self.frame(before), self.frame(after), (t - a) / (b - a))
        alone = before if before is not None else after
        if alone is None or abs(t - self.times[alone]) > self.step:
            return ()
        return self.frame(alone)


def _cut_between(cuts: tuple[int, ...], a: int, b: int) -> bool:
    return bisect_right(cuts, b) > bisect_right(cuts, a)


def _between(first: tuple[Box, ...], second: tuple[Box, ...], part: float) -> tuple[Box, ...]:
    later = {b.track: b for b in second}
    out: list[Box] = []
    for a in first:
        b = later.pop(a.track, None)
        if b is not None:
            out.append(
                Box(
                    a.x1 + (b.x1 - a.x1) * part,
                    a.y1 + (b.y1 - a.y1) * part,
                    a.x2 + (b.x2 - a.x2) * part,
                    a.y2 + (b.y2 - a.y2) * part,
                    a.score,
                    a.track,
                    a.cluster,
                    a.speaking,
                )
            )
        elif part < 0.5:
            out.append(a)
    out.extend(b for b in later.values() if part >= 0.5)
    return tuple(out)


def _derive_tracks(faces: Faces) -> tuple[FaceTrack, ...]:
    seen: dict[int, list[int]] = {}
    for k in range(len(faces.times)):
        for row in range(faces.offsets[k], faces.offsets[k + 1]):
            seen.setdefault(faces.track_ids[row], []).append(row)
    frame_of = [k for k in range(len(faces.times)) for _ in range(*_rows(faces, k))]
    out: list[FaceTrack] = []
    for track, rows in sorted(seen.items()):
        areas = sorted((b.x2 - b.x1) * (b.y2 - b.y1) for b in map(faces.box, rows))
        out.append(
            FaceTrack(
                track,
                faces.cluster_ids[rows[0]],
                faces.times[frame_of[rows[0]]],
                faces.times[frame_of[rows[-1]]],
                len(rows),
                areas[len(areas) // 2],
            )
        )
    return tuple(out)


def _rows(faces: Faces, k: int) -> tuple[int, int]:
    return faces.offsets[k], faces.offsets[k + 1]


def time_on_screen(tracks: Iterable[FaceTrack]) -> int:
    """Microseconds in which at least one of the tracks is seen."""
    return total(merge(TimeRange(t.start, max(t.start, t.end)) for t in tracks))
