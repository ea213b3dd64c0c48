"""Shows the document in Retakes, People, Scenes, Markers and History; brings their gestures on."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import Callable

from PySide6.QtCore import QObject

from app.core.edits import (
    EditMarker,
    HidePeople,
    MergePeople,
    Recolour,
    RemoveMarkers,
    Rename,
    SetPadding,
)
from app.core.people import Person, people
from app.core.proposal_checks import all_checks
from app.core.review import Review, Verdict
from app.core.statistics import statistics
from app.state.film_state import FilmState
from app.state.pictures_state import PicturesState
from app.state.playback_state import PlaybackState
from app.state.review_state import ReviewState
from app.state.selection_state import SelectionState
from app.state.tasks import Tasks
from app.ui.edit_commands import EditCommands
from app.ui.images import image_of
from app.ui.in_sight import InSight
from app.ui.main_window import MainWindow
from app.ui.playback_commands import PlaybackCommands
from app.ui.retake_cards import first_cards, struck_ones
from app.ui.review_stories import ReviewStories

MANY = 100
"""Cards of retakes from which the list follows an edit a moment later."""

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
        self._stories = ReviewStories(window, review, playback, selection)
        self._leisure = window.leisure
        self._pictures = PicturesState(self._leisure.come)
        self._picturing: asyncio.Task[None] | None = None
        self._none_found = False
        self._chosen = ""
        self._offered: object = None
        panes = self._panes
        self._retakes = InSight(panes.retakes, self._show_retakes, window.turns)
        self._people = InSight(panes.people, self._show_people, window.turns)
        self._scenes = InSight(panes.scenes, self._show_scenes, window.turns)
        self._markers = InSight(panes.markers, self._show_markers, window.turns)
        self._history = InSight(panes.history, self._show_history, window.turns)
        self._shown: tuple[object, ...] = ()
        self._pictures.scene_made.connect(
            lambda index, still: panes.scenes.set_thumbnail(index, image_of(still))
        )
        self._pictures.face_made.connect(
            lambda key, still: panes.people.set_portrait(key, image_of(still))
        )
        edits.among = lambda: panes.retakes.chosen_together
        self._listen_to_retakes(run)
        self._listen_to_others(run)

    def _listen_to_retakes(self, run: Run) -> None:
        pane, plays, stories = self._panes.retakes, self._plays, self._stories
        pane.decide.connect(self._decide)
        pane.accept_all.connect(lambda: run("accept_all"))
        pane.play_removed.connect(lambda p: plays.play_range_of(p, around=False))
        pane.play_around.connect(lambda p: plays.play_range_of(p, around=True))
        pane.play_kept.connect(plays.play_kept_of)
        pane.selected.connect(self._edits.choose)
        pane.activated.connect(lambda p: plays.play_range_of(p, around=True))
        pane.fixed.connect(self._review.do)
        pane.padding_chosen.connect(lambda us: self._review.do(SetPadding(us)))
        pane.also_wanted.connect(lambda: run("also_find"))
        pane.cut_padding_wanted.connect(lambda p: self._tasks.spawn(stories.cut_padding(p)))

    def _listen_to_others(self, run: Run) -> None:
        panes, do = self._panes, self._review.do
        panes.people.rename.connect(lambda key, name: do(Rename(key, name)))
        panes.people.merge.connect(lambda keys, into: do(MergePeople(keys, into)))
        panes.people.conceal.connect(lambda keys, on: do(HidePeople(keys, on)))
        panes.people.recolour.connect(lambda key, colour: do(Recolour(key, colour)))
        panes.people.activated.connect(self.to_person)
        panes.people.next_wanted.connect(self.to_person)
        panes.people.selected.connect(panes.video.set_chosen_person)
        panes.video.person_clicked.connect(self._clicked_person)
        panes.scenes.seek.connect(self._playback.seek)
        panes.scenes.wanted.connect(self._pictures.want_scenes)
        panes.people.wanted.connect(self._pictures.want_people)
        panes.markers.add_wanted.connect(lambda: run("add_marker"))
        panes.markers.edit.connect(lambda key, text: do(EditMarker(key, text)))
        panes.markers.remove.connect(lambda keys: do(RemoveMarkers(keys)))
        panes.markers.seek.connect(self._to_marker)
        panes.timeline.marker_activated.connect(
            lambda key: self._tasks.spawn(self._stories.edit_marker(key))
        )
        panes.history.go.connect(self._review.go_to)
        for pane in (panes.retakes, panes.people, panes.scenes):
            pane.analyse_wanted.connect(lambda: run("analyse"))

    # States to panes

    def show_film(self) -> None:
        """Another film, or none."""
        self._panes.scenes.forget_thumbnails()
        self._panes.people.list.forget_pictures()
        self._leisure.film_opened()
        self._make_pictures()

    def show_arrived(self, kind: str) -> None:
        """An analysis ("vision", "retakes", …) answered."""
        if kind == "vision":
            self._make_pictures()

    def show_document(self) -> None:
        """The review is another version: what each pane shows is looked at, and only that."""
        self._retakes.refresh(soon=self._many())
        self._history.refresh(soon=self._many())
        if self._review.review is None:
            # A pane out of sight is not shown the empty document, and would keep hours of words
            # until the next film lets go of them in the middle of being shown.
            self._offered = None
        now = _seen_by_the_others(self._review.review)
        if len(now) != len(self._shown) or any(
            a is not b for a, b in zip(now, self._shown, strict=True)
        ):
            self._shown = now
            for pane in (self._people, self._scenes, self._markers):
                pane.refresh()

    def show_selection(self) -> None:
        """Another proposal is chosen, or other words."""
        if self._selection.proposal != self._chosen:
            self._retakes.refresh()

    def _many(self) -> bool:
        review = self._review.review
        if review is None:
            return False
        return len(self._review.proposals) + len(review.decisions.strikes) > MANY

    def show_position(self, t: int) -> None:  # noqa: ARG002
        """The playhead moved."""
        if self._scenes.seen:
            self._show_current_scene()

    def _show_retakes(self) -> None:
        review, pane = self._review.review, self._panes.retakes
        self._chosen = self._selection.proposal
        chosen = self._chosen or None
        if review is None:
            pane.show_nothing()
            pane.show_statistics(None)
            pane.set_can_find(False)
            return
        if review.evidence is not self._offered:
            self._offered = review.evidence
            # Hundreds of cards are laid out in a turn of their own, and then painted.
            self._window.turns.unveil((pane,))
            pane.offer(first_cards(review))
        said = review.decisions
        pane.show_proposals(
            self._review.proposals, chosen, all_checks(review), struck_ones(review),
            said.paddings,
        )  # fmt: skip
        pane.show_statistics(statistics(review))
        pane.set_padding(said.padding)
        pane.set_can_find(bool(review.evidence.transcript and review.evidence.transcript.words))
        found = review.evidence.retakes is not None and not self._review.proposals
        if found and not self._none_found:
            pane.show_empty_reason("No retakes", "The analysis found no take that is said again.")
        self._none_found = found

    def _show_people(self) -> None:
        review = self._review.review
        if review is None:
            self._panes.people.show_people((), 0)
        else:
            self._panes.people.show_people(people(review), review.evidence.footage.duration)

    def _show_scenes(self) -> None:
        review = self._review.review
        self._panes.scenes.show_scenes(review.evidence.scenes if review else None)
        self._show_current_scene()

    def _show_current_scene(self) -> None:
        review = self._review.review
        if review is not None and review.evidence.scenes is not None:
            here = review.evidence.scenes.index_at(self._playback.position)
            self._panes.scenes.show_current(here)

    def _show_markers(self) -> None:
        review = self._review.review
        self._panes.markers.show_markers(review.decisions.markers if review else ())

    def _show_history(self) -> None:
        self._panes.history.show_steps(self._review.steps, self._review.at)

    def _make_pictures(self) -> None:
        """Scene frames and faces anew, for what is there now."""
        if self._picturing:
            self._picturing.cancel()
        opened, review = self._film.opened, self._review.review
        if opened and review:
            video = opened.project.video
            story = self._leisure.then(lambda: self._pictures.make(video, review))
            self._picturing = self._tasks.spawn(story)
            self._picturing.add_done_callback(self._pictured)

    def _pictured(self, task: asyncio.Task[None]) -> None:
        # A task keeps what it was told to do: the words of a film that is long closed.
        if self._picturing is task:
            self._picturing = None

    # Panes to commands

    def _decide(self, ids: object, verdict: object) -> None:
        if isinstance(ids, tuple) and isinstance(verdict, Verdict):
            if self._selection.proposal in ids and verdict is not Verdict.UNDECIDED:
                self._edits.decide_current(verdict)
            else:
                self._edits.decide(ids, verdict)

    def _clicked_person(self, key: str) -> None:
        """A face in the picture: its person's row becomes the chosen one, or nobody's again."""
        key = "" if key == self._panes.video.chosen_person else key
        self._panes.video.set_chosen_person(key)
        if key:
            self._window.show_panel("People")
            self._people.settle()
        self._panes.people.choose(key)

    def next_appearance(self) -> None:
        """Next Appearance: of the person chosen in the list or picture, else of the first."""
        review = self._review.review
        everyone = people(review) if review else ()
        chosen = (
            self._panes.people.chosen or self._panes.video.chosen_person or self._selection.person
        )
        if everyone:
            self.to_person(chosen or everyone[0].key)

    def to_person(self, key: str) -> None:
        """Go to where that person is seen next, after the playhead; round at the end."""
        review = self._review.review
        for person in people(review) if review else ():
            if person.key == key and person.tracks:
                self._playback.seek(_next_appearance(person, self._playback.position))

    def _to_marker(self, key: str) -> None:
        review = self._review.review
        for marker in review.decisions.markers if review else ():
            if marker.key == key:
                self._playback.seek(marker.range.start)


def _seen_by_the_others(review: Review | None) -> tuple[object, ...]:
    """What People, Scenes and Markers show, to be compared by identity."""
    if review is None:
        return ()
    evidence = review.evidence
    return (people(review), evidence.scenes, evidence.footage, review.decisions.markers)


def _next_appearance(person: Person, t: int) -> int:
    starts = [track.start for track in person.tracks]
    at = bisect_right(starts, t)
    return starts[at] if at < len(starts) else starts[0]
