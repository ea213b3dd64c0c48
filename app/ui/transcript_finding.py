"""A search in the transcript under way: what it found so far, and which place is looked at."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer, Signal

from app.core.timerange import Ranges, TimeRange, merge
from app.core.transcript import Transcript
from app.ui.transcript_search import CHUNK, Found
from app.ui.transcript_spans import chosen_between
from app.ui.transcript_view import TranscriptView

REST = 120
"""Milliseconds that typing rests before it is searched for."""


class Finding(QObject):
    """Searches the words of a view, one chunk at a time, while the window goes on.

    Signals:
        changed: more was found, the search ended, or another place is looked at.
    """

    changed = Signal()

    def __init__(self, view: TranscriptView) -> None:
        super().__init__(view)
        self._view = view
        self._query = ""
        self._whole = False
        self._found: list[Found] = []
        self._now = -1
        self._left: Iterator[list[Found]] | None = None
        # Typing searches when it rests a moment: a long transcript is not read at every letter.
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST)
        self._rest.timeout.connect(lambda: self.start(self._query))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._go_on)

    @property
    def query(self) -> str:
        """What is looked for."""
        return self._query

    @property
    def whole(self) -> bool:
        """Whether whole words are looked for alone."""
        return self._whole

    def set_whole(self, on: bool) -> None:
        """Look for whole words alone, or for parts of words as well."""
        if on != self._whole:
            self._whole = on
            self.start(self._query)

    @property
    def found(self) -> list[Found]:
        """Word ranges `[first, end)` found so far, ascending."""
        return self._found

    @property
    def now(self) -> int:
        """Number of the place that is looked at, -1 for none."""
        return self._now

    @property
    def done(self) -> bool:
        """Whether everything was searched."""
        return self._left is None and not self._rest.isActive()

    def type(self, query: str) -> None:
        """Look for this once no more is typed."""
        self._query = query
        self._rest.start()

    def again(self) -> None:
        """The words are other ones: search anew where something is looked for."""
        if self._query.strip():
            self._rest.start()
        else:
            self.start("")

    def start(self, query: str) -> None:
        """Look for this from the beginning; a short transcript is searched at once."""
        self._rest.stop()
        self._query, self._found, self._now = query, [], -1
        self._left = self._view.index.find(query, whole=self._whole)
        self._view.set_found(self._found, -1)
        self._go_on()
        if self._view.index.count <= CHUNK:
            self._go_on()

    def _go_on(self) -> None:
        if self._left is None:
            return
        some = next(self._left, None)
        if some is None:
            self._left = None
            self._timer.stop()
        else:
            self._found.extend(some)
            self._timer.start(0)
        before = self._now
        if before < 0 and self._found:
            chosen = self._view.chosen
            here = bisect_left(self._found, (chosen.first if chosen else 0, 0))
            ahead = here < len(self._found)
            self._now = here if ahead else 0 if some is None else -1
        if self._now != before:
            self._view.set_found(self._found, self._now)
        else:
            self._view.more_found(some or ())
        self.changed.emit()

    def go(self, direction: int) -> None:
        """To the next (1) or previous (-1) place, round at the ends; it is then selected."""
        if self._rest.isActive():
            self.start(self._query)
        elif self._found:
            self._now = (self._now + direction) % len(self._found)
            first, end = self._found[self._now]
            before = self._view.verticalScrollBar().value()
            self._view.set_found(self._found, self._now)
            self._view.select(first, end - 1)
            if self._view.verticalScrollBar().value() != before:
                self._view.break_follow()
            self.changed.emit()

    def spans(self) -> Ranges:
        """The time of everything found, for striking all of it."""
        transcript = self._view.transcript
        return merge(_span(transcript, f, e) for f, e in self._found) if transcript else ()


def _span(transcript: Transcript, first: int, end: int) -> TimeRange:
    """The time of these words alone; quick where no other word is said at the same time."""
    words = transcript.words
    start, stop = words[first].start, words[end - 1].end
    beside = words[max(0, first - 1)], words[min(len(words) - 1, end)]
    apart = (first == 0 or beside[0].end <= start) and (
        end == len(words) or beside[1].start >= stop
    )
    if end - first == 1 and start < stop and apart:
        return TimeRange(start, stop)
    return chosen_between(transcript, first, end - 1).span
