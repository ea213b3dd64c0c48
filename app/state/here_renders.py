"""Shorts rendered on this computer, as jobs: one after the other, gone on with after a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal

from app.core.errors import ExportError, KeeptakeError
from app.core.late import late
from app.core.moments import PlacedMoment
from app.core.review import Review
from app.core.timerange import total
from app.services.jobs import Job, JobRunner, JobState, Report
from app.state.film_state import FilmState
from app.state.opening import Opened
from app.state.review_state import ReviewState
from app.state.short_plan import ShortForm, short_plan
from app.state.tasks import Tasks

if TYPE_CHECKING:
    from app.media import short
    from app.services import short_names, shorts_download, shorts_ledger
    from app.services.shorts_ledger import Clip, RenderRecord, ShortsLedger
else:
    short = late("app.media.short")
    short_names = late("app.services.short_names")
    shorts_download = late("app.services.shorts_download")
    shorts_ledger = late("app.services.shorts_ledger")

CANCELLED = "Cancelled before it was finished; nothing was kept of it."


class Note(Protocol):
    """Writes down what of a clip changed."""

    def __call__(self, **changes: object) -> Awaitable[None]: ...


class HereRenders(QObject):
    """Renders with the project's cuts, corrected words and moved edges; costs nothing.

    folder: where shorts go; read when one is begun.

    Signals:
        changed: an order or one of its clips moved on.
        made(str): path of a short that is finished.
    """

    changed = Signal()
    made = Signal(str)

    def __init__(
        self, film: FilmState, review: ReviewState, runner: JobRunner, tasks: Tasks
    ) -> None:
        super().__init__()
        self.folder: Callable[[], Path] = Path.home
        self._film = film
        self._review = review
        self._runner = runner
        self._tasks = tasks
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
        record = await asyncio.to_thread(
            shorts_ledger.new_record, journal, "here", moments, asdict(form), names
        )
        await asyncio.to_thread(
            shorts_ledger.ShortsLedger(journal, "here").note, record.id, "asked"
        )
        self.changed.emit()
        for clip in record.clips:
            self._begin(opened, record, clip, review)

    def retry(self, record: RenderRecord, key: str) -> None:
        """Render one clip of an order again, with the project as it is now."""
        opened, review = self._film.opened, self._review.review
        if opened is not None and review is not None:
            clip = replace(record.clip(key), path="", bytes=0)
            self._begin(opened, record, clip, review)

    def resume(self) -> None:
        """Go on with what had not ended when the program did."""
        opened, review = self._film.opened, self._review.review
        if opened is None or review is None:
            return
        for record in shorts_ledger.ShortsLedger(opened.project.journal, "here").renders():
            for clip in record.clips:
                if clip.state in ("queued", "running"):
                    self._begin(opened, record, clip, review)

    def owns(self, job: Job) -> bool:
        """Whether a job is one of these."""
        return job.id in self._jobs

    def cancel(self, job: Job) -> None:
        """Stop a job; it is not gone on with by itself later."""
        if not job.state.ended:
            self._tasks.spawn(self._give_up(job))
        self._runner.cancel(job)

    async def _give_up(self, job: Job) -> None:
        """Written once the story let go, which would have the last word otherwise."""
        if await self._runner.finished(job) is JobState.CANCELLED:
            opened, record, clip = self._jobs[job.id]
            ledger = shorts_ledger.ShortsLedger(opened.project.journal, "here")
            more = {"state": "failed", "error": CANCELLED}
            await asyncio.to_thread(ledger.note_clip, record.id, clip.key, **more)
            self.changed.emit()

    def cancel_all(self) -> None:
        """Stop the film's jobs because it is closed; they go on when it is opened again."""
        for job in self._runner.jobs:
            if job.id in self._jobs and not job.state.ended:
                self._runner.cancel(job)
        # What is done is never tried again, and would keep its film in memory.
        kept = {job.id for job in self._runner.jobs if job.state is not JobState.DONE}
        self._jobs = {n: known for n, known in self._jobs.items() if n in kept}

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
        ledger = shorts_ledger.ShortsLedger(opened.project.journal, "here")

        async def note(**changes: object) -> None:
            await asyncio.to_thread(ledger.note_clip, record.id, clip.key, **changes)
            self.changed.emit()

        told = self._telling(ledger, record, clip, report)
        await note(state="queued", error="")
        report("Waiting for its turn", None)
        async with self._encoding:
            await note(state="running")
            try:
                path = await asyncio.to_thread(_finished, clip)
                if path is None:
                    part = await self._part(record, clip)
                    try:
                        await self._make(opened, clip, review, form, part, told)
                        path = await self._put(clip, part, note)
                    finally:
                        await asyncio.to_thread(part.unlink, missing_ok=True)
            except KeeptakeError as problem:
                await note(state="failed", error=str(problem))
                raise
            finally:
                ledger.let_go(record.id, clip.key)
            await note(state="downloaded")
        self.made.emit(str(path))

    def _telling(
        self, ledger: ShortsLedger, record: RenderRecord, clip: Clip, report: Report
    ) -> Report:
        shown = -1

        def told(stage: str, fraction: float | None) -> None:
            nonlocal shown
            ledger.set_progress(record.id, clip.key, fraction)
            report(stage, fraction)
            # No oftener than the percentage that is shown: every row is read again.
            before, shown = shown, round(100 * (fraction or 0))
            if shown != before:
                self.changed.emit()

        return told

    async def _part(self, record: RenderRecord, clip: Clip) -> Path:
        """Where it is rendered to: beside where it will be, by a name no other has."""
        folder = self.folder()
        try:
            await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        except OSError as problem:
            raise ExportError(
                f"The folder “{folder}” cannot be made, so nothing was rendered.",
                "Choose another Downloads folder in File > Settings….",
                str(problem),
            ) from problem
        place = next(n for n, c in enumerate(record.clips) if c.key == clip.key)
        return folder / f"{Path(clip.name).stem}.{record.id[:8]}-{place}.part.mp4"

    async def _put(self, clip: Clip, part: Path, note: Note) -> Path:
        """Check it and give it its name, never another file's that came meanwhile."""
        found = await asyncio.to_thread(short.check_short, part, None)
        while True:
            path = await asyncio.to_thread(short_names.free_path, part.parent, clip.name)
            # Written before it is there: a program that ends in between finds it again.
            await note(path=str(path), bytes=found.bytes)
            if await asyncio.to_thread(shorts_download.take_name, part, path):
                return path

    async def _make(
        self,
        opened: Opened,
        clip: Clip,
        review: Review,
        form: ShortForm,
        out: Path,
        report: Report,
    ) -> None:
        plan = await asyncio.to_thread(short_plan, review, clip.span, form)
        if not total(plan.keep):
            raise ExportError(
                f"Everything in “{clip.title}” is removed, so there is nothing to render.",
                "Restore something in it, or render it with what is removed.",
            )
        await short.render_short(opened.project.video, opened.probe, plan, out, report)


def _finished(clip: Clip) -> Path | None:
    """The file as it was put, also by a program that ended before it could say so."""
    path = Path(clip.path)
    try:
        there = bool(clip.path and clip.bytes) and path.stat().st_size == clip.bytes
    except OSError:
        return None
    return path if there else None
