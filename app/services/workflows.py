"""The long stories of a service, each one coroutine read from top to bottom.

Every remote id is journalled before the next step and every paid command before it is sent, so a
story that was cancelled, or whose program died, goes on where it was.
"""

from __future__ import annotations

import asyncio
from functools import partial

from app.core.errors import MediaError, ServiceError, Unreachable
from app.services import wire
from app.services.agreed import Analysis, agree, write
from app.services.jobs import Report
from app.services.ledger import Journal, Ledger, Plan
from app.services.nanoclip import TITLES, NanoClip
from app.services.packed import Value
from app.services.polling import patiently, poll
from app.services.quote import money
from app.services.redact import plain, says
from app.services.uploading import ensure_uploaded, in_doubt

TRIES = 3
"""How often a start is sent while it is not known whether it arrived."""


async def analyse(analysis: Analysis, report: Report, *, again: bool = False) -> None:
    """Upload once, run every ticked analysis at the same time, and hand over what each finds.

    One that fails does not stop the others; the first failure is raised in the end.
    """
    await ensure_uploaded(analysis, report)
    runs = [asyncio.create_task(run(analysis, k, report, again=again)) for k in analysis.plan.kinds]
    try:
        if runs:
            await asyncio.wait(runs)
    finally:
        for task in runs:
            task.cancel()
        ended = await asyncio.gather(*runs, return_exceptions=True)
    for error in ended:
        if isinstance(error, BaseException):
            raise error


def pending(journal: Journal, service: wire.Service) -> Plan | None:
    """What was agreed to and has not ended, to be gone on with by the same stories, or None."""
    return Ledger(journal, service).pending()


def set_aside(journal: Journal, service: wire.Service, kind: wire.Kind) -> None:
    """The person cancelled `kind`: `pending` leaves it out until it is asked for again."""
    Ledger(journal, service).set_aside(kind)


async def stop_here(client: NanoClip, journal: Journal, kind: wire.Kind) -> None:
    """The person cancelled `kind` at the local service: end its work, so that it can begin anew."""
    ledger = Ledger(journal, "local")
    entry = ledger.entry(kind)
    if entry.get("state") in ("asking", "started"):
        await client.cancel(kind, entry["project"])
        await write(ledger.note, kind, entry["project"], "none", entry["settings"])


async def run_transcript(analysis: Analysis, report: Report, *, again: bool = False) -> None:
    """`run` for the transcript."""
    await run(analysis, "transcript", report, again=again)


async def run_vision(analysis: Analysis, report: Report, *, again: bool = False) -> None:
    """`run` for vision."""
    await run(analysis, "vision", report, again=again)


async def run_retakes(analysis: Analysis, report: Report, *, again: bool = False) -> None:
    """`run` for the retakes."""
    await run(analysis, "retakes", report, again=again)


async def run(analysis: Analysis, kind: wire.Kind, report: Report, *, again: bool = False) -> None:
    """Start `kind` unless it was started, wait for it, and hand over what it found.

    again: a person has just said yes to (perhaps) paying, so a failed analysis is started anew;
    without it the failure is told again and nothing is sent. Raises ServiceError.
    """
    _check_picture(analysis, kind)
    await agree(analysis)
    ledger, wanted = analysis.ledger, analysis.plan.settings(kind)
    entry = ledger.entry(kind)
    begun = entry.get("settings") == wanted and entry.get("state") in ("asking", "started")
    project = entry["project"] if begun else await ensure_uploaded(analysis, report)
    entry = entry if begun else ledger.present(kind)
    match entry.get("state"):
        case "started" | "received":
            pass
        case "asking" if await _was_started(analysis, kind, project):
            await write(ledger.note, kind, project, "started", wanted)
        case "failed" if not again:
            raise ServiceError(entry["sentence"], entry["hint"], entry.get("detail", ""))
        case _:
            project = await _start(analysis, kind, project, report)
    raw, value = await _wait(analysis, kind, project, report)
    kept = analysis.received(kind, raw, value)
    if kept is not None:
        await kept
    await write(ledger.note, kind, project, "received", wanted)
    report(f"Received from {analysis.name}", 1.0)


def _check_picture(analysis: Analysis, kind: wire.Kind) -> None:
    if kind != "transcript" and analysis.probe.video is None:
        raise MediaError(
            f"{TITLES[kind].capitalize()} needs a picture, and this file has sound alone.",
            "Nothing was started. Audio alone can be given a transcript.",
        )


async def _start(analysis: Analysis, kind: wire.Kind, project: str, report: Report) -> str:
    """Command `kind`; the project's id, another one where the upload had to be completed again."""
    report(f"Starting {TITLES[kind]}", None)
    try:
        await _ask(analysis, kind, project, report)
    except ServiceError as error:
        if error.status == 404:
            await _check_known(analysis, kind, project)
        if error.status != 409 or (await analysis.client.project(project)).status == "ready":
            raise
        if analysis.ledger.project.get("id") == project:
            await write(analysis.ledger.project_state, "uploaded")
        project = await ensure_uploaded(analysis, report)
        await _ask(analysis, kind, project, report)
    return project


