"""Who is who, what they are called and how they are shown, as data; `edits.py` applies it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar, assert_never

from app.core.people import root
from app.core.review import Decisions, Review
from app.core.speakers import speaker_key, voices

COLOURS = 64
"""Palette numbers are below it; a palette of fewer colours goes round and round."""


@dataclass(frozen=True, slots=True)
class Rename:
    """A name for a person key or "speaker N"; a blank name takes it back."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class MergePeople:
    """Person keys that are all one person, known from now on as `into`."""

    keys: tuple[str, ...]
    into: str


@dataclass(frozen=True, slots=True)
class MergeSpeakers:
    """Speakers of the transcript that are all one voice, known from now on as `into`.

    Numbers that no turn has are left out.
    """

    speakers: tuple[int, ...]
    into: int


@dataclass(frozen=True, slots=True)
class Recolour:
    """A palette number for a person key or "speaker N"; None takes it back."""

    key: str
    colour: int | None


@dataclass(frozen=True, slots=True)
class HidePeople:
    """Person keys that are not shown on the picture nor in lanes, or are again."""

    keys: tuple[str, ...]
    hidden: bool


PeopleEdit = Rename | MergePeople | MergeSpeakers | Recolour | HidePeople

V = TypeVar("V")


def decided(review: Review, edit: PeopleEdit) -> Decisions:
    """The decisions after it; equal ones where the edit changes nothing."""
    said = review.decisions
    match edit:
        case Rename(key, name):
            name = name.strip()
            return replace(said, names=_set(said.names, key, name or None))
        case MergePeople(keys, into):
            return _merge(said, keys, into)
        case MergeSpeakers(speakers, into):
            heard = voices(review)
            if into not in heard:
                return said
            own = (speaker_key(n) for n in speakers if n in heard)
            return _merge(said, own, speaker_key(into))
        case Recolour(key, colour):
            if colour is not None and not 0 <= colour < COLOURS:
                return said
            return replace(said, colours=_set(said.colours, key, colour))
        case HidePeople(keys, hidden):
            changed = said.hidden.union(keys) if hidden else said.hidden.difference(keys)
            return replace(said, hidden=changed)
        case _ as never:
            assert_never(never)


def people_step(edit: PeopleEdit) -> str:
    """What Undo and Redo call the step."""
    match edit:
        case Rename():
            return "Rename"
        case MergePeople():
            return "Merge People"
        case MergeSpeakers():
            return "Merge Speakers"
        case Recolour():
            return "Change Colour"
        case HidePeople(keys, hidden):
            verb = "Hide" if hidden else "Show"
            return f"{verb} Person" if len(keys) == 1 else f"{verb} {len(keys)} People"
        case _ as never:
            assert_never(never)


def _merge(said: Decisions, keys: Iterable[str], into: str) -> Decisions:
    merged = dict(said.merged)
    # `into` stands for itself from now on, whatever it was part of before.
    merged.pop(into, None)
    for key in keys:
        one = root(key, merged)
        if one != into:
            merged[one] = into
    return replace(said, merged=merged)


def _set(old: Mapping[str, V], key: str, value: V | None) -> Mapping[str, V]:
    left = {k: v for k, v in old.items() if k != key}
    return left if value is None else {**left, key: value}
