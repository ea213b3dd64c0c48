"""The NanoClip contract (part A) on loopback, and what the local service adds to it."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.errors import MediaError
from app.interchange.read_transcript import read_transcript
from app.local_service.analyses.worker import write_atomically
from app.local_service.answers import (
    answer,
    command_answer,
    completed_answer,
    me_answer,
    project_answer,
    refuse,
    state_answer,
)
from app.local_service.projects import Projects
from app.local_service.runner import Runner
from app.local_service.shapes import (
    ANALYSES,
    REQUESTS,
    Analysis,
    Project,
    Run,
    refused_fields,
    source_of,
)
from app.local_service.signing import EXPIRES_IN, Signer
from app.local_service.uploads import Uploads
from app.media.probe import probe
from app.services import wire

MAX_UPLOAD = 1 << 38
"""256 GiB: the disk is the limit."""

MAX_BODY = 64 << 20
"""Bytes of a JSON body; captions of a day of speech stay far below."""

_ALSO = ("video/x-matroska", "video/x-msvideo", "video/mp2t", "video/mpeg")
"""Containers that can be read here although the cloud does not take them."""

_ADMITTED = frozenset((*wire.VIDEO_TYPES, *wire.AUDIO_TYPES, *_ALSO))
AnyModel = TypeVar("AnyModel", bound=BaseModel)


@dataclass(frozen=True)
class Settings:
    """How one start of the service differs from another. expires_in: seconds."""

    data: Path
    token: str
    expires_in: int = EXPIRES_IN
    max_bytes: int = MAX_UPLOAD


class Refused(HTTPException):
    """A refusal with the contract's body, raised where the reason is found."""

    def __init__(self, status: int, detail: str | list[dict[str, object]]) -> None:
        super().__init__(status)
        self.said = detail


class Service:
    """The endpoints over projects and runs; one for each start."""

    def __init__(self, settings: Settings) -> None:
        self._max_bytes = settings.max_bytes
        self.projects = Projects(settings.data)
        self.runner = Runner(self.projects)
        self.signer = Signer(settings.expires_in)
        self.uploads = Uploads(self.projects, self.signer, settings.max_bytes)
        self._completing = asyncio.Lock()

    async def me(self, _: Request) -> Response:
        """GET /v1/me."""
        today = datetime.now(UTC).date()
        resets = f"{today + timedelta(days=1)}T00:00:00Z"
        return me_answer(self.projects.all, str(today), resets, self._max_bytes)

    async def create(self, request: Request) -> Response:
        """POST /v1/projects/upload."""
        asked = await _body(request, wire.UploadProjectRequest)
        kind = asked.content_type.partition(";")[0].strip().lower()
        if kind not in _ADMITTED:
            raise Refused(415, f"Unsupported upload content type: {kind[:80]}")
        if asked.size_bytes is not None and asked.size_bytes > self._max_bytes:
            raise Refused(413, "Upload exceeds the maximum file size")
        project = self.projects.create(asked.filename, asked.content_type, asked.size_bytes)
        return answer(
            wire.UploadProjectResponse(
                project_id=project.id,
                status=project.status,
                created_at=project.created_at,
                source=source_of(project),
                upload_url=_address(request) + self.signer.path(project),
                upload_headers={"Content-Type": kind},
                upload_expires_in_seconds=self.signer.expires_in,
            ),
            201,
        )

    async def complete(self, request: Request) -> Response:
        """POST /v1/projects/{id}/upload/complete; again is harmless."""
        project = self._project(request)
        async with self._completing:
            if project.status == "failed":
                raise Refused(422, project.error or "The upload cannot be read")
            if project.status != "ready":
                await self._look_into(project)
        return answer(completed_answer(project))

    async def project(self, request: Request) -> Response:
        """GET /v1/projects/{id}."""
        return answer(project_answer(self._project(request)))

    async def start(self, request: Request) -> Response:
        """POST /v1/projects/{id}/{analysis}."""
        project, analysis = self._project(request), self._analysis(request)
        asked = await _body(request, REQUESTS[analysis])
        if project.status != "ready":
            raise Refused(409, "Project upload must be completed before running analysis")
        if project.media_kind == "audio" and analysis != "transcript":
            raise Refused(422, "Audio sources are transcript-only")
        run = self.runner.start(project, analysis, asked.model_dump())
        return answer(command_answer(project, analysis, run), 202)

    async def result(self, request: Request) -> Response:
        """GET /v1/projects/{id}/{analysis}."""
        project, analysis = self._project(request), self._analysis(request)
        run = self._run(project, analysis)
        if run.status != "completed":
            return answer(state_answer(project, analysis, run))
        path = self.projects.result(project, analysis)
        data = await asyncio.to_thread(path.read_bytes)
        return Response(data, media_type="application/json")

    async def cancel(self, request: Request) -> Response:
        """POST /v1/projects/{id}/{analysis}/cancel, of the local service alone."""
        project, analysis = self._project(request), self._analysis(request)
        run = self._run(project, analysis)
        cancelled = await self.runner.cancel(project, analysis)
        status = "cancelled" if cancelled else run.status
        return answer(
            wire.Command(
                project_id=project.id, analysis=analysis, status=status, created_at=run.created_at
            )
        )

    async def captions(self, request: Request) -> Response:
        """POST /v1/projects/{id}/captions, of the local service alone."""
        project = self._project(request)
        given = await _body(request, wire.CaptionsRequest)
        try:
            await asyncio.to_thread(read_transcript, given.filename, given.text, None)
        except MediaError as error:
            raise Refused(422, str(error)) from error
        write_atomically(self.projects.captions(project), given.text.encode("utf-8", "replace"))
        project.captions_name = given.filename
        self.projects.save(project)
        return answer(project_answer(project))

    async def _look_into(self, project: Project) -> None:
        source = self.projects.source(project)
        if project.received_bytes is None or not source.exists():
            raise Refused(409, "No bytes were uploaded for this project")
        try:
            found = await asyncio.to_thread(probe, source)
        except MediaError as error:
            project.status = "failed"
            # The stored copy has another name than the person's file.
            project.error = error.sentence.replace(f"“{source.name}”", f"“{project.filename}”")
            self.projects.save(project)
            raise Refused(422, project.error) from error
        project.status = "ready"
        project.media_kind = "video" if found.video else "audio"
        project.duration = found.duration
        project.has_audio = found.audio is not None
        if found.video:
            project.width, project.height = found.video.width, found.video.height
        self.projects.save(project)

    def _project(self, request: Request) -> Project:
        project = self.projects.get(request.path_params["project_id"])
        if project is None:
            raise Refused(404, "Project not found")
        return project

    def _analysis(self, request: Request) -> Analysis:
        analysis = ANALYSES.get(request.path_params["analysis"])
        if analysis is None:
            raise Refused(404, "Not found")
        return analysis

    def _run(self, project: Project, analysis: Analysis) -> Run:
        run = project.runs.get(analysis)
        if run is None:
            raise Refused(404, f"No {analysis} analysis was started for this project")
        return run


