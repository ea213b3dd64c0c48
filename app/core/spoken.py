"""The words that decide what is cut, laid out for searching by time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from app.core.memo import by_identity
from app.core.review import Footage, Retakes, RetakeWord, Review
from app.core.timerange import TimeRange
from app.core.transcript import Transcript, Word


@dataclass(frozen=True, eq=False)
class Spoken:
    """Columns, one row a word, in the order of the midpoints; all times in microseconds.

    Every word lies inside the film and is at least 1 us long, so that its midpoint is in it.
    order: the word's index in the transcript (or among the retake words). last_end: the latest
    end of this row and all before it; first_start: the earliest start of it and all after it.
    """

    order: list[int]
    mids: list[int]
    starts: list[int]
    ends: list[int]
    last_end: list[int]
    first_start: list[int]
    texts: list[str]

    def rows(self, span: TimeRange) -> tuple[int, int]:
        """`(first, end)`: the rows whose midpoint lies in `span`."""
        return bisect_left(self.mids, span.start), bisect_left(self.mids, span.end)

    def extent(self, first: int, end: int) -> TimeRange:
        """From the earliest start to the latest end of rows `[first, end)`, which are some."""
        return TimeRange(min(self.starts[first:end]), max(self.ends[first:end]))

    def touching(self, start: int, end: int) -> Iterator[int]:
        """Rows of which some part lies in `[start, end)`."""
        first = bisect_right(self.last_end, start)
        stop = bisect_left(self.first_start, end)
        for row in range(first, stop):
            if self.starts[row] < end and self.ends[row] > start:
                yield row


def spoken(review: Review) -> Spoken:
    """The transcript's words; the retake answer's own where there is no transcript.

    The two are never joined by index (contract section 4, item 8).
    """
    found = review.evidence
    source = found.transcript
    if source is None or not source.words:
        return _laid_out(found.retakes, found.footage)
    return _laid_out(source, found.footage)


@by_identity(4)
def _laid_out(source: Transcript | Retakes | None, footage: Footage) -> Spoken:
    words: Sequence[Word | RetakeWord] = ()
    if source is not None and footage.duration > 0:
        words = source.words
    last = footage.duration - 1
    rows: list[tuple[int, int, int, int, str]] = []
    for i, word in enumerate(words):
        start = min(max(word.start, 0), last)
        end = max(start + 1, min(word.end, footage.duration))
        rows.append(((start + end) // 2, i, start, end, word.text))
    rows.sort()
    starts, ends = [r[2] for r in rows], [r[3] for r in rows]
    first_start = list(accumulate(reversed(starts), min))
    first_start.reverse()
    return Spoken(
        [r[1] for r in rows],
        [r[0] for r in rows],
        starts,
        ends,
        list(accumulate(ends, max)),
        first_start,
        [r[4] for r in rows],
    )
