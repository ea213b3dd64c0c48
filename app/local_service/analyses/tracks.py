"""Faces over time: sightings joined into tracks, none across a scene cut."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from statistics import median

from app.local_service.analyses.faces import (
    TILTS,
    Corners,
    FaceFinder,
    Grey,
    Sighting,
    overlap,
    same_face,
)

WIDE_EVERY = 5
"""Every fifth sample (each second) and after a cut, tilted heads are looked for everywhere; in
between, a head once found is looked for where it last was."""

MISSES = 2
"""Samples a face may be unseen before its track ends."""

SHORTEST = 3
"""Sightings below which a track is taken for chance."""

SURE = 0.062
"""Median score below which a track is taken for a shelf, a sleeve or a neck: on real footage those
scored 0.03 to 0.056, faces seen from the front, the side or below, with glasses and beards, 0.066
to 1."""


@dataclass
class Track:
    """One continuous appearance: sample number -> sighting."""

    seen: dict[int, Sighting] = field(default_factory=dict)

    @property
    def first(self) -> int:
        """Number of the first sample it is seen in."""
        return min(self.seen)

    @property
    def last(self) -> int:
        """Number of the last sample it is seen in."""
        return max(self.seen)

    @property
    def score(self) -> float:
        """Median of its scores."""
        return median(s.score for s in self.seen.values())


class Tracker:
    """Takes sampled pictures in order; `tracks` are the faces of all samples so far."""

    def __init__(self, finder: FaceFinder) -> None:
        self._finder = finder
        self._living: list[Track] = []
        self._ended: list[Track] = []
        self._recent: list[tuple[int, Grey]] = []
        self._since_wide = 0

    def step(self, sample: int, grey: Grey, *, cut: bool) -> None:
        """One sample; `cut` says that a scene began after the sample before it."""
        if cut:
            self._ended.extend(self._living)
            self._living, self._recent = [], []
        wide = cut or not self._recent or self._since_wide >= WIDE_EVERY - 1
        self._since_wide = 0 if wide else self._since_wide + 1
        found = self._finder.scan(grey, wide=wide)
        fresh = self._follow(sample, grey, found)
        started = [Track({sample: s}) for s in fresh]
        for track in started:
            self._trace_back(track)
        self._living.extend(started)
        ended = [t for t in self._living if sample - t.last > MISSES]
        self._ended.extend(ended)
        self._living = [t for t in self._living if sample - t.last <= MISSES]
        self._recent = [*self._recent[-WIDE_EVERY + 1 :], (sample, grey)]

    @property
    def tracks(self) -> list[Track]:
        """Those long and sure enough to be faces, in the order in which they begin."""
        every = [*self._ended, *self._living]
        good = [t for t in every if len(t.seen) >= SHORTEST and t.score >= SURE]
        return sorted(good, key=lambda t: (t.first, min(t.seen.items())[1].box))

    def _follow(self, sample: int, grey: Grey, found: list[Sighting]) -> list[Sighting]:
        """Continue the living tracks; returns the sightings that belong to none."""
        pairs = sorted(
            (
                (overlap(s.box, t.seen[t.last].box), i, k)
                for i, t in enumerate(self._living)
                for k, s in enumerate(found)
            ),
            reverse=True,
        )
        tracks: set[int] = set()
        taken: set[int] = set()
        for value, i, k in pairs:
            if value > 0.25 and i not in tracks and k not in taken:
                self._living[i].seen[sample] = found[k]
                tracks.add(i)
                taken.add(k)
        here = [found[k].box for k in taken]
        for i, track in enumerate(self._living):
            if i in tracks:
                continue
            again = self._again(grey, track.seen[track.last])
            if again and not any(same_face(again.box, box) for box in here):
                track.seen[sample] = again
                here.append(again.box)
        left = [s for k, s in enumerate(found) if k not in taken]
        return [s for s in left if not any(same_face(s.box, box) for box in here)]

    def _again(self, grey: Grey, before: Sighting) -> Sighting | None:
        """The face `before` where it was, its head possibly tilted otherwise meanwhile."""
        best: Sighting | None = None
        for angle in sorted(TILTS, key=lambda a: abs(a - before.angle)):
            seen = self._finder.look(grey, before.box, angle)
            if seen and _moved_little(before.box, seen.box):
                best = seen if best is None or seen.score > best.score else best
            if best and best.score >= before.score / 2:
                return best
        return best

    def _trace_back(self, track: Track) -> None:
        """A head first found by a wide look was there before: look in the samples at hand."""
        for sample, grey in reversed(self._recent):
            seen = self._again(grey, track.seen[track.first])
            others = (t.seen[sample].box for t in self._living if sample in t.seen)
            if not seen or any(same_face(seen.box, box) for box in others):
                return
            track.seen[sample] = seen


def _moved_little(a: Corners, b: Corners) -> bool:
    return overlap(a, b) > 0.35


def parted(tracks: list[Track], times: list[int], cuts: list[int]) -> list[Track]:
    """The tracks divided at the cuts, since some cuts are told of a few frames late.

    times: of the samples; cuts: starts of scenes; both microseconds, ascending.
    """
    out: list[Track] = []
    for track in tracks:
        scenes: dict[int, dict[int, Sighting]] = {}
        for sample, seen in sorted(track.seen.items()):
            scenes.setdefault(bisect_right(cuts, times[sample]), {})[sample] = seen
        out.extend(Track(part) for part in scenes.values() if len(part) >= SHORTEST)
    return sorted(out, key=lambda t: t.first)
