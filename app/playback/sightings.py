"""Which frame a picture is that VLC displays: VLC itself tells no time of it (vlc.md section 2)."""

from __future__ import annotations

from collections import deque

from app.playback.clock import UNSETTLED, Clock
from app.playback.pictures import Moving, Pictures
from app.playback.player import Film
from app.playback.turning import IN_A_ROW, Turn, frame_after, told

WAKEUP = 10_000
"""Microseconds VLC puts between starting and the first picture (es_out.c, i_wakeup_delay)."""
DISPLAY_EARLY = 6_000
"""A picture may be displayed so many microseconds before the clock reaches its pts."""
SHOWN_LATE = 20_000
"""VLC drops pictures that are later than this; microseconds (vout, late_threshold)."""
EARLIEST = 1_000
"""The cue's own picture comes no earlier than this before its time, microseconds."""
KEPT_BACK = 8_000
"""What is left of a frame's period for being displayed late, where VLC's clock runs early."""
STALE_FOR = 150_000
"""Microseconds after a seek for which VLC may still show what it showed before."""
REPEAT_AFTER = 45_000
"""VLC shows a picture again when nothing newer came for about 60 ms (VOUT_REDISPLAY_DELAY)."""


class Sightings:
    """What one player displays, told apart by when it is drawn and displayed.

    Its owner says what happens to the player and holds a lock meanwhile. All times in microseconds
    of libvlc_clock but `cue_at`, which is the film's.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._late = self._lead = 0
        self._last_index = -1
        self._cue_at = 0
        self._displayed_at = self._started_at = 0
        self._sought_at = self._buffered_at = 0
        self._buffered = False
        self._drawn_at: dict[int, int] = {}
        self._stamps: deque[int] = deque(maxlen=IN_A_ROW)
        self._lost = False  # it is not sure which frame was displayed last
        self.fresh = False
        """Whether a picture was displayed since it was sought."""

    def opened(self, late: int, lead: int) -> None:
        """A film whose demuxer lies in these ways (see `Demuxing`)."""
        self._late, self._lead = late, lead

    def cued(self, at: int) -> None:
        """It is to go there."""
        self._cue_at, self._last_index = at, -1

    def sought(self, stamp: int) -> None:
        """It is sent there now."""
        self._buffered, self.fresh, self._sought_at = False, False, stamp

    def buffering(self, full: bool, stamp: int) -> None:
        """What it was sent to is read, or enough of it."""
        self._buffered, self._buffered_at = full, stamp

    def started(self, stamp: int) -> None:
        """It runs."""
        self._started_at, self._lost = stamp, False
        self._stamps.clear()

    def drawn(self, picture: int, stamp: int) -> None:
        """A buffer is handed out to be drawn into."""
        self._drawn_at[picture] = stamp

    def shown(
        self, pictures: Pictures, picture: int, stamp: int, film: Film, *, running: bool
    ) -> tuple[Moving, int] | None:
        """The frame on display and how wrong its pts may be; None where that is not known.

        None as well for what was displayed before.
        """
        gap, self._displayed_at = stamp - self._displayed_at, stamp
        soon = stamp - self._started_at < 4 * REPEAT_AFTER
        turning = self._clock.turning(stamp) if running and not self._late else None
        compare = not self.fresh or (running and (soon or gap > REPEAT_AFTER))
        repeated = pictures.show(picture, compare=compare or turning is not None)
        first = not self.fresh
        if not self._is_fresh(picture, repeated, stamp):
            return None
        t = self._clock.at(stamp) if running else None
        # Where VLC landed too late it shows the first picture it can decode before its time,
        # and just before the picture it was sent to it may show an earlier one (B-frames).
        if t is None or repeated or (first and self._lead):
            return None
        if self._last_index < 0 and self._cue_at - EARLIEST > t > self._cue_at - WAKEUP * 2:
            return None
        self._stamps.append(stamp)
        if turning is not None and self._last_index >= 0:
            index, doubt = self._turning(film, turning)
            late, unsure = UNSETTLED if doubt else 0, bool(doubt)
        else:
            early = self._early(film, t)
            index, doubt = self._told_apart(film, t, film.frame_index(t + early))
            late = self._clock.margin(stamp) + max(0, self._late - early)
            unsure = self._lost
        if index <= self._last_index:
            return None
        self._last_index = index
        frame = pictures.frame(picture, film.frame_times[index], index, unsure=unsure)
        return frame, late + doubt

    def _turning(self, film: Film, turn: Turn) -> tuple[int, int]:
        """Which frame it is while a change of speed settles, and how far it may be from that."""
        found = told(turn, self._stamps, film, self._last_index)
        if found.anchor is not None:
            self._clock.turned(found.anchor)
        return found.index, found.margin

    def _is_fresh(self, picture: int, repeated: bool, stamp: int) -> bool:
        """Whether it may belong to the place sought last.

        A seek takes effect later than it is asked for: what was drawn before it, and what is drawn
        again soon after it, comes from where VLC was.
        """
        if not self.fresh and self._drawn_at.get(picture, 0) > self._sought_at:
            late = self._buffered and stamp - self._buffered_at > STALE_FOR
            self.fresh = self._buffered and (late or not repeated)
        return self.fresh or not self._sought_at

    def _told_apart(self, film: Film, t: int, index: int) -> tuple[int, int]:
        """Which frame it is where the clock says `index`, and how far it may be from that.

        On a busy machine VLC shows a picture late rather than not at all, at the time of the next.
        Once it is not sure which one, neither are those after it, until some in a row are in time.
        """
        expected, times = self._last_index + 1, film.frame_times
        if not expected or (index <= expected and not self._lost):
            return index, 0
        line = self._clock.line()
        late = SHOWN_LATE * (line.rate if line else 1.0)
        if index == expected + 1 and t - times[expected] < late and not self._lost:
            return expected, times[index] - times[expected]
        in_time = line is not None and frame_after(line, self._stamps, film) == index
        self._lost = not (in_time or self._late)
        return index, 0 if in_time else times[index] - times[index - 1]

    def _early(self, film: Film, t: int) -> int:
        """How long before its time a picture may come that is shown about `t`."""
        if not self._late:
            return DISPLAY_EARLY
        index = film.frame_index(t)
        period = film.next_pts(index) - film.frame_times[index]
        return max(DISPLAY_EARLY, min(self._late, period - KEPT_BACK))
