"""Files as people have them: any encoding, cut off, of a longer film, in no order."""

from __future__ import annotations

import codecs
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import MediaError
from app.core.timerange import SECOND
from app.core.transcript import Transcript
from app.interchange.file_text import text_of
from app.interchange.json_places import place_of, whole_part
from app.interchange.read_transcript import Imported, import_transcript

HOUR = 3600 * SECOND

SRT = "1\n00:00:01,000 --> 00:00:02,000\nשלום לכם\n\n2\n00:00:03,500 --> 00:00:04,000\nwords\n"


def imported(name: str, text: str, duration: int = HOUR) -> Imported:
    return import_transcript(name, text.encode(), None, duration)


def said(transcript: Transcript) -> list[str]:
    return [w.text for w in transcript.words]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_are_found_out(encoding: str, newline: str) -> None:
    data = SRT.replace("\n", newline).encode(encoding)
    found = import_transcript("a.srt", data, None, HOUR)
    assert said(found.transcript) == ["שלום", "לכם", "words"]
    assert found.notices == ()


def test_an_old_code_page_is_guessed_by_the_language_and_said() -> None:
    found = import_transcript("a.srt", SRT.encode("cp1255"), "he", HOUR)
    assert said(found.transcript)[0] == "שלום"
    assert "Windows-1255" in found.notices[0]
    text, sentence = text_of("a.srt", "déjà vu".encode("cp1252"), "fr-FR")
    assert text == "déjà vu"
    assert "Windows-1252" in sentence
    marked = codecs.BOM_UTF32_LE + "abc".encode("utf-32-le")
    assert text_of("a.srt", marked) == ("abc", "")


@pytest.mark.parametrize(
    "data", [b"\x00\x01RIFF" + bytes(range(1, 200)), codecs.BOM_UTF16_LE + b"\x00\xd8a\x00b\x00"]
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(MediaError, match="is not text"):
        import_transcript("a.srt", data, None, HOUR)


def test_half_a_character_at_the_end_is_left_out() -> None:
    assert text_of("a", codecs.BOM_UTF16_LE + "ab".encode("utf-16-le") + b"c") == ("ab", "")


def test_subrip_needs_no_numbers_no_empty_lines_and_no_order() -> None:
    text = (
        "00:00:05,000 --> 00:00:06,5\nlast\n00:00:01.000 --> 00:00:02,000 X1:100\n<i>first</i>\n"
        "in 1984\n\n1984\n\n7\n00:00:01,500 --> 00:00:03,000\n[SPEAKER_00]: over &amp; out\n"
        "a --> b\n\n-00:00:00,500 --> 00:01,000\nearly\n"
    )
    found = imported("a.srt", text).transcript
    assert sorted(said(found)) == sorted(
        ["early", "first", "in", "1984", "1984", "over", "&", "out", "a", "-->", "b", "last"]
    )
    assert found.words[0].start == 0
    assert found.words[-1].end == 6_500_000
    assert found.notes == {"speaker 0": "SPEAKER_00"}


def test_a_wrong_line_is_named_and_how_much_before_it_is_fine() -> None:
    text = SRT + "\n3\n00:00:05 --> 00:00:06,000\nno\n"
    with pytest.raises(MediaError) as told:
        imported("a.srt", text)
    assert told.value.sentence == (
        "“a.srt” could not be read: line 10 is no time that SubRip knows; "
        "the 2 captions before it are fine."
    )
    with pytest.raises(MediaError, match="the caption before it is fine"):
        imported("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\na\n\n00:03 --> 00:04\nb\n")
    with pytest.raises(MediaError, match="line 2 is “hello”"):
        imported("a.srt", "\nhello\n")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.srt", "1\n00:00:01,000 --> 00:00:02,000\na\n\n2\n00:00:03,500 --> 00:0"),
        ("a.srt", "1\n00:00:01,000 --> 00:00:02,000\na\n\n2\n00:00:03,5"),
        ("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\na\n\n00:03.500 --> 00:0\n"),
        (
            "a.ass",
            "[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,a\nDialogue: 0,0:00:0",
        ),
    ],
)
def test_a_last_caption_that_is_cut_off_is_left_out(name: str, text: str) -> None:
    found = imported(name, text)
    assert said(found.transcript) == ["a"]
    assert "is cut off in line" in found.notices[0]
    assert "the caption before it was imported" in found.notices[0]


