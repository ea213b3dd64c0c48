"""The story of Find Moments…: the form, the yes, and the form again where a field is refused."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from PySide6.QtWidgets import QDialog

from app.core.errors import MediaError
from app.core.late import late
from app.core.review import Review
from app.services.jobs import Job
from app.services.settings import SettingsFile, service_address
from app.state.film_state import FilmState
from app.state.opening import Opened
from app.state.review_state import ReviewState
from app.ui import notices, text
from app.ui.main_window import MainWindow
from app.ui.moment_presenter import MomentPresenter

if TYPE_CHECKING:
    from app.services import shorts_ledger, shorts_settings, znippet_refusals
    from app.services.clients import Clients
    from app.services.shorts_ledger import FindPlan
    from app.state.shorts_state import ShortsState
    from app.ui import analyse_dialog, find_moments_dialog
    from app.ui.find_moments_dialog import FindMomentsDialog
else:
    analyse_dialog = late("app.ui.analyse_dialog")
    find_moments_dialog = late("app.ui.find_moments_dialog")
    shorts_ledger = late("app.services.shorts_ledger")
    shorts_settings = late("app.services.shorts_settings")
    znippet_refusals = late("app.services.znippet_refusals")


def words_known(review: Review | None) -> Literal["none", "rough", "good"]:
    """What is known of the words that moments and captions are made of."""
    transcript = review.evidence.transcript if review else None
    if transcript is None or not transcript.words:
        return "none"
    return "rough" if transcript.rough else "good"


class FindStories:
    """Nothing is sent here before the person pressed Start."""

    def __init__(
        self,
        window: MainWindow,
        film: FilmState,
        review: ReviewState,
        shorts: ShortsState,
        presenter: MomentPresenter,
        clients: Clients,
        settings: SettingsFile,
    ) -> None:
        self._window = window
        self._film = film
        self._review = review
        self._shorts = shorts
        self._presenter = presenter
        self._clients = clients
        self._settings = settings
        self.spawn: Callable[[Coroutine[Any, Any, None]], object] = asyncio.ensure_future

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
        if await notices.finished(dialog) != QDialog.DialogCode.Accepted:
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
        if isinstance(job.error, znippet_refusals.FieldErrors) and job.error.issues:
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
        subject = analyse_dialog.Subject(
            video.name, text.length(opened.probe.duration), text.size(opened.probe.size_bytes)
        )
        host = urlsplit(service_address("znippet", os.environ)).hostname or ""
        services = (
            find_moments_dialog.ShortsService("znippet", "Znippet Shorts", host),
            find_moments_dialog.ShortsService("local", "This computer", ""),
        )
        return find_moments_dialog.FindMomentsDialog(
            self._window, subject, services, plan, notes=self._notes()
        )

    def _notes(self) -> tuple[str, ...]:
        match words_known(self._review.review):
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
        """The settings of last time; what was said about a film is kept with that film."""
        now = self._settings.current
        service = await self._clients.shorts_default()
        kept: dict[str, Any] = {
            a.key: getattr(now, a.setting) for a in shorts_settings.ASKED if a.setting
        }
        return shorts_ledger.FindPlan(service, **kept, description=self._shorts.last_description)

    def _remember(self, plan: FindPlan) -> None:
        kept = {a.setting: getattr(plan, a.key) for a in shorts_settings.ASKED if a.setting}
        self._settings.update(**kept)
        self._presenter.set_framing(plan.framing)
