"""Picks, edges, titles and moments of the person's own: what each edit changes, and undo."""

from __future__ import annotations

from array import array
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.edits import Edit, apply
from app.core.history import History
from app.core.moment_edits import (
    MOST_TITLE,
    AddMoment,
    DecideMoments,
    MomentEdit,
    MoveMoment,
    RemoveMoments,
    RenameMoment,
    decided,
    moment_step,
)
from app.core.moments import Moment, Moments, OwnMoment, Pick
from app.core.placed_moments import placed_by_key, placed_moments
from app.core.review import Decisions, Evidence, Footage, Review
from app.core.timerange import TimeRange
from tests.core.speech import INAUGURAL, counting, film, heard, s

FOUND = Moments("a", (Moment(1, TimeRange(1_010_000, 3_020_000), "First"), Moment(2, s(5, 8), "")))


def reviewed(fps: float = 10) -> Review:
    return counting(fps=fps).received(moments=FOUND)


def do(review: Review, *some: Edit) -> Review:
    for edit in some:
        review = apply(review, edit)
    return review


def test_moments_are_picked_rejected_and_undecided_together() -> None:
    review = do(
        reviewed(),
        DecideMoments(("a/1", "a/2", "b/7"), Pick.PICKED),
        DecideMoments(("a/2",), Pick.REJECTED),
    )
    assert review.decisions.picks == {"a/1": Pick.PICKED, "a/2": Pick.REJECTED}
    review = do(review, DecideMoments(("a/1", "a/1"), Pick.UNDECIDED))
    assert review.decisions.picks == {"a/2": Pick.REJECTED}


def test_an_edge_goes_to_the_nearest_frame_and_the_other_one_stays_as_said() -> None:
    review = do(reviewed(), MoveMoment("a/1", TimeRange(1_010_000, 3_460_000)))
    (first, _) = placed_moments(review)
    assert first.span == TimeRange(1_010_000, 3_500_000)
    review = do(review, MoveMoment("a/1", TimeRange(440_000, 3_500_000)))
    assert placed_moments(review)[0].span == s(0.4, 3.5)


def test_an_edge_beyond_the_film_goes_to_its_end() -> None:
    review = do(reviewed(), MoveMoment("a/2", TimeRange(-1, 99_000_000)))
    assert placed_moments(review)[1].span == s(0, 10)


@pytest.mark.parametrize("back", [None, FOUND.items[0].span, s(1, 3)])
def test_a_moment_is_put_back_by_asking_or_by_dragging_it_back(back: TimeRange | None) -> None:
    review = do(reviewed(), MoveMoment("a/1", s(0, 4)), MoveMoment("a/1", back))
    assert review.decisions == Decisions()


def test_a_moment_shorter_than_a_frame_is_none() -> None:
    review = reviewed()
    assert do(review, MoveMoment("a/1", TimeRange(4_010_000, 4_020_000))) is review
    assert do(review, AddMoment(TimeRange(4_010_000, 4_020_000))) is review


def test_own_moments_move_by_their_span_alone() -> None:
    review = do(reviewed(), AddMoment(s(1, 2), "A"), AddMoment(s(2, 3), "B"))
    moved = do(review, MoveMoment("own/2", s(2, 4)))
    assert moved.decisions.own_moments == (
        OwnMoment("own/1", s(1, 2), "A"),
        OwnMoment("own/2", s(2, 4), "B"),
    )
    assert moved.decisions.moment_edges == {}
    assert do(moved, MoveMoment("own/2", None)) is moved


def test_a_new_moment_has_a_number_of_its_own() -> None:
    review = do(counting(), *(AddMoment(s(n, n + 1), str(n)) for n in range(3)))
    review = do(review, RemoveMoments(("own/2", "own/9")), AddMoment(s(5, 6), "5"))
    assert [m.key for m in review.decisions.own_moments] == ["own/1", "own/3", "own/4"]
    odd = replace(review.decisions, own_moments=(OwnMoment("own/x²", s(0, 1), ""),))
    review = do(replace(review, decisions=odd), AddMoment(s(5, 6)))
    assert review.decisions.own_moments[-1].key == "own/1"


def test_a_new_moment_is_called_by_its_first_words() -> None:
    review = Review(Evidence(film(20), heard(INAUGURAL)))
    titled = do(review, AddMoment(s(9, 15)), AddMoment(s(0, 2.2)), AddMoment(s(17.6, 20)))
    assert [m.title for m in titled.decisions.own_moments] == [
        "ask not what your country can",
        "And so, my fellow Americans",
        "Moment 3",
    ]


