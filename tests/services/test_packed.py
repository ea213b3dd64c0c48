"""Packed answers are what they were, and nothing else is taken for one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.faces import Box, Faces
from app.core.review import Retakes, RetakeWord
from app.core.scenes import Scenes
from app.core.timerange import TimeRange
from app.core.transcript import Speaker, Transcript, Utterance, Word
from app.services import packed
from app.services.packed import pack, unpack
from app.services.prepared import Prepared
from app.services.wire_vision import Vision

_TIMES = st.integers(0, 2**50)
_TEXTS = st.text(max_size=9) | st.sampled_from(("שלום", "\0", "\ud800", "\n"))
_WORDS = st.builds(
    Word, _TEXTS, _TIMES, _TIMES, st.none() | st.integers(0, 9), st.none() | st.floats(0, 1),
    st.booleans(),
)  # fmt: skip


@given(st.lists(_WORDS, max_size=9))
def test_a_transcript_comes_back_equal(words: list[Word]) -> None:
    said = Transcript(
        tuple(words), (Utterance(None, 1, 2, 0, 1), Utterance(3, 5, 6, 1, 2)), (Speaker(3, 9, 1),),
        "he", "שלום \ud800", "recognised", {"a": "b"},
    )  # fmt: skip
    assert unpack(pack(said)) == said


def test_more_words_than_a_slice_come_back_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "SLICE", 3)
    said = Transcript(tuple(Word(f"w{n}", n, n + 1) for n in range(8)))
    assert unpack(pack(said)) == said


def test_retakes_come_back_equal() -> None:
    gap, again = TimeRange(1, 5), TimeRange(6, 9)
    answer = Retakes(
        (RetakeWord(4, "so", 1, 2, None, "asr"), RetakeWord(5, "so", 6, 7, 0.5)), ((4, 5),),
        (TimeRange(0, 1), TimeRange(5, 90)), "inclusive", "transcript", {gap: again}, ("odd",),
    )  # fmt: skip
    assert unpack(pack(answer)) == answer


def test_vision_comes_back_with_every_column() -> None:
    frames = [(5, [Box(0.1, 0.2, 0.3, 0.4, 0.9, 1, 2, 0.5), Box(0, 0, 1, 1, 1, -1)]), (9, [])]
    seen = Vision(Faces.of(frames), Scenes.of((3, 7), 20), True, "why")
    back = unpack(pack(seen))
    assert isinstance(back, Vision)
    assert [back.faces.frame(k) for k in (0, 1)] == [seen.faces.frame(k) for k in (0, 1)]
    assert back.faces.tracks == seen.faces.tracks
    assert back.faces.times == seen.faces.times
    assert (back.scenes, back.asd_ran, back.asd_reason) == (seen.scenes, True, "why")


def test_what_is_not_whole_or_of_another_form_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = pack(Transcript((Word("a", 1, 2),)))
    for other in (b"", whole[:-1], whole[:-1] + b"x", b"KTPACKER" + whole[8:]):
        with pytest.raises(ValueError, match="packed answer"):
            unpack(other)
    monkeypatch.setattr(packed, "FORM", "another")
    with pytest.raises(ValueError, match="another form"):
        unpack(whole)


def test_what_was_prepared_is_found_by_what_it_was_made_of(tmp_path: Path) -> None:
    prepared = Prepared(tmp_path / "prepared")
    assert prepared.load(("a", 1)) is None
    prepared.keep(("a", 1), b"one")
    prepared.keep(("a", 2), b"two")
    assert (prepared.load(("a", 1)), prepared.load(("a", 2))) == (b"one", b"two")


def test_what_was_not_read_for_longest_makes_room(tmp_path: Path) -> None:
    import os

    prepared = Prepared(tmp_path, limit=8)
    for n, name in enumerate("abc"):
        prepared.keep((name,), b"1234")
        for path in tmp_path.iterdir():
            os.utime(path, ns=(n, n)) if path.stat().st_mtime_ns > 1_000 else None
    assert [prepared.load((name,)) for name in "abc"] == [None, b"1234", b"1234"]


def test_a_folder_that_cannot_be_made_costs_nothing_but_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    prepared = Prepared(tmp_path / "file" / "prepared")
    prepared.keep(("a",), b"one")
    assert prepared.load(("a",)) is None


def test_equal_answers_are_packed_alike() -> None:
    said = Transcript((Word("a", 1, 2),))
    assert pack(said) == pack(replace(said))
