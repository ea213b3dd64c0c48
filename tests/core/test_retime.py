"""Source time and cut time lead to each other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.core.retime import CutTime
from app.core.timerange import Ranges, TimeRange, merge, total

KEEP = (TimeRange(10, 20), TimeRange(30, 35))

keeps = st.lists(
    st.builds(lambda a, n: TimeRange(a, a + n), st.integers(0, 80), st.integers(0, 9)), max_size=6
).map(merge)


def test_instants_are_found_in_the_cut_and_back() -> None:
    time = CutTime(KEEP)
    assert time.duration == 15
    assert [time.to_cut(t) for t in (9, 10, 19, 20, 29, 30, 34, 35)] == [
        None, 0, 9, None, None, 10, 14, None,
    ]  # fmt: skip
    assert [time.to_cut_clamped(t) for t in (0, 10, 25, 32, 99)] == [0, 0, 10, 12, 15]
    assert [time.to_source(t) for t in (-1, 0, 9, 10, 15, 99)] == [10, 10, 19, 30, 35, 35]


def test_a_span_of_the_film_is_one_span_of_the_cut() -> None:
    time = CutTime(KEEP)
    assert time.ranges_to_cut(TimeRange(15, 32)) == (TimeRange(5, 12),)
    assert time.ranges_to_cut(TimeRange(21, 29)) == ()


def test_nothing_kept_is_a_cut_without_length() -> None:
    time = CutTime(())
    assert (time.duration, time.to_cut(0), time.to_cut_clamped(5), time.to_source(3)) == (
        0, None, 0, 0,
    )  # fmt: skip


@given(keeps)
def test_every_instant_of_the_cut_comes_from_the_film_and_leads_back(keep: Ranges) -> None:
    time = CutTime(keep)
    assert time.duration == total(keep)
    for t in range(time.duration):
        source = time.to_source(t)
        assert any(r.contains(source) for r in keep)
        assert time.to_cut(source) == t == time.to_cut_clamped(source)
    for t in range(100):
        assert (time.to_cut(t) is None) != any(r.contains(t) for r in keep)
