"""One caption, and what is wrong with the line of a file of captions."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from app.core.timerange import SECOND

_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|nbsp|lrm|rlm|apos|#\d{1,6}|#x[0-9a-fA-F]{1,6});")
_NAMED = re.compile(r"\s*\[(SPEAKER_\d+)\]:\s*")


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


class BadLineError(Exception):
    """A line that cannot be read. number: from 1. why: what follows "line 5"."""

    def __init__(self, number: int, why: str) -> None:
        super().__init__(f"line {number} {why}")
        self.number = number
        self.why = why


def unescaped(text: str) -> str:
    """With the characters that entities stand for; an ampersand alone is one."""
    return _ENTITY.sub(lambda m: html.unescape(m[0]), text) if "&" in text else text


def named(text: str) -> tuple[str, str]:
    """The speaker that WhisperX writes before the words ("[SPEAKER_00]: "), and the words."""
    match = _NAMED.match(text)
    return (match[1], text[match.end() :]) if match else ("", text)


_OTHER_ARROW = re.compile(
    r"\s*-?(?:\d{1,6}:)?\d{1,2}:\d{1,2}[.,]\d{1,3}\s*(?!-->)[^\s\d]{1,4}\s*"
    r"-?(?:\d{1,6}:)?\d{1,2}:\d{1,2}[.,]\d{1,3}(?:\s|$)"
)


def is_meant_as_times(line: str) -> bool:
    """Whether it is two times with something else than "-->" between, which nobody says."""
    return _OTHER_ARROW.match(line) is not None


def clock(hours: str | None, minutes: str, seconds: str, fraction: str) -> int:
    """Microseconds. fraction: up to three digits of a second, as "5" in 1.5."""
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * SECOND + int(fraction.ljust(3, "0")) * 1000
