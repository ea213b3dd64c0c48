"""Caption files as cues: SubRip, WebVTT and ASS, with the line that is wrong where one is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.core.errors import MediaError
from app.interchange.ass import ass
from app.interchange.cue import BadLineError, Cue, Timed
from app.interchange.subrip import subrip
from app.interchange.webvtt import language, once, webvtt

__all__ = ["CaptionFile", "Cue", "Timed", "cues", "read_captions"]

_READERS: dict[str, Callable[[list[str]], Iterator[Cue]]] = {
    "srt": subrip, "vtt": webvtt, "ass": ass, "ssa": ass,
}  # fmt: skip


@dataclass(frozen=True)
class CaptionFile:
    """What could be read. cues: in time order, empty ones left out. language: what the file says.

    notice: a sentence where its end is cut off and was left out.
    """

    cues: tuple[Cue, ...]
    language: str | None = None
    notice: str = ""


def cues(name: str, text: str) -> tuple[Cue, ...]:
    """The cues of a .srt, .vtt, .ass or .ssa file, as `read_captions` gives them."""
    return read_captions(name, text).cues


def read_captions(name: str, text: str) -> CaptionFile:
    """name: the file's name, which tells the format.

    Raises MediaError with the line at fault and how many captions before it are fine, or where the
    file holds none or is of another kind. A last line that is cut off is left out instead.
    """
    kind = name.lower().rpartition(".")[2]
    if kind not in _READERS:
        raise MediaError(
            f"“{name}” is no caption file that Keeptake reads.",
            "Choose a .srt, .vtt, .ass or .json file.",
        )
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    found: list[Cue] = []
    notice = ""
    try:
        found.extend(_READERS[kind](lines))
    except BadLineError as bad:
        # What a reader had given out before is not lost by `extend`.
        if not _full(found) or any(line.strip() for line in lines[bad.number :]):
            raise _bad_line(name, bad, lines, len(_full(found))) from bad
        notice = f"“{name}” is cut off in line {bad.number}; {_fine(len(_full(found)))} imported."
    found = once(found) if kind == "vtt" else found
    full = sorted(_full(found), key=lambda c: c.start)
    if not full:
        raise MediaError(f"“{name}” holds no captions{_first(lines)}.", "Choose another file.")
    return CaptionFile(tuple(full), language(lines) if kind == "vtt" else None, notice)


def _full(found: list[Cue]) -> list[Cue]:
    return [c for c in found if c.text.strip()]


def _first(lines: list[str]) -> str:
    """What stands there instead."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            return f": line {number} is “{line.strip()[:40]}”"
    return ""


def _fine(count: int) -> str:
    return "the caption before it was" if count == 1 else f"the {count:,} captions before it were"


def _bad_line(name: str, bad: BadLineError, lines: list[str], before: int) -> MediaError:
    fine = f"; {_fine(before).replace(' were', ' are').replace(' was', ' is')} fine"
    return MediaError(
        f"“{name}” could not be read: line {bad.number} {bad.why}{fine if before else ''}.",
        "Correct that line, or choose another file.",
        lines[bad.number - 1][:200],
    )
