"""Shows the states in the panes and brings the panes' gestures to the commands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.core.errors import KeeptakeError
from app.services.jobs import Job, JobState
from app.state.analysis_state import AnalysisState
from app.state.film_state import FilmState
from app.state.here_renders import HereRenders
from app.state.jobs_state import JobsState
from app.state.playback_state import PlaybackState
from app.state.review_state import ReviewState
from app.state.selection_state import SelectionState
from app.state.shorts_state import ShortsState
from app.state.tasks import Tasks
from app.ui import notices
from app.ui.actions import Actions
from app.ui.commands import Commands, situation, undecided
from app.ui.edit_commands import EditCommands
from app.ui.in_sight import InSight
from app.ui.jobs_panel import JobRow
from app.ui.lists_presenter import ListsPresenter
from app.ui.main_window import MainWindow
from app.ui.moment_commands import MomentCommands
from app.ui.playback_commands import PlaybackCommands
from app.ui.timeline_presenter import TimelinePresenter
from app.ui.transcript_presenter import TranscriptPresenter

if TYPE_CHECKING:
    from app.core.review import Evidence
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
        self._timeline = TimelinePresenter(
            window.panes.timeline, review, playback, selection, edits, commands.run
        )
        self._transcript = TranscriptPresenter(
            window.panes.transcript, review, playback, selection, commands.run
        )
        self._lists = ListsPresenter(
            window, review, playback, selection, film, edits, plays, tasks, commands.run
        )
        # Its figures are of the whole film, and another length of them moves all that is beside.
        self._status = InSight(window.panes.status, self._show_cut, window.turns)
        self._evidence: Evidence | None = None
        self._listen_to_states()
        self._listen_to_panes()
        self._listen_to_jobs()
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
        self._analysis.notice.connect(self._show_notice)
        self._shorts.changed.connect(self.show_situation)
        self._playback.frame_changed.connect(
            lambda: self._panes.video.show_frame(self._playback.frame)
        )
        self._playback.position_changed.connect(self.show_position)
        self._playback.changed.connect(self.show_playback)
        self._playback.failed.connect(self._failed)
        self._playback.silent.connect(
            lambda error: self._window.notice.mention(error.sentence, error.hint)
        )

    def show_film(self) -> None:
        """Another film, or none."""
        opened = self._film.opened
        if opened and self._window.welcoming:
            self._in_turns()
        self._window.show_welcome(opened is None)
        self._window.show_title(opened.project.video.name if opened else "")
        self._lists.show_film()
        self._panes.video.set_chosen_person("")
        if opened:
            video = opened.probe.video
            self._panes.transport.show_film(opened.probe.duration, video.fps if video else None)
            self._panes.video.set_film((video.width, video.height) if video else None)
            heard = "" if opened.probe.audio else "This video has no sound."
            self._panes.video.set_message("" if video else "Sound alone: there is no picture.")
            if heard:
                self._window.notice.show_message(heard)
            self._timeline.show_film()

    def show_document(self) -> None:
        """The review is another version."""
        self._window.leisure.busy()
        review, cut = self._review.review, self._review.cut
        evidence = review.evidence if review else None
        if evidence is not self._evidence:
            self._evidence = evidence
            self._in_turns()
        self._panes.video.show_review(review)
        self._status.refresh(soon=review is not None)
        self._transcript.show_document()
        self._timeline.show_document()
        self._lists.show_document()
        self._window.show_undecided(undecided(self._review.proposals))
        if cut is not None:
            self._playback.set_cut(cut.keep)
        self.show_situation()

    def _show_cut(self) -> None:
        self._panes.status.show_cut(self._review.cut)

    def _in_turns(self) -> None:
        """Much is about to be shown that was not there before."""
        self._window.turns.unveil((self._panes.timeline, self._panes.transcript))

    def show_selection(self) -> None:
        """Another stretch, mark or proposal is chosen."""
        self._timeline.show_selection()
        self._transcript.show_selection()
        self._lists.show_selection()
        self.show_situation()

    def show_position(self, t: int) -> None:
        """The playhead moved."""
        self._timeline.show_position(t)
        self._transcript.show_position(t)
        self._lists.show_position(t)
        self._panes.transport.show_position(t)
        if not self._playback.playing:
            self._window.leisure.busy()
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

    def _arrived(self, kind: str) -> None:
        self._lists.show_arrived(kind)
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
        panes.video.view_resized.connect(playback.set_view)
        panes.video.double_clicked.connect(lambda: self._actions.action("full_screen").trigger())
        # Esc leaves the full screen as soon as it is one; nothing else tells of it.
        self._actions.triggered.connect(lambda *_: self.show_situation())
        panes.transport.rate_chosen.connect(playback.set_rate)
        panes.transport.volume_chosen.connect(self._plays.set_volume)
        self._actions.recent_chosen.connect(self._open)
        panes.welcome.open_wanted.connect(lambda: run("open_video"))
        panes.welcome.sample_wanted.connect(lambda: run("open_sample"))
        panes.welcome.key_wanted.connect(lambda: run("settings"))
        panes.welcome.recent_chosen.connect(self._open)

    def _listen_to_jobs(self) -> None:
        panes = self._panes
        panes.jobs.cancel.connect(lambda row: self._with_job(row, self._cancel))
        panes.jobs.retry.connect(lambda row: self._with_job(row, self._jobs.runner.retry))
        panes.jobs.details_wanted.connect(
            lambda title, said: self._tasks.spawn(notices.show_text(self._window, title, said))
        )
        panes.jobs.analyse_wanted.connect(lambda: self._commands.run("analyse"))

    def table(self) -> dict[str, Callable[[], None]]:
        """Action id -> what it calls, of what needs the panes."""
        return {
            "cancel_job": self.cancel_job,
            "retry_job": self.retry_job,
            "next_appearance": self._lists.next_appearance,
            **self._transcript.table(),
        }

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

    def _open(self, path: str) -> None:
        self._tasks.spawn(self._files.open(Path(path)))


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
