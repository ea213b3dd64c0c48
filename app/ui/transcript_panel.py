"""The Transcript panel: search, what kind of words these are, the words, how many are kept."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from app.core.cut import WordState, word_states
from app.core.review import Review
from app.core.timerange import TimeRange
from app.core.transcript import Transcript
from app.ui import icons
from app.ui.text import counted
from app.ui.transcript_layout import find
from app.ui.transcript_text import EMPTY, TranscriptText

NO_WORDS = "No words were found in this video.\n\nImport Transcript… reads one that you have."


class TranscriptPanel(QWidget):
    """The transcript with its search field.

    Signals (times are integer microseconds of the source):
        word_clicked(int): index of the clicked word.
        seek_requested(object): go to this instant.
        selection_changed(object): TimeRange of the selected words, or None.
        follow_broken(): the person scrolled away from the playhead.
        follow_asked(bool): the Follow button was pressed.
    """

    word_clicked = Signal(int)
    seek_requested = Signal(object)
    selection_changed = Signal(object)
    follow_broken = Signal()
    follow_asked = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("transcript_panel")
        self.setProperty("panel", True)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.text = TranscriptText(self)
        self._review: Review | None = None
        self._found: tuple[tuple[int, int], ...] = ()
        self._found_now = -1
        # Typing searches when it rests a moment: a long transcript is not read at every letter.
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(120)
        self._rest.timeout.connect(self._search)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._search_row())
        self._note = self._label("secondary")
        self._note.setWordWrap(True)
        self._note.setContentsMargins(16, 4, 16, 4)
        self._note.hide()
        column.addWidget(self._note)
        column.addWidget(self.text, 1)
        column.addWidget(self._footer())
        self.text.word_clicked.connect(self.word_clicked)
        self.text.seek_requested.connect(self.seek_requested)
        self.text.selection_changed.connect(self.selection_changed)
        self.text.follow_broken.connect(self._on_follow_broken)
        self.setFocusProxy(self.text)
        self.show_review(None)

    @staticmethod
    def _label(role: str) -> QLabel:
        out = QLabel()
        out.setTextFormat(Qt.TextFormat.PlainText)
        out.setProperty("role", role)
        return out

    def _search_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(10, 10, 10, 6)
        row.setSpacing(4)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find in transcript")
        self.search.setAccessibleName("Find in transcript")
        self.search.setToolTip("Find in Transcript (Ctrl+F)")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._typed)
        self.search.installEventFilter(self)
        inner = QHBoxLayout(self.search)
        inner.setContentsMargins(0, 0, 8, 0)
        self._key = self._label("time")
        self._key.setText("Ctrl+F")
        self._key.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        inner.addStretch(1)
        inner.addWidget(self._key)
        self._count = self._label("hint")
        self._count.setAccessibleName("Found")
        self._previous = self._icon_button("up", "Find Previous", "Shift+F3")
        self._next = self._icon_button("down", "Find Next", "F3")
        self._previous.clicked.connect(self.find_previous)
        self._next.clicked.connect(self.find_next)
        row.addWidget(self.search, 1)
        for widget in (self._count, self._previous, self._next):
            widget.hide()
            row.addWidget(widget)
        return row

    @staticmethod
    def _icon_button(name: icons.Name, text: str, key: str) -> QPushButton:
        out = QPushButton()
        out.setProperty("role", "icon")
        out.setIcon(icons.icon(name))
        out.setAccessibleName(text)
        out.setToolTip(f"{text} ({key})")
        return out

    def _footer(self) -> QWidget:
        footer = QWidget()
        footer.setProperty("role", "footer")
        footer.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(footer)
        row.setContentsMargins(12, 7, 10, 8)
        self._kept = self._label("secondary")
        self._kept.setAccessibleName("Words kept")
        self.follow = QPushButton("Follow")
        self.follow.setCheckable(True)
        self.follow.setChecked(True)
        self.follow.setAccessibleName("Follow")
        self.follow.setToolTip("Scroll with the playhead")
        self.follow.clicked.connect(self._on_follow)
        row.addWidget(self._kept, 1)
        row.addWidget(self.follow)
        return footer

    # ---- what is shown

    def show_review(self, review: Review | None) -> None:
        """Another version of the document, or none."""
        before, self._review = self._review, review
        transcript = review.evidence.transcript if review else None
        self.text.empty_text = EMPTY if transcript is None else NO_WORDS
        self.text.show_review(review)
        self._show_note(transcript)
        self._show_kept(review, transcript)
        self.search.setEnabled(transcript is not None)
        if (
            review
            and before
            and (
                before.evidence.transcript is transcript
                and before.decisions.corrections == review.decisions.corrections
            )
        ):
            return
        self._search()

    def _show_note(self, transcript: Transcript | None) -> None:
        said: list[str] = []
        if transcript is not None and transcript.rough:
            said.append("Rough: recognised on this computer")
        if transcript is not None and transcript.words and transcript.words[0].estimated:
            said.append("Word times are estimates")
        self._note.setText("\n".join(said))
        self._note.setVisible(bool(said))

    def _show_kept(self, review: Review | None, transcript: Transcript | None) -> None:
        if review is None or transcript is None or not transcript.words:
            self._kept.setText("")
            return
        states = word_states(review)
        kept = states.count(WordState.KEPT)
        self._kept.setText(f"{kept:,} of {counted(len(states), 'word')} kept")

    def set_playhead(self, t: int) -> None:
        """Where playing is."""
        self.text.set_playhead(t)

    def set_following(self, on: bool) -> None:
        """Scroll with the playhead, as the View menu says; nothing is emitted."""
        self.follow.setChecked(on)
        self.text.set_following(on)

    def clear_selection(self) -> None:
        """Nothing is selected any more."""
        self.text.select(None)

    def select_span(self, span: TimeRange | None) -> None:
        """Select the words of a stretch that was chosen elsewhere."""
        transcript = self._review.evidence.transcript if self._review else None
        words = transcript.words_in(span) if span is not None and transcript else ()
        if not words:
            self.text.select(None)
        elif self.text.selection != span:
            self.text.select(min(words), max(words))

    @property
    def selection(self) -> TimeRange | None:
        """The time from the first selected word to the last, or None."""
        return self.text.selection

    @property
    def selected_words(self) -> range:
        """Indices of the selected words; empty where there are none."""
        chosen = self.text.chosen
        return range(chosen.first, chosen.end) if chosen else range(0)

    def _on_follow(self, on: bool) -> None:
        self.text.set_following(on)
        self.follow_asked.emit(on)

    def _on_follow_broken(self) -> None:
        self.follow.setChecked(False)
        self.follow_broken.emit()

    # ---- search

    def find_focus(self) -> None:
        """Put the cursor into the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def find_next(self) -> None:
        """To the next place found, round at the end."""
        self._go(1)

    def find_previous(self) -> None:
        """To the previous place found, round at the start."""
        self._go(-1)

    @property
    def found(self) -> tuple[tuple[int, int], ...]:
        """Word ranges `[first, end)` that the search found."""
        return self._found

    def _typed(self, text: str) -> None:
        self._key.setVisible(not text)
        self._rest.start()

    def _search(self) -> None:
        self._rest.stop()
        layout, query = self.text.layout_now, self.search.text()
        self._found = find(layout, query) if layout else ()
        chosen = self.text.chosen
        here = chosen.first if chosen else 0
        ahead = (k for k, (first, _end) in enumerate(self._found) if first >= here)
        self._found_now = next(ahead, 0) if self._found else -1
        self._show_found()

    def _go(self, direction: int) -> None:
        if self._rest.isActive():
            self._search()
            return
        if self._found:
            self._found_now = (self._found_now + direction) % len(self._found)
            self._show_found()
            first, end = self._found[self._found_now]
            self.text.select(first, end - 1)

    def _show_found(self) -> None:
        self.text.set_found(self._found, self._found_now)
        asked = bool(self.search.text().strip())
        place = f"{self._found_now + 1} of {len(self._found):,}" if self._found else "none"
        self._count.setText(place)
        self._key.setVisible(not self.search.text())
        for widget in (self._count, self._previous, self._next):
            widget.setVisible(asked)
        self._previous.setEnabled(bool(self._found))
        self._next.setEnabled(bool(self._found))

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.search
            and event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
        ):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                self._go(-1 if back else 1)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.search.clear()
                self._search()
                self.text.setFocus()
                return True
        return super().eventFilter(watched, event)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_next"):
            self._previous.setIcon(icons.icon("up"))
            self._next.setIcon(icons.icon("down"))
