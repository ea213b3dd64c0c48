"""Hundreds of narrow rectangles as one row of pixels, drawn as high as their lane."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter

from app.ui.timeline_brushes import colour

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEW = 24
"""Of so many runs each is filled by itself, which is less work than counting over the row."""


class Runs:
    """A row of pixels from `left` on, `wide` of them, that takes runs in colours.

    Where runs of one colour overlap they are not the darker for it; later colours replace earlier.
    """

    def __init__(self, left: int, wide: int) -> None:
        import numpy as np

        self._left = left
        self._ink = np.zeros(max(1, wide), np.uint32)

    def fill(self, x: NDArray[np.int64], wide: NDArray[np.int64], ink: int) -> None:
        """Runs from each `x`, so many pixels wide, as `pixel` says; what is outside is cut off."""
        import numpy as np

        length = len(self._ink)
        starts = np.minimum(np.maximum(x - self._left, 0), length)
        ends = np.minimum(np.maximum(x - self._left + wide, 0), length)
        if len(x) <= FEW:
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
                self._ink[start:end] = ink
            return
        begun = np.bincount(starts, minlength=length + 1)
        begun -= np.bincount(ends, minlength=length + 1)
        self._ink[begun[:length].cumsum() > 0] = ink

    def draw(self, painter: QPainter, y: int, high: int) -> None:
        """The row, as high as that."""
        wide = len(self._ink)
        image = QImage(self._ink.data, wide, 1, QImage.Format.Format_ARGB32_Premultiplied)
        painter.drawImage(QRect(self._left, y, wide, high), image)


@lru_cache(maxsize=256)
def pixel(name: str, alpha: float = 1.0) -> int:
    """A colour of the theme with an opacity, as an image of premultiplied colours has it."""
    ink = colour(name, alpha)
    share = ink.alphaF()
    red, green, blue = (round(part * share) for part in (ink.red(), ink.green(), ink.blue()))
    return ink.alpha() << 24 | red << 16 | green << 8 | blue
