"""The memory VLC draws into: I420 buffers that are reused when nobody looks at them."""

from __future__ import annotations

import weakref
from threading import Lock
from zlib import crc32

from app.media.colour import Bgrx, Colour, Conversion, Planes
from app.playback.player import Frame

MOST = 8
"""Buffers at most; beyond that the oldest is taken from whoever still holds it."""
SAMPLED_ROWS = 8
"""Every so many rows of luma are compared to tell a repeated picture."""


class Picture(Planes):
    """One buffer of three planes, and the frame that was last made of it."""

    def __init__(self, size: tuple[int, int]) -> None:
        super().__init__(size)
        self._mark: int | None = None
        self._holder: weakref.ref[Moving] | None = None

    @property
    def free(self) -> bool:
        """Whether no frame that is yet to be made of it is alive."""
        return self._holder is None or self._holder() is None

    def hold(self, frame: Moving) -> None:
        """Stay untouched while `frame` lives."""
        self._holder = weakref.ref(frame)

    def forget(self) -> None:
        """VLC is about to draw into it."""
        holder = self._holder() if self._holder is not None else None
        if holder is not None:
            holder.lose()
        self._mark = self._holder = None

    def mark(self) -> int:
        """A checksum of every eighth row of luma."""
        if self._mark is None:
            luma, pitch, self._mark = self.data[0], self.pitches[0], 0
            for start in range(0, len(luma), pitch * SAMPLED_ROWS):
                self._mark = crc32(luma[start : start + pitch], self._mark)
        return self._mark


class Moving:
    """A displayed frame, made into pixels when somebody wants to see it.

    unsure: it may be the frame before.
    """

    def __init__(
        self, picture: Picture, pictures: Pictures, pts: int, index: int, *, unsure: bool = False
    ) -> None:
        self.pts = pts
        self.index = index
        self.unsure = unsure
        self._pictures = pictures
        self._lock = Lock()
        self._picture: Picture | None = picture
        self._frame: Frame | None = None

    def drawn(self) -> Frame | None:
        """Its pixels; None where VLC has drawn something else over it meanwhile."""
        with self._lock:
            if self._picture is not None:
                made = self._pictures.convert(self._picture)
                self._frame = Frame(
                    self.pts, self.index, made.width, made.height, made.stride, made.data,
                    unsure=self.unsure,
                )  # fmt: skip
                self._picture = None
            return self._frame

    def lose(self) -> None:
        """The buffer is taken away."""
        with self._lock:
            self._picture = None


class Pictures:
    """All buffers of one player, of one size. Buffers are handed out on VLC's picture thread only.

    size: of the picture in pixels, as VLC is to hand it over. colour: of that picture. view: width
    and height of the frames made of it.
    """

    def __init__(self, size: tuple[int, int], colour: Colour, view: tuple[int, int]) -> None:
        self.width, self.height = self._size = size
        self.view = view
        self._colour = colour
        self._conversion = Conversion()
        self._all = [Picture(size) for _ in range(3)]
        self.pitches, self.lines = self._all[0].pitches, self._all[0].lines
        self._turn = 0
        self._shown = -1

    def __getitem__(self, index: int) -> Picture:
        return self._all[index]

    def take(self) -> int:
        """Index of a buffer to draw into: never the one on display, if possible unheld."""
        count = len(self._all)
        order = [(self._turn + i) % count for i in range(count)]
        order = [i for i in order if i != self._shown]
        index = next((i for i in order if self._all[i].free), -1)
        if index < 0 and count < MOST:
            self._all.append(Picture(self._size))
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

    def frame(self, index: int, pts: int, number: int, *, unsure: bool = False) -> Moving:
        """The buffer as a frame, kept from reuse while the frame lives and is not drawn."""
        picture = self._all[index]
        frame = Moving(picture, self, pts, number, unsure=unsure)
        picture.hold(frame)
        return frame

    def convert(self, picture: Picture) -> Bgrx:
        """A buffer's pixels at the size of the view."""
        return picture.bgrx(self._conversion, self.view, self._colour)