def test_a_title_has_corrected_words_and_a_bearable_length() -> None:
    words = (("A", 0, 1), ("x" * 300, 1, 2), ("y" * 30, 2, 3), ("z" * 30, 3, 4))
    review = Review(Evidence(film(10), heard(words)))
    review = replace(review, decisions=Decisions(corrections={2: "why"}))
    spans = (s(0, 4), s(1, 4), s(2, 4))
    made = do(review, *(AddMoment(span) for span in spans)).decisions.own_moments
    assert [m.title for m in made] == ["A", "x" * 48, "why " + "z" * 30]
    (long,) = do(review, AddMoment(s(0, 1), " a\n b\t" * 500)).decisions.own_moments
    assert long.title.startswith("a b a b")
    assert len(long.title) <= MOST_TITLE


def test_removing_a_moment_takes_along_what_was_said_of_it() -> None:
    review = do(
        reviewed(),
        AddMoment(s(1, 2)),
        AddMoment(s(3, 4)),
        DecideMoments(("own/1", "own/2", "a/1"), Pick.PICKED),
        RenameMoment("own/1", "Mine"),
        RemoveMoments(("own/1", "a/1")),
    )
    assert [m.key for m in placed_moments(review)] == ["a/1", "a/2", "own/2"]
    assert review.decisions.picks == {"own/2": Pick.PICKED, "a/1": Pick.PICKED}
    assert review.decisions.moment_titles == {}


@pytest.mark.parametrize("back", ["", " \n", "First", " First "])
def test_a_title_is_taken_back_by_a_blank_one_or_the_one_it_had(back: str) -> None:
    review = do(reviewed(), RenameMoment("a/1", " A\nbetter  one "))
    assert review.decisions.moment_titles == {"a/1": "A better one"}
    assert do(review, RenameMoment("a/1", back)).decisions.moment_titles == {}


def test_an_own_moment_gets_its_first_title_back() -> None:
    review = do(counting(), AddMoment(s(1, 2)), RenameMoment("own/1", "Other"))
    assert placed_by_key(review)["own/1"].title == "Other"
    assert placed_by_key(do(review, RenameMoment("own/1", "")))["own/1"].title == "w1"


def test_decisions_on_an_earlier_analysis_come_back_with_it() -> None:
    review = do(
        reviewed(),
        DecideMoments(("a/1",), Pick.PICKED),
        MoveMoment("a/1", s(0, 5)),
        RenameMoment("a/1", "Mine"),
    )
    other = review.received(moments=Moments("b", (Moment(1, s(0, 1), "Else"),)))
    assert placed_moments(other)[0].pick is Pick.UNDECIDED
    for edit in (
        DecideMoments(("a/1",), Pick.UNDECIDED),
        MoveMoment("a/1", None),
        RenameMoment("a/1", ""),
        RemoveMoments(("a/1",)),
    ):
        assert apply(other, edit) is other
    other = do(other, DecideMoments(("b/1",), Pick.REJECTED))
    first = placed_moments(other.received(moments=FOUND))[0]
    assert (first.pick, first.span, first.title) == (Pick.PICKED, s(0, 5), "Mine")


def test_what_is_no_edit_is_a_bug_and_loud() -> None:
    with pytest.raises(AssertionError):
        decided(counting(), object())  # type: ignore[arg-type]
    with pytest.raises(AssertionError):
        moment_step(object())  # type: ignore[arg-type]


times = st.integers(-2_000_000, 12_000_000)
any_span = st.tuples(times, times).map(lambda ab: TimeRange(min(ab), max(ab)))
keys = st.sampled_from(("a/1", "a/2", "b/1", "own/1", "own/2", "own/3", ""))
many = st.lists(keys, max_size=4).map(tuple)
any_edit = st.one_of(
    st.builds(DecideMoments, many, st.sampled_from(Pick)),
    st.builds(MoveMoment, keys, st.none() | any_span),
    st.builds(AddMoment, any_span, st.text(max_size=5)),
    st.builds(RemoveMoments, many),
    st.builds(RenameMoment, keys, st.text(max_size=5)),
)
footages = st.sampled_from(
    (
        film(10, 10),
        film(10),
        Footage(0),
        Footage(-1),
        Footage(9_000_000, array("q", (70_000, 90_000, 4_000_000))),
    )
)


@given(footages, st.lists(any_edit | st.just("undo"), max_size=15))
def test_any_moment_edits_and_undos_lead_back_to_the_start(
    footage: Footage, some: list[MomentEdit | str]
) -> None:
    start = History(reviewed().received(footage=footage))
    history = start
    for step in some:
        history = history.undo() if isinstance(step, str) else history.do(step)
        keys = [m.key for m in placed_moments(history.current)]
        assert len(keys) == len(set(keys))
        for moment in placed_moments(history.current):
            if moment.here_only:
                assert 0 <= moment.span.start < moment.span.end <= footage.duration
                assert moment.title or not moment.own
    while history.past:
        history = history.undo()
    assert history.current.decisions == start.current.decisions


@given(any_edit)
def test_the_same_edit_twice_changes_nothing_more(edit: MomentEdit) -> None:
    once = do(reviewed(), AddMoment(s(2, 4)), edit)
    if not isinstance(edit, AddMoment):
        assert apply(once, edit) is once
