"""The stories of rendering: the list and the ask, one order a maker, one clip tried again."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from PySide6.QtWidgets import QDialog

from app.core.late import late
from app.core.moment_checks import removed_in
from app.core.moments import Moments, PlacedMoment
from app.core.timerange import total
from app.services.settings import SettingsFile, service_address
from app.state.film_state import FilmState
from app.state.here_renders import HereRenders
from app.state.opening import Opened
from app.state.review_state import ReviewState
from app.state.short_plan import ShortForm
from app.state.shorts_state import ShortsState
from app.ui import notices, text
from app.ui.find_stories import words_known
from app.ui.main_window import MainWindow
from app.ui.moment_commands import MomentCommands
from app.ui.moment_presenter import MomentPresenter
from app.ui.render_rows import FRAMINGS, already

if TYPE_CHECKING:
    from app.services import short_names, shorts_ledger
    from app.services.shorts_ledger import Clip, RenderRecord
    from app.services.wire_shorts import Service
    from app.ui import render_dialog
    from app.ui.render_dialog import RenderChoice, RenderDialog, RenderItem, RenderService
else:
    render_dialog = late("app.ui.render_dialog")
    short_names = late("app.services.short_names")
    shorts_ledger = late("app.services.shorts_ledger")


class RenderStories:
    """Nothing is sent here before the person pressed Render."""

    def __init__(
        self,
        window: MainWindow,
        film: FilmState,
        review: ReviewState,
        shorts: ShortsState,
        here: HereRenders,
        commands: MomentCommands,
        presenter: MomentPresenter,
        settings: SettingsFile,
    ) -> None:
        self._window = window
        self._film = film
        self._review = review
        self._shorts = shorts
        self._here = here
        self._commands = commands
        self._presenter = presenter
        self._settings = settings
        self._browsing: asyncio.Task[None] | None = None

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
        if done != QDialog.DialogCode.Accepted or self._film.opened is not opened:
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
        start = render_dialog.RenderChoice(
            tuple(m.key for m in moments),
            "service" if any(self._service_possible(m) for m in moments) else "here",
            now.short_framing,
            now.short_captions,
            now.short_cuts,
            now.short_name_pattern,
        )
        known = {m.key: m for m in moments}
        naming = render_dialog.Naming(
            lambda pattern, key: self._named(opened, known[key], pattern),
            short_names.pattern_problem,
        )
        items = [self._item(m) for m in moments]
        dialog = render_dialog.RenderDialog(
            self._window, items, self._service(), naming, start=start
        )
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
            return render_dialog.RenderService("The local service", "", said)
        host = urlsplit(service_address("znippet", os.environ)).hostname or ""
        return render_dialog.RenderService("Znippet Shorts", host, said)

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
        if words_known(self._review.review) == "rough":
            warnings = (*warnings, "captions would show words that were recognised roughly")
        return render_dialog.RenderItem(
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
        return short_names.short_name(
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
        if record.aside and record.state == "asked" and clip.state in shorts_ledger.UNDER_WAY:
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
