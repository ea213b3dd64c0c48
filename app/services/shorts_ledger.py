"""What was ordered of moments and shorts for one video, and what became of each clip."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from weakref import WeakKeyDictionary

from app.core.errors import ServiceError
from app.core.moments import PlacedMoment
from app.services.ledger import Journal
from app.services.shorts_records import (
    MAKERS,
    UNDER_WAY,
    Clip,
    ClipState,
    FindPlan,
    Maker,
    RecordState,
    RenderRecord,
)
from app.services.wire_shorts import Service

__all__ = [
    "MAKERS",
    "UNDER_WAY",
    "Clip",
    "ClipState",
    "FindPlan",
    "Maker",
    "RecordState",
    "RenderRecord",
    "ShortsLedger",
    "all_renders",
    "new_record",
    "pending_finds",
    "pending_renders",
    "set_aside_find",
    "set_aside_render",
    "waiting_downloads",
]


@dataclass(eq=False)
class _Shared:
    """What all ledgers of one journal share while the program runs."""

    lock: threading.RLock = field(default_factory=threading.RLock)
    progress: dict[tuple[str, str], float | None] = field(default_factory=dict)
    busy: set[tuple[str, str]] = field(default_factory=set)


# Several stories of one project change its list of renders at once, each by a ledger of its own.
_SHARED: WeakKeyDictionary[Journal, _Shared] = WeakKeyDictionary()
_MAKING = threading.Lock()


def _shared(journal: Journal) -> _Shared:
    with _MAKING:
        return _SHARED.setdefault(journal, _Shared())


class ShortsLedger:
    """The journal of one maker of shorts. What changes it waits for the disk; any thread.

    moments: {"state": none|created|uploaded|asking|unknown|started|received|failed, "settings",
    "size", "changed", "upload" (its JSON text), "key", "job", "status_path", "asked_at",
    "sentence", "hint", "detail", "aside"}, what does not apply left out. "created" is written
    before an upload is asked for, "asking" before /analyze.
    """

    def __init__(self, journal: Journal, service: Maker) -> None:
        self._journal = journal
        self.service = service
        self._shared = _shared(journal)

    @property
    def moments(self) -> dict[str, Any]:
        """The entry of the analysis; empty where there is none."""
        entry = self._journal.get(f"{self.service}.moments") or {}
        return entry if entry.get("state") != "none" else {}

    def note_moments(self, state: str, **value: Any) -> None:
        """Write the analysis's entry anew."""
        self._journal.put(f"{self.service}.moments", {"state": state, **value})

    def moments_state(self, state: str, **changes: Any) -> None:
        """Change the state and what is named, keep the rest."""
        with self._shared.lock:
            self.note_moments(**{**self.moments, **changes, "state": state})

    def renders(self) -> tuple[RenderRecord, ...]:
        """Every order, oldest first."""
        kept = (self._journal.get(self._name) or {}).get("items", [])
        return tuple(self._with_progress(RenderRecord.of(item)) for item in kept)

    def record(self, record_id: str) -> RenderRecord:
        """One order; raises ServiceError where it is not listed."""
        for record in self.renders():
            if record.id == record_id:
                return record
        raise ServiceError("This render is no longer in the project, so nothing was done.")

    def add(self, record: RenderRecord) -> None:
        """List an order."""
        with self._shared.lock:
            self._put([*self.renders(), record])

    def change(
        self, record_id: str, changed: Callable[[RenderRecord], RenderRecord]
    ) -> RenderRecord:
        """Put `changed(record)` in its place; written only where something differs."""
        with self._shared.lock:
            new = old = self.record(record_id)
            new = changed(old)
            if new != old:
                self._put([new if r.id == record_id else r for r in self.renders()])
            return new

    def note(self, record_id: str, state: RecordState, **changes: Any) -> RenderRecord:
        """Change the order's state and what is named."""
        return self.change(record_id, lambda r: replace(r, state=state, **changes))

    def note_clip(self, record_id: str, key: str, **changes: Any) -> Clip:
        """Change one clip by what is named, such as state and error."""
        return self.change(
            record_id,
            lambda r: replace(
                r, clips=tuple(replace(c, **changes) if c.key == key else c for c in r.clips)
            ),
        ).clip(key)

    def set_progress(self, record_id: str, key: str, fraction: float | None) -> None:
        """How far a clip is, in memory alone."""
        self._shared.progress[record_id, key] = fraction

    def take(self, record_id: str, key: str) -> bool:
        """Whether nobody else downloads this clip now; let go by `let_go`."""
        with self._shared.lock:
            if (record_id, key) in self._shared.busy:
                return False
            self._shared.busy.add((record_id, key))
            return True

    def let_go(self, record_id: str, key: str) -> None:
        """The download has ended, one way or the other."""
        self._shared.busy.discard((record_id, key))
        self._shared.progress.pop((record_id, key), None)

    @property
    def _name(self) -> str:
        return "local.made" if self.service == "here" else f"{self.service}.renders"

    def _put(self, records: Sequence[RenderRecord]) -> None:
        items = [r.kept for r in records]
        self._journal.put(self._name, {"state": "", "version": 1, "items": items})

    def _with_progress(self, record: RenderRecord) -> RenderRecord:
        told = self._shared.progress
        if not any(told.get((record.id, c.key)) is not None for c in record.clips):
            return record
        clips = (replace(c, progress=told.get((record.id, c.key))) for c in record.clips)
        return replace(record, clips=tuple(clips))


