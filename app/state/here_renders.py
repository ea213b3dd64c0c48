"""Shorts rendered on this computer, as jobs: one after the other, gone on with after a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.core.errors import ExportError, KeeptakeError
from app.core.moments import PlacedMoment
from app.core.review import Review
from app.core.timerange import total
from app.media.short import check_short, render_short
from app.services.jobs import Job, JobRunner, Report
from app.services.short_names import free_path
from app.services.shorts_ledger import Clip, RenderRecord, ShortsLedger, new_record
from app.state.film_state import FilmState
from app.state.opening import Opened
from app.state.review_state import ReviewState
from app.state.short_plan import ShortForm, short_plan

CANCELLED = "Cancelled before it was finished; nothing was kept of it."


class HereRenders(QObject):
    """Renders with the project's cuts, corrected words and moved edges; costs nothing.

    folder: where shorts go; read when one is begun.

    Signals:
        changed: an order or one of its clips moved on.
        made(str): path of a short that is finished.
    """

    changed = Signal()
    made = Signal(str)

    def __init__(self, film: FilmState, review: ReviewState, runner: JobRunner) -> None:
        super().__init__()
        self.folder: Callable[[], Path] = Path.home
        self._film = film
        self._review = review
        self._runner = runner
        # One at a time: each takes the cores there are.
        self._encoding = asyncio.Lock()
        self._jobs: dict[int, tuple[Opened, RenderRecord, Clip]] = {}

    async def render(
        self, moments: Sequence[PlacedMoment], form: ShortForm, names: Sequence[str]
    ) -> None:
        """Order shorts of these moments as they are now."""
        opened, review = self._film.opened, self._review.review
        if opened is None or review is None:
            return
        journal = opened.project.journal
        record = await asyncio.to_thread(new_record, journal, "here", moments, asdict(form), names)
        await asyncio.to_thread(ShortsLedger(journal, "here").note, record.id, "asked")
        self.changed.emit()
        for clip in record.clips:
            self._begin(opened, record, clip, review)

    def retry(self, record: RenderRecord, key: str) -> None:
        """Render one clip of an order again, with the project as it is now."""
        opened, review = self._film.opened, self._review.review
        if opened is not None and review is not None:
            clip = replace(record.clip(key), path="")
            self._begin(opened, record, clip, review)

    def resume(self) -> None:
        """Go on with what had not ended when the program did."""
        opened, review = self._film.opened, self._review.review
        if opened is None or review is None:
            return
        for record in ShortsLedger(opened.project.journal, "here").renders():
            for clip in record.clips:
                if clip.state in ("queued", "running"):
                    self._begin(opened, record, clip, review)

    def owns(self, job: Job) -> bool:
        """Whether a job is one of these."""
        return job.id in self._jobs

    def cancel(self, job: Job) -> None:
        """Stop a job; it is not gone on with by itself later."""
        opened, record, clip = self._jobs[job.id]
        if not job.state.ended:
            ledger = ShortsLedger(opened.project.journal, "here")
            ledger.note_clip(record.id, clip.key, state="failed", error=CANCELLED)
        self._runner.cancel(job)
        self.changed.emit()

    def cancel_all(self) -> None:
        """Stop the film's jobs because it is closed; they go on when it is opened again."""
        for job in self._runner.jobs:
            if job.id in self._jobs and not job.state.ended:
                self._runner.cancel(job)

    def _begin(self, opened: Opened, record: RenderRecord, clip: Clip, review: Review) -> None:
        for job in self._runner.jobs:
            known = self._jobs.get(job.id)
            same = known is not None and (known[1].id, known[2].key) == (record.id, clip.key)
            if same and not job.state.ended:
                return
        form = ShortForm(**record.settings)

        async def story(report: Report) -> None:
            await self._story(opened, record, clip, review, form, report)

        job = self._runner.start(f"Render “{clip.title}” here", story)
        self._jobs[job.id] = (opened, record, clip)

    async def _story(
        self,
        opened: Opened,
        record: RenderRecord,
        clip: Clip,
        review: Review,
        form: ShortForm,
        report: Report,
    ) -> None:
        ledger = ShortsLedger(opened.project.journal, "here")

        async def note(**changes: object) -> None:
            await asyncio.to_thread(ledger.note_clip, record.id, clip.key, **changes)
            self.changed.emit()

        def told(stage: str, fraction: float | None) -> None:
            ledger.set_progress(record.id, clip.key, fraction)
            report(stage, fraction)
            self.changed.emit()

        await note(state="queued", error="")
        report("Waiting for its turn", None)
        async with self._encoding:
            await note(state="running")
            try:
                path = await self._place(clip)
                # Written before it is there: a program that ended after the last frame finds it.
                await note(path=str(path))
                if not await asyncio.to_thread(path.exists):
                    await self._make(opened, clip, review, form, path, told)
                found = await asyncio.to_thread(check_short, path, None)
            except KeeptakeError as problem:
                await note(state="failed", error=str(problem))
                raise
            finally:
                ledger.let_go(record.id, clip.key)
            await note(state="downloaded", path=str(path), bytes=found.bytes)
        self.made.emit(str(path))

    async def _place(self, clip: Clip) -> Path:
        """The file this clip will be: the one noted before, else a free one in the folder."""
        if clip.path:
            return Path(clip.path)
        folder = self.folder()
        try:
            await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        except OSError as problem:
            raise ExportError(
                f"The folder “{folder}” cannot be made, so nothing was rendered.",
                "Choose another Downloads folder in File > Settings….",
                str(problem),
            ) from problem
        return await asyncio.to_thread(free_path, folder, clip.name)

    async def _make(
        self,
        opened: Opened,
        clip: Clip,
        review: Review,
        form: ShortForm,
        path: Path,
        report: Report,
    ) -> None:
        plan = await asyncio.to_thread(short_plan, review, clip.span, form)
        if not total(plan.keep):
            raise ExportError(
                f"Everything in “{clip.title}” is removed, so there is nothing to render.",
                "Restore something in it, or render it with what is removed.",
            )
        await render_short(opened.project.video, opened.probe, plan, path, report)
