"""Znippet as typed calls: what goes over the wire, what is sent again, and what refusals say."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from app.core.errors import ServiceError, Unreachable
from app.services.http import Http, NotSent
from app.services.nanoclip import Patience
from app.services.wire_shorts import Service
from app.services.znippet import Znippet
from app.services.znippet_refusals import FieldErrors, in_doubt
from tests.services.fake_cloud import Reply, hasty
from tests.services.fake_znippet import (
    ANALYSIS,
    ANALYZE,
    DEVICE,
    LICENSE,
    PATH,
    RENDER,
    RENDERS,
    UPLOAD,
    UPLOADS,
    FakeZnippet,
    fake_znippet,
)

SETTINGS = {"framingMode": "subject", "captionBurnIn": True}


@asynccontextmanager
async def asked(
    service: Service = "znippet", waits: list[float] | None = None
) -> AsyncIterator[tuple[FakeZnippet, Znippet]]:
    async with fake_znippet() as server, Http() as http:
        patience = Patience(tries=3, sleep=hasty(waits))
        yield (
            server,
            Znippet(
                server.base_url + PATH, LICENSE, DEVICE, http, service=service, patience=patience
            ),
        )


def run(
    story: Callable[[FakeZnippet, Znippet], Awaitable[None]], service: Service = "znippet"
) -> None:
    async def main() -> None:
        async with asked(service) as (server, client):
            await story(server, client)

    asyncio.run(main())


CALLS: dict[str, Callable[[Znippet], Awaitable[Any]]] = {
    UPLOADS: lambda c: c.create_upload("a.mp4", "video/mp4", 4000, 10.5),
    ANALYZE: lambda c: c.analyze(UPLOAD, SETTINGS),
    ANALYSIS: lambda c: c.analysis("job/1"),
    RENDER: lambda c: c.render("job/1", [1, 3]),
    RENDERS: lambda c: c.renders("render/1"),
}
COMMANDS = (UPLOADS, ANALYZE, RENDER)


def test_every_call_has_the_three_headers_and_no_key_in_a_body() -> None:
    async def story(server: FakeZnippet, client: Znippet) -> None:
        for call in CALLS.values():
            await call(client)
        assert [s.name for s in server.seen] == list(CALLS)
        for seen in server.seen:
            assert seen.headers["authorization"] == f"Bearer {LICENSE}"
            assert seen.headers["x-device-id"] == DEVICE
            assert seen.headers["content-type"] == "application/json"
            assert "idempotency-key" not in seen.headers
            assert LICENSE.encode() not in seen.body
            assert DEVICE.encode() not in seen.body
        assert json.loads(server.seen[0].body) == {
            "fileName": "a.mp4", "contentType": "video/mp4", "sizeBytes": 4000,
            "durationSeconds": 10.5,
        }  # fmt: skip
        assert UPLOAD.encode() in server.seen[1].body
        assert server.seen[2].path == f"{PATH}/analyses/job%2F1"
        assert json.loads(server.seen[3].body) == {"momentNumbers": [1, 3]}

    run(story)


def test_the_local_service_gets_an_idempotency_key_with_orders_alone() -> None:
    async def story(server: FakeZnippet, client: Znippet) -> None:
        await client.analyze(UPLOAD, SETTINGS, order="order-1")
        await client.render("job/1", [1], order="order-2")
        await client.analysis("job/1")
        keys = [s.headers.get("idempotency-key") for s in server.seen]
        assert keys == ["order-1", "order-2", None]

    run(story, "local")

    async def cloud(server: FakeZnippet, client: Znippet) -> None:
        await client.analyze(UPLOAD, SETTINGS, order="order-1")
        assert "idempotency-key" not in server.seen[0].headers

    run(cloud)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409, 413, 422])
def test_refusals_are_not_sent_again(name: str, status: int) -> None:
    async def story(server: FakeZnippet, client: Znippet) -> None:
        server.script[name] = [Reply(status, {"error": "No, because"})]
        with pytest.raises(ServiceError) as caught:
            await CALLS[name](client)
        assert server.count(name) == 1
        assert caught.value.status == status
        assert "No, because" in caught.value.sentence
        assert caught.value.hint
        assert not in_doubt(caught.value)

    run(story)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_questions_are_asked_again_and_commands_only_where_not_done(name: str, status: int) -> None:
    async def story(server: FakeZnippet, client: Znippet) -> None:
        server.analyses["job/1"] = 0
        server.orders["render/1"] = ([1], 0)
        server.script[name] = [Reply(status, b"<html>Bad Gateway</html>")]
        if name in COMMANDS and status not in (429, 503):
            with pytest.raises(ServiceError) as caught:
                await CALLS[name](client)
            assert server.count(name) == 1
            assert in_doubt(caught.value)
            assert "<html>" not in caught.value.sentence
        else:
            await CALLS[name](client)
            assert server.count(name) == 2

    run(story)


FAULTS = [
    Reply(reset=True),
    Reply(reset=True, early=True),
    Reply(reset=True, after=True),
    Reply(200, {"jobId": "j"}, cut=4),
]


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("fault", FAULTS, ids=["reset", "before body", "after", "truncated"])
def test_a_lost_answer_is_in_doubt_and_a_command_is_not_repeated(name: str, fault: Reply) -> None:
    async def story(server: FakeZnippet, client: Znippet) -> None:
        server.script[name] = [fault] * 9
        with pytest.raises(Unreachable) as caught:
            await CALLS[name](client)
        assert server.count(name) == (1 if name in COMMANDS else 3)
        assert in_doubt(caught.value)

    run(story)


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize(
    "fault",
    [
        Reply(200, b"<html>Welcome</html>"),
        Reply(200, b""),
        Reply(200, b'{"jobId": ""}'),
        Reply(200, b'{"jobId": NaN}'),
        Reply(200, b" " * (5 << 20)),
        Reply(200, {}, {"Content-Encoding": "gzip"}),
        Reply(302, b"", {"Location": "https://elsewhere.example/"}),
    ],
    ids=["html", "empty", "no id", "nan", "huge", "compressed", "redirect"],
)
def test_an_unreadable_answer_to_an_order_is_in_doubt(name: str, fault: Reply) -> None:
    async def story(server: FakeZnippet, client: Znippet) -> None:
        server.script[name] = [fault]
        with pytest.raises(ServiceError) as caught:
            await CALLS[name](client)
        assert server.count(name) == 1
        assert in_doubt(caught.value)

    run(story)


def test_what_was_certainly_not_sent_is_sent_again_and_told() -> None:
    async def main() -> None:
        async with Http() as http:
            patience = Patience(tries=3, sleep=hasty())
            client = Znippet(f"http://127.0.0.1:9{PATH}", LICENSE, DEVICE, http, patience=patience)
            told: list[str] = []
            with pytest.raises(NotSent) as caught:
                await client.analyze(UPLOAD, SETTINGS, told=told.append)
            assert len(told) == 2
            assert "asking again" in told[0]
            assert not in_doubt(caught.value)

    asyncio.run(main())


def test_retry_after_is_honoured_and_told() -> None:
    async def main() -> None:
        waits: list[float] = []
        told: list[str] = []
        async with asked(waits=waits) as (server, client):
            server.script[ANALYZE] = [Reply(429, {"error": "x"}, {"Retry-After": "7"})]
            await client.analyze(UPLOAD, SETTINGS, told=told.append)
        assert waits == [7.0]
        assert told == ["Znippet is busy; asking again in 7 s"]

    asyncio.run(main())


def test_issues_are_kept_by_field() -> None:
    async def story(server: FakeZnippet, client: Znippet) -> None:
        issue = {"field": "clipVolume", "message": "clipVolume must be one of: strict"}
        server.script[ANALYZE] = [
            Reply(400, {"error": "Invalid analysis settings", "issues": [issue]})
        ]
        with pytest.raises(FieldErrors) as caught:
            await client.analyze(UPLOAD, SETTINGS)
        assert caught.value.issues == (("clipVolume", "clipVolume must be one of: strict"),)
        assert "Invalid analysis settings" in caught.value.sentence
        assert server.count(ANALYZE) == 1

    run(story)


@pytest.mark.parametrize("status", [400, 422])
def test_issues_about_the_upload_get_the_six_members_once(status: int) -> None:
    async def story(server: FakeZnippet, client: Znippet) -> None:
        issue = {"field": "upload.odd", "message": "unknown"}
        refusal = Reply(status, {"error": "x", "issues": [issue]})
        server.script[ANALYZE] = [refusal]
        await client.analyze(UPLOAD, SETTINGS)
        assert b'"durationSeconds":10.50,' in server.seen[1].body
        assert list(json.loads(server.seen[1].body)["upload"]) == [
            "assetId", "projectId", "storageClass", "sizeBytes", "durationSeconds",
            "completeToken",
        ]  # fmt: skip
        server.script[ANALYZE] = [refusal, refusal]
        with pytest.raises(FieldErrors):
            await client.analyze(UPLOAD, SETTINGS)
        assert server.count(ANALYZE) == 4

    run(story)


def test_another_method_than_put_is_told_of() -> None:
    async def story(server: FakeZnippet, client: Znippet) -> None:
        server.upload_answer = {"method": "POST"}
        with pytest.raises(ServiceError, match="another method than PUT"):
            await client.create_upload("a.mp4", "video/mp4", 1, 1.0)

    run(story)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("{base}/analyses/j%2F1", "/analyses/j%2F1"),
        (f"{PATH}/renders/r?x=1", "/renders/r?x=1"),
        ("https://evil.example/api/v1/shorts/analyses/j", ""),
        ("//evil.example/api/v1/shorts/analyses/j", ""),
        ("http://user@{host}/api/v1/shorts/analyses/j", ""),
        ("/api/v2/shorts/analyses/j", ""),
        (f"{PATH}x/analyses/j", ""),
        (f"{PATH}/../../../admin", ""),
        (f"{PATH}/%2e%2e/%2E%2e/admin", ""),
        (f"{PATH}/..\\x", ""),
        ("file:///etc/passwd", ""),
        ("http://[/", ""),
        ("a\nb", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_a_status_url_is_followed_here_alone(url: str | None, path: str) -> None:
    async def story(server: FakeZnippet, client: Znippet) -> None:
        host = server.base_url.removeprefix("http://")
        given = url and url.replace("{base}", client.base_url).replace("{host}", host)
        assert client.followed(given) == path
        assert all(s.headers["authorization"] for s in server.seen)

    run(story)


def test_credentials_are_for_the_same_origin_alone() -> None:
    async def story(server: FakeZnippet, client: Znippet) -> None:
        assert client.credentials(f"{server.base_url}/api/x")["X-Device-Id"] == DEVICE
        for url in (
            "https://127.0.0.1/",
            "http://127.0.0.1:1/",
            "http://localhost/",
            "x",
            "http://[",
        ):
            assert client.credentials(url) == {}

    run(story)


@pytest.mark.parametrize("url", ["http://app.znippet.ai/api", "ftp://x/", "https://u:p@x/", "x"])
def test_an_address_the_key_must_not_go_to_is_refused(url: str) -> None:
    with pytest.raises(ServiceError):
        Znippet(url, LICENSE, DEVICE, None)  # type: ignore[arg-type]


def test_neither_key_nor_device_nor_link_is_in_errors_or_logs(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)

    async def story(server: FakeZnippet, client: Znippet) -> None:
        echo = f"key {LICENSE} of {DEVICE} at https://h.example/a?token=tt1"
        server.script[RENDERS] = [Reply(403, {"error": echo})]
        with pytest.raises(ServiceError) as caught:
            await client.renders("r")
        text = f"{caught.value} {caught.value.detail} {client!r} {caplog.text}"
        assert "tt1" not in text
        assert DEVICE not in caught.value.detail
        assert LICENSE not in text

    run(story)
