"""What one piece removes, by the cut rules (product.md, "Rules that hold everywhere")."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.frames import FrameGrid
from app.core.pieces import Piece
from app.core.review import Footage
from app.core.spoken import Spoken
from app.core.timerange import SECOND, Ranges, TimeRange

REACH = SECOND
"""Microseconds of silence a strike takes along at most on either side; more is footage."""

Rows = tuple[int, int]
"""`(first, end)`: rows of `Spoken`."""

Span = tuple[int, int]
"""`(start, end)` in microseconds; as `TimeRange`, where thousands are made in passing."""


@dataclass(frozen=True, eq=False, slots=True)
class Asked:
    """What a piece asks for in the film, less what was restored; the rows in each part of it."""

    piece: Piece
    ranges: Ranges
    rows: tuple[Rows, ...]


Part = tuple[int, int, str, int, int]
"""A range that a piece removes before frames are looked at, the piece's id, and the range's edges
on frames: one that lies within a frame ends there not after it starts."""


@dataclass(frozen=True, eq=False, slots=True)
class Shape:
    """What one piece removes, or would.

    padding: what it leaves beside kept words. parts: sorted, disjoint. hull: from the first to
    the last instant that is left on frames, else what the piece asks for. looked_at: the rows
    whose being kept or removed mattered.
    """

    asked: Asked
    padding: int
    parts: tuple[Part, ...]
    hull: TimeRange
    looked_at: Rows

    @property
    def piece(self) -> Piece:
        """The piece it is the shape of."""
        return self.asked.piece


class Maker:
    """Makes shapes, and notes which rows it had to look at.

    removed: one byte for each row of `words`, 0 where it is kept.
    """

    def __init__(self, words: Spoken, footage: Footage, removed: bytes) -> None:
        self._words = words
        self._gone = removed
        self._end = max(0, footage.duration)
        self._grid = FrameGrid(footage.frame_times, footage.duration)
        self._looked = [0, 0]

    def shape(self, asked: Asked, padding: int) -> Shape:
        """The shape of a piece by the cut rules."""
        self._looked = [len(self._words.mids), 0]
        out: list[Span] = []
        for span, rows in zip(asked.ranges, asked.rows, strict=True):
            out.extend(self._bounded(asked, padding, span, rows))
        name = asked.piece.id
        parts = tuple((a, b, name, self._snap_start(a), self._snap_end(b)) for a, b in _joined(out))
        left = [(a, b) for *_, a, b in parts if a < b]
        hull = TimeRange(left[0][0], left[-1][1]) if left else asked.piece.asked
        return Shape(asked, padding, parts, hull, (self._looked[0], self._looked[1]))

    def _touching(self, start: int, end: int) -> list[int]:
        rows = self._words.touching(start, end)
        if rows:
            self._looked[0] = min(self._looked[0], rows[0])
            self._looked[1] = max(self._looked[1], rows[-1] + 1)
        return rows

    def _bounded(self, asked: Asked, padding: int, span: TimeRange, rows: Rows) -> list[Span]:
        """`span` with its words whole and no part of a kept word."""
        words, gone = self._words, self._gone
        base = low, high = span.start, span.end
        said = None
        if rows[0] < rows[1]:
            extent = words.extent(*rows)
            said = extent.start, extent.end
            if not asked.piece.dragged and asked.piece.kind != "gap":
                base = self._reached(asked.piece, span, extent, rows)
            low, high = min(base[0], said[0]), max(base[1], said[1])
        rows_near = [r for r in self._touching(low - padding, high + padding) if not gone[r]]
        if not asked.piece.active:
            # Its own words are kept; it is asked what it would remove.
            rows_near = [r for r in rows_near if not any(a <= r < b for a, b in asked.rows)]
        kept = [(words.starts[row], words.ends[row]) for row in rows_near]
        if not kept:
            return [(low, high)]
        kept.sort()
        left = _outside(base, [(a - padding, b + padding) for a, b in kept])
        if said:
            left = _joined([*left, said])
        return [part for one in left for part in _outside(one, kept)]

    def _reached(self, piece: Piece, span: TimeRange, said: TimeRange, rows: Rows) -> Span:
        """`span` and the silence around its words, up to the words beside them."""
        words, (first, end) = self._words, rows
        before = words.last_end[first - 1] if first else 0
        after = words.first_start[end] if end < len(words.mids) else self._end
        start = min(said.start, max(said.start - REACH, before))
        stop = max(said.end, min(said.end + REACH, after))
        in_front, behind = piece.divided
        return (
            span.start if in_front else min(span.start, start),
            span.end if behind else max(span.end, stop),
        )

    def _snap_start(self, t: int) -> int:
        """The frame in the silence around an edge, else the nearest one.

        Never one that would cost a kept word its midpoint; here and in `_snap_end`.
        """
        before, after = self._grid.around(t)
        rows = self._touching(before, after) if before < after else []
        if not rows:
            return _nearest(t, before, after)
        words, gone = self._words, self._gone
        hurt = [r for r in rows if not gone[r] and words.starts[r] < t]
        pulls = any(gone[r] and words.ends[r] > t for r in rows)
        pick = _nearest(t, before, after, bool(hurt), pulls)
        if pick == before and any(before <= words.mids[row] for row in hurt):
            return after
        return pick

    def _snap_end(self, t: int) -> int:
        before, after = self._grid.around(t)
        rows = self._touching(before, after) if before < after else []
        if not rows:
            return _nearest(t, before, after)
        words, gone = self._words, self._gone
        hurt = [r for r in rows if not gone[r] and words.ends[r] > t]
        pulls = any(gone[r] and words.starts[r] < t for r in rows)
        pick = _nearest(t, before, after, pulls, bool(hurt))
        if pick == after and any(words.mids[row] < after for row in hurt):
            return before
        return pick


def _nearest(
    t: int, before: int, after: int, hurts_before: bool = False, hurts_after: bool = False
) -> int:
    """The place that hurts no word if there is just one, else the nearer one."""
    if hurts_before != hurts_after:
        return after if hurts_before else before
    return before if t - before <= after - t else after


def _joined(spans: list[Span]) -> list[Span]:
    """As `timerange.merge`."""
    out: list[Span] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def _outside(span: Span, holes: list[Span]) -> list[Span]:
    """The parts of `span` that no hole covers; `holes` in the order of their starts."""
    at, end = span
    out: list[Span] = []
    for start, stop in holes:
        if start >= end:
            break
        if start > at:
            out.append((at, start))
        at = max(at, stop)
    if at < end:
        out.append((at, end))
    return out
