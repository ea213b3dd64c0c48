"""Where a frame and its faces lie in the view, `layout(...)`, and which face is hit; no Qt.

Areas are in the widget's own pixels. The frame's area begins and ends on whole pixels of the
screen, so that a frame made at that size is painted as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.faces import Box
from app.core.late import late
from app.core.people import Person

if TYPE_CHECKING:
    from app.playback import player
else:
    player = late("app.playback.player")

SPEAKING = 0.5
"""From this confidence of the service's on, a face is marked as the one that speaks."""

REACH = 3.0
"""Pixels around a box that still belong to it, for its outline is drawn on its edge."""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle in the widget's pixels."""

    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    height: float = 0.0

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height

    def holds(self, x: float, y: float, reach: float = 0.0) -> bool:
        """Whether the point lies in it, or so near to it."""
        across = self.x - reach <= x < self.right + reach
        return across and self.y - reach <= y < self.bottom + reach


@dataclass(frozen=True, slots=True)
class PlacedBox:
    """One face to draw; person: the person's key, "" where nobody knows; colour: a person's number.

    score, speaking: as the service gave them.
    """

    area: Area
    track: int
    person: str
    name: str
    colour: int
    score: float
    speaking: bool

    @property
    def tag(self) -> str:
        """What is written at the box."""
        return f"{self.name}  {'speaking' if self.speaking else f'{self.score:.2f}'}"

    @property
    def told(self) -> str:
        """The same as a sentence for the tooltip and for assistive technology."""
        return f"{self.name}, score {self.score:.2f}{', speaking' if self.speaking else ''}"


def picture(film: tuple[int, int], view: tuple[int, int], ratio: float) -> Area:
    """Where a film of that displayed size lies in a view of that size, letterboxed.

    view: in the widget's pixels. ratio: pixels of the screen in one of them.
    """
    if min(*film, *view) <= 0:
        return Area()
    room = on_screen(view, ratio)
    width, height = player.fitted(film, room)
    left, top = (room[0] - width) // 2, (room[1] - height) // 2
    return Area(left / ratio, top / ratio, width / ratio, height / ratio)


def on_screen(view: tuple[int, int], ratio: float) -> tuple[int, int]:
    """The size of a view in pixels of the screen."""
    return max(1, round(view[0] * ratio)), max(1, round(view[1] * ratio))


def layout(
    boxes: Iterable[Box], person_of: Mapping[int, Person], at: Area, only: str | None = None
) -> tuple[PlacedBox, ...]:
    """Each box over the frame at `at`; only those of person `only` where one is chosen."""
    out = []
    for box in boxes:
        person = person_of.get(box.track)
        if only is not None and (person is None or person.key != only):
            continue
        area = Area(
            at.x + box.x1 * at.width,
            at.y + box.y1 * at.height,
            (box.x2 - box.x1) * at.width,
            (box.y2 - box.y1) * at.height,
        )
        out.append(
            PlacedBox(
                area,
                box.track,
                person.key if person else "",
                person.name if person else f"Face {box.track}" if box.track >= 0 else "Face",
                person.colour_index if person else max(0, box.track),
                box.score,
                box.speaking is not None and box.speaking >= SPEAKING,
            )
        )
    return tuple(out)


def hit(boxes: Sequence[PlacedBox], x: float, y: float) -> PlacedBox | None:
    """The face at a point: of several that lie over one another the smallest; None for none."""
    there = [b for b in boxes if b.area.holds(x, y, REACH)]
    return min(there, key=lambda b: b.area.width * b.area.height, default=None)


def tag_area(box: Area, at: Area, width: float, height: float) -> Area:
    """Where a tag of that size stands: above the box, else below it, always inside the frame."""
    x = max(at.x, min(box.x - 1, at.right - width))
    above, below = box.y - height - 2, box.bottom + 2
    if above >= at.y:
        y = above
    elif below + height <= at.bottom:
        y = below
    else:
        y = max(at.y, box.y) + 2
    return Area(x, y, width, height)
