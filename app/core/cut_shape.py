"""What one piece removes, by the cut rules (product.md, "Rules that hold everywhere")."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.frames import FrameGrid
from app.core.pieces import Piece
from app.core.review import Footage
from app.core.spoken import Spoken
from app.core.timerange import SECOND, Ranges, TimeRange, merge, subtract

REACH = SECOND
"""Microseconds of silence a strike takes along at most on either side; more is footage."""

Rows = tuple[int, int]
"""`(first, end)`: rows of `Spoken`."""


@dataclass(frozen=True, eq=False, slots=True)
class Asked:
    """What a piece asks for in the film, less what was restored of it, and the rows in each part.

    A piece that is dragged keeps no padding; `padding` is what it leaves beside kept words.
    """

    piece: Piece
    ranges: Ranges
    rows: tuple[Rows, ...]
    padding: int


@dataclass(frozen=True, eq=False, slots=True)
class Shape:
    """What one piece removes, or would.

    ranges: before frames are looked at. snapped: for each of them where its edges stand on
    frames; a range that lies within one frame has its end not after its start. hull: from the
    first to the last instant that is left on frames, else what the piece asks for.
    looked_at: the rows whose being kept or removed mattered.
    """

    asked: Asked
    ranges: Ranges
    snapped: tuple[tuple[int, int], ...]
    hull: TimeRange
    looked_at: Rows

    @property
    def piece(self) -> Piece:
        """The piece it is the shape of."""
        return self.asked.piece


class Maker:
    """Makes shapes, and notes which rows it had to look at."""

    def __init__(self, words: Spoken, footage: Footage, states: bytes) -> None:
        self._words = words
        self._gone = states
        self._end = max(0, footage.duration)
        self._grid = FrameGrid(footage.frame_times, footage.duration)
        self._looked = [0, 0]

    def shape(self, asked: Asked) -> Shape:
        """The shape of a piece by the cut rules."""
        self._looked = [len(self._words.mids), 0]
        out: list[TimeRange] = []
        for span, rows in zip(asked.ranges, asked.rows, strict=True):
            out.extend(self._bounded(asked, span, rows))
        ranges = merge(out)
        snapped = tuple((self._snap_start(r.start), self._snap_end(r.end)) for r in ranges)
        left = [(a, b) for a, b in snapped if a < b]
        hull = TimeRange(left[0][0], max(b for _, b in left)) if left else asked.piece.asked
        return Shape(asked, ranges, snapped, hull, (self._looked[0], self._looked[1]))

    def _touching(self, start: int, end: int) -> list[int]:
        rows = self._words.touching(start, end)
        if rows:
            self._looked[0] = min(self._looked[0], rows[0])
            self._looked[1] = max(self._looked[1], rows[-1] + 1)
        return rows

    def _bounded(self, asked: Asked, span: TimeRange, rows: Rows) -> Ranges:
        """`span` with its words whole and no part of a kept word."""
        words, padding = self._words, asked.padding
        said = words.extent(*rows) if rows[0] < rows[1] else None
        base = span
        if said and not asked.piece.dragged and asked.piece.kind != "gap":
            base = self._reached(asked.piece, span, said, rows)
        low, high = base.start, base.end
        if said:
            low, high = min(low, said.start), max(high, said.end)
        kept = [
            (words.starts[row], words.ends[row])
            for row in self._touching(low - padding, high + padding)
            if not (self._gone[row] or any(a <= row < b for a, b in asked.rows))
        ]
        left = subtract((base,), merge(TimeRange(a - padding, b + padding) for a, b in kept))
        if said:
            left = merge((*left, said))
        return subtract(left, merge(TimeRange(a, b) for a, b in kept))

    def _reached(self, piece: Piece, span: TimeRange, said: TimeRange, rows: Rows) -> TimeRange:
        """`span` and the silence around its words, up to the words beside them."""
        words, (first, end) = self._words, rows
        before = words.last_end[first - 1] if first else 0
        after = words.first_start[end] if end < len(words.mids) else self._end
        start = min(said.start, max(said.start - REACH, before))
        stop = max(said.end, min(said.end + REACH, after))
        in_front, behind = piece.divided
        return TimeRange(
            span.start if in_front else min(span.start, start),
            span.end if behind else max(span.end, stop),
        )

    def _snap_start(self, t: int) -> int:
        """The frame in the silence around an edge, else the nearest one.

        Never one that would cost a kept word its midpoint; here and in `_snap_end`.
        """
        before, after = self._grid.around(t)
        if before == after:
            return t
        kept = self._kept_rows(before, t)
        pick = _nearest(t, before, after, bool(kept), self._any_gone(t, after))
        if pick == before and any(before <= self._words.mids[row] for row in kept):
            return after
        return pick

    def _snap_end(self, t: int) -> int:
        before, after = self._grid.around(t)
        if before == after:
            return t
        kept = self._kept_rows(t, after)
        pick = _nearest(t, before, after, self._any_gone(before, t), bool(kept))
        if pick == after and any(self._words.mids[row] < after for row in kept):
            return before
        return pick

    def _kept_rows(self, start: int, end: int) -> list[int]:
        return [row for row in self._touching(start, end) if not self._gone[row]]

    def _any_gone(self, start: int, end: int) -> bool:
        return any(self._gone[row] for row in self._touching(start, end))


def _nearest(t: int, before: int, after: int, hurts_before: bool, hurts_after: bool) -> int:
    """The place that hurts no word if there is just one, else the nearer one."""
    if hurts_before != hurts_after:
        return after if hurts_before else before
    return before if t - before <= after - t else after
