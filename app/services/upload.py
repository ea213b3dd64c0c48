"""One signed PUT: a file streamed from disk, with progress, an exact length and no key."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from app.core.errors import MediaError, ServiceError, Unreachable
from app.services import waking
from app.services.http import Http, HttpAnswer, check_signed_url, is_offline
from app.services.local_process import RESTARTED
from app.services.redact import redact

PIECE = 1 << 20
"""Bytes read at a time, in a thread."""

NEAR_EXPIRY = 60.0
"""Seconds before the deadline from which a broken connection counts as an expired address: a
server that refuses early and closes often hides its 403 (ecosystem note, trap 3)."""


class UploadExpired(ServiceError):  # noqa: N818 - it names the state of the address
    """The signed address is no longer good: a fresh project is needed (contract 4, 19)."""


@dataclass(frozen=True)
class Slot:
    """Where the bytes may go. The address and its headers are secrets: not in the repr.

    deadline: Unix seconds after which the address is worthless.
    """

    project_id: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    deadline: float


@dataclass(frozen=True)
class FileState:
    """What a file was when its upload was agreed: bytes and time of its last change."""

    size: int
    changed_ns: int

    @classmethod
    def of(cls, path: Path) -> FileState:
        """As it is now; raises MediaError where it cannot be read or is empty."""
        try:
            found = path.stat()
        except OSError as error:
            raise _unreadable(path, error) from error
        if not found.st_size:
            raise MediaError(f"“{path.name}” is empty, so there is nothing to upload.")
        return cls(found.st_size, found.st_mtime_ns)


@dataclass(frozen=True)
class Persistence:
    """How often a broken PUT is begun anew, and how the time between is spent.

    offline: tries in a row without any connection; they do not count as broken ones. now: Unix
    seconds, which go on while the computer sleeps. hint: what to do once it is given up, "" for
    the connection's own.
    """

    tries: int = 4
    offline: int = 120
    first_wait: float = 2.0
    longest_wait: float = 30.0
    sleep: Callable[[float], Awaitable[None]] = waking.sleep
    now: Callable[[], float] = time.time
    hint: str = ""


CLOUD_PERSISTENCE = Persistence()
PERSISTENCE_HERE = Persistence(tries=2, offline=1, first_wait=0.2, hint=RESTARTED)
"""For the service on this computer: one that cannot be reached does not come back by itself."""


def persistence_of(service: str) -> Persistence:
    """How long an upload to a service is tried."""
    return PERSISTENCE_HERE if service == "local" else CLOUD_PERSISTENCE


async def send_file(
    http: Http,
    slot: Slot,
    path: Path,
    was: FileState,
    *,
    content_type: str = "",
    progress: Callable[[int, int], None],
    loopback_allowed: bool = False,
    persistence: Persistence | None = None,
    waiting: Callable[[bool], None] = lambda _offline: None,
) -> None:
    """Upload `path` to `slot`; `progress(sent, size)` follows each piece.

    waiting: called before a broken upload is begun anew, with whether there is no connection.

    content_type: sent where the slot's headers name none; "" for the slot's headers alone. Raises
    UploadExpired, MediaError where the file is not what it was, Unreachable after the last
    try, ServiceError where storage refuses for another reason.
    """
    how = persistence or Persistence()
    url = check_signed_url(slot.url, loopback_allowed=loopback_allowed)
    headers = with_content_type(slot.headers, content_type) if content_type else dict(slot.headers)
    _check_length(headers, was.size)
    attempt = away = 0
    while True:
        if how.now() >= slot.deadline:
            raise expired()
        try:
            async with aclosing(_pieces(path, was, progress)) as pieces:
                answer = await http.put(url, headers, was.size, pieces)
        except Unreachable as error:
            if how.now() >= slot.deadline - NEAR_EXPIRY:
                raise expired() from None
            offline = is_offline(error)
            attempt, away = (attempt, away + 1) if offline else (attempt + 1, 0)
            if attempt == how.tries or away == how.offline:
                raise type(error)(error.sentence, how.hint or error.hint, error.detail) from error
            waiting(offline)
        else:
            if 200 <= answer.status < 300:
                return
            attempt, away = attempt + 1, 0
            if not _again(answer) or attempt == how.tries:
                raise refusal(answer)
        await how.sleep(min(how.longest_wait, how.first_wait * 2.0 ** min(attempt + away - 1, 8)))


def with_content_type(headers: Mapping[str, str], content_type: str) -> dict[str, str]:
    """`headers`, and the content type said at creation where they name none (contract 4, 21)."""
    named = any(name.lower() == "content-type" for name in headers)
    return dict(headers) if named else {**headers, "Content-Type": content_type}


def expired(detail: str = "") -> UploadExpired:
    """The error for an address that is no longer good."""
    return UploadExpired(
        "The time in which the service takes the upload has run out before it was complete.",
        "Try again: a fresh upload is made. The unfinished one costs nothing.",
        detail,
        403,
    )


def refusal(answer: HttpAnswer) -> ServiceError:
    """What storage's answer means."""
    said = redact(answer.body[:2000].decode(errors="replace"))
    old = answer.status in (401, 403, 410) or (answer.status == 400 and "xpired" in said)
    if old:
        return expired(said)
    return ServiceError(
        f"The storage behind the service refused the upload ({answer.status}). "
        "The video on this computer is unchanged and nothing was charged.",
        "Try again later; if it stays, report it to the service.",
        said,
        answer.status,
    )


