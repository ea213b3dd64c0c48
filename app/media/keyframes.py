"""Where a decoder can begin in a film, as its container's index says; nothing is decoded."""

from __future__ import annotations

from array import array
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.late import late
from app.media.probe import open_media, origin_of, picture_of

if TYPE_CHECKING:
    import av
else:
    av = late("av")

INDEXED = {"mov", "matroska"}
"""Demuxers that know all keyframes before any packet is read."""
MOST = 20_000
"""A film with more of them is not worth listing: it is never far from one."""


def keyframe_times(path: Path) -> array[int]:
    """Microseconds at which the film's keyframes are decoded, ascending: a few frames early.

    Empty where the file has no such index, more than `MOST`, or no picture. Raises MediaError.
    """
    with open_media(path) as container:
        stream = picture_of(container)
        names = set(container.format.name.split(","))
        if stream is None or stream.time_base is None or not names & INDEXED:
            return array("q")
        try:
            # Matroska's index is read with the first seek.
            container.seek(0)
            ticks = _keyframes(stream)
        except av.FFmpegError:
            return array("q")
        base, origin = stream.time_base, origin_of(container)
        return array("q", [round(t * base * 1_000_000) - origin for t in ticks])


def _keyframes(stream: av.VideoStream) -> list[int]:
    entries, found = stream.index_entries, list[int]()
    at = entries.search_timestamp(-(1 << 62), backward=False) if len(entries) else -1
    while at >= 0:
        found.append(entries[at].timestamp)
        if len(found) > MOST:
            return []
        at = entries.search_timestamp(found[-1] + 1, backward=False)
    return found
