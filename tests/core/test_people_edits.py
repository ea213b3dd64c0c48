"""People hidden, recoloured and merged; gathered again only where that changes who they are."""

from __future__ import annotations

from app.core.edits import (
    CorrectWord,
    HidePeople,
    MergePeople,
    MergeSpeakers,
    Recolour,
    Rename,
    Strike,
    apply,
)
from app.core.faces import Faces, FaceTrack
from app.core.people import people
from app.core.review import Review
from tests.core.speech import counting, s, says


def reviewed() -> Review:
    tracks = (
        FaceTrack(5, 2, 0, 100, 2, 0.1),
        FaceTrack(6, -1, 50, 150, 2, 0.1),
        FaceTrack(7, 2, 90, 200, 2, 0.1),
        FaceTrack(8, 4, 300, 400, 2, 0.1),
    )
    return counting().received(faces=Faces.of([], tracks), transcript=says("A: a b B: c d"))


def test_hidden_people_stay_in_the_list_and_say_so() -> None:
    review = apply(reviewed(), HidePeople(("c2", "c4"), hidden=True))
    assert [(p.key, p.hidden) for p in people(review)] == [
        ("c2", True),
        ("t6", False),
        ("c4", True),
    ]
    assert people(apply(review, HidePeople(("c2", "c4"), hidden=False))) == people(reviewed())


def test_a_chosen_colour_is_theirs_and_the_others_keep_their_own() -> None:
    review = apply(reviewed(), Recolour("t6", 0))
    assert [p.colour_index for p in people(review)] == [0, 0, 2]
    assert [p.colour_index for p in people(apply(review, Recolour("t6", None)))] == [0, 1, 2]


def test_people_are_the_very_same_after_edits_that_do_not_touch_them() -> None:
    review = apply(reviewed(), MergePeople(("t6",), "c2"))
    after = apply(apply(review, Strike(s(1, 2))), CorrectWord(0, "x"))
    assert people(after) is people(review)


def test_tracks_are_not_gathered_again_for_names_or_merged_speakers() -> None:
    review = apply(reviewed(), MergePeople(("t6",), "c2"))
    before = people(review)
    for edit in (Rename("c2", "Ann"), HidePeople(("c2",), hidden=True), MergeSpeakers((1,), 0)):
        after = people(apply(review, edit))
        assert after[0].tracks is before[0].tracks
