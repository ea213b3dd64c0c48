"""What playing means to the rest of the program: a film, its frames, and what a player can do."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from app.core.errors import KeeptakeError
from app.media.colour import Colour
from app.media.probe import Probe
from app.media.stills import Still


@dataclass(frozen=True, slots=True)
class Film:
    """An opened file as the probe saw it.

    container: the demuxer's name as probed ("mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "mp4" ...).
    size: width and height as displayed: rotation and sample aspect ratio already applied.
    frame_times: pts of every video frame in microseconds, sorted; empty for audio only.
    turned: width and height of the stored picture, turned but not stretched. colour: of its pixels.
    """

    path: Path
    container: str
    duration: int
    size: tuple[int, int]
    frame_times: Sequence[int] = field(repr=False)
    has_audio: bool = True
    audio_only: bool = False
    turned: tuple[int, int] = (2, 2)
    colour: Colour = field(default_factory=Colour)

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


def film_of(probed: Probe, frame_times: Sequence[int]) -> Film:
    """What players need to know of a probed file and its pts table."""
    film = Film(
        probed.path, probed.container, probed.duration, (2, 2), frame_times,
        probed.audio is not None, probed.video is None,
    )  # fmt: skip
    if probed.video is None:
        return film
    video = probed.video
    return replace(film, size=(video.width, video.height), turned=video.turned, colour=video.colour)


def fitted(size: tuple[int, int], view: tuple[int, int]) -> tuple[int, int]:
    """`size` scaled to fit into `view`, in whole pixels, the aspect kept."""
    scale = min(view[0] / size[0], view[1] / size[1])
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture and which one it is.

    pts: microseconds of the source, an entry of the film's frame times; index: its place there.
    data: `stride * height` bytes or more, QImage.Format_RGB32 (blue, green, red, unused).
    still: decoded for itself rather than met in passing. unsure: the pts may be wrong, by some
    frames just after a change of speed, by one where VLC is late on a busy machine: nothing that
    depends on it is drawn.
    """

    pts: int
    index: int
    width: int
    height: int
    stride: int
    data: memoryview | bytes = field(repr=False)
    still: bool = False
    unsure: bool = False


class Seen(Protocol):
    """A frame that a player displayed, not yet made into pixels for the screen."""

    @property
    def pts(self) -> int:
        """Microseconds of the film."""

    @property
    def index(self) -> int:
        """Its place among the film's frame times."""

    def drawn(self) -> Frame | None:
        """Its pixels, made when first asked for (milliseconds); None where that is too late."""


class StillSource(Protocol):
    """Decodes exact frames of one file; used from one thread."""

    def at(self, t: int, *, size: tuple[int, int] | None = None) -> Still:
        """The frame on screen at `t`, of that size; MediaError where it cannot be read."""

    def reach(self, t: int, wanted: Callable[[], bool]) -> bool:
        """Decode up to `t` so that `at` is quick; False where `wanted` turned false on the way."""

    def close(self) -> None:
        """Let go of the file."""


class Listener(Protocol):
    """Hears a player, from any thread, and must be quick."""

    def on_frame(self, frame: Seen, margin: int) -> None:
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

    def set_view(self, size: tuple[int, int]) -> None:
        """Width and height of the pixels that frames are made into, from the next one on."""

    def set_volume(self, percent: int) -> None:
        """Loudness, 0 to 100."""

    def set_muted(self, muted: bool) -> None:
        """Sound off or on."""

    def position(self) -> int | None:
        """Microseconds of the source; None while it is not running or not known yet."""

    def close(self) -> None:
        """End its threads; blocks until they are gone."""
