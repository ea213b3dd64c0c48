"""What the Moments menu does to the document and the player: pick, go on, play, loop, make."""

from __future__ import annotations

from collections.abc import Callable

from app.core.moment_checks import kept_in
from app.core.moment_edits import AddMoment, DecideMoments, MoveMoment, RemoveMoments, RenameMoment
from app.core.moments import Pick, PlacedMoment
from app.core.placed_moments import placed_moments
from app.core.timerange import SECOND, TimeRange
from app.state.playback_state import PlaybackState
from app.state.review_state import ReviewState
from app.state.selection_state import SelectionState

NEAR_END = SECOND // 5
"""Playing that stopped this near to a moment's end was not stopped by the person."""


class MomentCommands:
    """The chosen moments and what is done with them.

    order: keys as the list shows them now; what comes "next" comes next there.
    """

    def __init__(
        self, review: ReviewState, playback: PlaybackState, selection: SelectionState
    ) -> None:
        self._review = review
        self._playback = playback
        self._selection = selection
        self.order: Callable[[], tuple[str, ...]] = tuple
        self.loop = False
        self._queue: tuple[str, ...] = ()
        self._running = False
        playback.changed.connect(self._played)

    def table(self) -> dict[str, Callable[[], None]]:
        """Action id -> what it calls."""
        return {
            "pick_moment": lambda: self.decide_chosen(Pick.PICKED),
            "reject_moment": lambda: self.decide_chosen(Pick.REJECTED),
            "clear_moment": lambda: self.decide_chosen(Pick.UNDECIDED),
            "play_moment": lambda: self.play(self._selection.moment),
            "play_picked": self.play_picked,
            "new_moment": self.new,
            "put_back_moment": lambda: self.put_back(self._selection.moments),
            "remove_moment": lambda: self.remove(self._selection.moments),
        }

    @property
    def all(self) -> tuple[PlacedMoment, ...]:
        """Every moment there is."""
        review = self._review.review
        return placed_moments(review) if review else ()

    def moment(self, key: str) -> PlacedMoment | None:
        """The moment of that key, or None."""
        return next((m for m in self.all if m.key == key), None)

    @property
    def current(self) -> PlacedMoment | None:
        """The chosen moment, or None."""
        return self.moment(self._selection.moment)

    @property
    def picked(self) -> tuple[PlacedMoment, ...]:
        """The picked moments, in the list's order."""
        return self._in_order(tuple(m.key for m in self.all if m.pick is Pick.PICKED))

    @property
    def to_render(self) -> tuple[PlacedMoment, ...]:
        """What Render Selected… is about: several chosen ones, else the picked, else the chosen."""
        if len(self._selection.moments) > 1:
            return self._in_order(self._selection.moments)
        return self.picked or self._in_order(self._selection.moments)

    def choose(self, key: str, among: tuple[str, ...] = ()) -> None:
        """Make it the current one and go to where it begins."""
        self._selection.choose_moment(key, among)
        if (moment := self.moment(key)) is not None and not self._playback.playing:
            self._playback.seek(moment.span.start)

    def decide(self, keys: tuple[str, ...], pick: Pick) -> None:
        """One undo step for any number of moments."""
        self._review.do(DecideMoments(keys, pick))

    def decide_chosen(self, pick: Pick) -> None:
        """Decide what is chosen, then go on to the next one below it."""
        chosen = self._selection.moments
        if not chosen:
            return
        order = list(self.order())
        places = [order.index(k) for k in chosen if k in order]
        following = order[max(places) + 1] if places and max(places) + 1 < len(order) else ""
        self.decide(chosen, pick)
        if following:
            playing = bool(self._queue) and self._playback.playing
            self.choose(following)
            if playing:
                self.play(following)

    def move(self, key: str, span: TimeRange) -> None:
        """The person dragged an edge; one undo step."""
        self._review.do(MoveMoment(key, span))

    def put_back(self, keys: tuple[str, ...]) -> None:
        """The service's own edges again."""
        for key in keys:
            self._review.do(MoveMoment(key, None))

    def remove(self, keys: tuple[str, ...]) -> None:
        """Take back moments the person made."""
        self._review.do(RemoveMoments(keys))

    def rename(self, key: str, title: str) -> None:
        """Another title; "" for the service's own."""
        self._review.do(RenameMoment(key, title))

    def new(self) -> None:
        """A moment from the selected words, else the marks."""
        span = self._selection.span
        if span is None or not span.duration:
            return
        before = {m.key for m in self.all}
        self._review.do(AddMoment(span))
        made = [m.key for m in self.all if m.key not in before]
        if made:
            self._selection.choose_moment(made[0])

    # Playing

    def set_loop(self, on: bool) -> None:
        """Play moments again and again, or once."""
        self.loop = on

    def play(self, key: str) -> None:
        """Play one moment, and again and again where Loop is on."""
        if self.moment(key) is not None:
            self._play((key,))

    def play_picked(self) -> None:
        """Play the picked moments one after the other, in the list's order."""
        self._play(tuple(m.key for m in self.picked))

    def _play(self, queue: tuple[str, ...]) -> None:
        self._queue = queue
        moment = self.moment(queue[0]) if queue else None
        if moment is None:
            self._queue = ()
            return
        self._selection.choose_moment(moment.key)
        self._running = False
        # With Preview Cut on, what is removed is left out here as it is everywhere.
        self._playback.play_range(moment.span, through_removed=not self._playback.preview)

    def _played(self) -> None:
        """Playing began or stopped: at the moment's own end the next one follows."""
        if not self._queue:
            return
        if self._playback.playing:
            self._running = True
            return
        if not self._running:
            return
        moment, self._running = self.moment(self._queue[0]), False
        ended = moment is not None and self._playback.position >= self._end(moment) - NEAR_END
        if not ended:
            self._queue = ()
        elif len(self._queue) > 1:
            rest = self._queue[1:]
            self._play((*rest, self._queue[0]) if self.loop else rest)
        elif self.loop:
            self._play(self._queue)
        else:
            self._queue = ()

    def _end(self, moment: PlacedMoment) -> int:
        review = self._review.review
        if review is None or not self._playback.preview:
            return moment.span.end
        kept = kept_in(review, moment.span)
        return kept[-1].end if kept else moment.span.end

    def _in_order(self, keys: tuple[str, ...]) -> tuple[PlacedMoment, ...]:
        known = {m.key: m for m in self.all}
        place = {key: n for n, key in enumerate(self.order())}
        chosen = sorted((k for k in keys if k in known), key=lambda k: place.get(k, len(place)))
        return tuple(known[k] for k in chosen)
