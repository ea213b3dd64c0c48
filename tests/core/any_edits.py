"""Edits of every kind to test with, fitting and not."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from app.core import edits as e
from app.core.also_find import AlsoFind
from app.core.edits import Edit, apply
from app.core.faces import Faces, FaceTrack
from app.core.moments import Moment, Moments, Pick
from app.core.pieces import pieces
from app.core.review import Review, Verdict
from app.core.timerange import TimeRange
from tests.core.speech import counting, gaps, s, says

TIMES = st.integers(-1_000_000, 12_000_000)
SPANS = st.tuples(TIMES, TIMES).map(lambda ab: TimeRange(min(ab), max(ab)))
WORDS = st.integers(-1, 12)
TEXTS = st.text(max_size=4)
NUMBERS = st.integers(0, 3)
KEYS = st.one_of(
    st.sampled_from(["c1", "c2", "t7", "speaker 0", "speaker 1"]), TEXTS, NUMBERS.map("c{}".format)
)
MARKERS = NUMBERS.map("mark/{}".format)
MOMENTS = st.sampled_from(["a/1", "own/1", "own/2"])
PIECES = st.integers(0, 5).map("#{}".format)
"""Which of the pieces; `fitted` makes an id of it."""

AMOUNTS = st.none() | st.integers(-5, 3_000_000)


def some(keys: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    """None to three of them."""
    return st.lists(keys, max_size=3).map(tuple)


ONE = st.one_of(
    st.builds(e.Decide, some(PIECES), st.sampled_from(Verdict)),
    st.builds(e.AcceptAll),
    st.builds(e.Strike, SPANS),
    st.builds(e.StrikeSpans, st.lists(SPANS, max_size=3).map(tuple)),
    st.builds(e.Restore, SPANS),
    st.builds(e.Split, TIMES),
    st.builds(e.MoveEdges, PIECES, st.none() | SPANS),
    st.builds(e.SetPadding, st.integers(-5, 3_000_000)),
    st.builds(e.SetCutPadding, PIECES, AMOUNTS),
    st.builds(e.FindAlso, st.builds(AlsoFind, AMOUNTS, fillers=st.booleans())),
    st.builds(e.CorrectWord, WORDS, TEXTS),
    st.builds(e.SplitParagraph, WORDS),
    st.builds(e.MergeParagraph, WORDS),
    st.builds(e.Rename, KEYS, TEXTS),
    st.builds(e.MergePeople, some(KEYS), KEYS),
    st.builds(e.MergeSpeakers, st.lists(NUMBERS, max_size=2).map(tuple), NUMBERS),
    st.builds(e.Recolour, KEYS, st.none() | st.integers(-1, 70)),
    st.builds(e.HidePeople, some(KEYS), hidden=st.booleans()),
    st.builds(e.AddMarker, SPANS, TEXTS),
    st.builds(e.EditMarker, MARKERS, TEXTS),
    st.builds(e.MoveMarker, MARKERS, SPANS),
    st.builds(e.RemoveMarkers, some(MARKERS)),
    st.builds(e.DecideMoments, some(MOMENTS), st.sampled_from(Pick)),
    st.builds(e.MoveMoment, MOMENTS, st.none() | SPANS),
    st.builds(e.AddMoment, SPANS, TEXTS),
    st.builds(e.RemoveMoments, some(MOMENTS)),
    st.builds(e.RenameMoment, MOMENTS, TEXTS),
)
"""Any edit but a batch."""

EDITS = st.lists(ONE | st.builds(e.Batch, st.lists(ONE, max_size=3).map(tuple), TEXTS), max_size=12)


def reviewed() -> Review:
    """Ten words of two speakers, two gaps, two people and a moment; nothing decided."""
    tracks = (FaceTrack(1, 1, 0, 9, 2, 0.1), FaceTrack(7, -1, 5, 20, 2, 0.1))
    return counting().received(
        transcript=says("A: um b c <1> d B: e f um h A: i j", rate=0.8),
        retakes=gaps(s(0, 2.7), s(3.8, 5.7), s(6.8, 10)),
        faces=Faces.of([], tracks),
        moments=Moments("a", (Moment(1, s(1, 3), "First"),)),
    )


def fitted(review: Review, edit: Edit) -> Edit:
    """The same edit of pieces that this review has: "#2" is the third, round and round."""
    ids = [p.id for p in pieces(review)] or ["none"]

    def known(name: str) -> str:
        return ids[int(name[1:]) % len(ids)]

    match edit:
        case e.Decide():
            return replace(edit, ids=tuple(map(known, edit.ids)))
        case e.MoveEdges() | e.SetCutPadding():
            return replace(edit, id=known(edit.id))
        case e.Batch():
            return replace(edit, edits=tuple(fitted(review, one) for one in edit.edits))
        case _:
            return edit


def versions_after(edits: list[Edit]) -> tuple[Review, ...]:
    """`reviewed()` and what each of the edits made of it, those that changed something."""
    versions = [reviewed()]
    for edit in edits:
        version = apply(versions[-1], fitted(versions[-1], edit))
        if version is not versions[-1]:
            versions.append(version)
    return tuple(versions)
