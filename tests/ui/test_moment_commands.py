"""Judging moments and playing them: what is decided, what is chosen next, what follows what."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication

from app.core.edits import Strike
from app.core.moments import Moment, Moments, Pick
from app.core.review import Review
from app.core.timerange import SECOND, TimeRange
from tests.core.speech import counting, gaps, s
from tests.ui.fake_stage import Desk

SPANS = (s(1, 2), s(3, 5), s(5, 6), s(9, 10))


def found(*spans: TimeRange) -> Moments:
    numbered = enumerate(spans, 1)
    return Moments("a", tuple(Moment(n, span, f"Moment {n}") for n, span in numbered))


def with_moments(*spans: TimeRange) -> Review:
    return counting(fps=25).received(moments=found(*(spans or SPANS)))


@pytest.fixture
def desk(qapp: QApplication) -> Desk:
    """Ten seconds at 25 frames a second, four moments, the last at the film's end."""
    return Desk(with_moments())


def picks(desk: Desk) -> list[str]:
    return [m.pick.value for m in desk.moments.all]


def spans(desk: Desk) -> dict[str, TimeRange]:
    return {m.key: m.span for m in desk.moments.all}


def stopped(desk: Desk, at: float) -> None:
    """Playing ended there, and the stage tells."""
    desk.stage.playing, desk.stage.at = False, round(at * SECOND)
    desk.playback.changed.emit()


def played(desk: Desk) -> list[TimeRange]:
    return [span for span, _ in desk.stage.played]


# Judging


def test_a_decision_is_one_step_and_goes_on_in_the_lists_order(desk: Desk) -> None:
    desk.moments.order = lambda: ("a/3", "a/1", "a/4", "a/2")
    desk.moments.choose("a/3")
    assert desk.stage.at == 5 * SECOND
    desk.do("pick_moment")
    assert desk.selection.moment == "a/1"
    assert desk.stage.at == 1 * SECOND
    desk.do("reject_moment")
    assert desk.selection.moment == "a/4"
    assert picks(desk) == ["rejected", "undecided", "picked", "undecided"]
    desk.do("undo")
    assert picks(desk) == ["undecided", "undecided", "picked", "undecided"]


def test_the_last_one_in_the_list_stays_chosen(desk: Desk) -> None:
    desk.moments.choose("a/4")
    desk.do("pick_moment")
    assert desk.selection.moment == "a/4"
    desk.do("clear_moment")
    assert picks(desk)[3] == "undecided"


def test_several_are_decided_in_one_step_and_the_one_below_them_is_next(desk: Desk) -> None:
    desk.moments.choose("a/1", ("a/1", "a/3"))
    desk.do("pick_moment")
    assert picks(desk) == ["picked", "undecided", "picked", "undecided"]
    assert desk.selection.moments == ("a/4",)
    desk.do("undo")
    assert set(picks(desk)) == {"undecided"}


def test_what_a_filter_hides_is_passed_over(desk: Desk) -> None:
    hidden = {"picked", "rejected"}
    desk.moments.order = lambda: tuple(
        m.key for m in desk.moments.all if m.pick.value not in hidden
    )
    desk.moments.choose("a/1")
    desk.do("pick_moment", "reject_moment", "pick_moment")
    assert desk.selection.moment == "a/4"
    desk.moments.choose("a/2")
    desk.do("clear_moment")
    assert desk.selection.moment == "a/2", "nothing follows one that is not in the list"


def test_with_none_chosen_nothing_is_decided(desk: Desk) -> None:
    desk.do("pick_moment", "play_moment", "put_back_moment", "remove_moment", "new_moment")
    assert desk.review.undo_text == ""
    assert played(desk) == []


def test_a_moment_and_a_proposal_are_never_both_chosen(qapp: QApplication) -> None:
    desk = Desk(with_moments().received(retakes=gaps(s(0, 1), s(2, 10))))
    desk.moments.choose("a/2", ("a/2", "a/3"))
    desk.do("next_proposal")
    assert (desk.selection.moment, desk.selection.moments) == ("", ())
    assert desk.edits.current
    desk.moments.choose("a/2")
    assert desk.selection.proposal == ""
    assert desk.edits.current is None
    assert desk.edits.span == ("a/2", s(3, 5))
    desk.moments.choose("")
    assert desk.edits.span is None


