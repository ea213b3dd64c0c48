"""The story of one upload: made once, completed once, looked up where an answer was lost."""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial
from pathlib import Path

from app.core.errors import MediaError, ServiceError
from app.media.upload_copy import CONTENT_TYPE
from app.services import wire
from app.services.agreed import Analysis, agree, write
from app.services.http import NotSent, is_loopback
from app.services.jobs import Report
from app.services.polling import patiently
from app.services.rate import uploading
from app.services.redact import plain
from app.services.upload import FileState, Slot, UploadExpired, send_file

FRESH_UPLOADS = 3
"""Projects made in one go when signed addresses run out of time."""

COMPLETIONS = 3
"""How often a completion is sent while the service is not done looking into the upload."""


async def ensure_uploaded(analysis: Analysis, report: Report) -> str:
    """The id of a project that holds the video; uploads it unless the journal says it is there.

    Raises ServiceError or MediaError; what was reached is in the journal.
    """
    ledger = analysis.ledger
    async with analysis.lock:
        await agree(analysis)
        expired = 0
        while True:
            state = ledger.project.get("state")
            project = str(ledger.project.get("id", ""))
            if state == "ready" and await _still_there(analysis, project):
                report("Uploaded", 1.0)
                return project
            try:
                if state == "uploaded":
                    await _complete(analysis, project, report)
                elif state != "ready":
                    await _upload(analysis, report)
            except UploadExpired:
                expired += 1
                await _drop_slot(analysis)
                if expired == FRESH_UPLOADS:
                    raise
                report("The upload's time ran out; beginning anew", None)


async def _still_there(analysis: Analysis, project: str) -> bool:
    """The local service's data may have been cleared; the cloud is believed without asking."""
    if analysis.plan.service != "local":
        return True
    try:
        there = (await analysis.client.project(project)).status == "ready"
    except ServiceError as error:
        if error.status != 404:
            raise
        there = False
    if not there:
        await write(analysis.ledger.forget_project, project)
    return there


async def _upload(analysis: Analysis, report: Report) -> None:
    """Make a project where there is no usable one, and put the bytes there."""
    slot = analysis.slot
    if slot is None or analysis.persistence.now() >= slot[0].deadline:
        slot = await _create(analysis, report)
    try:
        with uploading(report) as told:
            await send_file(
                analysis.client.http,
                slot[0],
                slot[2],
                slot[1],
                content_type=_content_type(analysis),
                progress=told.progress,
                waiting=told.waiting,
                loopback_allowed=is_loopback(analysis.client.host),
                persistence=analysis.persistence,
            )
    except MediaError:
        await _drop_slot(analysis)
        raise
    await write(analysis.ledger.project_state, "uploaded")
    analysis.slot = None
    if analysis.copy:
        with contextlib.suppress(OSError):  # It is removed with the others after a week.
            await asyncio.to_thread(slot[2].unlink)


def _content_type(analysis: Analysis) -> str:
    return CONTENT_TYPE if analysis.copy else analysis.probe.content_type


async def _create(analysis: Analysis, report: Report) -> tuple[Slot, FileState, Path]:
    report("Preparing the upload", None)
    path = await analysis.copy(report) if analysis.copy else analysis.video
    file = await asyncio.to_thread(FileState.of, path)
    name = analysis.video.stem + path.suffix if analysis.copy else analysis.video.name
    create = partial(analysis.client.create_upload, name, _content_type(analysis), file.size)
    made = await patiently(create, analysis.pace, report, analysis.name)
    deadline = analysis.persistence.now() + made.upload_expires_in_seconds
    # The address is a secret and short-lived: it stays in memory, the id goes to the journal.
    await write(analysis.ledger.note_project, id=made.project_id, state="created", size=file.size)
    slot = Slot(made.project_id, made.upload_url, made.upload_headers, deadline), file, path
    analysis.slot = slot
    return slot


async def _drop_slot(analysis: Analysis) -> None:
    await write(analysis.ledger.forget_project, str(analysis.ledger.project.get("id", "")))
    analysis.slot = None


async def _complete(analysis: Analysis, project: str, report: Report) -> None:
    """Complete the upload; a lost answer is looked up, not guessed (contract 4, 23)."""
    report("The service looks into the upload", None)
    found: wire.ProjectDetailResponse
    for attempt in range(1, COMPLETIONS + 1):
        try:
            found = await patiently(
                partial(analysis.client.complete_upload, project), analysis.pace, report,
                analysis.name,
            )  # fmt: skip
        except ServiceError as error:
            found = await _after_failed_completion(analysis, project, error)
        if found.status in ("ready", "failed"):
            break
        if attempt < COMPLETIONS:
            await analysis.pace.sleep(analysis.pace.first)
    await _check_completed(analysis, project, found)
    await write(analysis.ledger.project_state, "ready")


async def _after_failed_completion(
    analysis: Analysis, project: str, error: ServiceError
) -> wire.ProjectDetailResponse:
    if error.status in (401, 402, 403, 429) or isinstance(error, NotSent):
        raise error
    if error.status == 404:
        await write(analysis.ledger.forget_project, project)
        raise error
    found = await analysis.client.project(project)
    if found.status not in ("ready", "failed") and not in_doubt(error):
        raise error
    return found


async def _check_completed(
    analysis: Analysis, project: str, found: wire.ProjectDetailResponse
) -> None:
    size = analysis.ledger.project.get("size")
    arrived = found.source_size_bytes
    if found.status == "ready" and arrived in (None, size):
        return
    if found.status in ("ready", "failed"):
        await write(analysis.ledger.forget_project, project)
    if found.status == "ready":
        raise ServiceError(
            f"{analysis.client.name} has {arrived} bytes of the video, not {size}. "
            "No analysis was started and nothing was charged.",
            "Use Retry Job: the video is uploaded anew.",
        )
    if found.status == "failed":
        raise ServiceError(
            f"{analysis.client.name} cannot read the uploaded video. Nothing was charged.",
            "Convert it to MP4 with H.264 and AAC and open that, or use Retry Job.",
        )
    if not arrived and analysis.ledger.project.get("unseen"):
        # Whoever took the bytes did not hand them on: waiting longer would be for nothing.
        await write(analysis.ledger.forget_project, project)
        raise ServiceError(
            f"{analysis.client.name} has nothing of the upload after all. Nothing was charged.",
            "Use Retry Job: the video is uploaded anew.",
        )
    await write(
        analysis.ledger.note_project, id=project, state="uploaded", size=size, unseen=not arrived
    )
    raise ServiceError(
        f"{analysis.client.name} is not done looking into the upload. The upload is kept there.",
        "Use Retry Job in a minute.",
        f"status {plain(found.status)}",
    )


def in_doubt(error: ServiceError) -> bool:
    """Whether the command may have been carried out although no good answer came."""
    if isinstance(error, NotSent):
        return False
    return error.status is None or (error.status >= 500 and error.status != 503)
