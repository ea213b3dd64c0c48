"""Every decision as data: what it changes, what it leaves alone, and what undo calls it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import cut_edits, marker_edits, people_edits, strike_edits, text_edits
from app.core import edits as e
from app.core import moment_edits as m
from app.core.also_find import AlsoFind
from app.core.cut import WordState, cut, word_states
from app.core.history import History
from app.core.moments import Moment, Moments, Pick
from app.core.pieces import piece_of
from app.core.proposals import proposals, strike_spans
from app.core.review import Decisions, Review, Verdict
from app.core.timerange import Ranges, TimeRange
from tests.core import any_edits
from tests.core.speech import counting, gaps, s

TWO = gaps(s(0, 2.7), s(3.8, 5.7), s(6.8, 10))
FOUND = Moments("a", (Moment(1, s(1, 3), "First"), Moment(2, s(5, 8), "Second")))


def reviewed() -> Review:
    return counting().received(retakes=TWO, moments=FOUND)


def do(review: Review, *some: e.Edit) -> Review:
    for edit in some:
        review = e.apply(review, edit)
    return review


def removed(review: Review) -> Ranges:
    return tuple(r.range for r in cut(review).removed)


def kept_words(review: Review) -> list[int]:
    return [i for i, x in enumerate(word_states(review)) if x is WordState.KEPT]


@pytest.mark.parametrize(
    ("edit", "name"),
    [
        (e.Decide(("a",), Verdict.ACCEPTED), "Accept Proposal"),
        (e.Decide(("a", "b"), Verdict.RESTORED), "Restore 2 Proposals"),
        (e.Decide(("a",), Verdict.UNDECIDED), "Reopen Proposal"),
        (e.AcceptAll(), "Accept All"),
        (e.Strike(s(0, 1)), "Remove Selection"),
        (e.Restore(s(0, 1)), "Restore Selection"),
        (e.Split(1), "Split at Playhead"),
        (e.MoveEdges("a", s(0, 1)), "Move Edge"),
        (e.MoveEdges("a", None), "Put Back Edges"),
        (e.CorrectWord(0, "x"), "Correct Word"),
        (e.Rename("c1", "Ann"), "Rename"),
        (e.MergePeople(("c1",), "c2"), "Merge People"),
        (e.SetPadding(1), "Set Cut Padding"),
        (e.SetCutPadding("a", None), "Set Padding of One Cut"),
        (e.FindAlso(AlsoFind(1)), "Find Pauses"),
        (e.FindAlso(AlsoFind(fillers=True)), "Find Fillers"),
        (e.FindAlso(AlsoFind(1, fillers=True)), "Find Pauses and Fillers"),
        (e.FindAlso(AlsoFind()), "Find Retakes Only"),
        (e.StrikeSpans((s(0, 1),)), "Remove Selection"),
        (e.StrikeSpans((s(0, 1), s(2, 3))), "Remove 2 Selections"),
        (e.SplitParagraph(1), "Split Paragraph"),
        (e.MergeParagraph(1), "Merge Paragraph"),
        (e.MergeSpeakers((1,), 0), "Merge Speakers"),
        (e.Recolour("c1", 1), "Change Colour"),
        (e.HidePeople(("c1",), hidden=True), "Hide Person"),
        (e.HidePeople(("c1", "c2"), hidden=False), "Show 2 People"),
        (e.AddMarker(s(1, 1)), "Add Marker"),
        (e.EditMarker("mark/1", ""), "Edit Marker"),
        (e.MoveMarker("mark/1", s(1, 1)), "Move Marker"),
        (e.RemoveMarkers(("mark/1",)), "Remove Marker"),
        (e.RemoveMarkers(("mark/1", "mark/2")), "Remove 2 Markers"),
        (e.Batch((e.AcceptAll(),), "Remove All Found"), "Remove All Found"),
        (e.Batch((), " "), "Several Changes"),
        (m.DecideMoments(("a/1",), Pick.PICKED), "Pick Moment"),
        (m.DecideMoments(("a/1", "a/2", "a/3"), Pick.REJECTED), "Reject 3 Moments"),
        (m.DecideMoments(("a/1",), Pick.UNDECIDED), "Clear Decision"),
        (m.DecideMoments(("a/1", "a/2"), Pick.UNDECIDED), "Clear 2 Decisions"),
        (m.MoveMoment("a/1", s(0, 1)), "Move Moment"),
        (m.MoveMoment("a/1", None), "Put Back Moment"),
        (m.AddMoment(s(0, 1)), "New Moment"),
        (m.RemoveMoments(("own/1",)), "Remove Moment"),
        (m.RemoveMoments(("own/1", "own/2")), "Remove 2 Moments"),
        (m.RenameMoment("a/1", "x"), "Rename Moment"),
    ],
)
def test_every_edit_has_a_name(edit: e.Edit, name: str) -> None:
    assert e.name(edit) == name


@pytest.mark.parametrize(
    "edit",
    [
        e.Decide(("nobody",), Verdict.ACCEPTED),
        e.Strike(s(4, 4)),
        e.Restore(s(11, 12)),
        e.Split(4_000_000),
        e.MoveEdges("nobody", s(1, 2)),
        e.MoveEdges("gap-2700000-3800000", None),
        e.MoveEdges("gap-2700000-3800000", s(1, 1)),
        e.CorrectWord(0, "  "),
        e.CorrectWord(99, "x"),
        e.CorrectWord(0, "w0"),
        e.Rename("c1", " "),
        e.MergePeople(("c1",), "c1"),
        e.SetPadding(80_000),
        e.SetCutPadding("nobody", 1),
        e.SetCutPadding("gap-2700000-3800000", None),
        e.FindAlso(AlsoFind()),
        e.StrikeSpans(()),
        e.StrikeSpans((s(4, 4), s(11, 12))),
        e.SplitParagraph(0),
        e.SplitParagraph(99),
        e.MergeParagraph(0),
        e.MergeParagraph(5),
        e.MergeSpeakers((1,), 0),
        e.Recolour("c1", None),
        e.Recolour("c1", -1),
        e.Recolour("c1", 64),
        e.HidePeople((), hidden=True),
        e.HidePeople(("c1",), hidden=False),
        e.AddMarker(s(11, 12)),
        e.EditMarker("mark/1", "x"),
        e.MoveMarker("mark/1", s(1, 1)),
        e.RemoveMarkers(("mark/1",)),
        e.Batch((), "Nothing"),
        e.Batch((e.SetPadding(1), e.SetPadding(80_000)), "There and Back"),
        m.DecideMoments(("b/1", "own/1"), Pick.PICKED),
        m.DecideMoments((), Pick.PICKED),
        m.DecideMoments(("a/1",), Pick.UNDECIDED),
        m.MoveMoment("b/1", s(0, 1)),
        m.MoveMoment("a/1", None),
        m.MoveMoment("a/1", s(1, 3)),
        m.MoveMoment("a/1", s(2, 2)),
        m.MoveMoment("a/1", s(11, 12)),
        m.AddMoment(s(4, 4)),
        m.AddMoment(s(11, 12)),
        m.RemoveMoments(("a/1", "own/1")),
        m.RenameMoment("b/1", "x"),
        m.RenameMoment("a/1", " "),
        m.RenameMoment("a/1", " First\n"),
    ],
)
def test_an_edit_that_fits_nothing_gives_the_very_same_review(edit: e.Edit) -> None:
    review = reviewed()
    assert e.apply(review, edit) is review


def test_what_is_no_edit_is_a_bug_and_loud() -> None:
    with pytest.raises(AssertionError):
        e.apply(counting(), object())  # type: ignore[arg-type]
    with pytest.raises(AssertionError):
        e.name(object())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("decided", "step"),
    [
        (cut_edits.decided, cut_edits.cut_step),
        (marker_edits.decided, marker_edits.marker_step),
        (people_edits.decided, people_edits.people_step),
        (strike_edits.decided, strike_edits.strike_step),
        (text_edits.decided, text_edits.text_step),
    ],
)
def test_what_is_no_edit_of_a_kind_is_a_bug_and_loud(
    decided: Callable[..., Decisions], step: Callable[..., str]
) -> None:
    with pytest.raises(AssertionError):
        decided(counting(), object())
    with pytest.raises(AssertionError):
        step(object())


def test_proposals_are_decided_and_reopened() -> None:
    review = reviewed()
    first, second = proposals(review)
    review = do(review, e.Decide((first.id, second.id), Verdict.RESTORED))
    assert removed(review) == ()
    review = do(review, e.Decide((first.id,), Verdict.UNDECIDED), e.AcceptAll())
    assert [p.verdict for p in proposals(review)] == [Verdict.ACCEPTED, Verdict.RESTORED]


def test_the_last_action_wins_between_strikes_and_restores() -> None:
    review = do(counting(), e.Strike(s(2, 6.5)), e.Restore(s(4, 4.5)))
    assert kept_words(review) == [0, 1, 4, 7, 8, 9]
    review = do(review, e.Strike(s(4, 4.5)))
    assert kept_words(review) == [0, 1, 7, 8, 9]
    assert review.decisions.restores == ()


def test_restoring_a_proposal_also_takes_back_the_strike_over_it() -> None:
    review = do(reviewed(), e.Strike(s(2, 6.5)))
    first, _ = proposals(review)
    review = do(review, e.Decide((first.id,), Verdict.RESTORED))
    assert kept_words(review) == [0, 1, 3, 7, 8, 9]


def test_restoring_the_id_of_a_strike_takes_it_back() -> None:
    review = do(counting(), e.Strike(s(2, 2.5)), e.Strike(s(6, 6.5)))
    first, _ = strike_spans(review)
    review = do(review, e.Decide((first.id,), Verdict.RESTORED))
    assert review.decisions.strikes == (s(6, 6.5),)
    assert do(review, e.Decide((first.id,), Verdict.ACCEPTED)) is review


def test_a_proposal_whose_words_are_all_put_back_is_restored() -> None:
    review = do(reviewed(), e.Restore(s(3, 3.5)))
    assert proposals(review)[0].verdict is Verdict.RESTORED
    assert removed(review) == (s(5.7, 6.8),)
    review = do(review, e.Decide((proposals(review)[0].id,), Verdict.ACCEPTED))
    assert removed(review) == (s(2.7, 3.8), s(5.7, 6.8))


def test_what_two_proposals_ask_for_is_put_back_from_both() -> None:
    review = do(reviewed(), e.MoveEdges("gap-2700000-3800000", s(2.3, 6.3)), e.Restore(s(2.3, 6.3)))
    assert kept_words(review) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]


def test_dragged_edges_are_put_back_to_what_they_were() -> None:
    before = reviewed()
    dragged = do(before, e.MoveEdges("gap-2700000-3800000", s(2.3, 4.3)))
    assert removed(dragged) != removed(before)
    back = do(dragged, e.MoveEdges("gap-2700000-3800000", None))
    assert removed(back) == removed(before)
    assert back.decisions == before.decisions


def test_a_strike_whose_word_reaches_over_a_restored_part_can_be_split_and_struck_anew() -> None:
    review = do(reviewed(), e.Strike(s(0, 0.3)), e.Restore(s(0, 0.1)), e.Split(1))
    review = do(review, e.Strike(s(0.1, 0.2)))
    assert not any(
        a.overlaps(b) for a in review.decisions.strikes for b in review.decisions.restores
    )


def test_a_proposal_without_words_is_restored_where_all_of_it_is_put_back() -> None:
    review = counting().received(retakes=gaps(s(0, 2.6), s(2.9, 10)))
    half = do(review, e.Restore(s(2.6, 2.75)))
    assert removed(half) == (s(2.75, 2.9),)
    whole = do(half, e.Restore(s(2.7, 2.95)))
    assert proposals(whole)[0].verdict is Verdict.RESTORED


def test_a_proposal_is_split_into_two_that_are_decided_apart() -> None:
    review = counting().received(retakes=gaps(s(0, 2.7), s(6.8, 10)))
    assert e.can_split(review, 4_700_000)
    assert not e.can_split(review, 2_700_000)
    review = do(review, e.AcceptAll(), e.Split(4_700_000))
    first, second = proposals(review)
    assert (first.id, second.id) == ("gap-2700000-6800000", "gap-2700000-6800000@4700000")
    assert first.verdict is second.verdict is Verdict.ACCEPTED
    assert removed(review) == (s(2.7, 6.8),)
    review = do(review, e.Decide((second.id,), Verdict.RESTORED))
    assert kept_words(review) == [0, 1, 2, 5, 6, 7, 8, 9]
    assert removed(review) == (s(2.7, 4.7),)


def test_a_strike_is_split_and_one_part_taken_back() -> None:
    review = do(counting(), e.Strike(s(2, 6.5)), e.Split(4_700_000))
    first, second = strike_spans(review)
    assert removed(review) == (s(1.58, 6.92),)
    assert (first.range.end, second.range.start) == (s(4.7, 5).start, s(4.7, 5).start)
    review = do(review, e.Decide((second.id,), Verdict.RESTORED))
    assert kept_words(review) == [0, 1, 5, 6, 7, 8, 9]


def test_the_silence_a_strike_took_along_can_be_split_off() -> None:
    review = do(counting(), e.Strike(s(2, 2.5)), e.Split(2_700_000))
    assert removed(review) == (s(1.58, 2.92),)
    behind = strike_spans(review)[1]
    assert behind.range == s(2.7, 2.92)
    dragged = do(review, e.MoveEdges(behind.id, s(2.8, 2.92)))
    assert removed(dragged) == (s(1.58, 2.7), s(2.8, 2.92))


def test_a_dragged_proposal_is_split_where_it_now_lies() -> None:
    review = reviewed()
    first = proposals(review)[0]
    review = do(review, e.MoveEdges(first.id, s(2.9, 4.9)), e.Split(4_700_000))
    assert [p.range for p in proposals(review)][:2] == [s(2.9, 4.7), s(4.7, 4.9)]


def test_splitting_a_strike_does_not_bring_back_a_proposal_that_was_dragged_away() -> None:
    review = counting().received(retakes=gaps(s(0, 2.7), s(6.8, 10)))
    first = proposals(review)[0]
    review = do(review, e.MoveEdges(first.id, s(2.7, 4.7)), e.Strike(s(5, 6.5)))
    before = removed(review)
    review = do(review, e.Split(5_700_000))
    assert removed(review) == before
    assert len(proposals(review)) == 1


def test_a_part_split_off_is_split_again_though_the_part_before_it_was_dragged_away() -> None:
    one = "gap-2700000-6800000"
    review = counting().received(retakes=gaps(s(0, 2.7), s(6.8, 10)))
    review = do(review, e.Split(3_700_000), e.MoveEdges(one, s(1, 1.6)))
    before = word_states(review)
    review = do(review, e.Split(5_700_000))
    assert word_states(review) == before
    assert [p.id for p in proposals(review)] == [one, f"{one}@3700000", f"{one}@5700000"]
    review = do(review, e.MoveEdges(f"{one}@3700000", s(3.7, 6)))
    assert not e.can_split(do(review, e.MoveEdges(f"{one}@5700000", s(7, 7.6))), 5_700_000)


def test_a_split_inside_one_part_leaves_the_part_whose_word_reaches_over_alone() -> None:
    review = do(
        reviewed(), e.Split(6_200_000), e.Decide(("gap-5700000-6800000",), Verdict.ACCEPTED)
    )
    before = word_states(review)
    review = do(review, e.Split(6_003_585))
    assert word_states(review) == before
    assert [p.verdict for p in proposals(review)][1:] == [
        Verdict.ACCEPTED, Verdict.UNDECIDED, Verdict.ACCEPTED,
    ]  # fmt: skip


def test_two_parts_dragged_over_one_another_are_split_together() -> None:
    one = "gap-2700000-6800000"
    review = counting().received(retakes=gaps(s(0, 2.7), s(6.8, 10)))
    review = do(review, e.Split(4_700_000), e.MoveEdges(one, s(2.7, 6.6)))
    review = do(review, e.MoveEdges(f"{one}@4700000", s(4.7, 8.6)))
    before = word_states(review)
    review = do(review, e.Split(5_700_000))
    assert word_states(review) == before
    assert len(proposals(review)) == 3


def test_edges_dragged_over_restored_words_remove_them_again() -> None:
    review = do(reviewed(), e.Restore(s(8, 8.5)))
    first = proposals(review)[1]
    review = do(review, e.MoveEdges(first.id, s(5.7, 8.9)))
    assert removed(review)[1] == s(5.7, 8.9)


def test_a_dragged_strike_keeps_its_edges_until_it_changes() -> None:
    review = do(counting(), e.Strike(s(2, 3.5)))
    (one,) = strike_spans(review)
    review = do(review, e.MoveEdges(one.id, s(1.9, 4.6)), e.Strike(s(7, 7.5)))
    assert strike_spans(review)[0].range == s(1.9, 4.6)
    review = do(review, e.Restore(s(3, 3.5)))
    assert kept_words(review) == [0, 1, 3, 5, 6, 8, 9]
    assert all("strike-2000000-3500000" not in k for k in review.decisions.edges)
    assert piece_of(review, one.id) is None


def test_words_names_people_and_padding_are_decisions() -> None:
    review = do(
        counting(),
        e.CorrectWord(3, " three "),
        e.Rename("c1", "Ann"),
        e.MergePeople(("c2", "c3"), "c1"),
        e.SetPadding(9_000_000),
    )
    said = review.decisions
    assert said.corrections == {3: "three"}
    assert said.names == {"c1": "Ann"}
    assert said.merged == {"c2": "c1", "c3": "c1"}
    assert said.padding == e.MOST_PADDING
    back = do(review, e.CorrectWord(3, "w3"), e.Rename("c1", ""), e.MergePeople(("c1",), "c2"))
    assert (back.decisions.corrections, back.decisions.names) == ({}, {})
    assert back.decisions.merged == {"c1": "c2", "c3": "c1"}


def test_corrected_words_show_in_proposals() -> None:
    review = do(reviewed(), e.CorrectWord(3, "three"))
    assert proposals(review)[0].text == "three"


def test_undo_and_redo_walk_the_decisions_and_never_the_evidence() -> None:
    history = History(counting())
    assert history.undo() is history
    assert history.redo() is history
    assert (history.undo_text, history.redo_text) == ("", "")
    history = history.do(e.Strike(s(2, 2.5))).do(e.SetPadding(0))
    assert history.do(e.SetPadding(0)) is history
    history = history.undo()
    assert (history.undo_text, history.redo_text) == ("Remove Selection", "Set Cut Padding")
    history = history.receive(replace(history.current, decisions=Decisions()).received(retakes=TWO))
    assert history.current.decisions.strikes == (s(2, 2.5),)
    history = history.undo().undo()
    assert history.current.decisions == Decisions()
    assert history.current.evidence.retakes is TWO
    assert history.redo().redo().current.decisions.padding == 0
    assert history.redo().do(e.SetPadding(5)).future == ()


spans = st.builds(
    lambda a, n: TimeRange(a * 100_000, (a + n) * 100_000), st.integers(0, 99), st.integers(0, 40)
)
keys = st.sampled_from(("a/1", "a/2", "a/9", "own/1", "own/2"))
any_edit = st.one_of(
    st.builds(e.Strike, spans),
    st.builds(e.Restore, spans),
    st.builds(e.Split, st.integers(0, 10_000_000)),
    st.builds(e.SetPadding, st.integers(0, 300_000)),
    st.just(e.AcceptAll()),
    st.builds(e.CorrectWord, st.integers(0, 11), st.text(max_size=3)),
    st.builds(
        e.MoveEdges, st.sampled_from(("gap-2700000-3800000", "strike-2000000-3000000")), spans
    ),
    st.builds(
        e.Decide,
        st.tuples(st.sampled_from(("gap-2700000-3800000", "gap-5700000-6800000"))),
        st.sampled_from(Verdict),
    ),
    st.builds(m.DecideMoments, st.lists(keys, max_size=3).map(tuple), st.sampled_from(Pick)),
    st.builds(m.MoveMoment, keys, st.none() | spans),
    st.builds(m.AddMoment, spans, st.text(max_size=3)),
    st.builds(m.RemoveMoments, st.lists(keys, max_size=3).map(tuple)),
    st.builds(m.RenameMoment, keys, st.text(max_size=3)),
)


@given(st.lists(any_edit, max_size=12))
def test_undoing_everything_leads_back_and_redoing_everything_forth(some: list[e.Edit]) -> None:
    start = History(reviewed())
    history = start
    for edit in some:
        history = history.do(edit)
    end = history
    for _ in end.past:
        history = history.undo()
    assert history.current.decisions == start.current.decisions
    for _ in end.past:
        history = history.redo()
    assert history.current.decisions == end.current.decisions


@given(st.lists(any_edit, max_size=12), spans)
def test_strikes_and_restores_stay_apart_and_the_last_of_them_wins(
    some: list[e.Edit], span: TimeRange
) -> None:
    review = do(reviewed(), *some)
    for last, gone in ((e.Strike(span), True), (e.Restore(span), False)):
        after = do(review, last)
        said = after.decisions
        assert not any(a.overlaps(b) for a in said.strikes for b in said.restores)
        words = after.evidence.transcript.words  # type: ignore[union-attr]
        for word, state in zip(words, word_states(after), strict=True):
            if span.contains(word.midpoint):
                assert (state is not WordState.KEPT) is gone


@given(st.lists(any_edit, max_size=12), st.integers(0, 10_000_000))
def test_splitting_alone_never_changes_which_words_are_removed(some: list[e.Edit], at: int) -> None:
    review = do(reviewed(), *some)
    assert word_states(do(review, e.Split(at))) == word_states(review)
    assert e.can_split(review, at) or do(review, e.Split(at)) is review


def test_several_spans_are_struck_in_one_step_as_one_after_another() -> None:
    review = do(reviewed(), e.Strike(s(0, 0.5)), e.MoveEdges("strike-0-500000", s(0, 0.7)))
    spans = (s(8, 8.5), s(0.6, 1), s(5, 6), s(9, 99))
    at_once = e.apply(review, e.StrikeSpans(spans))
    assert at_once.decisions == do(review, *(e.Strike(r) for r in spans)).decisions
    assert at_once.decisions.strikes == (s(0, 1), s(5, 6), s(8, 8.5), s(9, 10))


def test_a_batch_is_one_step_and_each_edit_sees_the_one_before() -> None:
    several = e.Batch((e.Strike(s(0, 0.5)), e.SetCutPadding("strike-0-500000", 0)), "Both")
    history = History(reviewed()).do(several)
    assert history.current.decisions.paddings == {"strike-0-500000": 0}
    assert history.undo_text == "Both"
    assert history.undo().current.decisions == Decisions()


def test_the_padding_of_one_cut_is_bounded_and_goes_with_its_strike() -> None:
    review = do(reviewed(), e.Strike(s(8, 8.5)), e.SetCutPadding("strike-8000000-8500000", 10**9))
    review = e.apply(review, e.SetCutPadding("gap-2700000-3800000", -5))
    assert review.decisions.paddings == {
        "strike-8000000-8500000": e.MOST_PADDING,
        "gap-2700000-3800000": 0,
    }
    back = do(review, e.Restore(s(8, 8.5)), e.SetCutPadding("gap-2700000-3800000", None))
    assert back.decisions.paddings == {}


def test_what_is_divided_keeps_its_padding_on_both_sides() -> None:
    review = do(reviewed(), e.Strike(s(8, 9.5)), e.SetCutPadding("strike-8000000-9500000", 7))
    review = e.apply(review, e.Split(8_700_000))
    assert review.decisions.paddings == {
        "strike-8000000-9500000": 7,
        "strike-8000000-9500000@8700000": 7,
    }


def test_pauses_are_looked_for_within_bounds() -> None:
    for over, bounded in ((0, 200_000), (700_000, 700_000), (10**12, 60_000_000)):
        review = e.apply(reviewed(), e.FindAlso(AlsoFind(over, fillers=True)))
        assert review.decisions.also == AlsoFind(bounded, fillers=True)
    assert e.apply(review, e.FindAlso(AlsoFind())).decisions == Decisions()


def test_an_edit_leaves_every_other_decision_the_very_same_object() -> None:
    before = do(
        reviewed(),
        e.Strike(s(8, 8.5)),
        e.MoveEdges("strike-8000000-8500000", s(8, 8.6)),
        e.SetCutPadding("strike-8000000-8500000", 7),
        e.Rename("c1", "Ann"),
        e.HidePeople(("c2",), hidden=True),
        e.Recolour("c1", 3),
    )
    after = e.apply(before, e.Strike(s(5, 5.5)))
    changed = {
        f.name
        for f in fields(Decisions)
        if getattr(after.decisions, f.name) is not getattr(before.decisions, f.name)
    }
    assert changed == {"strikes"}


@given(any_edits.EDITS)
def test_any_edits_undone_give_back_the_start_and_redone_the_end(edits: list[e.Edit]) -> None:
    start = any_edits.reviewed()
    history = History(start)
    for asked in edits:
        edit = any_edits.fitted(history.current, asked)
        done = history.do(edit)
        assert (done is history) == (e.apply(history.current, edit) is history.current)
        history = done
    end = history.current
    while history.undo_text:
        history = history.undo()
    assert history.current.decisions is start.decisions
    while history.redo_text:
        history = history.redo()
    assert history.current.decisions is end.decisions


@given(any_edits.EDITS)
def test_what_an_edit_leaves_equal_is_the_very_same(edits: list[e.Edit]) -> None:
    for old, new in pairwise(any_edits.versions_after(edits)):
        for field in fields(Decisions):
            before, after = getattr(old.decisions, field.name), getattr(new.decisions, field.name)
            assert before is after or before != after
