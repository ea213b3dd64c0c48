"""Stories of the Analyse menu: the quote and the yes, and the finder on the words at hand."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine
from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args
from urllib.parse import urlsplit

from PySide6.QtWidgets import QDialog

from app.core.errors import KeeptakeError, ServiceError, Unreachable
from app.core.late import late
from app.services.settings import SettingsFile, service_address
from app.state.analysis_state import AnalysisState
from app.state.film_state import FilmState
from app.state.opening import Opened, captions_beside
from app.ui import notices, text
from app.ui.main_window import MainWindow

if TYPE_CHECKING:
    from app.services import ledger, offer, wire
    from app.services.clients import Clients
    from app.services.ledger import Plan
    from app.services.offer import Offer, Upload
    from app.services.spending import Spending
    from app.services.wire import Service
    from app.ui import analyse_dialog
    from app.ui.analyse_dialog import AnalyseDialog, ServiceChoice, Subject
else:
    analyse_dialog = late("app.ui.analyse_dialog")
    ledger = late("app.services.ledger")
    offer = late("app.services.offer")
    wire = late("app.services.wire")

PATIENCE = 8.0
"""Seconds for NanoClip's prices, before the published ones have to do."""


NO_KEY = "There is no NanoClip key, so nothing can be started there; enter it in File > Settings…."


class AnalysisStories:
    """Nothing is started here before the person pressed Start."""

    def __init__(
        self,
        window: MainWindow,
        film: FilmState,
        analysis: AnalysisState,
        clients: Clients,
        settings: SettingsFile,
        spending: Spending,
    ) -> None:
        self._window = window
        self._film = film
        self._analysis = analysis
        self._clients = clients
        self._settings = settings
        self._spending = spending

    async def analyse(self, only: wire.Kind | None = None) -> None:
        """Analyse…, or one kind of it: show what it means and start what is ticked."""
        opened = self._film.opened
        if opened is None:
            return
        captions = await asyncio.to_thread(
            captions_beside, opened.project.video, self._settings.current.language
        )
        start = await self._suggested(opened, captions, only)
        known = offer.Standing(cap=self._settings.current.spend_cap_cents)
        ledgers = {s: ledger.Ledger(opened.project.journal, s) for s in get_args(wire.Service)}

        def offered(plan: Plan) -> Offer:
            return offer.Offer(plan, _upload(opened), known, ledgers[plan.service])

        dialog = analyse_dialog.AnalyseDialog(
            self._window, _subject(opened), self._services(), offered, start
        )

        async def ask() -> None:
            nonlocal known
            try:
                known = replace(known, spent=await asyncio.to_thread(self._spending.this_month))
                known = replace(known, me=await self._me())
            except KeeptakeError as problem:
                refused = isinstance(problem, ServiceError) and problem.status == 401
                dialog.show_asked(str(problem), refused=refused)
            else:
                told = NO_KEY if known.me is None else self._spending.notice
                dialog.show_asked(told, refused=known.me is None)

        plan = await self._agreed(dialog, ask())
        if plan is None or self._film.opened is not opened:
            return
        plan = replace(plan, cents=offered(plan).quote.by_kind)
        self._settings.update(language=plan.language, retake_language=plan.retake_language)
        self._analysis.start(plan)
        self._window.show_panel("Jobs")

    async def _agreed(
        self, dialog: AnalyseDialog, beside: Coroutine[Any, Any, None]
    ) -> Plan | None:
        """What the person says yes to; `beside` runs while the dialog is open, no longer."""
        asking = asyncio.get_running_loop().create_task(beside)
        try:
            accepted = await notices.finished(dialog) == QDialog.DialogCode.Accepted
            # Read at once: the dialog is deleted at the loop's next turn.
            plan = dialog.plan if accepted else None
        finally:
            asking.cancel()
            await asyncio.wait({asking})
        if not asking.cancelled():
            asking.result()
        return plan

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
        """What NanoClip says of the key, raises ServiceError; None where there is no key."""
        if await self._clients.default() == "local":
            return None
        try:
            async with asyncio.timeout(PATIENCE):
                return await (await self._clients.get("nanoclip")).me()
        except TimeoutError:
            raise Unreachable("NanoClip did not say its prices in time.") from None

    async def _suggested(
        self, opened: Opened, captions: tuple[str, str] | None, only: wire.Kind | None
    ) -> Plan:
        now = self._settings.current
        service: Service = await self._clients.default()
        if now.service == "local":
            service = "local"
        retake_language = now.language if service == "local" else now.retake_language
        video = opened.probe.video is not None
        # NanoClip documents Hebrew alone: for another language nothing is ordered unasked.
        retakes = service == "local" or now.language == retake_language == "he"
        plan = ledger.Plan(
            service, now.language, retake_language, transcript=True, diarize=False, vision=video,
            retakes=video and retakes, captions=captions,
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


def _upload(opened: Opened) -> Upload:
    probe = opened.probe
    return offer.Upload(
        probe.size_bytes, probe.content_type, probe.duration, probe.video is not None
    )


def _subject(opened: Opened) -> Subject:
    return analyse_dialog.Subject(
        opened.project.video.name,
        text.length(opened.probe.duration),
        text.size(opened.probe.size_bytes),
        opened.probe.video is not None,
        opened.probe.audio is not None,
    )
