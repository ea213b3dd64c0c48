"""Which spans are played."""

from app.core.timerange import TimeRange
from app.playback.plan import Plan

KEEP = (TimeRange(0, 30), TimeRange(50, 100))
PLAN = Plan(100, KEEP)


def test_without_preview_everything_is_played() -> None:
    assert PLAN.spans == (TimeRange(0, 100),)


def test_preview_plays_what_is_kept() -> None:
    assert PLAN.with_preview(True).spans == KEEP


def test_going_into_a_removed_span_plays_it_too_and_going_elsewhere_ends_that() -> None:
    plan = PLAN.with_preview(True).gone_to(40)
    assert plan.spans == (TimeRange(0, 100),)
    assert plan.gone_to(60).spans == KEEP


def test_switching_the_preview_on_ends_a_suspension() -> None:
    assert PLAN.gone_to(40).with_preview(True).spans == KEEP


def test_a_suspension_follows_the_cut() -> None:
    plan = PLAN.with_preview(True).gone_to(40)
    assert plan.with_cut((TimeRange(60, 80),), 40).spans == (TimeRange(0, 80),)
    assert plan.with_cut((TimeRange(35, 80),), 40).spans == (TimeRange(35, 80),)


def test_a_new_cut_over_the_place_suspends_nothing() -> None:
    assert PLAN.with_preview(True).with_cut((TimeRange(60, 80),), 40).spans == (TimeRange(60, 80),)


def test_a_range_is_played_with_or_without_what_is_removed_in_it() -> None:
    span = TimeRange(20, 60)
    assert PLAN.with_range(span, True).spans == (span,)
    assert PLAN.with_range(span, False).spans == (TimeRange(20, 30), TimeRange(50, 60))
    assert PLAN.with_range(TimeRange(90, 200), True).spans == (TimeRange(90, 100),)


def test_after_a_removed_take_one_stands_in_it_on_purpose() -> None:
    plan = PLAN.with_preview(True).with_range(TimeRange(30, 50), True).ended_at(49)
    assert plan.span is None
    assert plan.suspended == TimeRange(30, 50)
