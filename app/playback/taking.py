"""How long it takes to have a film ready at a place, learned while it is played."""

from __future__ import annotations

PREROLL = 500_000
"""Microseconds a standby player runs unseen before its in point (vlc.md, addendum)."""
PRIMING = 250_000
"""Microseconds to cue a player, until learned from the film."""
OPENING = 600_000
"""Microseconds to open a list and cue it, until learned."""
EASED = 0.1
"""Where a cue took less time than thought, so much of that is believed; of more, all."""
VARIES = 1.3
"""A cue may take so many times what it took before."""
HEAVIER = 1.2
"""So many times what was reckoned with, and which spans go together is to be thought over."""


class Taking:
    """What one film takes on this machine; all times in microseconds."""

    def __init__(self) -> None:
        self.priming = float(PRIMING)
        self.opening = float(OPENING)
        self._grouped = self.priming

    @property
    def heavier(self) -> bool:
        """Whether the film shows itself to take much longer than the last groups reckoned with."""
        return self.priming > HEAVIER * self._grouped

    def grouped(self) -> tuple[float, float]:
        """What must be played before a film, and before a list, can follow with a pre-roll."""
        self._grouped = self.priming
        return VARIES * self.priming + PREROLL, self.opening + PREROLL

    def cued(self, took: float, *, a_list: bool) -> None:
        """A player was ready so long after it was asked."""
        known = self.opening if a_list else self.priming
        known = took if took > known else known + EASED * (took - known)
        if a_list:
            self.opening = known
        else:
            self.priming = known