def all_renders(journal: Journal) -> tuple[RenderRecord, ...]:
    """Every order of a project, newest first."""
    found = [r for maker in MAKERS for r in ShortsLedger(journal, maker).renders()]
    return tuple(sorted(found, key=lambda r: r.asked_at, reverse=True))


def pending_finds(journal: Journal) -> tuple[FindPlan, ...]:
    """Analyses a person said yes to that have not ended, to be gone on with by the same story.

    Left out are those that failed, that nobody knows the fate of, or that were set aside.
    """
    out: list[FindPlan] = []
    services: tuple[Service, ...] = ("znippet", "local")
    for service in services:
        entry = ShortsLedger(journal, service).moments
        under_way = entry.get("state") in ("created", "uploaded", "asking", "started")
        if under_way and not entry.get("aside"):
            out.append(FindPlan.of(service, entry["settings"]))
    return tuple(out)


def pending_renders(journal: Journal) -> tuple[RenderRecord, ...]:
    """Orders that have not ended and were not set aside, to be gone on with; newest first."""
    states = ("planned", "asking", "asked")
    return tuple(r for r in all_renders(journal) if r.state in states and not r.aside)


def waiting_downloads(journal: Journal) -> tuple[tuple[RenderRecord, Clip], ...]:
    """Clips that a service finished and that are not on this computer yet."""
    return tuple((r, c) for r in all_renders(journal) for c in r.clips if c.state == "ready")


def set_aside_find(journal: Journal, service: Service) -> None:
    """The person cancelled: not gone on with by itself, only when it is asked for again."""
    ledger = ShortsLedger(journal, service)
    entry = ledger.moments
    if entry:
        ledger.moments_state(entry["state"], aside=True)


def set_aside_render(journal: Journal, record: RenderRecord) -> None:
    """The person stopped waiting: not gone on with by itself, only when it is asked for again."""
    ShortsLedger(journal, record.service).change(record.id, lambda r: replace(r, aside=True))


def new_record(
    journal: Journal,
    service: Maker,
    moments: Sequence[PlacedMoment],
    settings: dict[str, Any],
    names: Sequence[str],
) -> RenderRecord:
    """Write an order down before anything of it is sent; waits for the disk.

    settings: of the analysis, as on the wire. names: file names, one a moment. Raises ServiceError
    where the service cannot render one of them, StoreError where it cannot be written.
    """
    clips: dict[str, Clip] = {}
    for moment, name in zip(moments, names, strict=True):
        clips.setdefault(
            moment.key, Clip(moment.key, moment.number, moment.title, moment.span, name=name)
        )
    if not clips:
        raise ServiceError("No moment is chosen, so nothing was sent.", "Choose one or more.")
    analyses = {key.rpartition("/")[0] for key in clips}
    ordered = list(clips.values())
    if service != "here":
        if len(analyses) > 1 or any(m.here_only for m in moments):
            raise ServiceError(
                "A service renders the moments of one analysis as it proposed them, so nothing "
                "was sent.",
                "Render own and changed moments on this computer.",
            )
        ordered.sort(key=lambda c: c.number or 0)
    record = RenderRecord(
        uuid.uuid4().hex,
        service,
        analyses.pop() if len(analyses) == 1 else "",
        "",
        dict(settings),
        datetime.now(UTC).isoformat(),
        "planned",
        tuple(ordered),
    )
    ShortsLedger(journal, service).add(record)
    return record
