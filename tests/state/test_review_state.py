"""The document's one door: what is told when, and what undo covers."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from app.core.also_find import AlsoFind
from app.core.edits import AcceptAll, CorrectWord, Decide, FindAlso, Strike
from app.core.review import Decisions, Review, Verdict
from app.state.review_state import ReviewState
from tests.core.speech import counting, gaps, s


class Heard:
    """Counts what a ReviewState tells."""

    def __init__(self, state: ReviewState) -> None:
        self.changed = 0
        self.loaded = 0
        self.decided: list[Decisions] = []
        state.changed.connect(self._changed)
        state.loaded.connect(self._loaded)
        state.decided.connect(self.decided.append)

    def _changed(self) -> None:
        self.changed += 1

    def _loaded(self) -> None:
        self.loaded += 1


@pytest.fixture
def state(qapp: QApplication) -> ReviewState:
    """Ten words in ten seconds."""
    made = ReviewState()
    made.load(counting())
    return made


def test_an_edit_is_told_once_and_its_decisions_are_to_be_kept(state: ReviewState) -> None:
    heard = Heard(state)
    state.do(Strike(s(2, 3)))
    assert heard.changed == 1
    assert len(heard.decided) == 1
    assert state.review is not None
    assert heard.decided[0] is state.review.decisions


def test_an_edit_that_changes_nothing_is_not_told(state: ReviewState) -> None:
    heard = Heard(state)
    state.do(AcceptAll())
    state.do(Decide(("no such proposal",), Verdict.ACCEPTED))
    state.undo()
    state.redo()
    assert (heard.changed, heard.decided) == (0, [])
    assert state.undo_text == ""


def test_undo_and_redo_are_told_with_the_decisions_of_then(state: ReviewState) -> None:
    state.do(Strike(s(2, 3)))
    heard = Heard(state)
    assert state.undo_text == "Remove Selection"
    state.undo()
    assert not heard.decided[-1].strikes
    assert state.redo_text == "Remove Selection"
    state.redo()
    assert list(heard.decided[-1].strikes) == [s(2, 3)]
    assert heard.changed == 2


def test_any_step_can_be_gone_to_and_is_told_once(state: ReviewState) -> None:
    for start in (1, 3, 5):
        state.do(Strike(s(start, start + 1)))
    heard = Heard(state)
    assert (state.steps, state.at) == (("Remove Selection",) * 3, 3)
    state.go_to(1)
    assert (state.at, len(state.steps)) == (1, 3)
    assert [list(said.strikes) for said in heard.decided] == [[s(1, 2)]]
    state.go_to(1)
    state.go_to(9)
    assert heard.changed == 1
    state.go_to(3)
    assert state.redo_text == ""


def test_what_is_received_is_told_and_is_no_step_of_undo(state: ReviewState) -> None:
    state.do(Strike(s(2, 3)))
    heard = Heard(state)
    state.receive(retakes=gaps(s(0, 5), s(6, 10)))
    assert (heard.changed, heard.decided) == (1, [])
    assert len(state.undecided) == 1
    state.undo()
    assert len(state.proposals) == 1
    assert state.undo_text == ""


def test_decisions_that_another_answer_moves_are_told_to_be_kept(state: ReviewState) -> None:
    assert state.review
    said = state.review.evidence.transcript
    assert said
    state.do(CorrectWord(2, "right"))
    heard = Heard(state)
    state.receive(transcript=replace(said, words=(replace(said.words[0], end=1), *said.words)))
    assert [dict(d.corrections) for d in heard.decided] == [{3: "right"}]
    assert heard.changed == 1
    assert state.undo_text == "Correct Word"


def test_another_document_has_a_history_of_its_own(state: ReviewState) -> None:
    state.do(Strike(s(2, 3)))
    heard = Heard(state)
    state.load(counting(4))
    assert (heard.loaded, heard.changed, heard.decided) == (1, 1, [])
    assert state.undo_text == ""


def test_without_a_document_nothing_is_done(qapp: QApplication) -> None:
    state = ReviewState()
    heard = Heard(state)
    state.do(Strike(s(2, 3)))
    state.undo()
    state.redo()
    state.receive(retakes=gaps())
    assert (heard.changed, state.review, state.cut, state.proposals) == (0, None, None, ())
    assert (state.undo_text, state.redo_text, state.undecided) == ("", "", ())
    state.go_to(1)
    assert (state.steps, state.at) == ((), 0)


def test_what_lands_is_received_once_it_was_looked_at_elsewhere(state: ReviewState) -> None:
    looked_at: list[Review] = []

    async def warmed(review: Review) -> None:
        looked_at.append(review)

    landing = ReviewState(warmed)
    landing.load(counting())
    heard = Heard(landing)
    asyncio.run(landing.land(retakes=gaps(s(0, 5), s(6, 10))))
    assert heard.changed == 1
    assert landing.review is looked_at[0], "what was worked out is asked of the same document"
    asyncio.run(state.land(retakes=gaps(s(0, 5), s(6, 10))))
    assert state.proposals == landing.proposals


def test_a_decision_while_something_lands_is_kept(state: ReviewState) -> None:
    looked_at: list[Review] = []

    async def warmed(review: Review) -> None:
        looked_at.append(review)
        if len(looked_at) == 1:
            landing.do(Strike(s(2, 3)))

    landing = ReviewState(warmed)
    landing.load(counting())
    asyncio.run(landing.land(retakes=gaps(s(0, 5), s(6, 10))))
    assert landing.review is looked_at[1]
    assert landing.undo_text
    assert landing.review.evidence.retakes
    assert len(landing.review.decisions.strikes) == 1


@pytest.mark.parametrize("other", [None, counting()], ids=["none", "another"])
def test_nothing_lands_in_another_document_or_in_none(other: Review | None) -> None:
    async def warmed(_review: Review) -> None:
        landing.load(other)

    landing = ReviewState(warmed)
    landing.load(counting())
    asyncio.run(landing.land(retakes=gaps(s(0, 5), s(6, 10))))
    assert landing.review is other


def test_without_a_document_nothing_lands() -> None:
    empty = ReviewState()
    asyncio.run(empty.land(retakes=gaps(s(0, 5), s(6, 10))))
    assert empty.review is None


PAUSES = FindAlso(AlsoFind(pauses_over=300_000))


def test_an_edit_of_which_much_follows_is_done_once_that_was_worked_out() -> None:
    looked_at: list[Review] = []

    async def warmed(review: Review) -> None:
        looked_at.append(review)

    state = ReviewState(warmed)
    state.load(counting())
    heard = Heard(state)
    asyncio.run(state.do_warmed(PAUSES))
    assert (heard.changed, len(heard.decided)) == (1, 1)
    assert state.review is looked_at[0], "what was worked out is asked of the same document"
    assert state.steps == ("Find Pauses",)
    asyncio.run(state.do_warmed(PAUSES))
    assert (heard.changed, len(looked_at)) == (1, 1), "once more, it changes nothing"
    state.undo()
    assert state.review.decisions.also == AlsoFind()


def test_a_decision_before_such_an_edit_is_done_is_a_step_before_it() -> None:
    async def warmed(_review: Review) -> None:
        if not state.steps:
            state.do(Strike(s(2, 3)))

    state = ReviewState(warmed)
    state.load(counting())
    asyncio.run(state.do_warmed(PAUSES))
    assert state.steps[1:] == ("Find Pauses",)
    assert state.review is not None
    assert len(state.review.decisions.strikes) == 1


@pytest.mark.parametrize("other", [None, counting()], ids=["none", "another"])
def test_such_an_edit_is_not_done_in_another_document_or_in_none(other: Review | None) -> None:
    async def warmed(_review: Review) -> None:
        state.load(other)

    state = ReviewState(warmed)
    state.load(counting())
    asyncio.run(state.do_warmed(PAUSES))
    assert state.review is other
    assert state.steps == ()


def test_without_a_document_and_without_preparation_such_an_edit_is_plain(
    state: ReviewState,
) -> None:
    asyncio.run(state.do_warmed(PAUSES))
    assert state.steps == ("Find Pauses",)
    empty = ReviewState()
    asyncio.run(empty.do_warmed(PAUSES))
    assert empty.review is None
