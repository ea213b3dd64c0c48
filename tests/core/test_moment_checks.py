"""What is said of a moment before it is rendered, and where its edges snap to."""

from __future__ import annotations

from array import array
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import edits as e
from app.core.faces import Box, Faces
from app.core.moment_checks import checks, kept_in, prepare, removed_in, snap_edge
from app.core.moments import Framing, PlacedMoment
from app.core.review import Evidence, Footage, Retakes, RetakeWord, Review
from app.core.scenes import Scenes
from app.core.timerange import TimeRange, complement, merge
from app.core.transcript import Transcript, Word
from tests.core.speech import INAUGURAL, ROUGHLY, counting, film, gaps, heard, s


def moment(span: TimeRange, *channels: str, moved: bool = False) -> PlacedMoment:
    said = s(0, 1) if moved else span
    return PlacedMoment("a/1", 1, span, said, "One", channels=tuple((c, 1.0) for c in channels))


def told(review: Review, span: TimeRange, framing: Framing = "subject") -> list[str]:
    return [w.text for w in checks(review, moment(span), framing)]


SPEECH = Review(Evidence(film(20), heard(INAUGURAL)))


def test_a_moment_from_sentence_to_sentence_is_fine() -> None:
    assert told(SPEECH, s(6.49, 17.46)) == []
    assert told(SPEECH, s(5, 19)) == []
    # A frame or two off is what frames and recognisers do.
    assert told(SPEECH, s(6.53, 17.42)) == []


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (s(6.6, 17.46), ["starts inside a word"]),
        (s(6.49, 17.3), ["ends inside a word"]),
        (s(6.83, 17.46), ["starts inside a sentence"]),
        (s(6.49, 9), ["ends inside a sentence"]),
        (s(7, 7.3), ["starts inside a word", "ends inside a word"]),
    ],
)
def test_an_edge_in_a_word_or_sentence_is_told(span: TimeRange, expected: list[str]) -> None:
    found = checks(SPEECH, moment(span), "subject")
    assert [w.text for w in found] == expected
    assert all(f"{w.kind.split()[1]}s" == w.text.split()[0] for w in found)


def test_words_without_marks_are_told_by_their_pauses() -> None:
    rough = Review(Evidence(film(20), heard(ROUGHLY, "recognised")))
    assert told(rough, s(6.49, 13.87)) == []
    assert told(rough, s(7.18, 13.87)) == ["starts without a pause in the speech"]


def test_a_word_whose_time_is_a_share_of_its_caption_is_not_said_to_be_cut() -> None:
    words = tuple(replace(w, estimated=True) for w in heard(INAUGURAL).words)
    review = Review(Evidence(film(20), Transcript(words)))
    assert told(review, s(6.6, 17.46)) == ["starts inside a sentence"]


def test_without_a_transcript_the_retake_answers_words_tell() -> None:
    words = tuple(
        RetakeWord(i, t, round(a * 1e6), round(b * 1e6)) for i, (t, a, b) in enumerate(INAUGURAL)
    )
    review = Review(Evidence(film(20), retakes=Retakes(words, (), ())))
    assert told(review, s(6.6, 17.46)) == ["starts inside a word"]
    assert told(Review(Evidence(film(20))), s(6.6, 17.4)) == []


def test_preparing_changes_nothing_of_what_is_told() -> None:
    for review in (SPEECH, Review(Evidence(film(20)))):
        before = told(review, s(6.6, 9))
        prepare(review)
        assert told(review, s(6.6, 9)) == before


def test_removed_retakes_are_told_where_the_service_would_render_them() -> None:
    review = counting().received(retakes=gaps(s(0, 2.7), s(3.8, 5.7), s(6.8, 10)))
    text = "contains 1.1 s of removed retakes, heard if the service renders it"
    assert text in told(review, s(1.6, 4.6))
    assert text.replace("1.1", "2.2") in told(review, s(1.6, 9.6))
    assert told(review, s(7.6, 9.6)) == []
    moved = checks(review, moment(s(1.6, 4.6), moved=True), "subject")
    assert not [w for w in moved if w.kind == "removed"]


