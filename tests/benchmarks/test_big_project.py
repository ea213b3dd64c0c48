"""The made project has what the benches say it has, the same each time."""

from __future__ import annotations

from itertools import pairwise

from app.core.proposals import proposals, strike_spans
from tests.benchmarks import big_project
from tests.benchmarks.big_window import p99


def test_an_hour_has_what_was_promised() -> None:
    review = big_project.review(1)
    found = review.evidence
    assert found.transcript is not None
    assert found.faces is not None
    assert found.scenes is not None
    assert found.moments is not None
    assert len(found.transcript.words) == 10_000
    assert len({w.speaker for w in found.transcript.words}) == 4
    assert len(found.faces.scores) == 36_000
    assert len(found.scenes.ranges) == 200
    assert len(found.moments.items) == 50
    assert len(proposals(review)) + len(strike_spans(review)) == 50
    assert all(a.end <= b.start for a, b in pairwise(found.transcript.words))


def test_the_first_hour_is_the_same_in_a_longer_film() -> None:
    one, two = big_project.transcript(1), big_project.transcript(2)
    assert two.words[:10_000] == one.words
    assert big_project.moments(2).items[:50] == big_project.moments(1).items


def test_the_hundredth_part_is_counted_by_nearest_rank() -> None:
    assert p99([float(n) for n in range(100, 0, -1)]) == 99.0
    assert p99([7.0]) == 7.0
