"""Versions of a document share what an edit leaves alone, and are what a fresh look finds."""

from __future__ import annotations

from array import array
from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from app.core import edits as e
from app.core.also_find import AlsoFind
from app.core.cut import cut, shapes, word_states
from app.core.cut_plan import plan
from app.core.history import History
from app.core.pieces import piece_of, pieces, pieces_by_id
from app.core.proposals import proposals, strike_spans
from app.core.review import Decisions, Evidence, Footage, Review, Verdict
from app.core.timerange import SECOND, TimeRange, complement, merge
from app.core.transcript import Transcript, Word
from tests.core.speech import counting, gaps, s

UNIT = 10_000
DURATION = 600 * UNIT


@st.composite
def documents(draw: st.DrawFn) -> Review:
    """Words in any order, some overlapping; proposals; frames or none."""
    words: list[Word] = []
    at = 0
    for n in range(draw(st.integers(0, 12))):
        at = min(max(0, at + draw(st.integers(-6, 60))), 560)
        size = draw(st.integers(0, 40))
        words.append(Word(draw(st.sampled_from(("um", f"w{n}"))), at * UNIT, (at + size) * UNIT))
        at += size
    words = draw(st.permutations(words)) if draw(st.booleans()) else words
    cut_out = merge(draw(st.lists(spans, max_size=4)))
    frames = draw(st.integers(0, 7))
    times = array("q", range(frames * 1000, DURATION, 4 * UNIT) if frames else ())
    evidence = Evidence(
        Footage(DURATION, times),
        draw(st.sampled_from((Transcript(tuple(words), language="en"), None))),
        retakes=gaps(*complement(cut_out, TimeRange(0, DURATION))),
    )
    return Review(replace(evidence, retakes=draw(st.sampled_from((evidence.retakes, None)))))


spans = st.builds(
    lambda a, n: TimeRange(a * UNIT, min(DURATION, (a + n) * UNIT)),
    st.integers(0, 590),
    st.integers(1, 150),
)
some_us = st.integers(0, 60).map(lambda n: n * UNIT)
nth = st.integers(0, 5)
moves = st.one_of(
    st.tuples(st.just("strike"), spans),
    st.tuples(st.just("restore"), spans),
    st.tuples(st.just("split"), st.integers(0, 600)),
    st.tuples(st.just("accept"), st.none()),
    st.tuples(st.just("decide"), nth, st.sampled_from(Verdict)),
    st.tuples(st.just("drag"), nth, spans),
    st.tuples(st.just("correct"), st.integers(0, 11), st.sampled_from(("a", "b", "w3"))),
    st.tuples(st.just("padding"), some_us),
    st.tuples(st.just("its padding"), nth, some_us | st.none()),
    st.tuples(st.just("find"), st.none() | some_us, st.booleans()),
    st.tuples(st.just("go"), st.integers(0, 12)),
)


def made(review: Review, move: tuple[object, ...]) -> e.Edit:
    """The edit a move stands for: those of pieces take whichever piece is there."""
    known = [p.id for p in pieces(review)] or ["none"]
    match move:
        case "strike", TimeRange() as span:
            return e.Strike(span)
        case "restore", TimeRange() as span:
            return e.Restore(span)
        case "split", int(at):
            return e.Split(at * UNIT)
        case "decide", int(n), Verdict() as verdict:
            return e.Decide((known[n % len(known)],), verdict)
        case "drag", int(n), TimeRange() as span:
            return e.MoveEdges(known[n % len(known)], span)
        case "correct", int(n), str(text):
            return e.CorrectWord(n, text)
        case "padding", int(us):
            return e.SetPadding(us)
        case "its padding", int(n), us:
            return e.SetCutPadding(known[n % len(known)], us)  # type: ignore[arg-type]
        case "find", over, bool(fillers):
            return e.FindAlso(AlsoFind(over, fillers))  # type: ignore[arg-type]
        case _:
            return e.AcceptAll()


def walked(start: Review, some: list[tuple[object, ...]]) -> list[History]:
    """The history after each move."""
    histories = [History(start)]
    for move in some:
        now = histories[-1]
        go = now.go_to(move[1]) if move[0] == "go" else now.do(made(now.current, move))  # type: ignore[arg-type]
        histories.append(go)
    return histories


