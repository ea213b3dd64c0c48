"""The open film: its project on disk, what was probed, and what is kept of it as it changes."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QObject, Signal

from app.core.memo import forget
from app.core.review import Decisions
from app.state.opening import Opened
from app.state.review_state import ReviewState


class FilmState(QObject):
    """The one film that is open, or none.

    Signals:
        changed: another film was opened or the last one closed.
        notice(str): a sentence about what is not kept, or is again; emitted by the store's thread.
    """

    changed = Signal()
    notice = Signal(str)

    def __init__(self, review: ReviewState) -> None:
        super().__init__()
        self.opened: Opened | None = None
        self._review = review
        review.decided.connect(self._keep)

    async def show(self, opened: Opened) -> None:
        """Make it the open film; the caller has closed the one before.

        The document is told first and the film in a turn of its own: a long one has much to show.
        """
        self.opened = opened
        self._review.load(opened.review)
        await asyncio.sleep(0)
        if self.opened is opened:
            self.changed.emit()

    async def close(self) -> None:
        """Write the rest down and let go of the project; raises StoreError where that fails."""
        opened, self.opened = self.opened, None
        if opened:
            # At once: a decision made while the disk is waited for could not be kept.
            self._review.load(None)
            try:
                await asyncio.to_thread(opened.project.close)
            finally:
                self.changed.emit()
        # What was worked out for it is not asked for any more.
        forget()

    def _keep(self, decisions: object) -> None:
        if self.opened and isinstance(decisions, Decisions):
            # Failures reach the person through the store's own notice.
            self.opened.project.save_decisions(decisions)

    def notice_from_any_thread(self, sentence: str) -> None:
        """What the store says; Qt brings it to the GUI thread."""
        self.notice.emit(sentence)
