"""The story of one short coming down: a fresh link, a part file, a check, and then its name."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin

from app.core.errors import MediaError, ServiceError, Unreachable
from app.services.addresses import check_signed_url
from app.services.file_pieces import unwritable
from app.services.http import HttpAnswer
from app.services.jobs import Report
from app.services.nanoclip import Patience
from app.services.short_names import free_path
from app.services.shorts_ledger import Clip
from app.services.shorts_polling import Shorts, write
from app.services.store_files import sync_folder

TRIES = 4
"""Downloads begun in one go, each with a link of its own."""

_STALE = (401, 403, 404, 410)
_REDIRECTS = (301, 302, 303, 307, 308)
_NO_FILM = (
    "text/",
    "application/json",
    "application/xml",
    "application/xhtml",
    "application/problem",
)

Check = Callable[[Path, int], object]
"""`check(path, microseconds)` looks into a file and raises MediaError where it is no such film."""


class _BadFileError(ServiceError):
    """What came is not the short; another try may bring it."""


async def download(
    shorts: Shorts, record_id: str, key: str, folder: Path, report: Report, *, check: Check
) -> Path:
    """Fetch one finished clip into `folder`; where it lies now. One that is there is not fetched.

    Links are short-lived: one is asked for right before each try (contract 4, 50). Nothing is
    written over, and what broke off leaves nothing. Several may run at once. Raises ServiceError,
    MediaError from `check`, ExportError where the folder cannot be written to.
    """
    ledger = shorts.ledger
    clip = ledger.record(record_id).clip(key)
    here = await asyncio.to_thread(_already, clip)
    if here is not None:
        await write(ledger.note_clip, record_id, key, state="downloaded", error="")
        return here
    if not ledger.take(record_id, key):
        raise ServiceError("This short is being downloaded already.", "Wait until it is here.")
    part = folder / f"{clip.name or 'short.mp4'}.{record_id[:8]}-{clip.number or 0}.part"
    try:
        await asyncio.to_thread(_make_folder, folder)
        await _with_tries(shorts, record_id, clip, part, report, check)
        return await _keep(shorts, record_id, clip, part, folder)
    finally:
        ledger.let_go(record_id, key)
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


async def _with_tries(
    shorts: Shorts, record_id: str, clip: Clip, part: Path, report: Report, check: Check
) -> None:
    """Download into `part` until it is whole and checked."""
    jitter = Patience(first=shorts.persistence.first_wait)
    for attempt in range(1, TRIES + 1):
        report("Asking for the link", None)
        link = await _link(shorts, record_id, clip)

        def progress(got: int, size: int | None) -> None:
            fraction = min(1.0, got / size) if size else None
            shorts.ledger.set_progress(record_id, clip.key, fraction)
            report("Downloading", fraction)

        try:
            await _fetch(shorts, link, part, progress)
            await asyncio.to_thread(_check_filled, part)
            report("Checking", None)
            await asyncio.to_thread(check, part, clip.span.duration)
        except (Unreachable, _BadFileError, MediaError):
            if attempt == TRIES:
                raise
            report("The download broke off; beginning anew", None)
            await shorts.persistence.sleep(jitter.wait(attempt, None))
        else:
            return


async def _link(shorts: Shorts, record_id: str, clip: Clip) -> str:
    """A fresh link; raises ServiceError where the clip has none."""
    record = shorts.ledger.record(record_id)
    answer = await shorts.client.renders(record.job, record.status_path)
    item = answer.item(clip.number or 0)
    if item is None or item.state == "failed":
        reason = item.said if item else "It leaves this moment out of its answer."
        state = "failed" if item else "missing"
        await write(shorts.ledger.note_clip, record_id, clip.key, state=state, error=reason)
        raise ServiceError(
            f"{shorts.client.name} has no short of “{clip.title}” any more. {reason}".strip(),
            "Render this moment again.",
        )
    if not item.link:
        raise ServiceError(
            f"{shorts.client.name} gives no link for “{clip.title}” yet.",
            "Download it again in a minute.",
        )
    if clip.state != "ready":
        await write(shorts.ledger.note_clip, record_id, clip.key, state="ready", error="")
    return check_signed_url(
        urljoin(shorts.client.base_url, item.link),
        loopback_allowed=shorts.client.loopback,
        of="a download",
    )


async def _fetch(
    shorts: Shorts, link: str, part: Path, progress: Callable[[int, int | None], None]
) -> None:
    """One try: bare, then with the key where the link is the service's own (contract 4, 50).

    One redirect is followed, and only without the key.
    """
    client = shorts.client
    answer = await client.http.download(link, part, check=_check_head, progress=progress)
    if answer.status in (401, 403) and (known := client.credentials(link)):
        answer = await client.http.download(
            link, part, extra=known, check=_check_head, progress=progress
        )
    elif answer.status in _REDIRECTS:
        other = urljoin(link, answer.headers.get("location", ""))
        check_signed_url(other, loopback_allowed=client.loopback, of="a download")
        answer = await client.http.download(other, part, check=_check_head, progress=progress)
    if answer.status != 200:
        raise _refused(answer)


def _refused(answer: HttpAnswer) -> ServiceError:
    status = answer.status
    if status in _REDIRECTS:
        return ServiceError(
            "The link of the short leads from one address to another, which is not followed.",
            "Download it at the service's own site, and report this.",
            status=status,
        )
    sentence = f"The short could not be downloaded: its link was refused ({status})."
    hint = "It is still at the service; download it again in a minute."
    if status in _STALE or status in (408, 429) or status >= 500 or status < 300:
        return _BadFileError(sentence, hint, status=status)
    return ServiceError(sentence, hint, status=status)


def _check_head(head: HttpAnswer) -> None:
    """Refuse what is no film before it is on disk."""
    kind = head.headers.get("content-type", "").strip().lower()
    coding = head.headers.get("content-encoding", "identity").lower()
    if kind.startswith(_NO_FILM):
        raise _BadFileError(
            "The link of the short brought a page instead of a film, and it was not kept.",
            "It is still at the service; download it again in a minute.",
            kind[:80],
        )
    if coding not in ("", "identity"):
        raise _BadFileError(
            "The short came compressed, which was not asked for, and it was not kept.",
            "Download it again; if it stays, report it.",
            coding[:80],
        )


def _check_filled(part: Path) -> None:
    if not part.stat().st_size:
        raise _BadFileError(
            "The short came without a single byte, and it was not kept.",
            "It is still at the service; download it again in a minute.",
        )


def _already(clip: Clip) -> Path | None:
    """The file as it was put, also by a program that died before it could say so."""
    path = Path(clip.path)
    try:
        there = bool(clip.path and clip.bytes) and path.stat().st_size == clip.bytes
    except OSError:
        return None
    return path if there else None


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder / "short", error) from error


async def _keep(shorts: Shorts, record_id: str, clip: Clip, part: Path, folder: Path) -> Path:
    """Give the part its name, a free one; written to the ledger before and after."""
    ledger = shorts.ledger
    size = (await asyncio.to_thread(part.stat)).st_size
    while True:
        path = await asyncio.to_thread(free_path, folder, clip.name or "short.mp4")
        await write(ledger.note_clip, record_id, clip.key, path=str(path), bytes=size)
        if await asyncio.to_thread(take_name, part, path):
            break
    await write(ledger.note_clip, record_id, clip.key, state="downloaded", error="")
    return path


def take_name(part: Path, path: Path) -> bool:
    """Move `part` to `path` unless something is there by now; raises ExportError."""
    try:
        part.chmod(0o644)
        try:
            path.hardlink_to(part)
        except FileExistsError:
            return False
        except OSError:
            # No links on this file system: an empty file of ours holds the name meanwhile.
            try:
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
            except FileExistsError:
                return False
            part.replace(path)
        else:
            part.unlink()
    except OSError as error:
        raise unwritable(path, error) from error
    sync_folder(path.parent)
    return True
