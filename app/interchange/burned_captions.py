"""Captions to burn into a short: its words as an ASS document, the one being said highlighted."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.core.reframe import Framed
from app.core.retime import CutTime
from app.core.review import Review
from app.core.timerange import SECOND, Ranges, TimeRange, find
from app.interchange.grouping import grouped
from app.interchange.visual_order import Chunk, plain, visual_order

LINE = 18
"""Characters of a line at most; a caption has two lines."""

LOWER_THIRD = 0.67
LONGEST = 3 * SECOND
PAUSE = 6 * SECOND // 10
HOLD = 4 * SECOND // 10
"""How long a caption stays after its last word, if nothing follows."""

_STOPS = (".", "?", "!", "…", "؟", "。")
_PLAIN, _NOW = "&HFFFFFF&", "&H00D7FF&"
_RIGHT_TO_LEFT, _LEFT_TO_RIGHT, _POP, _MARK = "\u202b", "\u202a", "\u202c", "\u200e"
_ROOM = 19.0
"""How many average characters are as wide as the picture between its margins."""

_HEAD = """\
[Script Info]
ScriptType: v4.00+
PlayResX: 1080
PlayResY: 1920
WrapStyle: 2
ScaledBorderAndShadow: yes

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, \
Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, \
Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Words,DejaVu Sans,92,&H00FFFFFF,&H00FFFFFF,&H00000000,&H80000000,\
-1,0,0,0,100,100,0,0,1,7,2,2,50,50,430,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""
"""Lines break where they are told to. The lowest 22 % stay free: there apps lay their buttons."""


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word and when it is said, microseconds of the source."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Said:
    """A kept word, on the short's own time. interval: number of the kept interval it lies in."""

    text: str
    start: int
    end: int
    interval: int


def words_of(review: Review, span: TimeRange) -> tuple[SpokenWord, ...]:
    """The words of `span` as corrected, kept or not, in time order; none without transcript."""
    transcript = review.evidence.transcript
    if transcript is None:
        return ()
    corrected = review.decisions.corrections
    return tuple(
        SpokenWord(corrected.get(i, word.text), word.start, word.end)
        for i in transcript.words_in(span)
        for word in (transcript.words[i],)
    )


def seam_of(framed: Framed) -> float | None:
    """Where captions cover no face of a grid: the seam of its panes nearest to the lower third.

    A part of the height, of the layout that is seen longest; None where that is one picture.
    """
    seen: dict[tuple[float, ...], int] = {}
    for shot in framed.shots:
        tops = tuple(sorted({track.place.y for track in shot.tracks} - {0.0}))
        seen[tops] = seen.get(tops, 0) + shot.span.duration
    longest = max(seen, key=lambda tops: seen[tops], default=())
    return min(longest, key=lambda y: abs(y - LOWER_THIRD), default=None)


def burned_captions(
    words: Sequence[SpokenWord],
    keep: Ranges,
    *,
    right_to_left: bool,
    seam: float | None = None,
) -> str:
    """The ASS document of the kept words, for a picture of 1080 by 1920; "" where there are none.

    seam: the part of the height the captions are centred on, the lower third where None.
    keep: what the short is made of, in order. A caption ends with its sentence, before a pause of
    0.6 s, at a join, after 3 s and when two lines are full. right_to_left: the direction of all
    lines, from the language and not from the words.
    """
    said = sorted(_said(words, keep), key=lambda w: (w.start, w.end))
    groups = list(grouped(said, _parted))
    if not groups:
        return ""
    time = CutTime(keep)
    ends = [time.to_cut_clamped(r.end) for r in keep]
    lines: list[str] = []
    for n, group in enumerate(groups):
        room = min(
            ends[group[0].interval], groups[n + 1][0].start if n + 1 < len(groups) else 1 << 62
        )
        end = min(max(w.end for w in group) + HOLD, room)
        lines += _dialogues(group, end, right_to_left, seam)
    return _HEAD + "".join(lines)


