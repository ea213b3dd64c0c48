"""The pts table: when each frame of a film is shown."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.errors import MediaError
from app.core.late import late
from app.media.mp4_times import stamps_in_index
from app.media.probe import open_media, origin_of, picture_of

if TYPE_CHECKING:
    import av
    import av.stream
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
else:
    av = late("av")
    np = late("numpy")

MANY = 20_000
"""Frames from which numpy, and an MP4's index, are worth while."""


def frame_times(path: Path) -> array[int]:
    """Microseconds of every video frame, ascending, in VLC's media time (see `origin_of`).

    Read from the index of a long MP4 or MOV, elsewhere from the packets, 4 microseconds a frame;
    nothing is decoded. Empty without a picture. Raises MediaError.
    """
    told = stamps_in_index(path) if _is_long(path) else None
    told = told or stamps_in_packets(path)
    if told is None:
        return array("q")
    stamps, base, origin = told
    # Frames before 0 are priming that players do not show.
    if len(stamps) < MANY:
        few = {t - origin for t in _few_microseconds(stamps, base)}
        return array("q", sorted(t for t in few if t >= 0))
    times = _microseconds(np.frombuffer(stamps, np.int64), base) - origin
    return array("q", np.unique(times[times >= 0]).tobytes())


def _is_long(path: Path) -> bool:
    with open_media(path) as container:
        stream = picture_of(container)
        return stream is not None and stream.frames >= MANY


def stamps_in_packets(path: Path) -> tuple[array[int], Fraction, int] | None:
    """The pts of each frame that is shown, their time base and the film's origin; None: no picture.

    Raises MediaError.
    """
    with open_media(path) as container:
        stream = picture_of(container)
        if stream is None or stream.time_base is None:
            return None
        for other in container.streams:
            if other is not stream:
                other.discard = av.stream.Discard.all
        origin = origin_of(container)
        try:
            return array("q", _stamps(container, stream)), stream.time_base, origin
        except av.FFmpegError as problem:
            raise MediaError(
                f"“{path.name}” is damaged: its frames cannot be listed.",
                "Copy it again, or convert it.",
                str(problem),
            ) from problem


def _stamps(container: av.container.InputContainer, stream: av.VideoStream) -> Iterator[int]:
    for packet in container.demux(stream):
        if packet.pts is not None and not packet.is_discard:
            yield packet.pts


def _microseconds(stamps: Ints, base: Fraction) -> Ints:
    """Rounded as `round` does: of two that are as near, to the even one."""
    scale = base * 1_000_000
    whole, rest = np.divmod(stamps * scale.numerator, scale.denominator)
    nearest: Ints = whole + (2 * rest + (whole & 1) > scale.denominator)
    return nearest


def _few_microseconds(stamps: Sequence[int], base: Fraction) -> Iterator[int]:
    """The same in plain Python: loading numpy takes longer than a short film's table."""
    scale = base * 1_000_000
    over, under = scale.numerator, scale.denominator
    for stamp in stamps:
        whole, rest = divmod(stamp * over, under)
        yield whole + (2 * rest + (whole & 1) > under)


def frame_at(times: Sequence[int], t: int) -> int:
    """Index of the frame on screen at `t`; 0 before the first. `times` is not empty."""
    return max(0, bisect_right(times, t) - 1)


def nearest_frame(times: Sequence[int], t: int) -> int:
    """Index of the frame whose pts is nearest to `t`, the earlier on a tie."""
    i = frame_at(times, t)
    return i + 1 if i + 1 < len(times) and times[i + 1] - t < t - times[i] else i
