"""What is chosen: words before marks, told only when it is another choice."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from app.core.timerange import SECOND
from app.state.selection_state import SelectionState
from tests.core.speech import s


def made() -> tuple[SelectionState, list[None]]:
    state, told = SelectionState(), list[None]()
    state.changed.connect(lambda: told.append(None))
    return state, told


def test_words_come_before_marks_and_marks_may_be_set_the_wrong_way_round(
    qapp: QApplication,
) -> None:
    state, _ = made()
    state.mark(5 * SECOND, None)
    assert not state.span
    state.mark(5 * SECOND, 2 * SECOND)
    assert state.span == s(2, 5)
    state.choose_words(s(7, 8))
    assert state.span == s(7, 8)


def test_the_same_choice_again_is_not_told(qapp: QApplication) -> None:
    state, told = made()
    for _ in range(2):
        state.choose_words(s(7, 8))
        state.choose_proposal("p")
    assert len(told) == 2


def test_clearing_leaves_nothing_chosen(qapp: QApplication) -> None:
    state, told = made()
    state.choose_words(s(7, 8))
    state.mark(0, 1)
    state.choose_proposal("p")
    told.clear()
    state.clear()
    assert (state.span, state.mark_in, state.mark_out, state.proposal) == (None, None, None, "")
    assert len(told) == 1


def test_a_moment_and_a_proposal_take_each_others_place(qapp: QApplication) -> None:
    state, told = made()
    state.choose_proposal("p")
    state.choose_moment("a/1", ("a/1", "a/2"))
    assert (state.proposal, state.moment, state.moments) == ("", "a/1", ("a/1", "a/2"))
    state.choose_moment("a/1", ("a/1", "a/2"))
    assert len(told) == 2
    state.choose_proposal("p")
    assert (state.proposal, state.moment, state.moments) == ("p", "", ())
    state.choose_moment("")
    assert (state.proposal, len(told)) == ("p", 3)
    state.choose_moment("a/2")
    assert state.moments == ("a/2",)


def test_a_person_is_chosen_beside_everything_else(qapp: QApplication) -> None:
    state, told = made()
    state.choose_moment("a/1")
    state.choose_person("cluster-1")
    state.choose_person("cluster-1")
    assert (state.moment, state.person, len(told)) == ("a/1", "cluster-1", 2)
    state.clear()
    assert (state.moment, state.moments, state.person) == ("", (), "")
