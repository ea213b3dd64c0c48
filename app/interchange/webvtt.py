"""WebVTT with its word times and voices (The Web Video Text Tracks Format, W3C, section 4).

pysubs2 drops the text of a cue with inline times and takes cue names for text, so it is read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from app.interchange.cue import (
    BadLineError,
    Cue,
    Timed,
    clock,
    is_meant_as_times,
    named,
    unescaped,
)

_TIME = r"(?:(\d{2,6}):)?(\d{2}):(\d{2})[.,](\d{3})"
_LINE = re.compile(rf"\s*{_TIME}\s+-->\s+{_TIME}(?:\s.*)?$")
_INLINE = re.compile(rf"<{_TIME}>")
_VOICE = re.compile(r"<v(?:\.[^ \t>]*)?[ \t]+([^>]+)>")
_TAG = re.compile(r"<[^>]*>")
_LANGUAGE = re.compile(r"Language:\s*([A-Za-z-]+)\s*$")
_TOUCHING = 50_000


def webvtt(lines: list[str]) -> Iterator[Cue]:
    """In the file's order. Raises BadLineError."""
    if not re.match(r"WEBVTT(?:[ \t]|$)", lines[0]):
        raise BadLineError(1, "does not say WEBVTT")
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
                times = _LINE.match(line)
                if not times:
                    raise BadLineError(first + k + 1, "is no time that WebVTT knows")
                parts = times.groups()
                start, end = clock(*parts[:4]), clock(*parts[4:])
                yield from _voices(start, max(start, end), "\n".join(block[k + 1 :]))
                break
            if is_meant_as_times(line):
                raise BadLineError(first + k + 1, "is no time that WebVTT knows")


def language(lines: list[str]) -> str | None:
    """What the head of the file says, as YouTube writes it."""
    for line in lines[1:8]:
        if not line.strip():
            break
        match = _LANGUAGE.match(line)
        if match:
            return match[1]
    return None


def once(found: list[Cue]) -> list[Cue]:
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


def _voices(start: int, end: int, payload: str) -> Iterator[Cue]:
    """A cue for each voice in it, with the share of its time that its letters have."""
    marks = [m.start() for m in _VOICE.finditer(payload)]
    if len(marks) < 2 or _INLINE.search(payload):
        yield _cue(start, end, payload)
        return
    edges = sorted({0, *marks, len(payload)})
    parts = [payload[a:b] for a, b in pairwise(edges)]
    sizes = [len(_bare(part).strip()) for part in parts]
    whole, done = max(1, sum(sizes)), 0
    for part, size in zip(parts, sizes, strict=True):
        begun = start + (end - start) * done // whole
        done += size
        yield _cue(begun, start + (end - start) * done // whole, part)


def _cue(start: int, end: int, payload: str) -> Cue:
    voice = _VOICE.search(payload)
    speaker, text = named(_bare(_INLINE.sub("", payload)))
    if voice:
        speaker = unescaped(voice.group(1)).strip()
    cue = Cue(start, end, text, speaker)
    marks = list(_INLINE.finditer(payload))
    if not marks:
        return cue
    times = [start, *(min(max(clock(*m.groups()), start), end) for m in marks), end]
    froms = [0, *(m.end() for m in marks)]
    stops = [*(m.start() for m in marks), len(payload)]
    timed = tuple(
        Timed(_bare(payload[a:b]), times[k], max(times[k], times[k + 1]))
        for k, (a, b) in enumerate(zip(froms, stops, strict=True))
    )
    return replace(cue, timed=tuple(t for t in timed if t.text.strip()))


def _without_lines(timed: tuple[Timed, ...], gone: list[str]) -> tuple[Timed, ...]:
    if not gone:
        return timed
    out: list[Timed] = []
    for part in timed:
        lines = [line for line in part.text.split("\n") if line.strip() not in gone]
        text = "\n".join(lines)
        if text.strip():
            out.append(replace(part, text=text))
    return tuple(out)


def _bare(payload: str) -> str:
    return unescaped(_TAG.sub("", payload)) if "<" in payload or "&" in payload else payload
