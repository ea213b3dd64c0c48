"""A long array of a JSON text read in parts, so that all its elements are never there at once."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

_BLANK = re.compile(r"[ \t\n\r]*")


def in_slices(text: str, name: str, most: int, take: Callable[[str], object]) -> str | None:
    """`take` gets the array `name` of an object in arrays of `most` elements; what is left of text.

    None where there is no such array, or several members of that name: which of them counts is for
    a parser to say. Raises ValueError where the text is no object or the array does not close.
    """
    decoder, at = json.JSONDecoder(), _after(text, 0, "{")
    left: str | None = None
    begin = end = 0
    while text[at : at + 1] != "}":
        key, at = decoder.raw_decode(text, at)
        at = _after(text, at, ":")
        if key != name:
            _value, at = decoder.raw_decode(text, at)
        elif begin or text[at : at + 1] != "[":
            return None
        else:
            begin = _after(text, at, "[")
            end = _slices(text, begin, most, take)
            at = end + 1
        at = _next(text, at, "}")
    if begin:
        left = text[:begin] + text[end:]
    return left


def _slices(text: str, at: int, most: int, take: Callable[[str], object]) -> int:
    """Give the elements that begin at `at` in slices; where their bracket closes."""
    decoder = json.JSONDecoder()
    begin, count, end = at, 0, at
    while text[at : at + 1] != "]":
        _value, end = decoder.raw_decode(text, at)
        count += 1
        at = _next(text, end, "]")
        if count == most or text[at : at + 1] == "]":
            take(f"[{text[begin:end]}]")
            begin, count = at, 0
    return at


def _next(text: str, at: int, close: str) -> int:
    """The next element or member after the comma at `at`, or the bracket that closes them."""
    at = _blank(text, at)
    if text[at : at + 1] == close:
        return at
    at = _after(text, at, ",")
    if text[at : at + 1] == close:
        raise ValueError(f"a comma before {close} at {at}")
    return at


def _after(text: str, at: int, what: str) -> int:
    """The place after `what` and the blanks around it."""
    at = _blank(text, at)
    if text[at : at + 1] != what:
        raise ValueError(f"expected {what} at {at}")
    return _blank(text, at + 1)


def _blank(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at
