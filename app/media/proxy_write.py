"""One chunk of a proxy written: every picture a whole one, and the sound to the sample."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.frame import PictureType
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter

from app.core.errors import ExportError
from app.core.timerange import SECOND, TimeRange
from app.media.colour import colour_of_frame
from app.media.cut_sound import CutSound
from app.media.proxy_plan import Chunk, Kind

RATE = 48_000
"""Samples a second of the proxy's sound, in stereo."""

PACKET = 4
"""Milliseconds of sound in a packet at most. A list's entry begins and ends with whole packets."""

_ENCODING = {"qmin": "3", "qmax": "3", "huffman": "optimal"}
"""A quantiser of 3, of 2 to 31, shows no blocks; own tables make files a tenth smaller."""

_SOUGHT = {"cluster_time_limit": "1"}
"""Each packet of sound can be sought: without pictures only clusters can."""

_MILLISECOND = Fraction(1, 1000)

_PER_MS = RATE // 1000
_BYTES = 4
_MATRICES = {
    "bt601": Colorspace.ITU601, "bt709": Colorspace.ITU709, "bt2020": Colorspace.BT2020,
}  # fmt: skip


class Shrinker:
    """Decoded frames to the proxy's size and colour: upright, square pixels, BT.601, full range."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._size = size
        self._swscale = VideoReformatter()

    def shrunk(self, frame: av.VideoFrame) -> av.VideoFrame:
        """A new frame without a time."""
        turns = round(frame.rotation / 90) % 4
        width, height = self._size[::-1] if turns % 2 else self._size
        colour = colour_of_frame(frame)
        made = self._swscale.reformat(
            frame,
            width=width,
            height=height,
            format="yuv420p",
            src_colorspace=_MATRICES[colour.matrix],
            dst_colorspace=Colorspace.ITU601,
            src_color_range=ColorRange.JPEG if colour.full else ColorRange.MPEG,
            dst_color_range=ColorRange.JPEG,
            interpolation="BILINEAR",
            threads=1,
        )
        # What needs no change is handed back itself, and may be shown more than once.
        return _turned(made, turns) if turns or made is frame else made


def _turned(frame: av.VideoFrame, turns: int) -> av.VideoFrame:
    """Turned to the left by quarter turns, plane by plane."""
    wide, high = (frame.height, frame.width) if turns % 2 else (frame.width, frame.height)
    out = av.VideoFrame(wide, high, "yuv420p")
    for source, target in zip(frame.planes, out.planes, strict=True):
        rows = np.frombuffer(memoryview(source), np.uint8).reshape(-1, source.line_size)
        picture = np.rot90(rows[: source.height, : source.width], turns)
        into = np.frombuffer(memoryview(target), np.uint8).reshape(-1, target.line_size)
        into[: target.height, : target.width] = picture
    return out


class ProxySound:
    """A film's sound from some instant on, as 48 kHz stereo, handed out by the millisecond."""

    def __init__(self, source: Path, start: int, end: int) -> None:
        """start, end: milliseconds. Raises MediaError."""
        # It fades in what does not begin with the film: what is faded is not used.
        self._early = min(start, 20)
        span = TimeRange((start - self._early) * 1000, end * 1000 + SECOND)
        self._sound = CutSound(source, (span,))
        self._pieces = self._sound.pieces()
        layout = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1"}.get(self._sound.channels)
        self._layout = layout
        self._resampler = av.AudioResampler("s16", "stereo", RATE)
        self._kept = bytearray()
        self.at = start
        self._fill(self._early)
        del self._kept[: self._early * _PER_MS * _BYTES]

    def close(self) -> None:
        """Let go of the file."""
        self._sound.close()

    def until(self, end: int) -> bytes:
        """From where it is to `end` milliseconds; silence behind the film's end."""
        length = end - self.at
        self._fill(length)
        size = length * _PER_MS * _BYTES
        piece = bytes(self._kept[:size]).ljust(size, b"\0")
        del self._kept[:size]
        self.at = end
        return piece

    def _fill(self, length: int) -> None:
        while len(self._kept) < length * _PER_MS * _BYTES:
            piece = next(self._pieces, b"")
            if not piece:
                return
            for frame in self._resampler.resample(self._frame(piece)):
                self._kept += bytes(frame.planes[0])[: frame.samples * _BYTES]

    def _frame(self, piece: bytes) -> av.AudioFrame:
        samples = np.frombuffer(piece, np.float32).reshape(-1, self._sound.channels)
        if self._layout is None:  # an uncommon number of channels: the first two of them
            samples = samples[:, :2]
        flat = np.ascontiguousarray(samples).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(flat, "flt", self._layout or "stereo")
        frame.sample_rate = self._sound.rate
        frame.pts = None
        return frame


