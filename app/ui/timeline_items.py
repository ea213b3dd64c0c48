"""What lies on the timeline: things that can be pointed at, and the rectangles they have; no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from app.ui.timeline_lanes import LaneKind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

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


Box = tuple[int, int, int, int]
"""(x, width, number, count) on whole pixels, as many as a block stands for."""


@dataclass(slots=True)
class Fine:
    """What is too narrow for more than a stroke, of one look in one row of a lane.

    columns: x, width, number and count of each box, as an array of 4 rows.
    """

    kind: Kind
    y: float
    height: float
    state: State
    colour: int
    columns: NDArray[np.int64]

    @property
    def boxes(self) -> list[Box]:
        """One by one."""
        x, wide, number, count = self.columns.tolist()
        return list(zip(x, wide, number, count, strict=True))
