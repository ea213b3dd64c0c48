"""What the Moments menu does to the document and the player: pick, go on, play, loop, make."""

from __future__ import annotations

from collections.abc import Callable

from app.core.moment_checks import kept_in
from app.core.moment_edits import AddMoment, DecideMoments, MoveMoment, RemoveMoments, RenameMoment
from app.core.moments import Pick, PlacedMoment
from app.core.placed_moments import placed_moments
from app.core.timerange import SECOND, Ranges, TimeRange
from app.state.playback_state import PlaybackState
from app.state.review_state import ReviewState
from app.state.selection_state import SelectionState

NEAR_END = SECOND // 5
"""Playing that ends by itself ends this near to the moment's end, if it was the moment's."""


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
        self._queue: tuple[str, ...] = ()
        self._span = TimeRange(0, 0)
        self._through = True
        playback.changed.connect(self._played)
        # Another film's own moments have the same keys.
        review.loaded.connect(self._forget)

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

    def play(self, key: str) -> None:
        """Play one moment, and again and again where Loop is on."""
        if self.moment(key) is not None:
            self._play((key,))

    def play_picked(self) -> None:
        """Play the picked moments one after the other, in the list's order."""
        self._play(tuple(m.key for m in self.picked))

    def _play(self, queue: tuple[str, ...]) -> None:
        known = {m.key: m for m in self.all}
        queue = tuple(k for k in queue if k in known and self._kept(known[k].span))
        self._queue = queue if self._playback.is_open else ()
        if not self._queue:
            return
        self._span = known[queue[0]].span
        if queue[0] not in self._selection.moments:
            self._selection.choose_moment(queue[0])
        # With Preview Cut on, what is removed is left out here as it is everywhere.
        self._through = not self._playback.preview
        self._playback.play_range(self._span, through_removed=self._through)

    def _played(self) -> None:
        """Playing stopped: at the moment's own end the next one follows."""
        if not self._queue or self._playback.playing:
            return
        queue, self._queue = self._queue, ()
        kept = (self._span,) if self._through else self._kept(self._span)
        end = kept[-1].end if kept else self._span.end
        # An end elsewhere is not the moment's: the person had gone there meanwhile.
        if (
            not self._playback.stopped
            and end - NEAR_END <= self._playback.position <= self._span.end
        ):
            self._play((*queue[1:], queue[0]) if self._playback.loop else queue[1:])

    def _kept(self, span: TimeRange) -> Ranges:
        review = self._review.review
        if review is None or not self._playback.preview:
            return (span,)
        return kept_in(review, span)

    def _forget(self) -> None:
        self._queue = ()

    def _in_order(self, keys: tuple[str, ...]) -> tuple[PlacedMoment, ...]:
        known = {m.key: m for m in self.all}
        place = {key: n for n, key in enumerate(self.order())}
        chosen = sorted((k for k in keys if k in known), key=lambda k: place.get(k, len(place)))
        return tuple(known[k] for k in chosen)
