"""The one table from action ids to what they call, and the situation that enables them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtWidgets import QDialog

from app.core.cut import cut, word_states
from app.core.edits import CorrectWord
from app.core.late import late
from app.core.memo import by_identity
from app.core.moments import Pick, PlacedMoment
from app.core.people import people
from app.core.proposals import Proposal
from app.core.review import Review, Verdict
from app.core.spoken import spoken
from app.core.timerange import TimeRange
from app.state.film_state import FilmState
from app.state.jobs_state import JobsState
from app.state.playback_state import PlaybackState
from app.state.review_state import ReviewState
from app.state.selection_state import SelectionState
from app.state.tasks import Tasks
from app.ui import notices
from app.ui.actions import Actions, Situation
from app.ui.edit_commands import EditCommands
from app.ui.main_window import MainWindow
from app.ui.moment_commands import MomentCommands
from app.ui.text import timecode
from app.ui.typed_time import Ground, place
from app.ui.view_commands import CHECKS, ViewCommands

if TYPE_CHECKING:
    from app.ui import go_to_dialog
else:
    go_to_dialog = late("app.ui.go_to_dialog")

Story = Callable[[], Coroutine[Any, Any, None]]


class Renders(Protocol):
    """What is known of the shorts that were made."""

    @property
    def undownloaded(self) -> int:
        """How many were rendered and not fetched."""

    def short_of(self, key: str) -> Path | None:
        """The newest short of a moment that lies in a folder, or None."""


class Commands:
    """Dispatches what `Actions.triggered` says; gestures of panes end here too."""

    def __init__(
        self,
        window: MainWindow,
        actions: Actions,
        tasks: Tasks,
        view: ViewCommands,
        calls: dict[str, Callable[[], None]],
        stories: dict[str, Story],
    ) -> None:
        self._window = window
        self._tasks = tasks
        self._view = view
        self._calls = {**calls, **view.table()}
        self._stories = stories
        self.on_switch: dict[str, Callable[[bool], None]] = {}
        self._under_way: dict[str, asyncio.Task[None]] = {}
        actions.triggered.connect(self.run)

    def run(self, action: str, checked: bool = False) -> None:
        """Do it; an id without a row here is a bug."""
        if action in self._stories:
            before = self._under_way.get(action)
            if before is None or before.done():
                self._under_way[action] = self._tasks.spawn(self._stories[action]())
        elif action in self.on_switch:
            self.on_switch[action](checked)
        elif action in CHECKS or action == "full_screen":
            self._view.switch(action, checked)
        else:
            self._calls[action]()

    def add(self, calls: dict[str, Callable[[], None]]) -> None:
        """Rows of what is built later than this."""
        self._calls.update(calls)

    @property
    def known(self) -> frozenset[str]:
        """Every action id that does something."""
        return frozenset({*self._calls, *self._stories, *self.on_switch, *CHECKS, "full_screen"})


def situation(
    review_state: ReviewState,
    playback: PlaybackState,
    selection: SelectionState,
    jobs: JobsState,
    edits: EditCommands,
    moments: MomentCommands,
    renders: Renders,
    full_screen: bool,
) -> Situation:
    """What there is to act on now."""
    review = review_state.review
    if review is None:
        return Situation(full_screen=full_screen, jobs_running=bool(jobs.running))
    evidence = review.evidence
    done = review_state.cut
    proposals = review_state.proposals
    current = edits.current
    removed, touched = _removed(review_state, selection)
    chosen = moments.current
    return Situation(
        has_video=True,
        has_transcript=bool(evidence.transcript and evidence.transcript.words),
        has_faces=bool(evidence.faces and evidence.faces.tracks),
        has_scenes=evidence.scenes is not None,
        has_proposals=bool(proposals),
        has_edits=bool(done and done.removed),
        current_proposal=current is not None,
        has_kept_take=bool(current and current.again),
        undecided=undecided(proposals),
        people=len(people(review)),
        playing=playback.playing,
        full_screen=full_screen,
        can_undo=bool(review_state.undo_text),
        can_redo=bool(review_state.redo_text),
        undo_text=review_state.undo_text,
        redo_text=review_state.redo_text,
        has_selection=selection.span is not None,
        selection_removed=removed,
        selection_touches_removed=touched,
        has_word=_word(review_state, selection) is not None,
        has_span=edits.span is not None,
        can_split=edits.can_split,
        has_marks=selection.mark_in is not None or selection.mark_out is not None,
        jobs_running=bool(jobs.running),
        jobs_failed=bool(jobs.failed),
        has_moment=chosen is not None,
        moment_own=chosen is not None and chosen.own,
        moment_moved=chosen is not None and chosen.moved,
        picked=_picked(moments.all),
        undownloaded=renders.undownloaded,
        has_short=chosen is not None and renders.short_of(chosen.key) is not None,
    )


def _removed(review_state: ReviewState, selection: SelectionState) -> tuple[bool, bool]:
    """Whether all, and whether some, of the selection is removed."""
    review, span = review_state.review, selection.span
    if review is None or span is None:
        return False, False
    return _removed_in(review, span)


def _removed_of(review: Review, span: TimeRange) -> tuple[bool, bool]:
    transcript, removed = review.evidence.transcript, cut(review).removed
    words = spoken(review)
    first, end = words.rows(span)
    if transcript is not None and transcript.words and first < end:
        raw = word_states(review).raw
        whole = isinstance(words.order, range)
        states = raw[first:end] if whole else bytes(raw[i] for i in words.order[first:end])
        return 0 not in states, any(states)
    inside = any(r.range.start <= span.start and span.end <= r.range.end for r in removed)
    return inside, any(r.range.overlaps(span) for r in removed)


_removed_in = by_identity(2)(_removed_of)
"""Remembered for the very span that is selected: it is asked at every tick of the playhead."""


@by_identity(2)
def undecided(proposals: tuple[Proposal, ...]) -> int:
    """How many of them nobody has decided."""
    return sum(p.verdict is Verdict.UNDECIDED for p in proposals)


@by_identity(2)
def _picked(moments: tuple[PlacedMoment, ...]) -> int:
    return sum(m.pick is Pick.PICKED for m in moments)


def _word(review_state: ReviewState, selection: SelectionState) -> int | None:
    """The one selected word's index, or None."""
    review = review_state.review
    if review is None or selection.words is None or review.evidence.transcript is None:
        return None
    return _only_word(review, selection.words)


