"""The Moments lane: moments in rows without overlap, and the rectangles of those in view; no Qt."""

from __future__ import annotations

from app.core.channels import channel_of
from app.core.memo import by_identity
from app.core.moments import Pick, PlacedMoment
from app.ui.moment_rows import one_line, score_text
from app.ui.spans import Spans
from app.ui.text import isolated

MOST_ROWS = 4
"""Rows of the lane; a fifth moment at the same time shares the last one."""

ROW, ROW_READ, ROW_LEAST = 24.0, 16.0, 7.0
"""Pixels of a row where there is room, where its text can just be read, and at the very least."""


@by_identity(2)
def moment_rows(moments: tuple[PlacedMoment, ...]) -> tuple[Spans, ...]:
    """The moments' numbers in rows without overlap, the best scored in the highest free row."""
    order = sorted(range(len(moments)), key=lambda n: _rank(moments[n]))
    order.sort(key=lambda n: moments[n].span.start)
    rows: list[list[tuple[int, int, int]]] = []
    free_from: list[int] = []
    for n in order:
        span = moments[n].span
        row = next((r for r, t in enumerate(free_from) if t <= span.start), len(rows))
        if row >= MOST_ROWS:
            row = MOST_ROWS - 1
        if row == len(rows):
            rows.append([])
            free_from.append(0)
        rows[row].append((span.start, span.end, n))
        free_from[row] = max(free_from[row], span.end)
    return tuple(Spans(row) for row in rows)


def _rank(moment: PlacedMoment) -> float:
    return -(moment.score if moment.score is not None else -1e9)


def bar_text(moment: PlacedMoment) -> str:
    """What stands on a moment's bar: "★ 1  The ask  88   YouTube 88 · TikTok 84"."""
    star = "★ " if moment.pick is Pick.PICKED else ""
    name = "own" if moment.number is None else str(moment.number)
    said = f"{star}{name}"
    if title := one_line(moment.title):
        said += f"  {isolated(title)}"
    if moment.score is not None:
        said += f"  {score_text(moment.score)}"
    channels = " · ".join(
        f"{channel_of(key).brief} {score_text(score)}" for key, score in moment.channels
    )
    return f"{said}   {channels}" if channels else said
