"""Captions and word lists of many makers become a transcript, or a sentence that says why not."""

from __future__ import annotations

import itertools
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import MediaError
from app.core.retake_finder import find_retakes
from app.core.transcript import Transcript, Utterance, Word
from app.interchange.cue_files import Cue, cues
from app.interchange.read_transcript import read_transcript
from app.interchange.word_json import base_language
from app.interchange.word_shares import shares
from tests.core.speech import INAUGURAL


def times(transcript: Transcript) -> list[tuple[str, int, int, bool]]:
    """Words with their times in milliseconds."""
    return [(w.text, w.start // 1000, w.end // 1000, w.estimated) for w in transcript.words]


def from_json(data: object, language: str | None = None) -> Transcript:
    return read_transcript("a.json", json.dumps(data), language)


def test_a_plain_word_list_is_read() -> None:
    listed = [
        {"text": t, "start": a, "end": b, "speaker": 0, "confidence": 0.9} for t, a, b in INAUGURAL
    ]
    said = from_json({"media": "interview.mp4", "note": "…", "words": listed}, "en")
    assert said.words[0] == Word("And", 290_000, 630_000, 0, 0.9)
    assert (said.language, said.origin, len(said.words)) == ("en", "captions", 29)
    assert len(find_retakes(said)) == 1
    assert from_json(listed).words == said.words


def test_a_nanoclip_result_is_read_with_its_turns() -> None:
    result: dict[str, Any] = {
        "project_id": "p", "status": "completed", "language": "he",
        "words": [
            {"text": "שלום", "start": 0.0, "end": 0.5, "speaker": 0},
            {"text": "לכם.", "start": 0.5, "end": 1, "speaker": 0},
        ],
        "utterances": [
            {"speaker": 0, "start": 0, "end": 1, "word_start_idx": 0, "word_end_idx": 2}
        ],
    }  # fmt: skip
    said = from_json(result)
    assert said.utterances == (Utterance(0, 0, 1_000_000, 0, 2),)
    assert said.right_to_left
    result["utterances"][0]["word_end_idx"] = 3
    assert from_json(result).utterances == ()
    result["utterances"] = ["what"]
    assert from_json(result).utterances == ()


def test_whisper_output_is_read() -> None:
    said = from_json(
        {
            "text": " Hi there.",
            "language": "english",
            "segments": [
                {
                    "start": 0,
                    "end": 1,
                    "text": " Hi there.",
                    "words": [
                        {"word": " Hi", "start": 0.1, "end": 0.4, "probability": 0.5},
                        {"word": " there.", "start": 0.4, "end": 0.9, "probability": 1.2},
                    ],
                },
                {"start": 2, "end": 3, "text": " ab cde"},
            ],
        }
    )
    assert said.language == "en"
    assert times(said) == [
        ("Hi", 100, 400, False),
        ("there.", 400, 900, False),
        ("ab", 2000, 2428, True),
        ("cde", 2428, 3000, True),
    ]
    assert [w.confidence for w in said.words] == [0.5, 1.0, None, None]


def test_whisperx_words_without_times_lie_between_their_neighbours() -> None:
    said = from_json(
        {
            "segments": [
                {
                    "speaker": "SPEAKER_01",
                    "words": [
                        {"word": "In", "start": 1, "end": 1.2, "score": 0.5},
                        {"word": "1984"},
                        {"word": "and", "speaker": "SPEAKER_00"},
                        {"word": "now", "start": 2, "end": 2.4},
                        {"word": "then", "end": 3.0},
                        {"word": "last", "start": 4.0},
                        {"word": "5"},
                    ],
                }
            ]
        }
    )
    assert times(said) == [
        ("In", 1000, 1200, False),
        ("1984", 1200, 1600, True),
        ("and", 1600, 2000, True),
        ("now", 2000, 2400, False),
        ("then", 2400, 3000, True),
        ("last", 4000, 4250, True),
        ("5", 4250, 4500, True),
    ]
    assert [w.speaker for w in said.words] == [0, 0, 1, 0, 0, 0, 0]
    assert said.notes == {"speaker 0": "SPEAKER_01", "speaker 1": "SPEAKER_00"}
    assert from_json({"word_segments": [{"word": "a", "start": 0, "end": 1}]}).words


def test_words_out_of_order_are_sorted() -> None:
    said = from_json(
        [{"text": "b", "start": 1, "end": 2}, {"text": "a", "start": 0, "end": 1, "speaker": " "}]
    )
    assert [w.text for w in said.words] == ["a", "b"]
    assert said.words[0].speaker is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "not JSON: line 1"),
        ('{\n"words": [,]}', "not JSON: line 2"),
        ("[" * 100_000, "nested too deeply"),
        ("3", "neither an object nor a list"),
        ("{}", "neither “words” nor “segments”"),
        ('{"words": []}', "holds no words"),
        ('{"words": [{"text": " ", "start": 0, "end": 1}]}', "holds no words"),
        ('{"words": {"a": 1}}', "“words” is not a list"),
        ('{"words": ["a"]}', "“words[0]” is not an object"),
        ('{"segments": [{"words": ["a"]}]}', "“segments[0].words[0]” is not an object"),
        ('{"words": [{"start": 0, "end": 1}]}', "“words[0].text” is not text"),
        ('{"words": [{"text": "a", "start": "0", "end": 1}]}', "“words[0].start” is not a number"),
        ('{"words": [{"text": "a", "start": 0, "end": true}]}', "“words[0].end” is not a number"),
        ('{"words": [{"text": "a", "start": NaN, "end": 1}]}', "NaN is not a number"),
        (
            '{"words": [{"text": "a", "start": 1e999, "end": 1}]}',
            "“words[0].start” is not a number",
        ),
        ('{"words": [{"text": "a", "start": 1e99, "end": 1}]}', "not a time in seconds"),
        (f'{{"words": [{{"text": "a", "start": {10**400}, "end": 1}}]}}', "not a time in seconds"),
        (f'{{"words": {"9" * 5000}}}', "a number that is too long"),
        ('{"words": [{"text": "a", "speaker": 1.5}]}', "“words[0].speaker” is neither"),
        ('{"status": "processing", "words": []}', "was not completed"),
    ],
)
def test_a_json_file_that_is_wrong_is_told_where(text: str, why: str) -> None:
    with pytest.raises(MediaError, match=r"a\.json") as told:
        read_transcript("a.json", text, None)
    assert why in told.value.sentence


