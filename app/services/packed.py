"""Parsed answers as columns of bytes: how they cross processes and lie on disk, read in no time.

A packed answer is this program's own and of one form: another form is not read but made anew from
the answer as it came, which the project keeps.
"""

from __future__ import annotations

import json
import sys
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from math import nan
from struct import Struct
from typing import Any

from app.core.columns import SLICE, rows
from app.core.faces import Faces, FaceTrack
from app.core.review import Retakes, RetakeWord
from app.core.scenes import Scenes
from app.core.timerange import Ranges, TimeRange
from app.core.transcript import Speaker, Transcript, Utterance, Word
from app.services.wire_vision import Vision

FORM = f"keeptake packed 1 {sys.byteorder}"
"""Changes with what is packed and with what is made of an answer."""

_HEAD = Struct("<8sII")
_MAGIC = b"KTPACKED"
_NO_INT = -(2**63)

Value = Transcript | Vision | Retakes


def pack(value: Value) -> bytes:
    """The answer's bytes; `unpack` gives an equal value back."""
    match value:
        case Transcript():
            return _transcript(value)
        case Retakes():
            return _retakes(value)
        case _:
            return _vision(value)


def unpack(packed: bytes) -> Value:
    """The answer; not for the GUI thread. Raises ValueError where it is not whole or not `FORM`."""
    given = Columns(packed)
    match given.said["kind"]:
        case "transcript":
            return _transcript_of(given)
        case "retakes":
            return _retakes_of(given)
        case _:
            return _vision_of(given)


def packed(said: dict[str, Any], columns: Iterable[tuple[str, bytes]]) -> bytes:
    """A few JSON values and named columns as bytes, with a checksum."""
    parts = dict(columns)
    sizes = {name: len(part) for name, part in parts.items()}
    head = json.dumps({"form": FORM, "said": said, "sizes": sizes}).encode()
    body = b"".join((head, *parts.values()))
    return _HEAD.pack(_MAGIC, zlib.crc32(body), len(head)) + body


class Columns:
    """What `packed` packed. said: the JSON values. Raises ValueError where it is not whole."""

    def __init__(self, given: bytes) -> None:
        if len(given) < _HEAD.size:
            raise ValueError("no packed answer")
        magic, checksum, length = _HEAD.unpack_from(given)
        self._body = memoryview(given)[_HEAD.size :]
        if magic != _MAGIC or zlib.crc32(self._body) != checksum:
            raise ValueError("a damaged packed answer")
        head = json.loads(bytes(self._body[:length]))
        if head["form"] != FORM:
            raise ValueError("a packed answer of another form")
        self.said: dict[str, Any] = head["said"]
        self._places: dict[str, tuple[int, int]] = {}
        at = length
        for name, size in head["sizes"].items():
            self._places[name] = at, at + size
            at += size

    def bytes_of(self, name: str) -> memoryview:
        """A column as it is."""
        start, end = self._places[name]
        return self._body[start:end]

    def numbers(self, name: str, code: str) -> array[Any]:
        """A column as an array of `code`."""
        out = array(code)
        out.frombytes(self.bytes_of(name))
        return out

    def texts(self, name: str) -> list[str]:
        """A column that `texts` made."""
        data, out, at = self.bytes_of(name), list[str](), 0
        while at < len(data):
            size = int.from_bytes(data[at : at + 4], "little")
            out += json.loads(str(data[at + 4 : at + 4 + size], "utf-8", "surrogatepass"))
            at += 4 + size
        return out

    def ints_or_none(self, name: str) -> list[int | None]:
        """A column that `ints_or_none` made."""
        found = self.numbers(name, "q")
        return [None if n == _NO_INT else n for n in found]

    def floats_or_none(self, name: str) -> list[float | None]:
        """A column that `floats_or_none` made."""
        return [None if n != n else n for n in self.numbers(name, "d")]  # noqa: PLR0124 - NaN


def texts(given: Sequence[str]) -> bytes:
    """Strings of any letters, in pieces that are read one at a time."""
    out = []
    for at in range(0, len(given), SLICE):
        part = json.dumps(given[at : at + SLICE], ensure_ascii=False)
        data = part.encode("utf-8", "surrogatepass")
        out += [len(data).to_bytes(4, "little"), data]
    return b"".join(out)


def ints(given: Iterable[int]) -> bytes:
    """64-bit integers."""
    return array("q", given).tobytes()


def ints_or_none(given: Iterable[int | None]) -> bytes:
    """64-bit integers, some absent."""
    return ints(_NO_INT if n is None else n for n in given)


def floats_or_none(given: Iterable[float | None]) -> bytes:
    """64-bit floats, some absent."""
    return array("d", (nan if n is None else n for n in given)).tobytes()


def _ranges(given: Iterable[TimeRange]) -> bytes:
    return ints(t for r in given for t in (r.start, r.end))


