"""The Analyse dialog: which service, what is sent, what it costs; nothing starts before Start."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.services.ledger import Plan
from app.services.quote import Quote
from app.services.wire import Service
from app.ui import form_parts, theme
from app.ui.parts import ElidedLabel, button, hairline, label, set_look

LANGUAGES: dict[str, str] = {
    "bg": "Bulgarian", "cs": "Czech", "da": "Danish", "nl": "Dutch", "en": "English",
    "et": "Estonian", "fi": "Finnish", "fr": "French", "de": "German", "el": "Greek",
    "he": "Hebrew", "hu": "Hungarian", "it": "Italian", "lv": "Latvian", "lt": "Lithuanian",
    "mt": "Maltese", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "es": "Spanish", "sv": "Swedish",
    "uk": "Ukrainian",
}  # fmt: skip
"""The 26 base tags of contract A4, by name."""

AGAIN = "Another language or speaker setting later means a new upload and a new charge"


@dataclass(frozen=True)
class ServiceChoice:
    """A service one can choose. host: where the video goes; "" where it stays here."""

    id: Service
    label: str
    host: str = ""


@dataclass(frozen=True)
class Subject:
    """The film that would be sent: name, length as "10:00", size as "412 MB"."""

    name: str
    length: str
    size: str
    has_picture: bool = True
    has_sound: bool = True


class AnalyseDialog(QDialog):
    """Asks what to analyse. After `accepted`, `plan` is the answer.

    quote: called with what is ticked, at every change; must answer at once. start: what is ticked
    at first; its captions are handed on. notes: further sentences, such as the spend cap.
    """

    def __init__(
        self,
        parent: QWidget | None,
        subject: Subject,
        services: Sequence[ServiceChoice],
        quote: Callable[[Plan], Quote],
        start: Plan,
        *,
        notes: Sequence[str] = (),
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Analyse")
        self.setAccessibleName("Analyse")
        self.setMinimumWidth(560)
        self._subject = subject
        self._services = {s.id: s for s in services}
        self._quote_for = quote
        self._begun = start
        self._notes = tuple(notes)
        self._build_choices(services)
        self._build_checks()
        self._build_words()
        self._arrange()
        self._preset(start)
        for combo in (self.service, self.language, self.retake_language):
            combo.currentIndexChanged.connect(self._refresh)
        for check in (self.transcript, self.diarize, self.vision, self.retakes):
            check.toggled.connect(self._refresh)
        self._refresh()

    def _build_choices(self, services: Sequence[ServiceChoice]) -> None:
        self.service = form_parts.combo("Service", [(s.id, s.label) for s in services])
        self.language = form_parts.combo("Language", list(LANGUAGES.items()))
        self.retake_language = form_parts.combo("Retake language", list(LANGUAGES.items()))

    def _build_checks(self) -> None:
        self.transcript = form_parts.check("Transcript")
        self.diarize = form_parts.check("Separate speakers")
        self.vision = form_parts.check("Vision")
        self.retakes = form_parts.check("Retakes")
        self._beside = {
            self.transcript: ElidedLabel("words, turns, speakers", "secondary"),
            self.diarize: ElidedLabel("", "secondary"),
            self.vision: ElidedLabel("faces, people, scenes", "secondary"),
            self.retakes: ElidedLabel("", "secondary"),
        }
        self._prices: dict[str, QLabel] = {}

    def _build_words(self) -> None:
        self.quote = QPlainTextEdit()
        self.quote.setAccessibleName("Quote")
        self.quote.setReadOnly(True)
        self.quote.setFrameShape(QFrame.Shape.NoFrame)
        self.quote.viewport().setAutoFillBackground(False)
        self.quote.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.quote.setFixedHeight(6 * QFontMetrics(theme.ui()).lineSpacing() + 12)
        self.quote.setTabChangesFocus(True)
        self.here = button("Use this computer instead")
        self.here.clicked.connect(lambda: self._choose_service("local"))
        self.cancel = button("Cancel")
        self.cancel.clicked.connect(self.reject)
        self.start = button("Start", "primary", name="Start")
        self.start.setDefault(True)
        self.start.clicked.connect(self.accept)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(10)
        title = ElidedLabel(f"Analyse {self._subject.name}", "heading")
        title.setFont(theme.ui(15, bold=True))
        column.addWidget(title)
        choices = QGridLayout()
        choices.setColumnStretch(1, 1)
        choices.setColumnMinimumWidth(0, 150)
        choices.setVerticalSpacing(6)
        for row, combo in enumerate((self.service, self.language, self.retake_language)):
            name = label(combo.accessibleName(), "secondary")
            name.setBuddy(combo)
            choices.addWidget(name, row, 0)
            choices.addWidget(combo, row, 1)
        column.addLayout(choices)
        column.addWidget(hairline())
        for key, check in self._checks().items():
            column.addLayout(self._check_row(key, check))
        column.addWidget(hairline())
        column.addWidget(self.quote)
        column.addStretch(1)
        row_ = QHBoxLayout()
        row_.addWidget(self.here)
        row_.addStretch(1)
        row_.addWidget(self.cancel)
        row_.addWidget(self.start)
        column.addLayout(row_)

    def _check_row(self, key: str, check: QCheckBox) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        if key == "diarize":
            row.addSpacing(24)
        row.addWidget(check)
        row.addWidget(self._beside[check], 1)
        self._prices[key] = label("", "time")
        row.addWidget(self._prices[key])
        return row

    def _checks(self) -> dict[str, QCheckBox]:
        return {
            "transcript": self.transcript,
            "diarize": self.diarize,
            "vision": self.vision,
            "retakes": self.retakes,
        }

    def _preset(self, start: Plan) -> None:
        for combo, value in (
            (self.service, start.service),
            (self.language, start.language),
            (self.retake_language, start.retake_language),
        ):
            combo.setCurrentIndex(max(0, combo.findData(value)))
        self.transcript.setChecked(start.transcript and self._subject.has_sound)
        self.diarize.setChecked(start.diarize)
        self.vision.setChecked(start.vision and self._subject.has_picture)
        self.retakes.setChecked(start.retakes and self._subject.has_sound)

    def _choose_service(self, kind: Service) -> None:
        self.service.setCurrentIndex(max(0, self.service.findData(kind)))

    @property
    def chosen_service(self) -> ServiceChoice:
        """The service in the combo box."""
        return self._services[self.service.currentData()]

    @property
    def plan(self) -> Plan:
        """What is ticked now; what cannot be had is not."""
        transcript, diarize, vision, retakes = (
            check.isChecked() and check.isEnabled() for check in self._checks().values()
        )
        return replace(
            self._begun,
            service=self.chosen_service.id,
            language=self.language.currentData(),
            retake_language=self.retake_language.currentData(),
            transcript=transcript,
            diarize=diarize,
            vision=vision,
            retakes=retakes,
        )

    def _refresh(self) -> None:
        cloud = bool(self.chosen_service.host)
        self.transcript.setEnabled(self._subject.has_sound)
        self.vision.setEnabled(self._subject.has_picture)
        # Contract A6: sources without picture are refused; there must be words as well.
        self.retakes.setEnabled(
            self._subject.has_sound and (self._subject.has_picture or not cloud)
        )
        self.diarize.setEnabled(
            cloud and self.transcript.isEnabled() and self.transcript.isChecked()
        )
        wanted = self.plan
        self.retake_language.setEnabled(wanted.retakes)
        self.here.setVisible(cloud and "local" in self._services)
        self._explain(wanted, cloud)
        prices = self._quote_for(wanted)
        everything = replace(wanted, transcript=True, diarize=cloud, vision=True, retakes=True)
        lines = dict(self._quote_for(everything).lines)
        for key, check in self._checks().items():
            cents = lines.get(check.text())
            self._prices[key].setText("" if cents is None or not cloud else prices.money(cents))
            self._prices[key].setEnabled(check.isChecked() and check.isEnabled())
        self._show_quote(prices, cloud)
        self.start.setText(f"Start, {prices.money(prices.total_cents)}" if cloud else "Start")
        self.start.setAccessibleName("Start")
        self.start.setEnabled(wanted.transcript or wanted.vision or wanted.retakes)

    def _explain(self, wanted: Plan, cloud: bool) -> None:
        words, speakers, retakes = (
            self._beside[c] for c in (self.transcript, self.diarize, self.retakes)
        )
        words.setText(self._words_from(wanted, cloud))
        speakers.setText("" if cloud else "needs NanoClip")
        warned = cloud and wanted.retake_language != "he"
        if not self._subject.has_sound:
            words.setText("the video has no sound")
            retakes.setText("the video has no sound")
        elif warned or (cloud and wanted.language != "he"):
            retakes.setText("the service documents Hebrew only")
            warned = True
        else:
            retakes.setText("takes said again" if cloud else "takes said again, any language")
        set_look(retakes, "role", "proposal" if warned else "secondary")

    def _words_from(self, wanted: Plan, cloud: bool) -> str:
        if cloud:
            return "words, turns, speakers"
        if wanted.captions:
            return f"from {wanted.captions[0]}"
        if wanted.language == "en":
            return "recognised here, rough"
        return "needs captions beside the video"

    def _show_quote(self, prices: Quote, cloud: bool) -> None:
        total = prices.money(prices.total_cents)
        if prices.balance_cents is not None:
            total = f"{total} of {prices.money(prices.balance_cents)}"
        if prices.estimate:
            total = f"about {total}"
        first = f"For this file, {self._subject.length}: {total}"
        if cloud:
            said = (
                f"The video, {self._subject.size}, leaves this computer: it is sent to "
                f"{self.chosen_service.host} and stays there. {AGAIN}."
            )
        else:
            said = (
                "Nothing leaves this computer: the video is read here, free of charge. "
                f"{AGAIN}, with a service that charges; here it costs time alone."
            )
        notes = list(self._notes) if cloud else []
        if not prices.live_prices:
            notes.append("These are the published prices; the service was not asked.")
        if not prices.affordable:
            notes.append("The balance is too small.")
        text = "\n".join((first, " ".join((said, *notes))))
        if text == self.quote.toPlainText():
            return
        self.quote.setPlainText(text)
        strong = QTextCharFormat()
        strong.setFontWeight(600)
        cursor = QTextCursor(self.quote.document())
        cursor.movePosition(QTextCursor.MoveOperation.EndOfLine, QTextCursor.MoveMode.KeepAnchor)
        cursor.setPosition(len(first), QTextCursor.MoveMode.KeepAnchor)
        cursor.mergeCharFormat(strong)
