"""Moments searched for and shorts rendered: what each needs first, in its turn, gone on with."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import assert_never, get_args

from app.local_service.analyses.tasks import MomentsTask, RenderTask
from app.local_service.processes import Told, run_process
from app.local_service.projects import Projects
from app.local_service.reuse import at_hand
from app.local_service.runner import Runner
from app.local_service.shapes import Analysis as Kind
from app.local_service.shapes import Project, Run
from app.local_service.shorts_jobs import CANCELLED, Analysis, Clip, Render, ShortsJobs
from app.services import wire
from app.services import wire_shorts as shorts

GONE = "The upload is not there any more, so it must be uploaded and analysed again."
UNEXPECTED = "It ended unexpectedly. Nothing was lost; try again."
_READY = 0.9
"""Part of an analysis's progress that words, scenes and faces are."""


class ShortsRunner:
    """Runs the jobs of the shorts contract. Everything is called in one event loop.

    Words, scenes and faces are analyses of the upload's project, run by `analyses`, so that each
    is done once for all jobs. turn: shared by all that computes.
    """

    def __init__(
        self, projects: Projects, jobs: ShortsJobs, analyses: Runner, turn: asyncio.Semaphore
    ) -> None:
        self.jobs = jobs
        self._projects = projects
        self._analyses = analyses
        self._turn = turn
        # ffmpeg takes all cores by itself; one after the other, the first short is there sooner.
        self._rendering = asyncio.Lock()
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def resume(self) -> None:
        """Go on with what an earlier process left unfinished."""
        for job in self.jobs.unfinished:
            if isinstance(job, Analysis):
                self.analyse(job)
            else:
                self.jobs.clear_parts(job)
                self.render(job)

    def analyse(self, job: Analysis) -> None:
        """Search for moments."""
        self._launch(job, self._search(job))

    def render(self, job: Render) -> None:
        """Render every clip that has not ended."""
        self._launch(job, self._render_all(job))

    async def cancel(self, job: Analysis | Render) -> None:
        """End it and what it alone waits for; what has ended stays as it is."""
        task = self._tasks.get(job.id)
        if task is not None:
            task.cancel()
            await asyncio.wait([task])
        if not job.unfinished:
            return
        if isinstance(job, Render):
            for clip in job.clips:
                if clip.unfinished:
                    _end(clip, CANCELLED)
            job.settle()
        else:
            _end(job, CANCELLED)
        # As if it had not been asked for: the same order again makes a new job.
        job.key = None
        self.jobs.save(job)
        project = self._projects.get(job.project_id)
        others = (j for j in self.jobs.unfinished if j.project_id == job.project_id)
        if project is not None and not any(others):
            for kind, run in tuple(project.runs.items()):
                if run.unfinished:
                    await self._analyses.cancel(project, kind)

    async def close(self) -> None:
        """End every process; what they were doing stays unfinished on disk."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _launch(self, job: Analysis | Render, story: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(story)
        self._tasks[job.id] = task

        def ended(done: asyncio.Task[None]) -> None:
            if self._tasks.get(job.id) is done:
                del self._tasks[job.id]
            if not done.cancelled() and (bug := done.exception()):
                self._failed(job)
                done.get_loop().call_exception_handler({"message": str(bug), "exception": bug})

        task.add_done_callback(ended)

    def _failed(self, job: Analysis | Render) -> None:
        if isinstance(job, Render):
            for clip in job.clips:
                if clip.unfinished:
                    _end(clip, UNEXPECTED)
            job.settle()
        else:
            _end(job, UNEXPECTED)
        self.jobs.save(job)

    async def _search(self, job: Analysis) -> None:
        error: str | None = GONE
        project = self._projects.get(job.project_id)
        if self.jobs.moments(job).exists():
            error = None
        elif project is not None:
            job.status = "running"
            self.jobs.save(job)
            error = await self._find(job, project)
        _end(job, error)
        self.jobs.save(job)

    async def _find(self, job: Analysis, project: Project) -> str | None:
        settings = shorts.ShortsSettings.model_validate(job.settings)
        kinds: list[Kind] = ["transcript"]
        if self._wants_vision(project, settings):
            kinds.append("vision")
        error = await self._prepared(job, project, kinds)
        if error and settings.analysis_mode == "transcript":
            return error
        words = self._words(project)
        vision = self._vision(project) if settings.analysis_mode != "transcript" else None
        if words is None and vision is None:
            # There is nothing else to find moments by, whatever the framing.
            error = await self._prepared(job, project, ["vision"])
            vision = self._vision(project)
            if vision is None:
                return error
        task = MomentsTask(
            source=self._projects.source(project),
            out=self.jobs.moments(job),
            duration=project.duration or 1,
            has_audio=project.has_audio,
            words=words,
            vision=vision,
            settings=settings,
        )
        async with self._turn:
            return await run_process("moments", task, _Last(job))

    def _wants_vision(self, project: Project, settings: shorts.ShortsSettings) -> bool:
        """Whether scenes and faces are looked for before the search.

        "auto": where they are at hand already, and where the framing needs them for rendering.
        """
        match settings.analysis_mode:
            case "transcript":
                return False
            case "full":
                return True
            case "auto":
                needed = settings.framing_mode != "static"
                other = at_hand(self._projects, project, "vision")
                return needed or self._vision(project) is not None or other is not None
            case unreachable:
                assert_never(unreachable)

    async def _prepared(self, told: Told, project: Project, kinds: list[Kind]) -> str | None:
        """Analyse the project; returns the sentence of the first that failed."""
        runs = [self._analyses.start(project, kind, _request(kind, project)) for kind in kinds]
        waiting = [asyncio.create_task(self._analyses.ended(project, kind)) for kind in kinds]
        try:
            while any(not task.done() for task in waiting):
                _tell(told, runs)
                await asyncio.wait(waiting, timeout=0.5, return_when=asyncio.ALL_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
        failed = (run.error for run in runs if run.status == "failed")
        return next(failed, None)

    def _words(self, project: Project) -> Path | None:
        run, path = project.runs.get("transcript"), self._projects.full_transcript(project)
        done = run is not None and run.status == "completed" and path.exists()
        return path if done else None

    def _vision(self, project: Project) -> Path | None:
        run, path = project.runs.get("vision"), self._projects.result(project, "vision")
        done = run is not None and run.status == "completed" and path.exists()
        return path if done else None

    async def _render_all(self, job: Render) -> None:
        project, analysis = self._projects.get(job.project_id), self.jobs.analysis(job.analysis_id)
        if project is None or analysis is None:
            for clip in job.clips:
                _end(clip, GONE)
            self._settle(job)
            return
        settings = shorts.ShortsSettings.model_validate(analysis.settings)
        waiting = [clip for clip in job.clips if clip.unfinished]
        if settings.framing_mode != "static" and self._vision(project) is None and waiting:
            waiting[0].status = "running"
            self._settle(job)
            error = await self._prepared(waiting[0], project, ["vision"])
            if error:
                for clip in waiting:
                    _end(clip, error)
        # A group and not gather: a cancellation waits until every process has ended.
        async with asyncio.TaskGroup() as group:
            for clip in job.clips:
                group.create_task(self._render_one(job, clip, project, settings))
        self._settle(job)

    async def _render_one(
        self, job: Render, clip: Clip, project: Project, settings: shorts.ShortsSettings
    ) -> None:
        out = self.jobs.short(job, clip)
        if not clip.unfinished:
            return
        error = None
        if not out.exists():
            async with self._rendering, self._turn:
                clip.status = "running"
                self._settle(job)
                task = RenderTask(
                    source=self._projects.source(project),
                    out=out,
                    duration=project.duration or 1,
                    start=clip.start,
                    end=clip.end,
                    words=self._words(project) if settings.caption_burn_in else None,
                    vision=self._vision(project),
                    framing=settings.framing_mode,
                )
                error = await run_process("render", task, clip)
        _end(clip, error)
        self._settle(job)

    def _settle(self, job: Render) -> None:
        job.settle()
        self.jobs.save(job)


class _Last:
    """The last part of an analysis's progress, told as part of the whole."""

    def __init__(self, job: Analysis) -> None:
        self._job = job

    @property
    def stage(self) -> str | None:
        """Of the job."""
        return self._job.stage

    @stage.setter
    def stage(self, stage: str | None) -> None:
        self._job.stage = stage

    @property
    def progress(self) -> float | None:
        """Of the job."""
        return self._job.progress

    @progress.setter
    def progress(self, progress: float | None) -> None:
        self._job.progress = round(_READY + (1 - _READY) * (progress or 0.0), 4)


def _tell(told: Told, runs: list[Run]) -> None:
    parts = [(run.progress or 0.0) if run.unfinished else 1.0 for run in runs]
    told.progress = round(_READY * sum(parts) / len(parts), 4)
    told.stage = next((run.stage for run in runs if run.unfinished and run.stage), told.stage)


def _request(kind: Kind, project: Project) -> dict[str, object]:
    """What is asked of an analysis: everything, in the language of the words handed over."""
    if kind == "vision":
        return {"requested_outputs": list(get_args(wire.VisionOutput))}
    outputs = list(get_args(wire.TranscriptOutput))
    return {"language": project.language or "en", "requested_outputs": outputs}


def _end(what: Analysis | Clip, error: str | None) -> None:
    what.status, what.error = ("ready", None) if error is None else ("failed", error)
    what.stage = what.progress = None
