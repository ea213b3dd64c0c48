"""Shows the states in the panes and brings the panes' gestures to the commands."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.core.edits import MergePeople, Rename
from app.core.errors import KeeptakeError
from app.core.people import Person, people
from app.core.review import Verdict
from app.services.jobs import Job, JobState
from app.state.analysis_state import AnalysisState
from app.state.film_state import FilmState
from app.state.here_renders import HereRenders
from app.state.jobs_state import JobsState
from app.state.pictures_state import PicturesState
from app.state.playback_state import PlaybackState
from app.state.review_state import ReviewState
from app.state.selection_state import SelectionState
from app.state.shorts_state import ShortsState
from app.state.tasks import Tasks
from app.ui import notices
from app.ui.actions import Actions
from app.ui.commands import Commands, situation
from app.ui.edit_commands import EditCommands
from app.ui.images import image_of
from app.ui.jobs_panel import JobRow
from app.ui.main_window import MainWindow
from app.ui.moment_commands import MomentCommands
from app.ui.playback_commands import PlaybackCommands

if TYPE_CHECKING:
    from app.ui.file_stories import FileStories


class Presenter(QObject):
    """One broadcast of a state, one refresh here; one gesture of a pane, one call here."""

    def __init__(
        self,
        window: MainWindow,
        actions: Actions,
        review: ReviewState,
        playback: PlaybackState,
        selection: SelectionState,
        jobs: JobsState,
        film: FilmState,
        analysis: AnalysisState,
        edits: EditCommands,
        plays: PlaybackCommands,
        tasks: Tasks,
        files: FileStories,
        commands: Commands,
        moments: MomentCommands,
        shorts: ShortsState,
        here: HereRenders,
    ) -> None:
        super().__init__()
        self._window = window
        self._panes = window.panes
        self._actions = actions
        self._review = review
        self._playback = playback
        self._selection = selection
        self._jobs = jobs
        self._film = film
        self._analysis = analysis
        self._edits = edits
        self._plays = plays
        self._tasks = tasks
        self._files = files
        self._commands = commands
        self._moments = moments
        self._shorts = shorts
        self._here = here
        self._resume_after_scrub = False
        self._pictures = PicturesState()
        self._picturing: asyncio.Task[None] | None = None
        self._pictures.scene_made.connect(
            lambda index, still: self._panes.scenes.set_thumbnail(index, image_of(still))
        )
        self._pictures.face_made.connect(
            lambda key, still: self._panes.people.set_portrait(key, image_of(still))
        )
        self._listen_to_states()
        self._listen_to_panes()
        self._listen_to_lists()
        self.show_document()
        self.show_jobs()

    # States to panes

    def _listen_to_states(self) -> None:
        self._review.changed.connect(self.show_document)
        self._film.changed.connect(self.show_film)
        self._film.notice.connect(self._show_notice)
        self._selection.changed.connect(self.show_selection)
        self._jobs.changed.connect(self.show_jobs)
        self._analysis.arrived.connect(self._arrived)
        self._shorts.changed.connect(self.show_situation)
        self._playback.frame_changed.connect(
            lambda: self._panes.video.show_frame(self._playback.frame)
        )
        self._playback.position_changed.connect(self.show_position)
        self._playback.changed.connect(self.show_playback)
        self._playback.failed.connect(self._failed)

    def show_film(self) -> None:
        """Another film, or none."""
        opened = self._film.opened
        self._window.show_welcome(opened is None)
        self._window.show_title(opened.project.video.name if opened else "")
        self._panes.scenes.forget_thumbnails()
        self._panes.video.set_chosen_person("")
        if opened:
            video = opened.probe.video
            self._panes.transport.show_film(opened.probe.duration, video.fps if video else None)
            self._panes.video.set_film((video.width, video.height) if video else None)
            heard = "" if opened.probe.audio else "This video has no sound."
            self._panes.video.set_message("" if video else "Sound alone: there is no picture.")
            if heard:
                self._window.notice.show_message(heard)
            self._panes.timeline.fit()
        self._make_pictures()

    def show_document(self) -> None:
        """The review is another version."""
        review, cut = self._review.review, self._review.cut
        panes = self._panes
        panes.video.show_review(review)
        panes.transcript.show_review(review)
        panes.timeline.show_review(review)
        panes.status.show_cut(cut)
        panes.retakes.show_proposals(self._review.proposals, self._selection.proposal or None)
        self._window.show_undecided(len(self._review.undecided))
        if review is not None and cut is not None:
            panes.people.show_people(people(review), review.evidence.footage.duration)
            panes.scenes.show_scenes(review.evidence.scenes)
            panes.retakes.set_padding(review.decisions.padding)
            self._playback.set_cut(cut.keep)
        else:
            panes.people.show_people((), 0)
            panes.scenes.show_scenes(None)
        self._explain_empty()
        self.show_situation()

    def _explain_empty(self) -> None:
        review = self._review.review
        if review is None or review.evidence.retakes is None:
            return
        if not self._review.proposals:
            self._panes.retakes.show_empty_reason(
                "No retakes", "The analysis found no take that is said again."
            )

    def show_selection(self) -> None:
        """Another stretch, mark or proposal is chosen."""
        chosen = self._selection
        self._panes.timeline.set_selection(chosen.words)
        self._panes.timeline.set_marks(chosen.mark_in, chosen.mark_out)
        self._panes.timeline.set_chosen(chosen.proposal)
        if self._panes.transcript.selection != chosen.words:
            self._panes.transcript.select_span(chosen.words)
        self._panes.retakes.show_proposals(self._review.proposals, chosen.proposal or None)
        self.show_situation()

    def show_position(self, t: int) -> None:
        """The playhead moved."""
        self._panes.timeline.set_playhead(t)
        self._panes.transcript.set_playhead(t)
        self._panes.transport.show_position(t)
        review = self._review.review
        if review is not None and review.evidence.scenes is not None:
            self._panes.scenes.show_current(review.evidence.scenes.index_at(t))
        if not self._playback.playing:
            self.show_situation()

    def show_playback(self) -> None:
        """Playing, speed, preview or sound are different."""
        now = self._playback
        self._panes.transport.show_state(now.playing, now.rate, now.muted)
        self._panes.transport.show_volume(self._plays.volume)
        self._actions.set_checked("preview_cut", now.preview)
        self._actions.set_checked("mute", now.muted)
        self._actions.set_checked("loop_moment", now.loop)
        self._panes.status.show_preview(now.technique if now.preview else "")
        self.show_situation()

    def show_jobs(self) -> None:
        """The rows of the Jobs panel and the one in the status bar."""
        rows = [_row(job) for job in self._jobs.jobs]
        self._panes.jobs.show_jobs(rows[::-1])
        running = [j for j in self._jobs.running if j.state is JobState.RUNNING]
        if running:
            first = running[0]
            said = f"{first.name}, {first.stage}" if first.stage else first.name
            self._panes.status.show_job(said, first.fraction, len(self._jobs.running) - 1)
        else:
            self._panes.status.show_job("")
        self.show_situation()

    def show_service(self, name: str) -> None:
        """Who answers unless the person chooses another."""
        self._panes.status.show_service(name)

    def show_situation(self) -> None:
        """Enable what can be done now."""
        self._actions.update(
            situation(
                self._review, self._playback, self._selection, self._jobs, self._edits,
                self._moments, self._shorts, full_screen=self._window.isFullScreen(),
            )
        )  # fmt: skip

    def _make_pictures(self) -> None:
        """Scene frames and faces anew, for what is there now."""
        if self._picturing:
            self._picturing.cancel()
        opened, review = self._film.opened, self._review.review
        if opened and review:
            story = self._pictures.make(opened.project.video, review)
            self._picturing = self._tasks.spawn(story)

    def _arrived(self, kind: str) -> None:
        if kind == "vision":
            self._make_pictures()
        if kind == "retakes" and self._review.undecided:
            self._window.show_panel("Retakes")

    def _failed(self, error: object) -> None:
        if isinstance(error, KeeptakeError):
            self._window.notice.show_error(error)

    def _show_notice(self, sentence: str) -> None:
        self._window.notice.show_message(sentence)

    # Panes to commands

    def _listen_to_panes(self) -> None:
        run = self._commands.run
        panes, playback = self._panes, self._playback
        self._window.file_dropped.connect(self._open)
        self._window.notice.details_wanted.connect(
            lambda said: self._tasks.spawn(notices.show_text(self._window, "Details", said))
        )
        panes.video.file_dropped.connect(self._open)
        panes.video.clicked.connect(lambda: run("play"))
        panes.video.person_clicked.connect(self._clicked_person)
        panes.video.view_resized.connect(playback.set_view)
        panes.video.double_clicked.connect(lambda: self._actions.action("full_screen").trigger())
        # Esc leaves the full screen as soon as it is one; nothing else tells of it.
        self._actions.triggered.connect(lambda *_: self.show_situation())
        panes.transport.rate_chosen.connect(playback.set_rate)
        panes.transport.volume_chosen.connect(self._plays.set_volume)
        panes.timeline.seek_requested.connect(playback.seek)
        panes.timeline.scrub_started.connect(self._scrub_started)
        panes.timeline.scrub_ended.connect(self._scrub_ended)
        panes.timeline.step_requested.connect(playback.step)
        panes.timeline.selection_made.connect(self._selection.choose_words)
        panes.timeline.edge_moved.connect(self._edits.move_edges)
        panes.timeline.proposal_clicked.connect(self._selection.choose_proposal)
        panes.timeline.follow_broken.connect(lambda: run("follow_playhead", False))
        panes.transcript.seek_requested.connect(playback.seek)
        panes.transcript.selection_changed.connect(self._selection.choose_words)
        panes.transcript.follow_broken.connect(lambda: run("follow_playhead", False))
        panes.transcript.follow_asked.connect(lambda on: run("follow_playhead", on))
        self._actions.recent_chosen.connect(self._open)
        panes.welcome.open_wanted.connect(lambda: run("open_video"))
        panes.welcome.sample_wanted.connect(lambda: run("open_sample"))
        panes.welcome.key_wanted.connect(lambda: run("settings"))
        panes.welcome.recent_chosen.connect(self._open)

    def _listen_to_lists(self) -> None:
        run = self._commands.run
        panes = self._panes
        panes.retakes.decide.connect(self._decide)
        panes.retakes.accept_all.connect(lambda: run("accept_all"))
        panes.retakes.play_removed.connect(lambda p: self._plays.play_range_of(p, around=False))
        panes.retakes.play_around.connect(lambda p: self._plays.play_range_of(p, around=True))
        panes.retakes.selected.connect(self._edits.choose)
        panes.retakes.activated.connect(lambda p: self._plays.play_range_of(p, around=True))
        panes.people.rename.connect(lambda key, name: self._review.do(Rename(key, name)))
        panes.people.merge.connect(lambda keys, into: self._review.do(MergePeople(keys, into)))
        panes.people.activated.connect(self._to_person)
        panes.people.selected.connect(panes.video.set_chosen_person)
        panes.scenes.seek.connect(self._playback.seek)
        panes.jobs.cancel.connect(lambda row: self._with_job(row, self._cancel))
        panes.jobs.retry.connect(lambda row: self._with_job(row, self._jobs.runner.retry))
        panes.jobs.details_wanted.connect(
            lambda title, said: self._tasks.spawn(notices.show_text(self._window, title, said))
        )
        for pane in (panes.retakes, panes.people, panes.scenes, panes.jobs):
            pane.analyse_wanted.connect(lambda: run("analyse"))

    def cancel_job(self) -> None:
        """Cancel Job: the chosen one, else the newest that runs."""
        self._on_job(self._jobs.running, self._cancel)

    def retry_job(self) -> None:
        """Retry Job: the chosen one, else the newest that failed."""
        self._on_job(self._jobs.failed, self._jobs.runner.retry)

    def _cancel(self, job: Job) -> None:
        """Stop it where it was begun, which remembers that it is not to be gone on with."""
        for orders in (self._shorts, self._here):
            if orders.owns(job):
                orders.cancel(job)
                return
        self._analysis.cancel(job)

    def _on_job(self, jobs: tuple[Job, ...], do: Callable[[Job], None]) -> None:
        chosen = self._panes.jobs.current
        fitting = [j for j in jobs if str(j.id) == chosen] or list(jobs[-1:])
        for job in fitting:
            do(job)

    def _with_job(self, row: str, do: Callable[[Job], None]) -> None:
        for job in self._jobs.jobs:
            if str(job.id) == row:
                do(job)

    def _decide(self, ids: object, verdict: object) -> None:
        if isinstance(ids, tuple) and isinstance(verdict, Verdict):
            if ids == (self._selection.proposal,) and verdict is not Verdict.UNDECIDED:
                self._edits.decide_current(verdict)
            else:
                self._edits.decide(ids, verdict)

    def _clicked_person(self, key: str) -> None:
        """A face in the picture: its person's row becomes the chosen one, or nobody's again."""
        key = "" if key == self._panes.video.chosen_person else key
        self._panes.people.choose(key)
        self._panes.video.set_chosen_person(key)
        if key:
            self._window.show_panel("People")

    def _to_person(self, key: str) -> None:
        review = self._review.review
        for person in people(review) if review else ():
            if person.key == key:
                self._playback.seek(_next_appearance(person, self._playback.position))

    def _open(self, path: str) -> None:
        self._tasks.spawn(self._files.open(Path(path)))

    def _scrub_started(self) -> None:
        self._resume_after_scrub = self._playback.playing
        self._playback.pause()

    def _scrub_ended(self) -> None:
        if self._resume_after_scrub:
            self._playback.toggle()


def _next_appearance(person: Person, t: int) -> int:
    starts = sorted(track.start for track in person.tracks)
    return next((s for s in starts if s > t), starts[0])


def _row(job: Job) -> JobRow:
    error = job.error
    return JobRow(
        str(job.id),
        job.name,
        job.state.value,
        job.stage,
        job.fraction,
        error.sentence if error else "",
        error.hint if error else "",
        error.detail if error else "",
        can_retry=job.state in (JobState.FAILED, JobState.CANCELLED),
    )