def seen(review: Review) -> tuple[object, ...]:
    """Everything the window reads of a version."""
    return (
        pieces(review),
        cut(review),
        shapes(review),
        word_states(review).raw,
        proposals(review),
        strike_spans(review),
    )


def anew(review: Review) -> tuple[object, ...]:
    """The same of equal evidence that nothing has ever been worked out for."""
    found = review.evidence
    said = replace(found.transcript) if found.transcript else None
    fresh = replace(found, footage=replace(found.footage), transcript=said)
    return seen(replace(review, evidence=fresh))


@given(documents(), st.lists(moves, max_size=8), st.randoms(use_true_random=False))
def test_what_is_worked_out_from_another_version_is_what_a_fresh_look_finds(
    start: Review, some: list[tuple[object, ...]], chance: Random
) -> None:
    versions = [history.current for history in walked(start, some)]
    one_by_one = [seen(version) for version in versions]
    # Versions that lie further apart, and none of them remembered.
    again = list(range(len(versions))) * 2
    chance.shuffle(again)
    jumping = [(k, seen(replace(versions[k]))) for k in again]
    fresh = [anew(version) for version in versions]
    assert one_by_one == fresh
    assert all(told == fresh[k] for k, told in jumping)


def test_another_padding_moves_edges_and_asks_for_no_texts_again() -> None:
    review = e.apply(reviewed(), e.FindAlso(AlsoFind(400_000)))
    before = proposals(review)
    after = proposals(e.apply(review, e.SetPadding(0)))
    assert [p.range for p in after] != [p.range for p in before]
    assert [p.text for p in after] == [p.text for p in before]
    assert all(a.text is b.text for a, b in zip(after, before, strict=True))


@given(documents(), st.lists(moves, max_size=8))
def test_undoing_every_edit_gives_back_the_start_and_what_was_seen_of_it(
    start: Review, some: list[tuple[object, ...]]
) -> None:
    before = seen(start)
    history = walked(start, some)[-1]
    after = seen(history.current)
    back = history.go_to(0)
    assert back.current.decisions is start.decisions
    assert seen(back.current) == before
    one_by_one = history
    for _ in range(history.at):
        one_by_one = one_by_one.undo()
    assert one_by_one.current.decisions is start.decisions
    assert seen(back.go_to(history.at).current) == after


def reviewed() -> Review:
    """Ten words, two proposals far apart and a strike between them."""
    review = counting(20).received(retakes=gaps(s(0, 2.7), s(3.8, 14.7), s(15.8, 20)))
    return e.apply(review, e.Strike(s(8, 8.5)))


def test_what_an_edit_leaves_alone_stays_the_same_object() -> None:
    review = reviewed()
    first, struck, second = pieces(review)
    after = e.apply(review, e.MoveEdges(first.id, s(2.6, 3.9)))
    assert pieces(after)[1:] == (struck, second)
    assert pieces(after)[1] is struck
    assert pieces(after)[2] is second
    assert plan(after).shapes[second.id] is plan(review).shapes[second.id]
    assert cut(after).removed[0] is not cut(review).removed[0]
    assert [a is b for a, b in zip(cut(after).removed, cut(review).removed, strict=True)] == [
        False, True, True,
    ]  # fmt: skip
    assert [a is b for a, b in zip(cut(after).keep, cut(review).keep, strict=True)] == [
        False, False, True, True,
    ]  # fmt: skip
    assert proposals(after)[1] is proposals(review)[1]
    assert strike_spans(after) is strike_spans(review)
    assert word_states(after) is word_states(review)
    assert piece_of(after, second.id) is second
    assert list(pieces_by_id(after)) == [p.id for p in pieces(after)]


