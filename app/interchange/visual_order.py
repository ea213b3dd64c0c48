"""Words of a line as they are seen from left to right, whichever way each is written."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

Kind = Literal["left", "right", "number", "neutral"]
"""Which way a stretch of text runs; neutral ones (points, spaces) take it from their neighbours."""

_CONTROLS = dict.fromkeys((0x200E, 0x200F, 0x61C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_KINDS: dict[str, Kind] = {
    "L": "left", "R": "right", "AL": "right", "EN": "number", "AN": "number",
}  # fmt: skip
_DIGITS, _BETWEEN, _JOINED = ("EN", "AN"), ("CS", "ES"), ("NSM", "BN")


@dataclass(frozen=True, slots=True)
class Chunk:
    """Text that is drawn as one. word: index of its word, None for the space between two.

    level: even where it runs to the right, odd to the left (Unicode's embedding levels).
    """

    text: str
    word: int | None
    level: int


@dataclass(frozen=True, slots=True)
class _Stretch:
    text: str
    word: int | None
    kind: Kind


def visual_order(words: Sequence[str], *, right_to_left: bool) -> tuple[Chunk, ...]:
    """The chunks of one line, leftmost first; the text within each stays as it is read.

    right_to_left: the direction of the whole line. The rules are those of Unicode's bidirectional
    algorithm (W1, W4, W5, W7, N1, N2, L2).
    """
    stretches: list[_Stretch] = []
    for n, word in enumerate(words):
        if n:
            stretches.append(_Stretch(" ", None, "neutral"))
        stretches += _stretches(plain(word), n)
    chunks: list[Chunk] = []
    for stretch, level in zip(stretches, _levels(stretches, right_to_left), strict=True):
        last = chunks[-1] if chunks else None
        if last and stretch.word is not None and (last.word, last.level) == (stretch.word, level):
            chunks[-1] = replace(last, text=last.text + stretch.text)
        else:
            chunks.append(Chunk(stretch.text, stretch.word, level))
    return tuple(_reordered(chunks))


def plain(text: str) -> str:
    """Without marks that steer the direction, line breaks and other controls."""
    kept = text.translate(_CONTROLS)
    return "".join(c if unicodedata.category(c) != "Cc" else " " for c in kept).strip()


def _stretches(word: str, index: int) -> Iterator[_Stretch]:
    """The word, parted where its letters change direction."""
    kinds = _kinds([unicodedata.bidirectional(c) for c in word])
    for kind, run in groupby(enumerate(word), key=lambda pair: kinds[pair[0]]):
        yield _Stretch("".join(c for _, c in run), index, kind)


def _kinds(classes: Sequence[str]) -> list[Kind]:
    """One kind a character; marks on letters, signs beside digits and points between them join."""
    kinds: list[Kind] = []
    for n, name in enumerate(classes):
        after = classes[n + 1] if n + 1 < len(classes) else ""
        if name in _JOINED and kinds:
            kinds.append(kinds[-1])
        elif name in _BETWEEN and n and classes[n - 1] in _DIGITS and after == classes[n - 1]:
            kinds.append("number")
        else:
            kinds.append(_KINDS.get(name, "neutral"))
    for step in (1, -1):
        order = range(len(kinds))[::step]
        for n, beside in zip(order[1:], order, strict=False):
            if classes[n] == "ET" and kinds[beside] == "number":
                kinds[n] = "number"
    return kinds


def _levels(stretches: Sequence[_Stretch], right_to_left: bool) -> list[int]:
    base: Kind = "right" if right_to_left else "left"
    kinds: list[Kind] = []
    strong = base
    for s in stretches:
        kinds.append("left" if s.kind == "number" and strong == "left" else s.kind)
        strong = s.kind if s.kind in ("left", "right") else strong
    sides: list[Kind] = ["right" if k == "number" else k for k in kinds]
    levels = []
    for n, kind in enumerate(kinds):
        side = sides[n]
        if side == "neutral":
            before = next((k for k in reversed(sides[:n]) if k != "neutral"), base)
            after = next((k for k in sides[n + 1 :] if k != "neutral"), base)
            side = before if before == after else base
        if kind == "number":
            levels.append(2)
        elif side == "right":
            levels.append(1)
        else:
            levels.append(2 if right_to_left else 0)
    return levels


def _reordered(chunks: list[Chunk]) -> list[Chunk]:
    """Rule L2: from the highest level down, what lies at it or above is turned round."""
    for level in range(max((c.level for c in chunks), default=0), 0, -1):
        out: list[Chunk] = []
        run: list[Chunk] = []
        for chunk in chunks:
            if chunk.level >= level:
                run.append(chunk)
            else:
                out += [*reversed(run), chunk]
                run = []
        chunks = [*out, *reversed(run)]
    return chunks
