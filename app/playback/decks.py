"""A player, what lies in it, and what it stands by for; the preview has two of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from app.core.errors import KeeptakeError
from app.playback.player import Listener, Player, Seen
from app.playback.publisher import Publisher
from app.playback.reel import Reel

MakePlayer = Callable[[int, Listener], Player]
"""The player for place 0 or 1, given its listener."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What one player plays without a break: the source from `start` to `out`, out of `reel`.

    A list skips what is cut between the two by itself.
    """

    reel: Reel
    start: int
    out: int


class Deck:
    """One player. All but the listener's part is called on the conductor's thread.

    on_change: the player became ready, started, stopped or ended. on_error: it cannot go on.
    """

    def __init__(
        self,
        place: int,
        make_player: MakePlayer,
        publisher: Publisher,
        on_change: Callable[[], None],
        on_error: Callable[[int, KeeptakeError], None],
    ) -> None:
        self.place = place
        self._publisher = publisher
        self.on_change = on_change
        self._on_error = on_error
        self.reel: Reel | None = None
        self.player = make_player(place, self)
        self.idle()

    def idle(self) -> None:
        """It stands by for nothing."""
        self.cued_for: Stretch | None = None
        self.cue_at = 0
        self._asked: float | None = None
        self.rolling = False

    def load(self, reel: Reel) -> None:
        """Have `reel` in the player."""
        if self.reel is not reel:
            self.player.open(reel.film)
        self.reel = reel

    def cue(self, t: int) -> None:
        """Stand decoded at `t` of the source."""
        if self.reel is not None:
            self.cue_player(self.reel.to_player(t))

    def cue_player(self, at: int) -> None:
        """Stand decoded at `at` of the player's time; how long that takes can be asked of `took`.

        Opening counts for a list alone: it is opened for every place, a film once.
        """
        counts = self.reel is not None and (self.reel.is_list or self.player.ready)
        self.cue_at = at
        self.player.cue(at)
        if not self.player.ready:  # it stood there already where it is
            self._asked = perf_counter() if counts else None

    def took(self) -> float | None:
        """Microseconds it took to be ready at `cue_at`; once, None where there is nothing new."""
        if self._asked is None or not self.player.ready:
            return None
        asked, self._asked = self._asked, None
        return (perf_counter() - asked) * 1e6

    def position(self) -> int | None:
        """Microseconds of the source; None while it is not known."""
        t = self.player.position()
        return None if t is None or self.reel is None else self.reel.to_source(t)

    def left(self, out: int) -> int | None:
        """Microseconds of the player's time until the source's `out`; None while not known."""
        if self.reel is None:
            return None
        end = self.reel.to_player(out - 1) + 1
        if self.player.ended:
            return 0
        t = self.player.position()
        return None if t is None else end - t

    # The player's thread

    def on_frame(self, frame: Seen, margin: int) -> None:
        """To the gate, under the source's name."""
        if self.reel is not None:
            self._publisher.moving(self.reel.seen(frame), margin, self.place)

    def on_error(self, error: KeeptakeError) -> None:
        """To the conductor."""
        self._on_error(self.place, error)
