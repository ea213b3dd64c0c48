"""Moments and shorts as jobs: what is asked, what arrives, what goes on after a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from app.core.late import late
from app.core.moments import Moments, PlacedMoment
from app.core.review import Review
from app.core.transcript import Transcript
from app.services.jobs import Job, JobRunner, JobState, Report, Story
from app.state.film_state import FilmState
from app.state.opening import Opened
from app.state.review_state import ReviewState
from app.state.tasks import Tasks

if TYPE_CHECKING:
    from app.media import short
    from app.services import polling, shorts_download, shorts_ledger, shorts_render, upload, wire
    from app.services import shorts as finding
    from app.services.clients import Clients
    from app.services.shorts import Shorts
    from app.services.shorts_ledger import Clip, FindPlan, RenderRecord
    from app.services.wire_shorts import Service
else:
    polling = late("app.services.polling")
    short = late("app.media.short")
    finding = late("app.services.shorts")
    shorts_download = late("app.services.shorts_download")
    shorts_ledger = late("app.services.shorts_ledger")
    shorts_render = late("app.services.shorts_render")
    upload = late("app.services.upload")
    wire = late("app.services.wire")


@dataclass(frozen=True)
class _Order:
    """What a job is about: an analysis, a render, or one clip of it."""

    opened: Opened
    plan: FindPlan | None = None
    record: RenderRecord | None = None
    clip: str = ""


class ShortsState(QObject):
    """Starts the jobs a person said yes to and keeps the list of shorts.

    folder: where shorts go; read when one is to be written.

    Signals:
        arrived: moments have come in.
        changed: an order or one of its clips moved on.
        made(str): path of a short that is finished.
    """

    arrived = Signal()
    changed = Signal()
    made = Signal(str)

    def __init__(
        self,
        film: FilmState,
        review: ReviewState,
        runner: JobRunner,
        clients: Clients,
        tasks: Tasks,
    ) -> None:
        super().__init__()
        self.folder: Callable[[], Path] = Path.home
        self._film = film
        self._review = review
        self._runner = runner
        self._clients = clients
        self._tasks = tasks
        self._orders: dict[int, _Order] = {}
        self._stopping: dict[str, asyncio.Task[None]] = {}
        self._records: tuple[RenderRecord, ...] | None = None
        self._by_key: dict[str, list[tuple[RenderRecord, Clip]]] | None = None
        film.changed.connect(self.refresh)

    # What is

    @property
    def records(self) -> tuple[RenderRecord, ...]:
        """Every order of shorts for this film, newest first."""
        if self._records is None:
            opened = self._film.opened
            self._records = shorts_ledger.all_renders(opened.project.journal) if opened else ()
        return self._records

    @property
    def undownloaded(self) -> int:
        """How many shorts were rendered by a service and not fetched."""
        return sum(c.state == "ready" for r in self.records for c in r.clips)

    def clips_of(self, key: str) -> tuple[tuple[RenderRecord, Clip], ...]:
        """Every short ordered of a moment, newest first."""
        if self._by_key is None:
            self._by_key = {}
            for record in self.records:
                for clip in record.clips:
                    self._by_key.setdefault(clip.key, []).append((record, clip))
        return tuple(self._by_key.get(key, ()))

    def short_of(self, key: str) -> Path | None:
        """The newest short of a moment that was put into a folder, or None."""
        paths = (c.path for _, c in self.clips_of(key) if c.state == "downloaded" and c.path)
        return next((Path(p) for p in paths), None)

    def owns(self, job: Job) -> bool:
        """Whether a job is one of these."""
        return job.id in self._orders

    def refresh(self) -> None:
        """Read the orders again and tell."""
        self._records = self._by_key = None
        self.changed.emit()

    # What may be asked

    @property
    def last_description(self) -> str:
        """What was last said about this film when moments were looked for."""
        opened = self._film.opened
        if opened is None:
            return ""
        entries = [
            shorts_ledger.ShortsLedger(opened.project.journal, maker).moments
            for maker in shorts_ledger.MAKERS
        ]
        latest = max(entries, key=lambda e: str(e.get("asked_at", "")))
        return str(latest.get("settings", {}).get("videoDescription", ""))

    def may_be_charged_twice(self, plan: FindPlan) -> bool:
        """Whether Znippet may have taken an earlier order of this film that was never answered."""
        opened = self._film.opened
        if opened is None or plan.service != "znippet":
            return False
        entry = shorts_ledger.ShortsLedger(opened.project.journal, "znippet").moments
        return entry.get("state") in ("asking", "unknown")

    def find(self, plan: FindPlan) -> Job | None:
        """Look for moments as a person agreed to."""
        opened = self._film.opened
        return self._find(opened, plan, again=True) if opened else None

    async def render(
        self,
        service: Service,
        moments: Sequence[PlacedMoment],
        settings: dict[str, Any],
        names: Sequence[str],
    ) -> Job | None:
        """Order shorts of a service's own moments, as a person agreed to; downloads follow."""
        opened = self._film.opened
        if opened is None:
            return None
        journal = opened.project.journal
        record = await asyncio.to_thread(
            shorts_ledger.new_record, journal, service, moments, settings, names
        )
        self.refresh()
        return self._render(opened, record, again=True)

    def go_on(self, record: RenderRecord) -> None:
        """Wait for an order again that a person had stopped waiting for; asks for nothing new."""
        if (opened := self._film.opened) is not None:
            self._render(opened, record, again=False)

    def download_waiting(self) -> None:
        """Fetch what was rendered and is not on this computer yet."""
        if (opened := self._film.opened) is not None:
            for record, clip in shorts_ledger.waiting_downloads(opened.project.journal):
                self._download(opened, record, clip)

    def download(self, record_id: str, key: str) -> None:
        """Fetch one short."""
        opened = self._film.opened
        for record in self.records:
            if opened is not None and record.id == record_id:
                self._download(opened, record, record.clip(key))

    def resume(self) -> None:
        """Go on with what was ordered for this film before the program ended."""
        opened = self._film.opened
        if opened is None:
            return
        journal = opened.project.journal
        for plan in shorts_ledger.pending_finds(journal):
            self._find(opened, plan, again=False)
        for record in shorts_ledger.pending_renders(journal):
            if record.service != "here":
                self._render(opened, record, again=False)
        self.download_waiting()

    async def finished(self, job: Job) -> None:
        """Wait for a job's end."""
        await self._runner.finished(job)

    def cancel(self, job: Job) -> None:
        """Stop a job; it is not gone on with by itself later."""
        order = self._orders.get(job.id)
        if order is not None and not job.state.ended:
            stopping = self._tasks.spawn(self._set_aside(order))
            self._stopping[_what(order)] = stopping
        self._runner.cancel(job)

    def cancel_all(self) -> None:
        """Stop the film's jobs because it is closed; they go on when it is opened again."""
        for job in self._runner.jobs:
            if job.id in self._orders and not job.state.ended:
                self._runner.cancel(job)
        # What is done is never tried again, and would keep its film in memory.
        kept = {job.id for job in self._runner.jobs if job.state is not JobState.DONE}
        self._orders = {n: order for n, order in self._orders.items() if n in kept}

    # Jobs

    def _find(self, opened: Opened, plan: FindPlan, *, again: bool) -> Job:
        words = self._words() if plan.service == "local" else None

        def story(ask_again: bool) -> Story:
            async def one(report: Report) -> None:
                report("Connecting", None)
                await self._stopped(f"find {plan.service}")
                shorts = await self._with(opened, plan.service)
                raw, found = await finding.find_moments(
                    shorts, plan, report, again=ask_again, words=words
                )
                await self._receive(opened, plan.service, raw, found)
                await finding.received(shorts)
                found_many = len(found.items)
                report("1 moment found" if found_many == 1 else f"{found_many} moments found", 1.0)

            return one

        # Trying again costs nothing here; at the cloud only what was just agreed to is paid.
        retry = story(plan.service == "local")
        job = self._runner.start("Find moments", story(again), retry=retry)
        self._orders[job.id] = _Order(opened, plan=plan)
        return job

    def _render(self, opened: Opened, record: RenderRecord, *, again: bool) -> Job:
        def story(ask_again: bool) -> Story:
            async def one(report: Report) -> None:
                report("Connecting", None)
                await self._stopped(record.id)
                shorts = await self._with(opened, record.service)
                try:
                    await shorts_render.render(
                        shorts, record.id, report, self.refresh,
                        lambda clip: self._download(opened, record, clip), again=ask_again,
                    )  # fmt: skip
                finally:
                    self.refresh()

            return one

        many = len(record.clips)
        name = f"Render “{record.clips[0].title}”" if many == 1 else f"Render {many} moments"
        job = self._runner.start(name, story(again), retry=story(record.service == "local"))
        self._orders[job.id] = _Order(opened, record=record)
        return job

    def _download(self, opened: Opened, record: RenderRecord, clip: Clip) -> None:
        for job in self._runner.jobs:
            order = self._orders.get(job.id)
            if order is None or order.record is None or job.state.ended:
                continue
            if (order.record.id, order.clip) == (record.id, clip.key):
                return

        async def story(report: Report) -> None:
            shorts = await self._with(opened, record.service)
            try:
                path = await shorts_download.download(
                    shorts, record.id, clip.key, self.folder(), report, check=short.check_short
                )
            finally:
                self.refresh()
            self.made.emit(str(path))

        job = self._runner.start(f"Download “{clip.title}”", story)
        self._orders[job.id] = _Order(opened, record=record, clip=clip.key)

    async def _receive(self, opened: Opened, service: str, raw: bytes, found: Moments) -> None:
        kept = opened.project.save_answer("moments", raw, service)
        if self._film.opened is opened and self._review.review is not None:
            self._review.receive(moments=found)
            self.arrived.emit()
        # Only then does the journal call the answer received.
        await asyncio.wrap_future(kept)

    async def _with(self, opened: Opened, service: Any) -> Shorts:
        """What the stories of one film and service share."""
        client = await self._clients.shorts(service)
        pace = polling.pace(service)
        project = opened.project
        return finding.Shorts(
            client, project.journal, project.video, opened.probe, pace,
            upload.persistence_of(service),
        )  # fmt: skip

    async def _stopped(self, what: str) -> None:
        """Tried again at once, the end of what was cancelled has to come first."""
        if stopping := self._stopping.get(what):
            await asyncio.wait({stopping})

    async def _set_aside(self, order: _Order) -> None:
        journal = order.opened.project.journal
        # The journal waits for the disk.
        if order.plan is not None:
            await asyncio.to_thread(shorts_ledger.set_aside_find, journal, order.plan.service)
            if order.plan.service == "local":
                await finding.stop_finding(await self._with(order.opened, "local"))
        elif order.record is not None and not order.clip:
            await asyncio.to_thread(shorts_ledger.set_aside_render, journal, order.record)
            if order.record.service == "local":
                await shorts_render.stop_rendering(
                    await self._with(order.opened, "local"), order.record.id
                )
        self.refresh()

    def _words(self) -> tuple[str, str] | None:
        """The transcript at hand, as corrected, for the local service and no other."""
        review = self._review.review
        transcript = review.evidence.transcript if review else None
        if review is None or transcript is None or not transcript.words:
            return None
        raw = wire.body(wire.TranscriptionResultResponse.of(_corrected(transcript, review)))
        return "words.json", raw.decode()


def _what(order: _Order) -> str:
    if order.plan is not None:
        return f"find {order.plan.service}"
    return order.record.id if order.record is not None else ""


def _corrected(transcript: Transcript, review: Review) -> Transcript:
    said = review.decisions.corrections
    if not said:
        return transcript
    words = tuple(
        replace(w, text=said[i]) if i in said else w for i, w in enumerate(transcript.words)
    )
    return replace(transcript, words=words, text="")
