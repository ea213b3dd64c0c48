"""Which of VLC's demuxers reads a container, and how exactly VLC then says where it is.

The demuxer is pinned, since a playlist may be in disguise: VLC chooses by content, so an .mp4
holding a playlist would make it ask the network (ecosystem.md trap 10).

Measured on VLC 3.0.24, coded films, 8 places each. VLC's own demuxers start exactly where they were
sent in MP4, Matroska, AVI and ASF. Its MP4 demuxer loses its way in fragments and edit lists, its
Ogg and program stream demuxers are up to seconds off: libavformat is not. That one begins at the
first packet after the place it was sent to, so the clock runs up to a packet of sound early.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.core.errors import MediaError
from app.media.mp4_layout import is_plain

_OWN = {
    "mp4": "mp4", "mov": "mp4", "m4a": "mp4", "3gp": "mp4", "qt": "mp4",
    "matroska": "mkv", "mkv": "mkv", "webm": "mkv", "avi": "avi", "asf": "asf",
    "mpegts": "ts", "mpegtsraw": "ts", "wav": "wav", "aiff": "aiff",
}  # fmt: skip
_PLAYLISTS = {
    "hls", "applehttp", "concat", "concatf", "dash", "m3u", "m3u8", "xspf", "pls", "asx", "imf",
    "sdp", "rtsp", "playlist", "tty",
}  # fmt: skip
_ONE_CLOCK = {"mxf", "dv", "gxf", "nut", "ivf", "yuv4mpegpipe"}
"""Their sound comes in packets as long as a picture, or there is none."""
SOUND_PACKET = 26_000
"""The longest packets of sound in common use, microseconds: 1152 samples of MP3."""
TS_LEAD = 1_400_000
"""VLC goes by clock references, which precede their pictures, and may land so much too late."""
PS_LEAD = 600_000

EDIT_LIST = "keeptake edit list"
"""The container of lists that Keeptake wrote itself, over its own proxies."""


@dataclass(frozen=True, slots=True)
class Demuxing:
    """How VLC reads a film.

    options: media options. late: microseconds by which a picture may lie later in the film than the
    clock says after a seek. lead: microseconds before an intra frame that have to be sought to for
    it to be shown; 0 where any place can be.
    """

    options: tuple[str, ...]
    late: int = 0
    lead: int = 0

    @property
    def exact(self) -> bool:
        """Whether every picture is known while playing; stills always are."""
        return not (self.late or self.lead)


def demuxing(container: str, path: Path | None = None) -> Demuxing:
    """For a probed container; of MP4 the file is looked into. MediaError for a playlist."""
    if container == EDIT_LIST:
        # libavformat opens the next piece while what is cached plays on: a second of it.
        return Demuxing((":demux=avformat", ":avformat-format=concat", ":file-caching=1000"))
    names = container.lower().replace(" ", "").split(",")
    if not names[0] or _PLAYLISTS & set(names):
        raise MediaError(
            "This file is a list of other files, not a video, so it is not played.",
            "Open the video itself.",
            container,
        )
    own = next((_OWN[n] for n in names if n in _OWN), None)
    if own == "mp4" and path is not None and not is_plain(path):
        own = None
    if own:
        transport = own == "ts"
        return Demuxing((f":demux={own}",), SOUND_PACKET * transport, lead=TS_LEAD * transport)
    return Demuxing(
        (":demux=avformat", f":avformat-format={names[0]}"),
        0 if names[0] in _ONE_CLOCK else SOUND_PACKET,
        PS_LEAD if names[0] == "mpeg" else 0,
    )


def demuxer_options(container: str, path: Path | None = None) -> tuple[str, ...]:
    """Only the media options."""
    return demuxing(container, path).options
