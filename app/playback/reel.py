"""What a player has in it: the film, or a list over its proxy that plays many spans as one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from app.core.timerange import Ranges, TimeRange
from app.media.colour import Colour
from app.media.proxy import EditList, Entry, Proxy
from app.media.proxy_plan import Kind
from app.playback.demuxers import EDIT_LIST
from app.playback.player import Film, Frame, Seen

PROXY_COLOUR = Colour("bt601", full=True)
"""What MJPEG is by definition."""


@dataclass(frozen=True, slots=True, eq=False)
class Reel:
    """A film for a player, and how the player's time stands to the source's.

    film: what the player opens; its times are the player's. source: the film it stands for.
    spans: what of the source it plays. entries: its pieces, in order. frames: the source's pts of
    each of the player's frames; None where both are the same.
    """

    film: Film
    source: Film
    spans: Ranges
    entries: tuple[Entry, ...]
    frames: Sequence[int] | None = field(default=None, repr=False)

    @property
    def is_list(self) -> bool:
        """Whether it plays a proxy."""
        return self.frames is not None

    def to_player(self, t: int) -> int:
        """The player's time at which it shows the source at `t`; for a gap, of what follows it."""
        index = bisect_right(self.entries, t, key=lambda e: e.source.start) - 1
        if index < 0:
            return self.entries[0].at
        entry = self.entries[index]
        return entry.at + min(t, entry.source.end) - entry.source.start

    def to_source(self, t: int) -> int:
        """The source time that is played at the player's time `t`."""
        entry = self.entries[max(0, bisect_right(self.entries, t, key=lambda e: e.at) - 1)]
        return entry.source.start + t - entry.at

    def follows(self, spans: Ranges, t: int) -> int:
        """Up to where the source is played as `spans` want it, played on from `t` inside both."""
        have = [s for s in self.spans if s.end > t]
        wanted = [s for s in spans if s.end > t]
        for mine, theirs in zip(have, wanted, strict=False):
            if mine.start != theirs.start and max(mine.start, theirs.start) > t:
                break
            t = min(mine.end, theirs.end)
            if mine.end != theirs.end:
                break
        return t

    def seen(self, frame: Seen) -> Seen:
        """A frame of the player's as one of the source's."""
        if self.frames is None:
            return frame
        pts = self.frames[min(frame.index, len(self.frames) - 1)]
        return _Placed(frame, pts, self.source.frame_index(pts))


@dataclass(frozen=True, slots=True)
class _Placed:
    """A frame of a list, under the number it has in the source."""

    frame: Seen
    pts: int
    index: int

    def drawn(self) -> Frame | None:
        made = self.frame.drawn()
        return made and replace(made, pts=self.pts, index=self.index)


def whole(film: Film) -> Reel:
    """The film itself."""
    everything = TimeRange(0, film.duration)
    return Reel(film, film, (everything,), (Entry(0, everything),))


def listed(film: Film, proxy: Proxy, spans: Ranges) -> Reel | None:
    """`spans` as a list over the proxy; None where it has not all of them."""
    return _reel(film, proxy, spans, proxy.edit_list(spans))


def listed_sound(film: Film, proxy: Proxy, spans: Ranges) -> Reel | None:
    """What is heard of as many of `spans` from the first on as the proxy has, of two or more."""

    def there(kind: Kind) -> Ranges:
        return tuple(takewhile(lambda span: proxy.covers(span, kind), spans))

    alone, with_pictures = there("s"), there("c")
    kind: Kind = "s" if len(alone) >= len(with_pictures) else "c"
    have = alone if kind == "s" else with_pictures
    if len(have) < 2:
        return None
    return _reel(film, proxy, have, proxy.edit_list(have, kind), sound_only=True)


def _reel(
    film: Film, proxy: Proxy, spans: Ranges, made: EditList | None, *, sound_only: bool = False
) -> Reel | None:
    if made is None:
        return None
    pieces = Film(
        made.path, EDIT_LIST, made.duration, proxy.size, made.frame_times, film.has_audio,
        sound_only, turned=proxy.size, colour=PROXY_COLOUR,
    )  # fmt: skip
    return Reel(pieces, film, spans, made.entries, made.source_times)
