"""How removed spans are skipped: two primed players that take turns, or one that seeks.

Spans in, frames out. It knows nothing of edits; the stage says which spans are to be played.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from app.core.errors import KeeptakeError
from app.core.timerange import Ranges, TimeRange
from app.playback.player import Film, Listener, Player, Seen, fitted
from app.playback.publisher import Publisher
from app.playback.worker import Worker

PREROLL = 500_000
"""Microseconds a standby player runs unseen before its in point (vlc.md, addendum)."""
EVEN = 400_000
"""A player runs at speed 1 for so many microseconds before it takes another speed, ..."""
LEAD = 350_000
"""... what it has queued until then is played at the old speed or dropped, ..."""
SETTLING = 900_000
"""... and it takes so long until its time is exact again."""
SHORTEST_PREROLL = 80_000
"""Where time is short: the first pictures after a seek may be missing."""
PRIMING = 250_000
"""Microseconds to cue a player, until learned from the film."""
CLOSE = 1_000
"""An out point so near counts as reached; microseconds."""
GLANCE = 0.2
"""Seconds between two looks at the players while nothing is due."""
HURRY = 0.004
"""Seconds between two looks while a frame is held."""


class Ears:
    """Hears one player: frames go to the gate, changes and errors to the conductor."""

    def __init__(
        self,
        place: int,
        publisher: Publisher,
        on_change: Callable[[], None],
        on_error: Callable[[int, KeeptakeError], None],
    ) -> None:
        self._place = place
        self._publisher = publisher
        self.on_change = on_change
        self._on_error = on_error

    def on_frame(self, frame: Seen, margin: int) -> None:
        """To the gate."""
        self._publisher.moving(frame, margin, self._place)

    def on_error(self, error: KeeptakeError) -> None:
        """To the conductor."""
        self._on_error(self._place, error)


class _Deck:
    """A player, its place at the gate, and what it stands by for."""

    def __init__(self, place: int, player: Player) -> None:
        self.place = place
        self.player = player
        self.film: Film | None = None
        self.idle()

    def idle(self) -> None:
        """It stands by for nothing."""
        self.cued_for: int | None = None
        self.cue_at = 0
        self.asked: float | None = None
        self.rolling = False

    def load(self, film: Film) -> None:
        """Open `film` unless it is open."""
        if self.film is not film:
            self.film = film
            self.idle()
            self.player.open(film)


class Preview:
    """Plays spans one after another. All but `position` is called on `worker`'s thread.

    The player on air runs to its out point while the other stands primed before the next in point;
    that one starts early, muted and unseen, so that it reaches its in point as the first reaches
    its out point; then they change places. Where that cannot be ready in time the last kept frame
    is held (the gate stops the rest) until either the standby or the player on air, running on
    silently, arrives at the in point. With one player: hold, and one seek.

    make_player: the player for place 0 or 1, given its listener.
    on_end: called with the out point when the last span is played, having paused.
    """

    def __init__(
        self,
        make_player: Callable[[int, Listener], Player],
        publisher: Publisher,
        worker: Worker,
        on_end: Callable[[int], None],
        on_error: Callable[[KeeptakeError], None],
    ) -> None:
        self._publisher = publisher
        self._worker = worker
        self._on_end = on_end
        self._on_error = on_error
        self._decks = tuple(
            _Deck(place, make_player(place, Ears(place, publisher, self._look, self._failed)))
            for place in (0, 1)
        )
        self._air, self._standby = self._decks
        self._two = True
        self._film: Film | None = None
        self._spans: Ranges = ()
        self._running = False
        self._out = 0
        self._next: TimeRange | None = None
        self._holding = False
        self._at = 0
        self._priming = float(PRIMING)
        self._rate, self._muted = 1.0, False
        self._view = (960, 540)

    @property
    def technique(self) -> str:
        """How removed spans are skipped, for the status bar."""
        if self._two:
            return "Seamless preview: two players"
        return "Preview by seeking: a short hold at every cut"

    def use_one_player(self) -> None:
        """Skip by seeking: where a second player cannot be had."""
        self._two = False
        self._rest(self._standby)

    def position(self) -> int:
        """Microseconds of the source; at a cut the last kept instant. From any thread."""
        if not self._running:
            return self._at
        t = self._air.player.position()
        return self._at if t is None else max(0, min(t, self._out - 1))

    def open(self, film: Film) -> None:
        """Stand at the beginning of `film`."""
        self.pause()
        self._film, self._at, self._two = film, 0, True
        self.set_view(self._view)
        self._priming = float(PRIMING)
        self._air.load(film)

    def cue(self, t: int) -> None:
        """Be ready to start at `t` without delay."""
        if not self._running:
            self._at = t
            self._air.player.cue(t)

    def start(self, t: int, spans: Ranges) -> None:
        """Play `spans` from `t`, or from the first one after it; at the end of all, end."""
        self._spans = spans
        span = self._span_from(t)
        if span is None:
            self.pause()
            self._on_end(spans[-1].end if spans else t)
            return
        t = max(t, span.start)
        self._rest(self._standby)
        self._publisher.run(self._air.place, spans, t)
        self._at, self._running = t, True
        self._air.player.set_muted(self._muted)
        self._air.player.cue(t)
        self._air.player.play()
        self._enter(span)

    def resume(self, spans: Ranges) -> None:
        """Play on from where `pause` left the picture, which lies in `spans`."""
        self._spans = spans
        at = self._publisher.last
        span = self._span_from(at)
        if span is None or not span.contains(at):
            self.start(at, spans)
            return
        self._publisher.run(self._air.place, spans, at)
        self._at, self._running = at, True
        self._air.player.set_muted(self._muted)
        self._air.player.play()
        self._enter(span)

    def pause(self) -> None:
        """Stand still."""
        self._at = self.position()
        self._running = self._holding = False
        self._worker.drop("turn")
        self._publisher.stand()
        if self._film is not None:
            self._air.player.pause()
            self._rest(self._standby)

    def replan(self, spans: Ranges) -> None:
        """Play other spans from here on, at once."""
        if not self._running or spans == self._spans:
            return
        self._spans = spans
        self._publisher.allow(spans)
        t = self._air.player.position()
        if t is None:
            self.start(self._at, spans)
            return
        span = self._span_from(t)
        if self._standby.rolling:
            self._rest(self._standby)
        if span is not None and span.contains(t):
            self._air.player.set_muted(self._muted)
            self._enter(span)
            return
        # Inside what is removed now: here is the out point.
        self._out, self._next, self._holding = t, span, False
        self._look()

    def set_sound(self, volume: int, muted: bool) -> None:
        """Loudness, 0 to 100, and whether there is any."""
        self._muted = muted
        for deck in self._decks:
            deck.player.set_volume(volume)
        self._air.player.set_muted(muted or self._holding)

    def set_view(self, view: tuple[int, int]) -> None:
        """Width and height of the area that pictures are painted into."""
        self._view = view
        if self._film is not None:
            for deck in self._decks:
                deck.player.set_view(fitted(self._film.size, view))

    def set_rate(self, rate: float) -> None:
        """Speed, kept across cuts."""
        if rate == self._rate:
            return
        self._rate = rate
        self._rest(self._standby)
        for deck in self._decks:
            deck.player.set_rate(rate)
        self._look()

    def close(self) -> None:
        """End both players."""
        self._running = False
        for deck in self._decks:
            deck.player.close()

    def _look(self) -> None:
        self._worker.post(self._turn, key="turn")

    def _failed(self, place: int, error: KeeptakeError) -> None:
        self._worker.post(lambda: self._fail(place, error))

    def _fail(self, place: int, error: KeeptakeError) -> None:
        if self._two and place == self._standby.place:
            self.use_one_player()
            self._look()
            return
        self.pause()
        self._on_error(error)

    def _span_from(self, t: int) -> TimeRange | None:
        return next((s for s in self._spans if s.end > t), None)

    def _enter(self, span: TimeRange) -> None:
        later = (s for s in self._spans if s.start >= span.end)
        self._out, self._next, self._holding = span.end, next(later, None), False
        self._look()

    def _rest(self, deck: _Deck) -> None:
        if deck.rolling:
            deck.player.pause()
        deck.idle()

    def _turn(self) -> None:
        """Look where everything stands, do what is due, and say when to look again."""
        if not self._running or self._film is None:
            return
        air = self._air.player
        t = self._film.duration if air.ended else air.position()
        if t is None:
            wait = GLANCE
        elif t < self._out - CLOSE:
            wait = min(self._prepare(t), (self._out - t) / self._rate / 1e6)
        elif self._next is None:
            self._finish()
            return
        else:
            wait = self._cross(t, self._next)
        self._worker.post(self._turn, key="turn", after=max(0.001, min(wait, GLANCE)))

    def _finish(self) -> None:
        end = self._out
        self.pause()
        self._on_end(end)

    def _cross(self, t: int, to: TimeRange) -> float:
        """At or beyond the out point: get to `to`; returns seconds until the next look."""
        if not self._holding:
            self._holding = True
            self._air.player.set_muted(True)
        if not self._two:
            self._at = to.start
            self._air.player.set_muted(self._muted)
            self._air.player.cue(to.start)
            self._air.player.play()
            self._enter(to)
            return GLANCE
        there = self._standby.player.position() if self._standby.rolling else None
        if there is not None and there >= to.start - CLOSE:
            self._change_places(to)
        elif t >= to.start:
            self._air.player.set_muted(self._muted)
            self._enter(to)
        else:
            self._prepare(t)
        return HURRY

    def _change_places(self, to: TimeRange) -> None:
        old, new = self._air, self._standby
        self._publisher.switch(new.place)
        new.player.set_muted(self._muted)
        old.player.pause()
        new.idle()
        old.idle()
        self._air, self._standby = new, old
        self._enter(to)

    def _prepare(self, t: int) -> float:
        """Prime or start the standby as is due; returns seconds until the next look."""
        if self._next is None or not self._two or self._film is None:
            return GLANCE
        deck, start = self._standby, self._next.start
        left = (self._out - t) / self._rate
        if deck.cued_for != start:
            self._prime(deck, start, left)
        if deck.rolling or not deck.player.ready:
            return GLANCE
        if deck.asked is not None:
            took = (perf_counter() - deck.asked) * 1e6
            self._priming += 0.5 * (took - self._priming)
            deck.asked = None
        need = self._wall(start - deck.cue_at) + deck.player.latency
        if left <= need + CLOSE:
            deck.rolling = True
            deck.player.play()
            return GLANCE
        return (left - need) / 1e6

    def _media(self, wall: float) -> int:
        """How much film a player that has just been started plays in `wall` microseconds."""
        fast = max(0.0, wall - EVEN)
        return round(wall - fast + fast * self._rate + (LEAD * (self._rate - 1) if fast else 0))

    def _wall(self, media: float) -> float:
        """How long a player that has just been started takes to play `media`: undoes `_media`."""
        if self._rate == 1.0 or media <= EVEN:
            return media
        return EVEN + max(0.0, media - EVEN - LEAD * (self._rate - 1)) / self._rate

    def _prime(self, deck: _Deck, start: int, left: float) -> None:
        assert self._film is not None
        preroll = PREROLL if self._rate == 1.0 else EVEN + SETTLING
        # A span too short for all of it gets what is left after priming.
        room = self._media(max(SHORTEST_PREROLL, min(preroll, left - self._priming)))
        deck.load(self._film)
        deck.idle()
        deck.cued_for = start
        deck.cue_at = self._film.frame_pts(max(0, start - room))
        deck.asked = perf_counter()
        deck.player.set_muted(True)
        deck.player.cue(deck.cue_at)