def test_what_the_person_struck_is_no_retake() -> None:
    review = e.apply(counting(), e.Strike(s(3, 3.5)))
    (text,) = told(review, s(1.6, 4.6))
    assert text.endswith("s of removed footage, heard if the service renders it")


def test_what_is_removed_and_kept_of_a_span_make_up_the_span() -> None:
    review = counting().received(retakes=gaps(s(0, 2.7), s(3.8, 5.7), s(6.8, 10)))
    assert removed_in(review, s(3, 6)) == (s(3, 3.8), s(5.7, 6))
    assert kept_in(review, s(3, 6)) == (s(3.8, 5.7),)
    assert kept_in(review, s(4, 4)) == removed_in(review, s(4, 4)) == ()
    assert removed_in(review, s(9, 12)) == removed_in(review, s(11, 12)) == ()


def face(x: float, size: float = 0.1, y: float = 0.3) -> Box:
    return Box(x - size / 2, y, x + size / 2, y + size * 1.5, 0.9, round(x * 100))


def seen(*frames: tuple[Box, ...], width: int = 1920, height: int = 1080) -> Review:
    faces = Faces.of((k * 200_000, boxes) for k, boxes in enumerate(frames))
    return Review(Evidence(Footage(60_000_000, width=width, height=height), faces=faces))


FAR, NEAR = (face(0.2), face(0.8)), (face(0.45), face(0.55))


def test_two_faces_too_far_apart_for_one_crop_are_told() -> None:
    review = seen(*[FAR] * 3, *[NEAR] * 7)
    assert told(review, s(0, 2)) == ["two faces are too far apart for one crop 30 % of the time"]
    assert told(review, s(0.6, 2)) == []
    assert told(review, s(0, 2), "grid") == []
    assert told(seen(*[FAR] * 1, *[NEAR] * 29), s(0, 6)) == []


def test_a_bystander_far_away_is_not_told() -> None:
    assert told(seen((face(0.2), face(0.8, 0.03))), s(0, 1)) == []


def test_an_upright_or_square_film_holds_what_its_crop_holds() -> None:
    assert told(seen(FAR, width=1080, height=1920), s(0, 1)) == []
    assert told(seen(FAR, width=1000, height=1000), s(0, 1)) != []
    tall = seen((face(0.5, y=0.05), face(0.5, y=0.8)), width=500, height=2000)
    assert told(tall, s(0, 1)) != []


def test_a_face_outside_the_middle_is_told_for_the_middle_alone() -> None:
    review = seen((face(0.2),), (face(0.5),))
    assert told(review, s(0, 0.4)) == []
    assert told(review, s(0, 0.4), "static") == [
        "a face is outside the middle of the picture 50 % of the time"
    ]
    assert told(seen((face(0.34),)), s(0, 1), "static") != []
    assert told(seen((face(0.38),)), s(0, 1), "static") == []
    assert told(seen(()), s(0, 1), "static") == []
    low = seen((face(0.5, y=0.0),), width=500, height=2000)
    assert told(low, s(0, 1), "static") != []


def test_sound_alone_and_frames_that_lie_elsewhere_tell_nothing_of_faces() -> None:
    assert told(seen(FAR, width=0, height=0), s(0, 1)) == []
    assert told(seen(FAR), s(10, 20)) == []


def test_a_length_that_a_channel_does_not_take_is_told() -> None:
    long = moment(TimeRange(0, 191_400_000), "youtube_shorts", "tiktok", "unheard_of")
    review = Review(Evidence(film(400)))
    (only,) = checks(review, long, "subject")
    assert (only.kind, only.text) == ("long", "3:12 is longer than YouTube takes (3:00)")
    (only,) = checks(review, moment(s(0, 2.9), "tiktok"), "subject")
    assert (only.kind, only.text) == ("short", "0:02 is shorter than TikTok takes (0:03)")
    assert checks(review, moment(s(0, 180), "youtube_shorts"), "subject") == ()


