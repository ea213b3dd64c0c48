"""The document of the open video: one door for change, one broadcast after."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.core.carried import let_go
from app.core.cut import Cut, cut
from app.core.edits import Edit, apply
from app.core.history import History
from app.core.proposals import Proposal, proposals
from app.core.review import Decisions, Review, Verdict


class ReviewState(QObject):
    """The current review and its history.

    Signals:
        changed: the review is another one; every pane reads again.
        decided(object): the person's Decisions changed and are to be kept.
        loaded: another document (or none) was opened.
    """

    changed = Signal()
    decided = Signal(object)
    loaded = Signal()

    def __init__(self, warmed: Callable[[Review], Awaitable[None]] | None = None) -> None:
        """warmed: works out what the panes ask of a long film, without holding up the window."""
        super().__init__()
        self._history: History | None = None
        self._warmed = warmed

    @property
    def review(self) -> Review | None:
        """The document, or None while nothing is open."""
        return self._history.current if self._history else None

    @property
    def cut(self) -> Cut | None:
        """What is kept and removed now."""
        return cut(self._history.current) if self._history else None

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """All proposals in time order, decided ones included."""
        return proposals(self._history.current) if self._history else ()

    @property
    def undecided(self) -> tuple[Proposal, ...]:
        """The proposals that nobody has decided yet."""
        return tuple(p for p in self.proposals if p.verdict is Verdict.UNDECIDED)

    @property
    def undo_text(self) -> str:
        """Name of the step that Undo takes back; empty where there is none."""
        return self._history.undo_text if self._history else ""

    @property
    def redo_text(self) -> str:
        """Name of the step that Redo does again; empty where there is none."""
        return self._history.redo_text if self._history else ""

    @property
    def steps(self) -> tuple[str, ...]:
        """Names of all steps, the oldest first; the first `at` are done, the others undone."""
        return self._history.steps if self._history else ()

    @property
    def at(self) -> int:
        """How many of `steps` are done."""
        return self._history.at if self._history else 0

    def load(self, review: Review | None) -> None:
        """Open another document, or none."""
        self._history = History(review) if review else None
        self.loaded.emit()
        self.changed.emit()

    def do(self, edit: Edit) -> None:
        """One decision, one undo step."""
        self._step(lambda history: history.do(edit))

    async def do_warmed(self, edit: Edit) -> None:
        """As `do`, of an edit of which much follows: that is worked out elsewhere before.

        Nothing is done where another document was opened meanwhile.
        """
        before = self.review
        while before is not None:
            review = await asyncio.to_thread(apply, before, edit)
            if self._warmed and review is not before:
                await self._warmed(review)
            if self.review is before:
                self._step(partial(History.do, edit=edit, made=review))
                return
            before = self._of_the_same_film(before)

    def undo(self) -> None:
        """Back to the decisions before the last step."""
        self._step(lambda history: history.undo())

    def redo(self) -> None:
        """Forward to the decisions that were undone."""
        self._step(lambda history: history.redo())

    def go_to(self, at: int) -> None:
        """To the decisions after the first `at` steps, as if undone or redone one by one."""
        self._step(lambda history: history.go_to(at))

    def receive(self, **found: object) -> None:
        """New evidence, outside undo."""
        if self._history:
            self._receive(self._history.current.received(**found))

    async def land(self, **found: object) -> int:
        """As `receive`, once what the panes will ask of it has been worked out elsewhere.

        How many decisions were about words or faces that the new answer does not have. Nothing is
        received where another document was opened meanwhile.
        """
        before = self.review
        while before is not None:
            review = before.received(**found)
            if self._warmed:
                await self._warmed(review)
            if self.review is before:
                return self._receive(review)
            before = self._of_the_same_film(before)
        return 0

    def _of_the_same_film(self, before: Review) -> Review | None:
        """The review of now, to begin once more with: most of it is remembered by then."""
        now = self.review
        same = now is not None and now.evidence.footage is before.evidence.footage
        return now if same else None

    def _receive(self, review: Review) -> int:
        assert self._history
        before = self._history.current.decisions
        self._history = self._history.receive(review)
        self.changed.emit()
        if (after := self._history.current.decisions) is not before:
            self.decided.emit(after)
        return let_go(before, after)

    def _step(self, move: Callable[[History], History]) -> None:
        if not self._history:
            return
        before: Decisions = self._history.current.decisions
        self._history = move(self._history)
        after = self._history.current.decisions
        if after is not before:
            self.changed.emit()
            self.decided.emit(after)
