"""Whom a shot shows, and whom its crops follow."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from app.core.faces import Box, Faces
from app.core.subjects import MOST_PANES, Subject, panes_for, subjects, turns
from app.core.timerange import SECOND, TimeRange, total

STEP = 200_000
FILM = TimeRange(0, 20 * SECOND)
NOBODY: frozenset[int] = frozenset()


def face(x: float, track: int, high: float = 0.2, cluster: int = -1) -> Box:
    return Box(x, 0.3, x + high / 2, 0.3 + high, 1.0, track, cluster)


def film(*there: tuple[Box, Iterable[int]]) -> Faces:
    """Each box in the samples with these numbers, of 100."""
    when = [(box, set(samples)) for box, samples in there]
    return Faces.of((k * STEP, [b for b, at in when if k in at]) for k in range(100))


def everyone(faces: Faces, only: frozenset[int] = NOBODY) -> tuple[Subject, ...]:
    return subjects(faces, FILM, FILM, only)


def tracks(found: Iterable[Subject]) -> list[tuple[int, ...]]:
    return [s.tracks for s in found]


def test_who_is_seen_longer_and_larger_comes_first() -> None:
    faces = film(
        (face(0.1, 1), range(100)), (face(0.4, 2, 0.4), range(50)), (face(0.8, 3), range(9))
    )
    found = everyone(faces)
    assert tracks(found) == [(2,), (1,), (3,)]
    assert found[0].weight > found[1].weight > found[2].weight


def test_the_chosen_person_comes_first_and_is_one_subject() -> None:
    faces = film(
        (face(0.1, 1), range(20)), (face(0.7, 2), range(40, 90)), (face(0.4, 3, 0.4), range(100))
    )
    assert tracks(everyone(faces, frozenset({1, 2}))) == [(2, 1), (3,)]


def test_tracks_of_one_cluster_are_one_subject_of_one_box_a_sample() -> None:
    faces = film((face(0.1, 1, cluster=5), range(60)), (face(0.7, 2, cluster=5), range(50, 100)))
    (only,) = everyone(faces)
    assert only.tracks == (1, 2)
    assert [s.track for s in only.seen] == [1] * 60 + [2] * 40


def test_a_track_that_goes_on_where_another_broke_off_is_the_same_person() -> None:
    faces = film((face(0.3, 1), range(20)), (face(0.32, 2), range(26, 60)))
    assert tracks(everyone(faces)) == [(2, 1)]


def test_a_track_elsewhere_much_later_or_of_another_size_is_somebody_else() -> None:
    first = (face(0.3, 1), range(20))
    for other in (
        (face(0.6, 2), range(21, 60)),
        (face(0.3, 2), range(40, 60)),
        (face(0.3, 2, 0.5), range(21, 60)),
        (face(0.3, 2), range(10, 60)),
    ):
        assert len(everyone(film(first, other))) == 2


def test_boxes_without_an_area_do_no_harm() -> None:
    dot = Box(0.3, 0.3, 0.3, 0.3, 1.0, 1)
    faces = film((dot, range(20)), (Box(0.3, 0.3, 0.3, 0.3, 1.0, 2), range(21, 40)))
    assert tracks(everyone(faces)) == [(1, 2)]
    assert turns(everyone(faces), FILM, STEP)[1] == (1, 2)
    assert panes_for(everyone(faces), FILM, STEP) == ()


def test_one_sample_on_either_side_of_the_shot_counts_but_not_beyond_its_scene() -> None:
    faces = film((face(0.3, 1), range(100)))
    shot = TimeRange(5_100_000, 6_100_000)
    (found,) = subjects(faces, FILM, shot, NOBODY)
    assert (found.seen[0].t, found.seen[-1].t) == (5_000_000, 6_200_000)
    (found,) = subjects(faces, shot, shot, NOBODY)
    assert (found.seen[0].t, found.seen[-1].t) == (5_200_000, 6_000_000)
    assert subjects(faces, FILM, TimeRange(90 * SECOND, 91 * SECOND), NOBODY) == ()


def test_short_absences_are_presence() -> None:
    faces = film((face(0.3, 1), [*range(10), *range(16, 20), *range(50, 52)]))
    (found,) = subjects(faces, FILM, FILM, frozenset({1}))
    assert found.presence(STEP) == (
        TimeRange(0, 4 * SECOND),
        TimeRange(10 * SECOND, 10_400_000),
    )


def test_while_the_first_is_away_the_next_one_has_their_turn() -> None:
    faces = film((face(0.1, 1, 0.3), [*range(30), *range(60, 100)]), (face(0.7, 2), range(100)))
    seen, follows = turns(everyone(faces, frozenset({1})), FILM, STEP)
    assert follows == (1, 2)
    assert {s.track for s in seen if s.t < 6 * SECOND} == {1}
    assert {s.track for s in seen if 6_200_000 <= s.t < 12 * SECOND} == {2}
    assert {s.track for s in seen if s.t >= 12 * SECOND} == {1}
    assert [s.t for s in seen] == sorted(s.t for s in seen)


def test_nobody_goes_over_to_a_glimpse_unless_there_is_nothing_else() -> None:
    faces = film((face(0.1, 1), range(30)), (face(0.7, 2), range(60, 62)))
    assert turns(everyone(faces), FILM, STEP)[1] == (1,)
    glimpse = everyone(film((face(0.7, 2), range(60, 62))))
    assert turns(glimpse, FILM, STEP) == (glimpse[0].seen, (2,))
    assert turns((), FILM, STEP) == ((), ())


def test_those_share_a_grid_who_are_seen_together_and_not_far_smaller() -> None:
    one, two = (face(0.1, 1), range(100)), (face(0.7, 2), range(100))
    behind, brief = (face(0.4, 3, 0.05), range(100)), (face(0.4, 4, 0.3), range(20))
    shared = panes_for(everyone(film(one, two, behind)), FILM, STEP)
    assert sorted(tracks(shared)) == [(1,), (2,)]
    assert panes_for(everyone(film(one, brief)), FILM, STEP) == ()
    assert panes_for(everyone(film(one, behind)), FILM, STEP) == ()
    assert panes_for(everyone(film(one)), FILM, STEP) == ()
    assert panes_for((), FILM, STEP) == ()


def test_who_comes_one_after_the_other_shares_no_grid() -> None:
    faces = film((face(0.1, 1), range(50)), (face(0.7, 2), range(50, 100)))
    assert panes_for(everyone(faces), FILM, STEP) == ()


samples = st.lists(
    st.tuples(st.integers(0, 99), st.floats(0.0, 0.8), st.integers(0, 6), st.integers(-1, 2)),
    max_size=80,
)


@given(samples, st.frozensets(st.integers(0, 6), max_size=2))
def test_laws_of_subjects(found: list[tuple[int, float, int, int]], only: frozenset[int]) -> None:
    # A track is of one cluster, and once in a sample.
    rows = {(k, track): (x, cluster) for k, x, track, cluster in found}
    clusters = {track: cluster for _, _, track, cluster in found}
    faces = Faces.of(
        (k * STEP, [face(x, t, 0.2, clusters[t]) for (at, t), (x, _) in rows.items() if at == k])
        for k in range(100)
    )
    people = everyone(faces, only)
    named = [track for s in people for track in s.tracks]
    assert sorted(named) == sorted({track for _, track in rows})
    if only.intersection(named):
        assert set(people[0].tracks) == only.intersection(named)
    for s in people:
        times = [box.t for box in s.seen]
        assert times == sorted(set(times))
        assert all(any(r.contains(t) for r in s.presence(STEP)) for t in times)
    seen, follows = turns(people, FILM, STEP)
    assert bool(seen) == bool(people)
    assert {box.track for box in seen} <= set(follows)
    panes = panes_for(people, FILM, STEP)
    assert len(panes) in (0, *range(2, MOST_PANES + 1))
    assert all(total(s.presence(STEP)) >= 0.4 * FILM.duration for s in panes)
