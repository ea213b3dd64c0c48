"""The words that decide what is cut, laid out for searching by time."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import lt

from app.core.columns import running
from app.core.memo import by_identity
from app.core.review import Footage, Retakes, RetakeWord, Review
from app.core.timerange import TimeRange
from app.core.transcript import Transcript, Word


@dataclass(frozen=True, eq=False)
class Spoken:
    """Columns, one row a word, in the order of the midpoints; all times in microseconds.

    Every word lies inside the film and is at least 1 us long, so that its midpoint is in it.
    order: the word's index in the transcript (or among the retake words); displaced: the rows
    where that is not the row itself, few in most transcripts. last_end: the latest end of this
    row and all before it; first_start: the earliest start of it and all after it.
    """

    order: Sequence[int]
    mids: array[int]
    starts: array[int]
    ends: array[int]
    last_end: array[int]
    first_start: array[int]
    texts: list[str]
    displaced: array[int]

    def rows(self, span: TimeRange) -> tuple[int, int]:
        """`(first, end)`: the rows whose midpoint lies in `span`."""
        return bisect_left(self.mids, span.start), bisect_left(self.mids, span.end)

    def extent(self, first: int, end: int) -> TimeRange:
        """From the earliest start to the latest end of rows `[first, end)`, which are some."""
        return TimeRange(min(self.starts[first:end]), max(self.ends[first:end]))

    def touching(self, start: int, end: int) -> list[int]:
        """Rows of which some part lies in `[start, end)`."""
        first = bisect_right(self.last_end, start)
        stop = bisect_left(self.first_start, end)
        starts, ends = self.starts, self.ends
        return [row for row in range(first, stop) if starts[row] < end and ends[row] > start]

    def row_of(self, index: int) -> int:
        """The row of the word with that index, which is one of them."""
        return self._moved_rows.get(index, index)

    @cached_property
    def _moved_rows(self) -> dict[int, int]:
        return {self.order[row]: row for row in self.displaced}


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
    last, duration = footage.duration - 1, footage.duration
    starts, ends = [word.start for word in words], [word.end for word in words]
    if words and not (min(starts) >= 0 and max(ends) <= duration and all(map(lt, starts, ends))):
        starts = [min(max(t, 0), last) for t in starts]
        ends = [max(a + 1, min(b, duration)) for a, b in zip(starts, ends, strict=True)]
    mids = [(a + b) // 2 for a, b in zip(starts, ends, strict=True)]
    texts = [word.text for word in words]
    order: Sequence[int] = range(len(words))
    if mids != sorted(mids):
        order = array("q", sorted(order, key=mids.__getitem__))
        starts, ends = [starts[i] for i in order], [ends[i] for i in order]
        mids, texts = [mids[i] for i in order], [texts[i] for i in order]
    first_start = running(starts[::-1], min)
    first_start.reverse()
    return Spoken(
        order,
        array("q", mids),
        array("q", starts),
        array("q", ends),
        running(ends, max),
        first_start,
        texts,
        array("q", (row for row, index in enumerate(order) if row != index)),
    )
