"""What a person does to moments, as data; `edits.py` applies it with every other edit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar, assert_never

from app.core.frames import FrameGrid
from app.core.moments import OwnMoment, Pick
from app.core.placed_moments import placed_by_key
from app.core.review import Decisions, Review
from app.core.spoken import spoken
from app.core.timerange import TimeRange

MOST_TITLE = 200
"""Letters of a title; what a person pastes may be a whole page."""

_TITLE_WORDS, _TITLE_LETTERS = 6, 48


@dataclass(frozen=True, slots=True)
class DecideMoments:
    """Pick, reject or undecide moments; keys that no moment has are left out."""

    keys: tuple[str, ...]
    pick: Pick


@dataclass(frozen=True, slots=True)
class MoveMoment:
    """Another span for a moment, between frames; None puts back what the service said."""

    key: str
    span: TimeRange | None


@dataclass(frozen=True, slots=True)
class AddMoment:
    """A moment of the person's own; without a title it is called by its first words."""

    span: TimeRange
    title: str = ""


@dataclass(frozen=True, slots=True)
class RemoveMoments:
    """Moments of the person's own are no more; a service's can only be rejected."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RenameMoment:
    """Another title for a moment; a blank one, or the one it had, takes the person's back."""

    key: str
    title: str


MomentEdit = DecideMoments | MoveMoment | AddMoment | RemoveMoments | RenameMoment

K = TypeVar("K")
V = TypeVar("V")


def decided(review: Review, edit: MomentEdit) -> Decisions:
    """The decisions after it; equal ones where the edit changes nothing or fits nothing.

    What was said of moments that are not there now (an earlier analysis's) is left as it is.
    """
    match edit:
        case DecideMoments(keys, pick):
            return _pick(review, keys, pick)
        case MoveMoment(key, span):
            return _move(review, key, span)
        case AddMoment(span, title):
            return _add(review, span, title)
        case RemoveMoments(keys):
            return _remove(review.decisions, keys)
        case RenameMoment(key, title):
            return _rename(review, key, title)
        case _ as never:
            assert_never(never)


def moment_step(edit: MomentEdit) -> str:
    """What Undo and Redo call the step."""
    match edit:
        case DecideMoments(keys, Pick.UNDECIDED):
            return "Clear Decision" if len(keys) == 1 else f"Clear {len(keys)} Decisions"
        case DecideMoments(keys, pick):
            return _counted("Pick" if pick is Pick.PICKED else "Reject", keys)
        case MoveMoment(_, None):
            return "Put Back Moment"
        case MoveMoment():
            return "Move Moment"
        case AddMoment():
            return "New Moment"
        case RemoveMoments(keys):
            return _counted("Remove", keys)
        case RenameMoment():
            return "Rename Moment"
        case _ as never:
            assert_never(never)


def _counted(verb: str, keys: tuple[str, ...]) -> str:
    return f"{verb} Moment" if len(keys) == 1 else f"{verb} {len(keys)} Moments"


def _pick(review: Review, keys: tuple[str, ...], pick: Pick) -> Decisions:
    known = placed_by_key(review)
    chosen = [key for key in keys if key in known]
    said = review.decisions
    if pick is Pick.UNDECIDED:
        return replace(said, picks=_without(said.picks, chosen))
    return replace(said, picks={**said.picks, **dict.fromkeys(chosen, pick)})


def _move(review: Review, key: str, span: TimeRange | None) -> Decisions:
    said, moment = review.decisions, placed_by_key(review).get(key)
    if moment is None:
        return said
    if span is None:
        # One of the person's own has no other span to go back to; `key` is not among the edges.
        return replace(said, moment_edges=_without(said.moment_edges, (key,)))
    span = _between_frames(review, span, moment.said or moment.span)
    if not span.duration:
        return said
    if moment.own:
        own = tuple(replace(m, span=span) if m.key == key else m for m in said.own_moments)
        return replace(said, own_moments=own)
    edges = _without(said.moment_edges, (key,))
    return replace(said, moment_edges=edges if span == moment.said else {**edges, key: span})


def _add(review: Review, span: TimeRange, title: str) -> Decisions:
    said, span = review.decisions, _between_frames(review, span, None)
    if not span.duration:
        return said
    number = 1 + max((_number(m.key) for m in said.own_moments), default=0)
    name = _line(title) or _first_words(review, span) or f"Moment {number}"
    return replace(said, own_moments=(*said.own_moments, OwnMoment(f"own/{number}", span, name)))


def _remove(said: Decisions, keys: tuple[str, ...]) -> Decisions:
    gone = {m.key for m in said.own_moments if m.key in keys}
    return replace(
        said,
        own_moments=tuple(m for m in said.own_moments if m.key not in gone),
        picks=_without(said.picks, gone),
        moment_titles=_without(said.moment_titles, gone),
    )


def _rename(review: Review, key: str, title: str) -> Decisions:
    said, found, title = review.decisions, review.evidence.moments, _line(title)
    if key not in placed_by_key(review):
        return said
    given = {m.key: m.title for m in said.own_moments}
    for moment in found.items if found else ():
        given.setdefault(found.key_of(moment) if found else "", moment.title)
    titles = _without(said.moment_titles, (key,))
    own = bool(title) and title != given[key]
    return replace(said, moment_titles={**titles, key: title} if own else titles)


def _between_frames(review: Review, span: TimeRange, old: TimeRange | None) -> TimeRange:
    """`span` in the film, on frames; an edge on the frame of the one in `old` stays that one.

    So the edge that is not dragged does not move, and one dragged there and back is as said.
    """
    footage = review.evidence.footage
    end = max(0, footage.duration)
    grid = FrameGrid(footage.frame_times, end)

    def snapped(t: int) -> int:
        t = min(max(t, 0), end)
        before, after = grid.around(t)
        return before if t - before <= after - t else after

    start, stop = snapped(span.start), snapped(span.end)
    if old is not None:
        inside = TimeRange(min(max(old.start, 0), end), min(max(old.end, 0), end))
        start = inside.start if start == snapped(inside.start) else start
        stop = inside.end if stop == snapped(inside.end) else stop
    # Within one frame both edges may fall on the same place: an empty moment is none.
    return TimeRange(start, max(start, stop))


def _first_words(review: Review, span: TimeRange) -> str:
    said, words = review.evidence.transcript, spoken(review)
    corrected = review.decisions.corrections if said and said.words else {}
    first, end = words.rows(span)
    title = ""
    for row in range(first, min(end, first + _TITLE_WORDS)):
        longer = f"{title} {corrected.get(words.order[row], words.texts[row])}"
        if title and len(longer) > _TITLE_LETTERS:
            break
        title = longer
    return _line(title).rstrip(".,;:–—-")[:_TITLE_LETTERS].rstrip()


def _line(title: str) -> str:
    """One line: what is pasted may have breaks, tabs and runs of spaces."""
    return " ".join(title.split())[:MOST_TITLE].rstrip()


def _number(key: str) -> int:
    digits = key.removeprefix("own/")
    return int(digits) if digits.isascii() and digits.isdigit() else 0


def _without(old: Mapping[K, V], keys: Iterable[K]) -> Mapping[K, V]:
    gone = set(keys)
    return {k: v for k, v in old.items() if k not in gone} if gone else old
