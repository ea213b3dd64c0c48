"""Analyses as processes: started, listened to, cancelled, gone on with after a restart."""

from __future__ import annotations

import asyncio
from typing import Any

from app.local_service.analyses.worker import Job
from app.local_service.processes import UNEXPECTED, run_process
from app.local_service.projects import Projects, now
from app.local_service.reuse import take_over
from app.local_service.shapes import Analysis, Project, Run

_MODULES: dict[Analysis, str] = {
    "transcript": "transcript",
    "vision": "vision",
    "retake_removal": "retakes",
}


class Runner:
    """Runs analyses of `projects`, each in its `turn`. Everything is called in one event loop."""

    def __init__(self, projects: Projects, turn: asyncio.Semaphore) -> None:
        self._projects = projects
        self._turn = turn
        self._tasks: dict[tuple[str, Analysis], asyncio.Task[None]] = {}

    def resume(self) -> None:
        """Go on with what an earlier process left unfinished."""
        for project, analysis, run in self._projects.unfinished():
            if self._projects.result(project, analysis).exists():
                self._settle(project, run, None)
            else:
                self._launch(project, analysis, run)

    def start(self, project: Project, analysis: Analysis, request: dict[str, Any]) -> Run:
        """Idempotent: the run there is, unless it failed, or a new one (contract A7)."""
        run = project.runs.get(analysis)
        if run is not None and run.status != "failed":
            if run.unfinished and (project.id, analysis) not in self._tasks:
                self._launch(project, analysis, run)
            return run
        self._projects.result(project, analysis).unlink(missing_ok=True)
        run = Run(created_at=now(), request=request)
        project.runs[analysis] = run
        self._projects.save(project)
        self._launch(project, analysis, run)
        return run

    async def cancel(self, project: Project, analysis: Analysis) -> bool:
        """Kill the process and forget that the analysis was started; False where it had ended."""
        run = project.runs.get(analysis)
        if run is None or _completed(run):
            return False
        task = self._tasks.get((project.id, analysis))
        if task is not None:
            task.cancel()
            await asyncio.wait([task])
        # It may have been finished, or started anew, while its process was ending.
        if project.runs.get(analysis) is run and not _completed(run):
            del project.runs[analysis]
            self._projects.save(project)
        return not _completed(run)

    async def ended(self, project: Project, analysis: Analysis) -> Run | None:
        """The run once it is no longer under way; None where it was never started or cancelled."""
        while (task := self._tasks.get((project.id, analysis))) is not None:
            await asyncio.wait([task])
            # The task is taken off the list in a callback of its own.
            await asyncio.sleep(0)
        return project.runs.get(analysis)

    async def close(self) -> None:
        """End every process; what they were doing stays unfinished on disk."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _launch(self, project: Project, analysis: Analysis, run: Run) -> None:
        key = (project.id, analysis)
        task = asyncio.get_running_loop().create_task(self._story(project, analysis, run))
        self._tasks[key] = task

        def ended(done: asyncio.Task[None]) -> None:
            if self._tasks.get(key) is done:
                del self._tasks[key]
            if not done.cancelled() and (bug := done.exception()):
                self._settle(project, run, UNEXPECTED)
                done.get_loop().call_exception_handler({"message": str(bug), "exception": bug})

        task.add_done_callback(ended)

    async def _story(self, project: Project, analysis: Analysis, run: Run) -> None:
        run.status, run.error = "queued", None
        if analysis == "retake_removal":
            await self._transcript_first(project, run)
        if await asyncio.to_thread(take_over, self._projects, project, analysis, run):
            self._settle(project, run, None)
            return
        async with self._turn:
            run.status = "processing"
            self._projects.save(project)
            error = await run_process(_MODULES[analysis], self._job(project, analysis, run), run)
        self._settle(project, run, error)

    async def _transcript_first(self, project: Project, run: Run) -> None:
        """A transcript under way is waited for, so that speech is not recognised twice."""
        if (project.id, "transcript") in self._tasks:
            run.stage = "Waiting for the transcript"
            await self.ended(project, "transcript")

    def _settle(self, project: Project, run: Run, error: str | None) -> None:
        run.status, run.error = ("completed", None) if error is None else ("failed", error)
        run.stage = run.progress = None
        self._projects.save(project)

    def _job(self, project: Project, analysis: Analysis, run: Run) -> Job:
        files = self._projects
        transcript = project.runs.get("transcript")
        language = run.request.get("language", "en")
        return Job(
            project_id=project.id,
            source=files.source(project),
            out=files.result(project, analysis),
            full=files.full_transcript(project),
            duration=project.duration or 1,
            has_audio=project.has_audio,
            language=language,
            outputs=run.request.get("requested_outputs", []),
            captions=files.captions(project) if project.captions_name else None,
            captions_name=project.captions_name or "",
            use_full=(
                transcript is not None
                and transcript.status == "completed"
                and transcript.request.get("language") == language
                and files.full_transcript(project).exists()
            ),
            diarize=bool(run.request.get("diarize", False)),
        )


def _completed(run: Run) -> bool:
    return run.status == "completed"
