"""ASS and SSA: the dialogue of a file, without its styles, drawings and comments.

Sub Station Alpha v4.00+ Script Format: a line of Format names the fields, the last is the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.interchange.cue import BadLineError, Cue, clock

_TIME = re.compile(r"\s*(\d{1,6}):(\d{1,2}):(\d{1,2})[.:,](\d{1,3})\s*$")
_OVERRIDE = re.compile(r"\{[^}]*\}")
_DRAWING = re.compile(r"\{[^}]*\\p[1-9]")
_USUAL: tuple[str, ...] = (
    "layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text",
)  # fmt: skip


def ass(lines: list[str]) -> Iterator[Cue]:
    """In the file's order. Raises BadLineError."""
    fields = _USUAL
    for number, line in enumerate(lines, 1):
        kind, _, rest = line.partition(":")
        match kind.strip().lower():
            case "format" if "text" in rest.lower() and "start" in rest.lower():
                fields = tuple(name.strip().lower() for name in rest.split(","))
            case "dialogue":
                cue = _cue(rest, number, fields)
                if cue is not None:
                    yield cue


def _cue(rest: str, number: int, fields: tuple[str, ...]) -> Cue | None:
    values = rest.split(",", len(fields) - 1)
    if len(values) < len(fields):
        raise BadLineError(number, "has fewer fields than its Format line names")
    given = dict(zip(fields, values, strict=True))
    start, end = (_TIME.match(given.get(name, "")) for name in ("start", "end"))
    if start is None or end is None:
        raise BadLineError(number, "has no time that ASS knows")
    text = given.get("text", "")
    if _DRAWING.search(text):
        return None
    plain = _OVERRIDE.sub("", text).replace("\\N", "\n").replace("\\n", "\n").replace("\\h", " ")
    speaker = (given.get("name") or given.get("actor") or "").strip()
    begun, ended = clock(*start.groups()), clock(*end.groups())
    return Cue(begun, max(begun, ended), plain.strip(), speaker)
