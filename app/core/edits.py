"""Every decision of a person as data, and the one function that applies it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import assert_never

from app.core import (
    cut_edits,
    marker_edits,
    moment_edits,
    people_edits,
    strike_edits,
    text_edits,
)
from app.core.cut_edits import (
    MOST_PADDING,
    AcceptAll,
    CutEdit,
    Decide,
    FindAlso,
    MoveEdges,
    SetCutPadding,
    SetPadding,
    Split,
    can_split,
)
from app.core.marker_edits import AddMarker, EditMarker, MarkerEdit, MoveMarker, RemoveMarkers
from app.core.moment_edits import (
    AddMoment,
    DecideMoments,
    MomentEdit,
    MoveMoment,
    RemoveMoments,
    RenameMoment,
)
from app.core.people_edits import (
    HidePeople,
    MergePeople,
    MergeSpeakers,
    PeopleEdit,
    Recolour,
    Rename,
)
from app.core.review import Decisions, Review
from app.core.strike_edits import Restore, Strike, StrikeEdit, StrikeSpans
from app.core.text_edits import CorrectWord, MergeParagraph, SplitParagraph, TextEdit

__all__ = [
    "MOST_PADDING",
    "AcceptAll",
    "AddMarker",
    "AddMoment",
    "Batch",
    "CorrectWord",
    "Decide",
    "DecideMoments",
    "Edit",
    "EditMarker",
    "FindAlso",
    "HidePeople",
    "MergeParagraph",
    "MergePeople",
    "MergeSpeakers",
    "MoveEdges",
    "MoveMarker",
    "MoveMoment",
    "Recolour",
    "RemoveMarkers",
    "RemoveMoments",
    "Rename",
    "RenameMoment",
    "Restore",
    "SetCutPadding",
    "SetPadding",
    "Split",
    "SplitParagraph",
    "Strike",
    "StrikeSpans",
    "apply",
    "can_split",
    "name",
]


@dataclass(frozen=True, slots=True)
class Batch:
    """Several edits as one step of undo, each applied to what the one before left."""

    edits: tuple[Edit, ...]
    name: str


Edit = CutEdit | StrikeEdit | TextEdit | PeopleEdit | MarkerEdit | MomentEdit | Batch


def apply(review: Review, edit: Edit) -> Review:
    """The next version; the very same review where the edit changes nothing or fits nothing.

    Every field that is equal afterwards is the very same object as before: what was worked out
    from it is found again by its identity.
    """
    old, new = review.decisions, _decisions(review, edit)
    if new is old:
        return review
    kept = {
        name: before
        for name in _FIELDS
        if (before := getattr(old, name)) is not (after := getattr(new, name)) and before == after
    }
    said = replace(new, **kept) if kept else new
    if all(getattr(said, name) is getattr(old, name) for name in _FIELDS):
        return review
    return replace(review, decisions=said)


_FIELDS = tuple(f.name for f in fields(Decisions))


def name(edit: Edit) -> str:
    """What Undo and Redo call the step."""
    match edit:
        case Decide() | AcceptAll() | Split() | MoveEdges() | SetPadding() | SetCutPadding():
            return cut_edits.cut_step(edit)
        case FindAlso():
            return cut_edits.cut_step(edit)
        case Strike() | StrikeSpans() | Restore():
            return strike_edits.strike_step(edit)
        case CorrectWord() | SplitParagraph() | MergeParagraph():
            return text_edits.text_step(edit)
        case Rename() | MergePeople() | MergeSpeakers() | Recolour() | HidePeople():
            return people_edits.people_step(edit)
        case AddMarker() | EditMarker() | MoveMarker() | RemoveMarkers():
            return marker_edits.marker_step(edit)
        case DecideMoments() | MoveMoment() | AddMoment() | RemoveMoments() | RenameMoment():
            return moment_edits.moment_step(edit)
        case Batch(_, own):
            # Undo is off where its step has no name.
            return own.strip() or "Several Changes"
        case _ as never:
            assert_never(never)


def _decisions(review: Review, edit: Edit) -> Decisions:
    match edit:
        case Decide() | AcceptAll() | Split() | MoveEdges() | SetPadding() | SetCutPadding():
            return cut_edits.decided(review, edit)
        case FindAlso():
            return cut_edits.decided(review, edit)
        case Strike() | StrikeSpans() | Restore():
            return strike_edits.decided(review, edit)
        case CorrectWord() | SplitParagraph() | MergeParagraph():
            return text_edits.decided(review, edit)
        case Rename() | MergePeople() | MergeSpeakers() | Recolour() | HidePeople():
            return people_edits.decided(review, edit)
        case AddMarker() | EditMarker() | MoveMarker() | RemoveMarkers():
            return marker_edits.decided(review, edit)
        case DecideMoments() | MoveMoment() | AddMoment() | RemoveMoments() | RenameMoment():
            return moment_edits.decided(review, edit)
        case Batch(several, _):
            for one in several:
                review = apply(review, one)
            return review.decisions
        case _ as never:
            assert_never(never)
