"""Strokes, outlines and labels of the timeline's items, many at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter

from app.ui.timeline_brushes import (
    LINE,
    Said,
    Spots,
    advance,
    begins,
    elided,
    font,
    say,
    say_lines,
    whole,
)
from app.ui.timeline_items import Fine, Item, Kind
from app.ui.timeline_layout import Layout
from app.ui.timeline_runs import Runs, pixel
from app.ui.timeline_scale import GUTTER


def strokes(
    painter: QPainter, shown: Layout, kind: Kind, ink: Callable[[Fine], tuple[str, float]]
) -> None:
    """What is too narrow for more, in the colour and with the opacity that `ink` says."""
    rows: dict[tuple[float, float], list[Fine]] = {}
    for row in shown.fine.get(kind, ()):
        rows.setdefault((row.y, row.height), []).append(row)
    left = round(GUTTER)
    for (top, height), same in rows.items():
        runs = Runs(left, round(shown.view.width) - left)
        for row in same:
            runs.fill(row.columns[0], row.columns[1], pixel(*ink(row)))
        y = round(top)
        runs.draw(painter, (y, max(1, round(top + height) - y)))


class Row(NamedTuple):
    """Items of one look beside one another: the first of them, and where all are."""

    item: Item
    y: int
    high: int
    spots: list[tuple[int, int]]


def in_rows(items: Iterable[Item]) -> list[Row]:
    """The items by lane, state and colour, on whole pixels."""
    rows: dict[tuple[float, str, int], Row] = {}
    spots: list[tuple[int, int]] = []
    latest = None
    for item in items:
        key = (item.y, item.state, item.colour)
        if key != latest:
            latest = key
            if key not in rows:
                where = rect(item)
                rows[key] = Row(item, where.y(), where.height(), [])
            spots = rows[key].spots
        x = int(item.x + 0.5)
        spots.append((x, max(1, int(item.x + item.width + 0.5) - x)))
    return list(rows.values())


def less(spots: Spots) -> Spots:
    """The same, a pixel narrower: what lies side by side stays apart."""
    return [(x, wide - 1) for x, wide in spots]


def say_all(
    painter: QPainter,
    items: list[Item],
    left: float,
    lanes: QRectF,
    *,
    struck: bool = False,
    short: float | None = None,
    entire: bool = False,
) -> None:
    """The labels, cut off at their items' edges; they stay in sight while part of the item does.

    short: they end with an ellipsis before that pixel. entire: none is cut off, as part of a
    number reads as another one; it is left out.
    """
    rows: list[Said] = []
    cut: list[tuple[QRectF, Said]] = []
    for item in items:
        x = max(item.x, GUTTER) + left
        right = item.x + item.width
        room = (right if short is None else min(right, short)) - x - 2
        if room <= 4:
            continue
        text = item.text if short is None else elided(item.text, int(room) - 3)
        said = (begins(text, x, room), item.y + item.height / 2, text)
        if advance(text) > room:
            if entire:
                continue
            cut.append((QRectF(x, item.y, room, item.height), said))
        else:
            rows.append(said)
    if rows or cut:
        painter.setFont(font(struck=struck))
        say_lines(painter, rows, struck=struck)
    for where, said in cut:
        painter.setClipRect(where.intersected(lanes))
        say_lines(painter, [said], struck=struck)
    if cut:
        painter.setClipRect(lanes)


def inside(painter: QPainter, item: Item, left: float, text: str) -> None:
    """One label over the still picture, cut off at the item's edge."""
    x = max(item.x, GUTTER) + left
    where = QRectF(x, item.y, item.x + item.width - x - 2, item.height)
    if where.width() > 4:
        painter.save()
        painter.setClipRect(where, Qt.ClipOperation.IntersectClip)
        painter.setFont(font(LINE))
        say(painter, begins(text, x, where.width()), item.y + item.height / 2, text)
        painter.restore()


def rect(item: Item) -> QRect:
    """The item's rectangle on whole pixels."""
    return whole(item.x, item.y, item.width, item.height)
