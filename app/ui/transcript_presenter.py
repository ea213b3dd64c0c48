"""Shows the document, the choice and the playhead in the transcript, and brings its gestures on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from app.core.edits import (
    CorrectWord,
    MergeParagraph,
    MergeSpeakers,
    Recolour,
    Rename,
    SplitParagraph,
    StrikeSpans,
)
from app.core.speakers import speaker_key
from app.core.timerange import TimeRange
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
        self._playback = playback
        self._selection = selection
        transcript.seek_requested.connect(playback.seek)
        transcript.play_wanted.connect(self._play)
        transcript.selection_changed.connect(selection.choose_words)
        transcript.follow_broken.connect(lambda: run("follow_playhead", False))
        transcript.follow_asked.connect(lambda on: run("follow_playhead", on))
        transcript.removed_clicked.connect(self._hear)
        transcript.strike_wanted.connect(lambda: run("remove_selection"))
        transcript.restore_wanted.connect(lambda: run("restore_selection"))
        self._listen_to_edits(transcript, review)

    @staticmethod
    def _listen_to_edits(pane: TranscriptPanel, review: ReviewState) -> None:
        do = review.do
        pane.word_corrected.connect(lambda index, text: do(CorrectWord(index, text)))
        pane.found_struck.connect(lambda spans: do(StrikeSpans(spans)))
        pane.paragraph_split.connect(lambda word: do(SplitParagraph(word)))
        pane.paragraph_merged.connect(lambda word: do(MergeParagraph(word)))
        pane.speaker_renamed.connect(lambda n, name: do(Rename(speaker_key(n), name)))
        pane.speakers_merged.connect(lambda some, into: do(MergeSpeakers(some, into)))
        pane.speaker_recoloured.connect(lambda n, colour: do(Recolour(speaker_key(n), colour)))

    def _play(self) -> None:
        if not self._playback.playing:
            self._playback.toggle()

    def _hear(self, removed: TimeRange) -> None:
        """A removed word was clicked: what is removed there is played, whatever the preview."""
        if self._playback.playing:
            self._playback.seek(removed.start)
        else:
            self._playback.play_range(removed, through_removed=True)

    def table(self) -> dict[str, Callable[[], None]]:
        """Action id -> what it calls."""
        pane, text = self._pane, self._pane.text
        return {
            "copy": lambda: text.do("copy"),
            "copy_timecodes": lambda: text.do("copy_timecodes"),
            "split_paragraph": pane.split,
            "merge_paragraph": pane.merge,
            "strike_found": pane.strike_found,
        }

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
