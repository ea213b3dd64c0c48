"""Transcripts in JSON: plain word lists, NanoClip results, Whisper and WhisperX output."""

from __future__ import annotations

import contextlib
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NoReturn

from app.core.errors import MediaError
from app.core.timerange import SECOND, from_seconds
from app.core.transcript import Transcript, Utterance, Word
from app.interchange.json_places import (
    Path,
    WrongError,
    line_and_column,
    named,
    place_of,
    whole_part,
)
from app.interchange.word_shares import shares

_NAMES = {
    "bulgarian": "bg", "czech": "cs", "danish": "da", "german": "de", "greek": "el",
    "english": "en", "spanish": "es", "estonian": "et", "finnish": "fi", "french": "fr",
    "hebrew": "he", "croatian": "hr", "hungarian": "hu", "italian": "it", "lithuanian": "lt",
    "latvian": "lv", "maltese": "mt", "dutch": "nl", "polish": "pl", "portuguese": "pt",
    "romanian": "ro", "russian": "ru", "slovak": "sk", "slovenian": "sl", "swedish": "sv",
    "ukrainian": "uk", "iw": "he",
}  # fmt: skip
_LONGEST = 1_000_000.0
"""Seconds: eleven days, beyond which a time is a mistake (milliseconds, or a date)."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A word or a sentence as the file has it; times in microseconds, None where it has none."""

    text: str
    start: int | None
    end: int | None
    speaker: int | None
    confidence: float | None


def base_language(tag: object) -> str | None:
    """The base tag of "en-US", "English", "iw"; None for anything that is no language."""
    if not isinstance(tag, str) or not tag.strip():
        return None
    base = re.split(r"[-_]", tag.strip().lower())[0]
    return _NAMES.get(base, base)


def read_word_json(name: str, text: str, language: str | None) -> tuple[Transcript, str]:
    """The transcript in `text`, and a sentence where its end is cut off and was left out.

    Raises MediaError that names the line and the field at fault.
    """
    reader = _Reader(name, text.removeprefix("\ufeff"))
    data = reader.parse()
    try:
        entries = list(reader.entries(data))
    except WrongError as wrong:
        reader.fail(wrong.why, wrong.path)
    words = [w for placed in _placed(entries) for w in _split(placed)]
    if not words:
        raise MediaError(f"“{name}” holds no words.", "Choose another file.")
    in_order = all(a.start <= b.start for a, b in pairwise(words))
    whole = len(words) == len(entries)
    top: Mapping[str, Any] = data if isinstance(data, dict) else {}
    turns = _turns(top.get("utterances"), len(words)) if in_order and whole else ()
    words.sort(key=lambda w: w.start)
    transcript = Transcript(
        tuple(words),
        turns,
        language=base_language(language) or base_language(top.get("language")),
        text=" ".join(w.text for w in words),
        origin="captions",
        notes={f"speaker {n}": voice for voice, n in reader.voices.items()},
    )
    return transcript, reader.notice(len(words))


