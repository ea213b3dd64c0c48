"""The cut as one video: exact frames through ffmpeg, sound sliced to the sample in process."""

from __future__ import annotations

from pathlib import Path

from app.core.errors import ExportError
from app.core.timerange import Ranges
from app.media.encode import Job, Report, encode
from app.media.filter_text import closed_gaps, kept_frames
from app.media.probe import Probe

X264 = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-pix_fmt", "yuv420p")
"""Visually lossless and about as fast as the machine decodes."""


async def export_cut(source: Path, keep: Ranges, probe: Probe, out: Path, report: Report) -> None:
    """Write the kept spans of `source` to `out`, whose suffix names the container.

    Every kept frame once, with the distances it had; sound to the sample with short fades at the
    joins. `out` appears when it is whole: cancelled or failed, nothing stays. Raises ExportError.
    """
    if not keep:
        raise ExportError(
            "Everything is removed, so there is nothing to export.", "Restore something first."
        )
    filters = video_filter(keep, probe.origin)
    await encode(Job(source, keep, probe, filters, X264), out, report)


def video_filter(keep: Ranges, origin: int = 0) -> str:
    """ffmpeg's filter text: select the kept frames and close the gaps.

    origin: microseconds of pts at time 0.
    """
    return (
        f"[0:V:0]{kept_frames(keep, origin)},{closed_gaps(keep, origin)},"
        "crop=floor(iw/2)*2:floor(ih/2)*2[v]"
    )
