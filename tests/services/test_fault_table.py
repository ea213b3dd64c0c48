"""Every fault on every endpoint that an analysis meets: nothing lost, nothing paid twice.

In each case the fault comes once, in the middle of an analysis of everything. It may end in a
sentence or not be felt; afterwards the program is started again and goes on, with the person's
consent where it asks for it. In the end all three answers are there and each was started once.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from app.core.errors import KeeptakeError
from app.services.http import Http, HttpAnswer
from app.services.nanoclip import NanoClip, Patience
from app.services.parsing import Parser
from app.services.upload import Persistence
from app.services.workflows import Analysis, Pace, Plan, analyse, pending
from tests.services.fake_cloud import KEY, FakeCloud, Notebook, Reply, fake_cloud, hasty

CREATE = "POST /v1/projects/upload"
STORE = "PUT /storage/1"
COMPLETE = "POST /v1/projects/{id}/upload/complete"
STARTS = [f"POST /v1/projects/{{id}}/{kind}" for kind in ("transcript", "vision", "retake-removal")]
RESULTS = [f"GET /v1/projects/{{id}}/{kind}" for kind in ("transcript", "vision", "retake-removal")]
ENDPOINTS = (CREATE, STORE, COMPLETE, *STARTS, *RESULTS)

ALL = Plan("nanoclip", "en", "he")

STALL = 0.25
"""Seconds that this program waits here for what never comes; in earnest it is minutes."""

CASE_S = 30.0
"""Seconds after which a case counts as hanging."""


class Impatient(Http):
    """Http as it is, with a stall counted in fractions of a second."""

    @override
    async def send(
        self, method: str, url: str, *, timeout: float = 60.0, **more: Any
    ) -> HttpAnswer:
        return await super().send(method, url, timeout=STALL * 2, **more)

    @override
    async def put(
        self,
        url: str,
        headers: Mapping[str, str],
        length: int,
        pieces: AsyncIterator[bytes],
        *,
        stall: float = 120.0,
    ) -> HttpAnswer:
        return await super().put(url, headers, length, pieces, stall=STALL)


def whole(body: bytes, *, status: int = 200, length: int | None = None, **headers: str) -> bytes:
    """An answer as it goes over the wire; `length` is what it claims to have."""
    named = {"Content_Type": "application/json", **headers}
    lines = "".join(f"{k.replace('_', '-')}: {v}\r\n" for k, v in named.items())
    told = len(body) if length is None else length
    return f"HTTP/1.1 {status} X\r\n{lines}Content-Length: {told}\r\n\r\n".encode() + body


def large() -> tuple[bytes, ...]:
    """A hundred megabytes of JSON that is no answer."""
    piece = b"a" * (1 << 20)
    head = whole(b'{"junk":"', length=11 + 100 * len(piece))
    return (head, *(piece for _ in range(100)), b'"}')


GOOD = b'{"project_id":"proj/1","status":"running"}'
HTML = b"<html><script>alert(1)</script>Bad gateway</html>"
BOMB = gzip.compress(bytes(50 << 20))

FAULTS: dict[str, Reply] = {
    "reset before the body": Reply(reset=True, early=True),
    "reset after the body": Reply(reset=True),
    "reset once it was done": Reply(reset=True, after=True),
    "stall": Reply(stall=True),
    "stall once it was done": Reply(stall=True, after=True),
    "slow drip": Reply(pieces=tuple(bytes([b]) for b in whole(GOOD)), between=0.05),
    "nothing but a head": Reply(pieces=(b"HTTP/1.1 200 OK\r\n",)),
    "no HTTP at all": Reply(pieces=(b"SSH-2.0-OpenSSH_9.2\r\n",)),
    "a truncated body": Reply(pieces=(whole(GOOD[:20], length=len(GOOD)),)),
    "a body longer than it says": Reply(pieces=(whole(GOOD, length=5),)),
    "an impossible length": Reply(pieces=(whole(GOOD, length=-1),)),
    "another type": Reply(pieces=(whole(b"\x89PNG\r\n", Content_Type="image/png"),)),
    "an empty body": Reply(pieces=(whole(b""),)),
    "an HTML page of success": Reply(pieces=(whole(HTML, Content_Type="text/html"),)),
    "a gzip bomb": Reply(pieces=(whole(BOMB, Content_Encoding="gzip"),)),
    "a hundred megabytes": Reply(pieces=large()),
    "NaN": Reply(pieces=(whole(b'{"project_id":"p","status":NaN}'),)),
    "deep nesting": Reply(pieces=(whole(b'{"a":' * 100_000 + b"1" + b"}" * 100_000),)),
    "duplicate keys": Reply(pieces=(whole(b'{"status":"running",' + GOOD[1:]),)),
    "bytes that are no text": Reply(pieces=(whole(b'{"project_id":"\xff\xfe"}'),)),
    "null": Reply(pieces=(whole(b"null"),)),
    "a list": Reply(pieces=(whole(b"[]"),)),
    "a redirect elsewhere": Reply(301, b"", {"Location": "https://elsewhere.example/v1"}),
    "a redirect that keeps the method": Reply(307, b"", {"Location": "http://127.0.0.1:9/v1"}),
    **{str(status): Reply(status, {"detail": "No"}) for status in (400, 401, 402, 403, 404, 409)},
    **{str(status): Reply(status, {"detail": "No"}) for status in (410, 413, 415, 418)},
    "422 with fields": Reply(422, {"detail": [{"loc": ["body", "language"], "msg": "No"}]}),
    "422 that is a page": Reply(pieces=(whole(HTML, status=422, Content_Type="text/html"),)),
    **{
        f"429, after {wait or 'no word'}": Reply(
            429, {"detail": "Rate limit"}, {"Retry-After": wait} if wait else {}
        )
        for wait in ("", "1", "-5", "soon", "Wed, 21 Oct 2037 07:28:00 GMT", "1e400")
    },
    **{str(status): Reply(status, b"oops") for status in (500, 502, 503, 504)},
    **{f"{status} once it was done": Reply(status, b"", after=True) for status in (500, 504)},
    "403 before the body was read": Reply(403, b"<Error/>", early=True),
    "an address that expired": Reply(
        400, b"<Error><Code>ExpiredToken</Code></Error>", {"Content-Type": "application/xml"}
    ),
}


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_no_fault_loses_an_answer_or_pays_twice(
    endpoint: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    wrong = asyncio.run(cases(endpoint, tmp_path))
    said = "\n".join(f"{name}: {what}" for name, what in wrong.items())
    assert not wrong, f"{len(wrong)} of {len(FAULTS)} cases at {endpoint}:\n{said}"
    assert KEY not in caplog.text
    assert "Signature=canary" not in caplog.text
    with capsys.disabled():
        sys.stdout.write(f" {len(FAULTS)} faults at {endpoint}\n")


async def cases(endpoint: str, folder: Path) -> dict[str, str]:
    """What was wrong, by the fault's name."""
    video = folder / "clip.mp4"
    video.write_bytes(bytes(range(256)) * 300)
    wrong: dict[str, str] = {}
    async with Impatient() as http, Parser(threshold=64 << 20) as parser:
        for name, fault in FAULTS.items():
            async with fake_cloud() as cloud:
                cloud.script[endpoint] = [fault]
                try:
                    async with asyncio.timeout(CASE_S):
                        said = await case(cloud, http, parser, video)
                except TimeoutError:
                    said = "it hangs"
                if said:
                    wrong[name] = said
    return wrong


