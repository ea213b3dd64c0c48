"""libVLC's callbacks for pictures: their prototypes, and how a player is given them."""

from __future__ import annotations

import ctypes
from typing import Any, Protocol

from app.playback.pictures import Pictures

_POINTER = ctypes.POINTER
_UINTS = [_POINTER(ctypes.c_uint)] * 4
_FormatCb = ctypes.CFUNCTYPE(
    # WORKAROUND: https://github.com/oaubert/python-vlc/issues/294, remove when VideoFormatCb's
    # chroma can be written to.
    ctypes.c_uint, _POINTER(ctypes.c_void_p), _POINTER(ctypes.c_char), *_UINTS
)  # fmt: skip
_CleanupCb = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
_LockCb = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, _POINTER(ctypes.c_void_p))
_DisplayCb = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)


class Painter(Protocol):
    """Who answers them, on VLC's picture thread."""

    def format(
        self, _opaque: object, chroma: Any, width: Any, height: Any, pitches: Any, lines: Any
    ) -> int:
        """What is to be drawn; 0 where nothing can be."""

    def draw_into(self, _opaque: object, planes: Any) -> int:
        """Where the next picture is to be drawn; the picture's name."""

    def display(self, _opaque: object, picture: int) -> None:
        """That picture is on display."""


def set_callbacks(dll: Any, player: Any, painter: Painter) -> tuple[object, ...]:
    """Have `player` draw for `painter`; what is returned is to be kept until it is released."""
    kept = (
        _FormatCb(painter.format), _CleanupCb(lambda _: None),
        _LockCb(painter.draw_into), _DisplayCb(painter.display),
    )  # fmt: skip
    form, cleanup, lock, display = kept
    pointer = ctypes.c_void_p
    set_format = dll.libvlc_video_set_format_callbacks
    set_format.argtypes, set_format.restype = [pointer, _FormatCb, _CleanupCb], None
    set_pictures = dll.libvlc_video_set_callbacks
    set_pictures.argtypes = [pointer, _LockCb, pointer, _DisplayCb, pointer]
    set_pictures.restype = None
    set_pictures(player, lock, None, display, None)
    set_format(player, form, cleanup)
    return kept


def answer_format(
    pictures: Pictures, chroma: Any, width: Any, height: Any, pitches: Any, lines: Any
) -> int:
    """Have VLC hand over pictures as they are stored, in I420."""
    # VLC offers the coded size; the visible one is written, always (vlc.md, vmem rule 4).
    # Asked for another range than it has, VLC would convert it, and not for every depth.
    full = ctypes.string_at(chroma, 1) == b"J"
    ctypes.memmove(chroma, b"J420" if full else b"I420", 4)
    width[0], height[0] = pictures.width, pictures.height
    for plane in range(3):
        pitches[plane], lines[plane] = pictures.pitches[plane], pictures.lines[plane]
    return 1
