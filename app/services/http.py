"""The one door to HTTP: bounded answers, no redirects, no key on a signed address."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from app.core.errors import ServiceError, Unreachable
from app.core.late import late
from app.services.addresses import check_base_url, check_signed_url, is_loopback
from app.services.budget import Budget
from app.services.file_pieces import write_pieces
from app.services.redact import RedactingFilter, redact
from app.services.when import after

if TYPE_CHECKING:
    import h11
    import httpx
else:
    h11 = late("h11")
    httpx = late("httpx")

__all__ = [
    "BodyBroken",
    "Http",
    "HttpAnswer",
    "Later",
    "NotSent",
    "RedactingFilter",
    "check_base_url",
    "check_signed_url",
    "is_loopback",
    "is_offline",
    "quiet_logs",
]

SMALL = 4 << 20
"""Bytes allowed in an answer that holds no analysis."""

LARGE = 512 << 20
"""Bytes allowed in a result: some tens of MB for hours of video are expected."""

# What would end or frame the connection is ours to say.
_OURS = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "te", "trailer", "upgrade"}
    | {"expect", "keep-alive", "cookie", "proxy-authorization", "proxy-connection"}
)


class NotSent(Unreachable):
    """No connection was made: the request has certainly not arrived and may be sent again."""


class BodyBroken(Unreachable):
    """An upload or a download broke off; nothing of it is kept."""


class Later(ServiceError):  # noqa: N818 - it names what the service said
    """The service names a time before which it takes no request. seconds: until then."""

    def __init__(self, refused: ServiceError, seconds: float) -> None:
        hint = f"It takes requests again at {after(seconds)}; then use Retry Job."
        super().__init__(refused.sentence, hint, refused.detail, refused.status)
        self.seconds = seconds


def is_offline(error: ServiceError) -> bool:
    """Whether there was no connection at all, as against a server that is not trusted."""
    return isinstance(error, NotSent) and "certificate" not in error.detail.lower()


@dataclass(frozen=True)
class HttpAnswer:
    """Status, headers by lower-case name, and the whole body. The body is not in its repr."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def quiet_logs() -> None:
    """Keep httpx and httpcore from logging: at INFO they write whole signed addresses."""
    for name in ("httpx", "httpcore", "h11"):
        logging.getLogger(name).setLevel(logging.WARNING)