async def case(cloud: FakeCloud, http: Http, parser: Parser, video: Path) -> str:
    """One sitting with the fault, then sittings without; "" where all is well."""
    kept: dict[str, dict[str, Any]] = {}
    got: dict[str, Any] = {}
    failures: list[str] = []
    agreed: Plan | None = ALL
    for _ in range(5):
        consent = agreed is None
        left = {kind: kind not in got for kind in ("transcript", "vision", "retakes")}
        plan = agreed or Plan("nanoclip", "en", "he", **left)
        story = sitting(cloud, http, parser, video, kept, got, plan)
        try:
            await analyse(story, silent, again=consent)
        except KeeptakeError as error:
            failures.append(f"{error.sentence} {error.hint} {error.detail}")
            if not error.sentence.strip() or "Traceback" in failures[-1]:
                return f"no sentence: {failures[-1]}"
            if KEY in failures[-1] or "canarysignature" in failures[-1]:
                return "a secret is in the error"
        if len(got) == len(STARTS):
            break
        # What the program goes on with by itself, else what a person asks for once more.
        agreed = pending(Notebook(cloud, kept), "nanoclip")
    else:
        return f"only {sorted(got)} came: {failures}"
    twice = [kind for kind in set(cloud.started) if cloud.started.count(kind) > 1]
    if twice:
        return f"{twice} started more than once: {failures}"
    foreign = [s.path for s in cloud.seen if s.path.startswith("/storage") and KEY in str(s)]
    return "the key went to storage" if foreign else ""


def silent(_stage: str, _fraction: float | None) -> None:
    """Nobody looks."""


def sitting(
    cloud: FakeCloud,
    http: Http,
    parser: Parser,
    video: Path,
    kept: dict[str, Any],
    got: dict[str, Any],
    plan: Plan = ALL,
) -> Analysis:
    """The stories as after a start of the program: the journal is all that they know."""

    async def receive(kind: str, _raw: bytes, value: object) -> None:
        got[kind] = value

    client = NanoClip(
        cloud.base_url, KEY, http, patience=Patience(tries=2, sleep=hasty()), service="nanoclip"
    )
    return Analysis(
        client,
        plan,
        video,
        _Clip(),  # type: ignore[arg-type]
        Notebook(cloud, kept),
        receive,
        parser,
        Pace(sleep=hasty()),
        Persistence(tries=2, sleep=hasty()),
    )


class _Clip:
    """As much of a Probe as the stories read."""

    duration = 10_000_000
    content_type = "video/mp4"
    video = "a video stream"


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:9", "https://127.0.0.1:{port}", "https://no-such-host.invalid"],
    ids=["refused", "no TLS there", "no such name"],
)
def test_a_service_that_cannot_be_reached_is_a_sentence_and_costs_nothing(
    address: str, tmp_path: Path
) -> None:
    async def main() -> None:
        video = tmp_path / "clip.mp4"
        video.write_bytes(b"film")
        async with Impatient() as http, Parser() as parser, fake_cloud() as cloud:
            port = cloud.base_url.rsplit(":", 1)[1]
            kept: dict[str, Any] = {}
            analysis = sitting(cloud, http, parser, video, kept, {})
            analysis.client = NanoClip(
                address.format(port=port), KEY, http, patience=Patience(tries=2, sleep=hasty())
            )
            with pytest.raises(KeeptakeError) as told:
                await analyse(analysis, silent)
            assert KEY not in json.dumps([told.value.sentence, told.value.hint, told.value.detail])
            assert cloud.started == []

    asyncio.run(main())
