"""The Render Selected dialog: what each short will be, who makes it, what it will be called."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QGroupBox,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.core.moments import Framing
from app.services.shorts_settings import ASKED
from app.ui import theme
from app.ui.check_list import CheckList, CheckRow
from app.ui.form_parts import check, combo, named, radio, roomy, scrolled
from app.ui.parts import ElidedLabel, button, hairline, label, set_look
from app.ui.text import counted, in_sentence

PATTERN_HELP = (
    "{video} is the film's name, {number} and {title} are the moment's, {channel} is what the "
    "list is sorted for, {date} is today."
)
ITS_OWN = "the service renders only its own spans"


@dataclass(frozen=True)
class RenderItem:
    """A moment to render, as text.

    span, length: "0:06.5 – 0:17.6", "11.1 s". warnings: phrases, that of removed words aside.
    service_possible: False for own and changed moments. removed_text: how much the project removes
    inside it, "1.2 s", or "". already: how it was ordered before, "by Znippet 14:02, downloaded";
    such a moment is not ticked at first.
    """

    key: str
    title: str
    span: str
    length: str
    warnings: tuple[str, ...] = ()
    service_possible: bool = True
    removed_text: str = ""
    already: str = ""


@dataclass(frozen=True)
class RenderChoice:
    """What to render and how. keys: what is ticked, in the list's order.

    Moments that are not `service_possible` are rendered here whatever `by` says; framing,
    captions and cuts (leave out what is removed) are for those rendered here.
    """

    keys: tuple[str, ...]
    by: Literal["service", "here"] = "service"
    framing: Framing = "subject"
    captions: bool = True
    cuts: bool = True
    pattern: str = "{video} {number} {title}"


@dataclass(frozen=True)
class RenderService:
    """Whose analysis the moments are of. host: "" for the local service.

    settings: those of the analysis as people read them: "follow the subject, captions burned in".
    """

    label: str
    host: str
    settings: str


@dataclass(frozen=True)
class Naming:
    """name(pattern, key): a moment's file name. problem(pattern): why it cannot be used, or ""."""

    name: Callable[[str, str], str]
    problem: Callable[[str], str]


