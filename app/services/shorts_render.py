"""The story of rendering picked moments: order once, wait, and each clip's state as it changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import get_args

from app.core.errors import ServiceError
from app.services.http import NotSent
from app.services.jobs import Report
from app.services.polling import patiently
from app.services.redact import says
from app.services.shorts_ledger import UNDER_WAY, Clip, ClipState, RecordState, RenderRecord
from app.services.shorts_polling import Shorts, doubt, inside, poll, stage, write
from app.services.wire_shorts import RenderAccepted, RenderAnswer, RenderItem
from app.services.znippet_refusals import in_doubt

__all__ = ["render", "stop_rendering"]

GRACE = 5
"""Polls for which a clip may still be under way once its order is said to have ended."""

CANCELLED = "Cancelled before it was finished."

_HERE: frozenset[ClipState] = frozenset({"downloaded", "gone"})
_MADE: frozenset[ClipState] = _HERE | {"ready"}
assert set(get_args(ClipState)) >= _MADE | UNDER_WAY


async def render(
    shorts: Shorts,
    record_id: str,
    report: Report,
    changed: Callable[[], None],
    ready: Callable[[Clip], None],
    *,
    again: bool = False,
) -> None:
    """Order the clips of a record unless they are ordered, and wait until each has ended.

    changed(): the record moved on. ready(clip): it can be downloaded now; told once, not after a
    restart (`waiting_downloads` knows). again: a person has just said yes to (perhaps) paying once
    more; without it a failure is told again. Raises ServiceError where no clip was rendered.
    """
    ledger = shorts.ledger
    record = ledger.record(record_id)
    if record.aside:
        await write(ledger.note, record_id, record.state, aside=False)
    match record.state:
        case "asked" | "ended":
            pass
        case "planned":
            await _order(shorts, record, report, changed)
        case "asking" if not shorts.paid:
            # The local service knows the order by its id and carries it out once.
            await _order(shorts, record, report, changed)
        case "asking" | "unknown" if not again:
            error = doubt(shorts)
            await write(ledger.note, record_id, "unknown", sentence=error.sentence, hint=error.hint)
            changed()
            raise error
        case "refused" | "failed" if not again:
            raise ServiceError(record.sentence, record.hint)
        case _:
            when = datetime.now(UTC).isoformat()
            record = await write(ledger.note, record_id, record.state, asked_at=when)
            await _order(shorts, record, report, changed)
    await _wait(shorts, record_id, report, changed, ready)


async def stop_rendering(shorts: Shorts, record_id: str) -> None:
    """The person cancelled at the local service: end its work; finished clips stay."""
    record = shorts.ledger.record(record_id)
    if record.job and record.state == "asked":
        try:
            await shorts.client.cancel_render(record.job)
        except ServiceError as error:
            if error.status != 404:
                raise
    if record.state in ("planned", "asking", "asked"):
        await write(shorts.ledger.change, record_id, _cancelled)


def _cancelled(record: RenderRecord) -> RenderRecord:
    clips = tuple(
        replace(c, state="failed", error=CANCELLED) if c.state in UNDER_WAY else c
        for c in record.clips
    )
    made = any(c.state in _MADE for c in clips)
    return replace(
        record, clips=clips, state="ended" if made else "failed", sentence=CANCELLED, hint=""
    )


async def _order(
    shorts: Shorts, record: RenderRecord, report: Report, changed: Callable[[], None]
) -> None:
    """Send the paid command once; written before and after."""
    ledger, client = shorts.ledger, shorts.client
    wanted = tuple(
        c if c.state in _MADE else replace(c, state="queued", error="") for c in record.clips
    )
    numbers = sorted({c.number for c in wanted if c.number and c.state not in _MADE})
    if not numbers:
        raise ServiceError("No moment is chosen, so nothing was sent.", "Choose one or more.")
    record = await write(ledger.note, record.id, "asking", clips=wanted, sentence="", hint="")
    changed()
    report(f"Asking {inside(shorts)} for {_shorts(len(numbers))}", None)
    # A second order of one record, once a person has said yes to it, is another one.
    order = f"{record.id}@{record.asked_at}"

    async def ask() -> RenderAccepted:
        await write(ledger.note, record.id, "asking", sentence="", hint="")
        try:
            return await client.render(
                record.analysis, numbers, order=order, told=lambda text: report(text, None)
            )
        except NotSent as error:
            # Without a connection this may take hours: a restart must not find it in doubt.
            await _not_asked(shorts, record, error)
            raise

    try:
        told = await patiently(ask, shorts.pace, report, inside(shorts))
    except ServiceError as error:
        await _not_asked(shorts, record, error)
        changed()
        raise (doubt(shorts, str(error)) if shorts.paid and in_doubt(error) else error) from error
    path = client.followed(told.status_url)

    def asked(r: RenderRecord) -> RenderRecord:
        clips = tuple(_clip(c, told, over=False, first=True) for c in r.clips)
        return replace(r, state="asked", job=told.job_id, status_path=path, clips=clips)

    # `ready` is told by the first poll, so that each clip is told of in one place.
    await write(ledger.change, record.id, lambda r: _not_ready(asked(r), r))
    changed()


def _not_ready(new: RenderRecord, old: RenderRecord) -> RenderRecord:
    clips = (b if a.state == "ready" else a for a, b in zip(new.clips, old.clips, strict=True))
    return replace(new, clips=tuple(clips))


async def _not_asked(shorts: Shorts, record: RenderRecord, error: ServiceError) -> None:
    if not in_doubt(error):
        told = {"sentence": error.sentence, "hint": error.hint}
        # What was never sent is gone on with; what was refused is not sent unchanged by itself.
        state: RecordState = "planned" if error.status is None else "refused"
        await write(shorts.ledger.note, record.id, state, **told)
    elif shorts.paid:
        known = doubt(shorts)
        told = {"sentence": known.sentence, "hint": known.hint}
        await write(shorts.ledger.note, record.id, "unknown", **told)


async def _wait(
    shorts: Shorts,
    record_id: str,
    report: Report,
    changed: Callable[[], None],
    ready: Callable[[Clip], None],
) -> None:
    """Poll until every clip has ended; what each is goes to the ledger as it changes."""
    ledger = shorts.ledger
    record = ledger.record(record_id)
    late = 0

    async def ended(answer: RenderAnswer, elapsed: float) -> bool:
        nonlocal late
        over = answer.state != "pending"
        late += over and _some_under_way(record, answer)
        over = over and (late > GRACE or not _some_under_way(record, answer))
        before = {c.key: c for c in ledger.record(record_id).clips}
        new = await write(ledger.change, record_id, lambda r: _moved_on(r, answer, over=over))
        for clip in new.clips:
            item = answer.item(clip.number or 0)
            going = item is not None and clip.state in UNDER_WAY
            ledger.set_progress(record_id, clip.key, item.progress if item and going else None)
        changed()
        for clip in new.clips:
            if clip.state == "ready" != before[clip.key].state:
                ready(clip)
        made = sum(c.state in _MADE for c in new.clips)
        report(f"{stage(shorts, answer, elapsed)}, {made} of {len(new.clips)} ready", _done(new))
        return over or _all_ended(new)

    async def ask() -> RenderAnswer:
        return await shorts.client.renders(record.job, record.status_path)

    try:
        answer = await poll(shorts, ask, ended, report)
    except ServiceError as error:
        if error.status in (404, 410):
            await write(ledger.change, record_id, partial(_lost, error))
            changed()
        raise
    record = await write(ledger.change, record_id, lambda r: _ended(shorts, r, answer))
    changed()
    if record.state == "failed":
        raise ServiceError(record.sentence, record.hint)


def _some_under_way(record: RenderRecord, answer: RenderAnswer) -> bool:
    items = [answer.item(c.number or 0) for c in record.clips]
    return any(i is not None and i.state in UNDER_WAY for i in items)


def _moved_on(record: RenderRecord, answer: RenderAnswer, *, over: bool) -> RenderRecord:
    clips = tuple(_clip(c, answer, over=over, first=False) for c in record.clips)
    return replace(record, clips=clips)


def _clip(clip: Clip, answer: RenderAnswer, *, over: bool, first: bool) -> Clip:
    """The clip as an answer says it is. first: the answer of the order; over: nothing follows."""
    if clip.state in _HERE:
        return clip
    item = answer.item(clip.number or 0)
    if item is None:
        # Left out of a list is not accepted; no list at all says nothing yet (contract 4, 44).
        if clip.state == "ready" or not (over or (first and answer.renders)):
            return clip
        why = answer.said or "The service's answer leaves this moment out."
        return replace(clip, state="missing", error=why)
    if item.state == "failed" or (over and item.state != "ready"):
        return replace(clip, state="failed", error=_reason(item, answer))
    return replace(clip, state=item.state, error="")


def _reason(item: RenderItem, answer: RenderAnswer) -> str:
    if item.state != "failed" and not answer.said:
        return "The service ended the order and left this one unfinished."
    return item.said or answer.said or "The service does not say why."


def _all_ended(record: RenderRecord) -> bool:
    """One that is missing may still be listed as long as nothing else has ended."""
    states = {c.state for c in record.clips}
    return not states & UNDER_WAY and states != {"missing"}


def _done(record: RenderRecord) -> float:
    return sum(c.state not in UNDER_WAY for c in record.clips) / max(1, len(record.clips))


def _ended(shorts: Shorts, record: RenderRecord, answer: RenderAnswer) -> RenderRecord:
    """The record with its end, and what did not come of it in a sentence."""
    made = sum(c.state in _MADE for c in record.clips)
    left = [c for c in record.clips if c.state in ("failed", "missing")]
    if not left:
        return replace(record, state="ended", sentence="", hint="")
    why = "; ".join(f"moment {c.number}: {c.error}" for c in left[:5])
    more = f"; and {len(left) - 5} more" if len(left) > 5 else ""
    name = shorts.client.name
    sentence = f"{name} rendered {made} of {_shorts(len(record.clips))} ({why}{more})."
    if answer.said and answer.said not in sentence:
        sentence += says(answer.said)
    hint = "Those can be rendered again" + (", which may be charged." if shorts.paid else ".")
    return replace(record, state="ended" if made else "failed", sentence=sentence, hint=hint)


def _lost(error: ServiceError, record: RenderRecord) -> RenderRecord:
    """The service has the order no more; what is not here will not come."""
    clips = tuple(
        c if c.state in _HERE else replace(c, state="failed", error=error.sentence)
        for c in record.clips
    )
    made = any(c.state in _HERE for c in clips)
    return replace(
        record,
        clips=clips,
        state="ended" if made else "failed",
        sentence=error.sentence,
        hint=error.hint,
    )


def _shorts(count: int) -> str:
    return "1 short" if count == 1 else f"{count} shorts"
