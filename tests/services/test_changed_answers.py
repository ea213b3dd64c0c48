"""Ten thousand changed answers of both services: each is read, or refused naming the field."""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.core.errors import ServiceError
from app.core.moments import Moments
from app.services import wire, wire_shorts
from tests.services.fake_cloud import RETAKES, TRANSCRIPT, VISION, FakeCloud
from tests.services.fake_znippet import MOMENTS

TEN = 10_000_000
TIMES = 1_000

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1e308, -1e308, 2**63, -(2**80), 0.1, "", "x", "completed", "\ud800",
    "\u202e" * 3, "../../etc/passwd", [], {}, [[]], [None], {"a": 1}, "9" * 400, [1, 2, 3, 4],
)  # fmt: skip


def done(**lists: Any) -> dict[str, Any]:
    """A finished answer."""
    return {"project_id": "p", "status": "completed", **lists}


def of_kind(kind: wire.Kind) -> Callable[[bytes], object]:
    """What reads an analysis's answer."""
    return lambda raw: wire.outcome(kind, raw, TEN)


def of_shape(shape: type[Any]) -> Callable[[bytes], object]:
    """What reads an answer of that shape."""
    return lambda raw: wire.read(shape, raw)


def moments(raw: bytes) -> Moments | None:
    """What reads Znippet's answer about moments, to the core."""
    answer = wire.read(wire_shorts.AnalysisAnswer, raw)
    return answer.to_core(TEN, "j", "znippet", {}) if answer.moments else None


ANSWERS: dict[str, tuple[Callable[[bytes], object], dict[str, Any]]] = {
    "transcript": (of_kind("transcript"), done(**TRANSCRIPT)),
    "vision": (of_kind("vision"), done(**VISION)),
    "retakes": (of_kind("retakes"), done(**RETAKES)),
    "me": (of_shape(wire.MeResponse), FakeCloud().me()),
    "project": (
        of_shape(wire.ProjectDetailResponse),
        {"project_id": "p", "status": "ready", "created_at": "2026", "source": {"type": "upload"},
         "source_size_bytes": 5, "duration": 10.0},
    ),
    "upload": (
        of_shape(wire.UploadProjectResponse),
        {"project_id": "p", "status": "created", "created_at": "2026", "upload_url": "https://s/x",
         "source": {"type": "upload"}, "upload_headers": {"a": "b"},
         "upload_expires_in_seconds": 900},
    ),
    "error": (of_shape(wire.ErrorBody), {"detail": [{"loc": ["body", "x"], "msg": "No"}]}),
    "moments": (
        moments, {"jobId": "j", "status": "completed", "progress": 1, "moments": MOMENTS}
    ),
    "renders": (
        of_shape(wire_shorts.RenderAnswer),
        {"jobId": "j", "status": "completed",
         "renders": [{"momentNumber": 1, "status": "completed", "downloadUrl": "https://x/y"}]},
    ),
    "render accepted": (of_shape(wire_shorts.RenderAccepted), {"jobId": "j", "status": "queued"}),
}  # fmt: skip


@pytest.mark.parametrize("name", ANSWERS)
def test_a_changed_answer_is_read_or_refused_by_the_name_of_the_field(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    read, answer = ANSWERS[name]
    read(json.dumps(answer).encode())
    chance = random.Random(f"changed {name}")
    refused = 0
    for n in range(TIMES):
        raw = changed(answer, chance)
        refusal = refused_by(read, raw)
        if refusal is not None:
            refused += 1
            assert refusal.sentence, raw
            assert names_the_place(refusal.detail, raw), (n, raw, refusal.detail)
    assert 0 < refused < TIMES
    with capsys.disabled():
        sys.stdout.write(f" {refused} of {TIMES} changed answers of {name} refused\n")


def refused_by(read: Callable[[bytes], object], raw: bytes) -> ServiceError | None:
    """What it says against the answer, or None; anything else that is raised is a bug."""
    try:
        read(raw)
    except ServiceError as error:
        return error
    return None


def changed(answer: dict[str, Any], chance: random.Random) -> bytes:
    """The answer with one to three values changed, or its bytes broken."""
    copy = json.loads(json.dumps(answer))
    for _ in range(chance.choice((1, 1, 2, 3))):
        places = list(walk(copy))
        holder, key = chance.choice(places)
        match chance.randrange(4):
            case 0:
                del holder[key]
            case 1 if isinstance(holder, list):
                holder.insert(key, odd(chance))
            case 1:
                holder[f"new {chance.random()}"] = odd(chance)
            case _:
                holder[key] = odd(chance)
        if not copy:
            break
    raw = json.dumps(copy).encode()
    match chance.randrange(12):
        case 0:
            return raw[: chance.randrange(len(raw))]
        case 1:
            at = chance.randrange(len(raw))
            return raw[:at] + bytes([chance.randrange(256)]) + raw[at + 1 :]
        case 2:
            return raw.replace(b"1", b"NaN", 1)
        case _:
            return raw


def odd(chance: random.Random) -> Any:
    """A value of its own that does not fit."""
    return json.loads(json.dumps(chance.choice(ODD)))


def walk(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in it, as (holder, key)."""
    items = list(value.items() if isinstance(value, dict) else enumerate(value))
    for key, held in items:
        yield value, key
        if isinstance(held, dict | list):
            yield from walk(held)


def names_the_place(detail: str, raw: bytes) -> bool:
    """Whether the detail says at which line and column the JSON ends, or which field it is about:
    one that is in the answer, or one that it says is missing there."""
    first, place, why, *_ = [*detail.splitlines(), "", ""]
    if "[type=json_invalid" in place:
        return re.search(r" at line \d+ column \d+ ", place) is not None
    if not re.fullmatch(r"\d+ validation errors? for \w+", first) or not place[:1].strip():
        return False
    value: Any = json.loads(raw)
    for quoted, plain in re.findall(r"`([^`]*)`|([^.`]+)", place):
        step = quoted or plain
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        elif not SHAPE.fullmatch(step):
            return "[type=missing" in why and isinstance(value, dict | list)
    return True


SHAPE = re.compile(r"str|int|float|list\[.*\]|dict\[.*\]")
"""A step that says which of several shapes was tried, not where."""
