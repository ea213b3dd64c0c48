"""What a short made here consists of: kept spans, a crop, corrected captions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.edits import CorrectWord, MergePeople, Strike, apply
from app.core.faces import Box, Faces
from app.core.people import people
from app.core.review import Review
from app.core.timerange import SECOND, total
from app.state.short_plan import ShortForm, framed, short_plan
from tests.core.speech import counting, s


def face(x: float, size: float, track: int, cluster: int) -> Box:
    return Box(x, 0.3, x + size, 0.3 + size, 0.9, track, cluster)


def filmed() -> Review:
    """A wide film of ten seconds: a large face on the left, a small one on the right."""
    frames = [(n * SECOND // 5, [face(0.1, 0.2, 1, 1), face(0.8, 0.1, 2, 2)]) for n in range(50)]
    review = counting(fps=25).received(faces=Faces.of(frames))
    footage = replace(review.evidence.footage, width=1920, height=1080)
    return replace(review, evidence=replace(review.evidence, footage=footage))


def left_edge(review: Review, person: str = "") -> float:
    return framed(review, s(1, 3), "subject", person).at(2 * SECOND)[0].source.x


def test_what_the_project_removes_is_left_out_where_wanted() -> None:
    review = apply(filmed(), Strike(s(2, 3)))
    with_cuts = short_plan(review, s(1, 5), ShortForm())
    assert total(with_cuts.keep) < 3.1 * SECOND
    assert with_cuts.keep[0].start == 1 * SECOND
    assert short_plan(review, s(1, 5), ShortForm(cuts=False)).keep == (s(1, 5),)


def test_nothing_is_kept_of_what_is_removed_altogether() -> None:
    review = apply(filmed(), Strike(s(0, 6)))
    plan = short_plan(review, s(1, 5), ShortForm())
    assert plan.keep == ()
    assert plan.captions == ""


def test_captions_are_corrected_and_only_where_wanted() -> None:
    review = apply(filmed(), CorrectWord(3, "Xylophone"))
    assert "Xylophone" in short_plan(review, s(1, 5), ShortForm()).captions
    assert short_plan(review, s(1, 5), ShortForm(captions=False)).captions == ""


def test_words_of_removed_spans_are_not_burned_in() -> None:
    review = apply(filmed(), CorrectWord(3, "Xylophone"))
    review = apply(review, Strike(s(2.9, 3.99)))
    assert "Xylophone" not in short_plan(review, s(1, 6), ShortForm()).captions


def test_the_crop_follows_the_larger_face_or_the_one_that_was_chosen() -> None:
    review = filmed()
    by_size = {p.key: p for p in people(review)}
    small = next(key for key, p in by_size.items() if 2 in p.track_ids)
    assert left_edge(review) < 0.2
    assert left_edge(review, small) > 0.5
    assert left_edge(review, "nobody") == left_edge(review)


def test_persons_merged_into_one_are_followed_together() -> None:
    review = filmed()
    keys = [p.key for p in people(review)]
    merged = apply(review, MergePeople(tuple(keys), keys[0]))
    assert len(people(merged)) == 1
    assert left_edge(merged, people(merged)[0].key) == left_edge(review)


@pytest.mark.parametrize("framing", ["subject", "grid", "static"])
def test_without_faces_there_is_a_crop_all_the_same(framing: str) -> None:
    review = filmed().received(faces=None)
    form = ShortForm(framing)  # type: ignore[arg-type]
    plan = short_plan(review, s(1, 3), form)
    pane = plan.framed.at(2 * SECOND)[0]
    assert 0 <= pane.source.x <= pane.source.x + pane.source.width <= 1
    assert plan.framed.shots
