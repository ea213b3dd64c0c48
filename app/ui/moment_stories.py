"""Stories of moments and shorts: the form and the yes, the list and the ask, the finished short."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from app.core.errors import MediaError
from app.core.moment_checks import removed_in
from app.core.moments import Moments, PlacedMoment
from app.core.timerange import total
from app.services.clients import Clients
from app.services.jobs import Job
from app.services.settings import SettingsFile, service_address
from app.services.short_names import pattern_problem, short_name
from app.services.shorts_ledger import UNDER_WAY, Clip, FindPlan, RenderRecord
from app.services.wire_shorts import Service
from app.services.znippet_refusals import FieldErrors
from app.state.film_state import FilmState
from app.state.here_renders import HereRenders
from app.state.opening import Opened
from app.state.playback_state import StageFactory
from app.state.review_state import ReviewState
from app.state.short_plan import ShortForm
from app.state.shorts_state import ShortsState
from app.state.tasks import Tasks
from app.ui import notices, text
from app.ui.analyse_dialog import Subject
from app.ui.find_moments_dialog import FindMomentsDialog, ShortsService
from app.ui.main_window import MainWindow
from app.ui.moment_commands import MomentCommands
from app.ui.moment_presenter import MomentPresenter
from app.ui.render_dialog import Naming, RenderChoice, RenderDialog, RenderItem, RenderService
from app.ui.render_rows import FRAMINGS, already
from app.ui.short_player import ShortPlayer, closed, load


class MomentStories:
    """Nothing is sent here before the person pressed Start or Render."""

    def __init__(
        self,
        window: MainWindow,
        film: FilmState,
        review: ReviewState,
        shorts: ShortsState,
        here: HereRenders,
        commands: MomentCommands,
        presenter: MomentPresenter,
        clients: Clients,
        settings: SettingsFile,
    ) -> None:
        self._window = window
        self._film = film
        self._review = review
        self._shorts = shorts
        self._here = here
        self._commands = commands
        self._presenter = presenter
        self._clients = clients
        self._settings = settings
        self._browsing: asyncio.Task[None] | None = None
        self.make_stage: StageFactory | None = None
        self.pause_film: Callable[[], None] = lambda: None
        self.spawn: Callable[[Coroutine[Any, Any, None]], object] = asyncio.ensure_future

    def table(self) -> dict[str, Callable[[], None]]:
        """Action id -> what it calls, for those that are no stories."""
        return {
            "download_rendered": self._shorts.download_waiting,
            "show_in_folder": self.show_chosen_in_folder,
        }

    def listen(self, tasks: Tasks, run: Callable[[str], None]) -> None:
        """Bring the panel's wishes here; `run` does an action by its id."""
        self.spawn = tasks.spawn
        panel = self._window.panes.moments
        panel.find_wanted.connect(lambda: run("find_moments"))
        panel.render_wanted.connect(lambda: run("render_selected"))
        panel.retry_clip.connect(lambda record, key: tasks.spawn(self.retry(record, key)))
        panel.download_clip.connect(self._shorts.download)
        panel.play_short.connect(lambda path: tasks.spawn(self.play_short(path)))
        panel.show_in_folder.connect(show_in_folder)
        panel.locate_wanted.connect(lambda: tasks.spawn(self.locate()))

    # Finding

    async def find(self) -> None:
        """Find Moments…: the form, and the job of what was agreed to."""
        await self._find(await self._suggested(), ())

    async def _find(self, plan: FindPlan, issues: tuple[tuple[str, str], ...]) -> None:
        opened = self._film.opened
        if opened is None:
            return
        if opened.probe.video is None:
            raise MediaError(
                "Moments need a picture, and this file has sound alone. Nothing was sent."
            )
        dialog = self._find_dialog(opened, plan)
        if issues:
            dialog.show_issues(issues)
        if await notices.finished(dialog) != FindMomentsDialog.DialogCode.Accepted:
            return
        # Read at once: the dialog is gone after the next question.
        plan = dialog.plan
        if not await self._sure_to_find(plan) or self._film.opened is not opened:
            return
        self._remember(plan)
        job = self._shorts.find(plan)
        self._window.show_panel("Jobs")
        if job is not None:
            self.spawn(self._refused(opened, job, plan))

    async def _refused(self, opened: Opened, job: Job, plan: FindPlan) -> None:
        """Where the service refuses a field of the form: the form again, with what it said."""
        await self._shorts.finished(job)
        if self._film.opened is not opened:
            return
        if isinstance(job.error, FieldErrors) and job.error.issues:
            await self._find(plan, job.error.issues)

    async def _sure_to_find(self, plan: FindPlan) -> bool:
        """An order without an answer is not sent once more without a yes to paying twice."""
        if not self._shorts.may_be_charged_twice(plan):
            return True
        answer = await notices.ask(
            self._window, "Find Moments",
            "It is not known whether Znippet took the last order for this film. Order again?",
            ("Order Again", "Cancel"),
            "It may be charged twice. Nothing was sent now.",
        )  # fmt: skip
        return answer == "Order Again"

    def _find_dialog(self, opened: Opened, plan: FindPlan) -> FindMomentsDialog:
        video = opened.project.video
        subject = Subject(
            video.name, text.length(opened.probe.duration), text.size(opened.probe.size_bytes)
        )
        host = urlsplit(service_address("znippet", os.environ)).hostname or ""
        services = (
            ShortsService("znippet", "Znippet Shorts", host),
            ShortsService("local", "This computer", ""),
        )
        return FindMomentsDialog(self._window, subject, services, plan, notes=self._notes())

    def _words(self) -> Literal["none", "rough", "good"]:
        """What is known of the words that moments and captions are made of."""
        review = self._review.review
        transcript = review.evidence.transcript if review else None
        if transcript is None or not transcript.words:
            return "none"
        return "rough" if transcript.rough else "good"

    def _notes(self) -> tuple[str, ...]:
        match self._words():
            case "none":
                return (
                    "There is no transcript yet. Analyse… first makes better moments here: they "
                    "begin and end on its sentences.",
                )
            case "rough":
                return (
                    "The words were recognised roughly; burned-in captions would show them so.",
                )
            case _:
                return ()

    async def _suggested(self) -> FindPlan:
        now = self._settings.current
        return FindPlan(
            await self._clients.shorts_default(),
            now.moments_framing,
            now.moments_analysis,
            now.moments_length,
            now.moments_volume,
            now.moments_captions,
            now.moments_preset,
        )

    def _remember(self, plan: FindPlan) -> None:
        self._settings.update(
            moments_framing=plan.framing,
            moments_analysis=plan.analysis,
            moments_length=plan.length,
            moments_volume=plan.volume,
            moments_captions=plan.captions,
            moments_preset=plan.preset,
        )
        self._presenter.set_framing(plan.framing)

    # Rendering

    async def render_selected(self) -> None:
        """Render Selected…: the list, what each will be, the ask; then one order a maker."""
        opened, review = self._film.opened, self._review.review
        moments = self._commands.to_render
        if opened is None or review is None or not moments:
            return
        dialog = self._render_dialog(opened, moments)
        try:
            done = await notices.finished(dialog)
        finally:
            if self._browsing:
                self._browsing.cancel()
        if done != RenderDialog.DialogCode.Accepted or self._film.opened is not opened:
            return
        choice = dialog.choice
        self._settings.update(
            short_framing=choice.framing,
            short_captions=choice.captions,
            short_cuts=choice.cuts,
            short_name_pattern=choice.pattern,
        )
        await self._order(opened, moments, choice)

    async def _order(
        self, opened: Opened, moments: Sequence[PlacedMoment], choice: RenderChoice
    ) -> None:
        chosen = [m for m in moments if m.key in choice.keys]
        if not await self._sure(chosen):
            return
        if self._film.opened is not opened:
            return
        named = {m.key: self._named(opened, m, choice.pattern) for m in chosen}
        by_service = choice.by == "service"
        there = [m for m in chosen if by_service and self._service_possible(m)]
        here = [m for m in chosen if m not in there]
        self._window.show_panel("Moments")
        if there:
            found = self._found()
            assert found is not None
            service: Service = "znippet" if found.origin == "znippet" else "local"
            await self._shorts.render(
                service, there, self._settings_of_analysis(), [named[m.key] for m in there]
            )
        if here:
            form = ShortForm(choice.framing, choice.captions, choice.cuts, self._presenter.person)
            await self._here.render(here, form, [named[m.key] for m in here])

    async def _sure(self, moments: Sequence[PlacedMoment]) -> bool:
        """Never a moment twice without asking."""
        again = [m for m in moments if already(self._shorts.clips_of(m.key), m.span)]
        if not again:
            return True
        many = f"{len(again)} of these were" if len(again) > 1 else f"“{again[0].title}” was"
        answer = await notices.ask(
            self._window, "Render Selected",
            f"{many} rendered before, or it is not known that they were not. Render them again?",
            ("Render Again", "Cancel"),
            "A service may charge once more. Nothing was sent yet.",
        )  # fmt: skip
        return answer == "Render Again"

    def _render_dialog(self, opened: Opened, moments: Sequence[PlacedMoment]) -> RenderDialog:
        now = self._settings.current
        start = RenderChoice(
            tuple(m.key for m in moments),
            "service" if any(self._service_possible(m) for m in moments) else "here",
            now.short_framing,
            now.short_captions,
            now.short_cuts,
            now.short_name_pattern,
        )
        known = {m.key: m for m in moments}
        naming = Naming(
            lambda pattern, key: self._named(opened, known[key], pattern), pattern_problem
        )
        items = [self._item(m) for m in moments]
        dialog = RenderDialog(self._window, items, self._service(), naming, start=start)
        dialog.set_folder(str(self._shorts.folder()))
        dialog.folder_wanted.connect(lambda: self._choose_folder(dialog))
        return dialog

    def _service(self) -> RenderService | None:
        """Who made the analysis at hand, and what it fixed."""
        found = self._found()
        if found is None:
            return None
        captions = "captions burned in" if found.captions else "no captions"
        said = f"{FRAMINGS[found.framing]}, {captions}"
        if found.origin == "local service":
            return RenderService("The local service", "", said)
        host = urlsplit(service_address("znippet", os.environ)).hostname or ""
        return RenderService("Znippet Shorts", host, said)

    def _choose_folder(self, dialog: RenderDialog) -> None:
        async def story() -> None:
            folder = await notices.choose_folder(dialog, "Folder", self._shorts.folder())
            if folder:
                self._settings.update(downloads_folder=str(folder))
                dialog.set_folder(str(folder))

        self._browsing = asyncio.get_running_loop().create_task(story())

    def _item(self, moment: PlacedMoment) -> RenderItem:
        review = self._review.review
        removed = total(removed_in(review, moment.span)) if review else 0
        # How much is removed has a line of its own.
        warnings = self._presenter.warnings(moment.key, but="removed")
        if self._words() == "rough":
            warnings = (*warnings, "captions would show words that were recognised roughly")
        return RenderItem(
            moment.key, moment.title, text.span(moment.span.start, moment.span.end),
            text.length(moment.span.duration), warnings,
            self._service_possible(moment), text.length(removed) if removed else "",
            self._already(moment),
        )  # fmt: skip

    def _already(self, moment: PlacedMoment) -> str:
        return already(self._shorts.clips_of(moment.key), moment.span)

    def _service_possible(self, moment: PlacedMoment) -> bool:
        return self._found() is not None and not moment.here_only

    def _found(self) -> Moments | None:
        review = self._review.review
        return review.evidence.moments if review else None

    def _settings_of_analysis(self) -> dict[str, Any]:
        found = self._found()
        if found is None:
            return {}
        return {"framingMode": found.framing, "captionBurnIn": found.captions}

    def _named(self, opened: Opened, moment: PlacedMoment, pattern: str) -> str:
        return short_name(
            pattern,
            video=opened.project.video.stem,
            number=moment.number,
            title=moment.title,
            channel=self._settings.current.best_for,
            day=datetime.now().astimezone().date(),
        )

    async def retry(self, record_id: str, key: str) -> None:
        """One clip alone: here at once, at a service after the ask."""
        found = next(
            (
                (r, c)
                for r in self._shorts.records
                for c in r.clips
                if (r.id, c.key) == (record_id, key)
            ),
            None,
        )
        if found is None:
            return
        record, clip = found
        if record.service == "here":
            self._here.retry(record, key)
            return
        if record.aside and record.state == "asked" and clip.state in UNDER_WAY:
            # It was taken and paid: only the waiting was stopped.
            self._shorts.go_on(record)
            return
        if record.service == "znippet" and not await self._again(record, clip):
            return
        moment = PlacedMoment(clip.key, clip.number, clip.span, clip.span, clip.title)
        await self._shorts.render(record.service, [moment], record.settings, [clip.name])

    async def _again(self, record: RenderRecord, clip: Clip) -> bool:
        unknown = record.state == "unknown"
        why = (
            "It is not known whether Znippet took the last order, so this may be charged twice."
            if unknown
            else "Znippet publishes no prices: what this costs stands in your Znippet account."
        )
        answer = await notices.ask(
            self._window, "Render", f"Ask Znippet to render “{clip.title}” again?",
            ("Render Again", "Cancel"), why,
        )  # fmt: skip
        return answer == "Render Again"

    # Finished shorts

    async def play_short(self, path: str) -> None:
        """A finished short in a player of its own; the film stays open."""
        if self.make_stage is None:
            return
        self.pause_film()
        player = ShortPlayer(self._window, Path(path), self.make_stage)
        player.show_in_folder.connect(show_in_folder)
        try:
            self.spawn(load(player))
            await notices.finished(player)
        finally:
            await closed(player)

    def show_chosen_in_folder(self) -> None:
        """Show in Folder: where the chosen moment's newest short lies."""
        moment = self._commands.current
        path = self._shorts.short_of(moment.key) if moment else None
        if path is not None:
            show_in_folder(str(path))

    async def locate(self) -> None:
        """The folder of shorts was moved: find them again there."""
        folder = await notices.choose_folder(
            self._window, "Where the Shorts Are Now", self._shorts.folder()
        )
        if folder is None:
            return
        before = len(self._presenter.files.gone)
        await self._presenter.look((folder,))
        still = len(self._presenter.files.gone)
        found = before - still
        self._window.notice.show_message(
            f"{found} of {before} shorts were found in “{folder.name}”."
            if found
            else f"None of the missing shorts is in “{folder.name}”. Nothing was changed."
        )

    async def rename(self) -> None:
        """Rename Moment…: the title, also for the file's name."""
        moment = self._commands.current
        if moment is None:
            return
        title = await notices.ask_text(self._window, "Rename Moment", "Title", moment.title)
        if title is not None:
            self._commands.rename(moment.key, title.strip())


def show_in_folder(path: str) -> None:
    """Open the folder a file lies in, in the system's own file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(path).parent)))