def test_a_corrected_word_costs_the_cut_nothing() -> None:
    review = reviewed()
    after = e.apply(review, e.CorrectWord(3, "three"))
    assert pieces(after) is pieces(review)
    assert cut(after) is cut(review)
    assert shapes(after) is shapes(review)
    assert word_states(after) is word_states(review)
    old = proposals(review)[1]
    first, second = proposals(after)
    assert (first.text, first.again_text) == ("three", "")
    assert second is old
    elsewhere = e.apply(after, e.CorrectWord(9, "nine"))
    assert proposals(elsewhere) is proposals(after)


def test_many_splits_that_go_at_once_are_looked_at_all_together() -> None:
    history = History(reviewed())
    before = seen(history.current)
    for tenth in range(28, 38):
        history = history.do(e.Split(tenth * SECOND // 10))
    assert len(proposals(history.current)) == 12
    assert seen(history.go_to(0).current) == before


def test_steps_have_names_and_can_be_gone_to() -> None:
    history = History(counting())
    assert (history.steps, history.at) == ((), 0)
    for k in range(3):
        history = history.do(e.SetPadding(k))
    history = history.do(e.Strike(s(2, 2.5)))
    assert history.steps == ("Set Cut Padding",) * 3 + ("Remove Selection",)
    there = history.go_to(2)
    assert (there.at, there.current.decisions.padding) == (2, 1)
    assert there.steps == history.steps
    assert there.go_to(2) is there
    assert there.go_to(5) is there
    assert there.go_to(-1) is there
    assert there.redo_text == "Set Cut Padding"
    assert there.go_to(4).current.decisions == history.current.decisions


def test_two_histories_that_part_keep_their_own_steps() -> None:
    start = History(counting()).do(e.SetPadding(1))
    one = start.do(e.SetPadding(2)).do(e.SetPadding(3))
    other = start.do(e.Strike(s(2, 2.5)))
    assert (one.steps, other.steps) == (
        ("Set Cut Padding",) * 3,
        ("Set Cut Padding", "Remove Selection"),
    )
    assert (start.steps, start.redo_text) == (("Set Cut Padding",), "")
    assert [name for name, _ in one.undo().future] == ["Set Cut Padding"]
    assert one.undo().undo().undo().past == ()


def test_a_thousand_steps_share_one_list() -> None:
    history = History(counting())
    for k in range(1_000):
        history = history.do(e.SetPadding(k))
    assert len(history.past) == 1_000
    assert history.do(e.SetPadding(5)).undo()._line is history._line


def test_states_of_words_are_one_byte_each_and_read_like_any_sequence() -> None:
    states = word_states(reviewed())
    assert states.raw == bytes((0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0))
    kept, proposed, removed = (states[k] for k in (0, 3, 8))
    assert [states.count(x) for x in (kept, proposed, removed)] == [17, 2, 1]
    assert len(states) == 20
    assert states[2:4] == (kept, proposed)
    assert list(states)[-1] is kept
    assert states == tuple(states)
    assert hash(states) == hash(word_states(e.apply(reviewed(), e.SetPadding(1))))
    assert states != "kept"


def test_a_pause_and_a_filler_are_proposals_without_a_retake_answer() -> None:
    words = (
        Word("one", 0, SECOND),
        Word("um", 2 * SECOND, 3 * SECOND),
        Word("two", 3 * SECOND, 4 * SECOND),
        Word("three", 9 * SECOND, 10 * SECOND),
    )
    review = Review(Evidence(Footage(10 * SECOND), Transcript(words, language="en")), Decisions())
    assert proposals(review) == ()
    review = e.apply(review, e.FindAlso(AlsoFind(2 * SECOND, fillers=True)))
    filler, pause = proposals(review)
    assert (filler.kind, filler.id, filler.text) == ("filler", "filler-2000000-3000000", "um")
    assert (pause.kind, pause.id, pause.text) == ("pause", "pause-4000000-9000000", "")
    assert {filler.verdict, pause.verdict} == {Verdict.UNDECIDED}
    assert [r.range for r in cut(review).removed] == [s(1.08, 3), s(4.08, 8.92)]
    review = e.apply(review, e.SetCutPadding(pause.id, 500_000))
    assert [r.range for r in cut(review).removed] == [s(1.08, 3), s(4.5, 8.5)]
    assert proposals(e.apply(review, e.FindAlso(AlsoFind()))) == ()