@by_identity(2)
def _only_word(review: Review, span: TimeRange) -> int | None:
    words = spoken(review)
    first, end = words.rows(span)
    return words.order[first] if end - first == 1 else None


async def correct_word(
    window: MainWindow, review_state: ReviewState, selection: SelectionState
) -> None:
    """Correct Word…: another text at the same time."""
    index, review = _word(review_state, selection), review_state.review
    if index is None or review is None or review.evidence.transcript is None:
        return
    transcript = review.evidence.transcript
    now = review.decisions.corrections.get(index, transcript.words[index].text)
    wanted = await notices.ask_text(window, "Correct Word", "The word as it was said", now)
    review = review_state.review
    if review is None or review.evidence.transcript is not transcript:
        return
    if wanted and wanted.strip() and wanted.strip() != now:
        review_state.do(CorrectWord(index, wanted.strip()))


async def go_to_time(window: MainWindow, film: FilmState, playback: PlaybackState) -> None:
    """Go to Time…: a time, a timecode, a frame, or so far from here; see `typed_time`."""
    opened = film.opened
    if opened is None:
        return
    footage = opened.review.evidence.footage
    fps = opened.probe.video.fps if opened.probe.video else None

    def find(typed: str) -> int:
        ground = Ground(footage.duration, footage.frame_times, fps, playback.position)
        return place(typed, ground)

    dialog = go_to_dialog.GoToDialog(window, find, timecode(playback.position, fps))
    done = await notices.finished(dialog)
    if done == QDialog.DialogCode.Accepted and film.opened is opened:
        playback.seek(dialog.chosen)