def test_a_moment_rendered_here_is_as_long_as_the_cut_leaves_it() -> None:
    review = e.apply(Review(Evidence(film(400))), e.Strike(s(100, 150)))
    assert checks(review, moment(s(0, 200), "youtube_shorts", moved=True), "subject") == ()
    kinds = [w.kind for w in checks(review, moment(s(0, 200), "youtube_shorts"), "subject")]
    assert kinds == ["removed", "long"]


@pytest.mark.parametrize(
    ("t", "side", "expected"),
    [
        (6.4, "start", 6.49),
        (6.4, "end", 6.4),
        (17.4, "end", 17.46),
        (12.0, "start", 12.06),
        (12.9, "start", 12.86),
        (11.93, "start", 11.93),
        (6.2, "start", 6.2),
        (5.1, "start", 5.0),
        (-3, "start", 0),
        (30, "end", 20),
    ],
)
def test_an_edge_snaps_to_what_is_near(t: float, side: str, expected: float) -> None:
    review = SPEECH.received(scenes=Scenes.of([5_000_000], 20_000_000))
    found = snap_edge(review, round(t * 1e6), 100_000, side=side)  # type: ignore[arg-type]
    assert found == round(expected * 1e6)


def test_a_snapped_edge_lies_on_a_frame() -> None:
    review = SPEECH.received(footage=film(20, 10))
    assert snap_edge(review, 6_400_000, 100_000, side="start") == 6_500_000
    assert snap_edge(review, 6_220_000, 0, side="start") == 6_200_000
    assert snap_edge(Review(Evidence(Footage(0))), 5, 100, side="end") == 0


times = st.integers(-3_000_000, 33_000_000)
spans = st.tuples(times, times).map(lambda ab: TimeRange(min(ab), max(ab)))
words = st.lists(
    st.builds(
        lambda span, text, guessed: Word(text, span.start, span.end, estimated=guessed),
        spans,
        st.sampled_from(("a", "B.", "…", "")),
        st.booleans(),
    ),
    max_size=12,
).map(lambda some: Transcript(tuple(some)))
part = st.floats(allow_nan=True, allow_infinity=True, width=32)
boxes = st.lists(st.builds(Box, part, part, part, part, part, st.integers(0, 3)), max_size=3)
faces = st.lists(st.tuples(times, boxes), max_size=12).map(Faces.of)
footages = st.sampled_from(
    (Footage(0), Footage(-5), film(30), film(30, 10), Footage(30_000_000, array("q"), 1920, 1080))
)
retakes = st.lists(spans, max_size=4).map(
    lambda rs: gaps(*complement(merge(rs), TimeRange(0, 30_000_000)))
)
found = st.builds(
    Evidence,
    footages,
    st.none() | words,
    st.none() | faces,
    st.none() | st.lists(times, max_size=3).map(lambda cuts: Scenes.of(cuts, 30_000_000)),
    st.none() | retakes,
)
channels = st.lists(
    st.tuples(st.sampled_from(("tiktok", "youtube_shorts", "", "é")), part), max_size=3
)


@given(
    found,
    spans,
    st.none() | spans,
    channels,
    st.sampled_from(("subject", "grid", "static")),
    st.integers(0, 5_000_000),
)
def test_any_moment_of_any_film_is_checked_and_any_edge_snapped(
    evidence: Evidence,
    span: TimeRange,
    said: TimeRange | None,
    scored: list[tuple[str, float]],
    framing: Framing,
    reach: int,
) -> None:
    review = Review(evidence)
    one = PlacedMoment("k", None if said is None else 1, span, said, "", channels=tuple(scored))
    for warn in checks(review, one, framing):
        assert warn.text == warn.text.strip() != ""
    duration = max(0, evidence.footage.duration)
    assert 0 <= snap_edge(review, span.start, reach, side="start") <= duration
    assert 0 <= snap_edge(review, span.end, reach, side="end") <= duration
    inside = merge([r for r in (span.intersection(TimeRange(0, duration)),) if r])
    assert merge((*removed_in(review, span), *kept_in(review, span))) == inside
