"""Gestures on the cut: what each does to the document and where it goes next."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from app.core.edits import MoveEdges, Strike
from app.core.review import Verdict
from app.core.timerange import SECOND, TimeRange
from tests.core.speech import counting, gaps, s
from tests.ui.fake_stage import Desk


@pytest.fixture
def desk(qapp: QApplication) -> Desk:
    """Ten words, 25 frames a second, proposals at 1 to 2, 4 to 5 and 7 to 8 s."""
    retakes = gaps(s(0, 1), s(2, 4), s(5, 7), s(8, 10))
    return Desk(counting(fps=25).received(retakes=retakes))


def ids(desk: Desk) -> list[str]:
    return [p.id for p in desk.review.proposals]


def test_a_selection_is_removed_and_restored_in_one_step_each(desk: Desk) -> None:
    desk.selection.choose_words(s(2.9, 3.6))
    desk.do("remove_selection")
    assert desk.review.undo_text == "Remove Selection"
    assert desk.review.review
    assert desk.review.review.decisions.strikes
    desk.do("restore_selection")
    assert not desk.review.review.decisions.strikes
    desk.do("undo", "undo")
    assert desk.review.undo_text == ""


def test_an_empty_selection_does_nothing(desk: Desk) -> None:
    desk.do("remove_selection")
    desk.do("mark_in", "mark_out", "remove_selection")
    assert desk.review.undo_text == ""


def test_marks_are_set_at_the_playhead_and_cleared(desk: Desk) -> None:
    desk.stage.at = 2 * SECOND
    desk.do("mark_in")
    desk.stage.at = 3 * SECOND
    desk.do("mark_out")
    assert desk.selection.span == s(2, 3)
    desk.do("clear_marks")
    assert desk.selection.span is None


def test_next_and_previous_begin_at_the_playhead_and_go_round(desk: Desk) -> None:
    first, second, third = ids(desk)
    desk.stage.at = 3 * SECOND
    desk.do("next_proposal")
    assert desk.selection.proposal == second
    assert desk.stage.at == desk.review.proposals[1].range.start
    desk.do("next_proposal", "next_proposal")
    assert desk.selection.proposal == first
    desk.do("previous_proposal")
    assert desk.selection.proposal == third
    desk.selection.choose_proposal("")
    desk.stage.at = 3 * SECOND
    desk.do("previous_proposal")
    assert desk.selection.proposal == first
    desk.selection.choose_proposal("")
    desk.stage.at = 9 * SECOND
    desk.do("previous_proposal")
    assert desk.selection.proposal == third


def test_a_decision_goes_on_to_the_next_undecided_and_round_to_the_first(desk: Desk) -> None:
    first, second, third = ids(desk)
    desk.edits.choose(second)
    desk.do("accept_proposal")
    assert desk.selection.proposal == third
    desk.do("restore_proposal")
    assert desk.selection.proposal == first
    desk.do("accept_proposal")
    assert desk.selection.proposal == first
    verdicts = [p.verdict for p in desk.review.proposals]
    assert verdicts == [Verdict.ACCEPTED, Verdict.ACCEPTED, Verdict.RESTORED]


def test_what_is_removed_is_split_under_the_playhead_only(desk: Desk) -> None:
    desk.stage.at = 3 * SECOND
    desk.do("split")
    assert desk.review.undo_text == ""
    desk.edit(Strike(s(5, 6.6)))
    desk.stage.at = round(5.9 * SECOND)
    assert desk.edits.can_split
    desk.do("split")
    assert desk.review.undo_text == "Split at Playhead"


def chosen_range(desk: Desk) -> TimeRange:
    assert desk.edits.span
    return desk.edits.span[1]


def test_edges_go_to_the_playhead_but_never_past_each_other(desk: Desk) -> None:
    desk.edits.choose(ids(desk)[1])
    desk.edits.move_edges(ids(desk)[1], s(4, 4.8))
    before = chosen_range(desk)
    desk.stage.at = before.end + SECOND
    desk.do("start_to_playhead")
    assert chosen_range(desk) == before
    desk.stage.at = round(3.8 * SECOND)
    desk.do("start_to_playhead")
    assert desk.review.undo_text == "Move Edge"
    assert chosen_range(desk).start == desk.stage.at


def test_nudges_count_frames(desk: Desk) -> None:
    chosen = ids(desk)[1]
    desk.edits.choose(chosen)
    desk.edit(MoveEdges(chosen, s(4, 4.52)))
    assert chosen_range(desk) == s(4, 4.52)
    desk.do("nudge_start")
    assert chosen_range(desk) == s(3.96, 4.52)
    desk.do("nudge_end_10")
    assert chosen_range(desk) == s(3.96, 4.92)


def test_a_nudge_reaches_the_films_end_and_never_goes_back_from_it(desk: Desk) -> None:
    desk.edit(Strike(s(9, 10)))
    review = desk.review.review
    assert review
    strike = review.decisions.strikes[0]
    desk.selection.choose_proposal(f"strike-{strike.start}-{strike.end}")
    desk.edits.move_edges(desk.selection.proposal, s(9, 9.9))
    desk.do("nudge_end_10")
    desk.do("nudge_end")
    assert chosen_range(desk).end == 10 * SECOND


def test_nothing_open_is_nothing_done(qapp: QApplication) -> None:
    desk = Desk(None)
    for action in desk.edits.table():
        desk.do(action)
    assert desk.review.review is None
