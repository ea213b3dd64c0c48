"""How the timeline looks: its layout painted with a QPainter; nothing is computed here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from app.ui import theme
from app.ui.theme import Theme
from app.ui.timeline_bars import Batch
from app.ui.timeline_brushes import (
    colour,
    corners,
    metrics,
    mixed,
    ratio,
    say_times,
    stripes,
    whole,
)
from app.ui.timeline_input import TimelineInput
from app.ui.timeline_items import Fine, Item
from app.ui.timeline_lanes import RULER
from app.ui.timeline_layout import Layout
from app.ui.timeline_names import paint_names
from app.ui.timeline_overview import paint_overview
from app.ui.timeline_rows import NARROW
from app.ui.timeline_runs import Runs, pixel
from app.ui.timeline_scale import GUTTER
from app.ui.timeline_strips import Strips, paint_sound, paint_thumbs
from app.ui.timeline_strokes import in_rows, less, rect, say_all, strokes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEW_SHADES = 60
"""Of more, one image over all lanes is less work than so many high rectangles."""


def paint(
    painter: QPainter, shown: Layout, given: TimelineInput, strips: Strips | None = None
) -> None:
    """Everything that stands still: names, lanes, items, ruler, overview."""
    look = theme.current()
    wide, high = shown.view.width, shown.view.height
    painter.fillRect(QRectF(0, 0, wide, high), colour(look.panel))
    paint_names(painter, shown, look)
    _ruler(painter, shown, look)
    lanes = QRectF(GUTTER, RULER, wide - GUTTER, shown.bottom - RULER)
    paint_lanes(painter, shown, lanes, strips)
    paint_overview(painter, shown, given, look)
    corners(painter, wide, high)


def paint_lanes(
    painter: QPainter, shown: Layout, lanes: QRectF, strips: Strips | None = None
) -> None:
    """What lies in the lanes, over the ground; `lanes`: the part of them that is painted."""
    look = theme.current()
    painter.setClipRect(lanes)
    _rules(painter, shown, look)
    _scenes(painter, shown, look, lanes)
    if strips is not None:
        _strips(painter, shown, strips)
    _shades(painter, shown, look)
    _words(painter, shown, look, lanes)
    _cuts(painter, shown, look, lanes)
    _pills(painter, shown, look)
    _moments(painter, shown, look, lanes)
    _markers(painter, shown, look, lanes)
    painter.setClipping(False)


def _ruler(painter: QPainter, shown: Layout, look: Theme) -> None:
    painter.setPen(colour(look.text2))
    top = RULER - 10 - metrics(mono=True).ascent()
    times = [(round(tick.x), tick.text) for tick in shown.ticks]
    say_times(painter, [(x + 4, text) for x, text in times], top)
    batch = Batch()
    batch.add(look.text3, 1.0, [(x, 1) for x, _ in times], (round(RULER) - 9, 8))
    batch.add(look.line, 1.0, [(0, round(shown.view.width))], (round(RULER) - 1, 1))
    batch.add(look.line, 1.0, [(round(GUTTER) - 1, 1)], (0, round(shown.bottom)))
    batch.fill(painter)


def _rules(painter: QPainter, shown: Layout, look: Theme) -> None:
    """The lines between lanes, and the ground beyond the film's end."""
    batch = Batch()
    below = [(round(lane.y + lane.height) - 1, 1) for lane in shown.lanes]
    batch.add(look.line, 1.0, [(round(GUTTER), round(shown.view.width))], *below)
    batch.fill(painter)


def _strips(painter: QPainter, shown: Layout, strips: Strips) -> None:
    for lane in shown.lanes:
        if lane.kind == "thumb":
            paint_thumbs(painter, shown, strips, lane)
        elif lane.kind == "sound":
            paint_sound(painter, shown, strips, lane)


def _scenes(painter: QPainter, shown: Layout, look: Theme, lanes: QRectF) -> None:
    batch, left = Batch(), round(GUTTER)
    for row in shown.fine.get("scene", ()):
        x, wide = row.columns[:2]
        # Scenes lie side by side: one ground, and a line where each begins.
        runs = Runs(left, round(shown.view.width) - left)
        runs.fill(x[:1], x[-1:] + wide[-1:] - x[:1], pixel(look.raised))
        runs.fill(x, wide * 0 + 1, pixel(mixed(look.raised, look.text3, 0.7)))
        runs.draw(painter, (round(row.y), round(row.height)))
    wides = shown.wide.get("scene", ())
    for _, y, high, spots in in_rows(wides):
        batch.add_bars(look.raised, 1.0, less(spots), y, high)
        batch.add(look.text3, 1.0, [(x, 2) for x, _ in spots], (y, high))
    batch.fill(painter)
    painter.setPen(colour(look.text2))
    say_all(painter, [item for item in wides if item.text], 8, lanes, entire=True)


