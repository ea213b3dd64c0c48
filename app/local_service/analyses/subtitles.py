"""The text of a subtitle track inside the video, as SubRip."""

from __future__ import annotations

from pathlib import Path

from app.core.timerange import SECOND
from app.media.probe import open_media, origin_of

_FIELDS = 8
"""Commas before the text of an ASS event as it lies in a packet: ReadOrder … Effect."""


def subtitle_text(path: Path) -> str:
    """The first text subtitle track as a .srt file; "" where there is none. Raises MediaError."""
    with open_media(path) as container:
        for stream in container.streams.subtitles:
            entries: list[str] = []
            for packet in container.demux(stream):
                if packet.pts is None or packet.time_base is None:
                    continue
                start = round(packet.pts * packet.time_base * SECOND) - origin_of(container)
                length = round((packet.duration or 0) * packet.time_base * SECOND)
                text = "\n".join(t for t in map(_line, packet.decode()) if t)
                if text and length > 0:
                    times = f"{_clock(start)} --> {_clock(start + length)}"
                    entries.append(f"{len(entries) + 1}\n{times}\n{text}\n")
            if entries:
                return "\n".join(entries)
    return ""


def _line(event: object) -> str:
    raw = getattr(event, "ass", b"")
    line = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)
    parts = line.split(",", _FIELDS)
    return parts[-1].replace("\\N", "\n").strip() if len(parts) > _FIELDS else ""


def _clock(t: int) -> str:
    ms = max(0, t) // 1000
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02},{ms % 1000:03}"
