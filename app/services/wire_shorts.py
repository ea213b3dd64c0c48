"""The Znippet Shorts contract as shapes, and what its answers become in `app.core`.

Both sides use them, as with `wire`: attributes are snake_case and the wire's camelCase is their
alias; `wire.body` writes them so. No HTTP here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from app.core.moments import Framing, Moment, Moments
from app.core.timerange import SECOND, TimeRange, to_seconds
from app.services.redact import plain, redact

Service = Literal["znippet", "local"]
"""Who answered; never an address."""

Analysing = Literal["auto", "full", "transcript"]
Length = Literal["mixed", "10-30", "30-60", "60-120"]
Volume = Literal["strict", "focused", "loose"]
PRESET = "bc-default"
"""The caption preset to name when unsure (contract B3)."""

PATH = "/api/v1/shorts"
"""Every call's path begins with it; a `statusUrl` names it from the origin (contract B3)."""

ClipState = Literal["queued", "running", "ready", "failed"]
State = Literal["pending", "ready", "failed"]


def _number_or_none(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return value if math.isfinite(value) else None
    except OverflowError:  # an int that no float holds
        return None


def _counted(value: object) -> object:
    """1-based numbers; 3.0 is 3, since JSON knows one kind of number."""
    value = _number_or_none(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and value >= 1 else None


def _text_or_none(value: object) -> object:
    return value if isinstance(value, str) else None


def _true_or_false(value: object) -> object:
    return value if isinstance(value, bool) else None


def _header_texts(value: object) -> object:
    """A length given as a number is the text it would be sent as."""
    if not isinstance(value, dict):
        return value
    return {k: str(v) if type(v) is int else v for k, v in value.items()}


def _object_or_none(value: object) -> object:
    return value if isinstance(value, dict | BaseModel) else None


def _objects(value: object) -> object:
    """What is no object becomes an empty one, so that it is told of and the rest is read."""
    if not isinstance(value, list):
        return [] if value is None else value
    return [v if isinstance(v, dict | BaseModel) else {} for v in value]


Number = Annotated[float | None, BeforeValidator(_number_or_none)]
Counted = Annotated[int | None, BeforeValidator(_counted)]
Text = Annotated[str | None, BeforeValidator(_text_or_none)]
Flag = Annotated[bool | None, BeforeValidator(_true_or_false)]


class Request(BaseModel):
    """A request body as the service must accept it; wrong types are refused."""

    model_config = ConfigDict(
        strict=True,
        allow_inf_nan=False,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        defer_build=True,
    )


class Answer(BaseModel):
    """An answer: unknown fields kept. What one clip lacks never spoils the others."""

    model_config = ConfigDict(
        strict=True,
        extra="allow",
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        defer_build=True,
    )


class UploadRequest(Request):
    """Contract B3; all four are sent (4, 37)."""

    file_name: str = Field(min_length=1)
    content_type: str = Field(min_length=1)
    size_bytes: int = Field(gt=0)
    duration_seconds: float = Field(gt=0)


class UploadAnswer(Answer):
    """Where the bytes go and what /analyze wants back: `wire_shorts_raw` keeps that as it came."""

    upload_url: str = Field(repr=False)
    method: str = "PUT"
    headers: Annotated[dict[str, str], BeforeValidator(_header_texts)] = Field(
        default_factory=dict, repr=False
    )
    upload: dict[str, Any] = Field(repr=False)


class ShortsSettings(Request):
    """The seven settings; which are required is undocumented, so Keeptake sends all it has."""

    framing_mode: Framing = "subject"
    analysis_mode: Analysing = "auto"
    highlight_mode: Length = "mixed"
    clip_volume: Volume = "focused"
    caption_burn_in: bool = True
    caption_preset_id: str | None = None
    video_description: str | None = None


class AnalyzeRequest(Request):
    """Contract B3 as a service reads it; the client writes its text itself."""

    upload: dict[str, Any]
    settings: ShortsSettings


class RenderRequest(Request):
    """Contract B3: which moments become shorts."""

    moment_numbers: list[int]


class WordsRequest(Request):
    """The local service's own: words found beside the video, so that it need not listen."""

    filename: str = Field(min_length=1, max_length=255)
    text: str


class ErrorShape(Answer):
    """An error's body, and what a failed job carries: the reason is where it is (4, 43)."""

    error: Any = None
    message: Any = None
    issues: Any = None

    @property
    def said(self) -> str:
        """The service's own reason as one harmless line, or ""."""
        for given in (self.error, self.message):
            text = given.get("message") if isinstance(given, dict) else given
            if isinstance(text, str) and text.strip():
                return plain(redact(text))
        told = [f"{field}: {message}" if field else message for field, message in self.fields]
        return plain("; ".join(told))

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """The issues as (field, message), the field as the wire names it; "" where it does not."""
        nested = self.error.get("issues") if isinstance(self.error, dict) else None
        given = self.issues if isinstance(self.issues, list) else nested
        out: list[tuple[str, str]] = []
        for issue in given if isinstance(given, list) else ():
            if isinstance(issue, str):
                out.append(("", plain(redact(issue))))
            elif isinstance(issue, dict):
                field, message = issue.get("field"), issue.get("message")
                told = message if isinstance(message, str) else "This is not accepted."
                out.append((plain(field) if isinstance(field, str) else "", plain(redact(told))))
        return tuple(out)


class JobAnswer(ErrorShape):
    """What every job says. stage, progress (0 to 1): the local service's own."""

    job_id: Text = None
    status: Text = None
    ready: Flag = None
    stage: Text = None
    progress: Number = None

    @property
    def state(self) -> State:
        """`ready` or the status says so; every unknown word is pending (contract 4, 42)."""
        if self.ready or self.status == "ready":
            return "ready"
        return "failed" if self.status == "failed" else "pending"


class Dispatch(Answer):
    """How the job was queued; what `ok: false` means is undocumented (contract 4, 41)."""

    attempted: Flag = None
    mode: Text = None
    ok: Flag = None


class AnalyzeAnswer(JobAnswer):
    """A job was made; without its id the order cannot be followed."""

    job_id: str = Field(min_length=1)
    status_url: Text = None
    dispatch: Annotated[Dispatch | None, BeforeValidator(_object_or_none)] = None


class MomentShape(Answer):
    """One moment; seconds. What is missing or of another kind is None."""

    number: Counted = None
    start_time: Number = None
    end_time: Number = None
    duration: Number = None
    title: Text = None
    description: Text = None
    viral_score: Number = None
    tags: Any = None
    channel_scores: Any = None


class AnalysisAnswer(JobAnswer):
    """The state of an analysis, and its moments once it is ready."""

    moments: Annotated[list[MomentShape], BeforeValidator(_objects)] = []

    def to_core(
        self,
        duration: int,
        job: str,
        origin: Literal["znippet", "local service"],
        settings: Mapping[str, Any],
    ) -> Moments:
        """What can be used, in the service's order; `duration` of the film in microseconds.

        Each moment that cannot be used is told of in `warnings`. settings: as sent to /analyze.
        """
        items: list[Moment] = []
        warnings: list[str] = []
        seen: set[int] = set()
        for place, given in enumerate(self.moments, 1):
            problem, found = _moment(given, duration, seen)
            if problem:
                named = given.number if given.number is not None else f"at place {place}"
                warnings.append(f"Moment {named} {problem}")
            if found is not None:
                seen.add(found.number)
                items.append(found)
        framing: Framing = "subject"
        match settings.get("framingMode"):
            case "grid":
                framing = "grid"
            case "static":
                framing = "static"
        captions = settings.get("captionBurnIn") is True
        return Moments(job, tuple(items), origin, framing, captions, tuple(warnings))


class RenderItem(ErrorShape):
    """One clip of a render. The links are short-lived secrets."""

    moment_number: Counted = None
    status: Text = None
    asset_id: Text = None
    url: Text = Field(default=None, repr=False)
    download_url: Text = Field(default=None, repr=False)
    stage: Text = None
    progress: Number = None

    @property
    def state(self) -> ClipState:
        """`running` for every unknown word."""
        match self.status:
            case "queued" | "ready" | "failed":
                return self.status
            case _:
                return "running"

    @property
    def link(self) -> str:
        """Where its file is at the moment, the one meant for downloading first; or ""."""
        return self.download_url or self.url or ""


class RenderAnswer(JobAnswer):
    """A render and its clips, each with a state of its own (contract 4, 44)."""

    status_url: Text = None
    project_id: Text = None
    source_asset_id: Text = None
    ok: Flag = None
    renders: Annotated[list[RenderItem], BeforeValidator(_objects)] = []

    def item(self, number: int) -> RenderItem | None:
        """What is said of that moment; None where the answer leaves it out."""
        found = [r for r in self.renders if r.moment_number == number]
        return next((r for r in found if r.state == "ready"), found[-1] if found else None)


class RenderAccepted(RenderAnswer):
    """The answer of a render's start; without its id the order cannot be followed."""

    job_id: str = Field(min_length=1)


def _moment(given: MomentShape, duration: int, seen: set[int]) -> tuple[str, Moment | None]:
    """What is odd about a moment, to follow "Moment N", and what of it can be used."""
    number, start, end = given.number, given.start_time, given.end_time
    if number is None:
        return "has no number, so it could not be rendered; it is left out.", None
    if number in seen:
        return "comes twice; the first is kept.", None
    if start is None or end is None:
        return "has no times; it is left out.", None
    if end <= start:
        return "ends before it begins or as it begins; it is left out.", None
    low, high = _us(start, duration), _us(end, duration)
    if low >= high:
        return "lies outside the film; it is left out.", None
    outside = start < 0 or end * SECOND > duration + SECOND / 10
    found = Moment(
        number,
        TimeRange(low, high),
        plain(given.title or "", 200) or f"Moment {number}",
        plain(given.description or "", 2000),
        given.viral_score,
        _channels(given.channel_scores),
        _tags(given.tags),
    )
    return "reaches outside the film and was shortened." if outside else "", found


def _us(seconds: float, duration: int) -> int:
    return round(min(max(seconds, 0.0) * SECOND, float(duration)))


def _channels(given: object) -> tuple[tuple[str, float], ...]:
    """Any channel that has a number; names are the service's own."""
    out: dict[str, float] = {}
    for key, value in given.items() if isinstance(given, dict) else ():
        name, score = plain(str(key), 60), _number_or_none(value)
        if name and isinstance(score, int | float):
            out.setdefault(name, float(score))
    return tuple(out.items())


def _tags(given: object) -> tuple[str, ...]:
    tags = [plain(t, 60) for t in given if isinstance(t, str)] if isinstance(given, list) else []
    return tuple(dict.fromkeys(t for t in tags if t))


def shape_of(moment: Moment) -> MomentShape:
    """The answer that holds `moment`; `to_core` reads the same from it."""
    return MomentShape(
        number=moment.number,
        start_time=to_seconds(moment.span.start),
        end_time=to_seconds(moment.span.end),
        duration=to_seconds(moment.span.duration),
        title=moment.title,
        description=moment.description,
        viral_score=moment.score,
        tags=list(moment.tags),
        channel_scores=dict(moment.channels),
    )