SRT = """1
00:00:01,000 --> 00:00:03,000
<i>Hello</i> you
there

2
00:00:04,000 --> 00:00:05,000
{\\an8}again
"""


def test_subrip_words_get_shares_of_their_cue() -> None:
    said = read_transcript("a.SRT", "\ufeff" + SRT.replace("\n", "\r\n"), "en-US")
    assert said.language == "en"
    assert times(said) == [
        ("Hello", 1000, 1750, True),
        ("you", 1750, 2250, True),
        ("there", 2250, 3000, True),
        ("again", 4000, 5000, True),
    ]


def test_ass_is_read_with_its_speakers_and_without_its_comments() -> None:
    text = (
        "[Script Info]\nScriptType: v4.00+\n\n[Events]\n"
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        "Dialogue: 0,0:00:01.00,0:00:02.00,Default,Bob,0,0,0,,{\\b1}Hi{\\b0} there\\Nyou\n"
        "Comment: 0,0:00:01.00,0:00:02.00,Default,Bob,0,0,0,,no\n"
    )
    said = read_transcript("a.ass", text, None)
    assert [w.text for w in said.words] == ["Hi", "there", "you"]
    assert said.words[0].speaker == 0
    assert said.notes == {"speaker 0": "Bob"}


def test_webvtt_word_times_are_honoured() -> None:
    text = (
        "WEBVTT - a title\n\nNOTE\nnot said\n\nSTYLE\n::cue {}\n\nintro\n"
        "00:01.000 --> 00:00:03.000 align:start\n"
        "<v Bob>Hello <00:00:01.500>big <00:00:02.000><c>wide world</c> &amp;\n\n\n"
        "01:00:04.000 --> 01:00:05.000\nlast\n"
    )
    said = read_transcript("a.vtt", text, None)
    assert times(said) == [
        ("Hello", 1000, 1500, False),
        ("big", 1500, 2000, False),
        ("wide", 2000, 2384, True),
        ("world", 2384, 2846, True),
        ("&", 2846, 3000, True),
        ("last", 3_604_000, 3_605_000, True),
    ]
    assert said.notes == {"speaker 0": "Bob"}


