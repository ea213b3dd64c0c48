"""The words of the transcript as a scrolling widget: painting, mouse and keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QWidget
from typing_extensions import override

from app.core.cut import WordState, word_states
from app.core.review import Review
from app.core.timerange import TimeRange
from app.core.transcript import Transcript
from app.ui import theme, transcript_paint
from app.ui.text import clock, speaker_name
from app.ui.transcript_layout import TranscriptLayout, ends_sentence
from app.ui.transcript_paint import Chosen, Marks

MARGIN = 16
EMPTY = (
    "Words appear here once there is a transcript.\n\n"
    "Analyse, Analyse… makes one; File, Import Transcript… reads one that you have."
)

_KEYS = frozenset(
    {
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
        Qt.Key.Key_Return,
        Qt.Key.Key_Enter,
    }
)


class TranscriptText(QAbstractScrollArea):
    """The transcript as paragraphs of words.

    Signals:
        word_clicked(int): index of the word.
        seek_requested(object): start of the word clicked, double clicked or entered, microseconds.
        selection_changed(object): TimeRange of the selected words, or None.
        follow_broken(): the person scrolled while the text followed the playhead.
    """

    word_clicked = Signal(int)
    seek_requested = Signal(object)
    selection_changed = Signal(object)
    follow_broken = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Transcript")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self.viewport().setAutoFillBackground(False)
        self._review: Review | None = None
        self._transcript: Transcript | None = None
        self._layout: TranscriptLayout | None = None
        self._states: Sequence[WordState] = ()
        self._chosen: Chosen | None = None
        self._current: int | None = None
        self._found: tuple[tuple[int, int], ...] = ()
        self._found_now = -1
        self._following = True
        self._moving = False
        self._pressed: int | None = None
        self.empty_text = EMPTY
        self.verticalScrollBar().setSingleStep(26)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    # ---- what is shown

    def show_review(self, review: Review | None) -> None:
        """Another version of the document, or none; lays out again only if the words differ."""
        before = self._review
        self._review = review
        transcript = review.evidence.transcript if review else None
        changed = transcript is not self._transcript
        self._transcript = transcript
        self._states = word_states(review) if review and transcript else ()
        if changed:
            self._chosen = self._current = None
            self._found = ()
        corrected = (
            review is not None
            and before is not None
            and review.decisions.corrections != before.decisions.corrections
        )
        if changed or corrected:
            self._lay_out(keep=not changed)
        if (
            changed
            or corrected
            or not before
            or not review
            or (before.decisions.names != review.decisions.names)
        ):
            self.setAccessibleDescription(self.plain_text() or self.empty_text)
        self.viewport().update()

    @property
    def layout_now(self) -> TranscriptLayout | None:
        """The layout, or None where there are no words."""
        return self._layout

    @property
    def chosen(self) -> Chosen | None:
        """The selected words."""
        return self._chosen

    @property
    def selection(self) -> TimeRange | None:
        """The time from the first selected word to the last, or None."""
        if self._chosen is None or self._transcript is None:
            return None
        words = self._transcript.words[self._chosen.first : self._chosen.end]
        start = min(w.start for w in words)
        return TimeRange(start, max(start, *(w.end for w in words)))

    def plain_text(self) -> str:
        """The transcript turn by turn, as assistive technology reads it."""
        if self._layout is None or self._review is None:
            return ""
        turns: list[str] = []
        for p in self._layout.paragraphs:
            words = " ".join(self._layout.text_of(i) for i in range(p.first, p.end))
            if p.header:
                who = speaker_name(self._review, p.speaker)
                turns.append(f"{who} {clock(p.start)}: {words}".strip())
            else:
                turns.append(words)
        return "\n".join(turns)

    def set_playhead(self, t: int) -> None:
        """Mark the word being said; scroll to it while following."""
        index = self._transcript.word_at(t) if self._transcript else None
        if index == self._current:
            return
        was, self._current = self._current, index
        for word in (was, index):
            if word is not None:
                self._update_word(word)
        if index is not None and self._following:
            self._bring(index)

    def set_following(self, on: bool) -> None:
        """Scroll with the playhead."""
        self._following = on
        if on and self._current is not None:
            self._bring(self._current)

    def set_found(self, found: tuple[tuple[int, int], ...], now: int) -> None:
        """Word ranges that a search found, and which of them is the current one (-1: none)."""
        self._found, self._found_now = found, now
        if 0 <= now < len(found):
            self._bring(found[now][0])
        self.viewport().update()

    def select(self, anchor: int | None, caret: int | None = None, *, show: bool = True) -> None:
        """Select from one word to another, both included; None clears."""
        count = len(self._transcript.words) if self._transcript else 0
        chosen = None
        if anchor is not None and 0 <= anchor < count:
            chosen = Chosen(anchor, min(count - 1, anchor if caret is None else max(0, caret)))
        if chosen == self._chosen:
            return
        self._chosen = chosen
        self.viewport().update()
        if chosen is not None and show:
            self._bring(chosen.caret)
        self.selection_changed.emit(self.selection)

    # ---- geometry

    def _lay_out(self, *, keep: bool = False) -> None:
        held = self._held() if keep else None
        self._layout = None
        if self._review is not None and self._transcript is not None and self._transcript.words:
            self._layout = TranscriptLayout(
                self._transcript,
                self._review.decisions.corrections,
                self._font(),
                self.viewport().width() - 2 * MARGIN,
            )
        self._set_range()
        if held is not None and self._layout is not None:
            self._scroll_to(self._layout.top(self._layout.holding(held[0])) + held[1])

    def _held(self) -> tuple[int, float] | None:
        """The word at the top and how far its paragraph is scrolled, to come back to."""
        if self._layout is None or not self._layout.paragraphs:
            return None
        y = float(self.verticalScrollBar().value())
        number = self._layout.at(y)
        return self._layout.paragraphs[number].first, y - self._layout.top(number)

    @staticmethod
    def _font() -> QFont:
        font = theme.ui(15)
        font.setWordSpacing(3)
        return font

    def _set_range(self) -> None:
        high = self.viewport().height()
        total = self._layout.height + 2 * MARGIN if self._layout else 0
        bar = self.verticalScrollBar()
        self._moving = True
        bar.setPageStep(high)
        bar.setRange(0, max(0, round(total - high)))
        self._moving = False

    def _scroll_to(self, y: float) -> None:
        self._moving = True
        self.verticalScrollBar().setValue(round(y))
        self._moving = False

    def _scrolled(self) -> None:
        if not self._moving and self._following:
            self._following = False
            self.follow_broken.emit()
        self.viewport().update()

    def _bring(self, index: int) -> None:
        """Scroll so that a word is in sight, a third from the top where it was not."""
        if self._layout is None:
            return
        for _ in range(2):  # laying out what comes into sight may move it once
            rect = self._layout.rects(index)[0]
            top, high = self.verticalScrollBar().value(), self.viewport().height()
            y = rect.top() + MARGIN
            if top + 8 <= y and y + rect.height() <= top + high - 8:
                return
            self._layout.visible(y - high, y + high)
            self._set_range()
            rect = self._layout.rects(index)[0]
            self._scroll_to(rect.top() + MARGIN - high / 3)

    def _origin(self) -> QPointF:
        return QPointF(MARGIN, MARGIN - self.verticalScrollBar().value())

    def _update_word(self, index: int) -> None:
        if self._layout is None:
            return
        number = self._layout.holding(index)
        top = self._layout.top(number) + self._origin().y()
        if top > self.viewport().height() or top < -20_000:
            return
        for rect in self._layout.rects(index):
            moved = rect.translated(self._origin()).adjusted(-5, -5, 5, 5)
            self.viewport().update(moved.toAlignedRect())

    # ---- painting

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(event.rect(), QColor(theme.current().panel))
        if self._layout is None or self._review is None:
            where = QRectF(self.viewport().rect()).adjusted(24, 24, -24, -24)
            transcript_paint.paint_empty(painter, where, self.empty_text)
        else:
            known = self._layout.height
            look = Marks(self._states, self._current, self._chosen, self._found, self._found_now)
            transcript_paint.paint(
                painter,
                event.rect(),
                self._origin(),
                review=self._review,
                layout=self._layout,
                marks=look,
            )
            if self._layout.height != known:
                self._set_range()
        painter.end()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        held = self._held()
        wide = max(60.0, float(self.viewport().width() - 2 * MARGIN))
        if self._layout is not None and self._layout.width != wide:
            self._layout.set_width(wide)
            if held is not None:
                self._set_range()
                self._scroll_to(self._layout.top(self._layout.holding(held[0])) + held[1])
        self._set_range()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.viewport().update()

    # ---- mouse

    def _word_under(self, event: QMouseEvent) -> int | None:
        if self._layout is None:
            return None
        point = event.position() - self._origin()
        return self._layout.word_at(point.x(), point.y())

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._layout is None:
            return
        self._pressed = self._word_under(event)
        if self._pressed is None:
            self.select(None)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._chosen is not None:
            self.select(self._chosen.anchor, self._pressed, show=False)
            self._pressed = None

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None or self._layout is None:
            return
        point = event.position() - self._origin()
        reached = self._layout.nearest(point.x(), point.y())
        if reached is not None and (reached != self._pressed or self._is_drag()):
            outside = not self.viewport().rect().contains(event.position().toPoint())
            self.select(self._pressed, reached, show=outside)

    def _is_drag(self) -> bool:
        return self._chosen is not None and self._chosen.anchor != self._chosen.caret

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if event.button() != Qt.MouseButton.LeftButton or pressed is None:
            return
        if self._word_under(event) == pressed and not (
            self._chosen is not None and self._chosen.anchor == pressed and self._is_drag()
        ):
            self.select(pressed, show=False)
            self.word_clicked.emit(pressed)
            self._seek_to(pressed)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self._word_under(event)
        if index is not None:
            self.select(index, show=False)
            self._seek_to(index)

    def _seek_to(self, index: int) -> None:
        if self._transcript is not None:
            self.seek_requested.emit(self._transcript.words[index].start)

    # ---- keys

    @override
    def event(self, event: QEvent) -> bool:
        # Arrow keys are shortcuts of the window; with the focus here they move between words.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._layout is not None
            and event.key() in _KEYS
            and not event.modifiers() & Qt.KeyboardModifier.AltModifier
        ):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._layout is None or event.key() not in _KEYS:
            if event.key() == Qt.Key.Key_Escape and self._chosen is not None:
                self.select(None)
                return
            event.ignore()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._chosen is not None:
                self._seek_to(self._chosen.caret)
            return
        caret = self._chosen.caret if self._chosen else self._start_word()
        held = event.modifiers()
        control = bool(held & Qt.KeyboardModifier.ControlModifier)
        target = self._target(self._layout, event.key(), caret, control) if self._chosen else caret
        if target is None:
            return
        extend = held & Qt.KeyboardModifier.ShiftModifier and self._chosen is not None
        self.select(self._chosen.anchor if extend and self._chosen else target, target)

    def _start_word(self) -> int:
        """Where the keys begin while nothing is selected: the word being said, else the top one."""
        if self._current is not None:
            return self._current
        held = self._held()
        return held[0] if held else 0

    def _target(self, layout: TranscriptLayout, key: int, caret: int, control: bool) -> int | None:
        match key:
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                step = 1 if key == Qt.Key.Key_Right else -1
                if control:
                    onward = (step > 0) is not layout.right_to_left
                    return _sentence(layout.transcript, caret, 1 if onward else -1)
                return layout.beside(caret, step)
            case Qt.Key.Key_Up | Qt.Key.Key_Down:
                x = layout.rects(caret)[0].center().x()
                return layout.line_beside(caret, 1 if key == Qt.Key.Key_Down else -1, x)
            case _:
                words = layout.line_words(*layout.line_of(caret))
                if control:
                    words = (0, len(layout.transcript.words) - 1)
                return words[0] if key == Qt.Key.Key_Home else words[-1]


def _sentence(transcript: Transcript, caret: int, direction: int) -> int:
    """First word of the next sentence, or of this one and then the one before."""
    count = len(transcript.words)
    if direction > 0:
        ended = (i for i in range(caret, count - 1) if ends_sentence(transcript, i))
        return next(ended, count - 2) + 1
    before = range(caret - 2, -1, -1)
    return next((i + 1 for i in before if ends_sentence(transcript, i)), 0)
