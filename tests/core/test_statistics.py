"""The figures of the cut."""

from __future__ import annotations

from app.core.edits import Decide, Rename, Strike, apply
from app.core.review import Verdict
from app.core.statistics import Statistics, statistics
from tests.core.speech import counting, gaps, s


def test_kept_saved_undecided_and_the_shortest_piece_are_those_of_the_cut() -> None:
    review = counting().received(retakes=gaps(s(0, 2.7), s(3.8, 5.7), s(6.8, 10)))
    assert statistics(review) == Statistics(
        10_000_000, 7_800_000, 2_200_000, 2_200_000, 2, 1_900_000
    )
    review = apply(review, Decide(("gap-2700000-3800000",), Verdict.ACCEPTED))
    assert statistics(review).undecided_us == 1_100_000
    assert statistics(apply(review, Rename("c1", "Ann"))) == statistics(review)


def test_where_nothing_is_kept_no_piece_is_shortest() -> None:
    nothing = statistics(apply(counting(), Strike(s(0, 10))))
    assert (nothing.kept_us, nothing.shortest_kept_us, nothing.cuts) == (0, 0, 1)
