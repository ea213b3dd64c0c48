"""Faces in columns, and the people they are gathered into."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.edits import MergePeople, Rename, apply
from app.core.faces import Box, Faces, FaceTrack, time_on_screen
from app.core.people import people, root
from app.core.review import Evidence, Review
from app.core.scenes import Scenes
from tests.core.speech import film

STEP = 200_000


def box(track: int, x: float = 0.25, cluster: int = -1, speaking: float | None = None) -> Box:
    return Box(x, 0.25, x + 0.25, 0.5, 0.5, track, cluster, speaking)


def test_boxes_come_back_as_they_were_given_in_time_order() -> None:
    first, second = box(1, speaking=0.5), box(2, cluster=3)
    faces = Faces.of([(STEP, [second]), (0, [first]), (2 * STEP, [])])
    assert list(faces.times) == [0, STEP, 2 * STEP]
    assert faces.frame(0) == (first,)
    assert faces.frame(1) == (second,)
    assert faces.frame(2) == ()
    assert faces.step == STEP
    assert Faces.of([]).step == STEP


def test_tracks_are_derived_where_none_are_given() -> None:
    faces = Faces.of([(0, [box(1)]), (STEP, [box(1), box(7)]), (2 * STEP, [box(1)])])
    assert faces.tracks == (
        FaceTrack(1, -1, 0, 2 * STEP, 3, 0.0625),
        FaceTrack(7, -1, STEP, STEP, 1, 0.0625),
    )


def test_boxes_move_evenly_between_samples() -> None:
    faces = Faces.of([(0, [box(1, 0.0)]), (STEP, [box(1, 0.5)])])
    (between,) = faces.boxes_at(STEP // 4)
    assert between.x1 == pytest.approx(0.125)


def test_a_face_in_one_sample_of_two_is_shown_within_half_a_step() -> None:
    faces = Faces.of([(0, [box(1)]), (STEP, [box(2)])])
    assert [b.track for b in faces.boxes_at(STEP // 4)] == [1]
    assert [b.track for b in faces.boxes_at(3 * STEP // 4)] == [2]


def test_nothing_is_shown_in_gaps_or_across_a_scene_cut() -> None:
    samples = [(k * STEP, [box(1, 0.1 * k)]) for k in range(4)]
    faces = Faces.of([*samples, (9 * STEP, [box(1)])])
    assert faces.boxes_at(6 * STEP) == ()
    assert [b.track for b in faces.boxes_at(3 * STEP + STEP // 2)] == [1]
    assert faces.boxes_at(3 * STEP + 2 * STEP) == ()
    assert [b.x1 for b in faces.boxes_at(STEP // 4, (STEP // 2,))] == [0.0]
    assert [round(b.x1, 3) for b in faces.boxes_at(3 * STEP // 4, (STEP // 2,))] == [0.1]
    assert Faces.of([]).boxes_at(5) == ()


def test_two_samples_too_far_apart_are_not_joined() -> None:
    samples = [(k * STEP, [box(1)]) for k in range(4)]
    far = Faces.of([*samples, (7 * STEP, [box(1)])])
    assert far.boxes_at(5 * STEP) == ()


def reviewed() -> Review:
    tracks = (
        FaceTrack(5, 2, 0, 100, 2, 0.1),
        FaceTrack(6, -1, 50, 150, 2, 0.1),
        FaceTrack(7, 2, 90, 200, 2, 0.1),
        FaceTrack(8, 4, 300, 400, 2, 0.1),
    )
    return Review(Evidence(film(1), faces=Faces.of([], tracks)))


def test_clusters_are_people_and_a_track_without_one_stands_alone() -> None:
    assert people(Review(Evidence(film(1)))) == ()
    everyone = people(reviewed())
    assert [(p.key, p.name, p.colour_index, p.on_screen_us) for p in everyone] == [
        ("c2", "Person 1", 0, 200),
        ("t6", "Person 2", 1, 100),
        ("c4", "Person 3", 2, 100),
    ]
    assert everyone[0].track_ids == {5, 7}


def test_merged_people_are_one_and_the_others_keep_their_colours() -> None:
    review = apply(reviewed(), MergePeople(("t6",), "c2"))
    review = apply(review, Rename("c2", "Ann"))
    assert [(p.key, p.name, p.colour_index) for p in people(review)] == [
        ("c2", "Ann", 0),
        ("c4", "Person 3", 2),
    ]
    strange = apply(reviewed(), MergePeople(("c2", "t6"), "x"))
    assert [(p.key, p.name) for p in people(strange)] == [("x", "Person 4"), ("c4", "Person 3")]


def test_a_ring_of_merges_ends() -> None:
    assert root("a", {"a": "b", "b": "a"}) == "b"


def test_scenes_are_the_film_divided_at_its_cuts() -> None:
    scenes = Scenes.of([300, 0, 100, 100, 900, 1000], 900)
    assert scenes.cuts == (100, 300)
    assert [(r.start, r.end) for r in scenes.ranges] == [(0, 100), (100, 300), (300, 900)]
    assert [scenes.index_at(t) for t in (0, 99, 100, 899)] == [0, 0, 1, 2]
    assert Evidence(film(1), scenes=scenes).cuts == (100, 300)
    assert Evidence(film(1)).cuts == ()


@given(
    st.lists(st.tuples(st.integers(0, 20), st.lists(st.integers(0, 3), max_size=3)), max_size=12),
    st.integers(0, 21 * STEP),
)
def test_no_track_is_drawn_twice_at_any_instant(
    frames: list[tuple[int, list[int]]], t: int
) -> None:
    once = dict(frames)
    faces = Faces.of((k * STEP, [box(n) for n in sorted(set(ns))]) for k, ns in once.items())
    shown = [b.track for b in faces.boxes_at(t)]
    assert len(shown) == len(set(shown))


TRACKS = st.lists(st.tuples(st.integers(-9, 99), st.integers(-5, 30)), max_size=12).map(
    lambda ts: [FaceTrack(n, -1, a, a + d, 1, 0.1) for n, (a, d) in enumerate(ts)]
)


@given(TRACKS)
def test_time_on_screen_counts_each_instant_once(tracks: list[FaceTrack]) -> None:
    seen = {t for track in tracks for t in range(track.start, track.end)}
    assert time_on_screen(tracks) == len(seen)
