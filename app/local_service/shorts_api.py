"""The Znippet Shorts contract (part B) on loopback, and what the local service adds to it."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.core.errors import MediaError
from app.interchange.read_transcript import read_transcript
from app.local_service.analyses.worker import write_atomically
from app.local_service.answers import answer
from app.local_service.incoming import AnyModel, address, look_into, whole_body
from app.local_service.languages import language_of
from app.local_service.nanoclip_api import VIDEOS
from app.local_service.projects import Projects
from app.local_service.shapes import Project
from app.local_service.shorts_answers import (
    Issues,
    accepted_answer,
    analysis_answer,
    analyze_answer,
    asset_of,
    issues_of,
    project_of,
    read_moments,
    render_answer,
    upload_answer,
)
from app.local_service.shorts_jobs import Analysis, Clip, Render
from app.local_service.shorts_links import Links
from app.local_service.shorts_runner import ShortsRunner
from app.local_service.signing import Signer
from app.services import wire_shorts as shorts

UPLOAD = "Invalid upload"
SETTINGS = "Invalid analysis settings"


class ShortsApi:
    """The endpoints over uploads and jobs; one for each start."""

    def __init__(
        self,
        projects: Projects,
        runner: ShortsRunner,
        signer: Signer,
        links: Links,
        max_bytes: int,
    ) -> None:
        self._projects = projects
        self._runner = runner
        self._jobs = runner.jobs
        self._signer = signer
        self._links = links
        self._max_bytes = max_bytes
        self._probing = asyncio.Lock()

    @property
    def routes(self) -> list[Route]:
        """Of contract part B and of what this service adds to it."""
        one, other = f"{shorts.PATH}/analyses/{{job_id}}", f"{shorts.PATH}/renders/{{job_id}}"
        words = f"{shorts.PATH}/uploads/{{asset_id}}/words"
        return [
            Route(f"{shorts.PATH}/uploads", self.create, methods=["POST"]),
            Route(words, self.words, methods=["POST"]),
            Route(f"{shorts.PATH}/analyze", self.analyze, methods=["POST"]),
            Route(one, self.analysis, methods=["GET"]),
            Route(f"{one}/cancel", self.cancel_analysis, methods=["POST"]),
            Route(f"{one}/render", self.render, methods=["POST"]),
            Route(other, self.renders, methods=["GET"]),
            Route(f"{other}/cancel", self.cancel_render, methods=["POST"]),
        ]

    async def create(self, request: Request) -> Response:
        """POST /uploads."""
        asked = await _body(request, shorts.UploadRequest, UPLOAD)
        kind = asked.content_type.partition(";")[0].strip().lower()
        if kind not in VIDEOS:
            known = ", ".join(sorted(VIDEOS))
            raise Issues(422, UPLOAD, ("contentType", f"contentType must be one of: {known}"))
        if asked.size_bytes > self._max_bytes:
            message = f"sizeBytes must be at most {self._max_bytes}"
            raise Issues(413, "Upload exceeds the maximum file size", ("sizeBytes", message))
        project = self._projects.create(
            asked.file_name, asked.content_type, asked.size_bytes, secrets.token_urlsafe(24)
        )
        url = address(request) + self._signer.path(project)
        return answer(upload_answer(project, asked, url, kind))

    async def words(self, request: Request) -> Response:
        """POST /uploads/{assetId}/words, of the local service alone."""
        project = self._project(project_of(request.path_params["asset_id"]))
        if project is None:
            raise Issues(404, "Upload not found")
        given = await _body(request, shorts.WordsRequest, "Invalid words")
        try:
            said = await asyncio.to_thread(read_transcript, given.filename, given.text, None)
        except MediaError as error:
            raise Issues(422, str(error), ("text", error.sentence)) from error
        run = project.runs.get("transcript")
        if run is not None and run.unfinished:
            raise Issues(422, "The upload is being analysed", ("upload", "Cancel that first"))
        write_atomically(self._projects.captions(project), given.text.encode("utf-8", "replace"))
        project.captions_name, project.language = given.filename, language_of(said)
        project.runs.pop("transcript", None)
        self._projects.save(project)
        return JSONResponse({"assetId": asset_of(project), "words": len(said.words)})

    async def analyze(self, request: Request) -> Response:
        """POST /analyze; the same Idempotency-Key again gives the same job."""
        asked = await _body(request, shorts.AnalyzeRequest, SETTINGS)
        key = request.headers.get("idempotency-key")
        async with self._probing:
            known = self._jobs.analysis_of_key(key)
            if known is not None:
                return answer(analyze_answer(known))
            project = self._uploaded(asked.upload)
            await self._look_into(project)
            settings = asked.settings.model_dump(by_alias=True, exclude_none=True)
            job = self._jobs.analyse(project.id, settings, key)
        self._runner.analyse(job)
        return answer(analyze_answer(job))

    async def analysis(self, request: Request) -> Response:
        """GET /analyses/{jobId}."""
        return answer(await self._analysis_answer(self._analysis(request)))

    async def cancel_analysis(self, request: Request) -> Response:
        """POST /analyses/{jobId}/cancel, of the local service alone."""
        job = self._analysis(request)
        await self._runner.cancel(job)
        return answer(await self._analysis_answer(job))

    async def render(self, request: Request) -> Response:
        """POST /analyses/{jobId}/render; the same Idempotency-Key again gives the same render."""
        job = self._analysis(request)
        asked = await _body(request, shorts.RenderRequest, "Invalid render request")
        if job.status != "ready":
            raise Issues(422, "The analysis is not ready", ("jobId", "The analysis is not ready"))
        project = self._project(job.project_id)
        if project is None:
            raise Issues(404, "The upload is not there any more")
        moments = await asyncio.to_thread(read_moments, self._jobs.moments(job))
        key = request.headers.get("idempotency-key")
        made = self._jobs.render_of_key(job, key)
        if made is None:
            made = self._jobs.render(job, _clips(asked.moment_numbers, moments), key)
            self._runner.render(made)
        return answer(accepted_answer(made, project))

    async def renders(self, request: Request) -> Response:
        """GET /renders/{jobId}; every answer has fresh links."""
        return self._render_answer(request, self._render(request))

    async def cancel_render(self, request: Request) -> Response:
        """POST /renders/{jobId}/cancel, of the local service alone; finished clips stay."""
        job = self._render(request)
        await self._runner.cancel(job)
        return self._render_answer(request, job)

    async def _analysis_answer(self, job: Analysis) -> shorts.AnalysisAnswer:
        moments: list[shorts.MomentShape] = []
        if job.status == "ready":
            moments = await asyncio.to_thread(read_moments, self._jobs.moments(job))
        return analysis_answer(job, moments)

    def _render_answer(self, request: Request, job: Render) -> Response:
        return answer(render_answer(job, self._links.links(job, address(request))))

    def _uploaded(self, upload: dict[str, Any]) -> Project:
        """The project that `upload` belongs to, once it is proven and has its bytes."""
        asset, token = upload.get("assetId"), upload.get("completeToken")
        for name, value in (("assetId", asset), ("completeToken", token)):
            if not isinstance(value, str) or not value:
                raise Issues(422, UPLOAD, (f"upload.{name}", f"upload.{name} is required"))
        project = self._project(project_of(str(asset)))
        if project is None or project.complete_token is None:
            raise Issues(422, UPLOAD, ("upload.assetId", "upload.assetId names no upload here"))
        if not hmac.compare_digest(str(token).encode(), project.complete_token.encode()):
            message = "upload.completeToken does not belong to this upload"
            raise Issues(422, UPLOAD, ("upload.completeToken", message))
        for name, expected in (
            ("projectId", project.id),
            ("sizeBytes", project.size_bytes),
            ("storageClass", "temporary"),
        ):
            if upload.get(name, expected) != expected:
                message = f"upload.{name} is not what POST /uploads answered"
                raise Issues(422, UPLOAD, (f"upload.{name}", message))
        if project.received_bytes is None or not self._projects.source(project).exists():
            raise Issues(422, UPLOAD, ("upload", "The bytes of this upload have not arrived"))
        return project

    async def _look_into(self, project: Project) -> None:
        if project.status in ("uploading", "created"):
            try:
                await asyncio.to_thread(look_into, self._projects, project)
            except MediaError as error:
                raise Issues(422, str(error), ("upload", error.sentence)) from error
            finally:
                self._projects.save(project)
        if project.status == "failed":
            said = project.error or "The upload cannot be read"
            raise Issues(422, said, ("upload", said))
        if project.media_kind != "video":
            said = f"“{project.filename}” has no picture, so no shorts can be made of it."
            raise Issues(422, said, ("upload", said))

    def _project(self, project_id: str) -> Project | None:
        found = self._projects.get(project_id)
        return found if found is not None and found.complete_token is not None else None

    def _analysis(self, request: Request) -> Analysis:
        job = self._jobs.analysis(request.path_params["job_id"])
        if job is None:
            raise Issues(404, "Analysis not found")
        return job

    def _render(self, request: Request) -> Render:
        job = self._jobs.find_render(request.path_params["job_id"])
        if job is None:
            raise Issues(404, "Render not found")
        return job


def _clips(numbers: list[int], moments: list[shorts.MomentShape]) -> list[Clip]:
    """The moments asked for, each once, in order."""
    error = "Invalid render request"
    if not numbers:
        raise Issues(422, error, ("momentNumbers", "momentNumbers must name at least one moment"))
    known = {m.number: m for m in moments}
    unknown = [str(n) for n in numbers if n not in known]
    if unknown:
        message = f"momentNumbers: there is no moment {', '.join(unknown)}"
        raise Issues(422, error, ("momentNumbers", message))
    out: list[Clip] = []
    for number in sorted(set(numbers)):
        start, end = known[number].start_time or 0.0, known[number].end_time or 0.0
        out.append(
            Clip(
                number=number,
                start=round(start * 1_000_000),
                end=round(end * 1_000_000),
                asset_id=f"asset_render_{secrets.token_hex(10)}",
            )
        )
    return out


async def _body(request: Request, shape: type[AnyModel], error: str) -> AnyModel:
    """The body as `shape`; a 422 that names each field at fault where it is not."""
    held = await whole_body(request)
    try:
        return shape.model_validate_json(held)
    except ValidationError as problem:
        issues = issues_of(problem, shape)
        said = error if any(f != "body" for f, _ in issues) else "Invalid request"
        raise Issues(422, said, *issues) from problem
