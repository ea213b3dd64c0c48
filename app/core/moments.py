"""Moments: stretches worth a short of their own, proposed by a service or made by a person."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal

from app.core.timerange import TimeRange

Framing = Literal["subject", "grid", "static"]
"""How the upright picture is taken from the film: along a face, several faces, the middle."""


class Pick(Enum):
    """What the person said about a moment."""

    UNDECIDED = "undecided"
    PICKED = "picked"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment as the service said it (contract B3); `number` is what it is rendered by.

    span: inside the film, not empty. score and channels: as given, None and absent where missing;
    no scale is documented. channels: (key, score) in the service's order.
    """

    number: int
    span: TimeRange
    title: str
    description: str = ""
    score: float | None = None
    channels: tuple[tuple[str, float], ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Moments:
    """One analysis's answer. analysis: the service's job id, part of every moment's key.

    framing, captions: the settings every render by the service will have (contract 48).
    warnings: sentences about what in the answer could not be used.
    """

    analysis: str
    items: tuple[Moment, ...]
    origin: Literal["znippet", "local service"] = "znippet"
    framing: Framing = "subject"
    captions: bool = False
    warnings: tuple[str, ...] = ()

    def key_of(self, moment: Moment) -> str:
        """What decisions call the moment; another analysis's moment has another key."""
        return f"{self.analysis}/{moment.number}"


@dataclass(frozen=True, slots=True)
class OwnMoment:
    """A moment a person made; key: "own/N"."""

    key: str
    span: TimeRange
    title: str


@dataclass(frozen=True, slots=True)
class PlacedMoment:
    """A moment as the window shows it: what the service said under what the person decided.

    said: the service's own span; None for a person's own moment, which has no number either.
    """

    key: str
    number: int | None
    span: TimeRange
    said: TimeRange | None
    title: str
    description: str = ""
    score: float | None = None
    channels: tuple[tuple[str, float], ...] = ()
    tags: tuple[str, ...] = ()
    pick: Pick = Pick.UNDECIDED

    @property
    def own(self) -> bool:
        """Whether the person made it."""
        return self.number is None

    @property
    def moved(self) -> bool:
        """Whether the person moved an edge of a service's moment."""
        return self.said is not None and self.said != self.span

    @property
    def here_only(self) -> bool:
        """Whether it can be rendered on this computer alone: services render their own spans."""
        return self.own or self.moved
