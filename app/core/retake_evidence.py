"""Making and cleaning retake evidence: intervals of any kind, both readings, the finder's own."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from app.core.disputes import marked
from app.core.retake_finder import Found, find_retakes
from app.core.review import DEFAULT_PADDING, Footage, Retakes, RetakeWord
from app.core.timerange import SECOND, Ranges, TimeRange, complement, find, merge
from app.core.transcript import Transcript, Word


def clean_intervals(pairs_us: Iterable[tuple[int, int]], duration: int) -> Ranges:
    """Any pairs of microseconds as sorted disjoint ranges inside `[0, duration]`.

    Reversed pairs are turned round, empty ones dropped, touching ones joined (contract section 4,
    item 3). What is not a finite number is the caller's to drop.
    """
    end = max(0, duration)
    clamped = ((min(max(a, 0), end), min(max(b, 0), end)) for a, b in pairs_us)
    return merge(TimeRange(min(a, b), max(a, b)) for a, b in clamped)


def read_spans(
    words: Sequence[RetakeWord], spans: Sequence[tuple[int, int]], keep: Ranges
) -> Literal["exclusive", "inclusive"]:
    """Which reading of `remove_word_end` contradicts the keep intervals less.

    A word contradicts where a span removes it and its midpoint is kept, or the other way round. A
    tie is read as exclusive, which removes less (contract section 4, item 1).
    """
    if not keep:
        return "exclusive"
    answer = Retakes(tuple(words), tuple(spans), keep)
    kept = {w.i for w in words if find(keep, (w.start + w.end) // 2) is not None}
    every = {w.i for w in words}
    cut = every - kept
    wrong_without = len(marked(answer) ^ cut)
    wrong_with = len(marked(replace(answer, reading="inclusive")) ^ cut)
    return "inclusive" if wrong_with < wrong_without else "exclusive"


def from_transcript(
    transcript: Transcript,
    footage: Footage,
    origin: Literal["nanoclip", "local service", "transcript"] = "transcript",
) -> Retakes:
    """Retakes found by this program's own finder in any transcript.

    Each gap begins where the abandoned start begins and ends just before the words that say it
    again, however long the speaker paused to begin anew; the pause before the abandoned start
    stays, as it parts what is kept. A start abandoned within 1 s of the film's begin is cut from
    the very begin, for no one wants to see that second.
    """
    words = [transcript.words[i] for i in transcript.by_start]
    found = find_retakes(transcript)
    gaps: list[tuple[TimeRange, TimeRange]] = []
    for hit in found:
        gap = _gap(words, hit, footage)
        again = words[hit.again_first : hit.again_end]
        if gap:
            gaps.append((gap, TimeRange(again[0].start, max(w.end for w in again))))
    cut = merge(gap for gap, _ in gaps)
    starts = [gap.start for gap in cut]
    explained: dict[TimeRange, TimeRange] = {}
    for gap, again_range in gaps:
        # Of several attempts in a row, the last one's repetition explains the whole gap.
        explained[cut[bisect_left(starts, gap.start + 1) - 1]] = again_range
    return Retakes(
        tuple(
            RetakeWord(i, w.text, w.start, w.end, w.confidence, transcript.origin)
            for i, w in enumerate(words)
        ),
        tuple((hit.first, hit.end) for hit in found),
        complement(cut, TimeRange(0, max(0, footage.duration))),
        "exclusive",
        origin,
        explained,
    )


def _gap(words: Sequence[Word], hit: Found, footage: Footage) -> TimeRange | None:
    attempt = words[hit.first : hit.end]
    start = attempt[0].start
    if hit.first == 0 and start <= SECOND:
        start = 0
    spoken_until = max(w.end for w in attempt)
    restart = words[hit.end].start
    if hit.again_first == hit.end:
        restart -= DEFAULT_PADDING
    end = min(max(spoken_until, restart), footage.duration)
    start = max(0, start)
    return TimeRange(start, end) if start < end else None
