"""The Analyse dialog: which service, what is sent, what it costs; nothing starts before Start."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QFontMetrics, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
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
from app.services.offer import Offer
from app.services.wire import Service
from app.ui import analyse_words, form_parts, theme
from app.ui.parts import ElidedLabel, button, hairline, label, set_look


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

    offer: called with what is ticked, at every change; must answer at once. start: what is ticked
    at first; its captions are handed on. The dialog opens as asking NanoClip; `show_asked` ends it.
    """

    def __init__(
        self,
        parent: QWidget | None,
        subject: Subject,
        services: Sequence[ServiceChoice],
        offer: Callable[[Plan], Offer],
        start: Plan,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Analyse")
        self.setAccessibleName("Analyse")
        self.setMinimumWidth(560)
        self._subject = subject
        self._services = {s.id: s for s in services}
        self._offer_for = offer
        self._begun = start
        self._asking = True
        self._problem = ""
        self._refused = False
        self._build_choices(services)
        self._build_checks()
        self._build_words()
        self._arrange()
        self._preset(start)
        for combo in (self.service, self.language, self.retake_language, self.upload):
            combo.currentIndexChanged.connect(self._refresh)
        for check in (self.transcript, self.diarize, self.vision, self.retakes):
            check.toggled.connect(self._refresh)
        self._refresh()

    def _build_choices(self, services: Sequence[ServiceChoice]) -> None:
        self.service = form_parts.combo("Service", [(s.id, s.label) for s in services])
        self.language = form_parts.combo("Language", list(analyse_words.LANGUAGES.items()))
        self.retake_language = form_parts.combo(
            "Retake language", list(analyse_words.LANGUAGES.items())
        )
        self.upload = form_parts.combo("Upload", [])
        self.upload.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._upload_name = label("Upload", "secondary")
        self._upload_name.setBuddy(self.upload)

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
        self.quote.setFixedHeight(7 * QFontMetrics(theme.ui()).lineSpacing() + 12)
        self.quote.setTabChangesFocus(True)
        self.obstacle = label("", "cut", wrap=True)
        self.obstacle.hide()
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
        choices.addWidget(self._upload_name, 3, 0)
        choices.addWidget(self.upload, 3, 1)
        column.addLayout(choices)
        column.addWidget(hairline())
        for key, check in self._checks().items():
            column.addLayout(self._check_row(key, check))
        column.addWidget(hairline())
        column.addWidget(self.quote)
        column.addWidget(self.obstacle)
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
            copy_lines=int(self.upload.currentData() or 0) if self.chosen_service.host else 0,
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
        offer = self._offer_for(wanted)
        self._show_uploads(offer)
        self._show_prices(wanted, cloud)
        self._show_quote(offer)
        self._show_obstacles(offer)
        waiting = cloud and self._asking
        price = offer.quote.money(offer.quote.total_cents)
        self.start.setText(f"Start, {price}" if cloud and not waiting else "Start")
        self.start.setAccessibleName("Start")
        self.start.setEnabled(offer.possible and not waiting and not (cloud and self._refused))

    def show_asked(self, problem: str = "", *, refused: bool = False) -> None:
        """NanoClip was asked: the offers know what it said, or `problem` says why it did not.

        refused: it will not take this key, so nothing can be started there.
        """
        self._asking = False
        self._problem = problem
        self._refused = refused
        self._refresh()

    def _show_uploads(self, offer: Offer) -> None:
        """What can be sent, where there is a choice."""
        choices = analyse_words.upload_choices(offer)
        if [self.upload.itemText(n) for n in range(self.upload.count())] != [t for _, t in choices]:
            with QSignalBlocker(self.upload):
                chosen = self.upload.currentData()
                self.upload.clear()
                for lines, text in choices:
                    self.upload.addItem(text, lines)
                self.upload.setCurrentIndex(max(0, self.upload.findData(chosen)))
        for part in (self._upload_name, self.upload):
            part.setVisible(len(choices) > 1)

    def _show_prices(self, wanted: Plan, cloud: bool) -> None:
        """Beside each box what it costs, ticked or not."""
        everything = self._offer_for(replace(wanted, transcript=True, vision=True, retakes=True))
        apart = self._offer_for(replace(everything.plan, diarize=True))
        cents = {**dict(apart.quote.lines), **dict(everything.quote.lines)}
        held = {analyse_words.TITLES[kind] for kind in everything.held}
        for key, check in self._checks().items():
            name = check.text()
            told = "there already" if name in held else apart.quote.money(cents[name])
            self._prices[key].setText(told if cloud else "")
            self._prices[key].setEnabled(check.isChecked() and check.isEnabled())

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

    def _show_quote(self, offer: Offer) -> None:
        first = analyse_words.price(offer, self._subject.length)
        said = analyse_words.sending(offer, self.chosen_service.host)
        more = analyse_words.remarks(offer, asking=self._asking, problem=self._problem)
        text = "\n".join((first, " ".join((said, *more))))
        if text == self.quote.toPlainText():
            return
        self.quote.setPlainText(text)
        strong = QTextCharFormat()
        strong.setFontWeight(600)
        cursor = QTextCursor(self.quote.document())
        cursor.movePosition(QTextCursor.MoveOperation.EndOfLine, QTextCursor.MoveMode.KeepAnchor)
        cursor.setPosition(len(first), QTextCursor.MoveMode.KeepAnchor)
        cursor.mergeCharFormat(strong)

    def _show_obstacles(self, offer: Offer) -> None:
        found = analyse_words.obstacles(offer) if offer.plan.kinds else []
        text = " ".join(found)
        if text == self.obstacle.text():
            return
        self.obstacle.setText(text)
        self.obstacle.setVisible(bool(text))
        # A wrapped label does not ask its window for room by itself.
        self.resize(self.width(), max(self.height(), self.heightForWidth(self.width())))
