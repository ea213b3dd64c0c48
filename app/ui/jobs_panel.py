"""The Jobs panel: what is under way, how far, and what stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from app.ui.card_painter import Bar, Card, CardButton, Line, Role
from app.ui.cards import CardList
from app.ui.parts import Empty, Panel

State = Literal["queued", "running", "done", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job as it is shown.

    stage: what is being done, or what came of it. fraction: 0 to 1, None where unknown. error,
    hint: sentences; detail: the raw answer. can_retry: whether Try Again makes sense.
    """

    id: str
    name: str
    state: State
    stage: str = ""
    fraction: float | None = None
    error: str = ""
    hint: str = ""
    detail: str = ""
    can_retry: bool = True


_STATES: dict[State, tuple[str, Role]] = {
    "queued": ("waiting", "secondary"),
    "running": ("running", "accent"),
    "done": ("done", "keep"),
    "failed": ("stopped", "cut"),
    "cancelled": ("cancelled", "secondary"),
}


def card_of(job: JobRow) -> Card:
    """What the panel shows of a job."""
    state, role = _STATES[job.state]
    if job.state == "running" and job.stage:
        state = job.stage
    lines = [Line(job.name, "heading", state, role)]
    if job.state == "failed" and (job.error or job.hint):
        lines.append(Line(f"{job.error} {job.hint}".strip(), "secondary", most=8))
    elif job.state in ("done", "cancelled", "queued") and job.stage:
        lines.append(Line(job.stage, "hint", most=2))
    percent = "" if job.fraction is None else f"{round(100 * job.fraction)} %"
    told = [job.name, state, *(line.text for line in lines[1:])]
    if job.state == "running" and percent:
        told.append(percent)
    return Card(
        job.id,
        tuple(lines),
        ", ".join(told),
        "failed" if job.state == "failed" else "plain",
        _buttons(job),
        _bar(job, percent),
    )


def _bar(job: JobRow, percent: str) -> Bar | None:
    match job.state:
        case "running":
            return Bar(job.fraction or 0.0, text=percent)
        case "queued":
            return Bar(0.0)
        case "done":
            return Bar(1.0, colour="keep")
        case _:
            return None


def _buttons(job: JobRow) -> tuple[CardButton, ...]:
    if job.state in ("queued", "running"):
        return (CardButton("cancel", "Cancel"),)
    out: list[CardButton] = []
    if job.state in ("failed", "cancelled") and job.can_retry:
        out.append(CardButton("retry", "Try again"))
    if job.state == "failed" and job.detail:
        out.append(CardButton("details", "What the service said"))
    return tuple(out)


class JobsPanel(Panel):
    """Jobs.

    Signals:
        cancel(str), retry(str): a job's id.
        details_wanted(str, str): a job's name and the raw text behind its error.
        selected(str): the person chose a job; Cancel Job and Retry Job act on it.
        analyse_wanted: from the empty panel.
    """

    cancel = Signal(str)
    retry = Signal(str)
    details_wanted = Signal(str, str)
    selected = Signal(str)
    analyse_wanted = Signal()

    def __init__(self) -> None:
        super().__init__("Jobs")
        self._rows: dict[str, JobRow] = {}
        self.list = CardList("Job list")
        self.list.pressed.connect(self._press)
        self.list.chosen.connect(self.selected)
        self.empty = Empty(
            "Nothing under way",
            "Uploads, analyses and exports appear here with how far they are. Each can be "
            "cancelled and tried again, and goes on after Keeptake was closed.",
            ("Analyse…", self.analyse_wanted.emit),
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.list)
        self.column.addSpacing(6)
        self.column.addWidget(self.stack, 1)

    def show_jobs(self, rows: Sequence[JobRow]) -> None:
        """All jobs, in the order they are to stand in."""
        self._rows = {row.id: row for row in rows}
        self.list.show_cards([card_of(row) for row in rows])
        self.stack.setCurrentIndex(1 if rows else 0)

    @property
    def current(self) -> str | None:
        """Id of the chosen job, or None."""
        chosen = self.list.selected
        return chosen[0] if chosen else None

    def _press(self, job: str, which: str) -> None:
        match which:
            case "cancel":
                self.cancel.emit(job)
            case "retry":
                self.retry.emit(job)
            case _:
                self.details_wanted.emit(self._rows[job].name, self._rows[job].detail)
