"""A smaller copy of the film, for services that take only so much; its times are the film's."""

from __future__ import annotations

import asyncio
import contextlib
import time
from pathlib import Path

from app.core.errors import ExportError
from app.core.timerange import SECOND, TimeRange
from app.media.encode import Job, Report, encode
from app.media.filter_text import closed_gaps, kept_frames
from app.media.probe import Probe
from app.media.short import threads

BITS_A_SECOND: dict[int, int] = {1080: 6_000_000, 720: 3_000_000}
"""The most that a copy's picture takes, by its lines (the shorter side as displayed)."""

_SOUND = 192_000
_BUFFER = 2
"""Seconds of the rate that the encoder may be ahead by; 20 s of noise came to 1.02 of the rate."""

_WRAPPING = 1.01
"""What the container adds, generously."""

CONTENT_TYPE = "video/mp4"

_KEPT_DAYS = 7


def most_bytes(lines: int, duration: int) -> int:
    """What a copy of so many lines has at most; duration: microseconds."""
    seconds = duration / SECOND + _BUFFER
    return round((BITS_A_SECOND[lines] + _SOUND) / 8 * seconds * _WRAPPING)


async def upload_copy(
    source: Path, probe: Probe, lines: int, folder: Path, name: str, report: Report
) -> Path:
    """The copy of `source` in `folder`, made unless it is there from before; an MP4.

    Every frame once, at its time in the film, never enlarged; sound to the sample. name: tells one
    film's content from all others. Copies that nobody fetched for a week are removed. Raises
    ExportError; cancelled or failed, nothing half-written stays.
    """
    out = folder / f"{name}-{lines}.mp4"
    if await asyncio.to_thread(_there, folder, out):
        return out
    whole = (TimeRange(0, probe.duration),)
    filters = (
        f"[0:V:0]{kept_frames(whole, probe.origin)},{closed_gaps(whole, probe.origin)},"
        f"{_smaller(lines)}[v]"
    )
    most = BITS_A_SECOND[lines]
    options = (
        "-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-pix_fmt", "yuv420p",
        "-maxrate", str(most), "-bufsize", str(_BUFFER * most),
    )  # fmt: skip
    job = Job(
        source, whole, probe, filters, options, threads=threads(), wanted="the smaller copy"
    )  # fmt: skip
    await encode(job, out, lambda _stage, done: report("Making the smaller copy", done))
    return out


def _smaller(lines: int) -> str:
    """The filter that brings the shorter side down to `lines`; both sides even."""
    factor = f"min(1,{lines}/min(iw,ih))"
    return f"scale=w='2*trunc(iw*{factor}/2)':h='2*trunc(ih*{factor}/2)':flags=bicubic"


def _there(folder: Path, out: Path) -> bool:
    """Whether the copy is there; makes room for it where it is not."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        old = time.time() - _KEPT_DAYS * 86_400
        for other in folder.glob("*.mp4"):
            with contextlib.suppress(OSError):
                if other != out and other.stat().st_mtime < old:
                    other.unlink()
        return out.is_file()
    except OSError as problem:
        raise ExportError(
            f"The smaller copy cannot be made in “{folder}”. Nothing was sent.",
            "Choose another cache folder in File > Settings…, or upload the original.",
            str(problem),
        ) from problem