def _said(words: Sequence[SpokenWord], keep: Ranges) -> Iterator[_Said]:
    """Words whose midpoint is kept; one that no line holds comes in parts."""
    time = CutTime(keep)
    for word in words:
        interval = find(keep, (word.start + max(word.end, word.start)) // 2)
        text = " ".join(plain(word.text).split())
        if interval is None or not text:
            continue
        # What a join takes of a word's beginning does not show it before the join.
        start = time.to_cut_clamped(max(word.start, keep[interval].start))
        end = max(start, time.to_cut_clamped(word.end))
        parts = [text[k : k + LINE] for k in range(0, len(text), LINE)]
        share = (end - start) // len(parts)
        for n, part in enumerate(parts):
            yield _Said(part, start + n * share, start + (n + 1) * share, interval)


def _parted(group: list[_Said], word: _Said) -> bool:
    last = group[-1]
    return (
        last.interval != word.interval
        or last.text.endswith(_STOPS)
        or word.start - last.end > PAUSE
        or word.end - group[0].start > LONGEST
        or _break([*(w.text for w in group), word.text]) is None
    )


def _break(texts: Sequence[str]) -> int | None:
    """After how many words the second line begins; all of them for one line, None: no room."""
    if _length(texts) <= LINE:
        return len(texts)
    halves = ((k, _length(texts[:k]), _length(texts[k:])) for k in range(1, len(texts)))
    fitting = [(abs(a - b), k) for k, a, b in halves if max(a, b) <= LINE]
    return min(fitting)[1] if fitting else None


def _length(texts: Sequence[str]) -> int:
    return sum(map(len, texts)) + max(0, len(texts) - 1)


def _dialogues(
    group: Sequence[_Said], end: int, right_to_left: bool, seam: float | None
) -> Iterator[str]:
    """One event a word, from its beginning to the next one's; all alike but for the colours."""
    texts = [w.text for w in group]
    at = _break(texts) or len(texts)
    halves = [(0, texts[:at])] + ([(at, texts[at:])] if at < len(texts) else [])
    lines = [(first, visual_order(half, right_to_left=right_to_left)) for first, half in halves]
    widest = max(_width(" ".join(half)) for _, half in halves)
    look = f"{{\\fscx{_percent(widest)}\\fscy{_percent(widest)}}}" if widest > _ROOM else ""
    if seam is not None:
        look = f"{{\\an5\\pos(540,{round(1920 * seam)})}}{look}"
    starts = [w.start for w in group]
    for now, (start, stop) in enumerate(pairwise([*starts, max(end, starts[-1])])):
        if start // 10_000 < stop // 10_000:
            text = "\\N".join(_line(chunks, now - first) for first, chunks in lines)
            yield f"Dialogue: 0,{_clock(start)},{_clock(stop)},Words,,0,0,0,,{look}{text}\n"


def _line(chunks: Sequence[Chunk], now: int) -> str:
    """The chunks from left to right, the word `now` in its colour.

    libass orders what lies between two override tags by itself, and always from the left. So the
    chunks come in the order they are seen in, each with its direction, parted by marks that keep
    other versions, which order whole lines, from turning them round again.
    """
    mixed = any(c.level for c in chunks)
    parts = []
    for chunk in chunks:
        if chunk.word is None:
            parts.append(" ")
            continue
        text = _escaped(chunk.text)
        if mixed:
            text = f"{_RIGHT_TO_LEFT if chunk.level % 2 else _LEFT_TO_RIGHT}{text}{_POP}"
        parts.append(f"{{\\1c{_NOW if chunk.word == now else _PLAIN}}}{text}")
    return (_MARK if mixed else "").join(parts)


def _escaped(text: str) -> str:
    """What ASS would take for a tag or a line break is text here."""
    return text.replace("\\", "\\\u2060").replace("{", "\\{").replace("}", "\\}")


def _width(text: str) -> float:
    """In average characters, roughly: letters differ, and no font is asked."""
    return sum(map(_character, text))


def _character(c: str) -> float:
    if unicodedata.combining(c):
        return 0.0
    if unicodedata.east_asian_width(c) in ("W", "F"):
        return 1.6
    if c in "MWmw@%—…":
        return 1.5
    return 1.15 if c.isupper() else 1.0


def _percent(width: float) -> int:
    return int(100 * _ROOM / width)


def _clock(t: int) -> str:
    seconds, hundredths = divmod(t // 10_000, 100)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}.{hundredths:02}"
