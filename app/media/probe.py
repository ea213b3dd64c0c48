"""What a local file is: streams, length, displayed size. Refuses what is not a film or a sound."""

from __future__ import annotations

import contextlib
import mimetypes
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.errors import MediaError
from app.core.late import late
from app.media.clock_reference import first_clock_reference
from app.media.colour import Colour, colour_of
from app.media.mp4_layout import is_plain, lacks_index
from app.media.not_films import WRAP, is_bare_stream, is_list, kind_of

if TYPE_CHECKING:
    import av
    import av.container
else:
    av = late("av")

FORMATS = (
    "mov", "matroska", "avi", "mpegts", "mpeg", "flv", "asf", "ogg", "mxf", "dv", "gxf", "wtv",
    "rm", "nut", "ivf", "yuv4mpegpipe", "gif", "wav", "w64", "mp3", "flac", "aac", "ac3", "eac3",
    "aiff", "caf", "au", "amr", "wv",
)  # fmt: skip
"""Demuxers that hold media themselves. Playlists (hls, concat, dash, sdp …) are not among them: a
playlist named .mp4 would make a player fetch addresses."""

_ALIASES = ("mp4", "m4a", "3gp", "3g2", "mj2", "webm", "vob", "svcd", "m4v", "oga")
WHITELIST = ",".join(FORMATS + _ALIASES)
"""The same as FFmpeg's option wants it."""

SUFFIXES = (
    "mp4", "m4v", "mov", "qt", "mkv", "webm", "avi", "divx", "ts", "mts", "m2ts", "m2t", "trp",
    "mpg", "mpeg", "mpe", "m2p", "vob", "wmv", "asf", "flv", "f4v", "3gp", "3g2", "ogv", "ogm",
    "mxf", "dv", "gxf", "wtv", "rm", "rmvb", "nut", "ivf", "y4m", "gif",
)  # fmt: skip
"""What films of these formats are called, for a file dialog; the name decides nothing."""

_FROM_ZERO = {"matroska", "avi", "asf", "wav", "aiff"}
"""Demuxers of FFmpeg whose files are played by a demuxer of VLC's own that counts from pts 0."""

_HDR = {16, 18}
"""AVCOL_TRC_SMPTE2084 and AVCOL_TRC_ARIB_STD_B67."""


@dataclass(frozen=True, slots=True)
class VideoStream:
    """width, height: as displayed, rotation and sample aspect ratio applied.

    rotation: degrees clockwise that the stored picture is turned by, 0, 90, 180 or 270. sar:
    sample aspect ratio of the stored picture. fps: average frame rate. turned: width and height of
    the stored picture, turned but not stretched. colour: what its luma and chroma mean. hdr: made
    for screens far brighter than 100 nits (PQ or HLG).
    """

    width: int
    height: int
    rotation: int
    sar: Fraction
    fps: Fraction
    codec: str
    turned: tuple[int, int]
    colour: Colour
    hdr: bool = False


@dataclass(frozen=True, slots=True)
class AudioStream:
    """rate: samples a second."""

    rate: int
    channels: int
    codec: str


@dataclass(frozen=True, slots=True)
class Probe:
    """A file that can be played.

    container: the demuxer's names ("mov,mp4,m4a,3gp,3g2,mj2"). duration: microseconds.
    origin: microseconds to take from a stream's own pts to get Keeptake's time, see `origin_of`.
    subtitles: stream indices of text subtitles.
    """

    path: Path
    container: str
    duration: int
    origin: int
    video: VideoStream | None
    audio: AudioStream | None
    subtitles: tuple[int, ...]
    size_bytes: int
    content_type: str


