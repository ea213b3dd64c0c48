"""How removed spans are skipped: two primed players, a list over the proxy, or one that seeks.

Spans in, frames out. It knows nothing of edits; the stage says which spans are to be played.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Literal

from app.core.errors import KeeptakeError
from app.core.timerange import Ranges, TimeRange, find, merge, total
from app.media.proxy import Proxy
from app.playback.decks import Deck, MakePlayer, Stretch
from app.playback.groups import LONGEST, groups
from app.playback.player import Film, fitted
from app.playback.publisher import Publisher
from app.playback.reel import Reel, listed, listed_sound, whole
from app.playback.soundtrack import Soundtrack
from app.playback.taking import PREROLL, Taking
from app.playback.worker import Worker

Technique = Literal["primed", "proxy", "seek"]
"""Two primed players; one list over the proxy; one player that seeks."""

POSTROLL = 500_000
"""So much follows the last out point of a list, lest it ends before it is left."""
EVEN = 400_000
"""A player runs at speed 1 for so many microseconds before it takes another speed, ..."""
LEAD = 350_000
"""... what it has queued until then is played at the old speed or dropped, ..."""
SETTLING = 900_000
"""... and it takes so long until its time is exact again."""
EARLY = 14_000
"""The standby is to arrive so early, half its first picture at most; microseconds. It waits at the
gate."""
SOUND_LATER = 0.012
"""Seconds by which a player's sound follows its pictures, at the median (bench cut_preview)."""
SHORTEST_PREROLL = 80_000
"""Where time is short: the first pictures after a seek may be missing."""
CLOSE = 1_000
"""An out point so near counts as reached; microseconds."""
LATE = 40_000
"""A standby player so late at its in point could not keep up; microseconds."""
STRAINED = 2
"""So many late ones more than timely ones, and the film is too heavy for two players."""
TAIL = 0.05
"""Seconds by which the end is held back for a sound that is one stream."""
PATIENCE = 3.0
"""Seconds after which a list that shows nothing is given up."""
GLANCE = 0.2
"""Seconds between two looks at the players while nothing is due."""
HURRY = 0.004
"""Seconds between two looks while a frame is held."""


