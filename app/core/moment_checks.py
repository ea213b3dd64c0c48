"""What a person is told of a moment before it is rendered, and where its edges may snap to."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from app.core.channels import channel_of
from app.core.cut import cut
from app.core.faces import Faces
from app.core.frames import FrameGrid
from app.core.memo import by_identity
from app.core.moments import Framing, PlacedMoment
from app.core.review import Footage, Retakes, Review
from app.core.sentences import Sentence, marked, sentences
from app.core.timerange import SECOND, Ranges, TimeRange, complement, intersect, overlapping, total
from app.core.transcript import Transcript, Word

INSIDE = 50_000
"""Microseconds from the edges of a word at which a moment begins or ends inside of it.

Less is the distance of two frames, or of what two recognisers call the edge of a word.
"""

OFTEN = 0.1
"""The part of a moment's sampled frames from which a bad crop is worth telling."""

BYSTANDER = 0.4
"""Faces of less than this part of the largest one's height may be cropped away untold."""

_LOOK_BACK = 10 * SECOND
_LOOK_BACK_SENTENCE = 60 * SECOND
_MOST_FRAMES = 200

Kind = Literal[
    "word start", "word end", "sentence start", "sentence end",
    "removed", "far faces", "long", "short",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Warn:
    """One thing to know before rendering; text: a phrase such as "ends inside a sentence"."""

    kind: Kind
    text: str


def checks(review: Review, moment: PlacedMoment, framing: Framing) -> tuple[Warn, ...]:
    """Everything worth saying of a moment taken upright by `framing`.

    Looks at what lies in and around its span alone. An edge inside a word is not called inside a
    sentence as well; where the words carry no marks (recognised ones, automatic captions) the
    pauses of the speech stand for sentences and the phrase says so. Words whose times are only
    shares of a caption are never said to be cut through. Corrected words move no sentence.
    """
    out: list[Warn] = []
    heard = _heard(review)
    if heard:
        out += _edge(heard, moment.span.start, "start")
        out += _edge(heard, moment.span.end, "end")
    out += _removed(review, moment)
    out += _faces(review, moment.span, framing)
    out += _lengths(review, moment)
    return tuple(out)


def prepare(review: Review) -> None:
    """Sort all words and read their sentences once, for good; for a thread beside the window.

    Without it the first `checks` of a transcript does so.
    """
    heard = _heard(review)
    if heard:
        next(_words_between(heard, 0, 0), None)
        _sentences_by_start(heard.words)


def removed_in(review: Review, span: TimeRange) -> Ranges:
    """What the project's cut removes of `span`; what lies outside the film is not removed."""
    inside = span.intersection(TimeRange(0, cut(review).duration))
    return complement(overlapping(cut(review).keep, inside), inside) if inside else ()


def kept_in(review: Review, span: TimeRange) -> Ranges:
    """What the project's cut keeps of `span`."""
    return intersect(overlapping(cut(review).keep, span), (span,)) if span.duration else ()


def snap_edge(review: Review, t: int, reach: int, *, side: Literal["start", "end"]) -> int:
    """The frame to which an edge dragged to `t` goes.

    It is that of the nearest word edge or scene cut within `reach` microseconds, else the nearest.
    side "start": beginnings of words, and so of sentences; "end": their ends.
    """
    heard, cuts = _heard(review), review.evidence.cuts
    near = [*cuts[bisect_left(cuts, t - reach) : bisect_right(cuts, t + reach)]]
    if heard:
        words = _words_between(heard, t - reach - _LOOK_BACK, t + reach)
        edges = (w.start if side == "start" else w.end for w in words)
        near += [edge for edge in edges if abs(edge - t) <= reach]
    footage = review.evidence.footage
    end = max(0, footage.duration)
    best = min(max(min(near, key=lambda c: (abs(c - t), c), default=t), 0), end)
    before, after = FrameGrid(footage.frame_times, end).around(best)
    return before if best - before <= after - best else after


def _heard(review: Review) -> Transcript | None:
    """The words to go by: the transcript's, else the retake answer's own, as in the cut."""
    found = review.evidence
    if found.transcript and found.transcript.words:
        return found.transcript
    return _of_retakes(found.retakes) if found.retakes and found.retakes.words else None


@by_identity(2)
def _of_retakes(retakes: Retakes) -> Transcript:
    return Transcript(tuple(Word(w.text, w.start, max(w.start, w.end)) for w in retakes.words))


def _words_between(heard: Transcript, first: int, last: int) -> Iterator[Word]:
    """The words that begin in `[first, last]`, by their start."""
    order, words = heard.by_start, heard.words
    for k in range(bisect_left(order, first, key=lambda i: words[i].start), len(order)):
        word = words[order[k]]
        if word.start > last:
            break
        yield word


@by_identity(4)
def _sentences_by_start(words: tuple[Word, ...]) -> tuple[Sentence, ...]:
    return tuple(sorted(sentences(words), key=lambda s: s.span))


def _edge(heard: Transcript, t: int, side: Literal["start", "end"]) -> Iterator[Warn]:
    verb = f"{side}s"
    around = _words_between(heard, t - _LOOK_BACK, t)
    if any(_inside(w.start, w.end, t) and not w.estimated for w in around):
        yield Warn("word start" if side == "start" else "word end", f"{verb} inside a word")
        return
    placed = _sentences_by_start(heard.words)
    k = bisect_right(placed, t, key=lambda s: s.span.start)
    while k and placed[k - 1].span.start > t - _LOOK_BACK_SENTENCE:
        k -= 1
        if _inside(placed[k].span.start, placed[k].span.end, t):
            known = marked(heard.words) and not heard.rough
            place = "inside a sentence" if known else "without a pause in the speech"
            kind: Kind = "sentence start" if side == "start" else "sentence end"
            yield Warn(kind, f"{verb} {place}")
            return


def _inside(start: int, end: int, t: int) -> bool:
    return start + INSIDE < t < end - INSIDE


def _removed(review: Review, moment: PlacedMoment) -> Iterator[Warn]:
    # What the service cannot render is rendered here, and here the cut is respected.
    gone = 0 if moment.here_only else total(removed_in(review, moment.span))
    if gone < SECOND // 20:
        return
    removed = cut(review).removed
    first = bisect_right(removed, moment.span.start, key=lambda r: r.range.end)
    stop = bisect_left(removed, moment.span.end, key=lambda r: r.range.start)
    ids = (piece for r in removed[first:stop] for piece in r.ids)
    what = "footage" if all(piece.startswith("strike-") for piece in ids) else "retakes"
    text = f"contains {gone / SECOND:.1f} s of removed {what}, heard if the service renders it"
    yield Warn("removed", text)


def _faces(review: Review, span: TimeRange, framing: Framing) -> Iterator[Warn]:
    faces, footage = review.evidence.faces, review.evidence.footage
    if framing == "grid" or faces is None or footage.width <= 0 or footage.height <= 0:
        return
    first, stop = bisect_left(faces.times, span.start), bisect_left(faces.times, span.end)
    step = max(1, -(-(stop - first) // _MOST_FRAMES))
    looked = range(first, stop, step)
    bad = sum(_falls_out(faces, k, footage, framing) for k in looked)
    if looked and bad >= OFTEN * len(looked):
        share = f"{100 * bad / len(looked):.0f} % of the time"
        if framing == "static":
            yield Warn("far faces", f"a face is outside the middle of the picture {share}")
        else:
            yield Warn("far faces", f"two faces are too far apart for one crop {share}")


def _falls_out(faces: Faces, k: int, footage: Footage, framing: Framing) -> bool:
    """Whether a 9:16 crop cannot hold the faces of sampled frame `k`, those of bystanders apart."""
    low, high = faces.offsets[k], faces.offsets[k + 1]
    if high - low < (1 if framing == "static" else 2):
        return False
    corners = faces.boxes[4 * low : 4 * high]
    boxes = list(zip(corners[::4], corners[1::4], corners[2::4], corners[3::4], strict=True))
    least = BYSTANDER * max(abs(y2 - y1) for _, y1, _, y2 in boxes)
    counted = [b for b in boxes if abs(b[3] - b[1]) >= least]
    left, right = min(b[0] for b in counted), max(b[2] for b in counted)
    top, bottom = min(b[1] for b in counted), max(b[3] for b in counted)
    upright = 9 * footage.height / (16 * footage.width)
    width, height = min(1.0, upright), min(1.0, 1 / upright)
    if framing == "static":
        # A quarter of a face may go: boxes reach over cheeks and hair.
        return any(
            max(0.5 - width / 2 - x1, x2 - 0.5 - width / 2) > (x2 - x1) / 4
            or max(0.5 - height / 2 - y1, y2 - 0.5 - height / 2) > (y2 - y1) / 4
            for x1, y1, x2, y2 in counted
        )
    return len(counted) > 1 and (right - left > width or bottom - top > height)


def _lengths(review: Review, moment: PlacedMoment) -> Iterator[Warn]:
    """A service renders the whole span, this computer what the cut keeps of it."""
    length = moment.span.duration
    if moment.here_only:
        length = total(kept_in(review, moment.span))
    for channel in (channel_of(key) for key, _ in moment.channels):
        if channel.most is not None and length > channel.most:
            # Up to the next second: 3:00.4 must not be told as 3:00.
            shown, most = _clock(-(-length // SECOND)), _clock(channel.most // SECOND)
            yield Warn("long", f"{shown} is longer than {channel.brief} takes ({most})")
        elif length < channel.least:
            shown, least = _clock(length // SECOND), _clock(channel.least // SECOND)
            yield Warn("short", f"{shown} is shorter than {channel.brief} takes ({least})")


def _clock(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02}"
