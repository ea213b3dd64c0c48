"""Thumbnails and the waveform as the timeline paints them, from what has been made so far."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from app.core.late import late
from app.core.loudness import AMPLITUDE, Loudness
from app.core.memo import by_identity
from app.ui import theme
from app.ui.images import image_of
from app.ui.timeline_brushes import colour, ratio
from app.ui.timeline_items import Item
from app.ui.timeline_lanes import Lane
from app.ui.timeline_layout import Layout
from app.ui.timeline_scale import GUTTER, thumb_step

if TYPE_CHECKING:
    import numpy as np

    from app.media.stills import Still
else:
    np = late("numpy")


class Strips(Protocol):
    """What has been made of the film so far; `StripsState` is one."""

    @property
    def loudness(self) -> Loudness | None:
        """How loud it is; None where it has no sound."""

    @property
    def thumbnails(self) -> Mapping[int, Still]:
        """Frames by their time in microseconds."""

    def want(self, start_us: int, end_us: int, us_per_px: float) -> None:
        """What is in view is made first."""


def paint_thumbs(painter: QPainter, shown: Layout, strips: Strips, lane: Lane) -> None:
    """Each at its place; where one has not come yet, the nearest there is, dimmed."""
    made = strips.thumbnails
    if not made:
        return
    times = sorted(made)
    step = thumb_step(shown.view, lane.height - 4)
    dim = colour(theme.current().panel, 0.62)
    scale = ratio(painter)
    for item in shown.listed.get("thumb", ()):
        t = item.index * step
        at = _nearest(times, t)
        where = _inside(item, made[at])
        size = (round(where.width() * scale), round(where.height() * scale))
        painter.drawImage(where, _covering(made[at], *size))
        if abs(at - t) > step / 2:
            painter.fillRect(where, dim)


def _inside(item: Item, still: Still) -> QRect:
    """The whole place, unless it is much wider than the picture: then it stays in sight."""
    left, right = round(item.x), round(item.x + item.width)
    wide = max(1, right - left - 1)
    natural = round(item.height * still.width / max(1, still.height))
    if wide > 1.25 * natural:
        left = max(left, min(round(GUTTER), right - 1 - natural))
        wide = natural
    return QRect(left, round(item.y), wide, round(item.height))


def _nearest(times: list[int], t: int) -> int:
    k = bisect_left(times, t)
    around = times[max(0, k - 1) : k + 1]
    return min(around, key=lambda at: abs(at - t))


@lru_cache(maxsize=256)
def _covering(still: Still, wide: int, high: int) -> QImage:
    """The picture scaled to fill so many device pixels, cut off evenly on both sides."""
    whole = image_of(still)
    scaled = whole.scaled(
        max(1, wide),
        max(1, high),
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    )
    return scaled.copy((scaled.width() - wide) // 2, (scaled.height() - high) // 2, wide, high)


def paint_sound(painter: QPainter, shown: Layout, strips: Strips, lane: Lane) -> None:
    """A bar for each pixel, as high as it is loud, about a middle line."""
    look, view = theme.current(), shown.view
    middle = round(lane.y + lane.height / 2)
    wide = view.width - GUTTER
    painter.fillRect(QRectF(GUTTER, middle, wide, 1), colour(look.text3, 0.5))
    loudness = strips.loudness
    if loudness is None:
        return
    scale = ratio(painter)
    columns = round(wide * scale)
    high = 2 * round((lane.height - 6) / 2 * scale)
    if columns < 1 or high < 2:
        return
    levels = _levels(loudness, (view.start, view.us_per_px / scale, columns))
    image = _bars(levels, high, _premultiplied(look.text2, 0.85))
    image.setDevicePixelRatio(scale)
    painter.drawImage(QPointF(GUTTER, middle - high / scale / 2), image)


def _premultiplied(name: str, alpha: float) -> int:
    role = colour(name)
    red, green, blue = (round(c * alpha) for c in (role.red(), role.green(), role.blue()))
    return round(255 * alpha) << 24 | red << 16 | green << 8 | blue


_asked: dict[str, tuple[Loudness, tuple[float, float, int], bytes]] = {}


def _levels(loudness: Loudness, wanted: tuple[float, float, int]) -> bytes:
    """The levels of the columns, remembered until another part is looked at."""
    last = _asked.get("last")
    if last and last[0] is loudness and last[1] == wanted:
        return last[2]
    out = loudness.peaks(*wanted)
    _asked["last"] = (loudness, wanted, out)
    return out


@by_identity(2)
def _bars(levels: bytes, high: int, ink: int) -> QImage:
    """An image of `len(levels)` x `high` pixels; silence has no bar."""
    half = np.array(AMPLITUDE)[np.frombuffer(levels, np.uint8)] * (high / 2)
    rows = np.abs(np.arange(high) + 0.5 - high / 2)
    filled = np.where(rows[:, None] <= half[None, :], np.uint32(ink), np.uint32(0))
    data = filled.astype(np.uint32).tobytes()
    image = QImage(data, len(levels), high, QImage.Format.Format_ARGB32_Premultiplied)
    return image.copy()
