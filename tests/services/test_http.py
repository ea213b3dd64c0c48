"""The door to HTTP: what it lets out, what it lets in, and what reaches the log."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest

from app.core.errors import ServiceError, Unreachable
from app.services import http as door
from app.services.http import Http, NotSent, RedactingFilter, check_base_url, check_signed_url
from app.services.redact import redact
from tests.services.fake_cloud import KEY, SIGNATURE, Reply, fake_cloud


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://api.nanoclip.ai", "https://api.nanoclip.ai"),
        ("https://api.nanoclip.ai/", "https://api.nanoclip.ai"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost:1", "http://localhost:1"),
        ("http://[::1]:9/", "http://[::1]:9"),
    ],
)
def test_https_and_loopback_are_services(url: str, kept: str) -> None:
    assert check_base_url(url) == kept


@pytest.mark.parametrize(
    "url",
    [
        "http://api.nanoclip.ai",
        "http://127.0.0.1.evil.example",
        "http://localhost@evil.example",
        "https://user:pass@api.nanoclip.ai",
        "https://api.nanoclip.ai?x=1",
        "ftp://127.0.0.1",
        "file:///etc/passwd",
        "https://",
        "https://[",
        "https://a:99999",
        "",
    ],
)
def test_no_other_address_is_a_service(url: str) -> None:
    with pytest.raises(ServiceError, match="nothing was sent"):
        check_base_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://storage.example/x",
        "https://127.0.0.1/x",
        "https://10.0.0.3/x",
        "https://169.254.169.254/latest",
        "https://localhost/x",
        "https://[fe80::1]/x",
    ],
)
def test_the_cloud_cannot_name_this_computer_or_its_network_for_an_upload(url: str) -> None:
    with pytest.raises(ServiceError, match="not safe"):
        check_signed_url(url, loopback_allowed=False)
    assert check_signed_url("https://s3.example/x?y", loopback_allowed=False)
    assert check_signed_url("http://127.0.0.1:5/x", loopback_allowed=True)


def test_an_answer_comes_whole_and_redirects_are_not_followed() -> None:
    async def main() -> None:
        async with fake_cloud() as cloud, Http() as http:
            elsewhere = Reply(307, b"", {"Location": f"{cloud.base_url}/v1/other"})
            cloud.script["GET /v1/me"] = [elsewhere]
            answer = await http.send("GET", cloud.base_url + "/v1/me", key=KEY)
            assert answer.status == 307
            assert len(cloud.seen) == 1
            headers = cloud.seen[0].headers
            assert headers["authorization"] == f"Bearer {KEY}"
            assert headers["accept-encoding"] == "identity"
            assert KEY not in repr(answer)

    asyncio.run(main())


def test_too_large_and_compressed_answers_are_dropped() -> None:
    async def main() -> None:
        async with fake_cloud() as cloud, Http() as http:
            cloud.script["GET /v1/me"] = [
                Reply(200, b"x" * 3000),
                Reply(200, b"\x1f\x8b", {"Content-Encoding": "gzip"}),
            ]
            with pytest.raises(ServiceError, match="larger answer"):
                await http.send("GET", cloud.base_url + "/v1/me", cap=1000)
            with pytest.raises(ServiceError, match="compressed"):
                await http.send("GET", cloud.base_url + "/v1/me")

    asyncio.run(main())


def test_no_connection_and_no_answer_are_told_apart() -> None:
    async def main() -> None:
        async with fake_cloud() as cloud, Http() as http:
            cloud.script["GET /v1/me"] = [Reply(reset=True)]
            with pytest.raises(Unreachable) as lost:
                await http.send("GET", cloud.base_url + "/v1/me")
            assert not isinstance(lost.value, NotSent)
            base = cloud.base_url
        async with Http() as http:
            with pytest.raises(NotSent):
                await http.send("GET", base + "/v1/me", timeout=5)

    asyncio.run(main())


def test_a_silent_service_ends_in_a_sentence() -> None:
    async def main() -> None:
        async with fake_cloud() as cloud, Http() as http:
            cloud.script["GET /v1/me"] = [Reply(stall=True)]
            with pytest.raises(Unreachable, match="not known whether"):
                await http.send("GET", cloud.base_url + "/v1/me", timeout=0.2)

    asyncio.run(main())


@pytest.mark.parametrize("headers", [{"a\r\nb": "c"}, {"a": "b\r\nAuthorization: x"}, {"é": "x"}])
def test_headers_that_would_smuggle_others_are_refused(headers: dict[str, str]) -> None:
    async def none() -> AsyncIterator[bytes]:
        yield b""

    async def main() -> None:
        async with Http() as http:
            with pytest.raises(ServiceError, match="header"):
                await http.put("http://127.0.0.1:9/x", headers, 0, none())

    asyncio.run(main())


def test_neither_key_nor_signature_reaches_a_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def main() -> None:
        async with fake_cloud() as cloud, Http() as http:
            door.quiet_logs()
            await http.send("GET", cloud.base_url + "/v1/me", key=KEY)
            await http.send("GET", f"{cloud.base_url}/v1/me?{SIGNATURE}", key=KEY)

    asyncio.run(main())
    assert KEY not in caplog.text
    assert "canarysignature" not in caplog.text


def test_the_filter_cleans_message_arguments_and_traceback() -> None:
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler = Keep()
    redactor = RedactingFilter()
    redactor.add("plainsecret")
    handler.addFilter(redactor)
    log = logging.getLogger("test.redaction")
    log.propagate = False
    log.addHandler(handler)
    try:
        log.warning("PUT %s with %s", f"https://s.example/p?{SIGNATURE}", f"Bearer {KEY}")
        try:
            int(f"https://u:p@s.example/p?{SIGNATURE} plainsecret")
        except ValueError:
            log.exception("failed at %d%%", 50)
    finally:
        log.removeHandler(handler)
    text = "\n".join(lines)
    assert "canarysignature" not in text
    assert KEY not in text
    assert "plainsecret" not in text
    assert "u:p@" not in text
    assert "https://s.example/…" in text
    assert "failed at 50%" in text


def test_text_without_secrets_is_left_alone() -> None:
    assert redact("took 3 s at http://127.0.0.1:80, status=ok") == (
        "took 3 s at http://127.0.0.1:80, status=ok"
    )


def test_an_answer_that_repeats_the_key_is_given_without_it() -> None:
    async def main() -> None:
        async with fake_cloud() as cloud, Http() as http:
            cloud.script["GET /v1/me"] = [Reply(401, {"detail": f"Bearer {KEY} is unknown"})]
            answer = await http.send("GET", f"{cloud.base_url}/v1/me", key=KEY)
            assert answer.status == 401
            assert answer.body == b'{"detail": "Bearer ... is unknown"}'

    asyncio.run(main())
