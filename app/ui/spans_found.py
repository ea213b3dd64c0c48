"""What is to be drawn of the spans of one line or several, all of them looked at at once; no Qt."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.ui.spans import FEW, Spans

Columns = NDArray[np.int64]
"""Whole numbers of many things, a row each."""

DENSE = 4
"""So many spans in a cell on average are found cell by cell, without a look at each."""


def found(
    lines: Sequence[Spans], start: int, end: int, fine: float,
    join: float = 0, looks: bytes | None = None,
) -> Columns:  # fmt: skip
    """As `Spans.blocks` of each line: start, end, ref, count and the number of the line, 5 rows."""
    seen = [line.window(start - 1, end) for line in lines]
    few = [
        (*block, n)
        for n, line in enumerate(lines)
        if len(seen[n]) <= FEW
        for block in line.few_blocks(seen[n], start, fine)
    ]
    many = [n for n, some in enumerate(seen) if len(some) > FEW]
    parts = [np.array(few, np.int64).T] if few else []
    if many:
        dense = [
            n for n in many
            if lines[n].longest < fine and len(seen[n]) * fine > DENSE * (end - start)
        ]  # fmt: skip
        blocks = _cell_by_cell(lines, seen, dense, start, fine) if dense else []
        if sparse := [n for n in many if n not in dense]:
            blocks.append(_one_by_one(lines, seen, sparse, start, fine))
        joined = blocks[0] if len(blocks) == 1 else np.concatenate(blocks, 1)
        parts.append(_joined(joined, fine, join, looks) if join else joined)
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts, 1) if parts else np.empty((5, 0), np.int64)


def _one_by_one(
    lines: Sequence[Spans], seen: Sequence[range], which: Sequence[int], start: int, fine: float
) -> Columns:
    slices = [[column[_part(seen[n])] for column in lines[n].columns] for n in which]
    if len(slices) == 1:
        starts, ends, refs = slices[0]
    else:
        starts, ends, refs = map(np.concatenate, zip(*slices, strict=True))
    line = np.repeat(which, [len(seen[n]) for n in which])
    passed = (ends <= start) & (starts < start)
    if np.count_nonzero(passed):
        left = (~passed).nonzero()[0]
        starts, ends, refs, line = starts[left], ends[left], refs[left], line[left]
    if not len(starts):
        return np.empty((5, 0), np.int64)
    wide = ends - starts >= fine
    cells = (starts * (1 / max(1.0, fine))).astype(np.int64)
    opens = np.empty(len(starts), np.bool_)
    opens[0] = True
    opens[1:] = (cells[1:] != cells[:-1]) | wide[1:] | wide[:-1]
    if len(which) > 1:
        opens[1:] |= line[1:] != line[:-1]
    at = opens.nonzero()[0]
    out = np.empty((5, len(at)), np.int64)
    out[0], out[1], out[2] = starts[at], np.maximum.reduceat(ends, at), refs[at]
    out[3, :-1] = at[1:] - at[:-1]
    out[3, -1] = len(starts) - at[-1]
    out[4] = line[at]
    return out


def _cell_by_cell(
    lines: Sequence[Spans], seen: Sequence[range], which: Sequence[int], start: int, fine: float
) -> list[Columns]:
    """For lines without a span that ends before one that began earlier."""
    per, parts = 1 / max(1.0, fine), []
    for n in which:
        line, first = lines[n], seen[n].start
        while first < seen[n].stop and line.ends[first] <= start and line.starts[first] < start:
            first += 1
        starts, ends, refs = (column[first : seen[n].stop] for column in line.columns)
        if len(starts):
            parts.append((n, starts, ends, refs))
    if not parts:
        return []
    low, high = min(part[1][0] for part in parts), max(part[1][-1] for part in parts)
    cells = np.arange(int(low * per) + 1, int(high * per) + 1)
    edges = np.ceil(cells * max(1.0, fine)).astype(np.int64)
    # The first instant that counts into the cell, whichever way its edge was rounded.
    edges += (edges * per).astype(np.int64) < cells
    edges -= ((edges - 1) * per).astype(np.int64) >= cells
    blocks: list[Columns] = []
    for n, starts, ends, refs in parts:
        edge = np.empty(len(edges) + 2, np.int64)
        edge[0], edge[-1] = 0, len(starts)
        edge[1:-1] = np.searchsorted(starts, edges)
        keep = (edge[1:] != edge[:-1]).nonzero()[0]
        at, beyond = edge[keep], edge[keep + 1]
        out = np.empty((5, len(at)), np.int64)
        out[0], out[1], out[2], out[3], out[4] = (
            starts[at], ends[beyond - 1], refs[at], beyond - at, n
        )  # fmt: skip
        blocks.append(out)
    return blocks


def _joined(blocks: Columns, fine: float, join: float, looks: bytes | None) -> Columns:
    """Blocks of small spans that are near one another are one."""
    first, last, refs, counts, line = blocks
    if len(first) < 2:
        return blocks
    wide = (counts == 1) & (last - first >= fine)
    apart = (first[1:] - last[:-1] >= join) | wide[1:] | wide[:-1] | (line[1:] != line[:-1])
    if looks is not None:
        look = np.frombuffer(looks, np.uint8)[refs]
        apart |= look[1:] != look[:-1]
    keep = np.concatenate(([0], apart.nonzero()[0] + 1))
    out = blocks[:, keep]
    out[1] = np.maximum.reduceat(last, keep)
    out[3] = np.add.reduceat(counts, keep)
    return out


def _part(seen: range) -> slice:
    return slice(seen.start, seen.stop)
