"""Hundreds of narrow rectangles as one row of pixels, which is painted as high as their lane."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect
from PySide6.QtGui import QBrush, QImage, QPainter

from app.ui.timeline_brushes import Spots, colour, ratio

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEW = 24
"""Of so many runs each is filled by itself, which is less work than counting over the row."""

Level = tuple[int, int]
"""From which y on and how high, in whole pixels."""


class Runs:
    """A row of pixels from `left` on, `wide` of them, that takes runs in colours.

    Where runs of one colour overlap they are not the darker for it; later colours replace earlier.
    """

    def __init__(self, left: int, wide: int) -> None:
        import numpy as np

        self._left = left
        # Also what lies before: a brush begins at the edge of what is painted on.
        self._ink = np.zeros(left + max(1, wide), np.uint32)

    def fill(self, x: NDArray[np.int64], wide: NDArray[np.int64], ink: int) -> None:
        """Runs from each `x`, so many pixels wide, as `pixel` says; what is outside is cut off."""
        import numpy as np

        if len(x) <= FEW:
            self.fill_spots(list(zip(x.tolist(), wide.tolist(), strict=True)), ink)
            return
        length = len(self._ink)
        starts = np.minimum(np.maximum(x, 0), length)
        ends = np.minimum(np.maximum(x + wide, 0), length)
        begun = np.bincount(starts, minlength=length + 1)
        begun -= np.bincount(ends, minlength=length + 1)
        self._ink[begun[:length].cumsum() > 0] = ink

    def fill_spots(self, spots: Spots, ink: int) -> None:
        """The same of (x, width)."""
        import numpy as np

        if len(spots) > FEW:
            x, wide = np.array(spots, np.int64).T
            self.fill(x, wide, ink)
            return
        row = self._ink
        for at, long in spots:
            row[at if at > 0 else 0 : at + long if at + long > 0 else 0] = ink

    def draw(self, painter: QPainter, *levels: Level) -> None:
        """The row at each of these heights."""
        left, ink, per = self._left, self._ink, ratio(painter)
        wide = len(ink) - left
        if per != int(per):
            image = _image(ink[left:])
            for y, high in levels:
                painter.drawImage(QRect(left, y, wide, high), image)
            return
        # A brush of the density of what is painted on is not scaled at every pixel it fills.
        image = _image(ink if per == 1 else ink.repeat(int(per)))
        image.setDevicePixelRatio(per)
        brush = QBrush(image)
        for y, high in levels:
            painter.fillRect(left, y, wide, high, brush)


def _image(ink: NDArray[np.uint32]) -> QImage:
    """A row of pixels; the memory stays that of `ink`."""
    return QImage(ink.data, len(ink), 1, QImage.Format.Format_ARGB32_Premultiplied)


@lru_cache(maxsize=256)
def pixel(name: str, alpha: float = 1.0) -> int:
    """A colour of the theme with an opacity, as an image of premultiplied colours has it."""
    ink = colour(name, alpha)
    share = ink.alphaF()
    red, green, blue = (round(part * share) for part in (ink.red(), ink.green(), ink.blue()))
    return ink.alpha() << 24 | red << 16 | green << 8 | blue
