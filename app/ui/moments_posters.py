"""Posters of moments: pictures cut to shape once, for the scale of the screen they are on."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPixmap

from app.ui.moments_paint import POSTER

_KEPT_WIDTH = 384
"""What is kept of a larger picture: hundreds of whole frames would fill the memory."""


class Posters:
    """Pictures by moment's key."""

    def __init__(self) -> None:
        self._pictures: dict[str, QImage] = {}
        self._made: dict[str, QPixmap] = {}
        self._scale = 0.0

    def put(self, key: str, picture: QImage, scale: float) -> None:
        """Another picture, cut at once, so that painting many new ones together costs little."""
        if picture.width() > _KEPT_WIDTH:
            smooth = Qt.TransformationMode.SmoothTransformation
            picture = picture.scaledToWidth(_KEPT_WIDTH, smooth)
        self._pictures[key] = picture
        self._made.pop(key, None)
        self.at(key, scale)

    def at(self, key: str, scale: float) -> QPixmap | None:
        """The poster for that device pixel ratio; None where there is no picture."""
        if self._scale != scale:
            self._scale = scale
            self._made.clear()
        found = self._made.get(key)
        picture = self._pictures.get(key)
        if found is None and picture is not None and not picture.isNull():
            found = self._made[key] = poster_of(picture, scale)
        return found

    def clear(self) -> None:
        """None has a picture."""
        self._pictures.clear()
        self._made.clear()


def poster_of(picture: QImage, scale: float) -> QPixmap:
    """The picture cut to a poster's shape with round corners, for that device pixel ratio."""
    out = QPixmap(round(POSTER[0] * scale), round(POSTER[1] * scale))
    out.setDevicePixelRatio(scale)
    out.fill(Qt.GlobalColor.transparent)
    where = QRectF(0, 0, *POSTER)
    share = max(POSTER[0] / picture.width(), POSTER[1] / picture.height())
    size = QRectF(0, 0, picture.width() * share, picture.height() * share)
    size.moveCenter(QPointF(where.center()))
    painter = QPainter(out)
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
    )
    shape = QPainterPath()
    shape.addRoundedRect(where, 4, 4)
    painter.setClipPath(shape)
    # Shrunk by more than half, a bilinear draw would sparkle: first to the size, then drawn.
    target = (size.size() * scale).toSize()
    painter.drawImage(
        size,
        picture.scaled(
            target,
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        ),
    )
    painter.end()
    return out
