"""Which frames are displayed just after a change of speed, while VLC goes over to it.

Measured on VLC 3.0.24: pictures that were decoded before the change are displayed at their old
times, 0.2 to 0.6 s of them, up to 1 s of Matroska. Then VLC displays at the new times, which agree
with the time it reports: faster, some frames are skipped on the way; slower, the last one stands
first, for up to half a second. Either way every picture comes within a millisecond of one of both
times, so a few in a row show which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.playback.player import Film

IN_A_ROW = 4
"""Pictures that have to agree; two speeds cannot be confused over so many."""
NEAR = 5_000
"""A picture comes so near to its time, microseconds, or within a third of a frame."""


class Line(NamedTuple):
    """Media time as a function of the system clock: `offset + rate * stamp`; microseconds."""

    offset: float
    rate: float

    def at(self, stamp: int) -> int:
        """Media time at `stamp`."""
        return round(self.offset + self.rate * stamp)


class Turn(NamedTuple):
    """A change of speed that is under way: the time before it, and after it where it is known."""

    old: Line
    new: Line | None
    slower: bool


def frame_at(line: Line, stamp: int, film: Film) -> int | None:
    """The frame that is due on `line` at `stamp`; None where none is as near as that."""
    t = line.at(stamp)
    index = film.frame_index(t)
    times = film.frame_times
    if index + 1 < len(times) and times[index + 1] - t < t - times[index]:
        index += 1
    period = film.next_pts(index) - times[index]
    return index if abs(t - times[index]) < min(NEAR * line.rate, period / 3) else None


def frame_after(line: Line, stamps: Sequence[int], film: Film) -> int | None:
    """The newest of pictures that were displayed at `stamps`, if all fit `line` frame by frame."""
    if len(stamps) < IN_A_ROW:
        return None
    found = [frame_at(line, stamp, film) for stamp in stamps]
    last = found[-1]
    if last is None or found != list(range(last - len(stamps) + 1, last + 1)):
        return None
    return last


@dataclass(frozen=True, slots=True)
class Told:
    """A frame's index, and how far it may be from that: 0 where it is sure.

    anchor: the new line, where it has been gone over to.
    """

    index: int
    margin: int = 0
    anchor: Line | None = None


def told(turn: Turn, stamps: Sequence[int], film: Film, last: int) -> Told:
    """Which frame is displayed at the newest of `stamps`; the one before was `last`.

    Where it may be on either line it is counted on, which is never too far, and the margin holds
    whichever it is.
    """
    old, new, slower = turn
    stamp = stamps[-1]
    before = frame_after(old, stamps, film)
    after = frame_after(new, stamps, film) if new else None
    if new and after is not None and before is None:
        # A picture may come late and not early.
        first = film.frame_times[after - len(stamps) + 1 : after + 1]
        best = max(pts - new.rate * at for pts, at in zip(first, stamps, strict=True))
        return Told(after, 0, Line(max(best, new.offset), new.rate))
    # At a slower speed no frame can be beyond the one that the old line has.
    if slower and before == last + 1:
        return Told(before)
    index = min(last + 1, len(film.frame_times) - 1)
    pts = film.frame_times[index]
    return Told(index, 1 + max(abs(line.at(stamp) - pts) for line in (old, new or old)))
