"""The timeline's layout agrees with its hit test and costs what is visible."""

from __future__ import annotations

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from app.core.edits import Strike, apply
from app.core.faces import Box, Faces
from app.core.people import people
from app.core.retake_evidence import from_transcript
from app.core.review import Evidence, Footage, Review
from app.core.scenes import Scenes
from app.core.timerange import SECOND, TimeRange
from app.core.transcript import Transcript, Word
from app.ui.spans import Spans
from app.ui.timeline_input import packed, timeline_input
from app.ui.timeline_layout import layout, words_between
from app.ui.timeline_scale import FINE, GUTTER, View, clamped, fitted, ticks, zoomed

DURATION = 60 * SECOND


def transcript(count: int = 40, step: int = SECOND, speakers: int = 2) -> Transcript:
    words = tuple(
        Word(f"word{i}", i * step, i * step + step * 3 // 4, i // 5 % speakers, 0.9)
        for i in range(count)
    )
    return Transcript(words, language="en")


def review() -> Review:
    faces = Faces.of(
        [(k * 200_000, [Box(0.1, 0.1, 0.2, 0.3, 0.9, 0), Box(0.5, 0.1, 0.6, 0.3, 0.9, 1)])
         for k in range(100)]
    )  # fmt: skip
    scenes = Scenes.of([10 * SECOND, 30 * SECOND], DURATION)
    return Review(Evidence(Footage(DURATION), transcript(), faces, scenes))


words = st.lists(
    st.tuples(st.integers(0, 59 * SECOND), st.integers(0, 3 * SECOND), st.integers(0, 2)),
    max_size=40,
)
views = st.tuples(st.integers(0, DURATION), st.integers(500, 200_000), st.integers(200, 2000)).map(
    lambda v: View(float(v[0]), float(v[1]), float(v[2]), 300.0)
)


@given(words, views, st.floats(0, 1), st.floats(0, 300))
def test_what_a_point_hits_is_what_was_painted_there_last(
    rows: list[tuple[int, int, int]], view: View, part: float, y: float
) -> None:
    said = tuple(Word("w", s, s + d, who) for s, d, who in rows)
    struck = apply(
        Review(Evidence(Footage(DURATION), Transcript(said))),
        Strike(TimeRange(5 * SECOND, 9 * SECOND)),
    )
    shown = layout(timeline_input(struck), view)
    x = part * view.width
    thing = shown.hit(x, y)
    under = [i for i in shown.items if i.holds(x, y)]
    if thing.kind in ("word", "cut", "scene", "person"):
        assert under
        assert under[-1].thing == thing
    elif thing.kind == "lane":
        assert not under


@given(words, views, st.floats(0, 1))
def test_a_word_wide_enough_to_read_is_hit_by_its_time(
    rows: list[tuple[int, int, int]], view: View, part: float
) -> None:
    said = tuple(Word("w", s, s + d, who) for s, d, who in rows)
    shown = layout(timeline_input(Review(Evidence(Footage(DURATION), Transcript(said)))), view)
    x = GUTTER + part * (view.width - GUTTER)
    t = view.t_of(x)
    for lane in shown.lanes:
        if lane.kind != "word":
            continue
        thing = shown.hit(x, lane.y + lane.height / 2)
        number = (
            timeline_input(Review(Evidence(Footage(DURATION), Transcript(said))))
            .voices[lane.key]
            .speaker
        )
        wide = [
            i
            for i, w in enumerate(said)
            if w.speaker == number
            and w.start + view.us_per_px < t < w.end - view.us_per_px
            and w.end - w.start >= FINE * view.us_per_px
        ]
        if wide:
            assert thing.kind == "word"
        if thing.kind == "word" and said[thing.index].end - said[thing.index].start >= (
            FINE * view.us_per_px
        ):
            word = said[thing.index]
            assert word.start - view.us_per_px <= t <= word.end + view.us_per_px


@given(
    st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 50)), max_size=60),
    st.integers(0, 1000),
    st.integers(1, 300),
    st.integers(1, 40),
)
def test_blocks_cover_every_visible_span(
    rows: list[tuple[int, int]], start: int, wide: int, fine: int
) -> None:
    spans = Spans((s, s + d, k) for k, (s, d) in enumerate(rows))
    end = start + wide
    blocks = list(spans.blocks(start, end, fine))
    for s, d in rows:
        if s < end and s + d > start and d >= fine:
            assert any(a <= s and s + d <= b for a, b, _, _ in blocks)
    small = [b for b in blocks if b[1] - b[0] < fine or b[3] > 1]
    assert len(small) <= 2 + wide // fine + 4 * sum(d >= fine for _, d in rows) + len(rows) // 2


def test_lanes_come_in_the_order_of_the_drawing() -> None:
    shown = layout(timeline_input(review()), fitted(DURATION, 1000, 300))
    assert [lane.name for lane in shown.lanes] == [
        "Scenes", "Speaker 1", "Speaker 2", "Cut", "People",
    ]  # fmt: skip
    assert shown.hit(500, 5).kind == "ruler"
    assert shown.hit(10, 60).kind == "names"
    assert shown.hit(500, 299).kind == "overview"


