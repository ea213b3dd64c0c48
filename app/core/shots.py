"""What a removal does to the shots it lies in: which scene cuts it crosses, and who jumps."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from app.core.faces import GAP, NO_CLUSTER, NO_TRACK, Faces
from app.core.spoken import Spoken
from app.core.timerange import SECOND, TimeRange, to_seconds

NEAR = SECOND
"""Microseconds by which an edge goes to a scene cut at most: further away is another decision."""

SLIVER = 50_000
"""Microseconds, a frame or so: nobody sees whether the cut lies on this side of it or that."""

_REMEMBERED = 20_000
"""Removals at most: dragging an edge asks for a new one at every step."""

_NOBODY: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Placed:
    """A removal. asked: what is asked for. cut: what is removed for it. gone: all that is removed
    in one go with it, the cut included.
    """

    asked: TimeRange
    cut: TimeRange
    gone: TimeRange


@dataclass(frozen=True, slots=True)
class Found:
    """crossed: number of scene cuts inside. before, after: who is on either side of it, where both
    are one shot: person keys as the service tells them apart, with the area of their face.
    better: the range that ends at a scene cut instead, and what that does in words; None where
    there is none.
    """

    crossed: int
    before: Mapping[str, float]
    after: Mapping[str, float]
    better: tuple[TimeRange, str] | None


@dataclass(frozen=True, eq=False)
class Shots:
    """Scene cuts (ascending microseconds inside the film), words and faces: evidence alone.

    What was found for a removal is remembered, so that asking for 500 again costs a look each.
    """

    cuts: tuple[int, ...]
    duration: int
    words: Spoken
    faces: Faces | None
    _known: dict[tuple[int, ...], Found] = field(default_factory=dict)

    def look(self, at: Placed) -> Found:
        """What is to be said of one removal."""
        ranges = (at.asked, at.cut, at.gone)
        key = tuple(t for r in ranges for t in (r.start, r.end))
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            found = self._known[key] = self._found(at)
        return found

    def _found(self, at: Placed) -> Found:
        inside = self._crossed(at.cut)
        if inside:
            back = (TimeRange(at.cut.start, inside[-1]), TimeRange(inside[0], at.cut.end))
            return Found(len(inside), _NOBODY, _NOBODY, self._nearest(at, back))
        before, after = self._beside(at.gone)
        better = self._nearest(at, self._further(at)) if before and after else None
        return Found(0, before, after, better)

    def _crossed(self, span: TimeRange) -> tuple[int, ...]:
        first = bisect_left(self.cuts, span.start + SLIVER)
        return self.cuts[first : bisect_right(self.cuts, span.end - SLIVER)]

    def _further(self, at: Placed) -> Iterator[TimeRange]:
        """The cut on to the scene cut behind it, and back to the one before it."""
        k = bisect_right(self.cuts, at.gone.end)
        if k < len(self.cuts) and at.gone.end == at.cut.end:
            yield TimeRange(at.cut.start, self.cuts[k])
        k = bisect_left(self.cuts, at.gone.start)
        if k and at.gone.start == at.cut.start:
            yield TimeRange(self.cuts[k - 1], at.cut.end)

    def _nearest(self, at: Placed, wanted: Iterable[TimeRange]) -> tuple[TimeRange, str] | None:
        """The one nearest to the cut as it is between whose edges and the cut's nothing is said."""
        best: tuple[int, TimeRange, str] | None = None
        for span in wanted:
            by, moved = _moved(at.cut, span)
            if by > NEAR or self.words.rows(span) != self.words.rows(at.asked):
                continue
            if not self._spoken_in(moved) and (not best or by < best[0]):
                best = (by, span, _in_words(at.cut, span, by))
        return best[1:] if best else None

    def _spoken_in(self, span: TimeRange) -> bool:
        return any(True for _ in self.words.touching(span.start, span.end))

    def _beside(self, gone: TimeRange) -> tuple[Mapping[str, float], Mapping[str, float]]:
        """Who is seen just before it and just after it, where both lie in one shot of the film."""
        k = bisect_right(self.cuts, gone.start - SLIVER)
        if not self.faces or gone.start <= 0 or gone.end >= self.duration:
            return _NOBODY, _NOBODY
        if k != bisect_right(self.cuts, gone.end + SLIVER):
            return _NOBODY, _NOBODY
        begin = self.cuts[k - 1] if k else 0
        end = self.cuts[k] if k < len(self.cuts) else self.duration
        reach = round(GAP * self.faces.step)
        before = self._seen(self.faces, max(begin, gone.start - reach), gone.start)
        return before, self._seen(self.faces, gone.end, min(end, gone.end + reach))

    def _seen(self, faces: Faces, start: int, end: int) -> dict[str, float]:
        """Person key -> area of the largest box in `[start, end)`."""
        out: dict[str, float] = {}
        first, stop = bisect_left(faces.times, start), bisect_left(faces.times, end)
        for row in range(faces.offsets[first], faces.offsets[max(first, stop)]):
            cluster, track = faces.cluster_ids[row], faces.track_ids[row]
            if cluster == NO_CLUSTER and track == NO_TRACK:
                continue
            key = f"c{cluster}" if cluster != NO_CLUSTER else f"t{track}"
            x1, y1, x2, y2 = faces.boxes[4 * row : 4 * row + 4]
            out[key] = max(out.get(key, 0.0), (x2 - x1) * (y2 - y1))
        return out


def _moved(old: TimeRange, new: TimeRange) -> tuple[int, TimeRange]:
    """By how much the one edge went that is another now, and over what."""
    ends = (old.end, new.end) if old.start == new.start else (old.start, new.start)
    return max(ends) - min(ends), TimeRange(min(ends), max(ends))


def _in_words(old: TimeRange, new: TimeRange, by: int) -> str:
    at_end = old.start == new.start
    later = new.end > old.end if at_end else new.start > old.start
    verb, side = "End" if at_end else "Begin", "later" if later else "earlier"
    return f"{verb} it at the scene cut, {to_seconds(by):.1f} s {side}"
