"""The signed PUT: bytes to disk, whole or not at all."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import secrets
from pathlib import Path

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from app.local_service.answers import refuse
from app.local_service.projects import Projects
from app.local_service.shapes import Project
from app.local_service.signing import Signer

PIECE = 1 << 20
"""Bytes gathered before they are written, in a thread."""


class Uploads:
    """Storage as the contract's client sees it: no key, a signature in the address."""

    def __init__(self, projects: Projects, signer: Signer, max_bytes: int) -> None:
        self._projects = projects
        self._signer = signer
        self._max_bytes = max_bytes

    async def put(self, request: Request) -> Response:
        """PUT /uploads/{project_id}: 200 once as many bytes lie on disk as were announced."""
        project = self._projects.get(request.path_params["project_id"])
        if project is None:
            return refuse(403, "Signature does not match")
        wrong = self._signer.refusal(project, request.query_params)
        if wrong:
            return refuse(403, wrong)
        if _settled(project):
            return refuse(409, "Upload was completed already")
        length = request.headers.get("content-length", "")
        if not length.isdigit():
            return refuse(411, "Content-Length is needed")
        size = int(length)
        if project.size_bytes is not None and size != project.size_bytes:
            return refuse(400, f"{project.size_bytes} bytes were announced, {size} are sent")
        if not 0 < size <= self._max_bytes:
            return refuse(413, "Upload exceeds the maximum file size")
        return await self._store(request, project, size)

    async def _store(self, request: Request, project: Project, size: int) -> Response:
        project.status = "uploading"
        self._projects.save(project)
        # A name of its own: two attempts at once must not write into one file.
        part = self._projects.folder(project) / f"source.{secrets.token_hex(4)}.part"
        try:
            received, digest = await _receive(request, str(part))
            if received != size:
                return refuse(400, f"{size} bytes were announced, {received} arrived")
            if _settled(project):
                return refuse(409, "Upload was completed already")
            self._share(digest, part)
            part.replace(self._projects.source(project))
        except ClientDisconnect:
            return refuse(400, "The connection broke before all bytes had arrived")
        except OSError as error:
            return refuse(507, f"The upload could not be stored: {error.strerror}")
        finally:
            part.unlink(missing_ok=True)
        project.received_bytes, project.digest = size, digest
        self._projects.save(project)
        return Response(status_code=200)

    def _share(self, digest: str, part: Path) -> None:
        """The same bytes lie on disk once, where the file system can do that."""
        for other in self._projects.all:
            if other.digest == digest:
                twin = part.with_suffix(".twin.part")
                with contextlib.suppress(OSError):
                    twin.hardlink_to(self._projects.source(other))
                    twin.replace(part)
                    return


def _settled(project: Project) -> bool:
    return project.status in ("ready", "failed")


async def _receive(request: Request, path: str) -> tuple[int, str]:
    """How many bytes arrived, and their SHA-256."""
    received = 0
    digest = hashlib.sha256()
    held = bytearray()
    file = await asyncio.to_thread(open, path, "wb")

    def write(data: bytes) -> int:
        digest.update(data)
        return file.write(data)

    try:
        async for piece in request.stream():
            held += piece
            if len(held) >= PIECE:
                received += await asyncio.to_thread(write, bytes(held))
                held.clear()
        received += await asyncio.to_thread(write, bytes(held))
        file.flush()
        await asyncio.to_thread(os.fsync, file.fileno())
    finally:
        await asyncio.to_thread(file.close)
    return received, digest.hexdigest()
