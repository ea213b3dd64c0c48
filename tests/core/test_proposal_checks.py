"""What speaks against a proposal: disputes, scene cuts and jump cuts, each with its fix."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.cut import cut, word_states
from app.core.edits import (
    Decide,
    MergePeople,
    MoveEdges,
    Rename,
    Restore,
    SetCutPadding,
    SetPadding,
    Split,
    Strike,
    apply,
)
from app.core.faces import Box, Faces
from app.core.proposal_checks import Check, all_checks, checks
from app.core.proposals import Proposal, proposals
from app.core.review import Evidence, Retakes, RetakeWord, Review, Verdict
from app.core.scenes import Scenes
from app.core.shots import SLIVER, Placed, Shots
from app.core.spoken import spoken
from app.core.timerange import TimeRange, complement
from tests.core.speech import counting, film, gaps, heard, s

GAP = "gap-2700000-3800000"
ONE = gaps(s(0, 2.7), s(3.8, 10))


def seen(*spans: tuple[int, float, float], cluster: bool = True) -> Faces:
    """Somebody (number, from, to) seen every 0.2 s, in a box the larger the greater the number."""
    frames: dict[int, list[Box]] = {k * 200_000: [] for k in range(51)}
    for who, start, end in spans:
        for t, boxes in frames.items():
            if start * 1e6 <= t <= end * 1e6:
                box = Box(0.1, 0.1, 0.1 + 0.1 * who, 0.3, 0.9, who, who if cluster else -1)
                boxes.append(box)
    return Faces.of(frames.items())


def filmed(*cuts: float, faces: Faces | None = None, retakes: Retakes = ONE) -> Review:
    scenes = Scenes.of((round(c * 1e6) for c in cuts), 10_000_000)
    return counting().received(retakes=retakes, scenes=scenes, faces=faces)


def only(review: Review) -> Check:
    (proposal,) = proposals(review)
    (check,) = checks(review, proposal)
    assert all_checks(review) == {proposal.id: (check,)}
    return check


def mended(review: Review) -> Review:
    fix = only(review).fix
    assert fix is not None
    return apply(review, fix)


def test_nothing_speaks_against_a_cut_from_shot_to_shot() -> None:
    review = filmed(2.7, 3.8, faces=seen((1, 0, 10)))
    assert all_checks(review) == {}
    assert checks(review, proposals(review)[0]) == ()


def test_without_scenes_nobody_knows_what_a_shot_is() -> None:
    assert all_checks(counting().received(retakes=ONE, faces=seen((1, 0, 10)))) == {}


def test_a_cut_across_a_scene_cut_says_so_and_can_end_there() -> None:
    review = filmed(3.6)
    assert only(review) == Check(
        "scene cut",
        "Keeptake cuts across a scene cut: the end of one shot goes and the start of another.",
        MoveEdges(GAP, s(2.7, 3.6)),
        "End it at the scene cut, 0.2 s earlier",
    )
    assert all_checks(mended(review)) == {}
    assert cut(mended(review)).removed[0].range == s(2.7, 3.6)


def test_a_cut_can_begin_at_a_scene_cut_near_its_start() -> None:
    check = only(filmed(2.9, 3.5))
    assert check.sentence.startswith("Keeptake cuts across 2 scene cuts:")
    assert check.fix == MoveEdges(GAP, s(2.9, 3.8))
    assert check.fix_text == "Begin it at the scene cut, 0.2 s later"


def test_there_is_no_fix_where_a_removed_word_would_stay_or_the_scene_cut_is_far() -> None:
    words = only(filmed(3.2))
    assert (words.kind, words.fix, words.fix_text) == ("scene cut", None, "")
    silence = Review(
        Evidence(
            film(10), heard((("a", 0, 1), ("b", 9, 10))), retakes=gaps(s(0, 2), s(8, 10)),
            scenes=Scenes.of([5_000_000], 10_000_000),
        )
    )  # fmt: skip
    assert only(silence).fix is None


def test_a_frame_or_so_beside_a_scene_cut_is_nothing() -> None:
    near = 3.8 - SLIVER / 2e6
    assert all_checks(filmed(near, faces=seen((1, 0, 10)))) == {}


def test_a_jump_cut_says_who_jumps() -> None:
    review = apply(filmed(faces=seen((1, 0, 10))), Rename("c1", "Anna"))
    assert only(review) == Check(
        "jump cut", "Keeptake cuts inside one shot of Anna: the picture will jump."
    )


def test_of_several_people_the_largest_comes_first() -> None:
    two = filmed(faces=seen((2, 0, 10), (1, 0, 10)))
    assert "one shot of Person 2 and Person 1:" in only(two).sentence
    three = filmed(faces=seen((1, 0, 10), (2, 0, 10), (3, 0, 10)))
    assert "one shot of Person 3 and 2 others:" in only(three).sentence


def test_a_jump_cut_can_go_on_to_a_scene_cut_nearby() -> None:
    review = filmed(3.95, faces=seen((1, 0, 10)))
    assert only(review).fix == MoveEdges(GAP, s(2.7, 3.95))
    assert only(review).fix_text == "End it at the scene cut, 0.1 s later"
    assert all_checks(mended(review)) == {}
    before = filmed(2.52, 3.95, faces=seen((1, 0, 10)))
    assert only(before).fix == MoveEdges(GAP, s(2.7, 3.95))
    assert all_checks(mended(before)) == {}


def test_a_jump_cut_has_no_fix_over_words_or_far_away() -> None:
    for cuts in ((4.3,), (9.0,), (2.2, 9.0)):
        assert only(filmed(*cuts, faces=seen((1, 0, 10)))).fix is None


def test_somebody_else_or_nobody_on_one_side_is_no_jump() -> None:
    for faces in (seen((1, 0, 3), (2, 3.6, 10)), seen((1, 0, 3)), seen((1, 4.6, 10))):
        assert all_checks(filmed(faces=faces)) == {}


def test_people_merged_by_hand_are_one_who_jumps() -> None:
    review = filmed(faces=seen((1, 0, 3), (2, 3.6, 10), cluster=False))
    assert all_checks(review) == {}
    assert "one shot of Person 1:" in only(apply(review, MergePeople(("t2",), "t1"))).sentence


def test_a_box_of_nobody_known_is_nobody() -> None:
    faces = Faces.of((k * 200_000, [Box(0.1, 0.1, 0.2, 0.2, 0.9, -1)]) for k in range(51))
    assert all_checks(filmed(faces=faces)) == {}


def test_someone_in_no_track_of_the_answer_has_no_name() -> None:
    faces = seen((1, 0, 10))
    object.__setattr__(faces, "tracks", ())
    assert "one shot of the same person:" in only(filmed(faces=faces)).sentence


def test_the_begin_and_the_end_of_the_film_do_not_jump() -> None:
    for keep in (s(2, 10), s(0, 8)):
        assert all_checks(filmed(faces=seen((1, 0, 10)), retakes=gaps(keep))) == {}


def test_what_is_removed_beside_it_too_is_looked_over() -> None:
    review = filmed(3.95, faces=seen((1, 0, 10)))
    whole = apply(review, Strike(s(3.7, 9.9)))
    (proposal,) = proposals(whole)
    assert [c.kind for c in checks(whole, proposal)] == []
    both = apply(filmed(faces=seen((1, 0, 10))), Strike(s(3.7, 5)))
    assert only(both).kind == "jump cut"
    left = apply(filmed(2.0, 6.0, faces=seen((1, 0, 10))), Strike(s(3.7, 5)))
    assert only(left).fix is None
    right = apply(filmed(1.0, 6.0, faces=seen((1, 0, 10))), Strike(s(2, 2.6)))
    assert only(right).kind == "jump cut"
    assert only(right).fix is None


def test_a_restored_proposal_cuts_nothing() -> None:
    review = filmed(3.6, faces=seen((1, 0, 10)))
    assert all_checks(apply(review, Decide((GAP,), Verdict.RESTORED))) == {}
    assert all_checks(apply(review, Restore(s(2.6, 3.9)))) == {}


def test_a_proposal_that_is_no_more_has_nothing_against_it() -> None:
    review = filmed(3.6)
    (proposal,) = proposals(review)
    assert checks(review, replace(proposal, id="gap-1-2")) == ()


# Five words of 0.5 s, one each second; what is marked and what is cut differ by the test.
def disputed(
    marks: tuple[tuple[int, int], ...], *keep: TimeRange, origin: str = "nanoclip"
) -> Review:
    words = tuple(RetakeWord(i, f"w{i}", i * 10**6, i * 10**6 + 500_000) for i in range(10))
    retakes = Retakes(words, marks, tuple(keep), origin=origin)  # type: ignore[arg-type]
    return counting().received(retakes=retakes)


def test_a_word_that_is_marked_but_not_cut_is_taken_along() -> None:
    review = disputed(((3, 6),), s(0, 2.9), s(4.7, 10))
    check = only(review)
    assert check.kind == "disputed"
    assert "marks “w5” as well" in check.sentence
    assert check.fix == MoveEdges("gap-2900000-4700000", s(2.9, 5.5))
    assert check.fix_text == "Cut what its words say"
    assert [w.value for w in word_states(mended(review))] == ["kept"] * 3 + ["proposed"] * 3 + [
        "kept"
    ] * 4
    assert all_checks(mended(review)) == {}


def test_a_word_that_is_cut_but_not_marked_is_left() -> None:
    review = disputed(((3, 5),), s(0, 2.9), s(5.7, 10))
    assert "cuts “w5” here too" in only(review).sentence
    assert only(review).fix == MoveEdges("gap-2900000-5700000", s(2.9, 4.92))
    assert [i for i, w in enumerate(word_states(mended(review))) if w.value != "kept"] == [3, 4]


def test_where_nothing_is_marked_the_words_are_kept() -> None:
    review = disputed((), s(0, 2.9), s(4.7, 10))
    assert only(review).fix == Decide(("gap-2900000-4700000",), Verdict.RESTORED)
    assert only(review).fix_text == "Keep these words"
    assert all_checks(mended(review)) == {}


def test_where_others_stand_among_the_marked_words_there_is_no_fix() -> None:
    review = disputed(((3, 4), (5, 6)), s(0, 2.9), s(5.7, 10))
    assert (only(review).kind, only(review).fix) == ("disputed", None)


def test_what_the_intervals_keep_though_it_is_marked_can_be_cut() -> None:
    review = disputed(((7, 8),), s(0, 9.7))
    check = all_checks(review)["span-7000000-7500000"][0]
    assert check.fix == Decide(("span-7000000-7500000",), Verdict.ACCEPTED)
    assert check.fix_text == "Remove these words"
    assert check.fix is not None
    assert "span-7000000-7500000" not in all_checks(apply(review, check.fix))


def test_marked_words_that_the_transcript_has_not_say_nothing() -> None:
    review = disputed(((3, 5),), s(0, 2.9), s(5.7, 10))
    elsewhere = review.received(transcript=heard((("far", 9, 9.5),)))
    assert only(elsewhere).fix is None


def test_edges_that_the_words_contradict_go_to_the_silence_of_the_words() -> None:
    review = disputed(((0, 1),), s(2.7, 10))
    check = only(apply(review, SetPadding(0)))
    assert check.kind == "disputed"
    assert only(review).fix == MoveEdges("gap-0-2700000", s(0, 0.92))
    one = "gap-0-2700000"
    assert only(apply(review, SetCutPadding(one, 0))).fix == MoveEdges(one, s(0, 1))


def test_words_at_the_end_of_the_film_are_cut_to_its_end() -> None:
    review = disputed(((8, 10),), s(0, 9))
    assert only(review).fix == MoveEdges("gap-9000000-10000000", s(8, 10))


def test_no_fix_is_offered_that_would_change_nothing() -> None:
    review = disputed(((3, 4),), s(0, 2.9), s(3.9, 10))
    shifted = review.received(transcript=heard((("w", 3.0, 3.5), ("x", 4.0, 4.5))))
    assert all_checks(shifted) == {}


def test_a_person_who_moved_or_divided_a_disputed_cut_decided_it() -> None:
    review = disputed(((3, 6),), s(0, 2.9), s(4.7, 10))
    gap = "gap-2900000-4700000"
    assert all_checks(apply(review, MoveEdges(gap, s(2.9, 4.6)))) == {}
    parts = all_checks(apply(review, Split(3_800_000)))
    assert [[(c.kind, c.fix) for c in found] for found in parts.values()] == [
        [("disputed", None)],
        [("disputed", None)],
    ]


def test_other_edits_leave_every_check_the_very_same() -> None:
    review = filmed(3.6, faces=seen((1, 0, 10)))
    before = all_checks(review)
    after = all_checks(apply(review, Strike(s(8, 8.5))))
    assert after is before
    moved = all_checks(apply(review, MoveEdges(GAP, s(2.7, 3.7))))
    assert moved is not before
    assert moved[GAP][0].fix_text != before[GAP][0].fix_text


def test_only_so_many_removals_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.core.shots._REMEMBERED", 2)
    review = filmed()
    shots = Shots((), 10_000_000, spoken(review), None)
    places = [Placed(s(k, k + 1), s(k, k + 1), s(k, k + 1)) for k in range(5)]
    assert [shots.look(p).crossed for p in places] == [0] * 5


TENTHS = st.integers(0, 100)
SPANS = st.tuples(TENTHS, TENTHS).map(lambda p: s(min(p) / 10, max(p) / 10))


@st.composite
def reviews(draw: st.DrawFn) -> Review:
    """Words, gaps and scene cuts anywhere, one face all along, and some edits over them."""
    times = draw(st.lists(st.tuples(TENTHS, st.integers(0, 8)), max_size=10))
    words = heard(tuple(("w", a / 10, min(10, (a + n) / 10)) for a, n in sorted(times)))
    cuts = draw(st.lists(TENTHS, max_size=6))
    gone = draw(st.lists(SPANS, min_size=1, max_size=3))
    review = Review(
        Evidence(
            film(10, draw(st.sampled_from([0.0, 25.0]))),
            words,
            seen((1, 0, 10)),
            Scenes.of((c * 100_000 for c in cuts), 10_000_000),
            Retakes((), (), complement(tuple(sorted(gone)), s(0, 10))),
        )
    )
    for span in draw(st.lists(SPANS, max_size=2)):
        review = apply(review, draw(st.sampled_from([Strike, Restore]))(span))
    return review


@given(reviews())
def test_no_fix_cuts_a_kept_word_or_leaves_a_removed_one(review: Review) -> None:
    for found in all_checks(review).values():
        for check in found:
            if check.fix is not None:
                fixed = apply(review, check.fix)
                assert word_states(fixed) == word_states(review)
                assert fixed is not review


@given(reviews(), st.lists(SPANS, max_size=3))
def test_what_is_remembered_says_what_looking_anew_says(
    review: Review, spans: list[TimeRange]
) -> None:
    for span in spans:
        all_checks(review)
        review = apply(review, Strike(span))
    anew = replace(review, evidence=replace(review.evidence, scenes=_copy(review.evidence.scenes)))
    found: dict[str, tuple[Check, ...]] = {}
    every: tuple[Proposal, ...] = proposals(anew)
    for p in every:
        if said := checks(anew, p):
            found[p.id] = said
    assert all_checks(review) == found


def _copy(scenes: Scenes | None) -> Scenes | None:
    return replace(scenes) if scenes else None
