"""The NanoClip contract as shapes: requests, answers, errors, and what they become in `app.core`.

Both sides use them: the client reads answers leniently (unknown fields kept, absent and null alike,
unknown states still pending), the local service writes them with `body`. No HTTP here.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal, get_args

from pydantic import ConfigDict, Field

from app.core.review import Retakes
from app.core.transcript import Transcript
from app.services.wire_retakes import (
    RetakeRemovalKeepInterval,
    RetakeRemovalResultResponse,
    RetakeRemovalSpan,
    RetakeRemovalWord,
)
from app.services.wire_shapes import (
    LANGUAGES,
    Answer,
    Kind,
    Language,
    NotJsonError,
    Request,
    Result,
    Service,
    TranscriptOutput,
    VisionOutput,
    body,
    read,
)
from app.services.wire_transcript import (
    AGENT_CONTEXT,
    TranscriptionResultResponse,
    TranscriptSpeaker,
    TranscriptUtterance,
    TranscriptWord,
    wire_word,
)
from app.services.wire_vision import (
    Detection,
    FaceFrame,
    FaceTrackSummary,
    Scene,
    SceneFrame,
    Vision,
    VisionAsdStatus,
    VisionResultResponse,
    land,
)

__all__ = [
    "AGENT_CONTEXT",
    "AUDIO_TYPES",
    "DEFAULT_MAX_UPLOAD",
    "LANGUAGES",
    "VIDEO_TYPES",
    "CaptionsRequest",
    "Command",
    "CompleteUploadResponse",
    "Detection",
    "ErrorBody",
    "ErrorItem",
    "FaceDetectionRequest",
    "FaceFrame",
    "FaceTrackSummary",
    "Kind",
    "MeApiKey",
    "MeBilling",
    "MeLimits",
    "MePricing",
    "MeResponse",
    "MeUsageToday",
    "MeWorkspace",
    "NotJsonError",
    "ProjectDetailResponse",
    "ProjectSource",
    "Request",
    "Result",
    "RetakeRemovalCommandResponse",
    "RetakeRemovalKeepInterval",
    "RetakeRemovalRequest",
    "RetakeRemovalResultResponse",
    "RetakeRemovalSpan",
    "RetakeRemovalWord",
    "Scene",
    "SceneFrame",
    "Service",
    "TranscriptCommandResponse",
    "TranscriptOutput",
    "TranscriptSpeaker",
    "TranscriptUtterance",
    "TranscriptWord",
    "TranscriptionRequest",
    "TranscriptionResultResponse",
    "UploadProjectRequest",
    "UploadProjectResponse",
    "Vision",
    "VisionAsdStatus",
    "VisionCommandResponse",
    "VisionOutput",
    "VisionResultResponse",
    "body",
    "outcome",
    "parse",
    "read",
    "wire_word",
]  # fmt: skip


VIDEO_TYPES = ("video/mp4", "video/quicktime", "video/webm")


AUDIO_TYPES = (
    "audio/mpeg", "audio/mp4", "audio/x-m4a", "audio/aac", "audio/wav", "audio/x-wav",
    "audio/flac", "audio/x-flac", "audio/ogg", "audio/webm",
)  # fmt: skip


DEFAULT_MAX_UPLOAD = 1_000_000_000
"""Bytes, where `/v1/me` was not asked: "1 GB" read as the smaller of its two meanings."""


class UploadProjectRequest(Request):
    """Contract A3.1."""

    filename: str = Field(min_length=1, max_length=255)
    content_type: str = Field(min_length=1, max_length=255)
    size_bytes: int | None = Field(default=None, gt=0)


class TranscriptionRequest(Request):
    """Contract A4; `diarize` is billed apart."""

    language: Language
    requested_outputs: list[TranscriptOutput] = Field(
        default_factory=lambda: list(get_args(TranscriptOutput))
    )
    diarize: bool = False


class FaceDetectionRequest(Request):
    """Contract A5; the body is required, its field is not."""

    requested_outputs: list[VisionOutput] = Field(
        default_factory=lambda: list(get_args(VisionOutput))
    )


class RetakeRemovalRequest(Request):
    """Contract A6: one field, and any other is a 422."""

    model_config = ConfigDict(strict=True, allow_inf_nan=False, extra="forbid")
    language: Language


class ProjectSource(Answer):
    """What was uploaded. `url` is neither fetched nor logged."""

    type: str
    filename: str | None = None
    content_type: str | None = None
    media_kind: str | None = None
    size_bytes: int | None = None
    url: str | None = None


class UploadProjectResponse(Answer):
    """Contract A3.1: a new project and the signed address for its bytes."""

    project_id: str
    status: str
    created_at: str
    source: ProjectSource
    upload_url: str = Field(repr=False)
    upload_headers: dict[str, str] = Field(repr=False)
    upload_expires_in_seconds: int


class ProjectDetailResponse(Answer):
    """Contract A3.4; the measures are null until the upload was completed."""

    project_id: str
    status: str
    created_at: str
    source: ProjectSource
    duration: float | None = None
    source_size_bytes: int | None = None
    width: int | None = None
    height: int | None = None


class CompleteUploadResponse(ProjectDetailResponse):
    """Contract A3.3: what was found in the uploaded bytes; `duration` is the billing basis."""

    source_size_bytes: int
    duration: float


class Command(Answer):
    """A 202: the analysis was accepted, or existed already and may even be completed."""

    project_id: str
    analysis: str
    status: str
    created_at: str


class TranscriptCommandResponse(Command):
    """Contract A4."""

    analysis: Literal["transcript"] = "transcript"
    requested_outputs: list[str]


class VisionCommandResponse(Command):
    """Contract A5."""

    analysis: Literal["vision"] = "vision"
    requested_outputs: list[str]


class RetakeRemovalCommandResponse(Command):
    """Contract A6."""

    analysis: Literal["retake_removal"] = "retake_removal"


class MeWorkspace(Answer):
    """Whose credit is spent."""

    id: str
    name: str | None = None


class MeApiKey(Answer):
    """The key as far as it may be shown."""

    prefix: str
    scopes: list[str]
    name: str | None = None


class MeLimits(Answer):
    """The running limits; prefer them to the documented defaults."""

    requests_per_minute_per_key: int
    projects_per_day: int
    analysis_commands_per_day: int
    max_upload_bytes: int


class MeUsageToday(Answer):
    """What was used since the last reset."""

    projects_created: int
    analysis_commands: int
    day_resets_at: str


class MePricing(Answer):
    """Cents."""

    transcript_per_uploaded_hour_cents: int
    diarization_addon_per_hour_cents: int
    vision_per_minute_cents: int
    retake_removal_per_minute_cents: int


class MeBilling(Answer):
    """A null balance means that billing is switched off, not that it is zero."""

    credit_balance_cents: int | None = None
    currency: str
    pricing: MePricing


class MeResponse(Answer):
    """Contract A9, `GET /v1/me`."""

    workspace: MeWorkspace
    api_key: MeApiKey
    limits: MeLimits
    usage_today: MeUsageToday
    billing: MeBilling
    agent_context: dict[str, Any] | None = None


class ErrorItem(Answer):
    """One refused field of a 422."""

    loc: list[str | int] = Field(default_factory=list)
    msg: str = ""
    type: str = ""


class ErrorBody(Answer):
    """Contract A8: `detail` is a string, or a list for a 422."""

    detail: str | list[ErrorItem] = ""
    MAX_SHOWN: ClassVar[int] = 400

    @property
    def said(self) -> str:
        """What the service says is wrong, as one short line of plain text."""
        if isinstance(self.detail, str):
            return self.detail[: self.MAX_SHOWN]
        parts = (f"{'.'.join(map(str, e.loc))}: {e.msg}".strip(": ") for e in self.detail)
        return "; ".join(parts)[: self.MAX_SHOWN]


class CaptionsRequest(Request):
    """Of the local service alone: captions found beside the video, `POST …/captions`."""

    filename: str = Field(min_length=1, max_length=255)
    text: str


_RESULTS: dict[
    Kind,
    type[TranscriptionResultResponse]
    | type[VisionResultResponse]
    | type[RetakeRemovalResultResponse],
] = {
    "transcript": TranscriptionResultResponse,
    "vision": VisionResultResponse,
    "retakes": RetakeRemovalResultResponse,
}


def parse(
    kind: Kind, raw: bytes, duration: int, service: Service = "nanoclip"
) -> Transcript | Vision | Retakes:
    """A completed result's bytes as a core value; `duration` of the footage in microseconds.

    Raises ServiceError where the answer is not the contract. A large answer takes seconds: the
    window asks `parsing.Parser` instead.
    """
    return read(_RESULTS[kind], raw).to_core(duration, service)


def outcome(
    kind: Kind, raw: bytes, duration: int, service: Service = "nanoclip"
) -> tuple[Result, Transcript | Vision | Retakes | None]:
    """The state of a result without its lists, and its core value once it is completed."""
    answer: Result
    value: Transcript | Vision | Retakes | None
    if kind == "vision":
        answer, value = land(raw, duration)
    else:
        answer = read(_RESULTS[kind], raw)
        value = answer.to_core(duration, service) if answer.state == "completed" else None
    told = answer.model_dump(include=set(Result.model_fields))
    return Result(**told), value
