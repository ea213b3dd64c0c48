"""Lanes as they are arranged: what is pointed at is what lies there, at any height and scroll."""

from __future__ import annotations

import dataclasses
from array import array
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.edits import (
    AddMarker,
    CorrectWord,
    Decide,
    HidePeople,
    MergeSpeakers,
    Recolour,
    Rename,
    Strike,
    apply,
)
from app.core.faces import Faces, FaceTrack
from app.core.moments import Moment, Moments
from app.core.review import Evidence, Footage, Retakes, RetakeWord, Review, Verdict
from app.core.scenes import Scenes
from app.core.timerange import SECOND, TimeRange, complement
from app.core.transcript import Transcript, Word
from app.ui.spans import Spans
from app.ui.timeline_input import timeline_input
from app.ui.timeline_lanes import FLAG, RULER, Arrangement, kinds, placed_lanes
from app.ui.timeline_layout import layout
from app.ui.timeline_scale import GUTTER, View, fitted, ticks

FILM = 120 * SECOND
KINDS = ("scene", "thumb", "sound", "word", "cut", "person", "moment", "marker")


def faces() -> Faces:
    out = Faces(*(array(c) for c in "q"), array("q", [0]), *(array(c) for c in "ffiif"))
    tracks = [
        FaceTrack(k, k % 3 if k < 9 else -1, k * 9 * SECOND, (k * 9 + 7) * SECOND, 35, 0.1)
        for k in range(12)
    ]
    return dataclasses.replace(out, tracks=tuple(tracks))


