"""Shows the document in the lists (Retakes, People, Scenes) and brings their gestures on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from PySide6.QtCore import QObject

from app.core.edits import MergePeople, Rename
from app.core.people import Person, people
from app.core.review import Verdict
from app.state.film_state import FilmState
from app.state.pictures_state import PicturesState
from app.state.playback_state import PlaybackState
from app.state.review_state import ReviewState
from app.state.selection_state import SelectionState
from app.state.tasks import Tasks
from app.ui.edit_commands import EditCommands
from app.ui.images import image_of
from app.ui.main_window import MainWindow
from app.ui.playback_commands import PlaybackCommands

Run = Callable[..., None]
"""`Commands.run`: an action's id, and whether a switch goes on."""


class ListsPresenter(QObject):
    """The lists' part of every broadcast."""

    def __init__(
        self,
        window: MainWindow,
        review: ReviewState,
        playback: PlaybackState,
        selection: SelectionState,
        film: FilmState,
        edits: EditCommands,
        plays: PlaybackCommands,
        tasks: Tasks,
        run: Run,
    ) -> None:
        super().__init__()
        self._window = window
        self._panes = window.panes
        self._review = review
        self._playback = playback
        self._selection = selection
        self._film = film
        self._edits = edits
        self._plays = plays
        self._tasks = tasks
        self._pictures = PicturesState()
        self._picturing: asyncio.Task[None] | None = None
        self._pictures.scene_made.connect(
            lambda index, still: self._panes.scenes.set_thumbnail(index, image_of(still))
        )
        self._pictures.face_made.connect(
            lambda key, still: self._panes.people.set_portrait(key, image_of(still))
        )
        self._listen(run)

    def _listen(self, run: Run) -> None:
        panes, plays = self._panes, self._plays
        panes.retakes.decide.connect(self._decide)
        panes.retakes.accept_all.connect(lambda: run("accept_all"))
        panes.retakes.play_removed.connect(lambda p: plays.play_range_of(p, around=False))
        panes.retakes.play_around.connect(lambda p: plays.play_range_of(p, around=True))
        panes.retakes.selected.connect(self._edits.choose)
        panes.retakes.activated.connect(lambda p: plays.play_range_of(p, around=True))
        panes.people.rename.connect(lambda key, name: self._review.do(Rename(key, name)))
        panes.people.merge.connect(lambda keys, into: self._review.do(MergePeople(keys, into)))
        panes.people.activated.connect(self._to_person)
        panes.people.selected.connect(panes.video.set_chosen_person)
        panes.video.person_clicked.connect(self._clicked_person)
        panes.scenes.seek.connect(self._playback.seek)
        for pane in (panes.retakes, panes.people, panes.scenes):
            pane.analyse_wanted.connect(lambda: run("analyse"))

    def show_film(self) -> None:
        """Another film, or none."""
        self._panes.scenes.forget_thumbnails()
        self._make_pictures()

    def show_arrived(self, kind: str) -> None:
        """An analysis ("vision", "retakes", …) answered."""
        if kind == "vision":
            self._make_pictures()

    def show_document(self) -> None:
        """The review is another version."""
        review, panes = self._review.review, self._panes
        panes.retakes.show_proposals(self._review.proposals, self._selection.proposal or None)
        if review is not None:
            panes.people.show_people(people(review), review.evidence.footage.duration)
            panes.scenes.show_scenes(review.evidence.scenes)
            panes.retakes.set_padding(review.decisions.padding)
        else:
            panes.people.show_people((), 0)
            panes.scenes.show_scenes(None)
        self._explain_empty()

    def show_selection(self) -> None:
        """Another proposal is chosen."""
        chosen = self._selection.proposal or None
        self._panes.retakes.show_proposals(self._review.proposals, chosen)

    def show_position(self, t: int) -> None:
        """The playhead moved."""
        review = self._review.review
        if review is not None and review.evidence.scenes is not None:
            self._panes.scenes.show_current(review.evidence.scenes.index_at(t))

    def _explain_empty(self) -> None:
        review = self._review.review
        if review is None or review.evidence.retakes is None:
            return
        if not self._review.proposals:
            self._panes.retakes.show_empty_reason(
                "No retakes", "The analysis found no take that is said again."
            )

    def _make_pictures(self) -> None:
        """Scene frames and faces anew, for what is there now."""
        if self._picturing:
            self._picturing.cancel()
        opened, review = self._film.opened, self._review.review
        if opened and review:
            story = self._pictures.make(opened.project.video, review)
            self._picturing = self._tasks.spawn(story)

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


def _next_appearance(person: Person, t: int) -> int:
    starts = sorted(track.start for track in person.tracks)
    return next((s for s in starts if s > t), starts[0])
