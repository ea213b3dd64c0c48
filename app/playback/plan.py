"""Which spans are to be played, from the cut, the preview switch and where one went."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from operator import attrgetter

from app.core.timerange import Ranges, TimeRange, intersect, merge


@dataclass(frozen=True, slots=True)
class Plan:
    """What playing means at the moment.

    suspended: the removed span somebody went into on purpose; it plays like a kept one.
    span: a range to be played once; through: with what is removed in it.
    """

    duration: int = 0
    keep: Ranges = ()
    preview: bool = False
    suspended: TimeRange | None = None
    span: TimeRange | None = None
    through: bool = False

    @property
    def spans(self) -> Ranges:
        """What is played, in order; nothing else may be seen meanwhile."""
        within = merge((self.span or TimeRange(0, self.duration),))
        if self.through if self.span else not self.preview:
            return within
        kept = merge((*self.keep, self.suspended)) if self.suspended else self.keep
        return intersect(kept, within)

    def removed_at(self, t: int) -> TimeRange | None:
        """The removed span `t` lies in."""
        if not 0 <= t < self.duration:
            return None
        after = bisect_right(self.keep, t, key=attrgetter("start"))
        start = self.keep[after - 1].end if after else 0
        end = self.keep[after].start if after < len(self.keep) else self.duration
        return TimeRange(start, end) if start <= t else None

    def gone_to(self, t: int) -> Plan:
        """After a deliberate seek to `t`."""
        return replace(self, span=None, suspended=self.removed_at(t))

    def with_cut(self, keep: Ranges, t: int) -> Plan:
        """With another cut while standing or playing at `t`; a suspension lives on."""
        changed = replace(self, keep=keep)
        return replace(changed, suspended=changed.removed_at(t) if self.suspended else None)

    def with_preview(self, on: bool) -> Plan:
        """With the preview switched; switching it on ends a suspension."""
        return replace(self, preview=on, suspended=None if on else self.suspended)

    def with_range(self, span: TimeRange, through: bool) -> Plan:
        """To play `span` once."""
        start, end = max(0, span.start), min(self.duration, span.end)
        return replace(
            self, span=TimeRange(start, max(start, end)), through=through, suspended=None
        )

    def ended_at(self, t: int) -> Plan:
        """After the end was reached and `t` is the last frame shown."""
        return replace(self, span=None, suspended=self.removed_at(t) if self.span else None)