def full() -> Review:
    """Something in every lane."""
    words = tuple(Word(f"w{i}", i * 500_000, i * 500_000 + 400_000, i // 9 % 3) for i in range(200))
    gaps = tuple(TimeRange(s * SECOND, s * SECOND + 3 * SECOND) for s in (6, 20, 21 + 9, 70))
    listed = tuple(RetakeWord(i, w.text, w.start, w.end) for i, w in enumerate(words))
    retakes = Retakes(listed, (), complement(gaps, TimeRange(0, FILM)))
    moments = tuple(
        Moment(n, TimeRange(n * 8 * SECOND, (n * 8 + 20) * SECOND), f"Moment {n}", score=float(n))
        for n in range(9)
    )
    found = Evidence(
        Footage(FILM, array("q", range(0, FILM, 40_000)), 160, 90),
        Transcript(words),
        faces(),
        Scenes.of([10 * SECOND, 31 * SECOND, 32 * SECOND], FILM),
        retakes,
        Moments("job", moments),
    )
    out = apply(Review(found), Strike(TimeRange(50 * SECOND, 53 * SECOND)))
    out = apply(out, AddMarker(TimeRange(5 * SECOND, 5 * SECOND), "here"))
    out = apply(out, AddMarker(TimeRange(5 * SECOND + 10_000, 5 * SECOND + 10_000), ""))
    return apply(out, AddMarker(TimeRange(40 * SECOND, 60 * SECOND), "הערה"))


FULL = timeline_input(full())

arrangements = st.builds(
    Arrangement,
    hidden=st.frozensets(st.sampled_from(KINDS)),
    heights=st.dictionaries(st.sampled_from(KINDS), st.floats(12, 240)),
    thumbs=st.booleans(),
    sound=st.booleans(),
)
views = st.builds(
    View,
    start=st.floats(0, FILM),
    us_per_px=st.floats(400, 200_000),
    width=st.floats(200, 2560),
    height=st.floats(140, 600),
    scroll=st.floats(-50, 900),
)


@given(views, arrangements)
def test_the_middle_of_every_item_hits_an_item_that_holds_it(
    view: View, wanted: Arrangement
) -> None:
    shown = layout(FULL, view, wanted)
    for item in shown.items:
        x, y = item.x + item.width / 2, item.y + item.height / 2
        if x < GUTTER or not RULER <= y < shown.bottom:
            continue
        thing = shown.hit(x, y)
        found = shown.item_at(x, y)
        assert found is not None
        assert found.holds(x, y)
        assert found.thing == thing
        assert thing.kind == item.kind
        lane = shown.lane_at(y)
        assert lane is not None
        assert lane.kind == item.kind


@given(views, arrangements)
def test_lanes_lie_one_below_the_other_and_scroll_as_far_as_the_last(
    view: View, wanted: Arrangement
) -> None:
    shown = layout(FULL, view, wanted)
    assert [lane.kind for lane in shown.lanes if lane.kind in wanted.hidden] == []
    for above, below in pairwise(shown.lanes):
        assert above.y + above.height == pytest.approx(below.y)
    assert 0 <= shown.view.scroll <= shown.most
    assert RULER <= shown.bottom <= max(RULER, shown.overview)
    last = layout(FULL, dataclasses.replace(view, scroll=1e6), wanted)
    if last.most:
        assert last.lanes[-1].y + last.lanes[-1].height == pytest.approx(last.bottom)
    for lane in shown.lanes:
        if lane.kind in wanted.heights:
            assert lane.height == pytest.approx(wanted.heights[lane.kind])


@given(views, arrangements)
def test_what_lies_in_view_is_laid_out(view: View, wanted: Arrangement) -> None:
    shown = layout(FULL, view, wanted)
    seen = TimeRange(max(0, round(view.start)), max(0, round(view.start), round(view.end)))
    lane = next((lane for lane in shown.lanes if lane.kind == "cut"), None)
    if lane is None or not RULER - lane.height < lane.y < shown.bottom:
        return
    ids = {item.id for item in shown.items_of("cut")}
    single = all(item.count == 1 for item in shown.items_of("cut"))
    for span in FULL.cuts:
        if single and span.range.intersection(seen):
            assert span.id in ids


def test_every_kind_of_lane_comes_from_top_to_bottom() -> None:
    wanted = Arrangement(thumbs=True, sound=True)
    assert tuple(kinds(FULL, wanted)) == KINDS
    placed = placed_lanes(FULL, fitted(FILM, 1600, 700), wanted)
    names = [lane.name for lane in placed.lanes]
    assert names == ["Scenes", "Thumbnails", "Sound", "Speaker 1", "Speaker 2", "Speaker 3",
                     "Cut", "People", "Moments", "Markers"]  # fmt: skip
    assert placed.most == 0


def test_words_keep_a_height_at_which_they_are_read_and_lanes_scroll_instead() -> None:
    low = placed_lanes(FULL, fitted(FILM, 1366, 220), Arrangement(thumbs=True, sound=True))
    assert low.most > 0
    assert all(lane.height >= 18 for lane in low.lanes)


def test_hidden_people_have_no_line_and_the_others_one_each() -> None:
    given_ = full()
    shown = timeline_input(given_)
    keys = [p.key for p in shown.people]
    # Three people with a line each; those seen once share the last row.
    assert shown.person_rows == 4
    hidden = timeline_input(apply(given_, HidePeople((keys[0],), True)))
    assert keys[0] not in [p.key for p in hidden.people]
    assert hidden.person_rows == 3


def test_speakers_are_merged_named_and_coloured() -> None:
    given_ = apply(full(), MergeSpeakers((2,), 0))
    given_ = apply(given_, Rename("speaker 0", "Dana"))
    given_ = apply(given_, Recolour("speaker 0", 4))
    shown = timeline_input(given_)
    assert [(v.speaker, v.name) for v in shown.voices] == [(0, "Dana"), (1, "Speaker 2")]
    assert shown.voices[0].colour == 4
    assert len(shown.voices[0].words) + len(shown.voices[1].words) == 200


def test_an_edit_rebuilds_nothing_but_what_it_changed() -> None:
    before = full()
    shown = timeline_input(before)
    corrected = timeline_input(apply(before, CorrectWord(3, "other")))
    decided = timeline_input(apply(before, Decide((shown.cuts[0].id,), Verdict.ACCEPTED)))
    for after in (corrected, decided):
        assert after.voices is shown.voices
        assert after.scene_starts is shown.scene_starts
        assert after.people is shown.people
        assert after.person_spans is shown.person_spans
        assert after.moments is shown.moments
        assert after.moment_spans is shown.moment_spans
        assert after.marker_spans is shown.marker_spans
    assert corrected.word_text(3) == "other"
    assert decided.cuts[0].state == "removed"


def test_a_marker_at_an_instant_is_caught_by_its_flag_alone() -> None:
    shown = layout(FULL, View(4 * SECOND, 5_000, 1000, 500))
    flag = next(i for i in shown.items_of("marker") if i.text == "here")
    y = flag.y + flag.height / 2
    assert shown.edge_at(flag.x + 1, y) == (flag.id, "start") or flag.count > 1
    wide = layout(FULL, View(4_900_000, 1_000, 1000, 500))
    flag = next(i for i in wide.items_of("marker") if i.text == "here")
    assert flag.count == 1
    assert wide.edge_at(flag.x + FLAG / 2, y) == (flag.id, "start")


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 60)), min_size=1, max_size=200),
       st.integers(0, 5000), st.integers(1, 80), st.integers(0, 40))  # fmt: skip
def test_blocks_count_every_span_once_however_they_are_joined(
    rows: list[tuple[int, int]], start: int, fine: int, join: int
) -> None:
    spans = Spans((s, s + d, k) for k, (s, d) in enumerate(rows))
    blocks = spans.blocks(start, 6000, fine, join, bytes(k % 3 for k in range(len(rows))))
    seen = [(s, d) for s, d in rows if s + d > start or s >= start]
    assert sum(count for *_, count in blocks) == len(seen)
    assert all(a <= b for a, b, _, _ in blocks)
    assert [b[0] for b in blocks] == sorted(b[0] for b in blocks)


@given(st.floats(0, FILM), st.floats(400, 2_000))
def test_close_up_the_ruler_says_frames_and_stands_on_them(start: float, scale: float) -> None:
    view = View(start, scale, 1600, 300)
    frames = FULL.frame_times
    marks = list(ticks(FILM, view, frames))
    for mark in marks:
        t = view.t_of(mark.x)
        assert min(abs(t - at) for at in frames) <= scale
        if scale < 80_000 / 92:
            assert mark.text.count(":") >= 2
    xs = [mark.x for mark in marks]
    assert all(b - a >= 75 for a, b in pairwise(xs))
