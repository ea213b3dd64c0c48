"""The line at the bottom: what is kept and saved, the job under way, preview and service."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QStatusBar, QWidget
from typing_extensions import override

from app.ui import theme
from app.ui.parts import ElidedLabel, label, set_look
from app.ui.text import clock, counted

if TYPE_CHECKING:
    from app.core.cut import Cut


def cut_parts(cut: Cut) -> tuple[tuple[str, bool], ...]:
    """The sentence about a cut as pieces of text; True for the figures, which stand out."""
    proposed = sum(r.undecided for r in cut.removed)
    decided = len(cut.removed) - proposed
    counts = [counted(decided, "cut")] if decided or not proposed else []
    if proposed:
        counts.append(f"{proposed:,} proposed")
    pieces = [
        ("Kept ", False),
        (clock(cut.kept_us), True),
        (" of ", False),
        (clock(cut.duration), True),
        (f" · {', '.join(counts)}", False),
    ]
    if cut.removed_us:
        pieces += [(" · saves ", False), (clock(cut.removed_us), True)]
    if cut.undecided_us:
        pieces += [(", ", False), (clock(cut.undecided_us), True), (" of it undecided", False)]
    return tuple(pieces)


def cut_text(cut: Cut) -> str:
    """ "Kept 0:19.0 of 0:27.0 · 1 cut, 2 proposed · saves 0:08.0, 0:07.7 of it undecided"."""
    return "".join(text for text, _ in cut_parts(cut))


class StatusBar(QStatusBar):
    """Four things, from left to right: the cut, the job, the preview, the service."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("status_bar")
        self.setAccessibleName("Status")
        self.setSizeGripEnabled(False)
        self.setContentsMargins(8, 0, 8, 0)
        self._cut: Cut | None = None
        self.cut = label()
        # Rich text of our own figures alone: nothing from a service or a file name comes here.
        self.cut.setTextFormat(Qt.TextFormat.RichText)
        self.job_text = ElidedLabel()
        self.job_text.setFixedWidth(236)
        self.job_text.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.job_text.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.job_bar = QProgressBar()
        self.job_bar.setAccessibleName("Job progress")
        self.job_bar.setFixedWidth(104)
        self.job_bar.setTextVisible(False)
        self.job_percent = label("", "time")
        self.job = QWidget()
        row = QHBoxLayout(self.job)
        row.setContentsMargins(0, 0, 12, 0)
        row.setSpacing(8)
        for part in (self.job_text, self.job_bar, self.job_percent):
            row.addWidget(part)
        self.preview = label()
        self.dot = label("●", "secondary")
        self.service = label()
        self.addWidget(self.cut, 1)
        for last in (self.job, self.preview, self.dot, self.service):
            self.addPermanentWidget(last)
        self.show_cut(None)
        self.show_job("")
        self.show_preview("")
        self.show_service("")

    def show_cut(self, cut: Cut | None, *, anew: bool = False) -> None:
        """What is kept, removed and undecided; None while nothing is open.

        anew: also where it is the cut that is shown already, as when the colours are others.
        """
        if cut is not None and cut is self._cut and not anew:
            return
        self._cut = cut
        if cut is None:
            self.cut.setText("No video open")
            self.cut.setAccessibleName("No video open")
            return
        strong = f'<b style="color:{theme.current().text1}">%s</b>'
        self.cut.setText(
            "".join(
                strong % html.escape(text) if figure else html.escape(text)
                for text, figure in cut_parts(cut)
            )
        )
        self.cut.setAccessibleName(cut_text(cut))

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_cut"):
            self.show_cut(self._cut, anew=True)

    def show_job(self, text: str, fraction: float | None = None, more: int = 0) -> None:
        """The job under way, 0 to 1 or None where unknown; `more` others; "" for none."""
        self.job.setVisible(bool(text))
        self.job_text.setText(f"{text} (+{more})" if more else text)
        self.job_text.setToolTip(text)
        self.job_bar.setRange(0, 0 if fraction is None else 1000)
        self.job_bar.setValue(round(1000 * (fraction or 0.0)))
        self.job_percent.setText("" if fraction is None else f"{round(100 * fraction)} %")

    def show_preview(self, technique: str) -> None:
        """How removed spans are skipped; "" where nothing plays."""
        self.preview.setText(technique)
        self.preview.setVisible(bool(technique))

    def show_service(self, name: str, ready: bool = True) -> None:
        """The service in use, and whether it answers; "" for none."""
        for part in (self.dot, self.service):
            part.setVisible(bool(name))
        set_look(self.dot, "role", "keep" if ready else "cut")
        self.dot.setAccessibleName("Ready" if ready else "Not answering")
        self.service.setText(name)
