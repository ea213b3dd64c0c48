"""Captions in a short: what is shown when, and in what order it is seen."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.reframe import Framed, Part, Shot, Track
from app.core.review import Decisions, Evidence, Footage, Review
from app.core.timerange import SECOND, TimeRange
from app.core.transcript import Transcript, Word
from app.interchange.burned_captions import LINE, SpokenWord, burned_captions, seam_of, words_of
from app.interchange.visual_order import visual_order

WHOLE = (TimeRange(0, 60 * SECOND),)
CONTROLS = dict.fromkeys(map(ord, "\u200e\u202a\u202b\u202c\u2060"))


def spoken(text: str, step: int = 300_000, length: int = 250_000) -> list[SpokenWord]:
    return [SpokenWord(w, n * step, n * step + length) for n, w in enumerate(text.split(" "))]


def events(document: str) -> list[tuple[float, float, str]]:
    """Start and end in seconds, and the text with its tags."""
    found = re.findall(r"^Dialogue: 0,([\d:.]+),([\d:.]+),Words,,0,0,0,,(.*)$", document, re.M)
    return [(clock(a), clock(b), text) for a, b, text in found]


def clock(text: str) -> float:
    hours, minutes, seconds = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def shown(text: str) -> str:
    """Without the tags and the invisible marks, line breaks as spaces."""
    text = re.sub(r"(?<!\\)\{[^}]*\}", "", text).replace("\\N", " ")
    return text.translate(CONTROLS).replace("\\{", "{").replace("\\}", "}")


def current(text: str) -> str:
    """What is highlighted."""
    found = re.findall(r"\{\\1c&H00D7FF&\}(.*?)(?=\\N|(?<!\\)\{|$)", text)
    return "".join(found).translate(CONTROLS).strip()


def test_each_word_is_highlighted_from_its_start_to_the_next() -> None:
    found = events(burned_captions(spoken("one two three"), WHOLE, right_to_left=False))
    assert [(a, b) for a, b, _ in found] == [(0.0, 0.3), (0.3, 0.6), (0.6, 1.25)]
    assert [current(t) for _, _, t in found] == ["one", "two", "three"]
    assert {shown(t) for _, _, t in found} == {"one two three"}
    bare = {re.sub(r"\\1c&H\w+&", "", t) for _, _, t in found}
    assert len(bare) == 1, "nothing but the colours differs, so nothing can move"


def test_captions_end_at_sentences_pauses_joins_and_when_they_are_full() -> None:
    words = spoken("One two. Three four")
    words += [SpokenWord("late", 3 * SECOND, 3 * SECOND + 200_000)]
    words += [SpokenWord("joined", 5 * SECOND, 5 * SECOND + 200_000)]
    keep = (TimeRange(0, 3_250_000), TimeRange(4_900_000, 6 * SECOND))
    found = [shown(t) for _, _, t in events(burned_captions(words, keep, right_to_left=False))]
    assert list(dict.fromkeys(found)) == ["One two.", "Three four", "late", "joined"]
    many = burned_captions(spoken("word " * 39 + "word"), WHOLE, right_to_left=False)
    for a, b, text in events(many):
        lines = [shown(line) for line in text.split("\\N")]
        assert len(lines) <= 2
        assert max(map(len, lines)) <= LINE
        assert b - a <= 3


def test_removed_words_are_left_out_and_later_ones_come_earlier() -> None:
    keep = (TimeRange(0, 300_000), TimeRange(600_000, 2 * SECOND))
    found = events(burned_captions(spoken("one two three"), keep, right_to_left=False))
    assert [(a, b, shown(t)) for a, b, t in found] == [
        (0.0, 0.3, "one"),
        (0.3, 0.95, "three"),
    ]
    assert (
        burned_captions(spoken("one"), (TimeRange(5 * SECOND, 6 * SECOND),), right_to_left=False)
        == ""
    )
    assert burned_captions((), WHOLE, right_to_left=True) == ""


def test_text_that_looks_like_tags_stays_text() -> None:
    words = [
        SpokenWord(t, n * 300_000, n * 300_000 + 1)
        for n, t in enumerate(["{\\b1}", "a\\Nb\nc", "\u202e"])
    ]
    found = events(burned_captions(words, WHOLE, right_to_left=False))
    assert len(found) == 2
    assert shown(found[0][2]) == "{\\b1} a\\Nb c"
    assert "\\N" not in found[0][2].replace("\\\u2060N", "")


def seen(text: str, *, right_to_left: bool) -> str:
    """The line as the eye meets it: what runs to the left is turned round."""
    chunks = visual_order(text.split(" "), right_to_left=right_to_left)
    return "".join(c.text[::-1] if c.level % 2 else c.text for c in chunks)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("אב, גד", "דג ,בא"),
        ("אב iPhone 15 גד", "דג iPhone 15 בא"),
        ("אב Hello, world. גד", "דג .Hello, world בא"),
        ("ב-10:30 אב", "בא 10:30-ב"),
        ("50% אב", "בא 50%"),
        ("1 2 אב", "בא 2 1"),
    ],
)
def test_right_to_left_lines_are_seen_in_their_order(said: str, wanted: str) -> None:
    assert seen(said, right_to_left=True) == wanted


def test_left_to_right_lines_turn_only_what_is_written_the_other_way() -> None:
    assert seen("So, 12 words.", right_to_left=False) == "So, 12 words."
    assert seen("say אב גד, now", right_to_left=False) == "say דג בא, now"


@given(st.lists(st.text(max_size=8), max_size=8), st.booleans())
def test_no_character_is_lost_or_doubled(words: list[str], right_to_left: bool) -> None:
    chunks = visual_order(words, right_to_left=right_to_left)
    plain = [c for c in visual_order(words, right_to_left=False) if c.word is not None]
    for n in range(len(words)):
        mine = "".join(c.text for c in chunks if c.word == n)
        assert sorted(mine) == sorted("".join(c.text for c in plain if c.word == n))
    assert sum(c.word is None for c in chunks) == max(0, len(words) - 1)


@given(
    st.lists(st.tuples(st.text(max_size=30), st.integers(0, 10**7), st.integers(-5, 10**6))),
    st.booleans(),
)
def test_any_words_give_events_that_do_not_overlap(
    said: list[tuple[str, int, int]], right_to_left: bool
) -> None:
    words = [SpokenWord(text, start, start + length) for text, start, length in said]
    keep = (TimeRange(0, 4 * SECOND), TimeRange(5 * SECOND, 9 * SECOND))
    document = burned_captions(words, keep, right_to_left=right_to_left)
    found = events(document)
    assert len(found) == document.count("Dialogue:")
    for (_, end, _), (start, _, _) in pairwise(found):
        assert end <= start
    assert all(0 <= a < b <= 8 for a, b, _ in found)


def test_words_are_taken_as_corrected() -> None:
    said = Transcript((Word("helo", 0, 100), Word("world", 200, 300), Word("far", 900, 1000)))
    review = Review(Evidence(Footage(2000), said), Decisions(corrections={0: "hello"}))
    found = words_of(review, TimeRange(0, 500))
    assert [w.text for w in found] == ["hello", "world"]
    assert words_of(Review(Evidence(Footage(2000))), TimeRange(0, 500)) == ()


def shots(*layouts: tuple[int, int]) -> Framed:
    """Shots of so many rows for so many seconds."""
    made, at = [], 0
    for rows, seconds in layouts:
        places = [Part(0.0, n / rows, 1.0, 1 / rows) for n in range(rows)]
        tracks = tuple(Track(place, 0.3, 1.0, ((at, 0.0, 0.0),)) for place in places)
        made.append(Shot(TimeRange(at, at + seconds * SECOND), tracks))
        at += seconds * SECOND
    return Framed(tuple(made))


def test_captions_lie_on_the_seam_of_the_grid_that_is_seen_longest() -> None:
    assert seam_of(shots((1, 5))) is None
    assert seam_of(shots((1, 2), (2, 5))) == 0.5
    assert seam_of(shots((3, 5), (2, 4))) == pytest.approx(2 / 3)
    assert seam_of(shots((1, 6), (2, 5))) is None
    placed = burned_captions(spoken("one two"), WHOLE, right_to_left=False, seam=0.5)
    assert all(r"{\an5\pos(540,960)}" in text for _, _, text in events(placed))
