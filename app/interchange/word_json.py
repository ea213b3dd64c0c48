"""Transcripts in JSON: plain word lists, NanoClip results, Whisper and WhisperX output."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, NoReturn

from app.core.errors import MediaError
from app.core.timerange import SECOND, from_seconds
from app.core.transcript import Transcript, Utterance, Word
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


def read_word_json(name: str, text: str, language: str | None) -> Transcript:
    """The transcript in `text`; raises MediaError that names the line or the field at fault."""
    reader = _Reader(name)
    data = reader.parse(text.removeprefix("\ufeff"))
    entries = list(reader.entries(data))
    words = [w for placed in _placed(entries) for w in _split(placed)]
    if not words:
        raise MediaError(f"“{name}” holds no words.", "Choose another file.")
    in_order = all(a.start <= b.start for a, b in pairwise(words))
    whole = len(words) == len(entries)
    top: Mapping[str, Any] = data if isinstance(data, dict) else {}
    turns = _turns(top.get("utterances"), len(words)) if in_order and whole else ()
    words.sort(key=lambda w: w.start)
    return Transcript(
        tuple(words),
        turns,
        language=base_language(language) or base_language(top.get("language")),
        text=" ".join(w.text for w in words),
        origin="captions",
        notes={f"speaker {n}": voice for voice, n in reader.voices.items()},
    )


class _Reader:
    """Walks one file and says where it is wrong."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.voices: dict[str, int] = {}

    def parse(self, text: str) -> object:
        """Any JSON value; NaN and infinity are refused, for JSON has neither."""
        try:
            return json.loads(text, parse_constant=self._no_constant)
        except json.JSONDecodeError as error:
            raise MediaError(
                f"“{self._name}” is not JSON: line {error.lineno}, {error.msg}.",
                "Choose another file.",
            ) from error
        except RecursionError as error:
            raise MediaError(
                f"“{self._name}” is nested too deeply.", "Choose another file."
            ) from error
        except ValueError as error:
            # An integer of more digits than Python converts.
            self._fail(f"it holds a number that is too long ({error})")

    def entries(self, data: object) -> Iterator[_Entry]:
        """The words in the file's order, sentences where a segment lists no words."""
        if isinstance(data, list):
            yield from self._listed(data, "")
            return
        if not isinstance(data, dict):
            self._fail("it is neither an object nor a list of words")
        if data.get("status") not in (None, "completed"):
            self._fail("its analysis was not completed")
        for key in ("words", "segments", "word_segments"):
            if data.get(key):
                yield from self._listed(data[key], key)
                return
        if not any(isinstance(data.get(k), list) for k in ("words", "segments", "word_segments")):
            self._fail("it has neither “words” nor “segments”")

    def _listed(self, items: object, where: str) -> Iterator[_Entry]:
        if not isinstance(items, list):
            self._fail(f"“{where}” is not a list")
        for i, item in enumerate(items):
            at = f"{where}[{i}]"
            if not isinstance(item, dict):
                self._fail(f"“{at}” is not an object")
            if item.get("words"):
                outer = self._speaker(item.get("speaker"), at)
                for entry in self._listed(item["words"], f"{at}.words"):
                    yield entry if entry.speaker is not None else replace(entry, speaker=outer)
            else:
                yield self._entry(item, at)

    def _entry(self, item: dict[str, Any], at: str) -> _Entry:
        text = item.get("text", item.get("word", item.get("punctuated_word")))
        if not isinstance(text, str):
            self._fail(f"“{at}.text” is not text")
        sure = next((item[k] for k in ("confidence", "probability", "score") if k in item), None)
        known = self._number(sure, f"{at}.confidence")
        return _Entry(
            text.strip(),
            self._time(item.get("start"), f"{at}.start"),
            self._time(item.get("end"), f"{at}.end"),
            self._speaker(item.get("speaker"), at),
            None if known is None else min(1.0, max(0.0, known)),
        )

    def _speaker(self, value: object, at: str) -> int | None:
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        if not isinstance(value, str):
            self._fail(f"“{at}.speaker” is neither a number nor a name")
        return self.voices.setdefault(value, len(self.voices)) if value.strip() else None

    def _time(self, value: object, at: str) -> int | None:
        seconds = self._number(value, at)
        if seconds is not None and abs(seconds) > _LONGEST:
            self._fail(f"“{at}” is not a time in seconds")
        return None if seconds is None else max(0, from_seconds(seconds))

    def _number(self, value: object, at: str) -> float | None:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._fail(f"“{at}” is not a number")
        if isinstance(value, float) and not math.isfinite(value):
            self._fail(f"“{at}” is not a number")
        return float(min(max(value, -(2**53)), 2**53))

    def _no_constant(self, constant: str) -> NoReturn:
        self._fail(f"{constant} is not a number")

    def _fail(self, why: str) -> NoReturn:
        raise MediaError(
            f"“{self._name}” could not be read as a transcript: {why}.",
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