def test_edges_of_the_chosen_moment_go_to_the_playhead_and_by_frames(desk: Desk) -> None:
    desk.moments.choose("a/2")
    desk.stage.at = 4 * SECOND
    desk.do("end_to_playhead")
    assert spans(desk)["a/2"] == s(3, 4)
    desk.do("nudge_start", "nudge_end_10")
    assert spans(desk)["a/2"] == s(2.96, 4.4)
    desk.stage.at = 6 * SECOND
    desk.do("start_to_playhead")
    assert spans(desk)["a/2"] == s(2.96, 4.4), "never past each other"
    desk.do("put_back_moment")
    assert spans(desk)["a/2"] == s(3, 5)
    desk.do("undo", "undo", "undo", "undo")
    assert desk.review.undo_text == ""
    assert spans(desk)["a/2"] == s(3, 5)


def test_an_edge_between_two_frames_moves_at_the_first_nudge(qapp: QApplication) -> None:
    desk = Desk(with_moments(s(2.51, 4.51)))
    desk.moments.choose("a/1")
    desk.do("nudge_end")
    assert spans(desk)["a/1"] == s(2.51, 4.56)
    desk.do("nudge_start")
    assert spans(desk)["a/1"] == s(2.48, 4.56)


def test_a_selection_becomes_an_own_moment_that_is_chosen(desk: Desk) -> None:
    desk.selection.choose_words(s(6.51, 8))
    desk.do("new_moment")
    current = desk.moments.current
    assert current
    assert (current.own, current.span) == (True, s(6.52, 8))
    desk.moments.rename(current.key, "Mine")
    assert desk.moments.current
    assert desk.moments.current.title == "Mine"
    desk.do("remove_moment")
    assert desk.moments.current is None
    desk.do("undo")
    assert desk.moments.current
    desk.do("undo", "undo", "undo")
    assert len(desk.moments.all) == 4


def test_what_is_rendered_are_several_chosen_else_the_picked_else_the_chosen(desk: Desk) -> None:
    def keys() -> list[str]:
        return [m.key for m in desk.moments.to_render]

    desk.moments.order = lambda: ("a/4", "a/3", "a/2", "a/1")
    assert keys() == []
    desk.moments.choose("a/1")
    assert keys() == ["a/1"]
    desk.moments.decide(("a/2", "a/3"), Pick.PICKED)
    assert keys() == ["a/3", "a/2"]
    desk.moments.choose("a/1", ("a/1", "a/4"))
    assert keys() == ["a/4", "a/1"]


# Playing


def test_one_moment_is_played_once(desk: Desk) -> None:
    desk.moments.play("a/2")
    assert desk.stage.played == [(s(3, 5), True)]
    assert desk.selection.moment == "a/2"
    stopped(desk, 4.96)
    assert len(played(desk)) == 1


def test_a_moment_is_looped_until_somebody_pauses(desk: Desk) -> None:
    desk.playback.set_loop(True)
    desk.moments.choose("a/1", ("a/1", "a/2"))
    desk.moments.play("a/2")
    for _ in range(3):
        stopped(desk, 4.96)
    assert played(desk) == [s(3, 5)] * 4
    assert desk.selection.moments == ("a/1", "a/2"), "what is selected stays so"
    stopped(desk, 4)
    desk.stage.playing = True
    desk.playback.changed.emit()
    stopped(desk, 4.96)
    assert len(played(desk)) == 4, "played on by hand it is not looped any more"


def test_the_picked_follow_each_other_in_the_lists_order(desk: Desk) -> None:
    desk.moments.decide(("a/1", "a/3", "a/4"), Pick.PICKED)
    desk.moments.order = lambda: ("a/4", "a/3", "a/2", "a/1")
    desk.do("play_picked")
    stopped(desk, 9.96)
    assert desk.selection.moment == "a/3"
    stopped(desk, 5.96)
    stopped(desk, 1.96)
    assert played(desk) == [s(9, 10), s(5, 6), s(1, 2)]
    desk.playback.set_loop(True)
    desk.do("play_picked")
    for end in (9.96, 5.96, 1.96):
        stopped(desk, end)
    assert played(desk)[3:] == [s(9, 10), s(5, 6), s(1, 2), s(9, 10)]