def test_a_number_alone_at_the_end_is_that_of_the_next_caption() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\na\n\n2\n"
    assert said(imported("a.srt", text).transcript) == ["a"]
    assert said(imported("a.srt", text + "1984").transcript) == ["a", "2", "1984"]


def test_ass_is_read_by_its_format_line_without_drawings() -> None:
    text = (
        "[Events]\nFormat: Marked, Start, End, Style, Actor, Text\n"
        "Dialogue: Marked=0,0:00:01.00,0:00:02.50,Default,Ann,{\\i1}Hi,{\\i0} you\\hthere\\Nnow\n"
        "Dialogue: Marked=0,0:00:03.00,0:00:04.00,Default,Ann,{\\p1}m 0 0 l 1 1\n"
        "Comment: Marked=0,soon\n"
    )
    found = imported("a.ssa", text).transcript
    assert said(found) == ["Hi,", "you", "there", "now"]
    assert found.notes == {"speaker 0": "Ann"}
    with pytest.raises(MediaError, match="line 1 has no time that ASS knows"):
        imported("a.ass", "Dialogue: 0,soon,0:00:02.00,Default,,0,0,0,,a\n")


def test_voices_of_one_webvtt_cue_are_told_apart() -> None:
    text = (
        "WEBVTT\nKind: captions\nLanguage: he\n\n"
        "00:00.000 --> 00:04.000\n<v Ann>abcd\n<v Bob>efgh\n"
    )
    found = imported("a.vtt", text).transcript
    assert found.language == "he"
    assert [(w.text, w.start, w.speaker) for w in found.words] == [
        ("abcd", 0, 0), ("efgh", 2 * SECOND, 1),
    ]  # fmt: skip
    with pytest.raises(MediaError, match="line 1 does not say WEBVTT"):
        imported("a.vtt", "WEBVTTX\n")


