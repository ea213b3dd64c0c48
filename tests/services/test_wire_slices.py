"""What is read in slices is what is read whole, and is refused in the same words."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import ServiceError
from app.services import wire, wire_vision
from app.services.wire_slices import in_slices
from tests.services.test_changed_answers import ANSWERS, TEN, changed


def landed(raw: bytes) -> tuple[object, ...]:
    """What an answer becomes, or how it is refused."""
    try:
        state, vision = wire.outcome("vision", raw, TEN)
    except ServiceError as error:
        return error.sentence, error.hint, error.detail
    if not isinstance(vision, wire.Vision):
        return (state,)
    faces = vision.faces
    boxes = [faces.frame(k) for k in range(len(faces.times))]
    return state, list(faces.times), boxes, faces.tracks, vision.scenes, vision.asd_ran


@pytest.mark.parametrize("most", [1, 2, 3])
def test_a_changed_answer_is_read_in_slices_as_it_is_whole(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(most)
    answer = json.loads(json.dumps(ANSWERS["vision"][1]))
    answer["faces"] += [{"t": k / 10, "detections": []} for k in range(5)]
    monkeypatch.setattr(wire_vision, "SLICE", most)
    for _ in range(1_000):
        raw = changed(answer, chance)
        monkeypatch.setattr(wire_vision, "LARGE", 1 << 30)
        whole = landed(raw)
        monkeypatch.setattr(wire_vision, "LARGE", -1)
        assert landed(raw) == whole, raw


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.dictionaries(st.text(), VALUES, max_size=4),
    st.lists(VALUES, max_size=7),
    st.integers(1, 4),
    st.sampled_from([None, 2]),
)
def test_slices_hold_every_element_once_and_the_rest_is_left(
    before: dict[str, object], elements: list[object], most: int, indent: int | None
) -> None:
    before.pop("long", None)
    text = json.dumps({**before, "long": elements, "after": [1]}, indent=indent)
    taken: list[list[object]] = []
    rest = in_slices(text, "long", most, lambda part: taken.append(json.loads(part)))
    assert rest is not None
    assert json.loads(rest) == {**before, "long": [], "after": [1]}
    assert [e for part in taken for e in part] == elements
    assert all(0 < len(part) <= most for part in taken)


@pytest.mark.parametrize(
    "text", ["{}", '{"long":1}', '{"long":[1],"long":[2]}', '{"a":{"long":[]}}']
)
def test_where_it_is_not_one_array_of_the_object_it_is_left_to_a_parser(text: str) -> None:
    assert in_slices(text, "long", 2, lambda _part: None) is None


@pytest.mark.parametrize(
    "text", ["", "[]", '{"long":[1', '{"long":[1,]}', '{"long":[1 2]}', '{"long":[1}', '{"a" 1}']
)
def test_what_is_no_object_or_does_not_close_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):
        in_slices(text, "long", 2, lambda _part: None)