async def _ask(analysis: Analysis, kind: wire.Kind, project: str, report: Report) -> None:
    """Send the command so that it is accepted once: in doubt, its result is looked for first."""
    ledger, settings = analysis.ledger, analysis.plan.settings(kind)
    if kind == "transcript" and analysis.plan.captions and analysis.plan.service == "local":
        await analysis.client.give_captions(project, *analysis.plan.captions)
    for attempt in range(1, TRIES + 1):
        await write(ledger.note, kind, project, "asking", settings)
        try:
            await patiently(
                partial(_command, analysis, kind, project), analysis.pace, report, analysis.name
            )
        except ServiceError as error:
            if not in_doubt(error):
                await write(ledger.note, kind, project, "none", settings)
                raise
            await analysis.pace.sleep(analysis.pace.first)
            if not await _was_started(analysis, kind, project):
                if attempt == TRIES:
                    raise
                continue
        await write(ledger.note, kind, project, "started", settings)
        return


async def _command(analysis: Analysis, kind: wire.Kind, project: str) -> None:
    client, plan = analysis.client, analysis.plan
    match kind:
        case "transcript":
            await client.start_transcript(project, plan.language, diarize=plan.diarize)
        case "vision":
            await client.start_vision(project)
        case "retakes":
            await client.start_retakes(project, plan.retake_language)


async def _was_started(analysis: Analysis, kind: wire.Kind, project: str) -> bool:
    """Ask for the result: a 404 means "not started" only where the project is known."""
    try:
        await analysis.client.result(kind, project)
    except ServiceError as error:
        if error.status != 404:
            raise
        await _check_known(analysis, kind, project)
        return False
    return True


async def _check_known(analysis: Analysis, kind: wire.Kind, project: str) -> None:
    """Raise where the service does not know the project; the next try then begins with another."""
    try:
        await analysis.client.project(project)
    except ServiceError as error:
        if error.status == 404:
            await write(analysis.ledger.forget_project, project)
            await write(analysis.ledger.note, kind, project, "none", analysis.plan.settings(kind))
        raise


async def _wait(
    analysis: Analysis, kind: wire.Kind, project: str, report: Report
) -> tuple[bytes, Value]:
    """Poll until the analysis is completed; its bytes and its value."""

    async def read(raw: bytes, elapsed: float) -> tuple[bytes, Value] | None:
        told, value = await analysis.parser.outcome(
            kind, raw, analysis.probe.duration, analysis.plan.service
        )
        if value is not None:
            return raw, value
        if told.state == "failed":
            raise await _failed(analysis, kind, project, told)
        report(_stage(analysis, told, elapsed), told.progress)
        return None

    ask = partial(analysis.client.result, kind, project)
    try:
        return await poll(ask, read, _passing, analysis.pace, report, analysis.name)
    except ServiceError as error:
        if error.status == 404:
            # What a 404 means for the next try.
            await _check_known(analysis, kind, project)
            await write(analysis.ledger.note, kind, project, "none", analysis.plan.settings(kind))
        raise


def _passing(error: ServiceError) -> bool:
    """Whether a poll without an answer may have one the next time; a 404 may follow a start."""
    status = error.status
    lost = isinstance(error, Unreachable | wire.NotJsonError)
    return lost or status in (404, 429) or (status is not None and status >= 500)


async def _failed(
    analysis: Analysis, kind: wire.Kind, project: str, told: wire.Result
) -> ServiceError:
    said = says(plain(told.error or ""))
    sentence = f"{analysis.client.name} could not finish {TITLES[kind]}.{said}"
    hint = "Everything received before is kept. Retry Job asks again"
    if analysis.plan.service != "local":
        cents = dict(analysis.plan.cents).get(kind)
        hint += ", which may be charged again" + (f": about {money(cents)}" if cents else "")
    hint += "."
    settings = analysis.plan.settings(kind)
    detail = told.model_dump_json(exclude_none=True)
    await write(
        analysis.ledger.note,
        kind,
        project,
        "failed",
        settings,
        sentence=sentence,
        hint=hint,
        detail=detail,
    )
    return ServiceError(sentence, hint, detail)


def _stage(analysis: Analysis, told: wire.Result, elapsed: float) -> str:
    if told.stage:
        return plain(told.stage, 80)
    if elapsed > 2 * analysis.probe.duration / 1_000_000 + 600:
        return "Taking longer than usual; it goes on by itself"
    name = analysis.name
    return f"Queued at {name}" if told.status == "queued" else f"Under way at {name}"
