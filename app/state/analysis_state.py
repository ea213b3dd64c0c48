"""Analyses as jobs: who is asked, what arrives, what goes on after a restart."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, get_args
from weakref import WeakValueDictionary

from PySide6.QtCore import QObject, Signal

from app.core.late import late
from app.core.retake_evidence import from_transcript
from app.core.timerange import SECOND
from app.services.jobs import Job, JobRunner, JobState, Report, Story
from app.state.film_state import FilmState
from app.state.opening import Opened, found
from app.state.review_state import ReviewState
from app.state.tasks import Tasks

if TYPE_CHECKING:
    from app.media import upload_copy
    from app.services import agreed, polling, quote, spending, uploading, wire, workflows
    from app.services import upload as uploads
    from app.services.agreed import Analysis
    from app.services.clients import Clients
    from app.services.ledger import Journal, Plan
    from app.services.parsing import Parser
    from app.services.spending import Spending
    from app.services.wire import Service
else:
    upload_copy = late("app.media.upload_copy")
    agreed = late("app.services.agreed")
    polling = late("app.services.polling")
    quote = late("app.services.quote")
    spending = late("app.services.spending")
    wire = late("app.services.wire")
    uploading = late("app.services.uploading")
    uploads = late("app.services.upload")
    workflows = late("app.services.workflows")

NAMES: dict[wire.Kind, str] = {
    "transcript": "Transcript",
    "vision": "Vision",
    "retakes": "Retakes",
}

LONG = 600 * SECOND
"""From that length on an answer may be too large to be read in place."""

HERE = "this computer"
"""Whose answer it is where no service was asked."""


@dataclass(frozen=True)
class _Agreed:
    """What a job was to find, so that a cancelled one can be set aside; all of it for an upload."""

    opened: Opened
    service: Service
    kinds: tuple[wire.Kind, ...]


class AnalysisState(QObject):
    """Starts the jobs of a plan and hands what they find to the review.

    Signals:
        arrived(str): evidence of this kind has come in.
        notice(str): a sentence about what came of it.
    """

    arrived = Signal(str)
    notice = Signal(str)

    def __init__(
        self, film: FilmState, review: ReviewState, runner: JobRunner, clients: Clients,
        parser: Parser,
        tasks: Tasks,
        spent: Spending,
    ) -> None:  # fmt: skip
        super().__init__()
        self._film = film
        self._review = review
        self._runner = runner
        self._clients = clients
        self._parser = parser
        self._tasks = tasks
        self._spent = spent
        self._stopping: dict[tuple[Service, wire.Kind], asyncio.Task[None]] = {}
        self._agreed: dict[int, _Agreed] = {}
        self.copies: Callable[[], Path] = lambda: Path(tempfile.gettempdir())
        """Where smaller upload copies are made; composition says the cache folder."""
        # A lock lasts as long as some analysis of its project and service.
        self._locks: WeakValueDictionary[tuple[str, Service], asyncio.Lock] = WeakValueDictionary()

    def start(self, plan: Plan) -> tuple[Job, ...]:
        """The jobs of a plan that a person said yes to: one upload, then one for each analysis."""
        opened = self._film.opened
        if opened is None or not plan.kinds:
            return ()
        return self._begin(opened, plan, again=True)

    def resume(self) -> tuple[Job, ...]:
        """Go on with what was agreed to for this film before the program ended."""
        opened = self._film.opened
        if opened is None:
            return ()
        jobs: list[Job] = []
        for service in get_args(wire.Service):
            if plan := workflows.pending(opened.project.journal, service):
                jobs.extend(self._begin(opened, plan, again=False))
        return tuple(jobs)

    def cancel(self, job: Job) -> None:
        """Stop a job; it is not gone on with by itself later."""
        if (agreed := self._agreed.get(job.id)) and not job.state.ended:
            stopping = self._tasks.spawn(self._set_aside(agreed))
            for kind in agreed.kinds:
                self._stopping[agreed.service, kind] = stopping
        self._runner.cancel(job)

    async def _set_aside(self, agreed: _Agreed) -> None:
        journal = agreed.opened.project.journal
        # The journal waits for the disk.
        for kind in agreed.kinds:
            await asyncio.to_thread(workflows.set_aside, journal, agreed.service, kind)
            if agreed.service == "local":
                await workflows.stop_here(await self._clients.get("local"), journal, kind)

    def cancel_all(self) -> None:
        """Stop the film's jobs because it is closed; they go on when it is opened again."""
        for job in self._runner.jobs:
            if job.id in self._agreed and job.state in (JobState.QUEUED, JobState.RUNNING):
                self._runner.cancel(job)
        # What is done cannot be set aside any more, and would keep its film in memory.
        done = {job.id for job in self._runner.jobs if job.state is JobState.DONE}
        self._agreed = {n: what for n, what in self._agreed.items() if n not in done}

    async def retakes_from_transcript(self) -> int | None:
        """Run the finder on the transcript at hand; how many, None without words."""
        review = self._review.review
        opened = self._film.opened
        if review is None or opened is None or review.evidence.transcript is None:
            return None
        evidence = review.evidence
        transcript = review.evidence.transcript
        retakes = await asyncio.to_thread(
            from_transcript, transcript, evidence.footage, "transcript"
        )
        if self._film.opened is not opened:
            return None
        await self._review.land(retakes=retakes)
        raw = await asyncio.to_thread(
            lambda: wire.body(wire.RetakeRemovalResultResponse.of(retakes, HERE))
        )
        opened.project.save_answer("retakes", raw, HERE)
        return len(retakes.remove_spans)

    async def bring(self, path: Path, language: str | None) -> tuple[str, ...]:
        """A transcript read from a file takes the place of the one at hand; raises MediaError.

        Sentences about what was left out or guessed; none where another film was opened meanwhile.
        """
        opened = self._film.opened
        if opened is None:
            return ()
        duration = opened.review.evidence.footage.duration
        found = await self._parser.brought(path, language, duration, HERE)
        if self._film.opened is not opened:
            return ()
        words = {"transcript": found.transcript}
        opened.project.save_answer("transcript", found.raw, HERE, replaces=self._has(words))
        gone = await self._review.land(**words)
        if self._film.opened is not opened:
            return ()
        self.arrived.emit("transcript")
        return (*found.notices, *_left_out(gone, backed_up=not opened.project.in_memory))

    def _begin(self, opened: Opened, plan: Plan, *, again: bool) -> tuple[Job, ...]:
        made: asyncio.Task[Analysis] | None = None

        async def analysis() -> Analysis:
            nonlocal made
            if made is None or await self._is_over(made):
                made = asyncio.get_running_loop().create_task(self._analysis(opened, plan))
            return await asyncio.shield(made)

        async def upload(report: Report) -> None:
            report("Connecting", None)
            await uploading.ensure_uploaded(await analysis(), report)

        def story(kind: wire.Kind, ask_again: bool) -> Story:
            async def one(report: Report) -> None:
                # Tried again at once, the end of what was cancelled has to come first.
                if stopping := self._stopping.get((plan.service, kind)):
                    await asyncio.wait({stopping})
                await workflows.run(await analysis(), kind, report, again=ask_again)

            return one

        name = "Copy to this computer's service" if plan.service == "local" else "Upload"
        first = self._runner.start(name, upload)
        self._agreed[first.id] = _Agreed(opened, plan.service, plan.kinds)
        jobs = [first]
        for kind in plan.kinds:
            # Trying again here costs nothing; at the cloud only what was just agreed to is paid.
            retry = story(kind, plan.service == "local" or again)
            job = self._runner.start(NAMES[kind], story(kind, again), retry=retry, after=first)
            self._agreed[job.id] = _Agreed(opened, plan.service, (kind,))
            jobs.append(job)
        return tuple(jobs)

    async def _is_over(self, made: asyncio.Task[Analysis]) -> bool:
        """Whether it came to nothing, or asks a local service that has ended since."""
        if not made.done():
            return False
        if made.cancelled() or made.exception():
            return True
        before = made.result()
        return before.plan.service == "local" and before.client is not await self._clients.get(
            "local"
        )

    async def _analysis(self, opened: Opened, plan: Plan) -> Analysis:
        if opened.review.evidence.footage.duration >= LONG:
            self._tasks.spawn(self._parser.start())
        client = await self._clients.get(plan.service)
        lock = self._locks.setdefault((str(opened.project.path), plan.service), asyncio.Lock())
        return agreed.Analysis(
            client, plan, opened.project.video, opened.probe, self._journal(opened, plan),
            lambda kind, raw, value: self._receive(opened, plan.service, kind, raw, value),
            self._parser, polling.pace(plan.service), uploads.persistence_of(plan.service),
            lock=lock, copy=self._copy(opened, plan),
        )  # fmt: skip

    def _copy(self, opened: Opened, plan: Plan) -> Callable[[Report], Awaitable[Path]] | None:
        """How the smaller copy is made, where the plan wants one uploaded."""
        lines = plan.copy_lines
        if not lines:
            return None
        project = opened.project

        async def make(report: Report) -> Path:
            return await upload_copy.upload_copy(
                project.video, opened.probe, lines, self.copies(), project.meta.content_key, report
            )

        return make

    def _journal(self, opened: Opened, plan: Plan) -> Journal:
        """The project's journal; where commands are charged, one that books them."""
        if plan.service == "local":
            return opened.project.journal
        # A plan of an older version tells no prices: the published ones are counted.
        cents = plan.cents or quote.quote(None, plan, opened.probe.duration).by_kind
        return spending.BookedJournal(opened.project.journal, self._spent, dict(cents))

    def _has(self, evidence: Mapping[str, object]) -> bool:
        """Whether something of the kind is in the review already."""
        review = self._review.review
        return review is not None and any(getattr(review.evidence, name) for name in evidence)

    async def _receive(
        self, opened: Opened, service: Service, kind: str, raw: bytes, value: object
    ) -> None:
        evidence = found(value)  # type: ignore[arg-type]
        replaces = self._film.opened is opened and self._has(evidence)
        kept = opened.project.save_answer(kind, raw, service, replaces=replaces)
        gone = await self._review.land(**evidence) if self._film.opened is opened else 0
        if self._film.opened is opened:
            self.arrived.emit(kind)
            for sentence in _left_out(gone, backed_up=not opened.project.in_memory):
                self.notice.emit(sentence)
        # Only then does the journal call the answer received.
        await asyncio.wrap_future(kept)


def _left_out(gone: int, *, backed_up: bool) -> tuple[str, ...]:
    """What to tell a person about so many decisions that could not be brought over."""
    if not gone:
        return ()
    what = "One correction or name was" if gone == 1 else f"{gone} corrections or names were"
    kept = " The project as it was is kept among its backups." if backed_up else ""
    return (f"{what} about words or faces that the new answer does not have, and left out.{kept}",)
