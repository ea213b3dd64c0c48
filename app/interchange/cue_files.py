"""Caption files as cues: SubRip and ASS through pysubs2, WebVTT with its word times by hand.

pysubs2 drops the text of a cue with inline times and takes cue names for text, so WebVTT is read
here (WebVTT: The Web Video Text Tracks Format, W3C, section 4).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.core.errors import MediaError
from app.core.late import late
from app.core.timerange import SECOND

if TYPE_CHECKING:
    import pysubs2
else:
    pysubs2 = late("pysubs2")

_SRT_TIME = re.compile(r"\s*\d+:\d{1,2}:\d{1,2}[.,]\d{1,3}\s*-->\s*\d+:\d{1,2}:\d{1,2}[.,]\d{1,3}")
_VTT_TIME = r"(?:(\d{2,}):)?(\d{2}):(\d{2})[.,](\d{3})"
_VTT_LINE = re.compile(rf"\s*{_VTT_TIME}\s+-->\s+{_VTT_TIME}(?:\s.*)?$")
_INLINE = re.compile(rf"<{_VTT_TIME}>")
_VOICE = re.compile(r"<v(?:\.[^ \t>]*)?[ \t]+([^>]+)>")
_TAG = re.compile(r"<[^>]*>")
_TOUCHING = 50_000


@dataclass(frozen=True, slots=True)
class Timed:
    """Some words of a cue whose times the file itself gives, in microseconds."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption: microseconds, `start <= end`, text without markup, lines parted by newlines.

    timed: the parts of the text between inline times, in order; empty where there are none.
    """

    start: int
    end: int
    text: str
    speaker: str = ""
    timed: tuple[Timed, ...] = ()


def cues(name: str, text: str) -> tuple[Cue, ...]:
    """The cues of a .srt, .vtt, .ass or .ssa file in time order, empty ones left out.

    name: the file's name, which tells the format. Raises MediaError with the line at fault, or
    where the file holds no captions or is of another kind.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    match name.lower().rpartition(".")[2]:
        case "vtt":
            found = _once(list(_vtt(name, text)))
        case "srt" | "ass" | "ssa" as kind:
            found = list(_by_pysubs2(name, text, kind))
        case _:
            raise MediaError(
                f"“{name}” is no caption file that Keeptake reads.",
                "Choose a .srt, .vtt, .ass or .json file.",
            )
    full = sorted((c for c in found if c.text.strip()), key=lambda c: c.start)
    if not full:
        raise MediaError(f"“{name}” holds no captions.", "Choose another file.")
    return tuple(full)


def _by_pysubs2(name: str, text: str, kind: str) -> Iterator[Cue]:
    if kind == "srt":
        for number, line in enumerate(text.split("\n"), 1):
            if "-->" in line and not _SRT_TIME.match(line):
                raise _bad_line(name, number, "is no time that SubRip knows", line)
    try:
        events = pysubs2.SSAFile.from_string(text, format_=kind)
    except (pysubs2.Pysubs2Error, ValueError, ArithmeticError, LookupError) as error:
        raise MediaError(
            f"“{name}” could not be read as captions.", "Choose another file.", str(error)
        ) from error
    for event in events:
        if not event.is_comment and not event.is_drawing:
            start, end = max(0, event.start), max(0, event.end)
            yield Cue(start * 1000, max(start, end) * 1000, event.plaintext.strip(), event.name)


def _vtt(name: str, text: str) -> Iterator[Cue]:
    lines = text.split("\n")
    if not lines[0].startswith("WEBVTT"):
        raise _bad_line(name, 1, "does not say WEBVTT", lines[0])
    at = 1
    while at < len(lines):
        block: list[str] = []
        first = at
        while at < len(lines) and lines[at].strip():
            block.append(lines[at])
            at += 1
        at += 1
        if block and block[0].split(maxsplit=1)[0] in ("NOTE", "STYLE", "REGION"):
            continue
        for k, line in enumerate(block):
            if "-->" in line:
                times = _VTT_LINE.match(line)
                if not times:
                    raise _bad_line(name, first + k + 1, "is no time that WebVTT knows", line)
                parts = times.groups()
                yield _vtt_cue(_us(parts[:4]), _us(parts[4:]), "\n".join(block[k + 1 :]))
                break


def _vtt_cue(start: int, end: int, payload: str) -> Cue:
    end = max(start, end)
    voice = _VOICE.search(payload)
    speaker = html.unescape(voice.group(1)).strip() if voice else ""
    cue = Cue(start, end, _bare(_INLINE.sub("", payload)), speaker)
    marks = list(_INLINE.finditer(payload))
    if not marks:
        return cue
    times = [start, *(min(max(_us(m.groups()), start), end) for m in marks), end]
    froms = [0, *(m.end() for m in marks)]
    stops = [*(m.start() for m in marks), len(payload)]
    timed = tuple(
        Timed(_bare(payload[a:b]), times[k], max(times[k], times[k + 1]))
        for k, (a, b) in enumerate(zip(froms, stops, strict=True))
    )
    return replace(cue, timed=tuple(t for t in timed if t.text.strip()))


def _once(found: list[Cue]) -> list[Cue]:
    """Rolling captions said once: lines that a touching cue repeats from the one before go.

    Files made by speech recognition show each line again above the next one; taken as they are,
    every sentence would look like a retake.
    """
    if not any(c.timed for c in found):
        return found
    out: list[Cue] = []
    shown: set[str] = set()
    until = 0
    for cue in found:
        lines = [line.strip() for line in cue.text.split("\n")]
        old = shown if cue.start - until <= _TOUCHING else set()
        kept = [line for line in lines if line and line not in old]
        timed = _without_lines(cue.timed, [line for line in lines if line in old])
        out.append(replace(cue, text="\n".join(kept), timed=timed if kept else ()))
        shown, until = set(lines), cue.end
    return out


def _without_lines(timed: tuple[Timed, ...], gone: list[str]) -> tuple[Timed, ...]:
    out: list[Timed] = []
    for part in timed:
        lines = [line for line in part.text.split("\n") if line.strip() not in gone]
        text = "\n".join(lines)
        if text.strip():
            out.append(replace(part, text=text))
    return tuple(out)


def _bare(payload: str) -> str:
    return html.unescape(_TAG.sub("", payload))


def _us(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, milliseconds = (int(p or 0) for p in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * SECOND + milliseconds * 1000


def _bad_line(name: str, number: int, why: str, line: str) -> MediaError:
    return MediaError(
        f"“{name}” could not be read: line {number} {why}.",
        "Correct that line, or choose another file.",
        line[:200],
    )
