"""Shows the document, the choice and the playhead on the timeline, and brings its gestures on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from app.state.playback_state import PlaybackState
from app.state.review_state import ReviewState
from app.state.selection_state import SelectionState
from app.ui.edit_commands import EditCommands
from app.ui.timeline_view import TimelineView

Run = Callable[..., None]
"""`Commands.run`: an action's id, and whether a switch goes on."""


class TimelinePresenter(QObject):
    """The timeline's part of every broadcast."""

    def __init__(
        self,
        timeline: TimelineView,
        review: ReviewState,
        playback: PlaybackState,
        selection: SelectionState,
        edits: EditCommands,
        run: Run,
    ) -> None:
        super().__init__()
        self._pane = timeline
        self._review = review
        self._playback = playback
        self._selection = selection
        self._resume_after_scrub = False
        timeline.seek_requested.connect(playback.seek)
        timeline.scrub_started.connect(self._scrub_started)
        timeline.scrub_ended.connect(self._scrub_ended)
        timeline.step_requested.connect(playback.step)
        timeline.selection_made.connect(selection.choose_words)
        timeline.edge_moved.connect(edits.move_edges)
        timeline.proposal_clicked.connect(selection.choose_proposal)
        timeline.follow_broken.connect(lambda: run("follow_playhead", False))

    def show_film(self) -> None:
        """Another film: the whole of it."""
        self._pane.fit()

    def show_document(self) -> None:
        """The review is another version."""
        self._pane.show_review(self._review.review)

    def show_selection(self) -> None:
        """Another stretch, mark or proposal is chosen."""
        chosen = self._selection
        self._pane.set_selection(chosen.words)
        self._pane.set_marks(chosen.mark_in, chosen.mark_out)
        self._pane.set_chosen(chosen.proposal)

    def show_position(self, t: int) -> None:
        """The playhead moved."""
        self._pane.set_playhead(t)

    def _scrub_started(self) -> None:
        self._resume_after_scrub = self._playback.playing
        self._playback.pause()

    def _scrub_ended(self) -> None:
        if self._resume_after_scrub:
            self._playback.toggle()
