"""A screen of our own, looked at from outside: its windows, its pixels, and who answers on it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import (
    CDLL,
    CFUNCTYPE,
    POINTER,
    Structure,
    Union,
    byref,
    c_char,
    c_char_p,
    c_int,
    c_long,
    c_uint,
    c_ulong,
    c_void_p,
    cast,
    string_at,
)
from typing import NamedTuple

SIZE = (1920, 1080)
BACKDROP = (255, 0, 255)
"""Red, green and blue of the bare screen: a window that has not painted still shows it."""

_VIEWABLE, _Z_PIXMAP, _CLIENT_MESSAGE = 2, 2, 33
_ANSWERS = 1 << 17 | 1 << 19
"""StructureNotify, which Qt answers pings with, and SubstructureNotify, which the rule asks for."""

_ALL_PLANES = c_ulong(-1)
_ERROR_HANDLER = CFUNCTYPE(c_int, c_void_p, c_void_p)


class Window(NamedTuple):
    """A mapped top-level window: X's id and where it lies, in pixels."""

    id: int
    x: int
    y: int
    width: int
    height: int


class _Attributes(Structure):
    _fields_ = [
        *((name, c_int) for name in ("x", "y", "width", "height", "border_width", "depth")),
        ("visual", c_void_p), ("root", c_ulong), ("window_class", c_int), ("bit_gravity", c_int),
        ("win_gravity", c_int), ("backing_store", c_int), ("backing_planes", c_ulong),
        ("backing_pixel", c_ulong), ("save_under", c_int), ("colormap", c_ulong),
        ("map_installed", c_int), ("map_state", c_int), ("all_event_masks", c_long),
        ("your_event_mask", c_long), ("do_not_propagate_mask", c_long),
        ("override_redirect", c_int), ("screen", c_void_p),
    ]  # fmt: skip


class _Image(Structure):
    _fields_ = [
        ("width", c_int), ("height", c_int), ("xoffset", c_int), ("format", c_int),
        ("data", POINTER(c_char)), ("byte_order", c_int), ("bitmap_unit", c_int),
        ("bitmap_bit_order", c_int), ("bitmap_pad", c_int), ("depth", c_int),
        ("bytes_per_line", c_int), ("bits_per_pixel", c_int),
    ]  # fmt: skip


class _Message(Structure):
    _fields_ = [
        ("type", c_int), ("serial", c_ulong), ("send_event", c_int), ("display", c_void_p),
        ("window", c_ulong), ("message_type", c_ulong), ("format", c_int), ("data", c_long * 5),
    ]  # fmt: skip


class _Event(Union):
    _fields_ = [("type", c_int), ("message", _Message), ("pad", c_long * 24)]


class Screen:
    """Xlib's view of one display; every question is answered by the server, not by the program."""

    def __init__(self, display: str) -> None:
        x = CDLL("libX11.so.6")
        x.XOpenDisplay.restype = c_void_p
        x.XOpenDisplay.argtypes = [c_char_p]
        x.XGetImage.restype = POINTER(_Image)
        for name in ("XDefaultRootWindow", "XInternAtom"):
            getattr(x, name).restype = c_ulong
        self._on_error = _ERROR_HANDLER(_forgive)
        x.XSetErrorHandler(self._on_error)
        self.name = display
        self._x = x
        self._display = c_void_p(x.XOpenDisplay(display.encode()))
        if not self._display:
            raise SystemExit(f"The display {display} could not be opened.")
        self._root = c_ulong(x.XDefaultRootWindow(self._display))
        red, green, blue = BACKDROP
        x.XSetWindowBackground(self._display, self._root, c_ulong(red << 16 | green << 8 | blue))
        x.XClearWindow(self._display, self._root)
        x.XSelectInput(self._display, self._root, c_long(_ANSWERS))
        self._protocols, self._ping = (
            x.XInternAtom(self._display, name, 0) for name in (b"WM_PROTOCOLS", b"_NET_WM_PING")
        )
        x.XSync(self._display, 0)

    def windows(self) -> list[Window]:
        """The mapped top-level windows, lowest first."""
        root, parent, children, count = c_ulong(), c_ulong(), POINTER(c_ulong)(), c_uint()
        self._x.XQueryTree(
            self._display, self._root, byref(root), byref(parent), byref(children), byref(count)
        )
        found = []
        for i in range(count.value):
            at = _Attributes()
            there = self._x.XGetWindowAttributes(self._display, c_ulong(children[i]), byref(at))
            if there and at.map_state == _VIEWABLE:
                found.append(Window(children[i], at.x, at.y, at.width, at.height))
        if children:
            self._x.XFree(children)
        return found

    def pixels(self, x: int, y: int, width: int, height: int = 1) -> bytes:
        """What the screen shows there: blue, green, red and an unused byte a pixel."""
        width, height = min(width, SIZE[0] - x), min(height, SIZE[1] - y)
        found = self._x.XGetImage(
            self._display, self._root, x, y, width, height, _ALL_PLANES, _Z_PIXMAP
        )
        if not found:
            return b""
        data = string_at(cast(found.contents.data, c_void_p), width * height * 4)
        self._x.XDestroyImage(found)
        return data

    def ping(self, window: Window, stamp: int) -> None:
        """Ask the program behind a window for a sign of life, as window managers do."""
        event = _Event()
        event.message.type, event.message.window = _CLIENT_MESSAGE, window.id
        event.message.message_type, event.message.format = self._protocols, 32
        event.message.data[:3] = [self._ping, stamp, window.id]
        self._x.XSendEvent(self._display, c_ulong(window.id), 0, c_long(0), byref(event))
        self._x.XFlush(self._display)

    def answered(self) -> set[int]:
        """The stamps of the pings that were answered since the last question."""
        found, event = set(), _Event()
        while self._x.XPending(self._display):
            self._x.XNextEvent(self._display, byref(event))
            if event.type == _CLIENT_MESSAGE and event.message.data[0] == self._ping:
                found.add(event.message.data[1])
        return found

    def close(self) -> None:
        """Let go of the display."""
        self._x.XCloseDisplay(self._display)


def _forgive(_display: int, _event: int) -> int:
    """A window may go while it is being asked about."""
    return 0


@contextmanager
def own_screen() -> Iterator[Screen]:
    """An X server of its own, without window manager; ended again at the end."""
    read, write = os.pipe()
    command = [
        "Xvfb", "-displayfd", str(write), "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24",
        "-nolisten", "tcp",
    ]  # fmt: skip
    try:
        server = subprocess.Popen(command, pass_fds=(write,), stderr=subprocess.DEVNULL)
    except FileNotFoundError:
        sys.exit("This benchmark looks at a screen of its own: please install xvfb.")
    os.close(write)
    try:
        with os.fdopen(read) as told:
            screen = Screen(f":{told.readline().strip()}")
        try:
            yield screen
        finally:
            screen.close()
    finally:
        server.terminate()
        server.wait(10)
