"""Where in a JSON text something stands, and what of a text is whole that was cut off."""

from __future__ import annotations

import json
import re

_SPACE = re.compile(r"[ \t\n\r,:]*")
_MARKS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_DECODER = json.JSONDecoder()

Path = tuple[str | int, ...]
"""Names and indices that lead to a value, from the outermost on."""


class WrongError(Exception):
    """A value that cannot be read."""

    def __init__(self, why: str, path: Path = ()) -> None:
        super().__init__(why)
        self.why = why
        self.path = path


def named(path: Path) -> str:
    """As "words[3].start"."""
    said = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return said.removeprefix(".")


def place_of(text: str, path: Path) -> tuple[int, int]:
    """Line and column, from 1, of the value at `path` in a valid text; of what holds it if missing.

    Of a name that is given twice the last one, as readers take it.
    """
    at = _skipped(text, 0)
    for key in path:
        inner = _inside(text, at, key)
        if inner is None:
            break
        at = inner
    return line_and_column(text, at)


def line_and_column(text: str, at: int) -> tuple[int, int]:
    """Of the character with that index, from 1."""
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def whole_part(text: str) -> str | None:
    """A text cut off at its end without what is not whole: up to the last object in a list.

    None where it is not cut off, or holds no such object.
    """
    stack: list[str] = []
    kept: tuple[int, str] | None = None
    for match in _MARKS.finditer(text):
        mark = match[0]
        if mark in "[{":
            stack.append("]" if mark == "[" else "}")
        elif mark in "]}":
            if not stack or stack.pop() != mark:
                return None
            if mark == "}" and stack and stack[-1] == "]":
                kept = match.end(), "".join(reversed(stack))
    if not stack or kept is None:
        return None
    return text[: kept[0]] + kept[1]


def _inside(text: str, at: int, key: str | int) -> int | None:
    """Where the value of `key` begins in the object or list at `at`."""
    is_list = text[at] == "["
    if not is_list and text[at] != "{":
        return None
    found: int | None = None
    at, index = _skipped(text, at + 1), 0
    while text[at] not in "]}":
        name: object = index
        if not is_list:
            name, at = _DECODER.raw_decode(text, at)
            at = _skipped(text, at)
        if name == key:
            found = at
            if is_list:
                return found
        _, at = _DECODER.raw_decode(text, at)
        at, index = _skipped(text, at), index + 1
    return found


def _skipped(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    assert match is not None
    return match.end()
