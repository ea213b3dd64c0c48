"""The Transcript panel: search, what kind of words these are, the words, how many are kept."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.review import Review
from app.core.timerange import TimeRange
from app.core.transcript import Transcript
from app.ui.parts import label
from app.ui.text import counted
from app.ui.transcript_bars import KeptBar, SearchBar
from app.ui.transcript_finding import Finding
from app.ui.transcript_menu import speaker_menu, word_menu
from app.ui.transcript_search import Found
from app.ui.transcript_text import EMPTY, TranscriptText

NO_WORDS = "No words were found in this video.\n\nImport Transcript… reads one that you have."


class TranscriptPanel(QWidget):
    """The transcript with its search field.

    Signals (times are integer microseconds of the source):
        word_clicked(int): index of the clicked word.
        seek_requested(object): go to this instant. play_wanted(): and play from there.
        removed_clicked(object): TimeRange of removed words to be heard, from the clicked one on.
        selection_changed(object): TimeRange of the selected words, or None.
        follow_broken(): the person scrolled away from the playhead.
        follow_asked(bool): the Follow button was pressed.
        strike_wanted, restore_wanted: remove, put back what is selected.
        found_struck(object): Ranges of everything the search found, to be removed.
        word_corrected(int, str): another text for a word.
        paragraph_split(int): a paragraph begins at this word. paragraph_merged(int): the one that
        begins at this word joins the one before.
        speaker_renamed(int, str), speaker_recoloured(int, object): number of the colour, or None
        for the one it has by itself. speakers_merged(object, int): numbers that are one speaker.
        hiding_changed(bool): removed words are hidden now, or shown.
    """

    word_clicked = Signal(int)
    seek_requested = Signal(object)
    play_wanted = Signal()
    removed_clicked = Signal(object)
    selection_changed = Signal(object)
    follow_broken = Signal()
    follow_asked = Signal(bool)
    strike_wanted = Signal()
    restore_wanted = Signal()
    found_struck = Signal(object)
    word_corrected = Signal(int, str)
    paragraph_split = Signal(int)
    paragraph_merged = Signal(int)
    speaker_renamed = Signal(int, str)
    speaker_recoloured = Signal(int, object)
    speakers_merged = Signal(object, int)
    hiding_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("transcript_panel")
        self.setProperty("panel", True)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._review: Review | None = None
        self.text = TranscriptText(self)
        self.finding = Finding(self.text)
        self.search_bar = SearchBar(self.finding)
        self.search = self.search_bar.search
        self.kept_bar = KeptBar()
        self.follow = self.kept_bar.follow
        self._note = label("", "secondary", wrap=True)
        self._note.setContentsMargins(16, 4, 16, 4)
        self._note.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.search_bar)
        column.addWidget(self._note)
        column.addWidget(self.text, 1)
        column.addWidget(self.kept_bar)
        self.setFocusProxy(self.text)
        self._listen()
        self.show_review(None)

    def _listen(self) -> None:
        text = self.text
        text.word_clicked.connect(self.word_clicked)
        text.seek_requested.connect(self.seek_requested)
        text.removed_clicked.connect(self.removed_clicked)
        text.selection_changed.connect(self.selection_changed)
        text.word_corrected.connect(self.word_corrected)
        text.speaker_renamed.connect(self.speaker_renamed)
        text.follow_broken.connect(self._on_follow_broken)
        text.words_changed.connect(lambda _which: self.finding.again())
        text.menu_wanted.connect(self._show_menu)
        text.speaker_menu_wanted.connect(lambda n, at: speaker_menu(self, n).popup(at))
        text.asked.connect(self._on_asked)
        self.search_bar.left.connect(text.setFocus)
        self.search_bar.strike_all_wanted.connect(self.strike_found)
        self.kept_bar.hide_asked.connect(self.set_hiding)
        self.kept_bar.follow_asked.connect(self._on_follow)

    # ---- what is shown

    def show_review(self, review: Review | None) -> None:
        """Another version of the document, or none."""
        self._review = review
        transcript = review.evidence.transcript if review else None
        self.text.empty_text = EMPTY if transcript is None else NO_WORDS
        self.text.show_review(review)
        self._show_note(transcript)
        total = len(transcript.words) if transcript else 0
        kept = f"{self.text.kept:,} of {counted(total, 'word')} kept" if total else ""
        self.kept_bar.kept.setText(kept)
        self.search.setEnabled(transcript is not None)

    def _show_note(self, transcript: Transcript | None) -> None:
        said: list[str] = []
        if transcript is not None and transcript.rough:
            said.append("Rough: recognised on this computer")
        if transcript is not None and transcript.words and transcript.words[0].estimated:
            said.append("Word times are estimates")
        self._note.setText("\n".join(said))
        self._note.setVisible(bool(said))

    def set_playhead(self, t: int) -> None:
        """Where playing is."""
        self.text.set_playhead(t)

    def set_following(self, on: bool) -> None:
        """Scroll with the playhead, as the View menu says; nothing is emitted."""
        self.follow.setChecked(on)
        self.text.set_following(on)

    def set_hiding(self, on: bool) -> None:
        """Leave out the words that are removed, or show them struck."""
        self.kept_bar.hide_removed.setChecked(on)
        if on != self.text.hides_removed:
            self.text.hide_removed(on)
            self.hiding_changed.emit(on)

    # ---- what is selected

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
        """The stretch of time that holds the selected words' midpoints and no other's, or None."""
        return self.text.selection

    @property
    def selected_words(self) -> range:
        """Indices of the selected words; empty where there are none."""
        chosen = self.text.chosen
        return range(chosen.first, chosen.end) if chosen else range(0)

    def _show_menu(self, index: int | None, at: QPoint) -> None:
        word_menu(self, index).popup(at)

    def _on_asked(self, what: str) -> None:
        match what:
            case "split":
                self.split()
            case "merge":
                self.merge()
            case "play":
                self.play_wanted.emit()

    def _on_follow(self, on: bool) -> None:
        self.text.set_following(on)
        self.follow_asked.emit(on)

    def _on_follow_broken(self) -> None:
        self.follow.setChecked(False)
        self.follow_broken.emit()

    # ---- paragraphs

    @property
    def can_split(self) -> bool:
        """Whether a paragraph may begin at the word that is chosen."""
        chosen = self.text.chosen
        return chosen is not None and self._turn_at(chosen.first) not in (None, chosen.first)

    @property
    def can_merge(self) -> bool:
        """Whether the paragraph of the word that is chosen has one before it."""
        chosen = self.text.chosen
        return chosen is not None and bool(self._turn_at(chosen.first))

    def split(self) -> None:
        """Begin a paragraph at the first selected word."""
        if self.can_split and (chosen := self.text.chosen):
            self.paragraph_split.emit(chosen.first)

    def merge(self) -> None:
        """Join the paragraph of the first selected word to the one before."""
        chosen = self.text.chosen
        if chosen is not None and (first := self._turn_at(chosen.first)):
            self.paragraph_merged.emit(first)

    def _turn_at(self, index: int) -> int | None:
        """The word at which the turn with this word begins."""
        layout = self.text.layout_now
        if layout is None:
            return None
        number = layout.holding(index)
        while number > 0 and not layout.paragraphs[number].header:
            number -= 1
        return layout.paragraphs[number].first

    # ---- search

    def find_focus(self) -> None:
        """Put the cursor into the search field."""
        self.search_bar.focus()

    def find_next(self) -> None:
        """To the next place found, round at the end."""
        self.finding.go(1)

    def find_previous(self) -> None:
        """To the previous place found, round at the start."""
        self.finding.go(-1)

    def strike_found(self) -> None:
        """Remove everything found, as one step."""
        if self.finding.done and (spans := self.finding.spans()):
            self.found_struck.emit(spans)

    @property
    def found(self) -> tuple[Found, ...]:
        """Word ranges `[first, end)` that the search found."""
        return tuple(self.finding.found)
