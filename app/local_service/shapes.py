"""Shapes the service keeps on disk or answers by itself, beside those of `app.services.wire`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError

from app.services import wire

Analysis = Literal["transcript", "vision", "retake_removal"]
ANALYSES: dict[str, Analysis] = {
    "transcript": "transcript",
    "vision": "vision",
    "retake-removal": "retake_removal",
}
"""Last part of the path -> name of the analysis in answers."""

REQUESTS: dict[Analysis, type[wire.Request]] = {
    "transcript": wire.TranscriptionRequest,
    "vision": wire.FaceDetectionRequest,
    "retake_removal": wire.RetakeRemovalRequest,
}


class Run(BaseModel):
    """One analysis of a project, once it was started.

    request: as it was accepted. stage and progress are those of this run and mean nothing after
    a restart.
    """

    status: Literal["queued", "processing", "completed", "failed"] = "queued"
    created_at: str
    request: dict[str, Any] = Field(default_factory=dict)
    error: str | None = None
    stage: str | None = Field(default=None, exclude=True)
    progress: float | None = Field(default=None, exclude=True)

    @property
    def unfinished(self) -> bool:
        """Whether it is to go on after a restart."""
        return self.status in ("queued", "processing")


class Project(BaseModel):
    """A project as `project.json` holds it; duration in microseconds.

    digest: SHA-256 of the bytes that arrived. language: of the captions handed over for shorts.
    complete_token: of an upload for shorts (contract B3), None for other projects.
    """

    version: Literal[1] = 1
    id: str
    status: Literal["created", "uploading", "ready", "failed"] = "created"
    created_at: str
    filename: str
    content_type: str
    size_bytes: int | None = None
    received_bytes: int | None = None
    media_kind: Literal["video", "audio"] | None = None
    duration: int | None = None
    width: int | None = None
    height: int | None = None
    has_audio: bool = True
    error: str | None = None
    captions_name: str | None = None
    digest: str | None = None
    language: str | None = None
    complete_token: str | None = Field(default=None, repr=False)
    runs: dict[Analysis, Run] = Field(default_factory=dict)


def refused_fields(error: ValidationError) -> list[dict[str, Any]]:
    """`detail` of a 422 as the contract lists it: where, what, which kind (contract A8)."""
    out: list[dict[str, Any]] = []
    for found in error.errors(include_url=False, include_input=False, include_context=False):
        place = list(found["loc"])
        if found["type"] == "json_invalid":
            place = []
        out.append({"loc": ["body", *place], "msg": found["msg"], "type": found["type"]})
    return out


def source_of(project: Project) -> wire.ProjectSource:
    """What was uploaded."""
    kind = project.media_kind or project.content_type.partition("/")[0]
    return wire.ProjectSource(
        type="upload",
        filename=project.filename,
        content_type=project.content_type,
        media_kind=kind,
        size_bytes=project.received_bytes or project.size_bytes,
    )
