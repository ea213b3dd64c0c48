"""What comes in: bodies as shapes, addresses, and refusals raised where the reason is found."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request

from app.core.errors import MediaError
from app.local_service.projects import Projects
from app.local_service.shapes import Project
from app.media.probe import probe

MAX_BODY = 64 << 20
"""Bytes of a JSON body; captions of a day of speech stay far below."""

AnyModel = TypeVar("AnyModel", bound=BaseModel)


class Refused(HTTPException):
    """A refusal with the body of the contract (A8), whatever its status."""

    def __init__(self, status: int, detail: str | list[dict[str, object]]) -> None:
        super().__init__(status)
        self.said = detail


class TooLarge(HTTPException):
    """A body beyond `MAX_BODY`."""

    def __init__(self) -> None:
        super().__init__(413, "The request is too large")


async def whole_body(request: Request) -> bytes:
    """The body; raises TooLarge."""
    held = bytearray()
    async for piece in request.stream():
        held += piece
        if len(held) > MAX_BODY:
            raise TooLarge
    return bytes(held)


def address(request: Request) -> str:
    """Where this service really listens, whatever the Host header says."""
    host, port = request.scope["server"]
    return f"http://{host}:{port}"


def look_into(files: Projects, project: Project) -> None:
    """Probe what was uploaded and say so in `project`; raises MediaError with its own file name.

    Takes as long as a look into the file, so it is called in a thread; saving is the caller's.
    """
    source = files.source(project)
    try:
        found = probe(source)
    except MediaError as error:
        project.status = "failed"
        # The stored copy has another name than the person's file.
        project.error = error.sentence.replace(f"“{source.name}”", f"“{project.filename}”")
        raise MediaError(project.error, error.hint, error.detail) from error
    project.status = "ready"
    project.media_kind = "video" if found.video else "audio"
    project.duration = found.duration
    project.has_audio = found.audio is not None
    if found.video:
        project.width, project.height = found.video.width, found.video.height
