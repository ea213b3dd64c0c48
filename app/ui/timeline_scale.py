"""What part of the film the timeline shows, and where an instant lies in it; no Qt."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.core.thumbnail_grid import grid_step
from app.core.timerange import SECOND
from app.ui.text import clock

GUTTER = 98.0
"""Width of the lane names at the left."""

RIGHT = 8.0
"""Free space behind the end of the film when it is fitted."""

MIN_US_PER_PX = 400.0

FINE = 3.0
"""Spans narrower than this many pixels are drawn as one block with their neighbours."""

NARROW = 6.0
"""What is narrower than this many pixels is a plain stroke: hundreds of outlines cost a frame."""

MARGIN = 12.0
"""Pixels to either side of the view that are laid out as well."""

PICTURE = 16 / 9
"""Width of a thumbnail's place by its height; other films fill it."""

_DIGIT = 8.0
"""At most the pixels of a character of a time in the ruler."""


@dataclass(frozen=True, slots=True)
class View:
    """What part is seen: from `start` on, in a widget of `width` x `height` pixels.

    scroll: pixels by which the lanes are moved up.
    """

    start: float
    us_per_px: float
    width: float
    height: float
    scroll: float = 0.0

    @property
    def end(self) -> float:
        """The instant at the right edge."""
        return self.t_of(self.width)

    def x_of(self, t: float) -> float:
        """Pixel of an instant, anywhere, also far outside."""
        return GUTTER + (t - self.start) / self.us_per_px

    def t_of(self, x: float) -> float:
        """Instant at a pixel."""
        return self.start + (x - GUTTER) * self.us_per_px


def thumb_step(view: View, height: float) -> int:
    """Microseconds from thumbnail to thumbnail: one of the film's grids, so that they stay."""
    return grid_step(view.us_per_px, height * PICTURE * 0.6)


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of the ruler; only labelled ones have text."""

    x: float
    text: str = ""


def fitted(duration: int, width: float, height: float) -> View:
    """The view that shows the whole film."""
    wide = max(1.0, width - GUTTER - RIGHT)
    return View(0.0, max(MIN_US_PER_PX, duration / wide), width, height)


def clamped(view: View, duration: int) -> View:
    """The nearest view that neither zooms in absurdly nor leaves the film."""
    most = fitted(duration, view.width, view.height).us_per_px
    scale = min(most, max(MIN_US_PER_PX, view.us_per_px))
    seen = max(1.0, view.width - GUTTER - RIGHT) * scale
    return replace(view, us_per_px=scale, start=max(0.0, min(view.start, duration - seen)))


def zoomed(view: View, duration: int, factor: float, x: float) -> View:
    """Closer by `factor` (below 1: farther), the instant at `x` stays where it is if it can."""
    at = view.t_of(x)
    most = fitted(duration, view.width, view.height).us_per_px
    scale = min(most, max(MIN_US_PER_PX, view.us_per_px / factor))
    return clamped(replace(view, us_per_px=scale, start=at - (x - GUTTER) * scale), duration)


_STEPS = (
    *(100_000, 200_000, 500_000, SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 15 * SECOND),
    *(30 * SECOND, 60 * SECOND, 120 * SECOND, 300 * SECOND, 600 * SECOND, 900 * SECOND),
    *(1800 * SECOND, 3600 * SECOND, 7200 * SECOND, 14400 * SECOND),
)
_APART, _FRAMES_APART = 76.0, 92.0
"""Pixels that a time needs, and a timecode with frames."""


def ticks(duration: int, view: View, frames: Sequence[int] = ()) -> Iterator[Tick]:
    """The marks of the ruler in the view, far enough apart for their times to be read.

    frames: their times in microseconds; below a second the marks are then at frames, by timecode.
    """
    if not duration:
        return
    step = next((s for s in _STEPS if s / view.us_per_px >= _APART), _STEPS[-1])
    if step < SECOND and len(frames) > 1:
        yield from _frame_ticks(view, frames)
        return
    decimals = 0 if step >= SECOND else 1
    # Nothing can be scrolled into sight here, so that a time cut off at the end stays cut off.
    whole = view.start <= 0 and view.end >= duration
    at, last = int(max(0, view.start) // step * step), min(view.end, duration)
    while at <= last:
        x = view.x_of(at)
        if x >= GUTTER - 0.5:
            text = clock(at, decimals)
            fits = not whole or x + 4 + _DIGIT * len(text) <= view.width
            yield Tick(x, text if fits else "")
        at += step


def _frame_ticks(view: View, frames: Sequence[int]) -> Iterator[Tick]:
    """Frames counted from the beginning of each second; a second's last mark is not too near."""
    each = (frames[-1] - frames[0]) / (len(frames) - 1) / view.us_per_px
    every = next((n for n in (1, 2, 5, 10, 15, 30) if n * each >= _FRAMES_APART), 60)
    second = max(0, int(view.start // SECOND))
    # A frame's time is often a microsecond early: it is rounded.
    first = bisect_left(frames, second * SECOND - 1)
    while first < len(frames) and frames[first] <= view.end:
        second = (frames[first] + 1) // SECOND
        beyond = bisect_left(frames, (second + 1) * SECOND - 1, first)
        for k in range(first, beyond, every):
            x = view.x_of(frames[k])
            crowded = k > first and (beyond - k) * each < _FRAMES_APART * 0.9
            if GUTTER - 0.5 <= x <= view.width and not (crowded and every > 1):
                yield Tick(x, f"{clock(second * SECOND, 0)}:{k - first:02}")
        first = beyond
