"""The bar of the whole film below the lanes: speech, what is cut, and the part in view."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from app.core.late import late
from app.core.memo import by_identity
from app.ui.spans import Block, Spans
from app.ui.theme import Theme
from app.ui.timeline_bars import Batch
from app.ui.timeline_brushes import colour, device, pixel, ratio, whole
from app.ui.timeline_input import TimelineInput, Voice
from app.ui.timeline_lanes import OVERVIEW
from app.ui.timeline_layout import Layout
from app.ui.timeline_scale import GUTTER, RIGHT

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from app.ui import timeline_runs
else:
    np = late("numpy")
    timeline_runs = late("app.ui.timeline_runs")

HIGH = OVERVIEW - 10


def paint_overview(painter: QPainter, shown: Layout, given: TimelineInput, look: Theme) -> None:
    """The film's ground is painted once for each answer and width, the cut once for each edit."""
    wide = max(1.0, shown.view.width - GUTTER - RIGHT)
    top = round(shown.overview + 4)
    size = _size(wide, ratio(painter), given.duration)
    painter.drawImage(
        QRectF(GUTTER, top, wide, HIGH), _whole(given.voices, given.removed_spans, size, look)
    )
    if given.duration:
        left = shown.overview_x(max(0, shown.view.start))
        right = shown.overview_x(min(given.duration, shown.view.end))
        seen = whole(left, top - 1, max(8.0, right - left), HIGH + 2)
        x, y, across, high = seen.x(), seen.y(), seen.width(), seen.height()
        batch = Batch()
        batch.add(look.accent, 0.12, [(x, across)], (y, high))
        batch.add_frame(look.accent, 1.0, x, across, y, high)
        batch.fill(painter)


_sizes: dict[tuple[float, float, int], tuple[float, float, int]] = {}


def _size(wide: float, scale: float, duration: int) -> tuple[float, float, int]:
    """The very same tuple for the same numbers, for what is remembered by identity."""
    key = (wide, scale, duration)
    if key not in _sizes:
        _sizes.clear()
        _sizes[key] = key
    return _sizes[key]


@by_identity(2)
def _whole(
    voices: tuple[Voice, ...], removed: Spans, size: tuple[float, float, int], look: Theme
) -> QImage:
    """The ground with the cut as a line below."""
    wide, _scale, duration = size
    out = _ground(voices, size, look).copy()
    per = wide / max(1, duration)
    found = removed.found(0, duration, 1 / per)
    if not len(found):
        return out
    at, lengths, refs = _bars(found, per, 2)
    painter = QPainter(out)
    runs = timeline_runs.Runs(painter, 0, round(wide))
    for undecided, name in ((1, look.proposal), (0, look.cut)):
        of_it = refs == undecided
        runs.fill(at[of_it], lengths[of_it], pixel(name))
    runs.draw(0, (round(HIGH) - 4, 4))
    painter.end()
    return out


@by_identity(2)
def _ground(voices: tuple[Voice, ...], size: tuple[float, float, int], look: Theme) -> QImage:
    wide, scale, duration = size
    out = QImage(
        device(wide, scale), device(HIGH, scale), QImage.Format.Format_ARGB32_Premultiplied
    )
    out.setDevicePixelRatio(scale)
    out.fill(Qt.GlobalColor.transparent)
    painter = QPainter(out)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(look.raised))
    painter.drawRoundedRect(QRectF(0, 0, wide, HIGH), 4, 4)
    per = wide / max(1, duration)
    for voice in voices:
        found = voice.words.found(0, duration, 2 / per, 1 / per)
        if len(found):
            at, lengths, _ = _bars(found, per, 1)
            # One row a voice: where two speak at once both show through.
            runs = timeline_runs.Runs(painter, 0, round(wide))
            runs.fill(at, lengths, pixel(look.person(voice.colour), 0.45))
            runs.draw(0, (round(HIGH / 2) - 4, 8))
    painter.end()
    return out


def _bars(
    found: Sequence[Block] | NDArray[np.int64], per: float, least: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Of each block where it begins and how wide it is, in whole pixels, and its ref."""
    blocks = np.array(found).T if isinstance(found, list) else np.asarray(found)
    ends = (blocks[:2] * per + 0.5).astype(np.int64)
    return ends[0], np.maximum(ends[1] - ends[0], least), blocks[2]
