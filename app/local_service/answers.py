"""Answers as the contract words them: JSON bodies, refusals, the state of an analysis."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from app.local_service.shapes import Analysis, Project, Run, source_of
from app.services import wire


def answer(model: BaseModel, status: int = 200) -> Response:
    """A wire shape as JSON, without what is null."""
    return Response(wire.body(model), status, media_type="application/json")


def refuse(status: int, detail: str | list[dict[str, Any]]) -> JSONResponse:
    """Contract A8."""
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return JSONResponse({"detail": detail}, status, headers=headers)


def project_answer(project: Project) -> wire.ProjectDetailResponse:
    """Contract A3.4."""
    return wire.ProjectDetailResponse(
        project_id=project.id,
        status=project.status,
        created_at=project.created_at,
        source=source_of(project),
        duration=None if project.duration is None else project.duration / 1_000_000,
        source_size_bytes=project.received_bytes if project.status == "ready" else None,
        width=project.width,
        height=project.height,
    )


def completed_answer(project: Project) -> wire.CompleteUploadResponse:
    """Contract A3.3; the project is ready."""
    return wire.CompleteUploadResponse.model_validate(project_answer(project).model_dump())


def command_answer(project: Project, analysis: Analysis, run: Run) -> wire.Command:
    """Contract A4 to A6: the 202. It never says "failed"."""
    common: dict[str, Any] = {
        "project_id": project.id,
        "status": run.status,
        "created_at": run.created_at,
    }
    outputs = run.request.get("requested_outputs", [])
    match analysis:
        case "transcript":
            return wire.TranscriptCommandResponse(**common, requested_outputs=outputs)
        case "vision":
            return wire.VisionCommandResponse(**common, requested_outputs=outputs)
        case "retake_removal":
            return wire.RetakeRemovalCommandResponse(**common)


def state_answer(project: Project, analysis: Analysis, run: Run) -> wire.Result:
    """Contract A4 to A6: a result that is not there (yet), with how far it is."""
    common: dict[str, Any] = {
        "project_id": project.id,
        "status": run.status,
        "error": run.error,
        "stage": run.stage,
        "progress": run.progress,
    }
    match analysis:
        case "transcript":
            language = run.request.get("language")
            return wire.TranscriptionResultResponse(**common, language=language)
        case "vision":
            return wire.VisionResultResponse(**common)
        case "retake_removal":
            return wire.RetakeRemovalResultResponse(**common)


def me_answer(
    projects: tuple[Project, ...], today: str, resets_at: str, max_bytes: int
) -> Response:
    """Contract A9: nothing costs anything, and there is no balance. `today` is "YYYY-MM-DD"."""
    runs = [r for p in projects for r in p.runs.values() if r.created_at.startswith(today)]
    me = wire.MeResponse(
        workspace=wire.MeWorkspace(id="local", name="This computer"),
        api_key=wire.MeApiKey(prefix="local", scopes=["*"], name="Local service"),
        limits=wire.MeLimits(
            requests_per_minute_per_key=UNLIMITED,
            projects_per_day=UNLIMITED,
            analysis_commands_per_day=UNLIMITED,
            max_upload_bytes=max_bytes,
        ),
        usage_today=wire.MeUsageToday(
            projects_created=sum(p.created_at.startswith(today) for p in projects),
            analysis_commands=len(runs),
            day_resets_at=resets_at,
        ),
        billing=wire.MeBilling(
            currency="USD",
            pricing=wire.MePricing(
                transcript_per_uploaded_hour_cents=0,
                diarization_addon_per_hour_cents=0,
                vision_per_minute_cents=0,
                retake_removal_per_minute_cents=0,
            ),
        ),
        agent_context={"balance_note": "Everything is computed on this computer and costs nothing"},
    )
    return answer(me)


UNLIMITED = 1_000_000_000
"""There is no limit here, but the contract wants a number."""
