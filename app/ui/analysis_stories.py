"""Stories of the Analyse menu: the quote and the yes, and the finder on the words at hand."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PySide6.QtWidgets import QDialog

from app.core.errors import KeeptakeError
from app.core.late import late
from app.services.settings import SettingsFile, service_address
from app.state.analysis_state import AnalysisState
from app.state.film_state import FilmState
from app.state.opening import Opened, captions_beside
from app.state.review_state import ReviewState
from app.ui import notices, text
from app.ui.main_window import MainWindow

if TYPE_CHECKING:
    from app.services import quote, wire, workflows
    from app.services.clients import Clients
    from app.services.quote import Quote
    from app.services.wire import Service
    from app.services.workflows import Plan
    from app.ui import analyse_dialog
    from app.ui.analyse_dialog import ServiceChoice, Subject
else:
    analyse_dialog = late("app.ui.analyse_dialog")
    quote = late("app.services.quote")
    workflows = late("app.services.workflows")


class AnalysisStories:
    """Nothing is started here before the person pressed Start."""

    def __init__(
        self,
        window: MainWindow,
        film: FilmState,
        review: ReviewState,
        analysis: AnalysisState,
        clients: Clients,
        settings: SettingsFile,
    ) -> None:
        self._window = window
        self._film = film
        self._review = review
        self._analysis = analysis
        self._clients = clients
        self._settings = settings

    async def analyse(self, only: wire.Kind | None = None) -> None:
        """Analyse…, or one kind of it: show what it means and start what is ticked."""
        opened = self._film.opened
        if opened is None:
            return
        me = await self._me()
        captions = await asyncio.to_thread(
            captions_beside, opened.project.video, self._settings.current.language
        )
        start = await self._suggested(opened, captions, only)
        duration = opened.probe.duration

        def price(plan: Plan) -> Quote:
            return quote.quote(me if plan.service == "nanoclip" else None, plan, duration)

        dialog = analyse_dialog.AnalyseDialog(
            self._window,
            _subject(opened),
            self._services(),
            price,
            start,
            notes=self._notes(),
        )
        if await notices.finished(dialog) != QDialog.DialogCode.Accepted:
            return
        plan = dialog.plan
        if self._film.opened is not opened or not await self._within_cap(price(plan), plan):
            return
        self._settings.update(language=plan.language, retake_language=plan.retake_language)
        self._analysis.start(plan)
        self._window.show_panel("Jobs")

    async def retakes_from_transcript(self) -> None:
        """Retakes from Transcript: the finder on the words at hand, whoever heard them."""
        found = await self._analysis.retakes_from_transcript()
        if found is None:
            return
        self._window.show_panel("Retakes")
        many = (
            "No retakes were"
            if not found
            else "One retake was"
            if found == 1
            else f"{found} retakes were"
        )
        self._window.notice.show_message(f"{many} found in this transcript, on this computer.")

    async def _me(self) -> wire.MeResponse | None:
        if await self._clients.default() == "local":
            return None
        try:
            return await (await self._clients.get("nanoclip")).me()
        except KeeptakeError as problem:
            self._window.notice.show_error(problem)
            return None

    async def _suggested(
        self, opened: Opened, captions: tuple[str, str] | None, only: wire.Kind | None
    ) -> Plan:
        now = self._settings.current
        service: Service = await self._clients.default()
        if now.service == "local":
            service = "local"
        retake_language = now.language if service == "local" else now.retake_language
        video = opened.probe.video is not None
        plan = workflows.Plan(
            service, now.language, retake_language, transcript=True, diarize=False, vision=video,
            retakes=video and (service == "local" or retake_language == "he"), captions=captions,
        )  # fmt: skip
        if only is None:
            return plan
        return replace(
            plan, transcript=only == "transcript", vision=only == "vision",
            retakes=only == "retakes",
        )  # fmt: skip

    def _services(self) -> tuple[ServiceChoice, ...]:
        host = urlsplit(service_address("nanoclip", os.environ)).hostname or ""
        return (
            analyse_dialog.ServiceChoice("nanoclip", "NanoClip", host),
            analyse_dialog.ServiceChoice("local", "This computer", ""),
        )

    def _notes(self) -> tuple[str, ...]:
        cap = self._settings.current.spend_cap_cents
        return (f"Your spend cap: {cap} ¢ for one analysis.",) if cap else ()

    async def _within_cap(self, price: Quote, plan: Plan) -> bool:
        cap = self._settings.current.spend_cap_cents
        if plan.service == "local" or not cap or price.total_cents <= cap:
            return True
        answer = await notices.ask(
            self._window, "Analyse",
            f"This costs {price.money(price.total_cents)}, over your spend cap of "
            f"{price.money(cap)}. Nothing was started.",
            ("Start Anyway", "Cancel"),
        )  # fmt: skip
        return answer == "Start Anyway"


def _subject(opened: Opened) -> Subject:
    return analyse_dialog.Subject(
        opened.project.video.name,
        text.length(opened.probe.duration),
        text.size(opened.probe.size_bytes),
        opened.probe.video is not None,
        opened.probe.audio is not None,
    )
