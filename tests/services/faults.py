"""What can go wrong with one answer on the wire, and programs that do not wait long for it."""

from __future__ import annotations

import asyncio
import gzip
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from typing_extensions import override

from app.services.http import Http, HttpAnswer
from tests.conftest import LONG
from tests.services.fake_cloud import Reply, Seen

STALL = 0.25
"""Seconds that a program waits here for what never comes; in earnest it is minutes."""

CASE_S = 30.0
"""Seconds after which a case counts as hanging."""

AT_ONCE = 4
"""Cases under way at a time: most of their time is waiting."""

TIMES = (1, 2, 3) if LONG else (1,)
"""How often in a row a fault comes."""

RETRY_AFTER = (
    "", "0", "1", "120", "-5", "1.5", "soon", "1e400", "99999999999999999999",
    "Wed, 21 Oct 2037 07:28:00 GMT", "Mon, 01 Jan 1990 00:00:00 GMT", "Wed, 99 Oct 2037",
)  # fmt: skip


class Impatient(Http):
    """Http as it is, with a stall counted in fractions of a second.

    at: the endpoint where it is so, "" for all of them. Elsewhere nothing stalls, and on a busy
    machine an answer may take longer than that.
    """

    def __init__(self) -> None:
        super().__init__()
        self.at = ""

    def _stall(self, method: str, url: str, usual: float) -> float:
        name = Seen(method, urlsplit(url).path, {}, b"").name
        return STALL if self.at in ("", name) else usual

    @override
    async def send(
        self, method: str, url: str, *, timeout: float = 60.0, **more: Any
    ) -> HttpAnswer:
        wait = self._stall(method, url, timeout / 2) * 2
        return await super().send(method, url, timeout=wait, **more)

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
        wait = self._stall("PUT", url, stall)
        return await super().put(url, headers, length, pieces, stall=wait)

    @override
    async def download(
        self, url: str, into: Path, *, stall: float = 60.0, **more: Any
    ) -> HttpAnswer:
        return await super().download(url, into, stall=self._stall("GET", url, stall), **more)


def whole(body: bytes, *, status: int = 200, length: int | None = None, **headers: str) -> bytes:
    """An answer as it goes over the wire; `length` is what it claims to have."""
    named = {"Content_Type": "application/json", **headers}
    lines = "".join(f"{k.replace('_', '-')}: {v}\r\n" for k, v in named.items())
    told = len(body) if length is None else length
    return f"HTTP/1.1 {status} X\r\n{lines}Content-Length: {told}\r\n\r\n".encode() + body


def large(kind: str) -> tuple[bytes, ...]:
    """A hundred megabytes of a type, which are no answer and no film."""
    piece = b"a" * (1 << 20)
    head = whole(b'{"junk":"', length=11 + 100 * len(piece), Content_Type=kind)
    return (head, *(piece for _ in range(100)), b'"}')


HTML = b"<html><script>alert(1)</script>Bad gateway</html>"
BOMB = gzip.compress(bytes(50 << 20))
DEEP = b'{"a":' * 100_000 + b"1" + b"}" * 100_000


def faults(good: bytes, *, elsewhere: str, no: Any) -> dict[str, Reply]:
    """By name. good: a body the service might send; elsewhere: an address of another server; no:
    what the body of a refusal is."""
    return {
        **broken(good),
        **bodies(good),
        **{
            f"a redirect by {status}": Reply(status, b"", {"Location": f"{elsewhere}/v1"})
            for status in (301, 302, 303, 307, 308)
        },
        "a redirect to nobody": Reply(307, b"", {"Location": "http://127.0.0.1:9/v1"}),
        "a redirect to nowhere": Reply(301, b"", {}),
        **refusals(no),
    }


def broken(good: bytes) -> dict[str, Reply]:
    """What happens to connections."""
    slowly = tuple(bytes([b]) for b in whole(good))
    return {
        "reset before the body": Reply(reset=True, early=True),
        "reset after the body": Reply(reset=True),
        "reset once it was done": Reply(reset=True, after=True),
        "stall": Reply(stall=True),
        "stall once it was done": Reply(stall=True, after=True),
        "slow drip": Reply(pieces=slowly, between=0.02),
        "nothing but a head": Reply(pieces=(b"HTTP/1.1 200 OK\r\n",)),
        "no HTTP at all": Reply(pieces=(b"SSH-2.0-OpenSSH_9.2\r\n",)),
        "a head without an end": Reply(pieces=(b"HTTP/1.1 200 OK\r\nX: " + b"x" * (1 << 20),)),
        "a truncated body": Reply(pieces=(whole(good[:20], length=len(good)),)),
        "a body longer than it says": Reply(pieces=(whole(good, length=5),)),
        "an impossible length": Reply(pieces=(whole(good, length=-1),)),
    }


