"""Shows the document, the choice and the playhead on the timeline, and brings its gestures on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from app.core.edits import MoveEdges, MoveMarker
from app.core.timerange import TimeRange
from app.services.settings import SettingsFile
from app.state.film_state import FilmState
from app.state.playback_state import PlaybackState
from app.state.review_state import ReviewState
from app.state.selection_state import SelectionState
from app.state.strips_state import StripsState
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
        timeline.edge_put_back.connect(self._put_back)
        timeline.proposal_clicked.connect(selection.choose_proposal)
        timeline.marker_clicked.connect(self._to_marker)
        timeline.marker_moved.connect(self._move_marker)
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

    def _put_back(self, span_id: str) -> None:
        """A proposal or strike as it was before its edges were dragged; one undo step."""
        review = self._review.review
        if review is not None and span_id in review.decisions.edges:
            self._review.do(MoveEdges(span_id, None))

    def _to_marker(self, key: str) -> None:
        review = self._review.review
        for marker in review.decisions.markers if review else ():
            if marker.key == key:
                self._playback.seek(marker.range.start)

    def _move_marker(self, key: str, span: object) -> None:
        if isinstance(span, TimeRange):
            self._review.do(MoveMarker(key, span))

    def _scrub_started(self) -> None:
        self._resume_after_scrub = self._playback.playing
        self._playback.pause()

    def _scrub_ended(self) -> None:
        if self._resume_after_scrub:
            self._playback.toggle()


class TimelineKept(QObject):
    """What the timeline shows of the film beside the document, and what it keeps of its lanes."""

    def __init__(
        self, timeline: TimelineView, film: FilmState, strips: StripsState, settings: SettingsFile
    ) -> None:
        super().__init__(timeline)
        self._pane = timeline
        self._film = film
        self._strips = strips
        timeline.restore_lanes(settings.current.timeline_lanes)
        timeline.arranged.connect(lambda: settings.update(timeline_lanes=timeline.lanes_state))
        film.changed.connect(self.show_film)
        strips.waveform_changed.connect(timeline.strips_changed)
        strips.thumbnail_made.connect(lambda _t, _still: timeline.strips_changed())
        self.show_film()

    def show_film(self) -> None:
        """Lanes for what the film has."""
        opened = self._film.opened
        picture = opened is not None and opened.probe.video is not None
        sound = opened is not None and opened.review.evidence.footage.has_audio
        self._pane.set_strips(self._strips, thumbs=picture, sound=sound)
