"""Orders of shorts as rows of the list, and as a word in a moment's own row; no Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.moments import Framing
from app.core.timerange import TimeRange
from app.ui.moment_rows import RenderRow, StateRole

if TYPE_CHECKING:
    from app.services.shorts_ledger import Clip, Maker, RenderRecord

MAKERS: Mapping[Maker, str] = {
    "znippet": "By Znippet",
    "local": "By the local service",
    "here": "On this computer",
}
FRAMINGS: Mapping[Framing, str] = {
    "subject": "along a face",
    "grid": "as a grid",
    "static": "the middle",
}


AGAIN = frozenset(
    {"failed", "missing from the answer", "unknown whether it was taken", "refused", "set aside"}
)
"""States from which a clip is not gone on with by itself, and can be tried again."""


def render_rows(
    records: Sequence[RenderRecord], gone: frozenset[str] = frozenset()
) -> tuple[RenderRow, ...]:
    """Every clip of every order, newest order first, as the records come."""
    out: list[RenderRow] = []
    for record in records:
        said = when_text(record.asked_at), settings_text(record)
        out.extend(_row(record, clip, gone, said) for clip in record.clips)
    return tuple(out)


def moment_state(clips: Sequence[tuple[RenderRecord, Clip]]) -> str:
    """What a moment's row says of its shorts: the newest one's state, "" without any."""
    return _state(*clips[0])[0] if clips else ""


def settings_text(record: RenderRecord) -> str:
    """Who renders and how, as people read it."""
    said = record.settings
    parts = [MAKERS[record.service]]
    framing = said.get("framing" if record.service == "here" else "framingMode", "")
    parts.append(FRAMINGS.get(framing, str(framing)))
    captions = said.get("captions" if record.service == "here" else "captionBurnIn", False)
    parts.append("captions" if captions else "no captions")
    if record.service == "here":
        parts.append("removed left out" if said.get("cuts") else "nothing left out")
    return " · ".join(p for p in parts if p)


def when_text(asked_at: str, now: datetime | None = None) -> str:
    """ "14:02" today, "21 Nov 14:02" before, as the clock on the wall says."""
    try:
        at = datetime.fromisoformat(asked_at).astimezone()
    except ValueError:
        return asked_at
    today = (now or datetime.now().astimezone()).date()
    return f"{at:%H:%M}" if at.date() == today else f"{at.day} {at:%b} {at:%H:%M}"


def _row(
    record: RenderRecord, clip: Clip, gone: frozenset[str], said: tuple[str, str]
) -> RenderRow:
    state, role = _state(record, clip)
    missing = clip.state == "downloaded" and clip.path in gone
    there = clip.state == "downloaded" and bool(clip.path) and not missing
    under_way = clip.state in ("queued", "running") and record.state in (
        "planned",
        "asking",
        "asked",
    )
    sentence = clip.error or ("" if clip.state in ("downloaded", "ready") else _told(record))
    if missing:
        state, role = "moved or deleted", "cut"
        sentence = f"“{Path(clip.path).name}” is no longer in “{Path(clip.path).parent}”."
    return RenderRow(
        record.id,
        clip.key,
        clip.title,
        *said,
        state,
        role,
        clip.path,
        can_retry=state in AGAIN,
        can_download=clip.state == "ready",
        can_play=there,
        fraction=clip.progress if under_way or clip.state == "ready" else None,
        sentence=sentence,
        gone=missing,
    )


def _told(record: RenderRecord) -> str:
    return f"{record.sentence} {record.hint}".strip()


def _state(record: RenderRecord, clip: Clip) -> tuple[str, StateRole]:
    match clip.state:
        case "downloaded":
            return "downloaded", "keep"
        case "ready":
            return _with("downloading", clip.progress, "ready to download"), "accent"
        case "failed":
            return "failed", "cut"
        case "missing":
            return "missing from the answer", "cut"
        case "gone":
            return "gone at the service", "cut"
        case "queued" | "running":
            return _under_way(record, clip)


def _under_way(record: RenderRecord, clip: Clip) -> tuple[str, StateRole]:
    match record.state:
        case "unknown":
            return "unknown whether it was taken", "proposal"
        case "refused":
            return "refused", "cut"
        case "failed" | "ended":
            return "failed", "cut"
        case _ if record.aside:
            return "set aside", "secondary"
        case _ if clip.state == "running":
            return _with("rendering", clip.progress, "rendering"), "accent"
        case _:
            return "waiting", "accent"


def _with(word: str, fraction: float | None, otherwise: str) -> str:
    return otherwise if fraction is None else f"{word} {fraction:.0%}".replace("%", " %")


def already(clips: Sequence[tuple[RenderRecord, Clip]], span: TimeRange) -> str:
    """What Render Selected… says of a moment that was ordered before with these edges, or ""."""
    for record, clip in clips:
        state = _state(record, clip)[0]
        if clip.span == span and state not in ("failed", "missing from the answer", "refused"):
            maker, when = MAKERS[record.service], when_text(record.asked_at)
            return f"{maker[0].lower()}{maker[1:]} {when}, {state}"
    return ""
