"""Icons: 1.5 px strokes on a 16 px grid, drawn in the theme's colours at any scale."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.ui import theme

Name = Literal[
    "play",
    "pause",
    "start",
    "end",
    "previous-frame",
    "next-frame",
    "volume",
    "muted",
    "search",
    "up",
    "down",
    "close",
    "check",
    "warning",
    "undo",
    "redo",
    "follow",
    "zoom-in",
    "zoom-out",
    "fit",
    "film",
    "folder",
    "struck",
    "word",
]

# "F" before a path fills it. A 16 x 16 grid.
_PATHS: dict[Name, tuple[str, ...]] = {
    "play": ("FM5 3.2 12.6 8 5 12.8z",),
    "pause": ("FM4.5 3.5h2.4v9H4.5zM9.1 3.5h2.4v9H9.1z",),
    "start": ("M3.5 3.5v9", "FM12.5 3.5v9L5.5 8z"),
    "end": ("M12.5 3.5v9", "FM3.5 3.5v9l7-4.5z"),
    "previous-frame": ("FM9 4v8L3 8z", "M12 4v8"),
    "next-frame": ("FM7 4v8l6-4z", "M4 4v8"),
    "volume": (
        "FM2.5 6.2h2.3L8 3.4v9.2L4.8 9.8H2.5z",
        "M10.3 5.8a3 3 0 0 1 0 4.4",
        "M12 4a5.4 5.4 0 0 1 0 8",
    ),
    "muted": ("FM2.5 6.2h2.3L8 3.4v9.2L4.8 9.8H2.5z", "M10.3 6.3l3.4 3.4M13.7 6.3l-3.4 3.4"),
    "search": ("M7 3a4 4 0 1 0 0 8a4 4 0 0 0 0-8z", "M10 10l3 3"),
    "up": ("M4 10l4-4 4 4",),
    "down": ("M4 6l4 4 4-4",),
    "close": ("M4.5 4.5l7 7M11.5 4.5l-7 7",),
    "check": ("M3.5 8.5l3 3 6-7",),
    "warning": ("M8 2.8l5.7 10.2H2.3z", "M8 6.6v3M8 11.3v.1"),
    "undo": ("M6 3.5L3 6.5l3 3", "M3 6.5h6.2a3.3 3.3 0 0 1 0 6.6H7"),
    "redo": ("M10 3.5l3 3-3 3", "M13 6.5H6.8a3.3 3.3 0 0 0 0 6.6H9"),
    "follow": ("M8 3v10", "M3.5 8h2M10.5 8h2"),
    "zoom-in": ("M7 3a4 4 0 1 0 0 8a4 4 0 0 0 0-8z", "M10 10l3 3", "M5.2 7h3.6M7 5.2v3.6"),
    "zoom-out": ("M7 3a4 4 0 1 0 0 8a4 4 0 0 0 0-8z", "M10 10l3 3", "M5.2 7h3.6"),
    "fit": ("M2.5 4v8M13.5 4v8", "M4.5 8h7M6.2 6.2L4.5 8l1.7 1.8M9.8 6.2L11.5 8l-1.7 1.8"),
    "film": ("M3 3.5h10v9H3z", "M5.5 3.5v9M10.5 3.5v9"),
    "struck": ("M2.2 8c3-4.6 8.6-4.6 11.6 0c-3 4.6-8.6 4.6-11.6 0z", "M3.4 12.8L12.6 3.2"),
    "word": ("M2.5 4v8M13.5 4v8", "M10.3 6v4M10.3 8a2.2 2.2 0 1 1-4.4 0a2.2 2.2 0 0 1 4.4 0z"),
    "folder": ("M2.5 4h4l1.5 1.8h5.5v6.7h-11z",),
}


_PROGRAM = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">
<rect x="0.5" y="0.5" width="15" height="15" rx="3.5" fill="#2563c9"/>
<path d="M3.2 3v10M12.8 3v10" stroke="#fff" stroke-width="1.3" stroke-dasharray="1.5 1.3"/>
<path d="M5.6 8.4l1.9 1.9 3.4-4.4" fill="none" stroke="#fff" stroke-width="1.7"
 stroke-linecap="round" stroke-linejoin="round"/></svg>"""


def _svg(name: Name, colour: str) -> bytes:
    stroke = f'fill="none" stroke="{colour}" stroke-width="1.5"'
    fill = f'fill="{colour}" stroke="{colour}" stroke-width="0.8"'
    body = "".join(
        f'<path d="{p.removeprefix("F")}" {fill if p.startswith("F") else stroke} '
        'stroke-linecap="round" stroke-linejoin="round"/>'
        for p in _PATHS[name]
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">{body}</svg>'.encode()


def pixmap(name: Name, colour: str, size: int = 16, scale: float = 1.0) -> QPixmap:
    """The icon at `size` logical pixels for a device pixel ratio of `scale`."""
    out = QPixmap(round(size * scale), round(size * scale))
    out.fill(Qt.GlobalColor.transparent)
    painter = QPainter(out)
    QSvgRenderer(QByteArray(_svg(name, colour))).render(painter, QRectF(out.rect()))
    painter.end()
    out.setDevicePixelRatio(scale)
    return out


def icon(name: Name, colour: str | None = None, size: int = 16) -> QIcon:
    """An icon for buttons and menus at 1x, 2x and 3x; read again after a theme change.

    colour: "#rrggbb", else the theme's primary text; disabled is always the hint colour.
    """
    look = theme.current()
    return _icon(name, colour or look.text1, look.text3, size)


@lru_cache(maxsize=256)
def _icon(name: Name, colour: str, disabled: str, size: int) -> QIcon:
    """Drawn once: buttons change theirs whenever playing begins or ends."""
    out = QIcon()
    for scale in (1.0, 2.0, 3.0):
        out.addPixmap(pixmap(name, colour, size, scale), QIcon.Mode.Normal)
        out.addPixmap(pixmap(name, disabled, size, scale), QIcon.Mode.Disabled)
    return out


def program() -> QIcon:
    """The program's own: a kept stretch of film, in colours that hold on any desktop."""
    out = QIcon()
    for pixels in (16, 32, 48, 128):
        picture = QPixmap(pixels, pixels)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        QSvgRenderer(QByteArray(_PROGRAM)).render(painter, QRectF(picture.rect()))
        painter.end()
        out.addPixmap(picture)
    return out


def size(pixels: int = 16) -> QSize:
    """The square to give to `setIconSize`."""
    return QSize(pixels, pixels)
