"""The words of the transcript as a scrolling widget: what is shown, where, and how it follows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.core.paragraphs import turns
from app.core.review import Review
from app.core.timerange import TimeRange
from app.core.transcript import Transcript
from app.ui import theme, transcript_paint
from app.ui.transcript_copy import texts
from app.ui.transcript_layout import TranscriptLayout, differing
from app.ui.transcript_paint import Marks
from app.ui.transcript_paragraphs import paragraphs
from app.ui.transcript_reading import Reading
from app.ui.transcript_scroll import MARGIN, TranscriptScroll
from app.ui.transcript_search import Found, Index
from app.ui.transcript_source import KEPT, REMOVED, Voices, states_of
from app.ui.transcript_spans import Chosen, chosen_between

EMPTY = (
    "Words appear here once there is a transcript.\n\n"
    "Analyse, Analyse… makes one; File, Import Transcript… reads one that you have."
)

_GONE = bytes(1 if state == REMOVED else 0 for state in range(256))


class TranscriptView(TranscriptScroll):
    """The transcript as paragraphs of words; what is not visible costs nothing.

    Signals:
        selection_changed(object): TimeRange of the selected words, or None.
        words_changed(object): indices of words that read differently now; None for all of them.
    """

    selection_changed = Signal(object)
    words_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Transcript")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self.viewport().setAutoFillBackground(False)
        self.empty_text = EMPTY
        self.index = Index(0, self._texts)
        self.voices = Voices()
        self._review: Review | None = None
        self._transcript: Transcript | None = None
        self._states = b""
        self._hiding = False
        self._stale = False
        self._chosen: Chosen | None = None
        self._current: int | None = None
        self._near: int | None = None
        self._found: Sequence[Found] = ()
        self._found_now = -1
        self._reading = Reading(self)

    # ---- what is shown

    def show_review(self, review: Review | None) -> None:
        """Another version of the document, or none; lays out again only what differs."""
        self._review = review
        transcript = review.evidence.transcript if review else None
        before, self._states = self._states, states_of(review) if review and transcript else b""
        self._stale = True
        if transcript is not self._transcript:
            self._transcript = transcript
            self._layout = self._chosen = self._current = self._near = None
            self._found = ()
            self.index = Index(len(transcript.words) if transcript else 0, self._texts)
            self.words_changed.emit(None)
        if (self.isVisible() or not transcript) and self._refresh():
            self.viewport().update()
        elif len(before) == len(self._states):
            self._update_words(differing(before, self._states))

    def _refresh(self) -> bool:
        """Have what is laid out say what the document says now; whether more than states differ."""
        self._stale = False
        review, transcript = self._review, self._transcript
        if review is None or transcript is None or not transcript.words:
            self._layout = None
            self._reading.say(self.empty_text)
            self._set_range()
            return True
        told = self.voices.show(review)
        shown = paragraphs(transcript, turns(review))
        layout = self._layout
        if layout is None:
            wide = self.viewport().width() - 2 * MARGIN
            said = review.decisions.corrections
            layout = TranscriptLayout(transcript, said, self._font(), wide, shown)
            self._layout = layout
            told = True
        held = self._held()
        if shown is not layout.paragraphs:
            layout.regroup(shown)
            told = True
        if layout.corrections is not review.decisions.corrections:
            corrected = layout.correct(review.decisions.corrections)
            self.index.forget(corrected)
            self.words_changed.emit(corrected)
            told = told or bool(corrected)
        hidden = layout.hide(self._states.translate(_GONE) if self._hiding else b"")
        if told:
            self._reading.read(transcript, layout, self.voices.name)
        if told or hidden:
            self._come_back(held)
        return told or hidden

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._refresh()
        self._follow()

    @property
    @override
    def layout_now(self) -> TranscriptLayout | None:
        """The layout, or None where there are no words."""
        if self._stale:
            self._refresh()
        return self._layout

    @property
    def transcript(self) -> Transcript | None:
        """The words, or None."""
        return self._transcript

    def state(self, index: int) -> int:
        """`transcript_source.KEPT`, PROPOSED or REMOVED."""
        return self._states[index] if index < len(self._states) else KEPT

    def removed_until(self, index: int) -> int:
        """One past the last word that is removed or proposed in a row with a word."""
        kept = self._states.find(KEPT, index)
        return kept if kept >= 0 else len(self._states)

    @property
    def kept(self) -> int:
        """How many words are kept."""
        return self._states.count(KEPT)

    @property
    def hides_removed(self) -> bool:
        """Whether words that are removed are left out."""
        return self._hiding

    def hide_removed(self, on: bool) -> None:
        """Leave out the words that are removed; proposals are still there to be decided."""
        if on != self._hiding:
            self._hiding = on
            self._stale = True
            if self.isVisible():
                self._refresh()
                if self._chosen is not None:
                    self._bring(self._chosen.caret)
            self.viewport().update()

    def _texts(self, first: int, end: int) -> list[str]:
        if self._review is None or self._transcript is None:
            return []
        return texts(self._transcript, self._review.decisions.corrections, first, end)

    @property
    def chosen(self) -> Chosen | None:
        """The selected words."""
        return self._chosen

    @property
    def selection(self) -> TimeRange | None:
        """The stretch of time that holds the selected words' midpoints and no other's, or None."""
        return self._chosen.span if self._chosen else None

    @property
    def current(self) -> int | None:
        """The word being said, or None."""
        return self._current

    def set_playhead(self, t: int) -> None:
        """Mark the word being said; while following, scroll to it or to the last one before."""
        said = self._transcript
        if self._review is not None:
            t = self._review.evidence.footage.middle_of_frame(t)
        index = said.word_at(t) if said else None
        near = index if index is not None or said is None else said.last_begun(t)
        if (index, near) == (self._current, self._near):
            return
        was, self._current = self._current, index
        moved, self._near = near != self._near, near
        if not self.isVisible():
            return
        for word in (was, index):
            if word is not None:
                self._update_word(word)
        if moved:
            self._follow()

    def set_following(self, on: bool) -> None:
        """Scroll with the playhead."""
        self._following = on
        self._follow()

    def _follow(self) -> None:
        if self._following and self._near is not None:
            self._bring(self._near)

    def set_found(self, found: Sequence[Found], now: int, *, bring: bool = True) -> None:
        """Word ranges that a search found, and which of them is the current one (-1: none)."""
        self._found, self._found_now = found, now
        if bring and 0 <= now < len(found):
            self._bring(found[now][0])
        self.viewport().update()

    def more_found(self, some: Sequence[Found]) -> None:
        """These were added to what `set_found` gave: painted where they are in sight."""
        layout = self.layout_now if some else None
        if layout is None:
            return
        top = self.verticalScrollBar().value() - MARGIN
        first = layout.paragraphs[layout.at(top)].first
        end = layout.paragraphs[layout.at(top + self.viewport().height())].end
        if some[0][0] < end and first < some[-1][1]:
            self.viewport().update()

    def select(self, anchor: int | None, caret: int | None = None, *, show: bool = True) -> None:
        """Select from one word to another, both included; None clears."""
        count = len(self._transcript.words) if self._transcript else 0
        chosen = None
        if self._transcript is not None and anchor is not None and 0 <= anchor < count:
            reached = min(count - 1, anchor if caret is None else max(0, caret))
            chosen = chosen_between(self._transcript, anchor, reached)
        if chosen == self._chosen:
            return
        before, self._chosen = self._chosen, chosen
        self._update_words(_chosen_otherwise(before, chosen))
        if chosen is not None and show:
            self._bring(chosen.caret)
        self.selection_changed.emit(self.selection)

    @staticmethod
    def _font() -> QFont:
        font = theme.ui(15)
        font.setWordSpacing(3)
        return font

    # ---- painting

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        layout = self.layout_now
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(event.rect(), QColor(theme.current().panel))
        if layout is None:
            where = QRectF(self.viewport().rect()).adjusted(24, 24, -24, -24)
            transcript_paint.paint_empty(painter, where, self.empty_text)
        else:
            known = layout.height
            marks = Marks(self._states, self._current, self._chosen, self._found, self._found_now)
            transcript_paint.paint(
                painter,
                event.rect(),
                self.origin(),
                layout=layout,
                marks=marks,
                voice=self.voices.voice,
            )
            if layout.height != known:
                self._set_range()
        painter.end()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        held = self._held()
        wide = max(60.0, float(self.viewport().width() - 2 * MARGIN))
        if self._layout is not None and self._layout.width != wide:
            self._layout.set_width(wide)
            self._come_back(held)
        self._set_range()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.viewport().update()


def _chosen_otherwise(before: Chosen | None, after: Chosen | None) -> Iterable[int]:
    """The words that are selected and were not, or the other way round."""
    was = range(before.first, before.end) if before else range(0)
    now = range(after.first, after.end) if after else range(0)
    if was and now and was.start < now.stop and now.start < was.stop:
        starts, stops = sorted((was.start, now.start)), sorted((was.stop, now.stop))
        was, now = range(*starts), range(*stops)
    return chain(was, now)
