"""Markers: notes that a person put at an instant or on a span of the film."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.timerange import TimeRange


@dataclass(frozen=True, slots=True)
class Marker:
    """One marker; key: "mark/N". An empty range is an instant; `text` may be empty.

    colour: number in the palette, from 0.
    """

    key: str
    range: TimeRange
    text: str
    colour: int = 0

    @property
    def instant(self) -> bool:
        """Whether it marks one instant and no span."""
        return not self.range.duration


def in_order(markers: tuple[Marker, ...]) -> tuple[Marker, ...]:
    """Sorted by start, a longer one before what it holds, then by key number."""
    return tuple(sorted(markers, key=lambda m: (m.range.start, -m.range.end, number(m.key))))


def number(key: str) -> int:
    """The N of "mark/N"; 0 for any other key."""
    digits = key.removeprefix("mark/")
    return int(digits) if digits != key and digits.isascii() and digits.isdigit() else 0
