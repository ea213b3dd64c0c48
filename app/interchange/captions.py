"""Captions that fit the cut: the kept words on cut time, as SubRip or WebVTT text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.core.cut import WordState, cut, word_states
from app.core.retime import CutTime
from app.core.review import Review
from app.core.timerange import SECOND, find
from app.core.transcript import Transcript
from app.interchange.grouping import grouped

LINE = 42
"""Characters of a line at most; a caption has two lines."""

LONGEST = 6 * SECOND
_SHORTEST = SECOND
_PAUSE = 8 * SECOND // 10
_LEAST = 1_000
_FULL_ENOUGH = 30
_STOPS = (".", "?", "!", "…", "؟")


@dataclass(frozen=True, slots=True)
class Caption:
    """One caption: microseconds of cut time, `start < end`; lines parted by a newline."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Said:
    text: str
    start: int
    end: int
    turn: int
    """Number of the turn and of the kept interval: a caption has one of each."""
    interval: int


def captions_of(review: Review) -> tuple[Caption, ...]:
    """Captions of what is kept, corrected, in time order and disjoint; none without words.

    A caption ends where its turn or kept interval ends, before a pause of 0.8 s, after 6 s, and
    when two lines of 42 characters are full.
    """
    transcript = review.evidence.transcript
    if transcript is None:
        return ()
    keep = cut(review).keep
    time = CutTime(keep)
    ends = [time.to_cut_clamped(r.end) for r in keep]
    out: list[Caption] = []
    groups = list(grouped(list(_said(review, transcript, time)), _parted))
    starts = [g[0].start for g in groups]
    for k, group in enumerate(groups):
        start = max(group[0].start, out[-1].end if out else 0)
        room = min(ends[group[0].interval], starts[k + 1] if k + 1 < len(groups) else ends[-1])
        end = min(max(*(w.end for w in group), start + _SHORTEST), room, start + LONGEST)
        text = "\n".join(_lines([w.text for w in group]) or ())
        out.append(Caption(start, max(end, start + _LEAST), text))
    return tuple(out)


def write_srt(captions: Iterable[Caption]) -> str:
    """SubRip, numbered from 1, times to the millisecond, lines ended by a newline."""
    blocks = (
        f"{n}\n{_clock(c.start, ',')} --> {_clock(c.end, ',')}\n{_plain(c.text)}\n"
        for n, c in enumerate(captions, 1)
    )
    return "\n".join(blocks)


def write_vtt(captions: Iterable[Caption]) -> str:
    """WebVTT, its special characters escaped."""
    blocks = (
        f"\n{_clock(c.start, '.')} --> {_clock(c.end, '.')}\n{_escaped(_plain(c.text))}\n"
        for c in captions
    )
    return "WEBVTT\n" + "".join(blocks)


def _said(review: Review, transcript: Transcript, time: CutTime) -> Iterator[_Said]:
    keep = cut(review).keep
    states = word_states(review)
    turn_of: dict[int, int] = {}
    for n, turn in enumerate(transcript.turns()):
        turn_of.update(dict.fromkeys(range(turn.word_start, turn.word_end), n))
    last = review.evidence.footage.duration - 1
    for i in transcript.by_start:
        word = transcript.words[i]
        interval = find(keep, max(0, min(word.midpoint, last)))
        if states[i] is not WordState.KEPT or interval is None:
            continue
        start, end = time.to_cut_clamped(word.start), time.to_cut_clamped(word.end)
        text = " ".join(review.decisions.corrections.get(i, word.text).split())
        pieces = [text[k : k + LINE] for k in range(0, len(text), LINE)]
        for n, piece in enumerate(pieces):
            share = (end - start) // len(pieces)
            yield _Said(
                piece, start + n * share, start + (n + 1) * share, turn_of.get(i, -1), interval
            )


def _parted(group: list[_Said], word: _Said) -> bool:
    last = group[-1]
    texts = [w.text for w in group]
    return (
        (last.turn, last.interval) != (word.turn, word.interval)
        or word.start - last.end > _PAUSE
        or word.end - group[0].start > LONGEST
        or _lines([*texts, word.text]) is None
        or (last.text.endswith(_STOPS) and len(" ".join(texts)) >= _FULL_ENOUGH)
    )


def _lines(words: Sequence[str]) -> tuple[str, ...] | None:
    """The words as one line, or as two of about the same length; None where they do not fit."""
    whole = " ".join(words)
    if len(whole) <= LINE:
        return (whole,)
    pairs = ((" ".join(words[:k]), " ".join(words[k:])) for k in range(1, len(words)))
    fitting = [p for p in pairs if max(len(p[0]), len(p[1])) <= LINE]
    return min(fitting, key=lambda p: abs(len(p[0]) - len(p[1])), default=None)


def _clock(t: int, point: str) -> str:
    seconds, milliseconds = divmod(t // 1000, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{milliseconds:03}"


def _plain(text: str) -> str:
    """Without what a reader would take for the end of the caption or for a time line."""
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line).replace("-->", "→")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
