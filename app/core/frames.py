"""Where an edge may stand: on the pts of a frame, at the beginning of the film or at its end."""

from __future__ import annotations

from array import array
from bisect import bisect_right


class FrameGrid:
    """The frame times of a film as the places an edge may snap to; no frames, no snapping.

    The law that edges snap to the nearest pts is product.md's; it holds for variable frame
    rates too, where the distance of two frames is whatever it is.
    """

    def __init__(self, frame_times: array[int], duration: int) -> None:
        self._times = frame_times
        self._duration = duration

    def around(self, t: int) -> tuple[int, int]:
        """The last place at or before `t` and the first at or after it, in microseconds."""
        if not self._times or t <= 0 or t >= self._duration:
            return t, t
        k = bisect_right(self._times, t)
        before = self._times[k - 1] if k else 0
        if before == t:
            return t, t
        after = self._times[k] if k < len(self._times) else self._duration
        return max(0, before), min(after, self._duration)
