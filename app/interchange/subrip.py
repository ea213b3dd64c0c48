"""SubRip: numbers, which may be missing, times, text with a little markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.interchange.cue import BadLineError, Cue, clock, is_meant_as_times, named, unescaped

_TIME = r"-?(?:(\d{1,6}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_LINE = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?!\d)")
_MEANT = re.compile(r"\s*-?\d+\s*[:.,]\s*\d")
_BEGUN = re.compile(r"\s*\d{1,2}:\d\d:?[\d:,.]*\s*-{0,2}\s*")
_TAG = re.compile(r"</?(?:i|b|u|s|em|strong|font|span|c|v|ruby|rt)\b[^>]*>|\{\\[^}]*\}", re.I)


def subrip(lines: list[str]) -> Iterator[Cue]:
    """In the file's order. Raises BadLineError where a line should be a time and is none."""
    at: tuple[int, int] | None = None
    said: list[str] = []
    count = 0
    for number, line in enumerate(lines, 1):
        try:
            times = _time(line)
        except ValueError:
            if at is not None:
                yield _cue(at, _without_number(said))
            raise BadLineError(number, "is no time that SubRip knows") from None
        if times is None:
            said.append(line)
            continue
        if at is not None:
            yield _cue(at, _without_number(said))
        at, said, count = times, [], count + 1
    if at is not None:
        while said and not said[-1].strip():
            said.pop()
        begun = bool(said) and _BEGUN.fullmatch(said[-1]) is not None
        last = len(lines) if begun else 0
        if begun:
            said.pop()
        if begun or (said and said[-1].strip() == str(count + 1)):
            said = _without_number(said)
        yield _cue(at, said)
        if last:
            raise BadLineError(last, "is cut off")


def _time(line: str) -> tuple[int, int] | None:
    """What the line says; None where it is text, in which there may be arrows too.

    Raises ValueError where it should be a time and is none.
    """
    if "-->" not in line:
        if is_meant_as_times(line):
            raise ValueError(line)
        return None
    match = _LINE.match(line)
    if match:
        start, end = clock(*match.groups()[:4]), clock(*match.groups()[4:])
        before = line.lstrip().startswith("-")
        return (0 if before else start), end
    if _MEANT.match(line) or _MEANT.match(line.split("-->", 1)[1]):
        raise ValueError(line)
    return None


def _without_number(said: list[str]) -> list[str]:
    """Without the number of the next caption, which stands alone after an empty line."""
    if said and said[-1].strip().isdecimal() and (len(said) == 1 or not said[-2].strip()):
        return said[:-1]
    return said


def _cue(at: tuple[int, int], said: list[str]) -> Cue:
    text = unescaped(_TAG.sub("", "\n".join(said))).strip()
    speaker, text = named(text)
    return Cue(at[0], max(at), text, speaker)
