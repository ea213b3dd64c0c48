"""The cut rules, by example and as laws over random speech, gaps, strikes, edges and edits."""

from __future__ import annotations

from array import array
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.core.cut import WordState, cut, shapes, word_states
from app.core.cut_plan import plan
from app.core.edits import (
    AcceptAll,
    Decide,
    Edit,
    MoveEdges,
    Restore,
    SetPadding,
    Split,
    Strike,
    apply,
)
from app.core.pieces import pieces
from app.core.proposals import proposals, strike_spans
from app.core.review import Decisions, Evidence, Footage, Retakes, RetakeWord, Review, Verdict
from app.core.timerange import SECOND, Ranges, TimeRange, complement, intersect, merge, subtract
from app.core.transcript import Transcript, Word
from tests.core.speech import counting, film, gaps, heard, s

K, P, R = WordState.KEPT, WordState.PROPOSED, WordState.REMOVED


def struck(review: Review, *spans: TimeRange) -> Review:
    for span in spans:
        review = apply(review, Strike(span))
    return review


def removed(review: Review) -> Ranges:
    return tuple(r.range for r in cut(review).removed)


def test_without_decisions_everything_is_kept() -> None:
    review = counting()
    assert cut(review).keep == (s(0, 10),)
    assert (cut(review).kept_us, cut(review).cuts, cut(review).removed_us) == (10 * SECOND, 0, 0)
    assert set(word_states(review)) == {K}
    assert proposals(review) == ()


def test_a_struck_run_is_one_interval_with_its_pauses_and_leaves_padding_beside_kept_words() -> (
    None
):
    review = struck(counting(), s(3, 5.5))
    assert removed(review) == (s(2.58, 5.92),)
    assert word_states(review)[2:7] == (K, R, R, R, K)


def test_a_strike_takes_at_most_one_second_of_silence() -> None:
    words = (("one", 0, 0.5), ("two", 5, 5.5), ("three", 10, 10.5))
    review = struck(Review(Evidence(film(12), heard(words))), s(5, 5.5))
    assert removed(review) == (s(4, 6.5),)


def test_padding_lengthens_what_is_kept() -> None:
    review = struck(counting(), s(3, 3.5))
    wide = apply(review, SetPadding(200_000))
    assert removed(wide) == (s(2.7, 3.8),)
    assert cut(wide).kept_us > cut(review).kept_us


def test_marks_over_a_pause_are_cut_as_marked_but_for_the_padding() -> None:
    words = (("one", 0, 1), ("two", 9, 10))
    review = Review(Evidence(film(10), heard(words)))
    assert removed(struck(review, s(3, 5))) == (s(3, 5),)
    assert removed(struck(review, s(0.9, 5))) == (s(1.08, 5),)


def test_marks_wider_than_the_words_in_them_are_removed_as_wide() -> None:
    words = (("one", 0, 0.5), ("two", 5, 5.5), ("three", 10, 10.5))
    review = struck(Review(Evidence(film(12), heard(words))), s(2, 8))
    assert removed(review) == (s(2, 8),)


def test_a_kept_word_wins_where_words_overlap() -> None:
    words = (("long", 0, 4), ("inside", 3, 5), ("after", 6, 7))
    review = struck(Review(Evidence(film(8), heard(words))), s(3.5, 5))
    assert word_states(review) == (K, R, K)
    assert removed(review) == (s(4, 5.92),)


def test_gaps_keep_their_own_edges_but_hold_their_words_whole_and_no_part_of_a_kept_one() -> None:
    review = counting().received(retakes=gaps(s(0, 2.7), s(4.8, 10)))
    assert removed(review) == (s(2.7, 4.8),)
    tight = counting().received(retakes=gaps(s(0, 3.2), s(5.3, 10)))
    assert removed(tight) == (s(3, 5.5),)
    loose = counting().received(retakes=gaps(s(0, 2.4), s(5.1, 10)))
    assert removed(loose) == (s(2.58, 4.92),)


def test_undecided_counts_as_cut_and_is_counted_apart() -> None:
    review = counting().received(retakes=gaps(s(0, 2.7), s(3.8, 5.7), s(6.8, 10)))
    assert cut(review).undecided_us == 2_200_000
    first, second = proposals(review)
    review = apply(review, Decide((first.id,), Verdict.ACCEPTED))
    assert cut(review).undecided_us == 1_100_000
    assert word_states(review)[3] is R
    assert word_states(review)[6] is P
    review = apply(review, Decide((second.id,), Verdict.RESTORED))
    assert removed(review) == (s(2.7, 3.8),)
    assert proposals(review)[1].range == s(5.7, 6.8)


