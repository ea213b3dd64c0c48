"""What playing means to the rest of the program: a film, its frames, and what a player can do."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from app.core.errors import KeeptakeError


@dataclass(frozen=True, slots=True)
class Film:
    """An opened file as the probe saw it.

    container: the demuxer's name as probed ("mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "mp4" ...).
    size: width and height as displayed: rotation and sample aspect ratio already applied.
    frame_times: pts of every video frame in microseconds, sorted; empty for audio only.
    """

    path: Path
    container: str
    duration: int
    size: tuple[int, int]
    frame_times: Sequence[int] = field(repr=False)
    has_audio: bool = True
    audio_only: bool = False

    def frame_index(self, t: int) -> int:
        """Index of the frame on screen at `t`; 0 before the first, -1 where there are no frames."""
        if not self.frame_times:
            return -1
        return max(0, bisect_right(self.frame_times, t) - 1)

    def frame_pts(self, t: int) -> int:
        """The pts of the frame on screen at `t`; `t` itself where there are no frames."""
        index = self.frame_index(t)
        return t if index < 0 else self.frame_times[index]

    def next_pts(self, index: int) -> int:
        """When frame `index` leaves the screen: the next pts, or the end of the film."""
        if index + 1 < len(self.frame_times):
            return self.frame_times[index + 1]
        return max(self.duration, self.frame_times[index] + 1 if self.frame_times else 0)


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Frame:
    """One picture and which one it is.

    pts: microseconds of the source, an entry of the film's frame times; index: its place there.
    data: `stride * height` bytes or more; "bgrx" is QImage.Format_RGB32, "rgb" is RGB888. It stays
    as it is for as long as somebody holds the Frame, no longer.
    """

    pts: int
    index: int
    width: int
    height: int
    stride: int
    data: memoryview | bytes = field(repr=False)
    format: Literal["bgrx", "rgb"]


class Still(Protocol):
    """An exact, decoded frame as app.media.stills gives it."""

    @property
    def width(self) -> int:
        """Pixels."""

    @property
    def height(self) -> int:
        """Pixels."""

    @property
    def rgb(self) -> bytes:
        """RGB888, rows without padding."""

    @property
    def pts_us(self) -> int:
        """Microseconds of the source."""


class StillSource(Protocol):
    """Decodes exact frames of one file; used from one thread."""

    def at(self, t: int) -> Still:
        """The frame on screen at `t`; MediaError where it cannot be read."""

    def close(self) -> None:
        """Let go of the file."""


class Listener(Protocol):
    """Hears a player, from any thread, and must be quick."""

    def on_frame(self, frame: Frame, margin: int) -> None:
        """A frame was displayed; its pts is wrong by at most `margin` microseconds, 0 as a rule."""

    def on_change(self) -> None:
        """The player became ready, started, stopped or ended."""

    def on_error(self, error: KeeptakeError) -> None:
        """The player cannot go on."""


class Player(Protocol):
    """One decoder of one film. No method blocks; every one may be called from one thread only."""

    @property
    def ready(self) -> bool:
        """Whether it stands decoded at its cue, so that `play` starts at once."""

    @property
    def ended(self) -> bool:
        """Whether it came to the end of the film and stands there."""

    @property
    def latency(self) -> int:
        """Microseconds from `play` to the cue's own picture, learned from this file."""

    def open(self, film: Film) -> None:
        """Load a film and stand at its beginning."""

    def cue(self, t: int) -> None:
        """Stop, and stand decoded at `t`; the newest cue wins."""

    def play(self) -> None:
        """Run from where it stands, as soon as it is ready."""

    def pause(self) -> None:
        """Stand where it is."""

    def set_rate(self, rate: float) -> None:
        """Speed from the next `cue` on."""

    def set_volume(self, percent: int) -> None:
        """Loudness, 0 to 100."""

    def set_muted(self, muted: bool) -> None:
        """Sound off or on."""

    def position(self) -> int | None:
        """Microseconds of the source; None while it is not running or not known yet."""

    def close(self) -> None:
        """End its threads; blocks until they are gone."""
