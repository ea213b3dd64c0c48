"""What mends a proposal on which a retake answer contradicts itself: what its words say."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from app.core.cut_edits import Decide, MoveEdges
from app.core.disputes import REACH, marked
from app.core.memo import by_identity
from app.core.pieces import Piece
from app.core.review import Retakes, RetakeWord, Verdict
from app.core.spoken import Spoken
from app.core.timerange import TimeRange

Fix = tuple[Decide | MoveEdges, str]
"""The edit and what it does in words."""


def dispute_fix(retakes: Retakes, words: Spoken, piece: Piece, padding: int) -> Fix | None:
    """What puts a disputed piece right; None where its words do not say, or a split divides it.

    It is moved to the words that the spans mark, with the silence that the cut rules give it; it is
    kept where they mark nothing in it; a span that the intervals keep is cut.
    """
    if piece.kind == "span":
        return Decide((piece.id,), Verdict.ACCEPTED), "Remove these words"
    if piece.dragged or any(piece.divided):
        return None
    run = _run(retakes, piece.source)
    if run is None:
        return Decide((piece.id,), Verdict.RESTORED), "Keep these words"
    first, end = words.rows(TimeRange(run[0].start, max(w.end for w in run))) if run else (0, 0)
    if first == end:
        return None
    span = _with_silence(words, first, end, piece.asked, padding)
    return (MoveEdges(piece.id, span), "Cut what its words say") if span != piece.asked else None


def _run(retakes: Retakes, gap: TimeRange) -> Sequence[RetakeWord] | None:
    """The marked words in and beside a gap, None for none; empty where others stand among them."""
    every, mids, gone = _in_time(retakes)
    first, end = bisect_left(mids, gap.start), bisect_left(mids, gap.end)
    while first > 0 and every[first - 1].i in gone:
        first -= 1
    while end < len(every) and every[end].i in gone:
        end += 1
    inside = [k for k in range(first, end) if every[k].i in gone]
    if not inside:
        return None
    whole = inside[-1] - inside[0] + 1 == len(inside)
    return every[inside[0] : inside[-1] + 1] if whole else ()


def _with_silence(words: Spoken, first: int, end: int, asked: TimeRange, padding: int) -> TimeRange:
    """Rows `[first, end)` whole; edges as asked where they lie in the silence that is theirs."""
    said = words.extent(first, end)
    before = words.last_end[first - 1] + padding if first else 0
    after = words.first_start[end] - padding if end < len(words.mids) else asked.end
    earliest = min(said.start, max(before, said.start - REACH))
    latest = max(said.end, min(after, said.end + REACH))
    return TimeRange(
        min(max(asked.start, earliest), said.start), max(min(asked.end, latest), said.end)
    )


@by_identity(2)
def _in_time(retakes: Retakes) -> tuple[list[RetakeWord], list[int], frozenset[int]]:
    """The answer's words by their midpoints, these midpoints, and what the spans mark."""
    every = sorted(retakes.words, key=lambda w: w.start + w.end)
    return every, [(w.start + w.end) // 2 for w in every], marked(retakes)
