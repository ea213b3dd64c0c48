"""What is made of a film for the timeline's strips, and in which order."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from app.core.loudness import CHUNK, chunks_of
from app.core.thumbnail_grid import grid_step, grid_times
from app.core.timerange import SECOND
from app.media.proxy_plan import VERSION as PROXY_VERSION

VERSION = 1
"""Of the files of strips; others are unknown."""

PICTURES_BETWEEN = 4
"""Thumbnails made before each chunk of sound, which takes longer, so that both lanes fill."""


@dataclass(frozen=True)
class StripPlan:
    """One film's strips. key: of its content. duration: microseconds.

    What is made has a number: chunks of sound from 0 on, then thumbnails by their second.
    """

    film: Path
    key: str
    duration: int
    has_picture: bool
    has_sound: bool

    @property
    def folder(self) -> str:
        """Name of the folder of its files: one of those that the cache of proxies looks after."""
        return f"v{PROXY_VERSION}-{self.key[:24]}-{VERSION:x}"

    @property
    def sounds(self) -> int:
        """How many chunks of sound it has."""
        return chunks_of(self.duration) if self.has_sound else 0

    def number_of(self, t: int) -> int:
        """Of the thumbnail at `t` microseconds, which is a whole second."""
        return self.sounds + t // SECOND

    def picture_at(self, number: int) -> int | None:
        """Microseconds of the thumbnail with that number; None for a chunk of sound."""
        return (number - self.sounds) * SECOND if number >= self.sounds else None

    def times(self, start: float, end: float, step: int) -> tuple[int, ...]:
        """Instants of thumbnails that cover `[start, end)`, those beside the film left out."""
        if not self.has_picture:
            return ()
        return tuple(grid_times(start, min(end, self.duration), step))


@dataclass(frozen=True)
class Shown:
    """The part of a film that is in view, microseconds, and the step of its thumbnails."""

    start: float = 0.0
    end: float = 0.0
    step: int = SECOND

    @classmethod
    def at(cls, start: float, end: float, us_per_px: float) -> Shown:
        """Widened to whole thumbnails, so that little movements are none."""
        step = grid_step(us_per_px)
        return cls(start // step * step, -(-end // step) * step, step)


def wanted(plan: StripPlan, shown: Shown, there: Collection[int], *, all_of_it: bool) -> list[int]:
    """Numbers of what is to be made and is not `there`, the most wanted first.

    What is in view, sound and pictures in turn; the pictures of a page before and after. all_of_it:
    and all other sound, the nearest first.
    """
    first, last = int(shown.start // CHUNK), int(-(-shown.end // CHUNK))
    sounds = [n for n in range(max(0, first), min(plan.sounds, last)) if n not in there]
    pictures = _pictures(plan, shown.start, shown.end, shown.step, there)
    order = list(_in_turn(iter(sounds), iter(pictures)))
    page = shown.end - shown.start
    order += _pictures(plan, shown.end, shown.end + page, shown.step, there)
    order += _pictures(plan, shown.start - page, shown.start, shown.step, there)
    if all_of_it:
        middle = (first + last) // 2
        rest = (n for n in range(plan.sounds) if n not in there and not first <= n < last)
        order += sorted(rest, key=lambda n: (abs(n - middle), -n))
    return order


def _pictures(
    plan: StripPlan, start: float, end: float, step: int, there: Collection[int]
) -> list[int]:
    numbers = map(plan.number_of, plan.times(start, end, step))
    return [n for n in numbers if n not in there]


def _in_turn(sounds: Iterator[int], pictures: Iterator[int]) -> Iterator[int]:
    for sound in sounds:
        yield from islice(pictures, PICTURES_BETWEEN)
        yield sound
    yield from pictures
