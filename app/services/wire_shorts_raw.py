"""Znippet's JSON as the text it came as: what must go back untouched, and what is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

from app.core.errors import ServiceError
from app.core.moments import Moments
from app.services import wire
from app.services.wire_shorts import AnalysisAnswer, Service

SAMPLED = (
    "assetId", "projectId", "storageClass", "sizeBytes", "durationSeconds", "completeToken",
)  # fmt: skip
"""The members of `upload` that the sample of /analyze sends (contract 4, 35)."""


def raw_member(raw: bytes | str, name: str) -> str:
    """The untouched JSON text of the member `name` of an object; raises ServiceError.

    A later member of the same name counts, as for every parser.
    """
    found: str | None = None
    try:
        text = raw if isinstance(raw, str) else raw.decode()
        for key, value in _members(text):
            if key == name:
                found = value
    except (ValueError, RecursionError) as error:
        raise _unreadable(name, str(error)) from error
    if found is None:
        raise _unreadable(name, "")
    return found


def _unreadable(name: str, detail: str) -> ServiceError:
    return ServiceError(
        f"The service's answer has no readable “{name}”.",
        "Nothing was lost. Try again; if it stays, the service or this program must change.",
        detail,
    )


def _members(text: str) -> list[tuple[str, str]]:
    """The members of an object, values as their text; raises ValueError."""
    decoder = json.JSONDecoder()
    at = _expect(text, 0, "{")
    out: list[tuple[str, str]] = []
    while text[at : at + 1] != "}":
        if out:
            at = _expect(text, at, ",")
        key, at = decoder.raw_decode(text, at)
        start = _expect(text, at, ":")
        _value, end = decoder.raw_decode(text, start)
        out.append((key, text[start:end]))
        at = _blank(text, end)
    return out


def _blank(text: str, at: int) -> int:
    while text[at : at + 1] in (" ", "\t", "\n", "\r"):
        at += 1
    return at


def _expect(text: str, at: int, what: str) -> int:
    """The place after `what` and the blanks around it."""
    at = _blank(text, at)
    if text[at : at + 1] != what:
        raise ValueError(f"expected {what} at {at}")
    return _blank(text, at + 1)


def analyze_body(upload: str, settings: Mapping[str, Any]) -> bytes:
    """The body of /analyze around `upload`, the text as it came (contract 4, 35)."""
    return f'{{"upload":{upload},"settings":{json.dumps(settings)}}}'.encode()


def sampled(upload: str) -> str:
    """`upload` with the six sampled members alone, each as its own text."""
    kept = dict(_members(upload))
    return "{" + ",".join(f'"{k}":{kept[k]}' for k in SAMPLED if k in kept) + "}"


def pack(job: str, origin: Service, settings: Mapping[str, Any], answer: bytes) -> bytes:
    """The answer of an analysis, untouched, with what is needed to read it again later."""
    head = {"version": 1, "job": job, "service": origin, "settings": dict(settings)}
    return json.dumps(head)[:-1].encode() + b', "answer": ' + answer + b"}"


def unpack(raw: bytes, duration: int) -> Moments:
    """What `pack` packed; `duration` of the film in microseconds. Raises ServiceError."""
    job = raw_member(raw, "job")
    origin: Literal["znippet", "local service"] = "znippet"
    if json.loads(raw_member(raw, "service")) == "local":
        origin = "local service"
    settings = json.loads(raw_member(raw, "settings"))
    answer = wire.read(AnalysisAnswer, raw_member(raw, "answer").encode())
    return answer.to_core(duration, str(json.loads(job)), origin, settings)