class UnwritableError(ExportError):
    """The folder of proxies does not take another chunk."""

    def __init__(self, problem: Exception) -> None:
        super().__init__(
            "The preview proxy could not be written; Keeptake works without it.",
            "Free some room, or set another cache folder in File > Settings….",
            str(problem),
        )


@contextlib.contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except (OSError, av.FFmpegError) as problem:
        raise UnwritableError(problem) from problem


class ChunkWriter:
    """Writes one chunk under another name, from which `finish` gives it its own when it is whole.

    All of it raises UnwritableError where the disk does not take it.
    """

    def __init__(
        self, folder: Path, chunk: Chunk, size: tuple[int, int] | None, sound: ProxySound | None
    ) -> None:
        """size: of the pictures; None for sound alone.

        sound: stands at the chunk's beginning; None for a film without.
        """
        self._folder = folder
        self._chunk = chunk
        self._sound = sound
        self._kind: Kind = "c" if size else "s"
        self._part = folder / f"{chunk.stem(self._kind)}.{os.getpid()}.part"
        with _writing():
            folder.mkdir(parents=True, exist_ok=True)
            options = {} if size else _SOUGHT
            self._container = av.open(str(self._part), "w", format="matroska", options=options)
        self._video = self._pictures(size) if size else None
        self._audio = None
        if sound is not None:
            self._audio = self._container.add_stream("pcm_s16le", RATE, layout="stereo")

    def _pictures(self, size: tuple[int, int]) -> av.VideoStream:
        chunk = self._chunk
        rate = Fraction((chunk.last - chunk.first) * 1000, chunk.end - chunk.start)
        video = self._container.add_stream("mjpeg", rate.limit_denominator(1001), _ENCODING)
        video.width, video.height = size
        video.pix_fmt = "yuv420p"
        video.codec_context.color_range = ColorRange.JPEG
        video.codec_context.colorspace = Colorspace.ITU601
        video.codec_context.thread_count = 1
        video.codec_context.time_base = _MILLISECOND
        return video

    def add(self, frame: av.VideoFrame, stamp: int, until: int) -> None:
        """A picture from `stamp` to `until` milliseconds, and what is heard meanwhile."""
        assert self._video is not None
        frame.pts, frame.time_base = stamp, _MILLISECOND
        frame.pict_type = PictureType.I
        with _writing():
            self._container.mux(self._video.encode(frame))
        self.hear(until)

    def hear(self, until: int) -> None:
        """The sound up to `until` milliseconds, in packets that begin anew there."""
        while self._sound is not None and self._sound.at < until:
            self._mux_sound(min(PACKET, until - self._sound.at))

    def finish(self) -> Path:
        """The chunk, whole and in its place."""
        with _writing():
            if self._video is not None:
                self._container.mux(self._video.encode(None))
            self._container.close()
            with self._part.open("rb") as file:
                os.fsync(file.fileno())
                size = os.fstat(file.fileno()).st_size
            path = self._folder / self._chunk.name(size, self._kind)
            self._part.replace(path)
        return path

    def give_up(self) -> None:
        """Leave nothing."""
        with contextlib.suppress(av.FFmpegError, OSError):  # closing writes what does not fit
            self._container.close()
        with contextlib.suppress(OSError):  # its folder may be gone
            self._part.unlink(missing_ok=True)

    def _mux_sound(self, length: int) -> None:
        assert self._sound is not None
        assert self._audio is not None
        begun = self._sound.at
        packet = av.Packet(self._sound.until(begun + length))
        packet.stream, packet.time_base = self._audio, _MILLISECOND
        packet.pts = packet.dts = begun
        packet.duration = length
        packet.is_keyframe = True
        with _writing():
            self._container.mux(packet)