class KeyCheck:
    """Everything under /v1 needs the key of this start, before anything else is looked at."""

    def __init__(self, inner: ASGIApp, token: str) -> None:
        self._inner = inner
        self._expected = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or answer 401."""
        if scope["type"] == "http" and not scope["path"].startswith("/uploads/"):
            given = Request(scope).headers.get("authorization", "")
            kind, _, key = given.partition(" ")
            wrong = None
            if not given:
                wrong = "Missing API key"
            elif kind.lower() != "bearer" or not hmac.compare_digest(
                key.strip().encode(), self._expected
            ):
                wrong = "Invalid API key"
            if wrong:
                await refuse(401, wrong)(scope, receive, send)
                return
        await self._inner(scope, receive, send)


def build(settings: Settings) -> Starlette:
    """The application for one start of the service."""
    service = Service(settings)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        if service.projects.alone:
            service.runner.resume()
        try:
            yield
        finally:
            await service.runner.close()
            service.projects.close()

    one = "/v1/projects/{project_id}"
    return Starlette(
        routes=[
            Route("/uploads/{project_id}", service.uploads.put, methods=["PUT"]),
            Route("/v1/me", service.me, methods=["GET"]),
            Route("/v1/projects/upload", service.create, methods=["POST"]),
            Route(f"{one}/upload/complete", service.complete, methods=["POST"]),
            Route(f"{one}/captions", service.captions, methods=["POST"]),
            Route(f"{one}/{{analysis}}/cancel", service.cancel, methods=["POST"]),
            Route(f"{one}/{{analysis}}", service.start, methods=["POST"]),
            Route(f"{one}/{{analysis}}", service.result, methods=["GET"]),
            Route(one, service.project, methods=["GET"]),
        ],
        middleware=[Middleware(KeyCheck, token=settings.token)],
        exception_handlers={HTTPException: _refused},
        lifespan=lifespan,
    )


def _address(request: Request) -> str:
    """Where this service really listens, whatever the Host header says."""
    host, port = request.scope["server"]
    return f"http://{host}:{port}"


async def _refused(_: Request, error: Exception) -> Response:
    if isinstance(error, Refused):
        return refuse(error.status_code, error.said)
    assert isinstance(error, HTTPException)
    answered = refuse(error.status_code, error.detail)
    answered.headers.update(error.headers or {})
    return answered


async def _body(request: Request, shape: type[AnyModel]) -> AnyModel:
    """The body as `shape`; a 422 as the contract lists it where it is not."""
    held = bytearray()
    async for piece in request.stream():
        held += piece
        if len(held) > MAX_BODY:
            raise Refused(413, "The request is too large")
    try:
        return shape.model_validate_json(bytes(held))
    except ValidationError as error:
        raise Refused(422, refused_fields(error)) from error