def bodies(good: bytes) -> dict[str, Reply]:
    """What is answered in place of the truth."""
    return {
        "another type": Reply(pieces=(whole(b"\x89PNG\r\n", Content_Type="image/png"),)),
        "an empty body": Reply(pieces=(whole(b""),)),
        "an HTML page of success": Reply(pieces=(whole(HTML, Content_Type="text/html"),)),
        "a gzip bomb": Reply(pieces=(whole(BOMB, Content_Encoding="gzip"),)),
        "a hundred megabytes": Reply(pieces=large("application/json")),
        "NaN": Reply(pieces=(whole(b'{"status":NaN,' + good[1:]),)),
        "deep nesting": Reply(pieces=(whole(DEEP),)),
        "duplicate keys": Reply(pieces=(whole(b'{"status":"running",' + good[1:]),)),
        "bytes that are no text": Reply(pieces=(whole(b'{"project_id":"\xff\xfe"}'),)),
        "null": Reply(pieces=(whole(b"null"),)),
        "a list": Reply(pieces=(whole(b"[]"),)),
        "an object of nothing": Reply(pieces=(whole(b"{}"),)),
    }


def refusals(no: Any) -> dict[str, Reply]:
    """Statuses that are none of success; some come although it was done."""
    plain = (400, 401, 402, 403, 404, 409, 410, 413, 415, 418)
    after = {wait or "no word": {"Retry-After": wait} if wait else {} for wait in RETRY_AFTER}
    page = whole(HTML, status=422, Content_Type="text/html")
    expired = b"<Error><Code>ExpiredToken</Code></Error>"
    return {
        **{str(status): Reply(status, no) for status in plain},
        "422 with fields": Reply(422, {"detail": [{"loc": ["body", "language"], "msg": "No"}]}),
        "422 that is a page": Reply(pieces=(page,)),
        **{f"429, after {said}": Reply(429, no, head) for said, head in after.items()},
        "503, after 1": Reply(503, no, {"Retry-After": "1"}),
        **{str(status): Reply(status, b"oops") for status in (500, 502, 503, 504)},
        **{f"{status} once it was done": Reply(status, b"", after=True) for status in (500, 504)},
        "403 before the body was read": Reply(403, b"<Error/>", early=True),
        "an address that expired": Reply(400, expired, {"Content-Type": "application/xml"}),
    }


class Elsewhere:
    """Another server, which nobody should tell a key: it keeps every byte it is sent."""

    def __init__(self) -> None:
        self.got = bytearray()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: a page for whatever is asked."""
        try:
            self.got += await reader.readuntil(b"\r\n\r\n")
            writer.write(whole(HTML, status=200, Content_Type="text/html"))
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass  # Whoever asked has left.
        finally:
            writer.close()


@asynccontextmanager
async def elsewhere() -> AsyncIterator[tuple[Elsewhere, str]]:
    """The other server and its address."""
    there = Elsewhere()
    server = await asyncio.start_server(there.serve, "127.0.0.1", 0)
    async with server:
        yield there, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@asynccontextmanager
async def untrusted(folder: Path) -> AsyncIterator[tuple[Elsewhere, str]]:
    """A server that speaks TLS with a certificate nobody vouches for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(folder))
    there = Elsewhere()
    with _unheard():
        server = await asyncio.start_server(there.serve, "127.0.0.1", 0, ssl=context)
        async with server:
            yield there, f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@contextmanager
def _unheard() -> Iterator[None]:
    """A handshake that the client breaks off is told to the loop, which would log it."""
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _loop, _context: None)
    try:
        yield
    finally:
        loop.set_exception_handler(None)


def certificate(folder: Path) -> Path:
    """A key and the certificate it signed for itself, in one file."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = folder / "untrusted.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


Case = TypeVar("Case")


async def in_turn(
    cases: Mapping[str, Case], run: Callable[[Impatient, str, Case], Awaitable[str]]
) -> dict[str, str]:
    """What was wrong, by the case's name; `run` says it, "" where nothing was."""
    wrong: dict[str, str] = {}
    left = list(cases.items())

    async def some() -> None:
        async with Impatient() as http:
            while left:
                name, case = left.pop()
                try:
                    async with asyncio.timeout(CASE_S):
                        said = await run(http, name, case)
                except TimeoutError:
                    said = "it hangs"
                if said:
                    wrong[name] = said

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(some())
    return wrong
