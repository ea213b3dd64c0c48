"""Moments as a window shows them: in order, under the person's decisions, remembered."""

from __future__ import annotations

from dataclasses import replace

from app.core import edits as e
from app.core.moment_edits import AddMoment, DecideMoments, MoveMoment, RenameMoment
from app.core.moments import Moment, Moments, Pick
from app.core.placed_moments import placed_by_key, placed_moments
from app.core.review import Review
from tests.core.speech import counting, s

FOUND = Moments(
    "a",
    (
        Moment(2, s(5, 8), "Two", "Why", 91.5, (("tiktok", 80.0),), ("tag",)),
        Moment(1, s(1, 3), "One"),
    ),
)


def reviewed() -> Review:
    return counting().received(moments=FOUND)


def test_without_an_answer_and_own_moments_there_are_none() -> None:
    assert placed_moments(counting()) == ()


def test_the_services_come_in_its_order_and_then_the_persons() -> None:
    review = e.apply(reviewed(), AddMoment(s(0, 2), "Mine"))
    review = e.apply(review, AddMoment(s(0, 1), "Mine too"))
    assert [m.key for m in placed_moments(review)] == ["a/2", "a/1", "own/1", "own/2"]
    two = placed_moments(review)[0]
    assert (two.number, two.span, two.said, two.title) == (2, s(5, 8), s(5, 8), "Two")
    assert (two.description, two.score, two.channels, two.tags) == (
        "Why",
        91.5,
        (("tiktok", 80.0),),
        ("tag",),
    )


def test_what_the_person_decided_lies_over_what_the_service_said() -> None:
    review = reviewed()
    for edit in (
        DecideMoments(("a/2", "own/1"), Pick.PICKED),
        MoveMoment("a/2", s(4, 9)),
        RenameMoment("a/2", "Better"),
        AddMoment(s(0, 2), "Mine"),
        DecideMoments(("own/1",), Pick.REJECTED),
        RenameMoment("own/1", "Ours"),
    ):
        review = e.apply(review, edit)
    two, one, own = placed_moments(review)
    assert (two.pick, two.span, two.said, two.title) == (Pick.PICKED, s(4, 9), s(5, 8), "Better")
    assert (one.pick, one.moved) == (Pick.UNDECIDED, False)
    assert (own.pick, own.said, own.number, own.title) == (Pick.REJECTED, None, None, "Ours")


def test_a_number_that_comes_twice_is_the_first_moment_of_that_number() -> None:
    twice = Moments("a", (Moment(1, s(1, 2), "First"), Moment(1, s(3, 4), "Second")))
    (only,) = placed_moments(counting().received(moments=twice))
    assert only.title == "First"


def test_other_edits_and_other_answers_give_the_very_same_tuple_back() -> None:
    review = reviewed()
    before = placed_moments(review)
    struck = e.apply(e.apply(review, e.Strike(s(2, 3))), e.CorrectWord(1, "one"))
    assert placed_moments(struck.received(transcript=None)) is before
    assert placed_by_key(struck) is placed_by_key(review)
    assert placed_moments(replace(review)) is before
