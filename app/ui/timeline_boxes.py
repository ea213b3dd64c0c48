"""The rectangles of a kind of lane as columns, found in a view and cut to pixels; no Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.ui.spans import Spans
from app.ui.spans_found import Columns, found
from app.ui.timeline_items import Item, State
from app.ui.timeline_scale import FINE, GUTTER, MARGIN, NARROW, View

FEW = 16
"""So many are not worth a selection."""

Line = tuple[float, float]
"""From which y on and how high, in pixels."""

Look = tuple[State, int]
"""A state and the number of a colour."""


@dataclass(frozen=True, slots=True)
class Boxes:
    """Rectangles in painting order: first those too narrow for more than a stroke.

    lines: where they lie. looks: what their codes stand for.
    columns: x, width, line, code, number and count of each on whole pixels, as 6 rows.
    sides: left and right of each in pixels, as 2 rows. fine: how many are strokes.
    labels: by position, what says something.
    """

    lines: tuple[Line, ...]
    looks: tuple[Look, ...]
    columns: Columns
    sides: NDArray[np.floating[Any]]
    fine: int
    labels: dict[int, Item]

    @property
    def strokes(self) -> Columns:
        """The columns of what is narrow."""
        return self.columns[:, : self.fine]

    @property
    def bars(self) -> Columns:
        """The columns of what is not."""
        return self.columns[:, self.fine :]

    @property
    def codes(self) -> list[int]:
        """What codes there are of what is not a stroke."""
        return sorted(set(self.bars[3].tolist()))

    def wider(self, pixels: float) -> list[int]:
        """Positions of what is not a stroke and has more than so many pixels."""
        left, right = self.sides[:, self.fine :]
        found: list[int] = ((right - left > pixels).nonzero()[0] + self.fine).tolist()
        return found

    def bar_of(self, number: int) -> int | None:
        """The position of what has this number and is not a stroke."""
        found = (self.columns[4, self.fine :] == number).nonzero()[0]
        return int(found[0]) + self.fine if len(found) else None

    def coded(self, code: int) -> Boxes:
        """Those of one code, without labels."""
        return self._some(self.columns[3] == code, {})

    def between(self, left: float, right: float) -> Boxes:
        """All strokes, and what has some part between two pixels; all where that is little."""
        if self.columns.shape[1] <= FEW:
            return self
        x, wide = self.columns[:2]
        seen = (x < right) & (x + wide > left)
        seen[: self.fine] = True
        place = seen.cumsum() - 1
        return self._some(seen, {int(place[n]): item for n, item in self.labels.items() if seen[n]})

    def _some(self, which: NDArray[np.bool_], labels: dict[int, Item]) -> Boxes:
        return Boxes(
            self.lines,
            self.looks,
            self.columns[:, which],
            self.sides[:, which],
            int(np.count_nonzero(which[: self.fine])),
            labels,
        )


def boxes(
    view: View, spans: Sequence[Spans], lines: tuple[Line, ...], looks: tuple[Look, ...],
    codes: Callable[[NDArray[Any], NDArray[Any]], NDArray[Any]] | None = None,
    *, join: float = 0.0, apart: bytes | None = None, least: int = 1,
) -> Boxes | None:  # fmt: skip
    """What is in view of each line's spans; None where that is nothing.

    codes: of (lines, numbers); without it all have the code 0. join: pixels between strokes that
    are drawn as one; not those of unlike bytes of `apart`. least: the width of a stroke.
    Far ends are cut off a little outside the view, so that numbers stay small.
    """
    scale = view.us_per_px
    first, last = int(view.start - MARGIN * scale), int(view.end) + 1
    blocks = found(spans, first, last, FINE * scale, join * scale, apart)
    if not blocks.shape[1]:
        return None
    sides = blocks[:2] * (1 / scale) + (GUTTER - view.start / scale)
    np.maximum(sides[0], GUTTER - MARGIN, out=sides[0])
    broad = (sides[1] - sides[0] >= NARROW) & (blocks[3] == 1)
    np.minimum(sides[1], view.width + MARGIN, out=sides[1])
    columns = np.empty((6, blocks.shape[1]), np.int64)
    columns[0], columns[1] = sides + 0.5
    columns[1] -= columns[0]
    np.maximum(columns[1], least, out=columns[1])
    columns[2] = blocks[4]
    columns[4:] = blocks[2:4]
    columns[3] = 0 if codes is None else codes(columns[2], columns[4])
    fine = columns.shape[1] - int(np.count_nonzero(broad))
    if fine and (fine < len(broad) or codes is not None):
        order = np.where(broad, len(looks), columns[3]).argsort(kind="stable")
        columns, sides = columns[:, order], sides[:, order]
    sides[0, :fine], sides[1, :fine] = columns[0, :fine], columns[0, :fine] + columns[1, :fine]
    return Boxes(lines, looks, columns, sides, fine, {})


def differing(old: Columns | None, new: Columns | None) -> tuple[float, float] | None:
    """From where to where is what only one of them has, of x, width and whatever else is drawn.

    All are numbers below 1 << 15; they may be in another order.
    """
    if old is not None and new is not None and np.array_equal(old, new):
        return None
    other = _keys(old) ^ _keys(new)
    if not other:
        return None
    spans = [(key >> 16 & _MOST, key & _MOST) for key in other]
    return float(min(x for x, _ in spans)), float(max(x + wide for x, wide in spans))


_MOST = 0xFFFF


def _keys(columns: Columns | None) -> set[int]:
    """A number for each, with its x and width in the lowest bits."""
    if columns is None:
        return set()
    x, wide, *rest = columns
    return set(reduce(lambda key, row: key << 16 | row, (*rest, x, wide)).tolist())
