"""The pts table: when each frame of a film is shown."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path

import av

from app.core.errors import MediaError
from app.media.probe import open_media, origin_of, picture_of


def frame_times(path: Path) -> array[int]:
    """Microseconds of every video frame, ascending, in VLC's media time (see `origin_of`).

    Read from the packets, nothing is decoded. Empty without a picture. Raises MediaError.
    """
    with open_media(path) as container:
        stream = picture_of(container)
        if stream is None or stream.time_base is None:
            return array("q")
        scale = stream.time_base * 1_000_000
        origin = origin_of(container)
        try:
            found = [
                round(packet.pts * scale) - origin
                for packet in container.demux(stream)
                if packet.pts is not None and not packet.is_discard
            ]
        except av.FFmpegError as problem:
            raise MediaError(
                f"“{path.name}” is damaged: its frames cannot be listed.",
                "Copy it again, or convert it.",
                str(problem),
            ) from problem
    # Frames before 0 are priming that players do not show.
    return array("q", sorted({t for t in found if t >= 0}))


def frame_at(times: Sequence[int], t: int) -> int:
    """Index of the frame on screen at `t`; 0 before the first. `times` is not empty."""
    return max(0, bisect_right(times, t) - 1)


def nearest_frame(times: Sequence[int], t: int) -> int:
    """Index of the frame whose pts is nearest to `t`, the earlier on a tie."""
    i = frame_at(times, t)
    return i + 1 if i + 1 < len(times) and times[i + 1] - t < t - times[i] else i
