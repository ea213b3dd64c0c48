"""The long stories of a service, each one coroutine read from top to bottom.

Every remote id is journalled before the next step and every paid command before it is sent, so a
story that was cancelled, or whose program died, goes on where it was.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec

from app.core.errors import MediaError, ServiceError, Unreachable
from app.media.upload_copy import CONTENT_TYPE
from app.services import wire
from app.services.http import NotSent, is_loopback
from app.services.jobs import Report
from app.services.ledger import Journal, Ledger, Plan
from app.services.nanoclip import TITLES, NanoClip
from app.services.parsing import Parser, Value
from app.services.rate import uploading
from app.services.redact import plain
from app.services.upload import FileState, Persistence, Slot, UploadExpired, send_file

if TYPE_CHECKING:
    from app.media.probe import Probe

__all__ = [
    "CLOUD_PACE",
    "LOCAL_PACE",
    "Analysis",
    "Journal",
    "Pace",
    "Plan",
    "analyse",
    "ensure_uploaded",
    "pace",
    "pending",
    "run",
    "run_retakes",
    "run_transcript",
    "run_vision",
    "set_aside",
    "stop_here",
]

FRESH_UPLOADS = 3
"""Projects made in one go when signed addresses run out of time."""

TRIES = 3
"""How often a completion or a start is sent while it is not known whether it arrived."""

Received = Callable[[wire.Kind, bytes, Value], Awaitable[None] | None]
"""`received(kind, raw, value)`: the answer untouched, and what it means in `app.core`. What it
returns is awaited; only then does the journal call the answer received."""

Params = ParamSpec("Params")


@dataclass(frozen=True)
class Pace:
    """How often a result is asked for: every `first` seconds at the start, `longest` in the end.

    unanswered: polls in a row without an answer before the story gives up (it stays resumable).
    """

    first: float = 5.0
    longest: float = 30.0
    unanswered: int = 5
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    clock: Callable[[], float] = time.monotonic

    def wait(self, elapsed: float) -> float:
        """Seconds until the next poll: a twelfth of the time gone by, within the two bounds."""
        return min(self.longest, max(self.first, elapsed / 12))


CLOUD_PACE = Pace()
LOCAL_PACE = Pace(first=0.3, longest=2.0, unanswered=3)


def pace(service: str) -> Pace:
    """How often a service is asked for news: the one on this computer more often."""
    return LOCAL_PACE if service == "local" else CLOUD_PACE


@dataclass(eq=False)
class Analysis:
    """What the stories of one yes share. Stories of one plan use one Analysis.

    lock: one for a project and a service, handed on to a later Analysis of the same project, so
    that the upload is made once. copy: makes the smaller copy, an MP4 that is uploaded in place of
    the video and removed when it is there; None for the video itself. slot, agreed and agreeing are
    the stories' own.
    """

    client: NanoClip
    plan: Plan
    video: Path
    probe: Probe
    journal: Journal
    received: Received
    parser: Parser
    pace: Pace = CLOUD_PACE
    persistence: Persistence = field(default_factory=Persistence)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    copy: Callable[[Report], Awaitable[Path]] | None = None
    slot: tuple[Slot, FileState, Path] | None = field(default=None, init=False, repr=False)
    agreed: bool = field(default=False, init=False)
    agreeing: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    @property
    def ledger(self) -> Ledger:
        """The journal as the stories read it."""
        return Ledger(self.journal, self.plan.service)


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
        await _write(ledger.note, kind, entry["project"], "none", entry["settings"])


async def run_transcript(analysis: Analysis, report: Report, *, again: bool = False) -> None:
    """`run` for the transcript."""
    await run(analysis, "transcript", report, again=again)


async def run_vision(analysis: Analysis, report: Report, *, again: bool = False) -> None:
    """`run` for vision."""
    await run(analysis, "vision", report, again=again)


async def run_retakes(analysis: Analysis, report: Report, *, again: bool = False) -> None:
    """`run` for the retakes."""
    await run(analysis, "retakes", report, again=again)


async def ensure_uploaded(analysis: Analysis, report: Report) -> str:
    """The id of a project that holds the video; uploads it unless the journal says it is there.

    Raises ServiceError or MediaError; what was reached is in the journal.
    """
    ledger = analysis.ledger
    async with analysis.lock:
        await _agree(analysis)
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


async def run(analysis: Analysis, kind: wire.Kind, report: Report, *, again: bool = False) -> None:
    """Start `kind` unless it was started, wait for it, and hand over what it found.

    again: a person has just said yes to (perhaps) paying, so a failed analysis is started anew;
    without it the failure is told again and nothing is sent. Raises ServiceError.
    """
    _check_picture(analysis, kind)
    await _agree(analysis)
    ledger, wanted = analysis.ledger, analysis.plan.settings(kind)
    entry = ledger.entry(kind)
    begun = entry.get("settings") == wanted and entry.get("state") in ("asking", "started")
    project = entry["project"] if begun else await ensure_uploaded(analysis, report)
    entry = entry if begun else ledger.present(kind)
    match entry.get("state"):
        case "started" | "received":
            pass
        case "asking" if await _was_started(analysis, kind, project):
            await _write(ledger.note, kind, project, "started", wanted)
        case "failed" if not again:
            raise ServiceError(entry["sentence"], entry["hint"], entry.get("detail", ""))
        case _:
            project = await _start(analysis, kind, project, report)
    raw, value = await _wait(analysis, kind, project, report)
    kept = analysis.received(kind, raw, value)
    if kept is not None:
        await kept
    await _write(ledger.note, kind, project, "received", wanted)


async def _agree(analysis: Analysis) -> None:
    async with analysis.agreeing:
        if not analysis.agreed:
            await _write(analysis.ledger.agree, analysis.plan)
            analysis.agreed = True


async def _write(put: Callable[Params, None], *args: Params.args, **more: Params.kwargs) -> None:
    """Write to the journal in a thread, for it waits for the disk; done even if cancelled."""
    await asyncio.to_thread(put, *args, **more)


def _check_picture(analysis: Analysis, kind: wire.Kind) -> None:
    if kind != "transcript" and analysis.probe.video is None:
        raise MediaError(
            f"{TITLES[kind].capitalize()} needs a picture, and this file has sound alone.",
            "Nothing was started. Audio alone can be given a transcript.",
        )


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
        await _write(analysis.ledger.forget_project, project)
    return there


async def _upload(analysis: Analysis, report: Report) -> None:
    """Make a project where there is no usable one, and put the bytes there."""
    slot = analysis.slot
    if slot is None or analysis.persistence.now() >= slot[0].deadline:
        slot = await _create(analysis, report)
    try:
        with uploading(report) as progress:
            await send_file(
                analysis.client.http,
                slot[0],
                slot[2],
                slot[1],
                content_type=_content_type(analysis),
                progress=progress,
                loopback_allowed=is_loopback(analysis.client.host),
                persistence=analysis.persistence,
            )
    except MediaError:
        await _drop_slot(analysis)
        raise
    await _write(analysis.ledger.project_state, "uploaded")
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
    made = await analysis.client.create_upload(name, _content_type(analysis), file.size)
    deadline = analysis.persistence.now() + made.upload_expires_in_seconds
    # The address is a secret and short-lived: it stays in memory, the id goes to the journal.
    await _write(analysis.ledger.note_project, id=made.project_id, state="created", size=file.size)
    slot = Slot(made.project_id, made.upload_url, made.upload_headers, deadline), file, path
    analysis.slot = slot
    return slot


async def _drop_slot(analysis: Analysis) -> None:
    await _write(analysis.ledger.forget_project, str(analysis.ledger.project.get("id", "")))
    analysis.slot = None


async def _complete(analysis: Analysis, project: str, report: Report) -> None:
    """Complete the upload; a lost answer is looked up, not guessed (contract 4, 23)."""
    report("The service looks into the upload", None)
    found: wire.ProjectDetailResponse
    for attempt in range(1, TRIES + 1):
        try:
            found = await analysis.client.complete_upload(project)
        except ServiceError as error:
            found = await _after_failed_completion(analysis, project, error)
        if found.status in ("ready", "failed"):
            break
        if attempt < TRIES:
            await analysis.pace.sleep(analysis.pace.first)
    await _check_completed(analysis, project, found)
    await _write(analysis.ledger.project_state, "ready")


async def _after_failed_completion(
    analysis: Analysis, project: str, error: ServiceError
) -> wire.ProjectDetailResponse:
    if error.status in (401, 402, 403, 429) or isinstance(error, NotSent):
        raise error
    if error.status == 404:
        await _write(analysis.ledger.forget_project, project)
        raise error
    found = await analysis.client.project(project)
    if found.status not in ("ready", "failed") and not _in_doubt(error):
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
        await _write(analysis.ledger.forget_project, project)
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
        await _write(analysis.ledger.forget_project, project)
        raise ServiceError(
            f"{analysis.client.name} has nothing of the upload after all. Nothing was charged.",
            "Use Retry Job: the video is uploaded anew.",
        )
    await _write(
        analysis.ledger.note_project, id=project, state="uploaded", size=size, unseen=not arrived
    )
    raise ServiceError(
        f"{analysis.client.name} is not done looking into the upload. The upload is kept there.",
        "Use Retry Job in a minute.",
        f"status {plain(found.status)}",
    )


async def _start(analysis: Analysis, kind: wire.Kind, project: str, report: Report) -> str:
    """Command `kind`; the project's id, another one where the upload had to be completed again."""
    report(f"Starting {TITLES[kind]}", None)
    try:
        await _ask(analysis, kind, project)
    except ServiceError as error:
        if error.status == 404:
            await _check_known(analysis, kind, project)
        if error.status != 409 or (await analysis.client.project(project)).status == "ready":
            raise
        if analysis.ledger.project.get("id") == project:
            await _write(analysis.ledger.project_state, "uploaded")
        project = await ensure_uploaded(analysis, report)
        await _ask(analysis, kind, project)
    return project


