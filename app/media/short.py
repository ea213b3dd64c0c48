"""Shorts: made upright from a film by ffmpeg, and looked at when they are finished."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.errors import ExportError, MediaError
from app.core.late import late
from app.core.reframe import Framed
from app.core.timerange import SECOND, Ranges
from app.media.encode import CAPTIONS, Job, Report, encode
from app.media.export import X264
from app.media.probe import Probe, open_media, origin_of, picture_of, probe
from app.media.short_graph import upright

if TYPE_CHECKING:
    import av
else:
    av = late("av")


@dataclass(frozen=True)
class Short:
    """What a short is made of.

    keep: spans of the source, in order. framed: how they are taken upright. captions: an ASS
    document on the short's own time to burn in, or "".
    """

    keep: Ranges
    framed: Framed
    captions: str = ""


@dataclass(frozen=True, slots=True)
class Finished:
    """A short that plays. duration_us: microseconds. width, height: as displayed. bytes: size."""

    duration_us: int
    width: int
    height: int
    bytes: int


async def render_short(source: Path, probe: Probe, short: Short, out: Path, report: Report) -> None:
    """Write `short` to `out`, an MP4 of 1080 by 1920.

    Every kept frame once, with the distances it had; sound as in `export_cut`. `out` appears when
    it is whole: cancelled or failed, nothing stays. Raises ExportError.
    """
    if probe.video is None:
        raise ExportError(
            f"“{source.name}” has no picture, so no short can be made of it.",
            "Open the video instead of its sound.",
        )
    if not short.keep or not short.framed.shots:
        raise ExportError(
            "Nothing of this moment is kept, so there is nothing to render.",
            "Restore something of it, or move its edges.",
        )
    name = CAPTIONS if short.captions else ""
    filters = upright(short.framed, short.keep, probe.video, probe.origin, name)
    loud = probe.audio is not None and probe.audio.channels > 2
    options = (*X264, "-ac", "2") if loud else X264
    job = Job(
        source, short.keep, probe, filters, options,
        captions=short.captions, threads=threads(), wanted="the short",
    )  # fmt: skip
    await encode(job, out, report)


def threads() -> int:
    """How many threads a render has: one core is left to the window and the player."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, (cores or 2) - 1)


def check_short(path: Path, expected_us: int | None) -> Finished:
    """Look at a finished or downloaded short: it plays to its end. Raises MediaError.

    expected_us: how long it should be, None where that is not known; half a second or 2 % more or
    less is no fault. A shape other than upright is not one either, the caller sees the size.
    """
    _refuse_pages(path)
    found = probe(path)
    if found.video is None:
        raise MediaError(f"“{path.name}” has no picture, so it is not the short.", _AGAIN)
    slack = max(SECOND // 2, found.duration // 50)
    if expected_us is not None and abs(found.duration - expected_us) > slack:
        is_, should = found.duration / SECOND, expected_us / SECOND
        raise MediaError(f"“{path.name}” is {is_:.1f} s long and should be {should:.1f} s.", _AGAIN)
    if _last_frame(path, found.duration) < found.duration - max(slack, SECOND):
        raise MediaError(f"“{path.name}” was cut short: its end is missing.", _AGAIN)
    return Finished(found.duration, found.video.width, found.video.height, found.size_bytes)


_AGAIN = "Download or render it again."


def _refuse_pages(path: Path) -> None:
    """An address that has run out answers with a page, which the download then has in it."""
    try:
        with path.open("rb") as file:
            head = file.read(256)
    except OSError:
        return  # the probe tells what is wrong
    if not head:
        raise MediaError(f"“{path.name}” is empty: nothing arrived.", _AGAIN)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith((b"<", b"{")):
        raise MediaError(f"“{path.name}” holds a web page or a message instead of a video.", _AGAIN)


def _last_frame(path: Path, duration: int) -> int:
    """When the last frame that can be decoded begins, microseconds; before 0 where none can be."""
    last = -SECOND
    with open_media(path) as container:
        stream = picture_of(container)
        if stream is None or stream.time_base is None:
            return last
        origin = origin_of(container)
        try:
            container.seek(max(0, duration - 2 * SECOND) + origin)
            for frame in container.decode(stream):
                if frame.pts is not None:
                    last = max(last, round(frame.pts * stream.time_base * SECOND) - origin)
        except av.FFmpegError as problem:
            raise MediaError(
                f"“{path.name}” is damaged: it does not play to its end.", _AGAIN, str(problem)
            ) from problem
    return last
