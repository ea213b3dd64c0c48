"""What the playback keys ask of the player."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from app.core.edits import Strike
from app.core.review import Verdict
from app.core.scenes import Scenes
from app.core.timerange import SECOND, TimeRange
from tests.core.speech import counting, gaps, s
from tests.ui.fake_stage import Desk


@pytest.fixture
def desk(qapp: QApplication) -> Desk:
    """Ten words, 25 frames a second, one explained proposal at 4 to 5 s, scenes from 3 and 6 s."""
    retakes = gaps(s(0, 4), s(5, 10), said_again={s(4, 5): s(6, 7)})
    scenes = Scenes.of((3 * SECOND, 6 * SECOND), 10 * SECOND)
    return Desk(counting(fps=25).received(retakes=retakes, scenes=scenes))


def test_l_plays_then_goes_faster_and_k_pauses(desk: Desk) -> None:
    desk.do("faster")
    assert (desk.stage.playing, desk.stage.rate) == (True, 1.0)
    desk.do("faster", "faster", "faster", "faster", "faster")
    assert desk.stage.rate == 3.0
    desk.do("pause")
    assert not desk.stage.playing
    desk.do("pause")
    assert not desk.stage.playing


def test_j_goes_slower_and_at_normal_speed_back_two_seconds(desk: Desk) -> None:
    desk.stage.at = 5 * SECOND
    desk.playback.set_rate(1.25)
    desk.do("slower_or_back")
    assert (desk.stage.rate, desk.stage.at) == (1.0, 5 * SECOND)
    desk.do("slower_or_back", "slower_or_back", "slower_or_back")
    assert desk.stage.at == 0


def test_jumps_stay_inside_the_film(desk: Desk) -> None:
    desk.do("on_30")
    assert desk.stage.at == 9_960_000
    desk.do("back_1")
    assert desk.stage.at == 8_960_000
    desk.do("go_to_end")
    assert desk.stage.at == 9_960_000
    desk.do("go_to_start", "next_frame", "previous_frame")
    assert (desk.stage.at, desk.stage.steps) == (0, [1, -1])


def test_the_start_of_a_preview_is_the_first_kept_frame(desk: Desk) -> None:
    desk.review.do(Strike(TimeRange(0, 2 * SECOND)))
    cut = desk.review.cut
    assert cut
    assert cut.keep[0].start > 0
    desk.stage.at = 5 * SECOND
    desk.do("go_to_start")
    assert desk.stage.at == 0
    desk.playback.set_preview(True)
    desk.do("go_to_start")
    assert desk.stage.at == cut.keep[0].start


def test_edits_and_scenes_are_stepped_through_and_the_ends_hold(desk: Desk) -> None:
    cut = desk.review.cut
    assert cut
    edit = cut.removed[0].range
    desk.do("next_edit")
    assert desk.stage.at == edit.start
    desk.do("next_edit", "next_edit")
    assert desk.stage.at == edit.end
    desk.do("previous_edit", "previous_edit")
    assert desk.stage.at == edit.start
    desk.do("next_scene", "next_scene")
    assert desk.stage.at == 6 * SECOND
    desk.do("previous_scene", "previous_scene", "previous_scene")
    assert desk.stage.at == 0


def test_a_proposal_is_heard_around_itself_and_as_the_take_that_stays(desk: Desk) -> None:
    proposal = desk.review.proposals[0]
    desk.do("play_kept")
    assert not desk.stage.played
    desk.plays.play_range_of(proposal.id, around=True)
    desk.plays.play_range_of(proposal.id, around=False)
    desk.do("play_kept")
    around, removed, kept = desk.stage.played
    assert (around[0].start, around[1]) == (proposal.range.start - 2 * SECOND, False)
    assert around[0].end == proposal.range.end + 2 * SECOND
    assert removed == (proposal.range, True)
    assert kept == (s(6, 7), False)


def test_without_a_choice_the_nearest_edit_is_played(desk: Desk) -> None:
    desk.edit(Strike(s(8.9, 9.6)))
    desk.stage.at = 9 * SECOND
    desk.do("play_around")
    assert desk.stage.played[0][0].end == 10 * SECOND


def end(desk: Desk, at: float) -> None:
    """Playing comes to the end of what is played."""
    desk.playback._take_state()
    desk.stage.playing, desk.stage.at = False, round(at * SECOND)
    desk.playback._take_state()


def test_looped_the_stretch_around_an_edit_follows_the_edges_of_that_edit(desk: Desk) -> None:
    desk.edit(Strike(s(8.9, 9.6)))
    desk.playback.set_loop(True)
    desk.stage.at = 4 * SECOND
    desk.do("play_around")
    first = desk.stage.played[0][0]
    end(desk, first.end / SECOND - 0.04)
    assert desk.stage.played[1][0] == first, "the other edit is nearer now, and is not meant"
    proposal = desk.review.proposals[0]
    desk.edits.move_edges(proposal.id, s(4, 4.48))
    end(desk, first.end / SECOND - 0.04)
    moved = desk.stage.played[2][0]
    assert moved.end == desk.review.proposals[0].range.end + 2 * SECOND < first.end
    desk.do("undo", "pause")
    end(desk, 6.44)
    assert len(desk.stage.played) == 3


def test_looped_the_removed_take_ends_where_it_is_not_removed_any_more(desk: Desk) -> None:
    desk.edit(Strike(s(8.9, 9.6)))
    desk.playback.set_loop(True)
    desk.stage.at = 4 * SECOND
    desk.do("play_removed")
    desk.edits.decide((desk.review.proposals[0].id,), Verdict.RESTORED)
    end(desk, 4.96)
    assert len(desk.stage.played) == 1
    assert not desk.stage.playing


def test_loudness_stays_in_its_bounds_and_is_told_to_who_remembers_it(desk: Desk) -> None:
    told: list[int] = []
    changed: list[int] = []
    desk.plays.volume_changed = told.append
    desk.playback.changed.connect(lambda: changed.append(desk.plays.volume))
    desk.do("louder", "quieter")
    assert (told, changed, desk.stage.volume) == ([100, 90], [100, 90], 90)
    desk.plays.set_volume(-5)
    assert desk.stage.volume == 0


def test_nothing_open_is_nothing_played(qapp: QApplication) -> None:
    desk = Desk(None)
    for action in desk.plays.table():
        desk.do(action)
    assert not desk.stage.playing
    assert not desk.stage.played
