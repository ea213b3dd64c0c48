"""What lies on the timeline: things that can be pointed at, and the rectangles they have; no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.ui.timeline_lanes import LaneKind

Kind = Literal[LaneKind, "ruler", "overview", "lane", "names"]
State = Literal["", "proposed", "removed", "restored", "picked", "rejected"]


@dataclass(frozen=True, slots=True)
class Thing:
    """What a point hits: a word's, scene's, person's or moment's number; a cut's or moment's id.

    A thumbnail's number is the number of its place, a lane's that of its voice.
    """

    kind: Kind
    index: int = -1
    id: str = ""


@dataclass(slots=True)
class Item:
    """One rectangle to paint; `colour` is a person's or speaker's number, `count` > 1 a block.

    Nobody writes to one: that it is not frozen halves the time of making thousands.
    """

    kind: Kind
    x: float
    y: float
    width: float
    height: float
    text: str = ""
    state: State = ""
    colour: int = 0
    count: int = 1
    index: int = -1
    id: str = ""

    @property
    def thing(self) -> Thing:
        """What it stands for."""
        return Thing(self.kind, self.index, self.id)

    def holds(self, x: float, y: float) -> bool:
        """Whether the point lies in it, right and lower edges excluded."""
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height
