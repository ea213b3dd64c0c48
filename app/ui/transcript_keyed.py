"""What keys do in the words of the transcript, and what is typed over them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.ui import transcript_keys as keys
from app.ui.transcript_copy import copied, pieces
from app.ui.transcript_editing import InPlace
from app.ui.transcript_paint import name_rect
from app.ui.transcript_tips import SAID
from app.ui.transcript_view import TranscriptView


class TranscriptKeyed(TranscriptView):
    """The transcript with its keys.

    Signals:
        seek_requested(object): start of the word clicked, double clicked or entered, microseconds.
        word_corrected(int, str): another text for a word.
        speaker_renamed(int, str): another name for a speaker.
        asked(str): what is done elsewhere: "split", "merge", "play" (from where was just sought).
    """

    seek_requested = Signal(object)
    word_corrected = Signal(int, str)
    speaker_renamed = Signal(int, str)
    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._goal: float | None = None

    @override
    def event(self, event: QEvent) -> bool:
        # Arrow keys are shortcuts of the window; with the focus here they move between words.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self.layout_now is not None
            and (keys.moves(event) or keys.command(event))
        ):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        layout = self.layout_now
        asked = keys.command(event)
        if layout is not None and asked:
            self.do(asked)
        elif layout is not None and keys.moves(event):
            self._move(event)
        elif event.key() == Qt.Key.Key_Escape and self.chosen is not None:
            self.select(None)
        else:
            event.ignore()

    def _move(self, event: QKeyEvent) -> None:
        layout = self.layout_now
        if layout is None:
            return
        caret = self.chosen.caret if self.chosen else self._start_word()
        upright = event.key() in keys.UPRIGHT
        if upright and self._goal is None:
            self._goal = keys.column_of(layout, caret)
        elif not upright:
            self._goal = None
        there = keys.target(layout, event, caret, self._goal) if self.chosen else caret
        if there is None:
            return
        extend = event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self.chosen is not None
        self.go_to(self.chosen.anchor if extend and self.chosen else there, there)
        self._say(there)

    def go_to(self, anchor: int, caret: int) -> None:
        """Select from one word to another as the person asked to, and stop following for it."""
        before = self.verticalScrollBar().value()
        self.select(anchor, caret)
        if self.verticalScrollBar().value() != before:
            self.break_follow()

    def _say(self, index: int) -> None:
        """Have a screen reader say the word that was gone to."""
        layout = self.layout_now
        if layout is not None and QAccessible.isActive():
            said = ", ".join(filter(None, (layout.text_of(index), SAID.get(self.state(index)))))
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))

    def _start_word(self) -> int:
        """Where the keys begin while nothing is selected: the word being said, else the top one."""
        held = self._held()
        return self.current if self.current is not None else held[0] if held else 0

    def do(self, command: str) -> None:
        """What a key of `transcript_keys.COMMANDS` or its menu entry does."""
        caret = self.chosen.caret if self.chosen else None
        match command:
            case "seek" if caret is not None:
                self._seek_to(caret)
                self.asked.emit("play")
            case "correct" if caret is not None:
                self.correct(caret)
            case "select_all" if self.transcript is not None:
                self.select(0, len(self.transcript.words) - 1, show=False)
            case "copy" | "copy_timecodes" if text := self.copied(command == "copy_timecodes"):
                QGuiApplication.clipboard().setText(text)
            case "split" | "merge" if caret is not None:
                self.asked.emit(command)

    def copied(self, timecodes: bool) -> str:
        """The selected words that are shown, with or without times and names."""
        layout = self.layout_now
        if layout is None or self.chosen is None:
            return ""
        return copied(
            layout.transcript,
            layout.corrections,
            pieces(layout.paragraphs, range(self.chosen.first, self.chosen.end)),
            name=self.voices.name if timecodes else None,
            gone=layout.gone,
        )

    def _seek_to(self, index: int) -> None:
        if self.transcript is not None:
            self.seek_requested.emit(self.transcript.words[index].start)

    # ---- typing over a word or a name

    def correct(self, index: int) -> None:
        """Type over a word; Tab goes on to the next one."""
        layout = self.layout_now
        if layout is None or not 0 <= index < len(layout.transcript.words):
            return
        self.select(index)
        now = layout.text_of(index)

        def taken(text: str) -> None:
            if text and text != now:
                self.word_corrected.emit(index, text)

        field = InPlace(self, lambda: layout.rects(index)[0], "Correct Word")
        field.taken.connect(taken)
        field.onward.connect(lambda step: self.correct(index + step))
        field.begin(now)

    def rename(self, number: int) -> None:
        """Type over the speaker's name over a paragraph."""
        layout = self.layout_now
        speaker = layout.paragraphs[number].speaker if layout else None
        if layout is None or speaker is None:
            return
        now = self.voices.name(speaker)

        def taken(text: str) -> None:
            if text != now:
                self.speaker_renamed.emit(speaker, text)

        field = InPlace(self, lambda: self._name_rect(number), "Rename Speaker")
        field.taken.connect(taken)
        field.begin(now, heading=True)

    def _name_rect(self, number: int) -> QRectF:
        layout = self.layout_now
        if layout is None:
            return QRectF()
        p = layout.paragraphs[number]
        voice = self.voices.voice(p.speaker)
        rect = name_rect(voice, layout.width, layout.right_to_left)
        return rect.translated(0, layout.top(number))
