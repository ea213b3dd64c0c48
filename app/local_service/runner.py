"""Analyses as processes: started, listened to, cancelled, gone on with after a restart."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections import deque
from pathlib import Path
from typing import Any

from app.local_service.analyses.worker import Job
from app.local_service.projects import Projects, now
from app.local_service.shapes import Analysis, Project, Run

AT_ONCE = 2
"""Processes that compute at the same time; the person is working on this computer meanwhile."""

_MODULES: dict[Analysis, str] = {
    "transcript": "transcript",
    "vision": "vision",
    "retake_removal": "retakes",
}
_LINE = 1 << 20
UNEXPECTED = "The analysis ended unexpectedly. Nothing was lost; try again."


class Runner:
    """Runs analyses of `projects`. Everything is called in one event loop."""

    def __init__(self, projects: Projects) -> None:
        self._projects = projects
        self._turn = asyncio.Semaphore(AT_ONCE)
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
        async with self._turn:
            run.status = "processing"
            self._projects.save(project)
            error = await self._process(_MODULES[analysis], self._job(project, analysis, run), run)
        self._settle(project, run, error)

    async def _transcript_first(self, project: Project, run: Run) -> None:
        """A transcript under way is waited for, so that speech is not recognised twice."""
        while (task := self._tasks.get((project.id, "transcript"))) is not None:
            run.stage = "Waiting for the transcript"
            await asyncio.wait([task])
            await asyncio.sleep(0)

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

    async def _process(self, module: str, job: Job, run: Run) -> str | None:
        """Run one analysis; returns None, or the sentence that says why it failed."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            f"app.local_service.analyses.{module}",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=environment(),
            limit=_LINE,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        said: dict[str, str] = {}
        try:
            process.stdin.write(job.model_dump_json().encode() + b"\n")
            last, _ = await asyncio.gather(
                _tail(process.stderr), _listen(process.stdout, run, said)
            )
            status = await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
            process.stdin.close()
        if status == 0:
            return None
        if "error" in said:
            return said["error"]
        sys.stderr.write(last + "\n")
        return UNEXPECTED


def _completed(run: Run) -> bool:
    return run.status == "completed"


async def _listen(lines: asyncio.StreamReader, run: Run, said: dict[str, str]) -> None:
    async for line in lines:
        message = json.loads(line)
        if "error" in message:
            said["error"] = message["error"]
        else:
            run.stage, run.progress = message["stage"], message["progress"]


async def _tail(lines: asyncio.StreamReader) -> str:
    """The last lines of what a process says; read to the end, or its pipe would fill."""
    kept: deque[bytes] = deque(maxlen=40)
    while piece := await lines.read(4096):
        kept.append(piece)
    return b"".join(kept).decode("utf-8", "replace")


def environment() -> dict[str, str]:
    """This process's own, with the package importable wherever it was started from."""
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(p for p in (root, os.environ.get("PYTHONPATH", "")) if p)
    return {**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
