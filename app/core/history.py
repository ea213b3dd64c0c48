"""Undo and redo: the decisions of before, by name; evidence is never part of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.core.edits import Edit, apply, name
from app.core.review import Decisions, Review

Step = tuple[str, Decisions]
"""Name of an edit and the decisions that it replaced, or that undoing it replaced."""


@dataclass(frozen=True)
class History:
    """The current review, the steps behind it (oldest first) and those undone (latest last)."""

    current: Review
    past: tuple[Step, ...] = ()
    future: tuple[Step, ...] = ()

    def do(self, edit: Edit) -> History:
        """One more step; the very same history where the edit changes nothing."""
        new = apply(self.current, edit)
        if new is self.current:
            return self
        return History(new, (*self.past, (name(edit), self.current.decisions)))

    def undo(self) -> History:
        """The decisions before the last step, over the evidence of now."""
        if not self.past:
            return self
        step, before = self.past[-1]
        undone = (step, self.current.decisions)
        return History(
            replace(self.current, decisions=before), self.past[:-1], (*self.future, undone)
        )

    def redo(self) -> History:
        """The step that was undone last, done again."""
        if not self.future:
            return self
        step, after = self.future[-1]
        done = (step, self.current.decisions)
        return History(replace(self.current, decisions=after), (*self.past, done), self.future[:-1])

    def receive(self, review: Review) -> History:
        """The evidence of `review` under the decisions of now; no step."""
        return replace(self, current=replace(self.current, evidence=review.evidence))

    @property
    def undo_text(self) -> str:
        """Name of the step that undo takes back; empty where there is none."""
        return self.past[-1][0] if self.past else ""

    @property
    def redo_text(self) -> str:
        """Name of the step that redo does again; empty where there is none."""
        return self.future[-1][0] if self.future else ""