def test_a_name_given_to_a_speaker_names_the_lane() -> None:
    named = dataclasses.replace(
        review(), decisions=dataclasses.replace(review().decisions, names={"speaker 0": "Dana"})
    )
    shown = layout(timeline_input(named), fitted(DURATION, 1000, 300))
    assert "Dana" in [lane.name for lane in shown.lanes]


def test_a_strike_lies_in_the_cut_lane_and_its_edges_can_be_caught() -> None:
    struck = apply(review(), Strike(TimeRange(4 * SECOND, 8 * SECOND)))
    shown = layout(timeline_input(struck), fitted(DURATION, 1000, 300))
    (item,) = shown.items_of("cut")
    assert item.state == "removed"
    y = item.y + item.height / 2
    assert shown.edge_at(item.x, y) == (item.thing.id, "start")
    assert shown.edge_at(item.x + item.width, y) == (item.thing.id, "end")
    assert shown.edge_at(item.x + item.width / 2, y) is None
    assert shown.hit(item.x + item.width / 2, y) == item.thing


def test_an_undecided_proposal_is_shaded_over_all_lanes() -> None:
    said = [
        "we",
        "begin",
        "here",
        "today",
        "and",
        "we",
        "begin",
        "here",
        "today",
        "and",
        "then",
        "go",
        "on",
    ]
    heard = Transcript(
        tuple(Word(t, i * 400_000, i * 400_000 + 300_000, 0) for i, t in enumerate(said))
    )
    footage = Footage(DURATION)
    asked = Review(Evidence(footage, heard)).received(
        retakes=from_transcript(heard, footage, "transcript")
    )
    shown = layout(timeline_input(asked), fitted(DURATION, 1000, 300))
    assert shown.shades is not None
    assert shown.shades[2].tolist() == [1]
    assert [i.state for i in shown.items_of("cut")] == ["proposed"]
    assert any(i.state == "proposed" for i in shown.items_of("word"))


@given(views, st.floats(0.1, 10), st.floats(0, 1))
def test_zooming_keeps_the_instant_under_the_pointer(
    view: View, factor: float, part: float
) -> None:
    view = clamped(view, DURATION)
    x = GUTTER + part * (view.width - GUTTER)
    closer = zoomed(view, DURATION, factor, x)
    assert 0 <= closer.start <= DURATION
    free = closer.start > 0 and closer.end < DURATION
    if free:
        assert abs(closer.t_of(x) - view.t_of(x)) <= closer.us_per_px + 1


def test_a_drag_over_words_selects_whole_words() -> None:
    seen = timeline_input(review())
    shown = layout(seen, fitted(DURATION, 1000, 300))
    lane = next(lane for lane in shown.lanes if lane.name == "Speaker 1")
    assert words_between(seen, lane, 2_100_000, 1_200_000) == TimeRange(SECOND, 2_750_000)
    assert words_between(seen, lane, 1_800_000, 1_900_000) is None


def test_appearances_at_the_same_time_get_rows_of_their_own() -> None:
    assert [len(row) for row in packed(people(review()))] == [1, 1]


def test_a_film_of_a_hundred_thousand_words_has_no_more_items_than_pixels() -> None:
    long = transcript(100_000, 200_000)
    film = 100_000 * 200_000
    seen = timeline_input(Review(Evidence(Footage(film), long)))
    for view in (fitted(film, 1600, 300), View(film / 2, 5_000, 1600, 300)):
        shown = layout(seen, view)
        words = shown.items_of("word")
        assert 0 < len(words) < 1600
        within = [i for i in words if i.x + i.width > GUTTER and i.x < 1600]
        assert len(within) >= len(words) - 4


some_rows = st.lists(
    st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda r: (r[0], r[0] + r[1])),
    max_size=12,
    unique=True,
).map(sorted)


@given(some_rows, some_rows, st.integers(0, 12), st.integers(0, 12))
def test_spans_made_of_those_of_before_are_the_ones_made_anew(
    old: list[tuple[int, int]], come: list[tuple[int, int]], head: int, tail: int
) -> None:
    head = min(head, len(old))
    tail = min(tail, len(old) - head)
    low, high = old[:head], old[len(old) - tail :]
    come = [r for r in come if (not low or r > low[-1]) and (not high or r < high[0])]
    new = [*low, *come, *high]
    numbered = [(start, end, n) for n, (start, end) in enumerate(old)]
    rows = [(start, end, n) for n, (start, end) in enumerate(come, head)]
    made = Spans(numbered).replaced(head, tail, rows, len(new) - len(old))
    anew = Spans((start, end, n) for n, (start, end) in enumerate(new))
    assert (made.starts, made.ends) == (anew.starts, anew.ends)
    assert (made.refs, made.reach) == (anew.refs, anew.reach)


def test_a_time_that_would_be_cut_off_behind_the_end_of_the_film_is_left_out() -> None:
    ten_hours = 36_000 * SECOND
    view = fitted(ten_hours + 8 * SECOND, 1000, 300)
    *before, last = ticks(ten_hours + 8 * SECOND, view)
    assert last.text == ""
    assert last.x < 1000
    assert all(tick.text for tick in before)