def _shades(painter: QPainter, shown: Layout, look: Theme) -> None:
    """Over every lane; thumbnails and the waveform are dimmed as well."""
    if shown.shades is None:
        return
    x, wide, undecided = shown.shades
    left, top = round(GUTTER), round(RULER)
    across, high = round(shown.view.width) - left, round(shown.bottom - RULER)
    strips = [lane for lane in shown.lanes if lane.kind in ("thumb", "sound")]
    if strips:
        dimmed = Runs(left, across)
        dimmed.fill(x, wide, pixel(look.panel, 0.55))
        rows = (whole(GUTTER, lane.y + 1, across, lane.height - 3) for lane in strips)
        dimmed.draw(painter, *((where.y(), where.height()) for where in rows))
    striped = (undecided == 1) & (wide >= NARROW)
    groups = (
        (undecided == 0, (look.cut, 0.07)), ((undecided == 1) & ~striped, (look.proposal, 0.1)),
    )  # fmt: skip
    if len(x) <= FEW_SHADES:
        batch = Batch()
        for drawn, ink in groups:
            batch.add(*ink, _spots(x[drawn], wide[drawn]), (top, high))
        batch.fill(painter)
    else:
        runs = Runs(left, across)
        for drawn, ink in groups:
            runs.fill(x[drawn], wide[drawn], pixel(*ink))
        runs.draw(painter, (top, high))
    if striped.any():
        hatched = stripes(look.proposal, 0.15, max(1, round(ratio(painter))))
        for start, across in _spots(x[striped], wide[striped]):
            painter.fillRect(start, top, across, high, hatched)


def _spots(x: NDArray[np.int64], wide: NDArray[np.int64]) -> list[tuple[int, int]]:
    return list(zip(x.tolist(), wide.tolist(), strict=True))


def _words(painter: QPainter, shown: Layout, look: Theme, lanes: QRectF) -> None:
    def name(item: Item | Fine) -> str:
        return look.cut if item.state == "removed" else look.person(item.colour)

    strokes(painter, shown, "word", lambda row: (name(row), 0.22 if row.state else 0.5))
    batch = Batch()
    texts: dict[str, list[Item]] = {"": [], "proposed": [], "removed": []}
    wides = shown.wide.get("word", ())
    for item, y, high, spots in in_rows(wides):
        strength = {"": 0.28, "proposed": 0.14}.get(item.state, 0.2)
        batch.add_bars(name(item), strength, less(spots), y, high)
        edges = [(x, 2) for x, _ in spots]
        batch.add(name(item), 0.55 if item.state else 1.0, edges, (y, high))
    batch.fill(painter)
    for item in wides:
        if item.text:
            texts[item.state].append(item)
    for state, items in texts.items():
        painter.setPen(colour(look.text2 if state else look.text1))
        say_all(painter, items, 6, lanes, struck=state == "removed")


def _cuts(painter: QPainter, shown: Layout, look: Theme, lanes: QRectF) -> None:
    names = {"restored": look.keep, "proposed": look.proposal, "removed": look.cut}
    strokes(
        painter, shown, "cut",
        lambda row: (names[row.state], 0.4 if row.state == "restored" else 0.8),
    )  # fmt: skip
    batch = Batch()
    for item, y, high, spots in in_rows(shown.wide.get("cut", ())):
        if item.state != "restored":
            batch.add_bars(names[item.state], 0.24, spots, y, high)
            batch.add_frames(names[item.state], 1.0, spots, y, high)
    batch.fill(painter)
    if kept := [item for item in shown.wide.get("cut", ()) if item.state == "restored"]:
        painter.setPen(QPen(colour(look.keep), 1, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRects([rect(item).adjusted(0, 0, -1, -1) for item in kept])
    for state, name in names.items():
        painter.setPen(colour(name))
        texts = [i for i in shown.wide.get("cut", ()) if i.state == state and i.text]
        say_all(painter, texts, 6, lanes)


def _pills(painter: QPainter, shown: Layout, look: Theme) -> None:
    strokes(painter, shown, "person", lambda row: (look.person(row.colour), 1.0))
    batch = Batch()
    for item, y, high, spots in in_rows(shown.wide.get("person", ())):
        batch.add_bars(look.person(item.colour), 1.0, less(spots), y, high)
    batch.fill(painter)


def _moments(painter: QPainter, shown: Layout, look: Theme, lanes: QRectF) -> None:
    strokes(
        painter, shown, "moment",
        lambda row: (
            look.keep if row.state == "picked" else look.text3,
            0.45 if row.state == "rejected" else 1.0,
        ),
    )  # fmt: skip
    batch = Batch()
    groups: dict[str, list[Item]] = {"": [], "picked": [], "rejected": []}
    wides = shown.wide.get("moment", ())
    for item, y, high, spots in in_rows(wides):
        picked, faint = item.state == "picked", item.state == "rejected"
        fill = (look.keep, 0.2) if picked else (look.raised, 0.4 if faint else 1.0)
        if fill[1] < 1.0:
            # The ground first: stripes of a proposal below would cross the text.
            batch.add_bars(look.panel, 1.0, spots, y, high)
        batch.add_bars(*fill, spots, y, high)
        edge = look.keep if picked else look.text3
        batch.add_frames(edge, 0.45 if faint else 1.0, spots, y, high)
    batch.fill(painter)
    for item in wides:
        if item.text:
            groups[item.state].append(item)
    # Green on green cannot be read in the light scheme.
    chosen = look.keep if look.dark else look.text1
    for state, name in (("", look.text2), ("picked", chosen), ("rejected", look.text3)):
        painter.setPen(colour(name))
        say_all(painter, groups[state], 7, lanes, short=shown.view.width)


def _markers(painter: QPainter, shown: Layout, look: Theme, lanes: QRectF) -> None:
    batch, texts = Batch(), []
    for item in shown.wide.get("marker", ()):
        where, name = rect(item), look.person(item.colour)
        level = where.y(), where.height()
        batch.add(name, 0.3, [(where.x(), where.width())], level)
        batch.add(name, 1.0, [(where.x(), 3)], level)
        if item.text and item.width > NARROW:
            texts.append(item)
    batch.fill(painter)
    painter.setPen(colour(look.text1))
    say_all(painter, texts, 6, lanes, short=shown.view.width)
