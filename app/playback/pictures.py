"""The memory VLC draws into: aligned RV32 buffers that are reused when nobody looks at them."""

from __future__ import annotations

import ctypes
import weakref
from zlib import crc32

from app.playback.player import Frame

ALIGN = 32
"""Bytes; what libvlc_video_set_format_callbacks recommends for planes, pitches and lines."""
MOST = 8
"""Buffers at most; beyond that the oldest is taken from whoever still holds it."""
SAMPLED_ROWS = 8
"""Every so many rows are compared to tell a repeated picture."""


def _up(value: int) -> int:
    return (value + ALIGN - 1) // ALIGN * ALIGN


class Picture:
    """One buffer: its address, its bytes, and the frame that was last made of it."""

    def __init__(self, pitch: int, height: int, lines: int) -> None:
        raw = (ctypes.c_char * (pitch * lines + ALIGN))()
        self.address = _up(ctypes.addressof(raw))
        start = self.address - ctypes.addressof(raw)
        self.view = memoryview(raw).cast("B")[start : start + pitch * height]
        self._pitch = pitch
        self._mark: int | None = None
        self._holder: weakref.ref[Frame] | None = None

    @property
    def free(self) -> bool:
        """Whether no frame made of it is alive."""
        return self._holder is None or self._holder() is None

    def hold(self, frame: Frame) -> None:
        """Stay untouched while `frame` lives."""
        self._holder = weakref.ref(frame)

    def forget(self) -> None:
        """VLC is about to draw into it."""
        self._mark = self._holder = None

    def mark(self) -> int:
        """A checksum of every eighth row."""
        if self._mark is None:
            step = self._pitch * SAMPLED_ROWS
            self._mark = 0
            for start in range(0, len(self.view), step):
                self._mark = crc32(self.view[start : start + self._pitch], self._mark)
        return self._mark


class Pictures:
    """All buffers of one player, of one size. Called from VLC's picture thread only."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.width, self.height = size
        self.pitch = _up(self.width * 4)
        self.lines = _up(self.height)
        self._all = [self._make() for _ in range(3)]
        self._turn = 0
        self._shown = -1

    def _make(self) -> Picture:
        return Picture(self.pitch, self.height, self.lines)

    def __getitem__(self, index: int) -> Picture:
        return self._all[index]

    def take(self) -> int:
        """Index of a buffer to draw into: never the one on display, if possible unheld."""
        count = len(self._all)
        order = [(self._turn + i) % count for i in range(count)]
        order = [i for i in order if i != self._shown]
        index = next((i for i in order if self._all[i].free), -1)
        if index < 0 and count < MOST:
            self._all.append(self._make())
            index = count
        elif index < 0:
            index = order[0]
        self._turn = index + 1
        self._all[index].forget()
        return index

    def show(self, index: int, *, compare: bool) -> bool:
        """Note what is on display now; True if `compare` finds it the same as before."""
        before, self._shown = self._shown, index
        if not compare or before < 0:
            return False
        return before == index or self._all[before].mark() == self._all[index].mark()

    def frame(self, index: int, pts: int, number: int) -> Frame:
        """The buffer as a frame, kept from reuse while the frame lives."""
        picture = self._all[index]
        view = picture.view.toreadonly()
        frame = Frame(pts, number, self.width, self.height, self.pitch, view, "bgrx")
        picture.hold(frame)
        return frame
