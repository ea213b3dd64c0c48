"""Selected words and the time they stand for: the one holds exactly what the other says; no Qt."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.timerange import TimeRange
from app.core.transcript import Transcript

_NEAR = 60_000_000
"""Microseconds from either end of a long selection in which words may lie within one another."""

_EDGE = 400
"""Words at either end of a long selection that decide where it begins and ends."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A selection: where it began, where it is extended to, and the words `[first, end)` it holds.

    The words are those from anchor to caret and any that time does not tell apart from them.
    span: holds the midpoints of exactly these words.
    """

    anchor: int
    caret: int
    first: int
    end: int
    span: TimeRange

    def holds(self, index: int) -> bool:
        """Whether a word is selected."""
        return self.first <= index < self.end


def chosen_between(transcript: Transcript, anchor: int, caret: int) -> Chosen:
    """The selection from one word to another, both included.

    Where two people talk at once their words may lie within one another: a stretch of time cannot
    hold the one and not the other, so both are selected.
    """
    first, end = min(anchor, caret), max(anchor, caret) + 1
    while True:
        span = _span(transcript, first, end)
        low, high = _reach(transcript, span, first, end)
        if (low, high) == (first, end):
            return Chosen(anchor, caret, first, end, span)
        first, end = low, high


def _span(transcript: Transcript, first: int, end: int) -> TimeRange:
    """From the first start to the last end, less what belongs to words beside the selection."""
    words = transcript.words
    inside = words[first:end]
    if len(inside) > 2 * _EDGE:
        inside = (*inside[:_EDGE], *inside[-_EDGE:])
    low, high = min(w.midpoint for w in inside), max(w.midpoint for w in inside)
    start = min(w.start for w in inside)
    stop = max(high + 1, *(w.end for w in inside))
    near = transcript.words_in(TimeRange(start, low)), transcript.words_in(TimeRange(high, stop))
    before = [m for i in near[0] if not first <= i < end and (m := words[i].midpoint) < low]
    after = [m for i in near[1] if not first <= i < end and (m := words[i].midpoint) > high]
    return TimeRange(max([start, *(m + 1 for m in before)]), min([stop, *after]))


def _reach(transcript: Transcript, span: TimeRange, first: int, end: int) -> tuple[int, int]:
    """The first and the end of all words whose midpoint lies in the span."""
    if end - first <= 2 * _EDGE:
        found = transcript.words_in(span)
    else:
        head = TimeRange(span.start, min(span.end, span.start + _NEAR))
        tail = TimeRange(max(span.start, span.end - _NEAR), span.end)
        found = (*transcript.words_in(head), *transcript.words_in(tail))
    return min(first, min(found, default=first)), max(end, max(found, default=first) + 1)
