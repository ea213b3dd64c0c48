"""The sound of a cut as one stream: a player of its own with a list over the proxy.

Two players that change places are heard to do so: VLC starts a sound some 20 ms early or late, and
nobody learns by how much. One stream has no such seams, and its clock is what pictures follow.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from app.playback.decks import Deck
from app.playback.reel import Reel

AHEAD = 300_000
"""Microseconds ahead of the picture at which it is made ready; less would be over too soon."""
SETTLING = 0.25
"""Seconds it runs unheard before it is compared with the picture."""
APART = 12_000
"""So far from the picture it is started anew; microseconds."""
TOGETHER = 1_000
"""Both are looked at within so many microseconds, or what lies between them is not known."""
ENDING = 1_500_000
"""Microseconds before its list ends at which it is given up."""
GLANCE = 0.2
"""Seconds between two looks while nothing is due."""


class Soundtrack:
    """Called on the conductor's thread alone.

    sounding: whether it is heard, and not the player on air.
    """

    def __init__(self, deck: Deck) -> None:
        self.deck = deck
        self.sounding = False
        self._started: float | None = None
        self._ahead = 0  # of the picture when they came into step; it stays so

    def rest(self) -> None:
        """Be silent; it stands by for nothing."""
        if self._started is not None:
            self.deck.player.pause()
        self._started, self.sounding = None, False
        self.deck.idle()

    def left(self, start: int) -> int | None:
        """Microseconds until the picture has to be at the source's `start`; None if not known."""
        at, reel = self.deck.player.position(), self.deck.reel
        return None if at is None or reel is None else reel.to_player(start) - at + self._ahead

    def follow(self, reel: Reel, picture: Callable[[], int | None]) -> float:
        """Get into step with the picture; seconds until the next look.

        reel: the list of what is played. picture: where the picture is, in the source's time; None
        while that is not known. Sets `sounding` once it is in step.
        """
        at = picture()
        if at is None:
            return GLANCE
        now, player = reel.to_player(at), self.deck.player
        if self.deck.reel is not reel:
            self.rest()
            self.deck.load(reel)
            return self._aim(now)
        if self._started is None:
            left = self.deck.cue_at - now - player.latency
            if left < -APART:
                return self._aim(now)
            if not player.ready or left > 1_000:
                return max(0.002, left / 1e6) if player.ready else 0.02
            player.play()
            self._started = perf_counter()
            return SETTLING
        running = perf_counter() - self._started
        if self.sounding or running < SETTLING:
            return GLANCE if self.sounding else SETTLING - running
        heard, then = player.position(), picture()
        # On a busy machine this thread may stand still between two looks.
        if heard is None or then is None or reel.to_player(then) - now > TOGETHER:
            return 0.02
        if abs(heard - now) > APART:
            return self._aim(now)
        self.sounding, self._ahead = True, heard - now
        return GLANCE

    def ends(self, at: int) -> bool:
        """Whether its list is nearly over at `at` of the source."""
        reel = self.deck.reel
        return reel is not None and reel.film.duration - reel.to_player(at) < ENDING

    def _aim(self, now: int) -> float:
        self.rest()
        self.deck.cue_at = now + AHEAD
        self.deck.player.set_muted(True)
        self.deck.player.cue(self.deck.cue_at)
        return 0.02
