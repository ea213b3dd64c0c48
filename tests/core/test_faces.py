"""Which boxes are drawn at an instant: along tracks, not across gaps, not across cuts."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.faces import NO_TRACK, Box, Faces

STEP = 200_000


def box(track: int, x: float = 0.2, score: float = 0.5, speaking: float | None = None) -> Box:
    return Box(x, 0.25, x + 0.2, 0.5, score, track, speaking=speaking)


def sampled(*samples: tuple[float, list[Box]]) -> Faces:
    """Samples by their place in steps."""
    return Faces.of((round(at * STEP), boxes) for at, boxes in samples)


def tracks_at(faces: Faces, steps: float, *cuts: float) -> list[int]:
    wanted = tuple(round(cut * STEP) for cut in cuts)
    return [b.track for b in faces.boxes_at(round(steps * STEP), wanted)]


def test_a_face_that_one_sample_missed_is_followed_along_its_track() -> None:
    faces = sampled((0, [box(1, 0.0)]), (1, [box(2)]), (2, [box(1, 0.4)]), (3, [box(2)]))
    found = {b.track: b for b in faces.boxes_at(STEP)}
    assert found[1].x1 == pytest.approx(0.2)
    assert found[2].x1 == pytest.approx(0.2)
    assert tracks_at(faces, 1.5) == [2, 1]


def test_a_track_is_hidden_across_a_gap_of_over_two_and_a_half_steps_of_its_own() -> None:
    samples = [(k, [box(9, 0.6), *([box(1)] if k in (0, 3) else [])]) for k in range(4)]
    faces = sampled(*samples)
    assert [1 in tracks_at(faces, at) for at in (0, 0.5, 0.6, 1.5, 2.4, 2.5, 3)] == [
        True, True, False, False, False, True, True,
    ]  # fmt: skip
    near = sampled((0, [box(1)]), (1, []), (2.5, [box(1)]), (3, []), (4, []), (5, []))
    assert near.step == STEP
    assert all(tracks_at(near, at / 10) == [1] for at in range(26))


def test_the_first_and_the_last_observation_hold_until_the_film_or_the_scene_ends() -> None:
    faces = sampled((1, [box(1)]), (2, [box(1)]), (3, [box(1)]))
    assert [tracks_at(faces, at) for at in (0, 4, 4.1)] == [[1], [1], []]
    assert tracks_at(faces, 2.9, 2.95) == [1], "nothing more is known of this scene"
    gone = sampled((0, [box(1)]), (1, [box(1)]), (2, []), (3, []))
    assert [tracks_at(gone, at) for at in (1.5, 1.6)] == [[1], []]


def test_a_face_does_not_glide_from_one_scene_into_the_next() -> None:
    faces = sampled((0, [box(1, 0.0)]), (1, [box(1, 0.8)]))
    for at, x in ((0.1, 0.0), (0.69, 0.0), (0.7, 0.8), (0.9, 0.8)):
        (shown,) = faces.boxes_at(round(at * STEP), (round(0.7 * STEP),))
        assert shown.x1 == pytest.approx(x)


def test_score_and_speaking_are_those_of_the_nearer_observation() -> None:
    faces = sampled((0, [box(1, score=0.9, speaking=0.1)]), (1, [box(1, score=0.7, speaking=0.8)]))
    assert [faces.boxes_at(t)[0].score for t in (0, STEP // 3, STEP)] == pytest.approx(
        [0.9, 0.9, 0.7]
    )
    assert faces.boxes_at(2 * STEP // 3)[0].speaking == pytest.approx(0.8)


def test_boxes_of_no_track_are_all_shown_and_never_joined() -> None:
    pair = [box(NO_TRACK, 0.0), box(NO_TRACK, 0.5)]
    faces = sampled((0, pair), (1.1, [box(NO_TRACK, 0.1)]), (2, []), (3, []), (9, pair))
    assert [b.x1 for b in faces.boxes_at(STEP // 2)] == [0.0, 0.5]
    assert [round(b.x1, 2) for b in faces.boxes_at(round(0.6 * STEP))] == [0.1]
    assert tracks_at(faces, 2) == []
    assert tracks_at(faces, 4) == []
    assert [len(tracks_at(faces, at)) for at in (8.4, 8.5, 10, 10.2)] == [0, 2, 2, 0]


UNEVEN = (0, 33, 67, 100, 350, 383, 417, 433, 933, 967, 1000)
"""Milliseconds of frames of a film of variable rate, every one of which was looked at."""


def test_at_a_variable_rate_every_frame_that_was_looked_at_has_its_own_boxes() -> None:
    samples = [(ms * 1000, [box(1, ms / 2000)]) for ms in UNEVEN]
    faces = Faces.of(samples)
    for ms, (_, (given_box,)) in zip(UNEVEN, samples, strict=True):
        (shown,) = faces.boxes_at(ms * 1000)
        assert shown.x1 == pytest.approx(given_box.x1, abs=1e-6)
    assert faces.step == 34_000
    for a, b in pairwise(UNEVEN):
        middle = faces.boxes_at((a + b) * 500)
        assert len(middle) == (0 if b - a > 2.5 * 34 else 1), (a, b)


@given(
    st.lists(st.integers(0, 400), min_size=1, max_size=30, unique=True),
    st.lists(st.integers(0, 400), max_size=3),
    st.integers(0, 400),
)
def test_what_is_drawn_lies_between_observations_of_its_own_scene(
    times: list[int], cuts: list[int], t: int
) -> None:
    faces = Faces.of((ms, [box(1, ms / 500)]) for ms in times)
    edges = (-1, *sorted(set(cuts)), 1000)
    scene = next((a, b) for a, b in pairwise(edges) if a <= t < b)
    own = [ms for ms in times if scene[0] <= ms < scene[1]]
    for shown in faces.boxes_at(t, tuple(sorted(set(cuts)))):
        assert own
        low = max((ms for ms in own if ms <= t), default=min(own))
        high = min((ms for ms in own if ms >= t), default=max(own))
        assert low / 500 - 1e-6 <= shown.x1 <= high / 500 + 1e-6
    if t in times:
        assert len(faces.boxes_at(t, tuple(sorted(set(cuts))))) == 1