class Preview:
    """Plays spans one after another. All but `position` is called on `worker`'s thread.

    The player on air runs to its out point while the other stands primed before the next in point;
    that one starts early, muted and unseen, so that it reaches its in point as the first reaches
    its out point; then they change places. Cuts too close for that are played as one stretch by
    a list over the proxy, where there is one. Where nothing can be ready in time the last kept
    frame is held (the gate stops the rest) until either the standby or the player on air, running
    on silently, arrives at the in point. With one player: hold, and one seek.

    on_end: called with the out point when the last span is played, having paused.
    """

    def __init__(
        self,
        make_player: MakePlayer,
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
            Deck(place, make_player, publisher, self._look, self._failed) for place in (0, 1)
        )
        self._air, self._standby = self._decks
        self._track = Soundtrack(Deck(2, make_player, publisher, self._look, self._failed))
        self._heard: Reel | None = None
        self._two = True
        self._wanted: Technique | None = None
        self._proxy: Proxy | None = None
        self._lists = True  # until this VLC shows that it cannot play them
        self._film: Film | None = None
        self._whole: Reel | None = None
        self._spans: Ranges = ()
        self._groups: list[Ranges] = []
        self._reels: dict[Ranges, Reel] = {}
        self._running = False
        self._out = 0
        self._next: Stretch | None = None
        self._holding, self._held_at = False, 0.0
        self._entered_at = self._sound_at = 0.0
        self._ending = False
        self._at = 0
        self._taking = Taking()
        self._strain, self._heavy = 0, False
        self._rate, self._muted = 1.0, False
        self._view = (960, 540)

    @property
    def technique(self) -> str:
        """How removed spans are skipped, for the status bar."""
        if not self._two or self._wanted == "seek":
            return "Preview by seeking: a short hold at every cut"
        several = [group for group in self._groups if len(group) > 1]
        if self._heavy and self._wanted == "primed":
            return "Preview by two players: short holds, this film is heavy for this computer"
        if not several:
            return "Seamless preview: two players"
        if not all(self._covered(group) for group in several):
            return "Preview by two players: short holds at close cuts"
        if len(several) == len(self._groups):
            return "Seamless preview: proxy"
        return "Seamless preview: two players, proxy at close cuts"

    def use_one_player(self) -> None:
        """Skip by seeking: where a second player cannot be had."""
        self._two = False
        self._rest(self._standby)

    def use(self, technique: Technique | None) -> None:
        """Skip in one way only, or the best by itself."""
        self._wanted = technique
        self._two, self._strain, self._heavy = True, 0, False
        self._group()

    def set_proxy(self, proxy: Proxy | None) -> None:
        """What there is of the film's proxy."""
        self._proxy = proxy

    def set_keyframes(self, keyframes: Sequence[int]) -> None:
        """Where the film's keyframes are (`keyframe_times`); its places take unequally long."""
        self._taking.keyframes = keyframes
        self._group()

    def position(self) -> int:
        """Microseconds of the source; at a cut the last kept instant. From any thread."""
        if not self._running:
            return self._at
        t = self._air.position()
        return self._at if t is None else max(0, min(t, self._out - 1))

    def open(self, film: Film) -> None:
        """Stand at the beginning of `film`."""
        self.pause()
        self._film, self._whole, self._at, self._two = film, whole(film), 0, True
        self._proxy, self._spans = None, ()
        self._strain, self._heavy = 0, False
        self._groups, self._reels = [], {}
        self.set_view(self._view)
        self._taking = Taking()
        for deck in (*self._decks, self._track.deck):
            deck.reel = None
        self._air.load(self._whole)

    def cue(self, t: int) -> None:
        """Be ready to start at `t` without delay."""
        if not self._running and self._whole is not None:
            self._at = t
            self._air.load(self._whole)
            self._air.cue(t)

    def start(self, t: int, spans: Ranges) -> None:
        """Play `spans` from `t`, or from the first one after it; at the end of all, end."""
        self._spans = spans
        self._group()
        stretch = self._stretch_from(t)
        if stretch is None:
            self.pause()
            self._on_end(spans[-1].end if spans else t)
            return
        self._rest(self._standby)
        self._mute_track()
        self._publisher.run(self._air.place, spans, stretch.start)
        self._at, self._running = stretch.start, True
        self._air.load(stretch.reel)
        self._air.player.set_muted(self._muted)
        self._air.cue(stretch.start)
        self._air.player.play()
        self._enter(stretch.out)

    def resume(self, spans: Ranges) -> None:
        """Play on from where `pause` left the picture, which lies in `spans`."""
        self._spans = spans
        self._group()
        at = self._publisher.last
        stretch = self._stretch_from(at)
        if stretch is None or stretch.start != at or stretch.reel is not self._air.reel:
            self.start(at, spans)
            return
        self._publisher.run(self._air.place, spans, at)
        self._at, self._running = at, True
        self._air.player.set_muted(self._muted)
        self._air.player.play()
        self._enter(stretch.out)

    def pause(self) -> None:
        """Stand still."""
        self._at = self.position()
        self._running = self._holding = False
        self._worker.drop("turn")
        self._worker.drop("sound")
        self._publisher.stand()
        if self._film is not None:
            self._air.player.pause()
            self._rest(self._standby)
            self._mute_track()

    def replan(self, spans: Ranges) -> None:
        """Play other spans from here on, at once."""
        if spans == self._spans:
            return
        self._spans = spans
        self._group()
        if not self._running or self._air.reel is None:
            return
        self._publisher.allow(spans)
        self._mute_track()
        t = self._air.position()
        if t is None:
            self.start(self._at, spans)
            return
        if self._standby.rolling:
            self._rest(self._standby)
        if find(spans, t) is not None:
            self._air.player.set_muted(self._muted)
            self._enter(self._air.reel.follows(spans, t))
            return
        # Inside what is removed now: here is the out point.
        self._out, self._next, self._holding = t, self._stretch_from(t), False
        self._look()

    def set_sound(self, volume: int, muted: bool) -> None:
        """Loudness, 0 to 100, and whether there is any."""
        self._muted = muted
        for deck in (*self._decks, self._track.deck):
            deck.player.set_volume(volume)
        self._air.player.set_muted(muted or self._holding or self._track.sounding)
        self._track.deck.player.set_muted(muted or not self._track.sounding)

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
        self._mute_track()
        self._group()
        if self._running and not self._holding:
            self._enter(self._out)

    def close(self) -> None:
        """End both players."""
        self._running = False
        for deck in (*self._decks, self._track.deck):
            deck.player.close()

    def _look(self) -> None:
        self._worker.post(self._turn, key="turn")

    def _failed(self, place: int, error: KeeptakeError) -> None:
        self._worker.post(lambda: self._fail(place, error))

    def _fail(self, place: int, error: KeeptakeError) -> None:
        deck = (*self._decks, self._track.deck)[place]
        if deck.reel is not None and deck.reel.is_list:
            self._without_lists(deck)
            return
        if self._two and deck is self._standby:
            self.use_one_player()
            self._look()
            return
        self.pause()
        self._on_error(error)

    def _without_lists(self, deck: Deck) -> None:
        """`deck` cannot play its list: this VLC has no demuxer for them."""
        self._lists = False
        self._rest(deck)
        deck.reel = None
        if deck is self._track.deck:
            self._mute_track()
        elif deck is not self._air:
            self._next = self._stretch_from(self._out)
            self._look()
        elif self._running:
            self.start(self._at, self._spans)

    # What is played by which player

    def _group(self) -> None:
        """Say anew which spans are played together."""
        self._taking.grouped()
        if self._wanted in ("primed", "seek"):
            self._groups = [(span,) for span in self._spans]
            return
        film, taking = self._film, self._taking
        if film is None or not self._spans:
            self._groups = []
            return
        # The place that takes longest counts for all: a list is not left for a moment.
        alone = max(taking.alone(film, span.start) for span in self._spans)
        together = self._heavy or self._wanted == "proxy"
        self._groups = groups(
            self._spans, alone * self._rate, taking.listed() * self._rate, together=together
        )

    def _covered(self, group: Ranges) -> bool:
        proxy = self._proxy if self._two and self._lists else None
        return proxy is not None and all(proxy.covers(span) for span in group)

    def _stretch_from(self, t: int) -> Stretch | None:
        """What is to be played at `t` or after it, and out of what."""
        if self._film is None or self._whole is None:
            return None
        group = next((g for g in self._groups if g[-1].end > t), None)
        if group is None:
            return None
        span = next(s for s in group if s.end > t)
        start = max(t, span.start)
        together = len(group) > 1 or self._wanted == "proxy"
        reel = self._list_of(group) if together and self._covered(group) else None
        if reel is not None:
            return Stretch(reel, start, group[-1].end)
        return Stretch(self._whole, start, span.end)

    def _list_of(self, group: Ranges) -> Reel | None:
        """`group` as a list, with what runs unseen before and after it."""
        assert self._film is not None
        assert self._proxy is not None
        lead = TimeRange(max(0, group[0].start - PREROLL), group[0].start)
        tail = TimeRange(group[-1].end, min(self._film.duration, group[-1].end + POSTROLL))
        spans = merge((lead, *group, tail))
        if spans not in self._reels:
            reel = listed(self._film, self._proxy, spans)
            if reel is None:
                return None
            self._reels = {**dict(list(self._reels.items())[-3:]), spans: reel}
        return self._reels[spans]

    def _enter(self, out: int) -> None:
        """Play on to `out`, and see what comes then."""
        self._out, self._next, self._holding = out, self._stretch_from(out), False
        self._entered_at, self._ending = perf_counter(), False
        self._look()

    def _rest(self, deck: Deck) -> None:
        if deck.rolling:
            deck.player.pause()
        deck.idle()

    # The sound of the whole

    def _follow_sound(self) -> float:
        """Let the sound of what is played come from one stream; seconds until the next look."""
        t = self._air.position()
        if self._next is None or t is None or self._holding:
            return GLANCE
        goes_on = self._heard is not None and self._heard.spans[-1] != self._spans[-1]
        if goes_on and self._track.ends(t):
            self._mute_track()
        if self._heard is None:
            self._heard = self._sound_from(t)
        if self._heard is None:
            return GLANCE
        before = self._track.sounding
        wait = self._track.follow(self._heard, self._air.position)
        if self._track.sounding and not before:
            self._track.deck.player.set_muted(self._muted)
            self._air.player.set_muted(True)
        return wait

    def _sound_from(self, t: int) -> Reel | None:
        """A list of what is heard from `t` on, as far as there is a proxy of it."""
        if not self._two or self._rate != 1.0 or self._wanted == "seek" or not self._lists:
            return None
        if self._film is None or self._proxy is None or not self._film.has_audio:
            return None
        ahead: list[TimeRange] = []
        for span in self._spans:
            if span.end > t and total(ahead) < LONGEST:
                ahead.append(span)
        return listed_sound(self._film, self._proxy, tuple(ahead))

    def _mute_track(self) -> None:
        """Sound comes from the player on air again."""
        if self._track.sounding:
            self._air.player.set_muted(self._muted or self._holding)
        self._track.rest()
        self._track.deck.reel = self._heard = None

    def _until_next(self, left: int) -> int:
        """Microseconds until the next in point is due: by the sound, where it is one stream."""
        if not self._track.sounding or self._next is None:
            return left
        by_sound = self._track.left(self._next.start)
        return left if by_sound is None else by_sound

    # What is due

    def _turn(self) -> None:
        """Look where everything stands, do what is due, and say when to look again."""
        self._learn()
        if not self._running or self._film is None:
            return
        left = self._air.left(self._out)
        if left is None:
            wait = GLANCE
        elif left > CLOSE:
            wait = min(self._follow_sound(), left / self._rate / 1e6)
            wait = min(self._prepare(self._until_next(left)), wait)
        elif self._next is None:
            if self._ending or not self._track.sounding:
                self._finish()
                return
            self._ending, wait = True, TAIL  # what the sound device still holds is heard
        else:
            wait = self._cross(left, self._next)
        self._worker.post(self._turn, key="turn", after=max(0.001, min(wait, GLANCE)))

    def _learn(self) -> None:
        """What this film takes on this machine; known before the first cut, it is gone by there."""
        for deck in self._decks:
            took, reel = deck.took(), deck.reel
            if took is None or reel is None:
                continue
            if reel.is_list:
                self._taking.opened(took)
            else:
                self._taking.cued(took, reel.film, deck.cue_at)
        if self._taking.heavier:
            self._group()
            if self._running and not (self._holding or self._standby.rolling):
                self._next = self._stretch_from(self._out)

    def _finish(self) -> None:
        end = self._out
        self.pause()
        self._on_end(end)

    def _cross(self, left: int, to: Stretch) -> float:
        """At or beyond the out point: get to `to`; returns seconds until the next look."""
        if not self._holding:
            self._holding, self._held_at = True, perf_counter()
            self._sound_at = self._held_at + SOUND_LATER
            self._worker.post(self._hush, key="sound", after=SOUND_LATER)
        if not self._two or self._wanted == "seek":
            self._at = to.start
            # What VLC shows first after a seek may be an earlier picture under this one's time.
            self._publisher.run(self._air.place, self._spans, to.start)
            self._air.player.set_muted(self._muted)
            self._air.cue(to.start)
            self._air.player.play()
            self._enter(to.out)
            return GLANCE
        there = self._standby.position() if self._standby.rolling else None
        if there is not None and there >= to.start - CLOSE:
            self._change_places(to, late=-left)
        elif self._ran_on_to(to.start):
            self._note(to, -left)
            self._air.player.set_muted(self._muted)
            self._enter(to.out)
        elif to.reel.is_list and perf_counter() - self._held_at > PATIENCE:
            self._without_lists(self._standby)
        else:
            self._prepare(left)
        return HURRY

    def _ran_on_to(self, start: int) -> bool:
        """Whether the player on air has arrived there by itself."""
        assert self._next is not None
        t = self._air.position()
        return self._next.reel is self._air.reel is self._whole and t is not None and t >= start

    def _note(self, to: Stretch, late: int) -> None:
        """Notice a film that is too heavy to be played twice at a time."""
        assert self._film is not None
        needed = self._taking.alone(self._film, to.start) * self._rate
        if perf_counter() - self._entered_at < needed / 1e6:
            return  # there was no time, whatever the film
        self._strain = max(0, self._strain + (1 if late > LATE else -1))
        if self._strain >= STRAINED and not self._heavy:
            self._heavy = True
            self._group()

    def _change_places(self, to: Stretch, late: int) -> None:
        old, new = self._air, self._standby
        self._publisher.switch(new.place)
        new.idle()
        old.idle()
        self._air, self._standby = new, old
        self._note(to, late)
        self._enter(to.out)
        self._worker.post(self._swap_sound, key="sound", after=self._sound_at - perf_counter())

    def _swap_sound(self) -> None:
        """The sound follows the picture to the player on air."""
        self._air.player.set_muted(self._muted or self._track.sounding)
        self._standby.player.set_muted(True)
        self._standby.player.pause()

    def _hush(self) -> None:
        """No sound while a frame is held."""
        if self._holding:
            self._air.player.set_muted(True)

    def _prepare(self, remaining: int) -> float:
        """Prime or start the standby as is due; returns seconds until the next look.

        remaining: microseconds until the out point, in the time of the player on air.
        """
        to, deck = self._next, self._standby
        if to is None or not self._two or self._wanted == "seek":
            return GLANCE
        left = remaining / self._rate
        if (sounding := self._sound_at - perf_counter()) > 0:
            return sounding
        if deck.cued_for != to:
            self._prime(deck, to, left)
        if deck.rolling or not deck.player.ready:
            return GLANCE
        film, start = to.reel.film, to.reel.to_player(to.start)
        need = self._wall(start - deck.cue_at) + deck.player.latency
        need += min(EARLY, (film.next_pts(film.frame_index(start)) - start) / 2 / self._rate)
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

    def _prime(self, deck: Deck, to: Stretch, left: float) -> None:
        preroll = PREROLL if self._rate == 1.0 else EVEN + SETTLING / min(1.0, self._rate)
        film, start = to.reel.film, to.reel.to_player(to.start)
        # A stretch too short for all of it gets what is left after priming.
        if to.reel.is_list:
            taking = self._taking.opening
        else:
            taking = self._taking.priming(film, start - PREROLL)
        room = self._media(max(SHORTEST_PREROLL, min(preroll, left - taking)))
        self._rest(deck)
        deck.load(to.reel)
        deck.cued_for = to
        deck.player.set_muted(True)
        deck.cue_player(film.frame_pts(max(0, start - room)))
