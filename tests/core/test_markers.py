"""Markers: put, written on, moved and removed; always in order, always inside the film."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.core.edits import AddMarker, EditMarker, MoveMarker, RemoveMarkers, apply
from app.core.marker_edits import MOST_NOTE
from app.core.markers import Marker, number
from app.core.review import Review
from app.core.timerange import TimeRange
from tests.core.speech import counting, s


def marked(*edits: AddMarker) -> Review:
    review = counting()
    for edit in edits:
        review = apply(review, edit)
    return review


def test_a_marker_stands_at_an_instant_or_on_a_span_with_its_text() -> None:
    review = marked(AddMarker(s(4, 4), " Ask Dana\n who? "), AddMarker(s(1, 3)))
    assert review.decisions.markers == (
        Marker("mark/2", s(1, 3), ""),
        Marker("mark/1", s(4, 4), "Ask Dana\n who?"),
    )
    assert [m.instant for m in review.decisions.markers] == [False, True]


def test_markers_are_sorted_by_start_the_longer_one_first_then_as_they_were_made() -> None:
    review = marked(AddMarker(s(2, 2)), AddMarker(s(2, 5)), AddMarker(s(2, 2)))
    assert [m.key for m in review.decisions.markers] == ["mark/2", "mark/1", "mark/3"]


def test_a_number_is_not_used_again_while_a_later_one_stands() -> None:
    review = marked(AddMarker(s(1, 1)), AddMarker(s(2, 2)))
    review = apply(apply(review, RemoveMarkers(("mark/1", "mark/9"))), AddMarker(s(0, 0)))
    assert [m.key for m in review.decisions.markers] == ["mark/3", "mark/2"]


def test_text_and_place_change_and_the_order_follows() -> None:
    review = marked(AddMarker(s(1, 1), "a"), AddMarker(s(2, 2), "b"))
    review = apply(review, EditMarker("mark/1", "x" * (MOST_NOTE + 5)))
    review = apply(review, MoveMarker("mark/1", s(3, 99)))
    assert review.decisions.markers == (
        Marker("mark/2", s(2, 2), "b"),
        Marker("mark/1", s(3, 10), "x" * MOST_NOTE),
    )


def test_what_lies_outside_the_film_marks_nothing_and_its_very_end_can_be_marked() -> None:
    review = counting()
    assert apply(review, AddMarker(s(11, 12))) is review
    assert apply(review, AddMarker(s(10, 10))).decisions.markers[0].range == s(10, 10)
    assert apply(review, AddMarker(TimeRange(-5, 5))).decisions.markers[0].range == TimeRange(0, 5)
    there = marked(AddMarker(s(1, 1)))
    assert apply(there, MoveMarker("mark/1", s(11, 12))) is there


def test_only_a_marker_has_a_number() -> None:
    assert [number(k) for k in ("mark/12", "12", "own/1", "mark/x", "mark/١")] == [12, 0, 0, 0, 0]


EDITS = st.one_of(
    st.builds(
        lambda a, n: AddMarker(TimeRange(a, a + n)),
        st.integers(-(10**7), 2 * 10**7),
        st.integers(0, 10**7),
    ),
    st.builds(
        lambda k, a: MoveMarker(f"mark/{k}", TimeRange(a, a)),
        st.integers(1, 4),
        st.integers(-5, 2 * 10**7),
    ),
    st.builds(lambda k: RemoveMarkers((f"mark/{k}",)), st.integers(1, 4)),
)


@given(st.lists(EDITS, max_size=12))
def test_markers_stay_sorted_inside_the_film_and_apart(
    edits: list[AddMarker | MoveMarker | RemoveMarkers],
) -> None:
    review = counting()
    for edit in edits:
        review = apply(review, edit)
    found = review.decisions.markers
    assert [m.range.start for m in found] == sorted(m.range.start for m in found)
    assert len({m.key for m in found}) == len(found)
    assert all(0 <= m.range.start <= m.range.end <= 10_000_000 for m in found)
