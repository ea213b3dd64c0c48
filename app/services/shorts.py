"""The story of finding moments: upload, order, wait; it goes on wherever it was stopped."""

from __future__ import annotations

import asyncio
import json
import math
import uuid
from datetime import UTC, datetime
from functools import partial
from typing import Any, Literal

from app.core.errors import MediaError, ServiceError
from app.core.moments import Moments
from app.core.timerange import to_seconds
from app.services.http import NotSent
from app.services.jobs import Report
from app.services.polling import patiently
from app.services.rate import uploading
from app.services.redact import says
from app.services.shorts_ledger import FindPlan
from app.services.shorts_polling import Shorts, doubt, inside, poll, stage, write
from app.services.upload import FileState, Slot, send_file
from app.services.wire_shorts import AnalysisAnswer, AnalyzeAnswer
from app.services.wire_shorts_raw import pack
from app.services.znippet_refusals import FieldErrors, in_doubt

__all__ = ["Shorts", "find_moments", "received", "stop_finding"]

FRESH_UPLOADS = 3
"""Uploads asked for in one go where storage does not take the bytes (contract 4, 40)."""

Words = tuple[str, str]
"""File name and text of words at hand; given to the local service and to no other."""


async def find_moments(
    shorts: Shorts, plan: FindPlan, report: Report, *, again: bool, words: Words | None = None
) -> tuple[bytes, Moments]:
    """Order the analysis unless it is under way, wait, and what to keep and what it means.

    again: a person has just said yes to (perhaps) paying once more. Without it a failure is told
    again, what was received is fetched again, and an order of unknown fate raises ServiceError.
    The caller keeps the bytes (`unpack` reads them) and then calls `received`.
    """
    ledger = shorts.ledger
    entry = ledger.moments
    if entry.get("aside"):
        await write(ledger.moments_state, entry["state"], aside=False)
    same = entry.get("settings") == plan.settings
    match entry.get("state"):
        case "started" if same:
            pass
        case "received" if same and not again:
            pass
        case "started" if not again:
            raise ServiceError(
                "An analysis with other settings is still under way, so none was ordered.",
                "Wait until it has ended, or order this one too.",
            )
        case "asking" | "unknown" if shorts.paid and not again:
            await write(ledger.moments_state, "unknown")
            raise doubt(shorts)
        case "failed" if not again:
            raise ServiceError(entry["sentence"], entry["hint"], entry.get("detail", ""))
        case _:
            await _order(shorts, plan, report, words)
    return await _wait(shorts, report)


async def received(shorts: Shorts) -> None:
    """The answer of `find_moments` is kept: nothing is to be gone on with."""
    await write(shorts.ledger.moments_state, "received")


async def stop_finding(shorts: Shorts) -> None:
    """The person cancelled at the local service: end its work, so that it can begin anew."""
    entry = shorts.ledger.moments
    if entry.get("state") == "started":
        try:
            await shorts.client.cancel_analysis(entry["job"])
        except ServiceError as error:
            if error.status != 404:
                raise
    if entry.get("state") in ("asking", "started"):
        await write(shorts.ledger.note_moments, "none")


async def _order(shorts: Shorts, plan: FindPlan, report: Report, words: Words | None) -> None:
    """Upload unless the video is there, and command the analysis."""
    file = await asyncio.to_thread(FileState.of, shorts.video)
    entry = shorts.ledger.moments
    if entry.get("upload") and (entry["size"], entry["changed"]) == (file.size, file.changed_ns):
        try:
            await _ask(shorts, plan, report, words)
            return
        except ServiceError as error:
            if not _about_upload(error):
                raise
        report("The upload of before is no longer there; uploading anew", None)
    await _upload(shorts, plan, file, report)
    await _ask(shorts, plan, report, words)


def _about_upload(error: ServiceError) -> bool:
    """Whether an order was refused because its upload, made some time ago, is of no use now."""
    if isinstance(error, FieldErrors):
        return any(field.partition(".")[0] == "upload" for field, _ in error.issues)
    return error.status in (400, 404, 409, 410, 422)


