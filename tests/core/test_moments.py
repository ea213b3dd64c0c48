"""Moments as values: whose they are, and where they can be rendered."""

from __future__ import annotations

from app.core.moments import Moment, Moments, PlacedMoment
from tests.core.speech import s


def test_the_same_number_of_another_analysis_is_another_moment() -> None:
    moment = Moment(3, s(1, 2), "Three")
    assert Moments("a", (moment,)).key_of(moment) == "a/3"
    assert Moments("b", (moment,)).key_of(moment) == "b/3"


def test_only_a_moment_as_the_service_said_it_can_be_rendered_by_the_service() -> None:
    as_said = PlacedMoment("a/1", 1, s(1, 2), s(1, 2), "One")
    moved = PlacedMoment("a/1", 1, s(1, 3), s(1, 2), "One")
    own = PlacedMoment("own/1", None, s(1, 3), None, "Mine")
    assert [(m.own, m.moved, m.here_only) for m in (as_said, moved, own)] == [
        (False, False, False),
        (False, True, True),
        (True, False, True),
    ]
