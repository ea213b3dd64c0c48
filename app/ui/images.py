"""Decoded pictures as Qt paints them."""

from __future__ import annotations

from PySide6.QtGui import QImage

from app.media.stills import Still


def image_of(still: Still) -> QImage:
    """A still as Qt paints it; the bytes are copied."""
    rgb = QImage.Format.Format_RGB888
    return QImage(still.rgb, still.width, still.height, 3 * still.width, rgb).copy()