async def _upload(shorts: Shorts, plan: FindPlan, file: FileState, report: Report) -> None:
    if shorts.probe.duration <= 0:
        raise MediaError(f"“{shorts.video.name}” has no length, so it was not uploaded.")
    ledger, size = shorts.ledger, file.size
    await write(
        ledger.note_moments, "created", settings=plan.settings, size=size, changed=file.changed_ns
    )
    for attempt in range(1, FRESH_UPLOADS + 1):
        report("Preparing the upload", None)
        create = partial(
            shorts.client.create_upload,
            shorts.video.name,
            shorts.probe.content_type,
            size,
            to_seconds(shorts.probe.duration),
        )
        found, upload = await patiently(create, shorts.pace, report, inside(shorts))
        try:
            with uploading(report) as told:
                await send_file(
                    shorts.client.http,
                    # No lifetime is said (contract 4, 40).
                    Slot("", found.upload_url, found.headers, math.inf),
                    shorts.video,
                    file,
                    progress=told.progress,
                    waiting=told.waiting,
                    loopback_allowed=shorts.client.loopback,
                    persistence=shorts.persistence,
                )
        except ServiceError as error:
            if error.status not in (400, 401, 403, 410) or attempt == FRESH_UPLOADS:
                raise
            report("The upload's address was not taken; beginning anew", None)
        else:
            await write(ledger.moments_state, "uploaded", upload=upload)
            return


async def _ask(shorts: Shorts, plan: FindPlan, report: Report, words: Words | None) -> None:
    """Send the paid command once; written before and after."""
    ledger, client = shorts.ledger, shorts.client
    entry = ledger.moments
    upload = str(entry["upload"])
    resent = entry["state"] == "asking" and entry["settings"] == plan.settings
    order = entry["key"] if resent and not shorts.paid else uuid.uuid4().hex
    if words and not shorts.paid:
        asset = json.loads(upload).get("assetId")
        await client.give_words(str(asset), *words)
    report(f"Asking {inside(shorts)} for moments", None)
    when = datetime.now(UTC).isoformat()
    settings = plan.settings

    async def ask() -> AnalyzeAnswer:
        await write(ledger.moments_state, "asking", settings=settings, key=order, asked_at=when)
        try:
            return await client.analyze(
                upload, settings, order=order, told=lambda text: report(text, None)
            )
        except NotSent:
            # Without a connection this may take hours: a restart must not find it in doubt.
            await write(ledger.moments_state, "uploaded", aside=False)
            raise

    try:
        told = await patiently(ask, shorts.pace, report, inside(shorts))
    except ServiceError as error:
        if not in_doubt(error):
            # The upload is good for another order; one that was refused is not sent by itself.
            await write(ledger.moments_state, "uploaded", aside=error.status is not None)
        elif shorts.paid:
            await write(ledger.moments_state, "unknown")
            raise doubt(shorts, f"{error}\n{error.detail}") from error
        raise
    await write(
        ledger.note_moments,
        "started",
        settings=settings,
        size=entry["size"],
        changed=entry["changed"],
        asked_at=when,
        job=told.job_id,
        status_path=client.followed(told.status_url),
    )


async def _wait(shorts: Shorts, report: Report) -> tuple[bytes, Moments]:
    """Poll until the moments are there."""
    entry, client = shorts.ledger.moments, shorts.client
    job, settings = str(entry["job"]), dict(entry["settings"])

    async def ask() -> tuple[bytes, AnalysisAnswer]:
        return await client.analysis(job, entry.get("status_path", ""))

    async def ended(answer: tuple[bytes, AnalysisAnswer], elapsed: float) -> bool:
        told = answer[1]
        if told.state == "failed":
            raise await _failed(shorts, entry, told)
        if told.state == "pending":
            report(stage(shorts, told, elapsed), told.progress)
        return told.state == "ready"

    try:
        raw, told = await poll(shorts, ask, ended, report)
    except ServiceError as error:
        if error.status in (404, 410):
            await _lost(shorts, entry, error)
        raise
    origin: Literal["znippet", "local service"] = "znippet" if shorts.paid else "local service"
    found = told.to_core(shorts.probe.duration, job, origin, settings)
    return pack(job, client.service, settings, raw), found


async def _failed(shorts: Shorts, entry: dict[str, Any], told: AnalysisAnswer) -> ServiceError:
    said = says(told.said) or " It does not say why."
    sentence = f"{shorts.client.name} could not find moments.{said}"
    hint = "Try other settings" + (", which may be charged again." if shorts.paid else ".")
    detail = told.model_dump_json(exclude_none=True, exclude={"moments"})[:4000]
    more = {"sentence": sentence, "hint": hint, "detail": detail}
    await write(shorts.ledger.note_moments, **{**entry, **more, "state": "failed"})
    return ServiceError(sentence, hint, detail)


async def _lost(shorts: Shorts, entry: dict[str, Any], error: ServiceError) -> None:
    """The service has the analysis no more: it is not asked for by itself again."""
    if not shorts.paid:
        await write(shorts.ledger.note_moments, "none")
        return
    more = {"sentence": error.sentence, "hint": error.hint, "detail": error.detail}
    await write(shorts.ledger.note_moments, **{**entry, **more, "state": "failed"})
