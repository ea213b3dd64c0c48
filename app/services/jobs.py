"""Named long work: each job has a state, a stage, a fraction and an end."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from app.core.errors import KeeptakeError

Report = Callable[[str, float | None], None]
"""`report(stage, fraction)`: a few words, and 0 to 1 or None where it is not known."""

Story = Callable[[Report], Coroutine[Any, Any, object]]

KEPT = 60
"""Rows of jobs that are done; older ones go, those that can be tried again stay."""

QUIET = 0.1
"""Seconds between two broadcasts when only a fraction moved."""


class JobState(Enum):
    """Where a job is; the last three are ends, from the last two it can be tried again."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether nothing more happens by itself."""
        return self not in (JobState.QUEUED, JobState.RUNNING)


@dataclass(eq=False)
class Job:
    """One row: written by the runner alone, read by everyone.

    stage: what it is doing now, for people. fraction: 0 to 1, or None where it is not known.
    error: why it failed; None otherwise.
    """

    id: int
    name: str
    state: JobState = JobState.QUEUED
    stage: str = ""
    fraction: float | None = None
    error: KeeptakeError | None = None


@dataclass(eq=False)
class _Entry:
    """What the runner knows of a job beside its row."""

    job: Job
    story: Story
    retry: Story
    after: _Entry | None
    held: bool = False
    task: asyncio.Task[None] | None = None
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class _HeldUpError(KeeptakeError):
    """The job it waits for did not finish."""


class JobRunner:
    """Runs stories as tasks of the running event loop and keeps their rows.

    A KeeptakeError is a value in the row. Anything else is a bug: it reaches the loop's exception
    handler and the row says so. `on_change` is called in the loop's thread.
    """

    def __init__(self, on_change: Callable[[], None]) -> None:
        self._on_change = on_change
        self._entries: list[_Entry] = []
        self._begun = 0
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    @property
    def jobs(self) -> tuple[Job, ...]:
        """All jobs so far but the oldest that are done, oldest first."""
        return tuple(e.job for e in self._entries)

    def start(
        self, name: str, story: Story, *, retry: Story | None = None, after: Job | None = None
    ) -> Job:
        """Begin a job.

        retry: what runs when it is tried again; the same story where None. after: the job stays
        queued until that one is done, and fails or is cancelled with it.
        """
        before = self._entry(after) if after else None
        self._begun += 1
        entry = _Entry(Job(self._begun, name), story, retry or story, before)
        self._entries.append(entry)
        for old in [e for e in self._entries if e.job.state is JobState.DONE][:-KEPT]:
            self._entries.remove(old)
        self._begin(entry, story)
        return entry.job

    def cancel(self, job: Job) -> None:
        """Stop a job that has not ended; it becomes CANCELLED once its story let go."""
        if not job.state.ended and (task := self._entry(job).task) is not None:
            task.cancel()

    def retry(self, job: Job) -> None:
        """Try a failed or cancelled job again, with the jobs it waits for or that wait for it."""
        if job.state not in (JobState.FAILED, JobState.CANCELLED):
            return
        entry = self._entry(job)
        before = entry.after
        if before and before.job.state in (JobState.FAILED, JobState.CANCELLED):
            self.retry(before.job)
        if job.state.ended:
            self._begin(entry, entry.retry)
        for waiting in self._entries:
            if waiting.after is entry and waiting.held and waiting.job.state.ended:
                self._begin(waiting, waiting.retry)

    async def finished(self, job: Job) -> JobState:
        """Wait for the job's end and say which it was."""
        while not job.state.ended:
            await self._entry(job).ended.wait()
        return job.state

    async def close(self) -> None:
        """Cancel what runs and wait until every story let go; nothing is broadcast any more."""
        self._closed = True
        if self._timer:
            self._timer.cancel()
        tasks = [e.task for e in self._entries if e.task is not None and not e.task.done()]
        for task in tasks:
            task.cancel()
        # Their errors are read by `_end`, which each task calls when it is done.
        await asyncio.gather(*tasks, return_exceptions=True)

    def _entry(self, job: Job) -> _Entry:
        return next(e for e in self._entries if e.job is job)

    def _begin(self, entry: _Entry, story: Story) -> None:
        if self._closed:
            raise RuntimeError("the runner is closed")
        entry.held = False
        entry.ended.clear()
        job = entry.job
        job.state, job.stage, job.fraction, job.error = JobState.QUEUED, "", None, None
        if entry.after and not entry.after.job.state.ended:
            job.stage = f"Waiting for {entry.after.job.name}"
        loop = asyncio.get_running_loop()
        entry.task = loop.create_task(self._run(entry, story), name=f"job {job.id}: {job.name}")
        entry.task.add_done_callback(lambda task: self._end(entry, task))
        self._tell()

    async def _run(self, entry: _Entry, story: Story) -> None:
        job = entry.job
        if entry.after:
            before = entry.after.job
            if await self.finished(before) is not JobState.DONE:
                raise _HeldUpError(
                    f"{job.name} was not begun: {before.name} did not finish.",
                    f"Use Retry Job; {before.name} is tried again first.",
                )
        job.state, job.stage = JobState.RUNNING, ""
        self._tell()
        await story(lambda stage, fraction: self._moved(job, stage, fraction))

    def _moved(self, job: Job, stage: str, fraction: float | None) -> None:
        if job.state is not JobState.RUNNING:
            return
        same = job.stage == stage and (job.fraction is None) == (fraction is None)
        job.stage = stage
        job.fraction = None if fraction is None else min(1.0, max(0.0, fraction))
        if not same:
            self._tell()
        elif self._timer is None and not self._closed:
            self._timer = asyncio.get_running_loop().call_later(QUIET, self._tell)

    def _end(self, entry: _Entry, task: asyncio.Task[None]) -> None:
        job = entry.job
        before = entry.after.job if entry.after else None
        error = None if task.cancelled() else task.exception()
        if task.cancelled():
            job.state = JobState.CANCELLED
        elif isinstance(error, _HeldUpError):
            entry.held = True
            stopped = before is not None and before.state is JobState.CANCELLED
            job.state = JobState.CANCELLED if stopped else JobState.FAILED
            job.error = None if stopped else error
        elif isinstance(error, KeeptakeError):
            job.state, job.error = JobState.FAILED, error
        elif error is not None:
            job.state, job.error = JobState.FAILED, _bug(error)
            task.get_loop().call_exception_handler(
                {"message": f"job {job.name!r} has a bug", "exception": error, "task": task}
            )
        else:
            job.state, job.fraction = JobState.DONE, 1.0
            # The row stays; what its story knew, a whole film with its answers, does not.
            entry.task, entry.story, entry.retry = None, _nothing, _nothing
        entry.ended.set()
        self._tell()

    def _tell(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if not self._closed:
            self._on_change()


async def _nothing(_report: Report) -> None:
    """What is left to try of a job that is done."""


def _bug(error: BaseException) -> KeeptakeError:
    return KeeptakeError(
        "Something went wrong in Keeptake itself. Your decisions and answers are kept.",
        "Use Retry Job; if it happens again, use Help > Report a Problem….",
        "".join(traceback.format_exception(error)),
    )
