"""The Find Moments dialog: who looks, and the seven settings, each explained beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFontMetrics, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.services.shorts_ledger import FindPlan
from app.services.shorts_settings import ASKED, Asked, asked_of
from app.ui import theme
from app.ui.analyse_dialog import Subject
from app.ui.form_parts import check, combo, roomy, scrolled
from app.ui.parts import ElidedLabel, button, hairline, label

PRICES = (
    "Znippet publishes no prices: what this costs stands in your Znippet account. "
    "Nothing is sent before Start."
)
FIXED = "Framing and captions are fixed here: changing them later means a new analysis."


@dataclass(frozen=True)
class ShortsService:
    """Who can look for moments. host: where the video goes; "" where it stays here."""

    id: Literal["znippet", "local"]
    label: str
    host: str = ""


class FindMomentsDialog(QDialog):
    """Asks how moments are to be looked for. After `accepted`, `plan` is the answer.

    start: what is set at first. notes: further sentences said below, whoever is chosen.
    """

    def __init__(
        self,
        parent: QWidget | None,
        subject: Subject,
        services: Sequence[ShortsService],
        start: FindPlan,
        *,
        notes: Sequence[str] = (),
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Find Moments")
        self.setAccessibleName("Find Moments")
        self._subject = subject
        self._services = {s.id: s for s in services}
        self._notes = tuple(notes)
        self._help: dict[QWidget, QLabel] = {}
        self._issue: dict[QWidget, QLabel] = {}
        self._build_choices(services)
        self._build_fields()
        self._build_words()
        self._arrange()
        self._preset(start)
        self._watch()
        self._refresh()
        roomy(self, 700, 720)

    def _build_choices(self, services: Sequence[ShortsService]) -> None:
        self.service = combo("Service", [(s.id, s.label) for s in services])
        self.framing = combo("Framing", _asked("framing").choices)
        self.analysis = combo("Analysis", _asked("analysis").choices)
        self.length = combo("Highlight length", _asked("length").choices)
        self.volume = combo("Clip volume", _asked("volume").choices)

    def _build_fields(self) -> None:
        self.captions = check("Burn in captions")
        self.preset = QLineEdit()
        self.preset.setAccessibleName("Caption preset")
        self.preset.setMaxLength(200)
        self.description = QPlainTextEdit()
        self.description.setAccessibleName("Description")
        self.description.setTabChangesFocus(True)
        line = QFontMetrics(theme.ui()).lineSpacing()
        self.description.setFixedHeight(3 * line + 12)
        self._by_key: dict[str, QWidget] = {
            "framing": self.framing,
            "analysis": self.analysis,
            "length": self.length,
            "volume": self.volume,
            "captions": self.captions,
            "preset": self.preset,
            "description": self.description,
        }

    def _build_words(self) -> None:
        self.words = QPlainTextEdit()
        self.words.setAccessibleName("What happens")
        self.words.setReadOnly(True)
        self.words.setFrameShape(QFrame.Shape.NoFrame)
        self.words.viewport().setAutoFillBackground(False)
        self.words.setTabChangesFocus(True)
        line = QFontMetrics(theme.ui()).lineSpacing()
        self.words.setMinimumHeight(3 * line + 12)
        self.words.setMaximumHeight(6 * line + 12)
        self.general = label("", "cut", wrap=True)
        self.here = button("Use this computer instead")
        self.here.clicked.connect(
            lambda: self.service.setCurrentIndex(max(0, self.service.findData("local")))
        )
        self.cancel = button("Cancel")
        self.cancel.clicked.connect(self.reject)
        self.start = button("Start", "primary")
        self.start.setDefault(True)
        self.start.clicked.connect(self.accept)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(10)
        title = ElidedLabel(f"Find moments in {self._subject.name}", "heading")
        title.setFont(theme.ui(15, bold=True))
        column.addWidget(title)
        self._area = scrolled(self._form())
        self._area.setMinimumHeight(140)
        column.addWidget(self._area, 1)
        column.addWidget(hairline())
        column.addWidget(self.general)
        column.addWidget(self.words)
        row = QHBoxLayout()
        row.addWidget(self.here)
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.start)
        column.addLayout(row)

    def _form(self) -> QWidget:
        out = QWidget()
        grid = QGridLayout(out)
        # Room on the right for the scroll bar, which lies over nothing.
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setVerticalSpacing(2)
        grid.setColumnMinimumWidth(0, 130)
        grid.setColumnStretch(1, 1)
        fields = (self.service, *self._by_key.values())
        for number, field in enumerate(fields):
            row = 4 * number
            if not isinstance(field, QCheckBox):
                name = label(field.accessibleName(), "secondary")
                name.setBuddy(field)
                high = (
                    Qt.AlignmentFlag.AlignTop
                    if field is self.description
                    else Qt.AlignmentFlag.AlignVCenter
                )
                grid.addWidget(name, row, 0, high)
            grid.addWidget(field, row, 1)
            self._help[field] = label("", "hint", wrap=True)
            self._issue[field] = label("", "cut", wrap=True)
            self._issue[field].hide()
            grid.addWidget(self._help[field], row + 1, 1)
            grid.addWidget(self._issue[field], row + 2, 1)
            grid.setRowMinimumHeight(row + 3, 6)
        grid.setRowStretch(4 * len(fields), 1)
        return out

    def _preset(self, start: FindPlan) -> None:
        for field, value in (
            (self.service, start.service),
            (self.framing, start.framing),
            (self.analysis, start.analysis),
            (self.length, start.length),
            (self.volume, start.volume),
        ):
            field.setCurrentIndex(max(0, field.findData(value)))
        self.captions.setChecked(start.captions)
        self.preset.setText(start.preset)
        self.description.setPlainText(start.description)

    def _watch(self) -> None:
        """What is changed is explained anew, and an issue with it is out of date."""
        for field in (self.service, self.framing, self.analysis, self.length, self.volume):
            field.currentIndexChanged.connect(lambda _=0, f=field: self._changed(f))
        self.captions.toggled.connect(lambda: self._changed(self.captions))
        self.preset.textChanged.connect(lambda: self._changed(self.preset))
        self.description.textChanged.connect(lambda: self._changed(self.description))

    def _changed(self, field: QWidget) -> None:
        self._issue[field].clear()
        self._refresh()

    @property
    def chosen_service(self) -> ShortsService:
        """The service in the combo box."""
        return self._services[self.service.currentData()]

    @property
    def plan(self) -> FindPlan:
        """What the form says now."""
        return FindPlan(
            self.chosen_service.id,
            self.framing.currentData(),
            self.analysis.currentData(),
            self.length.currentData(),
            self.volume.currentData(),
            self.captions.isChecked(),
            self.preset.text().strip(),
            self.description.toPlainText().strip(),
        )

    def show_issues(self, issues: Sequence[tuple[str, str]]) -> None:
        """What a service found wrong: (wire name of the field, its words), beside the field.

        What names no field of the form is said below it. Replaces what was shown before.
        """
        said: dict[QWidget, list[str]] = {}
        general: list[str] = []
        for name, text in issues:
            asked = asked_of(name)
            if asked is None:
                general.append(f"{name}: {text}" if name else text)
            else:
                said.setdefault(self._by_key[asked.key], []).append(text)
        for field, shown in self._issue.items():
            shown.setText("\n".join(said.get(field, ())))
        self.general.setText("\n".join(general))
        self._refresh()
        first = next((f for f in self._by_key.values() if f in said), None)
        if first is not None:
            first.setFocus()
        QTimer.singleShot(0, self, self._go_to_issue)

    def _go_to_issue(self) -> None:
        first = next((f for f in self._by_key.values() if self._issue[f].text()), None)
        if first is not None and self.isVisible():
            self._area.ensureWidgetVisible(self._issue[first])

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Not before the form has its place.
        QTimer.singleShot(0, self, self._go_to_issue)

    def _refresh(self) -> None:
        cloud = bool(self.chosen_service.host)
        self.preset.setEnabled(self.captions.isChecked())
        self.here.setVisible(cloud and "local" in self._services)
        self.start.setEnabled(self._subject.has_picture)
        helps = {self._by_key[asked.key]: _explained(asked) for asked in ASKED}
        helps[self.service] = f"at {self.chosen_service.host}" if cloud else "on this computer"
        for field, text in helps.items():
            issue = self._issue[field].text()
            self._help[field].setText(text)
            self._issue[field].setVisible(bool(issue))
            field.setAccessibleDescription(f"{issue} {text}".strip())
        self.general.setVisible(bool(self.general.text()))
        self.words.setPlainText(self._said(cloud))

    def _said(self, cloud: bool) -> str:
        film = self._subject
        if cloud:
            parts = [
                f"The video ({film.length}, {film.size}) leaves this computer: it is sent to "
                f"{self.chosen_service.host} and stays there. An upload cannot be deleted through "
                "this API.",
                FIXED,
                PRICES,
            ]
        else:
            parts = [
                "Nothing leaves this computer, and it costs nothing but time. The scores are "
                "measured: pace, pauses, faces; no forecast.",
                FIXED,
            ]
        if not film.has_picture:
            parts.insert(0, "This file has no picture, so no upright short can be made of it.")
        elif not film.has_sound:
            parts.append("The video has no sound: there are no words to go by.")
        return "\n".join((*parts, *self._notes))


def _asked(key: str) -> Asked:
    return next(asked for asked in ASKED if asked.key == key)


def _explained(asked: Asked) -> str:
    return f"{asked.help} Fixed here." if asked.fixed else asked.help
