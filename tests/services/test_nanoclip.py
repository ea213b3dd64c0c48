"""NanoClip's calls over a real connection: requests, retries, and every refusal's sentence."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from app.core.errors import ServiceError, Unreachable
from app.services import nanoclip
from app.services.http import Http, Later, NotSent
from app.services.nanoclip import NanoClip, Patience, retry_after_seconds, short_name
from app.services.redact import plain
from app.services.when import told
from tests.services.fake_cloud import KEY, FakeCloud, Reply, fake_cloud, hasty

NOW = datetime(2026, 6, 8, 10, 0, 0, tzinfo=UTC)


@asynccontextmanager
async def connected(
    waits: list[float] | None = None, key: str = KEY
) -> AsyncIterator[tuple[FakeCloud, NanoClip]]:
    async with fake_cloud() as cloud, Http() as http:
        patience = Patience(sleep=hasty(waits), chance=lambda: 1.0, now=lambda: NOW)
        yield cloud, NanoClip(cloud.base_url, key, http, patience=patience)


def test_the_requests_are_those_of_the_contract() -> None:
    async def main() -> None:
        async with connected() as (cloud, client):
            made = await client.create_upload("a.mp4", "video/mp4", 5)
            cloud.projects[made.project_id].stored = b"12345"
            await client.complete_upload(made.project_id)
            await client.start_transcript(made.project_id, "he", diarize=True)
            await client.start_vision(made.project_id)
            await client.start_retakes(made.project_id, "he")
            assert (await client.project(made.project_id)).status == "ready"
            assert b"running" in await client.result("vision", made.project_id)
            bodies = [json.loads(s.body) if s.body else None for s in cloud.seen]
            assert bodies == [
                {"filename": "a.mp4", "content_type": "video/mp4", "size_bytes": 5},
                None,
                {
                    "language": "he",
                    "requested_outputs": ["text", "speakers", "utterances", "words"],
                    "diarize": True,
                },
                {"requested_outputs": ["faces", "face_tracks", "scenes"]},
                {"language": "he"},
                None,
                None,
            ]
            # The id holds a slash: it must not become part of the path.
            assert cloud.seen[1].path == "/v1/projects/proj%2F1/upload/complete"
            assert all(s.headers["authorization"] == f"Bearer {KEY}" for s in cloud.seen)

    asyncio.run(main())


SENTENCES = [
    (400, "breaks one of its rules", "unchanged will not help"),
    (401, "does not accept the key", "Settings"),
    (402, "not enough credit", "Add credit"),
    (403, "permission “vision:write”", "key with that permission"),
    (404, "does not know this project", "charges anew"),
    (409, "another state", "completes the upload first"),
    (413, "video of this size", "smaller copy"),
    (415, "files of this kind", "copy under Upload"),
    (422, "not supported", "another language"),
    (429, "no more requests for now", "Wait"),
    (503, "could not start the vision analysis just now", "Wait"),
    (500, "failed inside (500)", "Wait"),
    (502, "failed inside (502)", "Wait"),
    (302, "is not followed", "address"),
    (418, "refused to start the vision analysis (418)", "details"),
]


@pytest.mark.parametrize(("status", "part", "hint"), SENTENCES)
def test_each_refusal_is_a_sentence_with_a_hint(status: int, part: str, hint: str) -> None:
    async def main() -> None:
        async with connected() as (cloud, client):
            said = {"detail": "Because\nof\u202e reasons"}
            cloud.script["POST /v1/projects/{id}/vision"] = [Reply(status, said)] * 9
            with pytest.raises(ServiceError) as caught:
                await client.start_vision("p")
            error = caught.value
            assert part in error.sentence
            assert hint in error.hint
            assert error.status == status
            assert "reasons" in error.detail
            assert error.sentence.endswith((".", "”", ":"))
            if 300 <= status < 400 or status in (401, 403):
                return
            assert "“Because of reasons.”" in error.sentence

    asyncio.run(main())


@pytest.mark.parametrize("body", [b"<html>502</html>", b"", b'{"detail": 3}', b"[]", b"\xff"])
def test_a_refusal_whose_body_is_anything_is_still_a_sentence(body: bytes) -> None:
    async def main() -> None:
        async with connected() as (cloud, client):
            cloud.script["GET /v1/projects/{id}"] = [Reply(400, body)]
            with pytest.raises(ServiceError, match="breaks one of its rules"):
                await client.project("p")

    asyncio.run(main())


def test_a_list_of_refused_fields_is_read() -> None:
    async def main() -> None:
        async with connected() as (cloud, client):
            detail = [{"loc": ["body", "language"], "msg": "Input should be 'he'", "type": "enum"}]
            name = "POST /v1/projects/{id}/retake-removal"
            cloud.script[name] = [Reply(422, {"detail": detail})]
            with pytest.raises(ServiceError, match=r"body\.language: Input should be 'he'"):
                await client.start_retakes("p", "en")

    asyncio.run(main())


@pytest.mark.parametrize("body", [b"hello", b'{"status": 3}', b"{}"])
def test_an_answer_that_is_not_the_contract_is_a_sentence(body: bytes) -> None:
    async def main() -> None:
        async with connected() as (cloud, client):
            cloud.script["GET /v1/me"] = [Reply(200, body)]
            with pytest.raises(ServiceError, match="answered something that is not"):
                await client.me()

    asyncio.run(main())


def test_a_language_that_does_not_exist_is_not_sent() -> None:
    async def main() -> None:
        async with connected() as (cloud, client):
            with pytest.raises(ServiceError, match="no such language"):
                await client.start_transcript("p", "ja", diarize=False)
            assert cloud.seen == []

    asyncio.run(main())


def test_questions_are_asked_again_with_growing_waits() -> None:
    async def main() -> None:
        waits: list[float] = []
        async with connected(waits) as (cloud, client):
            name = "GET /v1/projects/{id}"
            made = await client.create_upload("a.mp4", "video/mp4", 5)
            cloud.script[name] = [Reply(500), Reply(reset=True), Reply(429), Reply(503)]
            assert (await client.project(made.project_id)).status == "created"
            assert waits == [2.0, 4.0, 8.0, 16.0]
            cloud.script[name] = [Reply(502)] * 9
            with pytest.raises(ServiceError, match="502"):
                await client.project(made.project_id)
            assert cloud.count(name) == 10

    asyncio.run(main())


def test_retry_after_is_honoured() -> None:
    async def main() -> None:
        waits: list[float] = []
        async with connected(waits) as (cloud, client):
            after = ["7", "Mon, 08 Jun 2026 10:00:30 GMT", "600", "soon"]
            replies = [Reply(429, {}, {"Retry-After": value}) for value in after]
            cloud.script["GET /v1/projects/{id}"] = [*replies, Reply(404)]
            with pytest.raises(ServiceError):
                await client.project("p")
            assert waits == [7.0, 30.0, nanoclip.LONGEST_WAIT, 16.0]

    asyncio.run(main())


@pytest.mark.parametrize("value", ["3600", "Mon, 08 Jun 2026 11:00:00 GMT"])
def test_a_longer_retry_after_is_told_and_not_asked_against(value: str) -> None:
    async def main() -> None:
        waits: list[float] = []
        async with connected(waits) as (cloud, client):
            for name in ("POST /v1/projects/{id}/vision", "GET /v1/projects/{id}/vision"):
                cloud.script[name] = [Reply(429, {}, {"Retry-After": value})]
            with pytest.raises(Later, match="no more requests") as caught:
                await client.start_vision("p")
            assert "takes requests again at" in caught.value.hint
            with pytest.raises(Later) as caught:
                await client.result("vision", "p")
            assert caught.value.seconds == 3600.0
            assert waits == []

    asyncio.run(main())


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("0", 0.0),
        ("-1", None),
        (" 12 ", 12.0),
        ("١٢", None),
        ("9" * 400, 999_999_999.0),
        ("Mon, 08 Jun 2026 09:00:00 GMT", 0.0),
        ("Mon, 08 Jun 2026 10:00:05 -0000", 5.0),
        ("yesterday", None),
    ],
)
def test_retry_after_in_any_form(value: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(value, NOW) == seconds


def test_an_upload_is_never_created_twice_because_an_answer_was_lost() -> None:
    async def main() -> None:
        async with connected() as (cloud, client):
            name = "POST /v1/projects/upload"
            cloud.script[name] = [Reply(reset=True, after=True)]
            with pytest.raises(Unreachable, match="not known whether"):
                await client.create_upload("a.mp4", "video/mp4", 5)
            cloud.script[name] = [Reply(500)]
            with pytest.raises(ServiceError, match="500"):
                await client.create_upload("a.mp4", "video/mp4", 5)
            assert cloud.count(name) == 2
            cloud.script[name] = [Reply(429), Reply(503)]
            await client.create_upload("a.mp4", "video/mp4", 5)
            assert cloud.count(name) == 5

    asyncio.run(main())


def test_a_used_up_day_stops_at_once() -> None:
    async def main() -> None:
        waits: list[float] = []
        async with connected(waits) as (cloud, client):
            cloud.used["analysis_commands"] = 200
            cloud.script["POST /v1/projects/{id}/vision"] = [Reply(429, {"detail": "Rate limit"})]
            with pytest.raises(ServiceError, match="limit for today is used up") as caught:
                await client.start_vision("p")
            assert told("2026-06-09T00:00:00Z") in caught.value.hint
            assert waits == []
            # The day's uploads are another allowance.
            cloud.script["POST /v1/projects/upload"] = [Reply(429)]
            assert await client.create_upload("a.mp4", "video/mp4", 5)
            assert waits == [2.0]

    asyncio.run(main())


def test_without_a_connection_the_service_is_named() -> None:
    async def main() -> None:
        async with fake_cloud() as cloud:
            base = cloud.base_url
        waits: list[float] = []
        async with Http() as http:
            patience = Patience(tries=3, sleep=hasty(waits))
            client = NanoClip(base, KEY, http, service="local", patience=patience)
            with pytest.raises(NotSent, match="The local service could not be reached"):
                await client.start_vision("p")
            assert len(waits) == 2
            with pytest.raises(NotSent, match="not asked to say its prices"):
                await client.me()

    asyncio.run(main())


def test_a_wrong_key_is_told_without_showing_it() -> None:
    async def main() -> None:
        async with connected(key="nc_wrong") as (cloud, client):
            cloud.script["GET /v1/me"] = [Reply(401, {"detail": "Bad key nc_wrong"})]
            with pytest.raises(ServiceError) as caught:
                await client.me()
            assert "nc_wrong" not in f"{caught.value} {caught.value.detail} {client!r}"

    asyncio.run(main())


def test_names_and_words_of_others_are_made_harmless() -> None:
    assert short_name("a" * 300 + ".mp4") == "a" * 251 + ".mp4"
    assert len(short_name("b" * 300)) == 255
    assert short_name("") == "video"
    assert short_name("caf\udce9.mp4") == "caf?.mp4"
    assert plain("a\x00b\n\u202ec  d") == "ab c d"