async def _ask(analysis: Analysis, kind: wire.Kind, project: str) -> None:
    """Send the command so that it is accepted once: in doubt, its result is looked for first."""
    ledger, settings = analysis.ledger, analysis.plan.settings(kind)
    if kind == "transcript" and analysis.plan.captions and analysis.plan.service == "local":
        await analysis.client.give_captions(project, *analysis.plan.captions)
    for attempt in range(1, TRIES + 1):
        await _write(ledger.note, kind, project, "asking", settings)
        try:
            await _command(analysis, kind, project)
        except ServiceError as error:
            if not _in_doubt(error):
                await _write(ledger.note, kind, project, "none", settings)
                raise
            await analysis.pace.sleep(analysis.pace.first)
            if not await _was_started(analysis, kind, project):
                if attempt == TRIES:
                    raise
                continue
        await _write(ledger.note, kind, project, "started", settings)
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


def _in_doubt(error: ServiceError) -> bool:
    """Whether the command may have been carried out although no good answer came."""
    if isinstance(error, NotSent):
        return False
    return error.status is None or (error.status >= 500 and error.status != 503)


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
            await _write(analysis.ledger.forget_project, project)
            await _write(analysis.ledger.note, kind, project, "none", analysis.plan.settings(kind))
        raise


async def _wait(
    analysis: Analysis, kind: wire.Kind, project: str, report: Report
) -> tuple[bytes, Value]:
    """Poll until the analysis is completed; its bytes and its value."""
    client, pace = analysis.client, analysis.pace
    began, unanswered = pace.clock(), 0
    while True:
        try:
            raw = await client.result(kind, project)
        except ServiceError as error:
            unanswered += 1
            if unanswered >= pace.unanswered or not _passing(error):
                await _lost(analysis, kind, project, error)
            report(f"No answer from {_inside(client.name)}; asking again", None)
        else:
            unanswered = 0
            told, value = await analysis.parser.outcome(
                kind, raw, analysis.probe.duration, analysis.plan.service
            )
            if value is not None:
                return raw, value
            if told.state == "failed":
                raise await _failed(analysis, kind, project, told)
            report(_stage(analysis, told, pace.clock() - began), told.progress)
        await pace.sleep(pace.wait(pace.clock() - began))


