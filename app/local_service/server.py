"""Both contracts on one loopback port: who may ask, which path leads where, one start's life."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app.local_service.answers import refuse
from app.local_service.incoming import Refused
from app.local_service.nanoclip_api import NanoClipApi
from app.local_service.processes import AT_ONCE
from app.local_service.projects import Projects
from app.local_service.runner import Runner
from app.local_service.shorts_answers import Issues, refuse_shorts
from app.local_service.shorts_api import ShortsApi
from app.local_service.shorts_jobs import ShortsJobs
from app.local_service.shorts_links import LINK_EXPIRES, PREVIEW, Links
from app.local_service.shorts_runner import ShortsRunner
from app.local_service.signing import EXPIRES_IN, Signer
from app.local_service.uploads import Uploads

MAX_UPLOAD = 1 << 38
"""256 GiB: the disk is the limit."""

SHORTS = "/api/"
"""Paths of contract part B; everything else is part A's."""


@dataclass(frozen=True)
class Settings:
    """How one start of the service differs from another. expires_in, link_expires: seconds."""

    data: Path
    token: str
    expires_in: int = EXPIRES_IN
    max_bytes: int = MAX_UPLOAD
    link_expires: int = LINK_EXPIRES


class KeyCheck:
    """Whatever has no signed address needs the key of this start, before anything is looked at."""

    def __init__(self, inner: ASGIApp, token: str) -> None:
        self._inner = inner
        self._expected = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or answer 401; 400 where contract B1 wants a device id and there is none."""
        if scope["type"] == "http" and not _signed(scope["path"]):
            refused = self._refusal(Request(scope))
            if refused is not None:
                await refused(scope, receive, send)
                return
        await self._inner(scope, receive, send)

    def _refusal(self, request: Request) -> JSONResponse | None:
        shorts = request.url.path.startswith(SHORTS)
        given = request.headers.get("authorization", "")
        kind, _, key = given.partition(" ")
        wrong = None
        if not given:
            wrong = "Missing API key"
        elif kind.lower() != "bearer" or not hmac.compare_digest(
            key.strip().encode(), self._expected
        ):
            wrong = "Invalid API key"
        if wrong:
            return refuse_shorts(401, wrong) if shorts else refuse(401, wrong)
        if shorts and not request.headers.get("x-device-id", "").strip():
            issue = ("X-Device-Id", "The header X-Device-Id is required")
            return refuse_shorts(400, "Missing device id", (issue,))
        return None


def _signed(path: str) -> bool:
    return path.startswith("/uploads/") or path == PREVIEW


def build(settings: Settings) -> Starlette:
    """The application for one start of the service."""
    projects, jobs = Projects(settings.data), ShortsJobs(settings.data)
    turn = asyncio.Semaphore(AT_ONCE)
    runner = Runner(projects, turn)
    shorts_runner = ShortsRunner(projects, jobs, runner, turn)
    signer, links = Signer(settings.expires_in), Links(jobs, settings.link_expires)
    uploads = Uploads(projects, signer, settings.max_bytes)
    nanoclip = NanoClipApi(projects, runner, signer, settings.max_bytes)
    shorts = ShortsApi(projects, shorts_runner, signer, links, settings.max_bytes)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        if projects.alone:
            jobs.forget_old()
            projects.forget_old(jobs.projects)
            runner.resume()
            shorts_runner.resume()
        try:
            yield
        finally:
            await shorts_runner.close()
            await runner.close()
            projects.close()

    return Starlette(
        routes=[
            Route("/uploads/{project_id}", uploads.put, methods=["PUT"]),
            Route(PREVIEW, links.preview, methods=["GET"]),
            *nanoclip.routes,
            *shorts.routes,
        ],
        middleware=[Middleware(KeyCheck, token=settings.token)],
        exception_handlers={HTTPException: _refused},
        lifespan=lifespan,
    )


async def _refused(request: Request, error: Exception) -> Response:
    if isinstance(error, Refused):
        return refuse(error.status_code, error.said)
    if isinstance(error, Issues):
        return refuse_shorts(error.status_code, error.detail, error.issues)
    assert isinstance(error, HTTPException)
    shorts = request.url.path.startswith(SHORTS)
    said = refuse_shorts if shorts else refuse
    answered = said(error.status_code, error.detail)
    answered.headers.update(error.headers or {})
    return answered
