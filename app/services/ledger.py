"""What was agreed with a service for one video: the plan, the journal, and how they are read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from app.services.wire import Kind, Service

KINDS: tuple[Kind, ...] = ("transcript", "vision", "retakes")


class Journal(Protocol):
    """What was promised to a service and what it said, kept across restarts, per project.

    `put` returns only when the value is on disk: paid commands are sent after it. Kinds are
    "nanoclip.project", "nanoclip.transcript", "local.vision" and so on; values hold JSON values,
    never an address or a key.
    """

    def get(self, kind: str) -> dict[str, Any] | None:
        """The last value put under `kind`, or None."""

    def put(self, kind: str, value: dict[str, Any]) -> None:
        """Keep `value` under `kind` in place of the last one."""


@dataclass(frozen=True)
class Plan:
    """What a person said yes to.

    language: base tag of the transcript; retake_language: of the retakes. captions: file name and
    text of captions found beside the video, given to the local service and to no other. cents: the
    price of each kind as it was shown, for the spend cap; empty where nothing is charged.
    copy_lines: of the smaller copy that is uploaded in place of the film, 0 for the film itself.
    """

    service: Service
    language: str = "en"
    retake_language: str = "he"
    transcript: bool = True
    diarize: bool = False
    vision: bool = True
    retakes: bool = True
    captions: tuple[str, str] | None = None
    cents: tuple[tuple[Kind, int], ...] = ()
    copy_lines: int = 0

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The analyses ticked."""
        ticked = {"transcript": self.transcript, "vision": self.vision, "retakes": self.retakes}
        return tuple(k for k in KINDS if ticked[k])

    def settings(self, kind: Kind) -> dict[str, Any]:
        """What cannot be changed on the same project once `kind` was started."""
        match kind:
            case "transcript":
                text = self.captions[1] if self.captions and self.service == "local" else ""
                digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
                return {
                    "language": self.language,
                    "diarize": self.diarize,
                    "captions": digest if text else "",
                }
            case "vision":
                return {}
            case "retakes":
                return {"language": self.retake_language}


class Ledger:
    """The journal of one service, entry by entry.

    project: {"id", "state": none|created|uploaded|ready, "size", …}. Each analysis: {"project",
    "state": none|asking|started|received|failed, "settings", …}; "asking" is written before a paid
    command is sent, "started" after its answer, "none" where it certainly was not accepted.
    plan: what was agreed to, by analysis, the captions, and the prices shown.
    """

    def __init__(self, journal: Journal, service: Service) -> None:
        self._journal = journal
        self._service = service

    @property
    def project(self) -> dict[str, Any]:
        """The present project's entry; empty where there is none."""
        entry = self._get("project")
        return entry if entry.get("state") != "none" else {}

    def note_project(self, **value: Any) -> None:
        """Write the project's entry anew."""
        self._put("project", value)

    def project_state(self, state: str) -> None:
        """Change the state alone."""
        self._put("project", {**self._get("project"), "state": state})

    def forget_project(self, project: str) -> None:
        """The service has it no more, or it is of no use: the next upload makes another."""
        if self.project.get("id") == project:
            self._put("project", {"state": "none"})

    def entry(self, kind: Kind) -> dict[str, Any]:
        """The analysis's last entry, on whatever project; empty where there is none."""
        return self._get(kind)

    def present(self, kind: Kind) -> dict[str, Any]:
        """The analysis's entry on the present project; empty where there is none."""
        entry = self._get(kind)
        mine = self.project.get("id")
        return entry if mine is not None and entry.get("project") == mine else {}

    def note(
        self, kind: Kind, project: str, state: str, settings: Mapping[str, Any], **more: Any
    ) -> None:
        """Write the analysis's entry anew."""
        value = {"project": project, "state": state, "settings": dict(settings)}
        self._put(kind, {**value, **more})

    def agree(self, plan: Plan) -> None:
        """Keep the plan; forget the project where the plan wants what that cannot give any more.

        The dialog has said so: another language or speaker setting means a new upload.
        """
        agreed = {k: v for k, v in self._agreed().items() if self._unfinished(k)}
        if self.needs_another_project(plan):
            self._put("project", {"state": "none"})
            # What had not begun there was agreed to at the price of that upload, not of this.
            agreed = {k: v for k, v in agreed.items() if self._under_way(k)}
        for kind in plan.kinds:
            if self._get(kind).get("aside"):
                self._put(kind, {**self._get(kind), "aside": False})
        before = self._get("plan")
        agreed.update({k: plan.settings(k) for k in plan.kinds})
        captions = list(plan.captions) if plan.captions else before.get("captions")
        cents = {**before.get("cents", {}), **dict(plan.cents)}
        noted = {"kinds": agreed, "captions": captions, "cents": cents, "copy": plan.copy_lines}
        self._put("plan", noted)

    def needs_another_project(self, plan: Plan) -> bool:
        """Whether the plan wants what the present project cannot give: a new upload, all paid anew.

        One run of an analysis is all that a project allows (contract A7).
        """
        return any(
            self.present(kind).get("state") in ("asking", "started", "received", "failed")
            and self.present(kind).get("settings") != plan.settings(kind)
            for kind in plan.kinds
        )

    def held(self, plan: Plan) -> tuple[Kind, ...]:
        """What the present project has, or works on, just as the plan wants it: free to fetch."""
        if self.needs_another_project(plan):
            return ()
        return tuple(
            k for k in plan.kinds if self.present(k).get("state") in ("started", "received")
        )

    def pending(self) -> Plan | None:
        """What a person said yes to and what has not ended: to be gone on with after a restart.

        Left out are analyses that failed, that were refused, or that were set aside.
        """
        agreed = self._agreed()
        kinds = {k for k in agreed if self._unfinished(k)}
        if not kinds:
            return None
        noted = self._get("plan")
        captions = noted.get("captions")
        cents = noted.get("cents", {})
        spoken, retaken = agreed.get("transcript", {}), agreed.get("retakes", {})
        return Plan(
            self._service,
            spoken.get("language", "en"),
            retaken.get("language", "he"),
            "transcript" in kinds,
            spoken.get("diarize", False),
            "vision" in kinds,
            "retakes" in kinds,
            (captions[0], captions[1]) if captions and spoken.get("captions") else None,
            tuple((k, cents[k]) for k in KINDS if k in kinds and k in cents),
            noted.get("copy", 0),
        )

    def set_aside(self, kind: Kind) -> None:
        """The person cancelled: not gone on with by itself, only when it is asked for again."""
        self._put(kind, {**self._get(kind), "aside": True})

    def _agreed(self) -> dict[Kind, dict[str, Any]]:
        kinds = self._get("plan").get("kinds", {})
        return {k: kinds[k] for k in KINDS if k in kinds}

    def _under_way(self, kind: Kind) -> bool:
        return self._get(kind).get("state") in ("asking", "started")

    def _unfinished(self, kind: Kind) -> bool:
        """What ended has ended on whatever project: only a person's yes begins it once more."""
        entry = self._get(kind)
        if entry.get("aside"):
            return False
        ended = entry.get("state") in ("received", "failed", "none")
        return not (ended and entry.get("settings") == self._agreed().get(kind))

    def _get(self, kind: str) -> dict[str, Any]:
        return self._journal.get(f"{self._service}.{kind}") or {}

    def _put(self, kind: str, value: dict[str, Any]) -> None:
        self._journal.put(f"{self._service}.{kind}", value)
