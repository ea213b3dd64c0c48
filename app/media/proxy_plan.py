"""How a film is divided into proxy chunks: their edges, times, names, and the size of pictures."""

from __future__ import annotations

import hashlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from app.core.late import late
from app.core.timerange import TimeRange

if TYPE_CHECKING:
    import numpy as np
else:
    np = late("numpy")

VERSION = 1
"""Of everything that is in a chunk; another one makes old chunks unknown."""

CHUNK = 10_000
"""Milliseconds of a chunk; its edges lie on frames, so it may be longer, also by a long gap."""

LONG_SIDE, SHORT_SIDE = 960, 540
"""Pixels that a proxy's picture has at most, upright or lying."""

SOUND_BYTES = 203
"""Of a millisecond of sound alone: 48 samples in stereo, and what goes around them."""

Kind = Literal["c", "s"]
"""A file of pictures with their sound, or of the same sound alone, which is made much sooner."""

MILLISECOND = 1_000
"""Microseconds. Matroska as FFmpeg writes it counts milliseconds."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """One file of a proxy: frames `first` to `last`, exclusive, and the sound from start to end.

    start, end: milliseconds of the film, which are the file's own.
    """

    number: int
    first: int
    last: int
    start: int
    end: int

    def stem(self, kind: Kind = "c") -> str:
        """The beginning of its file's name, which changes with what is in it."""
        return f"{kind}{self.start}-{self.end}-{self.last - self.first}"

    def name(self, size: int, kind: Kind = "c") -> str:
        """Its file's name: one that was cut short has a name that is not its own."""
        return f"{self.stem(kind)}-{size}.mkv"


@dataclass(frozen=True)
class ProxyPlan:
    """What the proxy of a film is to be.

    key: the film's content key. times: microseconds of its frames, ascending, not empty.
    duration: microseconds. shown: width and height as displayed.
    """

    key: str
    times: array[int] = field(repr=False)
    duration: int
    shown: tuple[int, int]
    has_audio: bool

    @property
    def folder(self) -> str:
        """Name of the folder that its chunks lie in: other frame times are another proxy."""
        digest = hashlib.sha256(repr((self.times.itemsize, self.has_audio, self.size)).encode())
        digest.update(self.times.tobytes())
        return f"v{VERSION}-{self.key[:24]}-{digest.hexdigest()[:8]}"

    @cached_property
    def size(self) -> tuple[int, int]:
        """Width and height of the proxy's pictures."""
        return proxy_size(*self.shown)

    @cached_property
    def stamps(self) -> array[int]:
        """The milliseconds that each frame has in its chunk, no two the same."""
        return container_times(self.times)

    @cached_property
    def chunks(self) -> tuple[Chunk, ...]:
        """All of them, in order; together they hold each frame once."""
        end = max(self.duration // MILLISECOND, self.stamps[-1] + 1)
        return chunks_of(self.stamps, end)

    def frames_in(self, span: TimeRange) -> tuple[int, int]:
        """The frames whose time lies in `span`: the first, and the one after the last."""
        return bisect_left(self.times, span.start), bisect_left(self.times, span.end)

    def frame_at(self, t: int) -> int:
        """The frame on screen at `t` microseconds, the first before it."""
        return max(0, bisect_right(self.times, t) - 1)

    def chunks_in(self, span: TimeRange) -> tuple[Chunk, ...]:
        """The chunks that hold what is seen and heard in `span`."""
        first, last = self.frames_in(span)
        if not span.duration:
            return ()
        # What is heard in it may belong to the frame before.
        a, b = self._holding(max(0, first - 1)), self._holding(max(0, last - 1))
        if first < last and self.times[first] == span.start:
            a = self._holding(first)
        return self.chunks[a : b + 1]

    def usual_bytes(self, chunk: Chunk) -> int:
        """About what a chunk takes: at 960x540 and 30 pictures a second some 3.5 GB an hour."""
        seconds = (chunk.end - chunk.start) / 1000
        pixels = self.size[0] * self.size[1] * (chunk.last - chunk.first)
        return int(192_000 * seconds + 0.05 * pixels)

    def sound_bytes(self, chunk: Chunk) -> int:
        """About what a chunk's sound alone takes."""
        return SOUND_BYTES * (chunk.end - chunk.start)

    def chunk_at(self, frame: int) -> Chunk:
        """The one that holds a frame."""
        return self.chunks[self._holding(frame)]

    def _holding(self, frame: int) -> int:
        return bisect_right(self.chunks, frame, key=lambda c: c.first) - 1


def proxy_size(width: int, height: int) -> tuple[int, int]:
    """A displayed size brought within the proxy's, shape kept, even, never enlarged."""
    most = (LONG_SIDE, SHORT_SIDE) if width >= height else (SHORT_SIDE, LONG_SIDE)
    scale = min(1.0, most[0] / width, most[1] / height)
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)


def container_times(times: Sequence[int]) -> array[int]:
    """Microseconds as milliseconds, nearest; frames less than one apart are moved later."""
    rounded = (np.asarray(times, np.int64) + MILLISECOND // 2) // MILLISECOND
    order = np.arange(len(rounded))
    apart = np.maximum.accumulate(rounded - order) + order
    return array("q", apart.astype(np.int64).tobytes())


def chunks_of(stamps: Sequence[int], end: int) -> tuple[Chunk, ...]:
    """Chunks of about CHUNK milliseconds; a rest of less than half of it joins the one before."""
    firsts = [0]
    while (after := bisect_left(stamps, stamps[firsts[-1]] + CHUNK)) < len(stamps):
        if end - stamps[after] < CHUNK // 2:
            break
        firsts.append(after)
    edges = [*firsts, len(stamps)]
    return tuple(
        Chunk(n, a, b, stamps[a], stamps[b] if b < len(stamps) else end)
        for n, (a, b) in enumerate(pairwise(edges))
    )