def _passing(error: ServiceError) -> bool:
    """Whether a poll without an answer may have one the next time; a 404 may follow a start."""
    status = error.status
    lost = isinstance(error, Unreachable)
    return lost or status in (404, 429) or (status is not None and status >= 500)


async def _lost(analysis: Analysis, kind: wire.Kind, project: str, error: ServiceError) -> None:
    """Give up polling: raises `error`, after noting what a 404 means for the next try."""
    if error.status == 404:
        await _check_known(analysis, kind, project)
        await _write(analysis.ledger.note, kind, project, "none", analysis.plan.settings(kind))
    raise error


async def _failed(
    analysis: Analysis, kind: wire.Kind, project: str, told: wire.Result
) -> ServiceError:
    said = f" It says: “{plain(told.error)}”" if told.error else ""
    sentence = f"{analysis.client.name} could not finish {TITLES[kind]}.{said}"
    hint = "Everything received before is kept. Retry Job asks again"
    hint += "." if analysis.plan.service == "local" else ", which may be charged again."
    settings = analysis.plan.settings(kind)
    detail = told.model_dump_json(exclude_none=True)
    await _write(
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
    name = _inside(analysis.client.name)
    return f"Queued at {name}" if told.status == "queued" else f"Under way at {name}"


def _inside(name: str) -> str:
    """The service's name in the middle of a sentence."""
    return name[0].lower() + name[1:] if name.startswith("The ") else name