def test_speed_and_sound_change_nothing_in_the_queue(desk: Desk) -> None:
    desk.moments.decide(("a/1", "a/2"), Pick.PICKED)
    desk.do("play_picked")
    desk.playback.set_rate(2)
    desk.playback.set_muted(True)
    assert played(desk) == [s(1, 2)]
    stopped(desk, 1.96)
    assert played(desk) == [s(1, 2), s(3, 5)]


@pytest.mark.parametrize("at", [0.5, 1.5, 4.0, 9.9])
def test_paused_or_gone_elsewhere_the_next_does_not_begin(desk: Desk, at: float) -> None:
    desk.moments.decide(("a/1", "a/2"), Pick.PICKED)
    desk.playback.set_loop(True)
    desk.do("play_picked")
    stopped(desk, at)
    assert played(desk) == [s(1, 2)]


def test_a_queue_ends_with_its_film(desk: Desk) -> None:
    desk.selection.choose_words(s(1, 2))
    desk.do("new_moment")
    desk.playback.set_loop(True)
    desk.moments.play("own/1")
    desk.playback.is_open = False
    desk.review.load(None)
    desk.review.load(with_moments())
    desk.playback.is_open = True
    desk.do("new_moment")
    stopped(desk, 1.96)
    assert len(played(desk)) == 1


def test_with_preview_a_removed_tail_ends_the_moment_before_its_end(desk: Desk) -> None:
    desk.moments.decide(("a/1", "a/2"), Pick.PICKED)
    desk.edit(Strike(s(1.5, 2)))
    desk.playback.set_preview(True)
    desk.do("play_picked")
    assert desk.stage.played == [(s(1, 2), False)]
    kept = desk.moments._kept(s(1, 2))
    stopped(desk, kept[-1].end / SECOND - 0.04)
    assert played(desk) == [s(1, 2), s(3, 5)]


def test_switching_the_preview_while_it_plays_does_not_end_the_queue(desk: Desk) -> None:
    desk.moments.decide(("a/1", "a/2", "a/3"), Pick.PICKED)
    desk.edit(Strike(s(1.4, 2)))
    desk.do("play_picked")
    desk.playback.set_preview(True)
    stopped(desk, 1.96)
    assert played(desk) == [s(1, 2), s(3, 5)]
    desk.playback.set_preview(False)
    stopped(desk, 4.96)
    assert played(desk)[2:] == [s(5, 6)]


def test_a_moment_of_which_nothing_is_kept_is_passed_over_in_the_preview(desk: Desk) -> None:
    desk.moments.decide(("a/2", "a/4"), Pick.PICKED)
    desk.edit(Strike(s(2.5, 5.5)))
    desk.playback.set_preview(True)
    desk.do("play_picked")
    assert played(desk) == [s(9, 10)]
    desk.playback.set_loop(True)
    desk.moments.play("a/2")
    assert played(desk) == [s(9, 10)]


def test_moving_the_edges_while_it_plays_does_not_end_the_loop(desk: Desk) -> None:
    desk.playback.set_loop(True)
    desk.moments.play("a/2")
    desk.moments.move("a/2", s(3, 7))
    stopped(desk, 4.96)
    assert played(desk) == [s(3, 5), s(3, 7)]


def test_deciding_while_a_queue_plays_plays_the_next_in_the_list(desk: Desk) -> None:
    desk.moments.play("a/1")
    desk.do("reject_moment")
    assert played(desk) == [s(1, 2), s(3, 5)]


@pytest.mark.parametrize("name", ["play_picked", "play_moment", "pick_moment", "new_moment"])
def test_nothing_open_is_nothing_done(qapp: QApplication, name: str) -> None:
    desk = Desk(None)
    do: Callable[..., None] = desk.do
    do(name)
    assert desk.moments.all == ()
    assert desk.moments.current is None
