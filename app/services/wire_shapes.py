"""What every shape of the NanoClip contract is made of: names, strict types, JSON out and in."""

from __future__ import annotations

import math
from typing import Annotated, Literal, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from app.core.errors import ServiceError
from app.core.timerange import SECOND
from app.services.redact import redact

Service = Literal["nanoclip", "local"]
"""Who answered; never an address."""


Kind = Literal["transcript", "vision", "retakes"]
"""Name of an analysis inside this program; the wire calls the last one "retake_removal"."""


Language = Literal[
    "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "he", "hr", "hu",
    "it", "lt", "lv", "mt", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "uk",
]  # fmt: skip


LANGUAGES: tuple[str, ...] = get_args(Language)


TranscriptOutput = Literal["text", "speakers", "utterances", "words"]


VisionOutput = Literal["faces", "face_tracks", "scenes"]


I32 = Annotated[int, Field(ge=-(2**31), lt=2**31)]


def _finite_or_none(value: object) -> object:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if number and math.isfinite(float(value)) else None  # type: ignore[arg-type]


Loose = Annotated[float | None, BeforeValidator(_finite_or_none)]
"""Seconds whose item is skipped, not refused, where they are no finite number."""


class Request(BaseModel):
    """A request body as the service must accept it; wrong types are a 422."""

    model_config = ConfigDict(strict=True, allow_inf_nan=False, defer_build=True)


class Answer(BaseModel):
    """An answer: types strict, unknown fields kept, NaN and infinity refused."""

    model_config = ConfigDict(strict=True, extra="allow", allow_inf_nan=False, defer_build=True)


class Result(Answer):
    """The state of an analysis, read from its GET.

    progress: 0 to 1, and stage: a few words; both are the local service's own.
    """

    project_id: str
    status: str
    error: str | None = None
    progress: float | None = None
    stage: str | None = None

    @property
    def state(self) -> Literal["pending", "completed", "failed"]:
        """`queued`, `processing`, `running` and every unknown word are pending."""
        match self.status:
            case "completed":
                return "completed"
            case "failed":
                return "failed"
            case _:
                return "pending"


class NotJsonError(ServiceError):
    """What came is no JSON at all: perhaps a page of something in between."""


AnyModel = TypeVar("AnyModel", bound=BaseModel)


def body(model: BaseModel) -> bytes:
    """JSON as the contract wants it: what is None is left out, since lists may not be null."""
    return model.model_dump_json(exclude_none=True).encode()


def read(shape: type[AnyModel], raw: bytes, context: object = None) -> AnyModel:
    """An answer's bytes as `shape`; raises ServiceError where they are not JSON or not that.

    context: what the shape's own validators fill, if any.
    """
    try:
        return shape.model_validate_json(raw, context=context)
    except ValidationError as error:
        kinds = {e["type"] for e in error.errors(include_url=False, include_context=False)}
        what = "is not JSON" if "json_invalid" in kinds else "is not what its contract says"
        kind = NotJsonError if "json_invalid" in kinds else ServiceError
        raise kind(
            f"The service answered something that {what}.",
            "Nothing was lost. Try again; if it stays, the service or this program must change.",
            redact(f"{error}\n\n{raw[:2000].decode(errors='replace')}"),
        ) from error


def us(seconds: float, duration: int) -> int:
    return round(min(max(seconds, 0.0) * SECOND, float(duration)))