def _again(answer: HttpAnswer) -> bool:
    return answer.status in (408, 429) or answer.status >= 500


def _check_length(headers: Mapping[str, str], size: int) -> None:
    for name, value in headers.items():
        if name.lower() == "content-length" and value.strip() != str(size):
            raise ServiceError(
                "The service expects another number of bytes than the video has, so nothing was "
                "sent.",
                "Try again; if it stays, report it to the service.",
                f"{value} asked, {size} at hand",
            )


async def _pieces(
    path: Path, was: FileState, progress: Callable[[int, int], None]
) -> AsyncGenerator[bytes, None]:
    """Exactly `was.size` bytes; raises MediaError as soon as the file is another one."""
    opening = asyncio.ensure_future(asyncio.to_thread(_open, path, was))
    try:
        file = await asyncio.shield(opening)
    except asyncio.CancelledError:
        # The thread opens it all the same: it is waited for, so that nobody else has to close it.
        await asyncio.wait({opening})
        if not opening.cancelled() and opening.exception() is None:
            opening.result().close()
        raise
    try:
        sent = 0
        while sent < was.size:
            piece = await asyncio.to_thread(_read, file, path, was, was.size - sent)
            sent += len(piece)
            yield piece
            progress(sent, was.size)
    finally:
        file.close()


def _open(path: Path, was: FileState) -> BinaryIO:
    try:
        file = path.open("rb")
    except OSError as error:
        raise _unreadable(path, error) from error
    try:
        _check_unchanged(file, path, was)
    except MediaError:
        file.close()
        raise
    return file


def _read(file: BinaryIO, path: Path, was: FileState, left: int) -> bytes:
    try:
        piece = file.read(min(PIECE, left))
    except OSError as error:
        raise _unreadable(path, error) from error
    # The check follows the read: a change during it is seen before the piece is sent.
    _check_unchanged(file, path, was)
    if not piece:
        raise _changed(path)
    return piece


def _check_unchanged(file: BinaryIO, path: Path, was: FileState) -> None:
    found = os.fstat(file.fileno())
    if (found.st_size, found.st_mtime_ns) != (was.size, was.changed_ns):
        raise _changed(path)


def _changed(path: Path) -> MediaError:
    return MediaError(
        f"“{path.name}” was changed while it was being uploaded, so the upload was stopped. "
        "Nothing was charged.",
        "Wait until nothing writes to the file any more, then try again.",
    )


def _unreadable(path: Path, error: OSError) -> MediaError:
    return MediaError(
        f"“{path.name}” cannot be read any more, so it was not uploaded.",
        "Check that the file is still there and may be read, then try again.",
        str(error),
    )
