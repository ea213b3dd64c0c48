"""Which of VLC's demuxers reads a container: pinned, since a playlist may be in disguise."""

from __future__ import annotations

from app.core.errors import MediaError

_DEMUXERS = {
    "mp4": "mp4", "mov": "mp4", "m4a": "mp4", "3gp": "mp4", "qt": "mp4",
    "matroska": "mkv", "mkv": "mkv", "webm": "mkv",
    "avi": "avi", "ogg": "ogg", "wav": "wav", "aiff": "aiff", "asf": "asf",
    "mpegts": "ts", "mpegtsraw": "ts", "mpeg": "ps",
}  # fmt: skip
_PLAYLISTS = {
    "hls", "applehttp", "concat", "concatf", "dash", "m3u", "m3u8", "xspf", "pls", "asx", "imf",
    "sdp", "rtsp", "playlist", "tty",
}  # fmt: skip


EDIT_LIST = "keeptake edit list"
"""The container of lists that Keeptake wrote itself, over its own proxies."""


def demuxer_options(container: str) -> tuple[str, ...]:
    """Media options that pin VLC's demuxer to the probed container.

    VLC chooses by content, so an .mp4 holding a playlist would make it ask the network
    (ecosystem.md trap 10). MediaError for a playlist.
    """
    if container == EDIT_LIST:
        # libavformat opens the next piece while what is cached plays on: a second of it.
        return (":demux=avformat", ":avformat-format=concat", ":file-caching=1000")
    names = container.lower().replace(" ", "").split(",")
    if not names[0] or _PLAYLISTS & set(names):
        raise MediaError(
            "This file is a list of other files, not a video, so it is not played.",
            "Open the video itself.",
            container,
        )
    known = next((_DEMUXERS[n] for n in names if n in _DEMUXERS), None)
    if known:
        return (f":demux={known}",)
    return (":demux=avformat", f":avformat-format={names[0]}")
