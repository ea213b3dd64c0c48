"""Undo and redo: the decisions of before, by name; evidence is never part of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.core.carried import Carry, carrier
from app.core.edits import Edit, apply, name
from app.core.review import Decisions, Review

Step = tuple[str, Decisions]
"""Name of an edit and the decisions that it replaced, or that undoing it replaced."""


class History:
    """The current review among all versions of its decisions, the oldest first.

    A value: nothing changes one that exists. Histories that follow one another share the list of
    their versions, so that a step costs the same however many there are.
    """

    def __init__(
        self, current: Review, at: int = 0, end: int = 1, line: _Line | None = None
    ) -> None:
        self.current = current
        self.at = at
        self._end = end
        self._line = line or _Line([""], [(current.decisions, 0)])

    def do(self, edit: Edit, made: Review | None = None) -> History:
        """One more step; the very same history where the edit changes nothing.

        made: what `apply` made of `current` and the edit, where that is known already.
        """
        new = apply(self.current, edit) if made is None else made
        if new is self.current:
            return self
        line = self._line
        # Something is undone, or another history went on from here.
        if self.at + 1 < len(line.names):
            line = line.until(self.at + 1)
        line.append(name(edit), new.decisions)
        return History(new, self.at + 1, self.at + 2, line)

    def undo(self) -> History:
        """The decisions before the last step, over the evidence of now."""
        return self.go_to(self.at - 1)

    def redo(self) -> History:
        """The step that was undone last, done again."""
        return self.go_to(self.at + 1)

    def go_to(self, at: int) -> History:
        """The decisions after the first `at` steps; the very same history where there are none."""
        if at == self.at or not 0 <= at < self._end:
            return self
        there = replace(self.current, decisions=self._line.version(at))
        return History(there, at, self._end, self._line)

    def receive(self, review: Review) -> History:
        """The evidence of `review` under the decisions of now; no step.

        Where it is another answer about the same words or faces, the decisions of every step are
        brought over to it.
        """
        same = review.decisions is self.current.decisions
        current = review if same else replace(self.current, evidence=review.evidence)
        carry = carrier(self.current.evidence, review.evidence)
        line = self._line
        if carry is not None:
            line = line.carried(carry)
            current = replace(current, decisions=line.version(self.at))
        return History(current, self.at, self._end, line)

    @property
    def steps(self) -> tuple[str, ...]:
        """Names of all steps, the oldest first; the first `at` are done, the others undone."""
        return tuple(self._line.names[1 : self._end])

    @property
    def undo_text(self) -> str:
        """Name of the step that undo takes back; empty where there is none."""
        return self._line.names[self.at]

    @property
    def redo_text(self) -> str:
        """Name of the step that redo does again; empty where there is none."""
        return self._line.names[self.at + 1] if self.at + 1 < self._end else ""

    @property
    def past(self) -> tuple[Step, ...]:
        """The steps behind, the oldest first, each with the decisions before it."""
        line = self._line
        return tuple((line.names[k + 1], line.version(k)) for k in range(self.at))

    @property
    def future(self) -> tuple[Step, ...]:
        """The steps that were undone, the latest last, each with the decisions after it."""
        line = self._line
        return tuple((line.names[k], line.version(k)) for k in range(self._end - 1, self.at, -1))


@dataclass(frozen=True, eq=False, slots=True)
class _Line:
    """Versions of the decisions, and the name of the step that led to each; only appended to.

    said: of each the decisions, and how many of `carries` they have been through: a version is
    brought over to another answer when somebody goes back to it, not a thousand of them at once.
    """

    names: list[str]
    said: list[tuple[Decisions, int]]
    carries: tuple[Carry, ...] = ()

    def version(self, at: int) -> Decisions:
        """The decisions after the first `at` steps, as they are over the evidence of now."""
        decisions, done = self.said[at]
        if done < len(self.carries):
            for carry in self.carries[done:]:
                decisions = carry(decisions)
            self.said[at] = decisions, len(self.carries)
        return decisions

    def append(self, name: str, decisions: Decisions) -> None:
        """One more version; only at the end of the line."""
        self.names.append(name)
        self.said.append((decisions, len(self.carries)))

    def until(self, end: int) -> _Line:
        """A line of its own with the first `end` versions."""
        return _Line(self.names[:end], self.said[:end], self.carries)

    def carried(self, carry: Carry) -> _Line:
        """A line of its own whose versions are brought over to another answer."""
        if len(self.said) == 1:
            # Nothing was edited yet: the answer of before need not be kept for it.
            return _Line(list(self.names), [(carry(self.version(0)), 0)])
        return _Line(list(self.names), list(self.said), (*self.carries, carry))
