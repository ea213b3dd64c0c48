"""Answers as the shorts contract words them: refusals by field, states, moments, links."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from app.local_service.shapes import Project
from app.local_service.shorts_jobs import Analysis, Clip, Render
from app.services import wire
from app.services import wire_shorts as shorts

BUCKET = "local"


class Issues(HTTPException):
    """A refusal that names the fields at fault: (field, message)."""

    def __init__(self, status: int, error: str, *issues: tuple[str, str]) -> None:
        super().__init__(status, error)
        self.issues = issues


def refuse_shorts(status: int, error: str, issues: Iterable[tuple[str, str]] = ()) -> JSONResponse:
    """Contract B4."""
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    listed = [{"field": field, "message": message} for field, message in issues]
    return JSONResponse({"error": error, "issues": listed}, status, headers=headers)


def asset_of(project: Project) -> str:
    """The asset's id: the project's own with another beginning, since a project has one upload."""
    return project.id.replace("proj_", "asset_", 1)


def project_of(asset_id: str) -> str:
    """The id of the project whose upload that is."""
    return asset_id.replace("asset_", "proj_", 1) if asset_id.startswith("asset_") else ""


def upload_answer(
    project: Project, asked: shorts.UploadRequest, url: str, kind: str
) -> shorts.UploadAnswer:
    """Contract B3: where the bytes go, and the ten fields that /analyze wants back."""
    asset = asset_of(project)
    return shorts.UploadAnswer(
        upload_url=url,
        method="PUT",
        headers={"Content-Type": kind, "Content-Length": str(asked.size_bytes)},
        upload={
            "bucket": BUCKET,
            "key": f"users/local/{project.id}/originals/{Path(asked.file_name).name}",
            "contentType": asked.content_type,
            "sizeBytes": asked.size_bytes,
            "originalFileName": asked.file_name,
            "durationSeconds": asked.duration_seconds,
            "assetId": asset,
            "projectId": project.id,
            "storageClass": "temporary",
            "completeToken": project.complete_token,
        },
    )


def analyze_answer(job: Analysis) -> shorts.AnalyzeAnswer:
    """Contract B3: a job was made."""
    return shorts.AnalyzeAnswer(
        job_id=job.id,
        status=job.status,
        status_url=f"{shorts.PATH}/analyses/{job.id}",
        dispatch=shorts.Dispatch(attempted=True, mode="queue", ok=True),
    )


def analysis_answer(job: Analysis, moments: list[shorts.MomentShape]) -> shorts.AnalysisAnswer:
    """Contract B3, with how far it is."""
    return shorts.AnalysisAnswer(
        job_id=job.id,
        status=job.status,
        ready=job.status == "ready",
        moments=moments,
        error=job.error,
        stage=job.stage,
        progress=job.progress,
    )


def accepted_answer(render: Render, project: Project) -> shorts.RenderAccepted:
    """Contract B3: a render was made."""
    return shorts.RenderAccepted(
        job_id=render.id,
        status=render.status,
        status_url=f"{shorts.PATH}/renders/{render.id}",
        project_id=project.id,
        source_asset_id=asset_of(project),
        renders=[shorts.RenderItem(moment_number=c.number, status=c.status) for c in render.clips],
    )


def render_answer(render: Render, links: dict[int, str]) -> shorts.RenderAnswer:
    """Contract B3; links: of the clips that are ready, by number."""
    return shorts.RenderAnswer(
        job_id=render.id,
        status=render.status,
        ok=not any(clip.status == "failed" for clip in render.clips),
        error=render.error,
        renders=[_item(clip, links.get(clip.number)) for clip in render.clips],
    )


def _item(clip: Clip, link: str | None) -> shorts.RenderItem:
    return shorts.RenderItem(
        moment_number=clip.number,
        status=clip.status,
        asset_id=clip.asset_id if clip.status == "ready" else None,
        url=link,
        download_url=f"{link}&download=1" if link else None,
        error=clip.error,
        stage=clip.stage,
        progress=clip.progress,
    )


def read_moments(path: Path) -> list[shorts.MomentShape]:
    """What the finder wrote; raises OSError or ServiceError."""
    return wire.read(shorts.AnalysisAnswer, path.read_bytes()).moments


def issues_of(error: ValidationError, shape: type[BaseModel]) -> tuple[tuple[str, str], ...]:
    """Each fault as (field, message), worded as the contract's sample words it."""
    return tuple(
        _issue(found, shape)
        for found in error.errors(include_url=False, include_input=False, include_context=False)
    )


def _issue(found: Any, shape: type[BaseModel]) -> tuple[str, str]:
    place = [str(p) for p in found["loc"]] if found["type"] != "json_invalid" else []
    # The sample names a setting by itself: "clipVolume", not "settings.clipVolume".
    named = place[1:] if place[:1] == ["settings"] and len(place) > 1 else place
    name = ".".join(named) or "body"
    match found["type"]:
        case "missing":
            return name, f"{name} is required"
        case "literal_error":
            return name, f"{name} must be one of: {', '.join(_choices(shape, place))}"
        case "bool_type":
            return name, f"{name} must be true or false"
        case "string_type":
            return name, f"{name} must be a text"
        case "json_invalid":
            return name, "The body is not JSON"
        case _:
            return name, f"{name}: {found['msg']}"


def _choices(shape: type[BaseModel], place: list[str]) -> tuple[str, ...]:
    """The values of a field that has a few, found by the wire's names."""
    kind: Any = shape
    for name in place:
        fields = getattr(kind, "model_fields", {})
        kind = next((f.annotation for k, f in fields.items() if name in (k, f.alias)), None)
    return tuple(str(c) for c in get_args(kind))
