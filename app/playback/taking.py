"""How long it takes to have a film ready at a place, learned while it is played.

Measured: a player shows a place after some 0.1 s and the time to decode all frames from the
keyframe before it, 2.2 to 3.4 ms each of 1080p H.264 while another player runs. Where keyframes are
250 frames apart that was 0.1 to 0.9 s, according to the place.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from app.playback.player import Film

PREROLL = 500_000
"""Microseconds a standby player runs unseen before its in point (vlc.md, addendum)."""
PRIMING = 250_000
"""Microseconds to cue a player, until learned from the film; where keyframes are not known."""
PIXEL = 0.0012
"""Microseconds to decode one pixel, until learned from the film; where keyframes are known."""
OPENING = 600_000
"""Microseconds to open a list and cue it, until learned."""
SEEKING = 100_000
"""Of cueing a player, what has to do with no frame; microseconds."""
TELLING = 40
"""Frames from the keyframe on that tell how long one takes; of fewer the rest is too much."""
EASED = 0.1
"""Where a cue took less time than thought, so much of that is believed; of more, all."""
VARIES = 1.3
"""A cue may take so many times what it took before."""
HEAVIER = 1.2
"""So many times what was reckoned with, and which spans go together is to be thought over."""


def _believed(known: float | None, found: float) -> float:
    if known is None or found > known:
        return found
    return known + EASED * (found - known)


class Taking:
    """What one film takes on this machine; all times in microseconds.

    keyframes: of the film, in its time; empty where they are not known.
    """

    def __init__(self) -> None:
        self.keyframes: Sequence[int] = ()
        self.opening = float(OPENING)
        self._priming = float(PRIMING)
        self._frame: float | None = None  # what one takes to decode
        self._grouped: tuple[float, float | None] = (self._priming, None)

    @property
    def heavier(self) -> bool:
        """Whether the film shows itself to take much longer than the last groups reckoned with."""
        priming, frame = self._grouped
        if self._frame is not None:
            return frame is None or self._frame > HEAVIER * frame
        return self._priming > HEAVIER * priming

    def priming(self, film: Film, at: int) -> float:
        """What it takes at most, as a rule, to have a player stand at `at` of `film`."""
        behind = self._behind(film, at)
        if behind is None:
            return VARIES * self._priming
        frame = PIXEL * film.turned[0] * film.turned[1] if self._frame is None else self._frame
        return VARIES * (SEEKING + behind * frame)

    def alone(self, film: Film, start: int) -> float:
        """What must be played before `film` can follow at `start` with a pre-roll."""
        return self.priming(film, start - PREROLL) + PREROLL

    def listed(self) -> float:
        """What must be played before a list can follow with a pre-roll."""
        return self.opening + PREROLL

    def grouped(self) -> None:
        """Which spans go together was thought over with what is known now."""
        self._grouped = (self._priming, self._frame)

    def cued(self, took: float, film: Film, at: int) -> None:
        """A player stood at `at` of `film` so long after it was asked."""
        self._priming = _believed(self._priming, took)
        behind = self._behind(film, at)
        if behind is not None and behind >= TELLING:
            # A player that stood still before is sought sooner than one that ran.
            decoding = max(took - SEEKING, took / 2)
            self._frame = _believed(self._frame, decoding / behind)

    def opened(self, took: float) -> None:
        """A list was ready so long after it was asked."""
        self.opening = _believed(self.opening, took)

    def _behind(self, film: Film, at: int) -> int | None:
        """How many frames are decoded and not shown on the way there; None where not known."""
        if not self.keyframes:
            return None
        keyframe = self.keyframes[max(0, bisect_right(self.keyframes, at) - 1)]
        return max(0, film.frame_index(at) - film.frame_index(keyframe))
