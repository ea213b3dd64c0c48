"""The crop of a short, by example and as laws over any faces, cuts, sizes and spans."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.faces import Box, Faces
from app.core.moments import Framing
from app.core.reframe import FASTEST, SHORT, Framed, Part, frame_up
from app.core.timerange import SECOND, TimeRange

STEP = 200_000
WIDE = (1920, 1080)
WHOLE = Part(0.0, 0.0, 1.0, 1.0)


def face(x: float, y: float = 0.4, high: float = 0.2, track: int = 1, cluster: int = -1) -> Box:
    """Around a middle, square on the screen of a wide film."""
    wide = high * 9 / 16
    return Box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2, 1.0, track, cluster)


def seen(*shots: Sequence[Box], seconds: int = 4) -> Faces:
    """Each of the lists of boxes for `seconds`, one after the other."""
    each = seconds * SECOND // STEP
    return Faces.of((k * STEP, shots[k // each]) for k in range(each * len(shots)))


def framed(
    faces: Faces | None,
    framing: Framing = "subject",
    cuts: tuple[int, ...] = (),
    seconds: float = 4,
    only: frozenset[int] = frozenset(),
    size: tuple[int, int] = WIDE,
) -> Framed:
    span = TimeRange(0, round(seconds * SECOND))
    return frame_up(faces, cuts, size, span, framing, only=only)


def holds(part: Part, box: Box) -> bool:
    return (
        part.x <= box.x1
        and box.x2 <= part.x + part.width
        and part.y <= box.y1
        and box.y2 <= part.y + part.height
    )


def follows(result: Framed) -> list[tuple[int, ...]]:
    return [shot.tracks[0].follows for shot in result.shots]


# --- by example ---


def test_static_is_the_middle_whoever_is_there() -> None:
    for faces in (None, seen([face(0.1)])):
        (pane,) = framed(faces, "static").at(0)
        assert pane.place == WHOLE
        assert pane.source.width == pytest.approx(81 / 256)
        assert pane.source.x + pane.source.width / 2 == pytest.approx(0.5)
        assert (pane.source.y, pane.source.height) == (0.0, 1.0)


def test_without_a_face_the_middle_is_taken() -> None:
    middle = framed(None, "static")
    assert framed(None) == framed(seen([])) == framed(seen([]), "grid") == middle


def test_a_film_narrower_than_a_short_keeps_its_width() -> None:
    (pane,) = framed(None, size=(500, 1000)).at(0)
    assert (pane.source.x, pane.source.width) == (0.0, 1.0)
    assert pane.source.height == pytest.approx(8 / 9)


def test_a_face_lies_in_the_middle_of_its_crop() -> None:
    (pane,) = framed(seen([face(0.7)])).at(2 * SECOND)
    assert pane.source.x + pane.source.width / 2 == pytest.approx(0.7)


def test_at_the_edge_of_the_film_the_crop_stays_inside() -> None:
    left, right = framed(seen([face(0.08)])).at(0), framed(seen([face(0.92)])).at(0)
    assert left[0].source.x == 0.0
    assert right[0].source.x + right[0].source.width == pytest.approx(1.0)


def test_crops_jump_at_cuts() -> None:
    result = framed(seen([face(0.2)], [face(0.8)]), cuts=(4 * SECOND,), seconds=8)
    assert [shot.span.start for shot in result.shots] == [0, 4 * SECOND]
    before, after = result.at(4 * SECOND - 1)[0].source, result.at(4 * SECOND)[0].source
    assert holds(before, face(0.2))
    assert holds(after, face(0.8))


def test_outside_of_the_span_its_ends_are_held() -> None:
    result = framed(seen([face(0.2)], [face(0.8)]), cuts=(4 * SECOND,), seconds=8)
    assert result.at(-SECOND) == result.at(0)
    assert result.at(90 * SECOND) == result.at(8 * SECOND)


def test_someone_who_walks_is_followed_and_between_the_points_the_crop_moves_evenly() -> None:
    walk = [(k * STEP, [face(0.15 + 0.007 * k)]) for k in range(100)]
    faces = Faces.of(walk)
    result = framed(faces, seconds=19.8)
    for t in range(0, 19_800_000, 33_333):
        (box,) = faces.boxes_at(t)
        assert holds(result.at(t)[0].source, box)
    (track,) = result.shots[0].tracks
    (t0, left0, _), (t1, left1, _) = track.points[1:3]
    assert track.at((t0 + t1) // 2).source.x == pytest.approx((left0 + left1) / 2)


def test_the_larger_face_is_followed_and_the_chosen_one_before_it() -> None:
    faces = seen([face(0.2, high=0.3), face(0.8, track=2)])
    assert follows(framed(faces)) == [(1,)]
    assert follows(framed(faces, only=frozenset({2}))) == [(2,)]


def test_where_the_chosen_person_is_not_seen_another_one_is_followed() -> None:
    faces = seen([face(0.2), face(0.8, track=2)], [face(0.2, track=3)])
    result = framed(faces, cuts=(4 * SECOND,), seconds=8, only=frozenset({2, 9}))
    assert follows(result) == [(2,), (3,)]


def test_two_people_share_a_grid_from_left_to_right_as_one_above_the_other() -> None:
    faces = seen([face(0.8, high=0.3), face(0.2, track=2)])
    panes = framed(faces, "grid").at(SECOND)
    assert [pane.place for pane in panes] == [Part(0, 0, 1, 0.5), Part(0, 0.5, 1, 0.5)]
    assert holds(panes[0].source, face(0.2))
    assert holds(panes[1].source, face(0.8, high=0.3))
    assert not holds(panes[0].source, face(0.8, high=0.3))
    assert not holds(panes[1].source, face(0.2))


@pytest.mark.parametrize("count", [3, 4, 5])
def test_grids_have_at_most_four_panes_that_fill_the_short(count: int) -> None:
    faces = seen([face(0.1 + 0.19 * n, track=n) for n in range(count)])
    panes = framed(faces, "grid").at(0)
    assert len(panes) == min(count, 4)
    assert sum(p.place.width * p.place.height for p in panes) == pytest.approx(1.0)
    assert len({p.place for p in panes}) == len(panes)


def test_people_above_each_other_are_told_apart_by_height() -> None:
    upper, lower = face(0.5, 0.2, 0.15), face(0.5, 0.8, 0.15, track=2)
    panes = framed(seen([upper, lower]), "grid").at(0)
    assert [holds(p.source, b) for p in panes for b in (upper, lower)] == [True, False, False, True]


def test_a_grid_of_one_person_is_that_subject() -> None:
    faces = seen([face(0.3)])
    assert framed(faces, "grid") == framed(faces, "subject")


def test_a_face_that_goes_missing_is_kept_in_view_for_half_a_step() -> None:
    samples = [
        (k * STEP, [face(0.3 if k < 10 else 0.5)] if k not in (9, 10) else []) for k in range(30)
    ]
    faces = Faces.of(samples)
    result = framed(faces, seconds=6)
    for t in range(0, 5_800_000, 33_333):
        for box in faces.boxes_at(t):
            assert holds(result.at(t)[0].source, box)


def test_an_empty_span_is_one_point() -> None:
    span = TimeRange(SECOND, SECOND)
    result = frame_up(seen([face(0.3)]), (), WIDE, span, "subject")
    assert [s.span for s in result.shots] == [span]
    assert len(result.shots[0].tracks[0].points) == 1


# --- as laws ---

part = st.floats(0.0, 1.0)
sizes = st.tuples(st.integers(16, 4096), st.integers(16, 4096))
framings = st.sampled_from(["subject", "grid", "static"])


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    x1, x2 = sorted((draw(part), draw(part)))
    y1, y2 = sorted((draw(part), draw(part)))
    return Box(x1, y1, x2, y2, 1.0, draw(st.integers(0, 5)), draw(st.integers(-1, 2)))


@st.composite
def films(draw: st.DrawFn) -> Faces | None:
    """Boxes anywhere, and boxes of tracks that wander as people do."""
    if draw(st.integers(0, 9)) == 0:
        return None
    chance = random.Random(draw(st.integers(0, 10_000)))
    count = draw(st.integers(0, 60))
    people = [(chance.random(), chance.random(), 0.05 + 0.6 * chance.random()) for _ in range(4)]
    there = draw(st.integers(0, 4))
    speed, trembles = draw(st.sampled_from([0.0, 0.02, 0.1])), draw(st.booleans())
    samples = []
    for k in range(count):
        found = [
            face(
                x + speed * k * (1 - 2 * (n % 2)) + 0.01 * trembles * chance.random(),
                y,
                high,
                n,
                n if n == 3 else -1,
            )
            for n, (x, y, high) in enumerate(people[:there])
            if chance.random() > 0.2
        ]
        samples.append((k * STEP + chance.randrange(5_000), [_clipped(b) for b in found]))
    strays = draw(st.lists(st.tuples(st.integers(0, count * STEP), boxes()), max_size=4))
    return Faces.of([*samples, *((t, [b]) for t, b in strays)])


def _clipped(b: Box) -> Box:
    x1, y1, x2, y2 = (min(1.0, max(0.0, edge)) for edge in (b.x1, b.y1, b.x2, b.y2))
    return Box(x1, y1, x2, y2, b.score, b.track, b.cluster)


times = st.integers(0, 14 * SECOND)
cut_lists = st.lists(times, max_size=5, unique=True).map(lambda found: tuple(sorted(found)))
spans = st.tuples(times, times).map(lambda found: TimeRange(*sorted(found)))
chosen = st.frozensets(st.integers(0, 5), max_size=2)


@given(films(), cut_lists, sizes, spans, framings, chosen)
def test_laws_of_every_framing(
    faces: Faces | None,
    cuts: tuple[int, ...],
    size: tuple[int, int],
    span: TimeRange,
    framing: Framing,
    only: frozenset[int],
) -> None:
    result = frame_up(faces, cuts, size, span, framing, only=only)
    assert result == frame_up(faces, cuts, size, span, framing, only=only)
    _covers(result, span, cuts)
    for shot in result.shots:
        count = len(shot.tracks)
        assert 1 <= count <= (4 if framing == "grid" else 1)
        if count == 1:
            assert shot.tracks[0].place == WHOLE
        every = [*range(shot.span.start, shot.span.end, 33_333), shot.span.end - 1]
        for t in every if shot.span.duration else [shot.span.start]:
            panes = result.at(t)
            assert [p.place for p in panes] == [track.place for track in shot.tracks]
            for pane in panes:
                _lies_inside(pane.source)
                _has_the_shape(pane.source, pane.place, size)
        for track in shot.tracks:
            _is_slow_enough(track.points)
    if framing == "static" or faces is None:
        assert result.at(span.start)[0].source.x == pytest.approx(
            (1 - result.at(span.start)[0].source.width) / 2
        )
        assert all(len(shot.tracks[0].points) == 1 for shot in result.shots)


def _covers(result: Framed, span: TimeRange, cuts: tuple[int, ...]) -> None:
    edges = [shot.span.start for shot in result.shots]
    assert edges[0] == span.start
    assert result.shots[-1].span.end == span.end
    assert set(edges[1:]) == {c for c in cuts if span.start < c < span.end}
    assert all(a.span.end == b.span.start for a, b in pairwise(result.shots))


def _lies_inside(source: Part) -> None:
    assert source.x >= -1e-9
    assert source.y >= -1e-9
    assert source.x + source.width <= 1 + 1e-9
    assert source.y + source.height <= 1 + 1e-9
    assert min(source.width, source.height) > 0


def _has_the_shape(source: Part, place: Part, size: tuple[int, int]) -> None:
    wide, high = source.width * size[0], source.height * size[1]
    assert abs(wide - high * place.width * SHORT[0] / (place.height * SHORT[1])) < 1


def _is_slow_enough(points: tuple[tuple[int, float, float], ...]) -> None:
    for (a, left, top), (b, left1, top1) in pairwise(points):
        assert b > a
        most = FASTEST * (b - a) / SECOND + 1e-9
        assert abs(left1 - left) <= most
        assert abs(top1 - top) <= most


@given(
    part, part, st.floats(0.02, 1.5), st.booleans(), st.integers(0, 999), sizes,
    st.sampled_from([1, 2, 3, 4]),
)  # fmt: skip
def test_still_and_trembling_faces_leave_the_crop_at_rest(
    x: float, y: float, high: float, trembles: bool, seed: int, size: tuple[int, int], people: int
) -> None:
    chance = random.Random(seed)
    spots = [((x + n / people) % 1, y, high / people, n) for n in range(people)]

    def tremble(box: Box) -> Box:
        off = [chance.uniform(-0.01, 0.01) * trembles for _ in range(4)]
        edges = (box.x1 + off[0], box.y1 + off[1], box.x2 + off[2], box.y2 + off[3])
        return Box(*(min(1.0, max(0.0, e)) for e in edges), 1.0, box.track)

    faces = Faces.of((k * STEP, [tremble(face(*spot)) for spot in spots]) for k in range(40))
    for framing in ("subject", "grid"):
        for shot in framed(faces, framing, seconds=8, size=size).shots:
            assert all(len(track.points) == 1 for track in shot.tracks)


@given(films(), cut_lists, chosen)
def test_the_chosen_person_is_followed_where_seen_for_long_enough(
    faces: Faces | None, cuts: tuple[int, ...], only: frozenset[int]
) -> None:
    for shot in framed(faces, cuts=cuts, seconds=12, only=only).shots:
        samples = (
            0
            if faces is None
            else sum(
                shot.span.contains(t) and any(b.track in only for b in faces.frame(k))
                for k, t in enumerate(faces.times)
            )
        )
        if samples >= 5:
            assert only.intersection(shot.tracks[0].follows[:1])
