"""What assistive technology reads of the transcript: all of it, put together in short pieces."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from app.core.transcript import Transcript
from app.ui.transcript_copy import Name, read_out
from app.ui.transcript_layout import TranscriptLayout

_AT_ONCE = 60
"""Paragraphs written in one piece of work."""

_REST = 400
"""Milliseconds a long transcript is left alone before it is written again."""


class Reading(QObject):
    """Keeps the accessible description of a widget; a long one is ready a moment later."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._transcript: Transcript | None = None
        self._lines: list[str] = []
        self._left: Iterator[str] = iter(())
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._go_on)

    def say(self, text: str) -> None:
        """Just this; nothing of a transcript that was read is kept."""
        self._timer.stop()
        self._transcript, self._lines, self._left = None, [], iter(())
        self._widget.setAccessibleDescription(text)

    def read(self, transcript: Transcript, layout: TranscriptLayout, name: Name) -> None:
        """Every turn with its speaker and time, as it reads now."""
        self._lines = []
        self._left = read_out(transcript, layout.corrections, layout.paragraphs, name)
        if transcript is not self._transcript or len(layout.paragraphs) <= _AT_ONCE:
            self._transcript = transcript
            self._go_on()
            self._tell()
        if len(self._lines) < len(layout.paragraphs):
            self._timer.start(_REST)

    def _go_on(self) -> None:
        some = list(islice(self._left, _AT_ONCE))
        self._lines.extend(some)
        if len(some) == _AT_ONCE:
            self._timer.start(0)
        else:
            self._timer.stop()
            self._tell()

    def _tell(self) -> None:
        self._widget.setAccessibleDescription("\n".join(self._lines))