def test_a_strike_over_part_of_a_proposal_leaves_only_the_rest_undecided() -> None:
    review = counting().received(retakes=gaps(s(0, 2.7), s(5.7, 10)))
    review = struck(review, s(3, 3.5))
    (one,) = cut(review).removed
    assert one.undecided
    assert one.ids == ("strike-3000000-3500000", "gap-2700000-5700000")
    assert one.range == s(2.58, 5.7)
    assert one.undecided_us == s(4, 5.7).duration
    assert word_states(review)[3:6] == (R, P, P)


def test_dragged_edges_are_as_dragged_but_no_word_is_divided() -> None:
    review = counting().received(retakes=gaps(s(0, 2.7), s(4.8, 10)))
    (one,) = proposals(review)
    inside_silence = apply(review, MoveEdges(one.id, s(2.55, 4.9)))
    assert removed(inside_silence) == (s(2.55, 4.9),)
    late_in_the_word = apply(review, MoveEdges(one.id, s(3.4, 4.9)))
    assert removed(late_in_the_word) == (s(3.5, 4.9),)
    early_in_the_word = apply(review, MoveEdges(one.id, s(3.1, 4.9)))
    assert removed(early_in_the_word) == (s(3, 4.9),)


def test_restoring_some_words_of_a_proposal_keeps_them_and_the_pauses_beside_them() -> None:
    review = counting().received(retakes=gaps(s(0, 2.7), s(6.6, 10)))
    review = apply(review, Restore(s(4, 4.5)))
    assert word_states(review)[3:7] == (P, K, P, P)
    assert removed(review) == (s(2.7, 3.92), s(4.58, 6.6))
    review = apply(review, Restore(s(3, 3.5)))
    assert removed(review) == (s(4.58, 6.6),)


def test_a_removed_word_without_length_is_gone_and_a_kept_one_stays() -> None:
    words = (("a", 1, 1), ("b", 2, 2), ("c", 3, 3))
    review = struck(Review(Evidence(film(4), heard(words))), s(1.9, 2.1))
    assert word_states(review) == (K, R, K)
    assert removed(review) == (s(1.080001, 2.92),)


def test_retake_words_decide_where_there_is_no_transcript() -> None:
    words = tuple(RetakeWord(i, f"w{i}", i * SECOND, i * SECOND + 500_000) for i in range(6))
    retakes = Retakes(words, ((2, 3),), (s(0, 2.2), s(2.6, 6)))
    review = Review(Evidence(film(6), retakes=retakes))
    assert removed(review) == (s(2, 2.6),)
    assert word_states(review) == ()
    assert proposals(review)[0].text == "w2"
    empty = review.received(transcript=Transcript(()))
    assert removed(empty) == (s(2, 2.6),)
    assert word_states(empty) == ()


def test_an_answer_that_keeps_nothing_cuts_nothing() -> None:
    assert removed(counting().received(retakes=gaps())) == ()


def test_a_film_without_length_has_no_cut() -> None:
    review = Review(Evidence(Footage(0), heard((("a", 0, 1),))), Decisions(strikes=(s(0, 1),)))
    assert cut(review).keep == ()
    assert cut(review).removed == ()


def test_edges_stand_on_frames_in_the_silence() -> None:
    review = struck(counting(fps=10), s(3, 5.5))
    assert removed(review) == (s(2.6, 5.9),)
    words = (("a", 0, 1.04), ("b", 1.09, 2), ("c", 2.01, 3))
    tight = Review(Evidence(film(4, 10), heard(words)))
    # No frame lies between a and b: the nearest; between b and c neither.
    assert removed(struck(tight, s(1.09, 2))) == (s(1.1, 2),)


def test_an_edge_prefers_the_frame_in_the_silence_to_a_nearer_one_in_a_word() -> None:
    words = (("a", 0, 0.96), ("b", 1.01, 2), ("c", 3, 4))
    review = Review(Evidence(film(5, 10), heard(words)), Decisions(padding=0))
    assert removed(struck(review, s(1.01, 2))) == (s(1, 3),)
    words = (("a", 0, 1.0), ("b", 1.06, 2), ("c", 2.11, 3))
    review = Review(Evidence(film(5, 10), heard(words)), Decisions(padding=0))
    assert removed(struck(review, s(1.06, 2))) == (s(1, 2.1),)