def open_media(path: Path) -> av.container.InputContainer:
    """PyAV's container of a local file; nothing else than the file is opened. Raises MediaError."""
    try:
        with path.open("rb") as file:
            head = file.read(64)
    except OSError as problem:
        raise _unreadable(path, problem) from problem
    if not head:
        raise MediaError(f"“{path.name}” is empty.", "Copy it again from where it came from.")
    if is_list(head):
        raise MediaError(
            f"“{path.name}” is a list or a page, not a video, so nothing was opened or fetched.",
            "Open the video file itself.",
        )
    options = {"format_whitelist": WHITELIST, "protocol_whitelist": "file"}
    try:
        return av.open(f"file:{path.absolute()}", options=options, metadata_errors="replace")
    except (av.FFmpegError, ValueError) as problem:
        raise _not_media(path, problem, head) from problem


def probe(path: Path) -> Probe:
    """Look at a file without decoding it. Raises MediaError with a sentence."""
    with open_media(path) as container:
        video = picture_of(container)
        audio = sound_of(container)
        if video is None and audio is None:
            raise MediaError(
                f"“{path.name}” has neither picture nor sound that can be read.",
                "Open a video file, such as MP4, MOV, MKV or WebM.",
            )
        try:
            seen = _video(video) if video is not None else None
            heard = _audio(audio) if audio is not None else None
        except av.FFmpegError as problem:
            raise _not_media(path, problem) from problem
        origin = origin_of(container)
        duration = _duration(container, video, audio) - origin
        if duration <= 0:
            raise MediaError(
                f"“{path.name}” does not say how long it is: it is damaged or was cut short.",
                "Copy it again, or repair it by remuxing, for example to MKV.",
            )
        return Probe(
            path, container.format.name, duration, origin, seen, heard,
            tuple(s.index for s in container.streams.subtitles),
            path.stat().st_size, _content_type(path, container.format.name, seen is None),
        )  # fmt: skip


def origin_of(container: av.container.InputContainer) -> int:
    """Microseconds of a stream's own pts at which VLC's media time is 0, Keeptake's time.

    Measured on VLC 3.0.24 with the demuxers that app.playback.demuxers chooses. VLC's own count
    from pts 0, though the first frame may come later; in a transport stream from its first clock
    reference, some 0.7 s before it. libavformat, which reads the rest, counts from the first
    timestamp of any stream.
    """
    start = container.start_time or 0
    names = set(container.format.name.split(","))
    path = Path(container.name.removeprefix("file:"))
    if "mpegts" in names:
        reference = first_clock_reference(path)
        if reference is None:
            return start
        # Both are 33-bit counters; what is read may lie on the other side of the overflow.
        lead = (round(start * 9 / 100) - reference + (1 << 32)) % (1 << 33) - (1 << 32)
        return start - round(lead * 100 / 9) if abs(lead) < 10 * 90_000 else start
    if names & _FROM_ZERO or ("mov" in names and is_plain(path)):
        return 0
    return start


def picture_of(container: av.container.InputContainer) -> av.VideoStream | None:
    """The first video track that is a film and not the picture of a cover."""
    cover = av.stream.Disposition.attached_pic
    return next((s for s in container.streams.video if not s.disposition & cover), None)


def sound_of(container: av.container.InputContainer) -> av.AudioStream | None:
    """The first sound track that can be decoded."""
    return next((s for s in container.streams.audio if _has_decoder(s)), None)


def _has_decoder(stream: av.AudioStream) -> bool:
    context: av.AudioCodecContext | None = stream.codec_context
    return context is not None


def _video(stream: av.VideoStream) -> VideoStream:
    context: av.VideoCodecContext | None = stream.codec_context
    if context is None or not context.width or not context.height:
        raise MediaError(
            "The picture in this file cannot be read.", "Convert it to MP4 with H.264."
        )
    sar = stream.sample_aspect_ratio or Fraction(1)
    sar = sar if sar > 0 else Fraction(1)
    rotation = rotation_of(stream)
    width, height = displayed_size(context.width, context.height, sar, rotation)
    fps = stream.average_rate or stream.guessed_rate or Fraction(25)
    stored = (context.width, context.height)
    return VideoStream(
        width, height, rotation, sar, Fraction(fps), context.name,
        stored[::-1] if rotation in (90, 270) else stored,
        colour_of(context.colorspace, context.color_range, *stored, context.pix_fmt or ""),
        context.color_trc in _HDR,
    )  # fmt: skip


