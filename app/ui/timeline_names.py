"""The timeline's column of names: painted once for an arrangement of lanes, then copied."""

from __future__ import annotations

import math
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from app.ui.theme import Theme
from app.ui.timeline_brushes import colour, elided, font, metrics, ratio
from app.ui.timeline_lanes import OVERVIEW, RULER, Lane
from app.ui.timeline_layout import Layout
from app.ui.timeline_scale import GUTTER


def paint_names(painter: QPainter, shown: Layout, look: Theme) -> None:
    """The names of the lanes and of the overview on the panel's ground, with the line beside."""
    names = _names(shown.lanes, shown.bottom, shown.overview, look, ratio(painter))
    painter.drawImage(QPointF(0, RULER), names)


@lru_cache(maxsize=2)
def _names(
    lanes: tuple[Lane, ...], bottom: float, overview: float, look: Theme, per: float
) -> QImage:
    """From below the ruler to the lower end of the overview."""
    high = overview + OVERVIEW - RULER
    out = QImage(math.ceil(GUTTER * per), math.ceil(high * per), QImage.Format.Format_RGB32)
    out.setDevicePixelRatio(per)
    out.fill(colour(look.panel))
    painter = QPainter(out)
    painter.translate(0, -RULER)
    painter.setFont(font(12))
    painter.setPen(colour(look.text2))
    _label(painter, overview, OVERVIEW, "Overview")
    painter.setClipRect(QRectF(0, RULER, GUTTER, bottom - RULER))
    for lane in lanes:
        if lane.y + lane.height > RULER and lane.y < bottom:
            _label(painter, lane.y, lane.height, lane.name)
            painter.fillRect(0, round(lane.y + lane.height) - 1, int(GUTTER), 1, colour(look.line))
    painter.fillRect(round(GUTTER) - 1, round(RULER), 1, round(bottom - RULER), colour(look.line))
    painter.end()
    return out


def _label(painter: QPainter, y: float, high: float, text: str) -> None:
    if metrics(12).height() <= high + 3:
        short = elided(text, round(GUTTER) - 18, 12)
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.drawText(QRectF(12, y, GUTTER - 18, high), flags, short)
