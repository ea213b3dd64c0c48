"""Gestures on the cut as edits: strike, restore, split, marks, proposals; edges of moments too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from app.core.edits import (
    AcceptAll,
    Decide,
    Edit,
    MoveEdges,
    Restore,
    Split,
    Strike,
    can_split,
)
from app.core.late import late
from app.core.memo import by_identity
from app.core.moment_edits import MoveMoment
from app.core.placed_moments import placed_moments
from app.core.proposals import Proposal, strike_spans
from app.core.review import Verdict
from app.core.timerange import TimeRange
from app.state.playback_state import PlaybackState
from app.state.review_state import ReviewState
from app.state.selection_state import SelectionState

if TYPE_CHECKING:
    from app.media import frame_index
else:
    frame_index = late("app.media.frame_index")


class EditCommands:
    """What the Edit and Retakes menus do to the document."""

    def __init__(
        self, review: ReviewState, playback: PlaybackState, selection: SelectionState
    ) -> None:
        self._review = review
        self._playback = playback
        self._selection = selection
        self.among: Callable[[], tuple[str, ...]] = tuple
        """Ids that are selected together in the list; A and R decide them all at once."""

    def table(self) -> dict[str, Callable[[], None]]:
        """Action id -> what it calls."""
        nudge = self._nudge
        return {
            "undo": self._review.undo,
            "redo": self._review.redo,
            "remove_selection": lambda: self._on_span(Strike),
            "restore_selection": lambda: self._on_span(Restore),
            "split": self.split,
            "mark_in": lambda: self._selection.mark(
                self._playback.position, self._selection.mark_out
            ),
            "mark_out": lambda: self._selection.mark(
                self._selection.mark_in, self._playback.position
            ),
            "clear_marks": lambda: self._selection.mark(None, None),
            "next_proposal": lambda: self.go(1),
            "previous_proposal": lambda: self.go(-1),
            "accept_proposal": lambda: self.decide_current(Verdict.ACCEPTED),
            "restore_proposal": lambda: self.decide_current(Verdict.RESTORED),
            "accept_all": lambda: self._review.do(AcceptAll()),
            "start_to_playhead": lambda: self._move(start=self._playback.position),
            "end_to_playhead": lambda: self._move(end=self._playback.position),
            "nudge_start": lambda: nudge(-1, 0),
            "nudge_end": lambda: nudge(0, 1),
            "nudge_start_10": lambda: nudge(-10, 0),
            "nudge_end_10": lambda: nudge(0, 10),
        }

    @property
    def current(self) -> Proposal | None:
        """The chosen proposal, or None."""
        return _by_id(self._review.proposals).get(self._selection.proposal)

    @property
    def span(self) -> tuple[str, TimeRange] | None:
        """Id and range of the chosen proposal, strike or moment, or None."""
        if current := self.current:
            return current.id, current.range
        review = self._review.review
        if review is not None and (key := self._selection.moment):
            return next(((m.key, m.span) for m in placed_moments(review) if m.key == key), None)
        if review is None or not self._selection.proposal:
            return None
        strikes = strike_spans(review)
        return next(((s.id, s.range) for s in strikes if s.id == self._selection.proposal), None)

    @property
    def can_split(self) -> bool:
        """Whether Split at Playhead divides something here."""
        review, at = self._review.review, self._playback.position
        if review is None:
            return False
        return can_split(review, at)

    def split(self) -> None:
        """Divide the proposal or strike under the playhead."""
        if self.can_split:
            self._review.do(Split(self._playback.position))

    def decide(self, ids: tuple[str, ...], verdict: Verdict) -> None:
        """One undo step for any number of proposals."""
        self._review.do(Decide(ids, verdict))

    def decide_current(self, verdict: Verdict) -> None:
        """Decide the chosen proposal, then go on to the next undecided one."""
        if current := self.current:
            among = self.among()
            ids = among if current.id in among else (current.id,)
            self._review.do(Decide(ids, verdict))
            later = [p for p in self._review.undecided if p.range.start >= current.range.start]
            following = later or list(self._review.undecided)
            if following:
                self.choose(following[0].id)

    def go(self, direction: int) -> None:
        """To the next (1) or previous (-1) proposal; round at the ends."""
        rows = self._review.proposals
        if not rows:
            return
        ids = [p.id for p in rows]
        if self._selection.proposal in ids:
            at = ids.index(self._selection.proposal) + direction
        else:
            here = self._playback.position
            ahead = [i for i, p in enumerate(rows) if p.range.start >= here]
            at = (ahead[0] if ahead else 0) if direction > 0 else (ahead[0] if ahead else 0) - 1
        self.choose(ids[at % len(ids)])

    def choose(self, proposal: str) -> None:
        """Make it the current one and go to where it begins."""
        self._selection.choose_proposal(proposal)
        if span := self.span:
            self._playback.seek(span[1].start)

    def move_edges(self, span_id: str, span: TimeRange) -> None:
        """The person moved an edge of a proposal, strike or moment; one undo step."""
        chosen_moment = span_id == self._selection.moment
        self._review.do(MoveMoment(span_id, span) if chosen_moment else MoveEdges(span_id, span))

    def _on_span(self, edit: Callable[[TimeRange], Edit]) -> None:
        if (span := self._selection.span) and span.duration:
            self._review.do(edit(span))

    def _move(self, start: int | None = None, end: int | None = None) -> None:
        if span := self.span:
            first = span[1].start if start is None else start
            last = span[1].end if end is None else end
            if first < last:
                self.move_edges(span[0], TimeRange(first, last))

    def _nudge(self, start_frames: int, end_frames: int) -> None:
        review = self._review.review
        span = self.span
        if review is None or span is None:
            return
        times, duration = review.evidence.footage.frame_times, review.evidence.footage.duration

        def moved(t: int, frames: int) -> int:
            if not frames:
                return t
            if not times:
                return max(0, t + frames * 10_000)
            # A service's edge may lie between two frames; it counts as on the nearer one.
            at = frame_index.nearest_frame(times, t) + frames
            # Before the first frame lies the film's begin, after the last one its end.
            return 0 if at < 0 else times[at] if at < len(times) else duration

        self._move(moved(span[1].start, start_frames), moved(span[1].end, end_frames))


@by_identity(2)
def _by_id(proposals: tuple[Proposal, ...]) -> Mapping[str, Proposal]:
    return {p.id: p for p in proposals}
