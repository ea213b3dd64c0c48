"""Where a retake answer contradicts itself: its spans of words against its intervals of time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from itertools import chain

from app.core.memo import by_identity
from app.core.review import Footage, Retakes, RetakeWord
from app.core.timerange import SECOND, TimeRange, complement, find, to_seconds

TOLERANCE = 250_000
"""Microseconds by which an edge may differ from the words (contract section 4, item 2)."""

REACH = SECOND
"""Microseconds of silence that belong to removed words at most, on either side."""

_SHOWN = 8


@by_identity(2)
def marked(retakes: Retakes) -> frozenset[int]:
    """The `RetakeWord.i` that the spans remove, read as `retakes.reading` says."""
    more = 1 if retakes.reading == "inclusive" else 0
    known = sorted(w.i for w in retakes.words)
    out: set[int] = set()
    for first, end in retakes.remove_spans:
        out.update(known[bisect_left(known, first) : bisect_left(known, end + more)])
    return frozenset(out)


@by_identity(4)
def spans_that_nothing_cuts(retakes: Retakes) -> tuple[TimeRange, ...]:
    """Extents of runs of marked words that all lie in keep intervals, in time order."""
    gone = marked(retakes)
    out: list[TimeRange] = []
    run: list[RetakeWord] = []
    for word in chain(_in_time(retakes), (None,)):
        if word is not None and word.i in gone:
            run.append(word)
            continue
        if run and all(_kept(retakes, w) for w in run):
            out.append(TimeRange(run[0].start, max(w.end for w in run)))
        run = []
    return tuple(r for r in out if r.duration)


@by_identity(4)
def disputes(retakes: Retakes, footage: Footage) -> Mapping[TimeRange, str]:
    """A sentence for each gap between keep intervals on which spans and intervals disagree.

    They disagree by a whole word, or by more than 0.25 s at an edge. Silence beside the words
    counts as theirs as far as the cut rules reach, and wholly where this program's own finder
    set the edges: it cuts the pause before a new start.
    """
    words = _in_time(retakes)
    if not words or not retakes.keep_intervals:
        return {}
    gone = marked(retakes)
    mids = [(w.start + w.end) // 2 for w in words]
    out: dict[TimeRange, str] = {}
    for gap in complement(retakes.keep_intervals, TimeRange(0, footage.duration)):
        first, end = bisect_left(mids, gap.start), bisect_left(mids, gap.end)
        said = _by_words(words, gone, first, end) or _by_edges(words, retakes, gap, first, end)
        if said:
            out[gap] = said
    return out


@by_identity(2)
def _in_time(retakes: Retakes) -> list[RetakeWord]:
    return sorted(retakes.words, key=lambda w: w.start + w.end)


def _kept(retakes: Retakes, word: RetakeWord) -> bool:
    return find(retakes.keep_intervals, (word.start + word.end) // 2) is not None


def _by_words(words: list[RetakeWord], gone: frozenset[int], first: int, end: int) -> str:
    inside = words[first:end]
    unmarked = [w.text for w in inside if w.i not in gone]
    if unmarked and len(unmarked) == len(inside):
        return f"The service cuts {_quoted(unmarked)} here, but marks none of these words."
    if unmarked:
        return f"The service cuts {_quoted(unmarked)} here too, but does not mark it."
    left: list[str] = []
    k = first
    while inside and k > 0 and words[k - 1].i in gone:
        k -= 1
        left.insert(0, words[k].text)
    k = end
    while inside and k < len(words) and words[k].i in gone:
        left.append(words[k].text)
        k += 1
    return f"The service marks {_quoted(left)} as well, but does not cut it here." if left else ""


def _by_edges(words: list[RetakeWord], retakes: Retakes, gap: TimeRange, lo: int, hi: int) -> str:
    if lo == hi:
        return ""
    start, end = min(w.start for w in words[lo:hi]), max(w.end for w in words[lo:hi])
    before = words[lo - 1].end if lo else 0
    after = words[hi].start if hi < len(words) else max(end, gap.end)
    earliest, latest = min(before, start), max(after, end)
    if retakes.origin == "nanoclip":
        earliest, latest = max(earliest, start - REACH), min(latest, end + REACH)
    for edge, low, high, name in (
        (gap.start, earliest, start, "starts"),
        (gap.end, end, latest, "ends"),
    ):
        off = max(low - edge, edge - high)
        if off > TOLERANCE:
            side = "before" if edge < low else "after"
            return f"The cut {name} {to_seconds(off):.2f} s {side} the place its words say."
    return ""


def _quoted(texts: list[str]) -> str:
    shown = " ".join(texts[:_SHOWN])
    return f"“{shown} …”" if len(texts) > _SHOWN else f"“{shown}”"
