"""What a person does to markers, as data; `edits.py` applies it with every other edit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import assert_never

from app.core.markers import Marker, in_order, number
from app.core.review import Decisions, Review
from app.core.timerange import TimeRange

MOST_NOTE = 2_000
"""Letters of a marker's text; what a person pastes may be a whole book."""


@dataclass(frozen=True, slots=True)
class AddMarker:
    """A marker at an instant (`range.start == range.end`) or on a span; the text may be empty."""

    range: TimeRange
    text: str = ""


@dataclass(frozen=True, slots=True)
class EditMarker:
    """Another text for a marker."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class MoveMarker:
    """Another place for a marker: an instant or a span of the film."""

    key: str
    range: TimeRange


@dataclass(frozen=True, slots=True)
class RemoveMarkers:
    """Markers that are no more."""

    keys: tuple[str, ...]


MarkerEdit = AddMarker | EditMarker | MoveMarker | RemoveMarkers


def decided(review: Review, edit: MarkerEdit) -> Decisions:
    """The decisions after it; equal ones where the edit changes nothing or fits nothing."""
    said = review.decisions
    match edit:
        case AddMarker(span, text):
            if not _in_film(review, span):
                return said
            key = f"mark/{1 + max((number(m.key) for m in said.markers), default=0)}"
            made = Marker(key, _clamped(review, span), note(text))
            return replace(said, markers=in_order((*said.markers, made)))
        case EditMarker(key, text):
            return _changed(said, key, text=note(text))
        case MoveMarker(key, span):
            if not _in_film(review, span):
                return said
            return _changed(said, key, range=_clamped(review, span))
        case RemoveMarkers(keys):
            gone = set(keys)
            return replace(said, markers=tuple(m for m in said.markers if m.key not in gone))
        case _ as never:
            assert_never(never)


def marker_step(edit: MarkerEdit) -> str:
    """What Undo and Redo call the step."""
    match edit:
        case AddMarker():
            return "Add Marker"
        case EditMarker():
            return "Edit Marker"
        case MoveMarker():
            return "Move Marker"
        case RemoveMarkers(keys):
            return "Remove Marker" if len(keys) == 1 else f"Remove {len(keys)} Markers"
        case _ as never:
            assert_never(never)


def note(text: str) -> str:
    """The text as it is kept: lines stay lines, no blank ones around it, not without end."""
    return text.strip()[:MOST_NOTE].rstrip()


def _changed(said: Decisions, key: str, **new: object) -> Decisions:
    changed = (replace(m, **new) if m.key == key else m for m in said.markers)  # type: ignore[arg-type]
    return replace(said, markers=in_order(tuple(changed)))


def _in_film(review: Review, span: TimeRange) -> bool:
    """Whether some of it lies in the film; its very end is an instant of it too."""
    return span.end >= 0 and span.start <= review.evidence.footage.duration


def _clamped(review: Review, span: TimeRange) -> TimeRange:
    end = max(0, review.evidence.footage.duration)
    return TimeRange(min(max(span.start, 0), end), min(max(span.end, 0), end))
