"""Shows moments and shorts in the panes and brings the panes' gestures to the commands."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.core.late import late
from app.core.memo import by_identity
from app.core.moments import Framing, Pick, PlacedMoment
from app.core.reframe import Framed
from app.core.review import Review
from app.core.timerange import SECOND, TimeRange
from app.services.settings import SettingsFile
from app.state.film_state import FilmState
from app.state.here_renders import HereRenders
from app.state.pictures_state import PicturesState
from app.state.review_state import ReviewState
from app.state.selection_state import SelectionState
from app.state.short_files import ShortFiles
from app.state.short_plan import framed
from app.state.shorts_state import ShortsState
from app.state.tasks import Tasks
from app.ui.actions import Actions
from app.ui.caption_line import CaptionLine
from app.ui.images import image_of
from app.ui.in_sight import InSight
from app.ui.main_window import MainWindow
from app.ui.moment_commands import MomentCommands
from app.ui.moment_rows import NONE_FOUND, NOT_ANALYSED, MomentRow
from app.ui.moment_warnings import MomentWarnings
from app.ui.render_rows import moment_state, render_rows

if TYPE_CHECKING:
    from app.media import stills
else:
    stills = late("app.media.stills")

FRAMES: dict[str, Framing] = {
    "frame_subject": "subject",
    "frame_grid": "grid",
    "frame_static": "static",
}
"""Action id -> the framing it chooses for the guide and for shorts made here."""


class MomentPresenter(QObject):
    """One broadcast of a state, one refresh here."""

    def __init__(
        self,
        window: MainWindow,
        actions: Actions,
        review: ReviewState,
        selection: SelectionState,
        film: FilmState,
        shorts: ShortsState,
        here: HereRenders,
        commands: MomentCommands,
        tasks: Tasks,
        settings: SettingsFile,
    ) -> None:
        super().__init__()
        self._panes = window.panes
        self._actions = actions
        self._review = review
        self._selection = selection
        self._film = film
        self._shorts = shorts
        self._commands = commands
        self._tasks = tasks
        self._settings = settings
        self.files = ShortFiles()
        self._warnings = MomentWarnings()
        self._leisure = window.leisure
        self._pictures = PicturesState(self._leisure.come)
        self._posters: dict[str, int] = {}
        self._asked: dict[str, int] = {}
        self._pictured: object = None
        self._rows: dict[str, tuple[tuple[object, ...], MomentRow]] = {}
        self._looking: asyncio.Task[None] | None = None
        self._picturing: asyncio.Task[None] | None = None
        self._shown: tuple[object, ...] = ()
        self._listed: tuple[object, object] | None = None
        self._guided: tuple[object, ...] = ()
        self._worded: tuple[object, ...] = ()
        self._reason = NOT_ANALYSED
        # Hundreds of rows: behind another tab they wait until somebody looks or asks.
        self._list = InSight(self._panes.moments, self._show_rows, window.turns)
        self._pictures.poster_made.connect(self._show_poster)
        review.loaded.connect(self._forget)
        review.changed.connect(self.show)
        selection.changed.connect(self.show_selection)
        film.changed.connect(self.look_for_files)
        shorts.changed.connect(self.show_shorts)
        shorts.arrived.connect(lambda: window.show_panel("Moments"))
        here.changed.connect(shorts.refresh)
        self._panes.moments.set_best_for(settings.current.best_for)
        self._panes.moments.set_sort(settings.current.moments_sort)
        commands.order = self._order
        self._listen()
        self.show_framing()
        self.show()

    # States to panes

    @property
    def framing(self) -> Framing:
        """The framing chosen for the guide, for warnings, and for shorts made here."""
        return self._settings.current.short_framing

    @property
    def person(self) -> str:
        """Key of the one person shown and followed, "" for everyone."""
        return self._selection.person

    def warnings(self, key: str, *, but: str = "") -> tuple[str, ...]:
        """What is to be said before a moment is rendered; warnings of the kind `but` aside."""
        return self._warnings.of(key, but=but)

    def show(self) -> None:
        """The review is another version."""
        review, moments = self._review.review, self._commands.all
        found = review.evidence.moments if review else None
        # Most edits leave every moment as it is; hundreds of rows are then not asked for.
        if self._listed is None or moments is not self._listed[0] or found is not self._listed[1]:
            self._listed = (moments, found)
            self._list.refresh()
        self.show_guide()
        if self._looking:
            self._looking.cancel()
        if review is not None and self._commands.all:
            framing, told = self.framing, self._list.refresh
            self._looking = self._tasks.spawn(
                self._leisure.think(lambda: self._warnings.look(review, moments, framing, told))
            )
            self._make_posters(review)

    def _show_rows(self) -> None:
        moments = self._commands.all
        review = self._review.review
        found = review.evidence.moments if review else None
        reason = NONE_FOUND if found else NOT_ANALYSED
        if reason is not self._reason:
            self._reason = reason
            self._panes.moments.show_empty_reason(*reason)
        rows, channels = [self._row(m) for m in moments], _channels(moments)
        now: tuple[object, ...] = (channels, *rows)
        # A clip's progress every tenth of a second leaves nearly all of hundreds of rows alone.
        if not _same(now, self._shown):
            self._shown = now
            self._panes.moments.show_moments(rows, channels)

    def _row(self, moment: PlacedMoment) -> MomentRow:
        said = self._warnings.of(moment.key)
        state = moment_state(self._shorts.clips_of(moment.key))
        row = self._rows.get(moment.key)
        if row is None or row[0] != (moment, said, state):
            shown = MomentRow(
                moment.key, moment.number, moment.title, moment.description, moment.span,
                moment.score, moment.channels, moment.tags, said, moment.pick, state, moment.own,
                moment.moved,
            )  # fmt: skip
            row = self._rows[moment.key] = ((moment, said, state), shown)
        return row[1]

    def _order(self) -> tuple[str, ...]:
        """Keys of the moments as the list has them."""
        self._list.settle()
        return self._panes.moments.order

    def show_shorts(self) -> None:
        """An order of shorts moved on."""
        self._panes.moments.show_renders(render_rows(self._shorts.records, self.files.gone))
        self._list.refresh()

    def show_selection(self) -> None:
        """Another moment is chosen, or another person."""
        chosen = self._selection
        if chosen.moment:
            self._list.settle()
        self._panes.moments.show_current(chosen.moment)
        self._panes.timeline.set_current_moment(chosen.moment)
        self._panes.video.set_only_person(chosen.person or None)
        self.show_guide()

    def show_framing(self) -> None:
        """Tick the framing that is chosen."""
        for action, framing in FRAMES.items():
            self._actions.set_checked(action, framing == self.framing)

    def set_framing(self, framing: Framing) -> None:
        """Choose how the upright picture is taken; remembered."""
        self._settings.update(short_framing=framing)
        self.show_framing()
        self.show()

    def show_guide(self) -> None:
        """The upright picture's edges and the words, while a moment is chosen."""
        review, moment = self._review.review, self._commands.current
        self._show_words(review, moment)
        on = self._settings.current.framing_guide
        if review is None or moment is None or not on or not review.evidence.footage.width:
            self._guided = ()
            self._panes.video.set_guide(None)
            return
        evidence, person = review.evidence, self._selection.person
        said = review.decisions
        now = (
            moment.span, self.framing, person, evidence.faces, evidence.scenes, said.merged
        )  # fmt: skip
        if not _same(now, self._guided):
            self._guided = now
            span, framing = moment.span, self.framing
            self._tasks.spawn(self._guide(now, lambda: framed(review, span, framing, person)))

    async def _guide(self, wanted: tuple[object, ...], make: Callable[[], Framed]) -> None:
        """The crop is planned off the window's thread: many faces take it some time."""
        crop = await asyncio.to_thread(make)
        if self._guided is wanted:
            self._panes.video.set_guide(crop)

    def _show_words(self, review: Review | None, moment: PlacedMoment | None) -> None:
        transcript = review.evidence.transcript if review else None
        if review is None or moment is None or transcript is None:
            if self._worded:
                self._worded = ()
                self._panes.video.set_words(None, False)
            return
        now = (moment.span, transcript, review.decisions.corrections)
        if _same(now, self._worded):
            return
        self._worded = now
        lines, span = CaptionLine(review), moment.span

        def words(t: int) -> tuple[tuple[str, bool], ...]:
            return lines.at(t) if span.contains(t) else ()

        self._panes.video.set_words(words, transcript.right_to_left)

    def look_for_files(self) -> None:
        """See which shorts are still where they were put."""
        self._tasks.spawn(self.look(()))

    async def look(self, folders: tuple[Path, ...]) -> None:
        """See which shorts are there, also in these folders."""
        opened = self._film.opened
        if opened is None:
            return
        places = (*folders, self._shorts.folder())
        if await self.files.look(opened.project.journal, self._shorts.records, places):
            self._shorts.refresh()

    def _forget(self) -> None:
        """Another film: what is being made for the last one must not arrive in this one."""
        self._leisure.film_opened()
        for story in (self._looking, self._picturing):
            if story:
                story.cancel()
        # A task that was cancelled keeps what it worked with: the words of the last film.
        self._looking = self._picturing = None
        self._warnings.forget()
        self._posters, self._asked, self._rows = {}, {}, {}
        self._listed = self._pictured = None
        self._guided, self._worded = (), ()
        self._panes.moments.forget_pictures()

    def _make_posters(self, review: Review) -> None:
        opened, moments = self._film.opened, self._commands.all
        if moments is self._pictured:
            return
        wanted = {m.key: _poster_time(m) for m in moments}
        # Those that could not be made are not tried again at every edit.
        new = any(self._asked.get(key) != t for key, t in wanted.items())
        if opened is None or not review.evidence.footage.width:
            return
        self._pictured = moments
        if not new:
            return
        self._asked = wanted
        missing = [(key, t) for key, t in wanted.items() if self._posters.get(key) != t]
        if self._picturing:
            self._picturing.cancel()
        video = opened.project.video
        story = self._leisure.then(lambda: self._pictures.make_posters(video, missing))
        self._picturing = self._tasks.spawn(story)

    def _show_poster(self, key: str, still: object) -> None:
        if isinstance(still, stills.Still) and (moment := self._commands.moment(key)) is not None:
            self._posters[key] = _poster_time(moment)
            self._panes.moments.set_picture(key, image_of(still))

    # Panes to commands

    def _listen(self) -> None:
        panel, timeline, do = self._panes.moments, self._panes.timeline, self._commands
        panel.chosen.connect(lambda key: do.choose(key, panel.selected))
        panel.activated.connect(do.play)
        panel.decide.connect(self._decide)
        panel.rename.connect(do.rename)
        panel.play_picked_wanted.connect(do.play_picked)
        panel.remove_wanted.connect(lambda keys: do.remove(tuple(keys)))
        panel.put_back_wanted.connect(lambda keys: do.put_back(tuple(keys)))
        panel.view_changed.connect(
            lambda best, sort: self._settings.update(best_for=best, moments_sort=sort)
        )
        timeline.moment_clicked.connect(do.choose)
        timeline.moment_activated.connect(do.play)
        timeline.moment_put_back.connect(lambda key: do.put_back((key,)))
        timeline.moment_moved.connect(self._moved)

    def _decide(self, keys: object, pick: object) -> None:
        if isinstance(keys, tuple) and isinstance(pick, Pick):
            if set(keys) == set(self._selection.moments):
                self._commands.decide_chosen(pick)
            else:
                self._commands.decide(keys, pick)

    def _moved(self, key: str, span: object) -> None:
        if isinstance(span, TimeRange):
            self._commands.move(key, span)


@by_identity(2)
def _channels(moments: tuple[PlacedMoment, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for m in moments for key, _ in m.channels))


def _poster_time(moment: PlacedMoment) -> int:
    return moment.span.start + min(SECOND // 2, moment.span.duration // 2)


def _same(a: tuple[object, ...], b: tuple[object, ...]) -> bool:
    """Equal by value for the small things, the very same ones for evidence."""
    return len(a) == len(b) and all(
        x is y or (isinstance(x, TimeRange | str) and x == y) for x, y in zip(a, b, strict=True)
    )