def test_no_frame_costs_a_kept_word_its_midpoint() -> None:
    words = (("a", 0, 0.5), ("tiny", 0.71, 0.74), ("b", 0.74, 1.5), ("c", 1.5, 1.54), ("d", 2, 3))
    review = Review(Evidence(film(4, 10), heard(words)), Decisions(padding=0))
    assert removed(struck(review, s(0.74, 1.5))) == (s(0.8, 1.5),)
    words = (("a", 0, 0.5), ("b", 0.74, 1.56), ("tiny", 1.56, 1.59), ("d", 2, 3))
    review = Review(Evidence(film(4, 10), heard(words)), Decisions(padding=0))
    assert removed(struck(review, s(0.74, 1.56))) == (s(0.5, 1.5),)


def test_what_is_shorter_than_its_frame_cannot_be_cut_out() -> None:
    words = (("a", 0, 1.01), ("b", 1.01, 1.03), ("c", 1.03, 2))
    review = struck(Review(Evidence(film(3, 10), heard(words))), s(1.01, 1.03))
    assert removed(review) == ()
    assert strike_spans(review)[0].range == s(1.01, 1.03)


def test_the_ends_of_the_film_are_edges_too() -> None:
    footage = Footage(2 * SECOND, array("q", (100_000, 1_000_000, 1_900_000)))
    review = struck(Review(Evidence(footage)), s(0.02, 0.5), s(1.5, 1.99))
    assert removed(review) == (s(0, 0.1), s(1.9, 2))


def test_asking_again_answers_at_once_with_the_same() -> None:
    review = struck(counting(), s(3, 5.5))
    assert cut(review) is cut(review)
    assert shapes(review) is shapes(review)


def test_in_a_long_film_a_strike_asks_for_no_other_shape_anew() -> None:
    words = tuple(Word(f"w{i}", i * 300_000, i * 300_000 + 250_000) for i in range(100_000))
    footage = Footage(30_000 * SECOND, array("q", range(0, 30_000 * SECOND, 40_000)))
    strikes = tuple(TimeRange(words[i].start, words[i + 10].end) for i in range(100, 99_900, 199))
    review = Review(Evidence(footage, Transcript(words)), Decisions(strikes=strikes))
    before = plan(review).shapes
    again = struck(review, TimeRange(words[150].start, words[152].end))
    after = plan(again).shapes
    assert cut(again).cuts == len(strikes) + 1
    assert len([key for key, shape in after.items() if before.get(key) is not shape]) == 1


# Laws. Times are small multiples, so that words touch, overlap and share edges often.

UNIT = 10_000
DURATION = 600 * UNIT
HALF_FRAME = 20_000


@st.composite
def speech(draw: st.DrawFn, shortest: int = 0) -> tuple[Word, ...]:
    at, words = 0, []
    for n in range(draw(st.integers(0, 14))):
        at = max(0, at + draw(st.integers(-4, 60)))
        size = draw(st.integers(shortest, 40))
        if (at + size) * UNIT > DURATION:
            break
        words.append(Word(f"w{n}", at * UNIT, (at + size) * UNIT))
        at += size
    return tuple(words)


spans = st.builds(
    lambda a, n: TimeRange(a * UNIT, min(DURATION, (a + n) * UNIT)),
    st.integers(0, 590),
    st.integers(1, 150),
)
some_spans = st.lists(spans, max_size=4).map(merge)
frame_times = st.integers(1, 7).map(lambda n: array("q", range(n * 1000, DURATION, 4 * UNIT)))


@st.composite
def reviews(draw: st.DrawFn, frames: bool) -> Review:
    words = draw(speech(shortest=5 if frames else 0))
    footage = Footage(DURATION, draw(frame_times) if frames else array("q"))
    keep = complement(draw(some_spans), TimeRange(0, DURATION))
    padding = draw(st.sampled_from((0, 5_000, 80_000, 400_000)))
    said = Decisions(padding=padding)
    found = Evidence(footage, Transcript(words), retakes=gaps(*keep))
    review = Review(found, said)
    for edit in draw(st.lists(edits, max_size=6)):
        review = apply(review, edit(review) if callable(edit) else edit)
    return review


def nth(n: int, verdict: Verdict) -> object:
    def make(review: Review) -> Edit:
        known = [p.id for p in pieces(review)]
        return Decide(tuple(known[n % len(known) :][:1]) if known else (), verdict)

    return make


def drag(n: int, span: TimeRange) -> object:
    def make(review: Review) -> Edit:
        known = [p.id for p in pieces(review)]
        return MoveEdges(known[n % len(known)] if known else "none", span)

    return make


edits = st.one_of(
    st.builds(Strike, spans),
    st.builds(Restore, spans),
    st.builds(lambda t: Split(t * UNIT), st.integers(0, 600)),
    st.just(AcceptAll()),
    st.builds(nth, st.integers(0, 5), st.sampled_from(Verdict)),
    st.builds(drag, st.integers(0, 5), spans),
)