def displayed_size(width: int, height: int, sar: Fraction, rotation: int) -> tuple[int, int]:
    """Stored pixels as they are shown: stretched by the aspect ratio, then turned."""
    if sar > 1:
        width = round(width * sar)
    elif sar < 1:
        height = round(height / sar)
    return (height, width) if rotation in (90, 270) else (width, height)


def rotation_of(stream: av.VideoStream) -> int:
    """Clockwise degrees, from the first frame's display matrix; 0 where there is none."""
    container = stream.container
    assert isinstance(container, av.container.InputContainer)
    first = next(container.decode(stream), None)
    return round(-first.rotation / 90) * 90 % 360 if first else 0


def _audio(stream: av.AudioStream) -> AudioStream:
    return AudioStream(stream.rate or 48_000, stream.channels, stream.codec_context.name)


def _duration(
    container: av.container.InputContainer,
    video: av.VideoStream | None,
    audio: av.AudioStream | None,
) -> int:
    """Microseconds of the streams' own pts at which the last of them ends."""
    if container.duration and container.duration > 0:
        # Matroska's header counts from 0, everything else from its first timestamp.
        absolute = "matroska" in container.format.name.split(",")
        return container.duration + (0 if absolute else container.start_time or 0)
    ends = [
        int(((s.start_time or 0) + s.duration) * s.time_base * 1_000_000)
        for s in (video, audio)
        if s is not None and s.duration and s.time_base
    ]
    return max(ends, default=0) or _scan(container)


def _scan(container: av.container.InputContainer) -> int:
    """Streams without an index (raw recordings) tell their length by their last packet alone."""
    last = 0
    with contextlib.suppress(av.FFmpegError):  # what was read before the damage counts
        for packet in container.demux():
            if packet.pts is not None and packet.time_base:
                end = packet.pts + (packet.duration or 0)
                last = max(last, int(end * packet.time_base * 1_000_000))
    return last


def _content_type(path: Path, container: str, audio_only: bool) -> str:
    names = container.split(",")
    if audio_only:
        return mimetypes.guess_type(path.name)[0] or "audio/mp4"
    if "matroska" in names:
        return "video/webm" if path.suffix.lower() == ".webm" else "video/x-matroska"
    if "mp4" in names:
        return "video/quicktime" if path.suffix.lower() == ".mov" else "video/mp4"
    return mimetypes.guess_type(path.name)[0] or "application/octet-stream"


def _unreadable(path: Path, problem: OSError) -> MediaError:
    match problem:
        case FileNotFoundError():
            sentence = f"“{path.name}” is not there: it was moved, renamed or deleted."
            return MediaError(sentence, "Look for it and open it again.", str(problem))
        case PermissionError():
            sentence = f"You may not read “{path.name}”."
            return MediaError(sentence, "Ask its owner, or copy it.", str(problem))
        case IsADirectoryError():
            return MediaError(f"“{path.name}” is a folder.", "Open a video in it.", str(problem))
        case _:
            return MediaError(f"“{path.name}” could not be read.", "", str(problem))


def _not_media(path: Path, problem: Exception, head: bytes = b"") -> MediaError:
    text = str(problem)
    if kind := kind_of(head):
        return MediaError(f"“{path.name}” is {kind}, not a video.", "Open a video file.", text)
    if is_bare_stream(head):
        return MediaError(
            f"“{path.name}” is a bare video stream: its frames have no times, so it is not opened.",
            WRAP.format(name=path.name, stem=path.stem),
            text,
        )
    if lacks_index(path):
        cause = "it was cut short, so its index is missing"
    else:
        cause = "it is damaged, cut short, or no video at all"
    return MediaError(
        f"“{path.name}” cannot be opened as a video: {cause}. The file was left as it is.",
        "Copy it again from the camera or the download, or convert it to MP4.",
        text,
    )