class Http:
    """Connections for one service and, apart from them, bare ones for signed addresses.

    Proxies come from the environment, except for this computer itself. Closed by `async with`.
    The clients are made at the first request, in a thread: that takes some 0.3 s.
    """

    def __init__(self) -> None:
        quiet_logs()
        self._making = asyncio.Lock()
        self._clients: dict[tuple[bool, bool], httpx.AsyncClient] = {}
        self._budgets: dict[str, Budget] = {}

    async def _client(self, url: str, *, bare: bool = False) -> httpx.AsyncClient:
        """Who asks this address; bare: for signed ones."""
        async with self._making:
            if not self._clients:
                self._clients = await asyncio.to_thread(_clients)
        return self._clients[is_loopback(urlsplit(url).hostname), bare]

    def budget(self, base_url: str) -> Budget:
        """The budget of requests that all who ask this service share."""
        return self._budgets.setdefault(urlsplit(base_url).netloc, Budget())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every connection."""
        async with self._making:
            clients, self._clients = self._clients, {}
        for client in clients.values():
            await client.aclose()

    async def send(
        self,
        method: str,
        url: str,
        *,
        key: str = "",
        body: bytes | None = None,
        timeout: float = 60.0,
        cap: int = SMALL,
        extra: Mapping[str, str] | None = None,
    ) -> HttpAnswer:
        """One request, no retry; any status is an answer, redirects included.

        timeout: seconds for the whole exchange. extra: further headers. An answer that repeats the
        key is given without it. Raises NotSent, Unreachable, or ServiceError for an answer of more
        than `cap` bytes or a compressed one.
        """
        headers = {
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            **_checked(extra or {}),
        }
        if key:
            headers["Authorization"] = f"Bearer {key}"
        if body is not None:
            headers["Content-Type"] = "application/json"
        client = await self._client(url)
        pace = httpx.Timeout(timeout, connect=min(timeout, 10.0), pool=timeout)
        try:
            async with (
                asyncio.timeout(timeout),
                client.stream(method, url, headers=headers, content=body, timeout=pace) as answer,
            ):
                return _without(key, await _whole(answer, cap))
        except _not_sent() as error:
            raise NotSent(*_SENTENCES["not sent"], redact(repr(error))) from None
        except _broken() as error:
            raise Unreachable(*_SENTENCES["lost"], redact(repr(error))) from None

    async def put(
        self,
        url: str,
        headers: Mapping[str, str],
        length: int,
        pieces: AsyncIterator[bytes],
        *,
        stall: float = 120.0,
    ) -> HttpAnswer:
        """PUT `length` bytes to a signed address, with exactly `headers`, never a key.

        stall: seconds without progress. Raises NotSent, BodyBroken, and whatever `pieces` raises.
        """
        client = await self._client(url, bare=True)
        # The explicit length keeps httpx from sending chunks, which signed addresses refuse.
        sent = {
            "Accept-Encoding": "identity",
            **_checked(headers),
            "Content-Length": str(length),
        }
        pace = httpx.Timeout(stall, connect=15.0)
        try:
            async with client.stream(
                "PUT", url, headers=sent, content=pieces, timeout=pace
            ) as answer:
                return await _whole(answer, SMALL)
        except _not_sent() as error:
            raise NotSent(*_SENTENCES["not sent"], redact(repr(error))) from None
        except _broken() as error:
            raise BodyBroken(*_SENTENCES["broken"], redact(repr(error))) from None

    async def download(
        self,
        url: str,
        into: Path,
        *,
        extra: Mapping[str, str] | None = None,
        check: Callable[[HttpAnswer], None] = lambda _head: None,
        progress: Callable[[int, int | None], None] = lambda _got, _size: None,
        stall: float = 60.0,
    ) -> HttpAnswer:
        """GET `url` into the file `into`; the answer, with a body only where its status is not 200.

        extra: headers, a key only for its own host. check(status and headers) may refuse what
        comes by raising. progress(bytes, size or None). stall: seconds without a byte. Redirects
        are not followed. Raises NotSent, BodyBroken, ExportError where `into` cannot be written.
        """
        client = await self._client(url, bare=True)
        sent = {"Accept": "*/*", "Accept-Encoding": "identity", **_checked(extra or {})}
        pace = httpx.Timeout(stall, connect=15.0)
        try:
            async with client.stream("GET", url, headers=sent, timeout=pace) as answer:
                if answer.status_code != 200:
                    return await _whole(answer, SMALL)
                head = HttpAnswer(200, dict(answer.headers), b"")
                check(head)
                await write_pieces(answer.aiter_raw(), _length(head), into, progress)
                return head
        except _not_sent() as error:
            raise NotSent(*_SENTENCES["not sent"], redact(repr(error))) from None
        except _broken() as error:
            raise BodyBroken(*_SENTENCES["download"], redact(repr(error))) from None


UA = "Keeptake"


def _clients() -> dict[tuple[bool, bool], httpx.AsyncClient]:
    """A client by whether it asks this computer, and whether it is for signed addresses."""
    limits = httpx.Limits(max_connections=8, max_keepalive_connections=4, keepalive_expiry=20)
    # One for all: reading the certificates is most of the time that a client takes.
    trusted = httpx.create_ssl_context()
    made = partial(httpx.AsyncClient, follow_redirects=False, limits=limits, verify=trusted)
    return {
        (inside, bare): made(trust_env=not inside, headers={"User-Agent": UA})
        for inside in (True, False)
        for bare in (True, False)
    }


def _not_sent() -> tuple[type[Exception], ...]:
    return httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError


def _broken() -> tuple[type[Exception], ...]:
    # h11's own errors come through httpx unwrapped when a body does not match its length.
    return httpx.HTTPError, httpx.StreamError, h11.ProtocolError, OSError


_SENTENCES = {
    "not sent": (
        "The service could not be reached, so nothing was sent to it.",
        "Check the connection and try again.",
    ),
    "lost": (
        "No answer came from the service, so it is not known whether the request arrived.",
        "Try again: what was already started is found again and not started twice.",
    ),
    "broken": (
        "The upload broke off. The video on this computer is unchanged and nothing was charged.",
        "Check the connection and try again; the upload begins anew.",
    ),
    "download": (
        "The download broke off. Nothing half-finished was kept, and it is still at the service.",
        "Check the connection and download it again.",
    ),
}


def _checked(headers: Mapping[str, str]) -> dict[str, str]:
    out: dict[str, str] = {}
    for name, value in headers.items():
        if not name.isascii() or any(c in name + value for c in "\r\n\0"):
            raise ServiceError(
                "The service asks for an upload header that cannot be sent, so nothing was sent.",
                "Report this to the service.",
                redact(repr(name)),
            )
        if name.lower() not in _OURS:
            out[name] = value
    return out


async def _whole(answer: httpx.Response, cap: int) -> HttpAnswer:
    """The body as sent: never decompressed, so that a few bytes cannot become gigabytes."""
    coding = answer.headers.get("content-encoding", "identity").lower()
    body = bytearray()
    async for piece in answer.aiter_raw():
        body += piece
        if len(body) > cap:
            raise ServiceError(
                "The service sent a larger answer than Keeptake accepts, and it was dropped.",
                "Nothing was changed. Report this, with the length of the video.",
                f"more than {cap} bytes",
                answer.status_code,
            )
    if coding not in ("", "identity") and body and answer.is_success:
        raise ServiceError(
            "The service sent a compressed answer, which was not asked for.",
            "Nothing was changed. Try again; if it stays, report it.",
            coding,
            answer.status_code,
        )
    return HttpAnswer(answer.status_code, dict(answer.headers), bytes(body))


def _without(key: str, answer: HttpAnswer) -> HttpAnswer:
    """The answer with dots for the key. A large one is a result, and is kept as it came."""
    if not key or len(answer.body) > SMALL:
        return answer
    return replace(answer, body=answer.body.replace(key.encode(), b"..."))


def _length(head: HttpAnswer) -> int | None:
    said = head.headers.get("content-length", "")
    return int(said) if said.isascii() and said.isdigit() else None