def well_formed(review: Review) -> None:
    result = cut(review)
    whole = TimeRange(0, DURATION)
    assert result.keep == merge(result.keep)
    assert complement(result.keep, whole) == removed(review)
    assert result.kept_us + result.removed_us == DURATION
    assert 0 <= result.undecided_us <= result.removed_us
    assert all(r.ids for r in result.removed)


@given(reviews(frames=False))
def test_no_kept_word_is_swallowed_and_every_removed_word_is_gone_whole(review: Review) -> None:
    well_formed(review)
    words = review.evidence.transcript.words  # type: ignore[union-attr]
    kept = merge(
        TimeRange(w.start, max(w.end, w.start + 1))
        for w, state in zip(words, word_states(review), strict=True)
        if state is K and w.start < DURATION
    )
    keep = cut(review).keep
    assert not subtract(kept, keep)
    for word, state in zip(words, word_states(review), strict=True):
        if state is not K:
            assert not subtract(intersect((word.range,), keep), kept)


@given(reviews(frames=True))
def test_with_frames_the_same_holds_to_half_a_frame_and_every_edge_is_on_a_frame(
    review: Review,
) -> None:
    well_formed(review)
    words = review.evidence.transcript.words  # type: ignore[union-attr]
    states = word_states(review)
    keep = cut(review).keep
    allowed = {0, DURATION, *review.evidence.footage.frame_times}
    assert {t for r in removed(review) for t in (r.start, r.end)} <= allowed
    kept = merge(w.range for w, state in zip(words, states, strict=True) if state is K)
    for word, state in zip(words, states, strict=True):
        if state is K:
            assert any(r.contains(word.midpoint) for r in keep)
            core = TimeRange(word.start + HALF_FRAME, word.end - HALF_FRAME)
            assert not subtract((core,), keep) or not core.duration
        else:
            left = subtract(intersect((word.range,), keep), kept)
            around = merge(TimeRange(r.start, r.end) for r in left)
            assert all(r.duration <= HALF_FRAME or near_kept(r, kept) for r in around)


def near_kept(left: TimeRange, kept: Ranges) -> bool:
    """Overlapping kept words shorten what a frame may take away."""
    wide = TimeRange(left.start - 2 * HALF_FRAME, left.end + 2 * HALF_FRAME)
    return left.duration <= 2 * HALF_FRAME and bool(intersect((wide,), kept))


@given(speech(), some_spans, some_spans)
def test_a_word_is_removed_just_where_its_midpoint_is_asked_for(
    words: tuple[Word, ...], cut_out: Ranges, strikes: Ranges
) -> None:
    keep = complement(cut_out, TimeRange(0, DURATION))
    found = Evidence(Footage(DURATION), Transcript(words), retakes=gaps(*keep))
    states = word_states(Review(found, Decisions(strikes=strikes)))
    for word, state in zip(words, states, strict=True):
        start = min(word.start, DURATION - 1)
        mid = (start + max(word.end, start + 1)) // 2
        struck_out = any(r.contains(mid) for r in strikes)
        proposed = bool(keep) and any(r.contains(mid) for r in cut_out)
        assert state is (R if struck_out else P if proposed else K)


@given(reviews(frames=False), st.sampled_from((0, 80_000, 400_000)))
def test_more_padding_never_keeps_less(review: Review, padding: int) -> None:
    less = replace(review, decisions=replace(review.decisions, padding=padding))
    more = replace(review, decisions=replace(review.decisions, padding=padding + 50_000))
    assert not subtract(cut(less).keep, cut(more).keep)


@given(reviews(frames=True))
def test_what_proposals_and_strikes_show_lies_in_the_film_and_covers_the_cut(
    review: Review,
) -> None:
    shown = [p.range for p in proposals(review) if p.verdict is not Verdict.RESTORED]
    shown += [x.range for x in strike_spans(review)]
    assert not subtract(removed(review), merge(shown))
    assert all(0 <= r.start <= r.end <= DURATION for r in shown)


def test_a_strike_shorter_than_a_frame_beside_a_proposal_is_no_part_of_its_interval() -> None:
    frames = array("q", range(0, 4 * SECOND, 40_000))
    found = Evidence(Footage(4 * SECOND, frames), retakes=gaps(s(0, 1.025), s(3, 4)))
    review = struck(Review(found), s(1.026, 1.03))
    (interval,) = cut(review).removed
    assert (interval.range, interval.ids) == (s(1.04, 3), ("gap-1025000-3000000",))
