"""How what lies in the timeline's lanes looks, one kind after the other."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from app.ui import theme
from app.ui.spans_found import Columns
from app.ui.theme import Theme
from app.ui.timeline_bars import Batch
from app.ui.timeline_boxes import Boxes
from app.ui.timeline_brushes import (
    colour,
    mixed,
    over,
    pixel,
    ratio,
    stripes,
    whole,
)
from app.ui.timeline_items import Item, State
from app.ui.timeline_labels import say_all
from app.ui.timeline_lanes import RULER
from app.ui.timeline_layout import Layout
from app.ui.timeline_runs import Runs, Style, bars, frames, inks, strokes
from app.ui.timeline_scale import GUTTER, NARROW

FEW_SHADES = 6
"""Of more, one row of pixels over all lanes is less work than so many high rectangles."""


def paint_boxes(painter: QPainter, shown: Layout, lanes: QRectF) -> None:
    """Everything in the lanes over scenes and strips; `lanes`: the part of them that is painted."""
    look = theme.current()
    _shades(painter, shown, look)
    _words(painter, shown, look, lanes)
    _cuts(painter, shown, look, lanes)
    _pills(painter, shown, look)
    _moments(painter, shown, look, lanes)


def paint_scenes(painter: QPainter, shown: Layout, lanes: QRectF) -> None:
    """The scenes, which lie below."""
    look = theme.current()
    found = shown.boxes.get("scene")
    if found is None:
        return
    if found.fine:
        _narrow_scenes(painter, shown, look, found)
    bars(painter, shown.view.width, found, inks(_SCENE, look, found.looks))
    painter.setPen(colour(look.text2))
    say_all(painter, found.labels.values(), 8, lanes, entire=True)


def _narrow_scenes(painter: QPainter, shown: Layout, look: Theme, found: Boxes) -> None:
    """They lie side by side: one ground, and a line where each begins."""
    left = round(GUTTER)
    (y, high), (x, wide) = found.lines[0], found.strokes[:2]
    runs = Runs(painter, left, round(shown.view.width) - left)
    runs.fill(x[:1], x[-1:] + wide[-1:] - x[:1], pixel(look.raised))
    runs.fill(x, 1, pixel(mixed(look.raised, look.text3, 0.7)))
    runs.draw(0, (round(y), round(high)))


def _raised(look: Theme, _state: State, _colour: int) -> int:
    return pixel(look.raised)


def _begin(look: Theme, _state: State, _colour: int) -> int:
    return pixel(look.text3)


_SCENE = Style(_raised, _raised, _begin)


def _shades(painter: QPainter, shown: Layout, look: Theme) -> None:
    """Over every lane; thumbnails and the waveform are dimmed as well."""
    if shown.shades is None:
        return
    x, wide, undecided = shown.shades
    left, top = round(GUTTER), round(RULER)
    across, high = round(shown.view.width) - left, round(shown.bottom - RULER)
    strips = [lane for lane in shown.lanes if lane.kind in ("thumb", "sound")]
    if strips:
        dimmed = Runs(painter, left, across)
        dimmed.fill(x, wide, pixel(look.panel, 0.55))
        rows = (whole(GUTTER, lane.y + 1, across, lane.height - 3) for lane in strips)
        dimmed.draw(0, *((where.y(), where.height()) for where in rows))
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
        runs = Runs(painter, left, across)
        for drawn, ink in groups:
            runs.fill(x[drawn], wide[drawn], pixel(*ink))
        runs.draw(0, (top, high))
    if np.count_nonzero(striped):
        hatched = stripes(look.proposal, 0.15, max(1, round(ratio(painter))))
        for start, across in _spots(x[striped], wide[striped]):
            painter.fillRect(start, top, across, high, hatched)


def _spots(x: Columns, wide: Columns) -> list[tuple[int, int]]:
    return list(zip(x.tolist(), wide.tolist(), strict=True))


def _words(painter: QPainter, shown: Layout, look: Theme, lanes: QRectF) -> None:
    found = shown.boxes.get("word")
    if found is None:
        return
    ink = inks(_WORD, look, found.looks)
    strokes(painter, shown.view.width, found, ink)
    bars(painter, shown.view.width, found, ink)
    texts: dict[str, list[Item]] = {"": [], "proposed": [], "removed": []}
    for item in found.labels.values():
        texts[item.state].append(item)
    for state, items in texts.items():
        painter.setPen(colour(look.text2 if state else look.text1))
        say_all(painter, items, 6, lanes, struck=state == "removed")


def _few_words(look: Theme, state: State, number: int) -> int:
    return _said(look, state, number, 0.22 if state else 0.5)


def _word(look: Theme, state: State, number: int) -> int:
    return _said(look, state, number, {"": 0.28, "proposed": 0.14}.get(state, 0.2))


def _word_begin(look: Theme, state: State, number: int) -> int:
    return _said(look, state, number, 0.55 if state else 1.0)


def _said(look: Theme, state: State, number: int, alpha: float) -> int:
    return pixel(look.cut if state == "removed" else look.person(number), alpha)


_WORD = Style(_few_words, _word, _word_begin)


def _cuts(painter: QPainter, shown: Layout, look: Theme, lanes: QRectF) -> None:
    found = shown.boxes.get("cut")
    if found is None:
        return
    ink = inks(_CUT, look, found.looks)
    strokes(painter, shown.view.width, found, ink)
    for code in found.codes:
        state = found.looks[code][0]
        # State by state, as a strike may lie over a proposal, of which something is seen then.
        some = found.coded(code)
        if state == "restored":
            _kept(painter, some, look)
        else:
            frames(painter, shown.view.width, some, ink)
        painter.setPen(colour(_cut_name(look, state)))
        say_all(painter, [item for item in found.labels.values() if item.state == state], 6, lanes)


def _kept(painter: QPainter, found: Boxes, look: Theme) -> None:
    if found.bars.shape[1]:
        y, high = found.lines[0]
        painter.setPen(QPen(colour(look.keep), 1, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        x, wide = found.bars[:2].tolist()
        level = whole(0, y, 1, high)
        painter.drawRects(
            [QRect(a, level.y(), b - 1, level.height() - 1) for a, b in zip(x, wide, strict=True)]
        )


def _cut_name(look: Theme, state: State) -> str:
    return {"restored": look.keep, "proposed": look.proposal}.get(state, look.cut)


def _cut_stroke(look: Theme, state: State, _colour: int) -> int:
    return pixel(_cut_name(look, state), 0.4 if state == "restored" else 0.8)


def _cut(look: Theme, state: State, _colour: int) -> int:
    return pixel(_cut_name(look, state), 0.24)


def _cut_line(look: Theme, state: State, _colour: int) -> int:
    return pixel(_cut_name(look, state))


def _cut_corner(look: Theme, state: State, _colour: int) -> int:
    return pixel(_cut_name(look, state), 0.75)


_CUT = Style(_cut_stroke, _cut, _cut_line, _cut_corner)


def _pills(painter: QPainter, shown: Layout, look: Theme) -> None:
    if found := shown.boxes.get("person"):
        ink = inks(_PILL, look, found.looks)
        strokes(painter, shown.view.width, found, ink)
        bars(painter, shown.view.width, found, ink)


def _person(look: Theme, _state: State, number: int) -> int:
    return pixel(look.person(number))


_PILL = Style(_person, _person)


def _moments(painter: QPainter, shown: Layout, look: Theme, lanes: QRectF) -> None:
    found = shown.boxes.get("moment")
    if found is None:
        return
    ink = inks(_MOMENT, look, found.looks)
    strokes(painter, shown.view.width, found, ink)
    frames(painter, shown.view.width, found, ink)
    groups: dict[str, list[Item]] = {"": [], "picked": [], "rejected": []}
    for item in found.labels.values():
        groups[item.state].append(item)
    # Green on green cannot be read in the light scheme.
    chosen = look.keep if look.dark else look.text1
    for state, name in (("", look.text2), ("picked", chosen), ("rejected", look.text3)):
        painter.setPen(colour(name))
        say_all(painter, groups[state], 7, lanes, short=shown.view.width)


def _moment(look: Theme, state: State, _colour: int) -> int:
    """Over the ground: stripes of a proposal below would cross the text."""
    picked, faint = state == "picked", state == "rejected"
    fill = pixel(look.keep, 0.2) if picked else pixel(look.raised, 0.4 if faint else 1.0)
    return over(fill, pixel(look.panel))


def _moment_line(look: Theme, state: State, _colour: int, part: float = 1.0) -> int:
    name = look.keep if state == "picked" else look.text3
    return pixel(name, (0.45 if state == "rejected" else 1.0) * part)


def _moment_corner(look: Theme, state: State, number: int) -> int:
    return _moment_line(look, state, number, 0.75)


_MOMENT = Style(_moment_line, _moment, _moment_line, _moment_corner)
