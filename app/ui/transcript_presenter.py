"""Shows the document, the choice and the playhead in the transcript, and brings its gestures on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from app.state.playback_state import PlaybackState
from app.state.review_state import ReviewState
from app.state.selection_state import SelectionState
from app.ui.transcript_panel import TranscriptPanel

Run = Callable[..., None]
"""`Commands.run`: an action's id, and whether a switch goes on."""


class TranscriptPresenter(QObject):
    """The transcript's part of every broadcast."""

    def __init__(
        self,
        transcript: TranscriptPanel,
        review: ReviewState,
        playback: PlaybackState,
        selection: SelectionState,
        run: Run,
    ) -> None:
        super().__init__()
        self._pane = transcript
        self._review = review
        self._selection = selection
        transcript.seek_requested.connect(playback.seek)
        transcript.selection_changed.connect(selection.choose_words)
        transcript.follow_broken.connect(lambda: run("follow_playhead", False))
        transcript.follow_asked.connect(lambda on: run("follow_playhead", on))

    def show_document(self) -> None:
        """The review is another version."""
        self._pane.show_review(self._review.review)

    def show_selection(self) -> None:
        """Another stretch is chosen."""
        if self._pane.selection != self._selection.words:
            self._pane.select_span(self._selection.words)

    def show_position(self, t: int) -> None:
        """The playhead moved."""
        self._pane.set_playhead(t)
