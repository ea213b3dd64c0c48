"""The NanoClip contract (part A) on loopback, and what the local service adds to it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.core.errors import MediaError
from app.interchange.read_transcript import read_transcript
from app.local_service.analyses.worker import write_atomically
from app.local_service.answers import (
    answer,
    command_answer,
    completed_answer,
    me_answer,
    project_answer,
    state_answer,
)
from app.local_service.incoming import AnyModel, Refused, address, look_into, whole_body
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
from app.local_service.signing import Signer
from app.services import wire

_ALSO = ("video/x-matroska", "video/x-msvideo", "video/mp2t", "video/mpeg")
"""Containers that can be read here although the cloud does not take them."""

VIDEOS = frozenset((*wire.VIDEO_TYPES, *_ALSO))
ADMITTED = VIDEOS | frozenset(wire.AUDIO_TYPES)


class NanoClipApi:
    """The endpoints over projects and runs; one for each start."""

    def __init__(self, projects: Projects, runner: Runner, signer: Signer, max_bytes: int) -> None:
        self.projects = projects
        self.runner = runner
        self.signer = signer
        self._max_bytes = max_bytes
        self._completing = asyncio.Lock()

    @property
    def routes(self) -> list[Route]:
        """Of contract part A and of what this service adds to it."""
        one = "/v1/projects/{project_id}"
        return [
            Route("/v1/me", self.me, methods=["GET"]),
            Route("/v1/projects/upload", self.create, methods=["POST"]),
            Route(f"{one}/upload/complete", self.complete, methods=["POST"]),
            Route(f"{one}/captions", self.captions, methods=["POST"]),
            Route(f"{one}/{{analysis}}/cancel", self.cancel, methods=["POST"]),
            Route(f"{one}/{{analysis}}", self.start, methods=["POST"]),
            Route(f"{one}/{{analysis}}", self.result, methods=["GET"]),
            Route(one, self.project, methods=["GET"]),
        ]

    async def me(self, _: Request) -> Response:
        """GET /v1/me."""
        today = datetime.now(UTC).date()
        resets = f"{today + timedelta(days=1)}T00:00:00Z"
        return me_answer(self.projects.all, str(today), resets, self._max_bytes)

    async def create(self, request: Request) -> Response:
        """POST /v1/projects/upload."""
        asked = await _body(request, wire.UploadProjectRequest)
        kind = asked.content_type.partition(";")[0].strip().lower()
        if kind not in ADMITTED:
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
                upload_url=address(request) + self.signer.path(project),
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
        if project.received_bytes is None or not self.projects.source(project).exists():
            raise Refused(409, "No bytes were uploaded for this project")
        try:
            await asyncio.to_thread(look_into, self.projects, project)
        except MediaError as error:
            raise Refused(422, error.sentence) from error
        finally:
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


async def _body(request: Request, shape: type[AnyModel]) -> AnyModel:
    """The body as `shape`; a 422 as the contract lists it where it is not."""
    held = await whole_body(request)
    try:
        return shape.model_validate_json(held)
    except ValidationError as error:
        raise Refused(422, refused_fields(error)) from error
