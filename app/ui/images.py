"""Decoded pictures as Qt paints them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from app.media.stills import Still


def image_of(still: Still) -> QImage:
    """A still as Qt paints it; the bytes are copied."""
    kind = QImage.Format.Format_RGB32
    return QImage(still.bgrx, still.width, still.height, 4 * still.width, kind).copy()
