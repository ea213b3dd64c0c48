"""Hundreds of narrow rectangles as one row of pixels, drawn as high as their lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter

from app.core.late import late

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    np = late("numpy")


class Runs:
    """A row of pixels from `left` on, `wide` of them, that takes runs in colours.

    Where runs of one colour overlap they are not the darker for it; later colours replace earlier.
    """

    def __init__(self, left: int, wide: int) -> None:
        self._left = left
        self._ink = np.zeros(max(1, wide), np.uint32)

    def fill(self, x: NDArray[np.int64], wide: NDArray[np.int64], ink: QColor) -> None:
        """Runs from each `x`, so many pixels wide; what is outside is cut off."""
        length = len(self._ink)
        starts = x - self._left
        begun = np.bincount(np.clip(starts, 0, length), minlength=length + 1)
        ended = np.bincount(np.clip(starts + wide, 0, length), minlength=length + 1)
        inside = np.cumsum(begun - ended)[:length] > 0
        self._ink[inside] = premultiplied(ink)

    def draw(self, painter: QPainter, y: int, high: int) -> None:
        """The row, as high as that."""
        wide = len(self._ink)
        image = QImage(self._ink.data, wide, 1, QImage.Format.Format_ARGB32_Premultiplied)
        painter.drawImage(QRect(self._left, y, wide, high), image)


def premultiplied(ink: QColor) -> int:
    """The colour as a pixel of an image of premultiplied colours."""
    alpha = ink.alphaF()
    red, green, blue = (round(part * alpha) for part in (ink.red(), ink.green(), ink.blue()))
    return ink.alpha() << 24 | red << 16 | green << 8 | blue