def test_rolling_captions_are_said_once() -> None:
    text = (
        "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\n \nso<00:00:01.000><c> today</c>\n\n"
        "00:00:02.000 --> 00:00:02.010\nso today\n \n\n"
        "00:00:02.010 --> 00:00:04.000\nso today\nwe<00:00:03.000><c> go</c>\n\n"
        "00:00:09.000 --> 00:00:10.000\nso<00:00:09.500><c> today</c>\n"
    )
    said = read_transcript("a.vtt", text, None)
    assert [w.text for w in said.words] == ["so", "today", "we", "go", "so", "today"]
    assert said.words[2].start == 2_010_000


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("a.srt", "", "holds no captions"),
        ("a.srt", "hello\nthere", "holds no captions"),
        ("a.srt", "1\n00:00:01,000 --> soon\nhello\n", "line 2 is no time"),
        ("a.vtt", "hello", "line 1 does not say WEBVTT"),
        ("a.vtt", "WEBVTT\n\n00:01.000 --> 99\nhello\n", "line 3 is no time"),
        ("a.vtt", "WEBVTT\n\n00:01.000 -> 00:02.000\nhello\n", "line 3 is no time"),
        ("a.srt", "1\n00:00:01,000 → 00:00:02,000\nhello\n", "line 2 is no time"),
        ("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n\n", "holds no captions"),
        ("a.ass", "nothing", "holds no captions"),
        ("a.ass", "[Events]\nDialogue: 0,soon\n", "line 2 has fewer fields"),
        ("a.txt", "hello", "is no caption file"),
        ("noending", "hello", "is no caption file"),
    ],
)
def test_a_caption_file_that_is_wrong_is_told_where(name: str, text: str, why: str) -> None:
    with pytest.raises(MediaError) as told:
        read_transcript(name, text, None)
    assert why in told.value.sentence
    assert name in told.value.sentence


def test_cues_are_in_time_order_and_never_end_before_they_start() -> None:
    text = "WEBVTT\n\n00:05.000 --> 00:04.000\nb\n\n00:01.000 --> 00:02.000\na\n"
    assert cues("a.vtt", text) == (Cue(1_000_000, 2_000_000, "a"), Cue(5_000_000, 5_000_000, "b"))


def test_languages_become_base_tags() -> None:
    assert [base_language(x) for x in ("en-US", "English", "iw", " he_IL ", "", None, 3)] == [
        "en", "en", "he", "he", None, None, None,
    ]  # fmt: skip


@given(st.lists(st.text("abc", min_size=1, max_size=9)), st.integers(0, 10**9), st.integers(0, 99))
def test_shares_fill_their_cue_without_gap_or_overlap(
    texts: list[str], start: int, size: int
) -> None:
    made = list(shares(texts, start, start + size, 3, estimated=True))
    assert [w.text for w in made] == texts
    if made:
        assert (made[0].start, made[-1].end) == (start, start + size)
    assert all(a.end == b.start for a, b in itertools.pairwise(made))


@given(st.sampled_from(("a.json", "a.srt", "a.vtt", "a.ass")), st.text())
def test_any_text_is_a_transcript_or_a_sentence(name: str, text: str) -> None:
    for body in (text, f"WEBVTT\n\n{text}", SRT + text, f'{{"words": [{json.dumps(text)}]}}'):
        with suppress(MediaError):
            assert read_transcript(name, body, None).words


anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ("words", "segments", "text", "word", "start", "end", "speaker", "score")
            ),
            inner,
            max_size=5,
        )
    ),
)


@given(anything)
def test_any_json_is_a_transcript_or_a_sentence(data: object) -> None:
    with suppress(MediaError):
        assert all(0 <= w.start <= w.end for w in from_json(data).words)