def _ranges_of(given: Columns, name: str) -> Ranges:
    return tuple(TimeRange(a, b) for a, b in _pairs(given, name))


def _pairs(given: Columns, name: str) -> Iterator[tuple[int, int]]:
    times = iter(given.numbers(name, "q"))
    return zip(times, times, strict=True)


def _transcript(given: Transcript) -> bytes:
    words, turns, voices = given.words, given.utterances, given.speakers
    said = {
        "kind": "transcript", "language": given.language, "origin": given.origin,
        "notes": given.notes,
    }  # fmt: skip
    columns = {
        "text": given.text.encode("utf-8", "surrogatepass"),
        "words": texts([w.text for w in words]),
        "starts": ints(w.start for w in words),
        "ends": ints(w.end for w in words),
        "speakers": ints_or_none(w.speaker for w in words),
        "confidences": floats_or_none(w.confidence for w in words),
        "estimated": bytes(w.estimated for w in words),
        "turn_speakers": ints_or_none(u.speaker for u in turns),
        "turns": ints(t for u in turns for t in (u.start, u.end, u.word_start, u.word_end)),
        "voices": ints(n for s in voices for n in (s.speaker, s.total_duration, s.utterance_count)),
    }
    return packed(said, columns.items())


def _transcript_of(given: Columns) -> Transcript:
    said, turns, voices = given.said, given.numbers("turns", "q"), given.numbers("voices", "q")
    words = rows(
        Word,
        given.texts("words"),
        given.numbers("starts", "q"),
        given.numbers("ends", "q"),
        given.ints_or_none("speakers"),
        given.floats_or_none("confidences"),
        [bool(n) for n in given.bytes_of("estimated")],
    )
    return Transcript(
        tuple(words),
        tuple(
            rows(Utterance, given.ints_or_none("turn_speakers"), *(turns[n::4] for n in range(4)))
        ),
        tuple(rows(Speaker, *(voices[n::3] for n in range(3)))),
        said["language"],
        str(given.bytes_of("text"), "utf-8", "surrogatepass"),
        said["origin"],
        said["notes"],
    )


def _retakes(given: Retakes) -> bytes:
    words = given.words
    said = {
        "kind": "retakes", "reading": given.reading, "origin": given.origin,
        "warnings": given.warnings,
    }  # fmt: skip
    columns = {
        "indices": ints(w.i for w in words),
        "words": texts([w.text for w in words]),
        "starts": ints(w.start for w in words),
        "ends": ints(w.end for w in words),
        "confidences": floats_or_none(w.confidence for w in words),
        "sources": texts([w.source for w in words]),
        "spans": ints(n for span in given.remove_spans for n in span),
        "keep": _ranges(given.keep_intervals),
        "gaps": _ranges(given.said_again),
        "again": _ranges(given.said_again.values()),
    }
    return packed(said, columns.items())


def _retakes_of(given: Columns) -> Retakes:
    words = rows(
        RetakeWord,
        given.numbers("indices", "q"),
        given.texts("words"),
        given.numbers("starts", "q"),
        given.numbers("ends", "q"),
        given.floats_or_none("confidences"),
        given.texts("sources"),
    )
    said = given.said
    return Retakes(
        tuple(words),
        tuple(_pairs(given, "spans")),
        _ranges_of(given, "keep"),
        said["reading"],
        said["origin"],
        dict(zip(_ranges_of(given, "gaps"), _ranges_of(given, "again"), strict=True)),
        tuple(said["warnings"]),
    )


_FACES = {
    "times": "q", "offsets": "q", "boxes": "f", "scores": "f", "track_ids": "i",
    "cluster_ids": "i", "speaking": "f",
}  # fmt: skip


def _vision(given: Vision) -> bytes:
    faces, tracks = given.faces, given.faces.tracks
    said = {
        "kind": "vision", "duration": given.scenes.duration, "asd_ran": given.asd_ran,
        "asd_reason": given.asd_reason,
    }  # fmt: skip
    columns = {
        **{name: getattr(faces, name).tobytes() for name in _FACES},
        "tracks": ints(t for f in tracks for t in (f.track, f.cluster, f.start, f.end)),
        "track_frames": ints(f.frame_count for f in tracks),
        "areas": floats_or_none(f.median_area for f in tracks),
        "cuts": ints(given.scenes.cuts),
    }
    return packed(said, columns.items())


def _vision_of(given: Columns) -> Vision:
    said, tracks = given.said, given.numbers("tracks", "q")
    columns = {name: given.numbers(name, code) for name, code in _FACES.items()}
    made = rows(
        FaceTrack,
        *(tracks[n::4] for n in range(4)),
        given.numbers("track_frames", "q"),
        given.numbers("areas", "d"),
    )
    return Vision(
        Faces(**columns, tracks=tuple(made)),
        Scenes(tuple(given.numbers("cuts", "q")), said["duration"]),
        said["asd_ran"],
        said["asd_reason"],
    )