class _Reader:
    """Walks one file and says where it is wrong."""

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._text = text
        self._cut_off = 0
        self.voices: dict[str, int] = {}

    def parse(self) -> object:
        """Any JSON value; NaN and infinity are refused, for JSON has neither.

        Where the text is cut off, what is whole of it.
        """
        try:
            return self._loaded(self._text)
        except json.JSONDecodeError as error:
            part = whole_part(self._text)
            if part is not None:
                with contextlib.suppress(json.JSONDecodeError):
                    data = self._loaded(part)
                    self._cut_off = self._text.rstrip().count("\n") + 1
                    return data
            raise MediaError(
                f"“{self._name}” is not JSON: line {error.lineno}, column {error.colno}, "
                f"{error.msg}.",
                "Choose another file.",
            ) from error

    def notice(self, words: int) -> str:
        """A sentence where the file is cut off."""
        if not self._cut_off:
            return ""
        them = "the word before that was" if words == 1 else f"the {words:,} words before that were"
        return f"“{self._name}” is cut off in line {self._cut_off}; {them} imported."

    def fail(self, why: str, path: Path = ()) -> NoReturn:
        """Say where."""
        where = ""
        if not self._cut_off:
            with contextlib.suppress(ValueError, IndexError, RecursionError):
                line, column = place_of(self._text, path)
                where = f" (line {line}, column {column})"
        raise MediaError(
            f"“{self._name}” could not be read as a transcript: {why}{where}.",
            "Choose a file with words and their times in seconds.",
        )

    def _loaded(self, text: str) -> object:
        try:
            return json.loads(text, parse_constant=self._no_constant)
        except json.JSONDecodeError:
            raise
        except RecursionError as error:
            raise MediaError(
                f"“{self._name}” is nested too deeply.", "Choose another file."
            ) from error
        except ValueError as error:
            # An integer of more digits than Python converts.
            self.fail(f"it holds a number that is too long ({error})")

    def entries(self, data: object) -> Iterator[_Entry]:
        """The words in the file's order, sentences where a segment lists no words."""
        if isinstance(data, list):
            yield from self._listed(data, ())
            return
        if not isinstance(data, dict):
            raise WrongError("it is neither an object nor a list of words")
        if data.get("status") not in (None, "completed"):
            raise WrongError("its analysis was not completed", ("status",))
        for key in ("words", "segments", "word_segments"):
            if data.get(key):
                yield from self._listed(data[key], (key,))
                return
        if not any(isinstance(data.get(k), list) for k in ("words", "segments", "word_segments")):
            raise WrongError("it has neither “words” nor “segments”")

    def _listed(self, items: object, where: Path, outer: int | None = None) -> Iterator[_Entry]:
        """outer: who speaks where a word does not say."""
        if not isinstance(items, list):
            raise WrongError(f"“{named(where)}” is not a list", where)
        for i, item in enumerate(items):
            at = (*where, i)
            if not isinstance(item, dict):
                raise WrongError(f"“{named(at)}” is not an object", at)
            if item.get("words"):
                voice = self._speaker(item.get("speaker"), at)
                voice = outer if voice is None else voice
                yield from self._listed(item["words"], (*at, "words"), voice)
            else:
                yield self._entry(item, at, outer)

    def _entry(self, item: dict[str, Any], at: Path, outer: int | None) -> _Entry:
        text = item.get("text", item.get("word", item.get("punctuated_word")))
        if not isinstance(text, str):
            field = next((k for k in ("text", "word", "punctuated_word") if k in item), "text")
            raise WrongError(f"“{named((*at, field))}” is not text", (*at, field))
        speaker = self._speaker(item.get("speaker"), at)
        sure = next((k for k in ("confidence", "probability", "score") if k in item), "")
        known = self._number(item.get(sure), at, sure)
        return _Entry(
            text.strip(),
            self._time(item.get("start"), at, "start"),
            self._time(item.get("end"), at, "end"),
            outer if speaker is None else speaker,
            None if known is None else min(1.0, max(0.0, known)),
        )

    def _speaker(self, value: object, at: Path) -> int | None:
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        if not isinstance(value, str):
            at = (*at, "speaker")
            raise WrongError(f"“{named(at)}” is neither a number nor a name", at)
        return self.voices.setdefault(value, len(self.voices)) if value.strip() else None

    def _time(self, value: object, at: Path, name: str) -> int | None:
        seconds = self._number(value, at, name)
        if seconds is not None and abs(seconds) > _LONGEST:
            raise WrongError(f"“{named((*at, name))}” is not a time in seconds", (*at, name))
        return None if seconds is None else max(0, from_seconds(seconds))

    def _number(self, value: object, at: Path, name: str) -> float | None:
        if value is None:
            return None
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or (isinstance(value, float) and not math.isfinite(value))
        ):
            raise WrongError(f"“{named((*at, name))}” is not a number", (*at, name))
        return float(min(max(value, -(2**53)), 2**53))

    def _no_constant(self, constant: str) -> NoReturn:
        at = self._text.find(constant)
        line, column = line_and_column(self._text, at)
        raise MediaError(
            f"“{self._name}” could not be read as a transcript: {constant} is not a number "
            f"(line {line}, column {column}).",
            "Choose a file with words and their times in seconds.",
        )


def _placed(entries: list[_Entry]) -> Iterator[Word]:
    """A word for each entry; times it lacks lie between those of its neighbours, estimated."""
    following: list[int | None] = []
    ahead: int | None = None
    for entry in reversed(entries):
        following.append(ahead)
        ahead = next((t for t in (entry.start, entry.end) if t is not None), ahead)
    following.reverse()
    at = 0
    missing = 0
    for i, entry in enumerate(entries):
        if entry.start is None and entry.end is None and not missing:
            missing = _run_without_times(entries, i)
        start, end = entry.start, entry.end
        after = following[i]
        if start is None:
            start = min(at, end) if end is not None else at
        if end is None:
            until = after if after is not None else start + SECOND // 4 * max(1, missing)
            end = start + max(0, until - start) // max(1, missing)
        missing = max(0, missing - 1)
        estimated = entry.start is None or entry.end is None
        end = max(start, end)
        yield Word(entry.text, start, end, entry.speaker, entry.confidence, estimated)
        at = end


def _run_without_times(entries: list[_Entry], first: int) -> int:
    k = first
    while k < len(entries) and entries[k].start is None and entries[k].end is None:
        k += 1
    return k - first


def _split(word: Word) -> Iterator[Word]:
    """The word, or the words of a sentence with shares of its time; nothing for blank text."""
    texts = word.text.split()
    if len(texts) == 1:
        yield word
    else:
        yield from shares(texts, word.start, word.end, word.speaker, estimated=True)


def _turns(given: object, words: int) -> tuple[Utterance, ...]:
    """The file's turns where each tells its words (end exclusive) and its time; else none."""
    out: list[Utterance] = []
    for item in given if isinstance(given, list) else ():
        values = item if isinstance(item, dict) else {}
        first, end = values.get("word_start_idx"), values.get("word_end_idx")
        start_s, end_s, speaker = values.get("start"), values.get("end"), values.get("speaker")
        if (
            not isinstance(first, int)
            or not isinstance(end, int)
            or not isinstance(start_s, int | float)
            or not isinstance(end_s, int | float)
            or not 0 <= first <= end <= words
            or not 0 <= start_s <= end_s <= _LONGEST
        ):
            return ()
        voice = speaker if isinstance(speaker, int) else None
        out.append(Utterance(voice, from_seconds(start_s), from_seconds(end_s), first, end))
    return tuple(out)