def test_words_after_the_end_of_the_film_are_left_out_and_counted() -> None:
    listed = [{"text": str(n), "start": n, "end": n + 2} for n in range(5)]
    turns = [{"speaker": 0, "start": 0, "end": 6, "word_start_idx": 0, "word_end_idx": 5}]
    text = json.dumps({"words": listed, "utterances": turns})
    found = imported("a.json", text, 3 * SECOND)
    assert [(w.text, w.end // SECOND) for w in found.transcript.words] == [
        ("0", 2), ("1", 3), ("2", 3),
    ]  # fmt: skip
    assert found.transcript.utterances == ()
    assert found.transcript.text == "0 1 2"
    assert found.notices == ("2 of 5 words lie after the end of the video and were left out.",)
    assert "One word lies" in imported("a.json", text, 4 * SECOND).notices[0]
    whole = imported("a.json", text)
    assert whole.notices == ()
    assert len(whole.transcript.utterances) == 1
    with pytest.raises(MediaError, match="All 5 words"):
        imported("a.json", text, 0)


def test_json_that_is_cut_off_gives_its_whole_words() -> None:
    segments = [
        {"text": "a b", "words": [{"word": w, "start": n, "end": n + 1} for w in "ab"]}
        for n in range(3)
    ]
    text = json.dumps({"segments": segments, "language": "en"}, indent=1)
    at = text.rindex('"word"') + 9
    found = imported("a.json", text[:at])
    assert said(found.transcript) == ["a", "b", "a", "b", "a"]
    assert "is cut off in line" in found.notices[0]
    assert "the 5 words before that were imported" in found.notices[0]
    with pytest.raises(MediaError, match="line 1, column"):
        imported("a.json", text[:40].replace("\n", ""))
    assert whole_part('{"a": [{}]}]') is None


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('{"words": [\n  {"text": "a", "start": 0, "end": 1},\n  {"text": 5}\n]}',
         "“words[1].text” is not text (line 3, column 12)"),
        ('{"segments": [\n {"words": [{"word": "a"},\n  {"word": "b", "start": "x"}]}]}',
         "“segments[0].words[1].start” is not a number (line 3, column 26)"),
        ('[\n {"start": 1}]', "“[0].text” is not text (line 2, column 2)"),
        ('{"status": 0,\n"status": "queued", "words": []}', "completed (line 2, column 11)"),
        ('{"words":\n3}', "“words” is not a list (line 2, column 1)"),
        ('{"words": [{"text": "a",\n"start": NaN}]}', "not a number (line 2, column 10)"),
        ('{"words": [1,\n]}', "line 2, column 1"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named_with_its_line_and_column(text: str, where: str) -> None:
    with pytest.raises(MediaError) as told:
        imported("a.json", text)
    assert where in told.value.sentence


@given(st.text(), st.text(), st.integers(0, 30))
def test_the_place_of_a_value_is_where_it_stands(key: str, value: str, before: int) -> None:
    data = {"x": [0] * before, key: [{"": 1}, {"deep": value}]}
    text = json.dumps(data, indent=2, ensure_ascii=False)
    line, column = place_of(text, (key, 1, "deep"))
    rest = "\n".join(text.split("\n")[line - 1 :])[column - 1 :]
    assert rest.startswith(json.dumps(value, ensure_ascii=False))


def tried(name: str, text: str) -> Imported | MediaError:
    try:
        return imported(name, text)
    except MediaError as problem:
        return problem


names = st.sampled_from(("a.json", "a.srt", "a.vtt", "a.ass", "a.ssa"))


@given(names, st.binary(), st.sampled_from((None, "he", "el", "en-US")), st.integers(0, HOUR))
def test_any_bytes_are_a_transcript_or_a_sentence(
    name: str, data: bytes, language: str | None, duration: int
) -> None:
    for body in (data, SRT.encode() + data, b"WEBVTT\n\n" + data, b'{"words": [' + data):
        with suppress(MediaError):
            assert import_transcript(name, body, language, duration).transcript.words


pieces = st.lists(
    st.sampled_from((
        "00:00:01,000 --> 00:00:02,000", "00:01.000 --> 00:02.000", "-->", "1", "", "word",
        "00:00:01 -->", "<v Ann>hi <v Bob>ho", "<00:00:01.500>", "NOTE", "STYLE", "WEBVTT",
        "{\\an8}", "Dialogue: 0,0:00:01.00,0:00:02.00,D,,0,0,0,,a", "Dialogue: 0,",
        "Format: Start, Text",
    )),
    max_size=12,
)  # fmt: skip


@given(names, pieces, st.sampled_from(("", "WEBVTT\n\n", SRT)))
def test_any_lines_are_a_transcript_or_a_sentence_that_names_one(
    name: str, lines: list[str], before: str
) -> None:
    text = before + "\n".join(lines)
    found = tried(name, text)
    if isinstance(found, MediaError):
        assert "line " in found.sentence or "no captions" in found.sentence
        return
    words = found.transcript.words
    assert words
    assert all(0 <= w.start <= w.end for w in words)
    assert list(words) == sorted(words, key=lambda w: w.start)


@given(st.integers(0, 400))
def test_json_cut_off_anywhere_is_a_transcript_or_a_sentence_that_names_a_line(at: int) -> None:
    words = [{"text": f'w"{n}]', "start": n, "end": n + 0.5, "speaker": "A"} for n in range(5)]
    text = json.dumps({"language": "en", "words": words}, indent=1)[:at]
    found = tried("a.json", text)
    if isinstance(found, MediaError):
        assert "line " in found.sentence
    else:
        assert said(found.transcript) == [f'w"{n}]' for n in range(len(found.transcript.words))]
