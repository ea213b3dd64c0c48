"""The moment finder's promises on any film: edges, numbers, scores, and what settings change."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.channels import KNOWN
from app.core.faces import Box, Faces
from app.core.sentences import sentences
from app.core.timerange import SECOND
from app.core.transcript import Word
from app.local_service.analyses import moments
from app.local_service.analyses.content_words import content_word
from app.local_service.analyses.moment_film import BLOCK, Film
from app.local_service.analyses.moment_score import channel_scores, fit
from app.services.wire_shorts import Length, MomentShape, Volume

LENGTHS: tuple[Length, ...] = ("mixed", "10-30", "30-60", "60-120")
VOLUMES: tuple[Volume, ...] = ("strict", "focused", "loose")

WORDS = st.tuples(
    st.sampled_from(["launch", "today.", "we", "price?", "שלום", "ספר.", "and", "customers"]),
    st.integers(0, 3_000_000),
    st.integers(1, 900_000),
    st.sampled_from([0, 0, 0, 1]),
)


@st.composite
def films(draw: st.DrawFn) -> Film:
    at = draw(st.integers(0, 5 * SECOND))
    words = []
    for text, pause, length, speaker in draw(st.lists(WORDS, max_size=120)):
        start = at + pause // 4
        words.append(Word(text, start, start + length, speaker))
        at = start + length
    duration = at + draw(st.integers(1, 20 * SECOND))
    cuts = draw(st.lists(st.integers(1, duration), max_size=8, unique=True))
    faces = None
    if draw(st.booleans()):
        box = Box(0.4, 0.3, 0.6, 0.6, 1.0, 0)
        times = range(0, duration, SECOND // 2)
        faces = Faces.of((t, [box] if draw_bit(t) else []) for t in times)
    loud = tuple(draw(st.lists(st.floats(-90, 0), max_size=40)))
    described = frozenset(draw(st.sets(st.sampled_from(["launch", "price", "ספר"]))))
    return Film(
        duration,
        moments.inside(words, duration),
        faces,
        tuple(sorted(c for c in cuts if 0 < c < duration)),
        loud,
        described,
    )


def draw_bit(t: int) -> bool:
    return t // SECOND % 3 != 0


def us(moment: MomentShape) -> tuple[int, int]:
    assert moment.start_time is not None
    assert moment.end_time is not None
    return round(moment.start_time * SECOND), round(moment.end_time * SECOND)


def talk(minutes: float, sentence: float = 5.0, pause: float = 0.6) -> Film:
    """Steady speech: sentences of `sentence` seconds, every eighth pause a long one."""
    words: list[Word] = []
    at, n = 1.0, 0
    while at + sentence < minutes * 60:
        count = round(sentence * 2.5)
        for k in range(count):
            # Every word another one: speech that repeats itself is full of retakes.
            text = f"w{n}x{k}{'.' if k == count - 1 else ''}"
            begin = at + k / 2.5
            words.append(Word(text, round(begin * SECOND), round((begin + 0.35) * SECOND)))
        n += 1
        at += sentence + (pause * 3 if n % 8 == 0 else pause * (n % 3) / 2)
    return Film(round(minutes * 60 * SECOND), tuple(words))


@given(films(), st.sampled_from(LENGTHS), st.sampled_from(VOLUMES))
def test_moments_keep_their_promises_on_any_film(
    film: Film, length: Length, volume: Volume
) -> None:
    found = moments.find(film, length, volume)
    assert found
    assert [m.number for m in found] == list(range(1, len(found) + 1))
    spans = [us(m) for m in found]
    assert len(set(spans)) == len(spans)
    spoken = [s.span for s in sentences(film.words)] if film.words else []
    starts, ends = {s.start for s in spoken}, {s.end for s in spoken}
    for moment, (start, end) in zip(found, spans, strict=True):
        assert 0 <= start < end <= film.duration
        if film.words:
            assert start in starts
            assert end in ends
        assert moment.viral_score is not None
        assert 0 <= moment.viral_score <= 100
        assert moment.title
        assert "viral" not in (moment.description or "").lower()
        assert all(0 <= s <= moment.viral_score for s in moment.channel_scores.values())
        low, high = moments.LENGTHS[length]
        told = "asked for" in (moment.description or "")
        assert told == (not low <= end - start <= high)
    scores = [m.viral_score or 0.0 for m in found]
    assert scores == sorted(scores, reverse=True)
    again = Film(film.duration, film.words, film.faces, film.cuts, film.loudness, film.described)
    assert moments.find(again, length, volume) == found


@pytest.mark.parametrize("minutes", [10, 20, 30])
def test_a_typical_film_gives_four_to_nine_different_moments(minutes: int) -> None:
    found = moments.find(talk(minutes), "mixed", "focused")
    assert 4 <= len(found) <= 9
    for one in found:
        for other in found:
            if one is not other:
                (a, b), (c, d) = us(one), us(other)
                assert min(b, d) - max(a, c) <= 0.25 * min(b - a, d - c)


def test_the_volume_decides_how_many() -> None:
    counts = [len(moments.find(talk(15), "mixed", v)) for v in VOLUMES]
    assert counts[0] < counts[1] < counts[2]


@pytest.mark.parametrize("length", LENGTHS)
def test_the_length_asked_for_is_kept_where_it_is_there(length: Length) -> None:
    low, high = moments.LENGTHS[length]
    found = moments.find(talk(12), length, "focused")
    assert len(found) >= 4
    assert all(low <= end - start <= high for start, end in map(us, found))


def test_a_film_too_short_for_the_length_gives_what_fits_best_and_says_so() -> None:
    found = moments.find(talk(0.5), "60-120", "focused")
    assert len(found) == 4
    assert all((m.description or "").startswith("Shorter than the 60 to 120 s") for m in found)
    one = Film(200 * SECOND, (Word("Aaaa", 0, 190 * SECOND),))
    only = moments.find(one, "10-30", "focused")
    assert [us(m) for m in only] == [(0, 190 * SECOND)]
    assert (only[0].description or "").startswith("Longer than")


def test_faces_pauses_and_shared_words_raise_a_score() -> None:
    plain = talk(2)
    box = Box(0.4, 0.3, 0.6, 0.6, 1.0, 0)
    half = 60 * SECOND
    faces = Faces.of((t, [box] if t < half else []) for t in range(0, 2 * half, 200_000))
    best = moments.find(Film(plain.duration, plain.words, faces), "10-30", "strict")[0]
    assert us(best)[1] <= half
    words = [*plain.words]
    words[200] = Word("astronaut", words[200].start, words[200].end)
    described = Film(plain.duration, tuple(words), described=frozenset({"astronaut"}))
    best = moments.find(described, "10-30", "strict")[0]
    assert us(best)[0] <= words[200].start < us(best)[1]
    assert "“astronaut”" in (best.description or "")


def test_what_is_said_again_lowers_a_score_and_is_told() -> None:
    text = "So we start with the very small shop — <1> "
    text += "So we start with the very small shop in town and sell the bread there."
    words, at = [], 0.5
    for token in text.split():
        if token.startswith("<"):
            at += 1.0
            continue
        words.append(Word(token, round(at * SECOND), round((at + 0.4) * SECOND)))
        at += 0.5
    film = Film(20 * SECOND, tuple(words))
    assert film.removed
    found = moments.find(film, "mixed", "focused")
    assert "said again later" in (found[0].description or "")
    assert found[0].title == "So we start with the very small shop in town and sell the…"


def test_channels_score_by_how_usual_a_length_is_there() -> None:
    for seconds in range(1, 240):
        scores = channel_scores(80.0, seconds * SECOND)
        fits = {c.key: fit(seconds * SECOND, c.usual) for c in KNOWN}
        within = [c for c in KNOWN if c.most is None or seconds * SECOND <= c.most]
        within = [c for c in within if seconds * SECOND >= c.least]
        for a, b in pairwise(within):
            assert (scores[a.key] < scores[b.key]) == (fits[a.key] < fits[b.key])
    assert channel_scores(80.0, 30 * SECOND) == dict.fromkeys(scores, 80.0)
    assert channel_scores(80.0, 200 * SECOND)["instagram_reels"] == 40.0


def test_louder_stretches_are_told_from_quieter_ones() -> None:
    film = talk(2)
    loud = tuple(-20.0 if t < 600 else -32.0 for t in range(1200))
    assert film.duration // BLOCK == len(loud)
    found = moments.find(Film(film.duration, film.words, loudness=loud), "10-30", "loose")
    told = [m.description or "" for m in found]
    assert any("louder than the film" in d for d in told)
    assert us(found[0])[1] <= 61 * SECOND


def test_content_words_are_those_that_say_something() -> None:
    said = ["The", "launch,", "it's", "customers'", "don’t", "42", "“Price”", "של", "ספר.", "app's"]
    assert [content_word(w) for w in said] == [
        "", "launch", "", "customers", "", "", "price", "", "ספר", "",
    ]  # fmt: skip


@pytest.mark.parametrize(("media", "least"), [("interview", 3), ("sample", 4)])
def test_real_films_of_half_a_minute_give_a_few(media: str, least: int, interview: Path) -> None:
    found = {
        "interview": interview.with_name("interview.words.json"),
        "sample": Path(__file__).parents[2] / "resources" / "sample" / "sample.json",
    }[media]
    given = json.loads(found.read_text("utf-8"))["words"]
    words = [Word(w["text"], round(w["start"] * SECOND), round(w["end"] * SECOND)) for w in given]
    film = Film(words[-1].end + SECOND, tuple(words))
    assert len(moments.find(film, "mixed", "focused")) >= least
