"""What is chosen in the window: a stretch, marks, a proposal, moments; no part of the document."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.core.timerange import TimeRange


class SelectionState(QObject):
    """The choice that edits act on; undo does not cover it.

    Signals:
        changed: another stretch, mark, proposal or moment is chosen.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.words: TimeRange | None = None
        self.mark_in: int | None = None
        self.mark_out: int | None = None
        self._marked: TimeRange | None = None
        self.proposal: str = ""
        self.moment: str = ""
        self.moments: tuple[str, ...] = ()
        self.person: str = ""

    @property
    def span(self) -> TimeRange | None:
        """What Remove and Restore act on: the selected words, else the marks."""
        if self.words is not None:
            return self.words
        return self._marked

    def choose_words(self, span: TimeRange | None) -> None:
        """Select a stretch of words, or nothing."""
        if span != self.words:
            self.words = span
            self.changed.emit()

    def mark(self, mark_in: int | None, mark_out: int | None) -> None:
        """Set both marks; None clears one."""
        self.mark_in, self.mark_out = mark_in, mark_out
        self._marked = None
        if mark_in is not None and mark_out is not None:
            self._marked = TimeRange(min(mark_in, mark_out), max(mark_in, mark_out))
        self.changed.emit()

    def choose_proposal(self, proposal: str) -> None:
        """Make a proposal (or a strike) the current one, by id; "" for none."""
        if proposal != self.proposal:
            self.proposal = proposal
            if proposal:
                self.moment, self.moments = "", ()
            self.changed.emit()

    def choose_moment(self, moment: str, among: tuple[str, ...] = ()) -> None:
        """Make a moment the current one, by key; "" for none. among: all that are selected.

        Edges and keys act on one thing: a proposal is then no longer chosen.
        """
        among = among or ((moment,) if moment else ())
        if (moment, among) != (self.moment, self.moments):
            self.moment, self.moments = moment, among
            if moment:
                self.proposal = ""
            self.changed.emit()

    def choose_person(self, person: str) -> None:
        """The one person shown and followed, by key; "" for everyone."""
        if person != self.person:
            self.person = person
            self.changed.emit()

    def clear(self) -> None:
        """Nothing is chosen; when another video is opened."""
        self.words = self.mark_in = self.mark_out = self._marked = None
        self.proposal = self.moment = self.person = ""
        self.moments = ()
        self.changed.emit()