class RenderDialog(QDialog):
    """Asks what to render, by whom and under which names. After `accepted`, `choice` is the answer.

    service: None where there is no service's analysis. The folder is shown by `set_folder`.

    Signals:
        folder_wanted: the person wants to choose the folder; answer by `set_folder`.
    """

    folder_wanted = Signal()

    def __init__(
        self,
        parent: QWidget | None,
        items: Sequence[RenderItem],
        service: RenderService | None,
        naming: Naming,
        *,
        start: RenderChoice,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Render Selected")
        self.setAccessibleName("Render Selected")
        self._items = {i.key: i for i in items}
        self._service = service
        self._naming = naming
        self.moments = CheckList("Moments to render")
        self._build_makers(start)
        self._build_names(start)
        self._arrange()
        wanted = frozenset(k for k in start.keys if k in self._items)
        fresh = frozenset(k for k in wanted if not self._items[k].already)
        self.moments.show_rows([CheckRow(key, "") for key in self._items], fresh)
        self._watch()
        self._refresh()
        self.moments.setFocus()
        roomy(self, 920, 660)

    def _build_makers(self, start: RenderChoice) -> None:
        self.makers = QGroupBox("Rendered by")
        self.makers.setAccessibleName("Rendered by")
        self.by_service = radio("By the service")
        self.by_here = radio("On this computer")
        inside = QVBoxLayout(self.makers)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(2)
        inside.addWidget(self.by_service)
        inside.addWidget(self.by_here)
        possible = any(i.service_possible for i in self._items.values())
        self.by_service.setEnabled(possible and self._service is not None)
        there = self.by_service.isEnabled() and start.by == "service"
        (self.by_service if there else self.by_here).setChecked(True)
        self.words = label("", "secondary", wrap=True)
        self.framing = combo("Framing", ASKED[0].choices)
        self.framing.setCurrentIndex(max(0, self.framing.findData(start.framing)))
        self.captions = check("Burn in captions")
        self.captions.setChecked(start.captions)
        self.cuts = check("Leave out what is removed")
        self.cuts.setChecked(start.cuts)

    def _build_names(self, start: RenderChoice) -> None:
        self.pattern = QLineEdit(start.pattern)
        self.pattern.setAccessibleName("File names")
        self.example = label("", "secondary", wrap=True)
        self.folder = ElidedLabel("", "secondary")
        self.change_folder = button("Change Folder…", tip="Choose where the shorts are put")
        self.change_folder.clicked.connect(self.folder_wanted)
        self.cancel = button("Cancel")
        self.cancel.clicked.connect(self.reject)
        self.render_ = button("Render", "primary")
        self.render_.setDefault(True)
        self.render_.clicked.connect(self.accept)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(10)
        title = label("Render selected moments", "heading")
        title.setFont(theme.ui(15, bold=True))
        column.addWidget(title)
        sides = QHBoxLayout()
        sides.setSpacing(16)
        sides.addWidget(self.moments, 1)
        options = scrolled(self._options())
        options.setFixedWidth(320)
        sides.addWidget(options)
        column.addLayout(sides, 1)
        column.addWidget(hairline())
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.folder, 1)
        row.addWidget(self.change_folder)
        row.addSpacing(16)
        row.addWidget(self.cancel)
        row.addWidget(self.render_)
        column.addLayout(row)

    def _options(self) -> QWidget:
        out = QWidget()
        column = QVBoxLayout(out)
        column.setContentsMargins(0, 0, 10, 0)
        column.setSpacing(6)
        column.addWidget(self.makers)
        column.addWidget(self.words)
        column.addWidget(hairline())
        column.addWidget(named("Framing", self.framing))
        column.addWidget(self.framing)
        column.addWidget(self.captions)
        column.addWidget(self.cuts)
        column.addWidget(hairline())
        column.addWidget(named("File names", self.pattern))
        column.addWidget(self.pattern)
        column.addWidget(self.example)
        column.addWidget(label(PATTERN_HELP, "hint", wrap=True))
        column.addStretch(1)
        return out

    def _watch(self) -> None:
        self.moments.ticked_changed.connect(self._refresh)
        self.by_service.toggled.connect(self._refresh)
        self.framing.currentIndexChanged.connect(self._refresh)
        self.captions.toggled.connect(self._refresh)
        self.cuts.toggled.connect(self._refresh)
        self.pattern.textChanged.connect(self._refresh)

    @property
    def choice(self) -> RenderChoice:
        """What the dialog says now."""
        return RenderChoice(
            self.moments.ticked,
            "service" if self.by_service.isChecked() else "here",
            self.framing.currentData(),
            self.captions.isChecked(),
            self.cuts.isChecked(),
            self.pattern.text().strip(),
        )

    def set_folder(self, path: str) -> None:
        """Where the shorts will be put."""
        self.folder.setText(f"Into {path}")
        self.folder.setToolTip(f"<qt>{escape(path)}</qt>")
        self.change_folder.setAccessibleDescription(f"Into {path}")

    def _refresh(self) -> None:
        choice = self.choice
        problem = self._naming.problem(choice.pattern)
        ticked = [self._items[k] for k in choice.keys]
        here = [i for i in ticked if choice.by == "here" or not i.service_possible]
        for field in (self.framing, self.captions, self.cuts):
            field.setEnabled(bool(here) or choice.by == "here")
        self.words.setText(self._said(len(here)))
        self.makers.setAccessibleDescription(self.words.text())
        rows = [self._row(item, choice, problem) for item in self._items.values()]
        self.moments.show_rows(rows, frozenset(choice.keys))
        first = next(iter(choice.keys or tuple(self._items)), "")
        name = "" if problem or not first else f"Such as {self._naming.name(choice.pattern, first)}"
        self.example.setText(problem or name)
        self.pattern.setAccessibleDescription(f"{problem or name} {PATTERN_HELP}")
        set_look(self.example, "role", "cut" if problem else "secondary")
        self.render_.setText(f"Render {len(ticked)}" if ticked else "Render")
        self.render_.setAccessibleName("Render")
        self.render_.setEnabled(bool(ticked) and not problem)

    def _said(self, here: int) -> str:
        service = self._service
        if self.by_here.isChecked() or service is None:
            reason = ""
            if service is not None and not self.by_service.isEnabled():
                reason = f"Own and changed moments are rendered here: {ITS_OWN}. "
            return (
                f"{reason}Made from the file on this computer, 1080 × 1920, with the settings "
                "below. Nothing leaves this computer, and it costs nothing but time."
            )
        parts = [
            f"{service.label} renders with the settings of the analysis: {service.settings}.",
            "It renders the upload as it is: what was removed since is still in it.",
        ]
        if here:
            they = counted(here, "moment is", "moments are")
            parts.append(f"{they} rendered on this computer with the settings below: {ITS_OWN}.")
        if service.host:
            parts.append(
                "Znippet publishes no prices: what this costs stands in your Znippet account. "
                "Nothing is asked for before Render."
            )
        else:
            parts.append("Nothing leaves this computer, and it costs nothing but time.")
        return "\n".join(parts)

    def _row(self, item: RenderItem, choice: RenderChoice, problem: str) -> CheckRow:
        here = choice.by == "here" or not item.service_possible
        title = " ".join(item.title.split()) or item.span
        where = "on this computer"
        if self._service and not here:
            where = f"by {in_sentence(self._service.label)}"
        if choice.by == "service" and not item.service_possible:
            where = f"{where}: {ITS_OWN}"
        lines = [(f"{item.span} · {where}", "text2")]
        if not problem:
            lines.append((self._naming.name(choice.pattern, item.key), "text2"))
        lines += [(f"⚠ {warning}", "proposal") for warning in item.warnings]
        if item.removed_text and here and choice.cuts:
            lines.append((f"{item.removed_text} of it is removed and left out", "text2"))
        elif item.removed_text:
            lines.append((f"⚠ {item.removed_text} of removed words stay in it", "proposal"))
        if item.already:
            lines.append((f"Ordered before {item.already}", "accent"))
        return CheckRow(item.key, title, item.length, tuple(lines))
