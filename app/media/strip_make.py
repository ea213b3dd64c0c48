"""A film's loudness and thumbnails, read from the film: in the process that makes strips."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import av
import numpy as np

from app.core.errors import KeeptakeError, MediaError
from app.core.loudness import CHUNK, CHUNK_STEPS, FACTOR, STEP, STOREYS, LoudnessChunk
from app.core.timerange import SECOND, TimeRange
from app.media.colour import Conversion, colour_of_frame
from app.media.cut_sound import CutSound, reading_from
from app.media.probe import displayed_size, open_media, origin_of, picture_of
from app.media.stills import Still

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float32]

HIGH = 96
"""Pixels of a thumbnail, enough for 48 at 200 % scaling; of an upright film as well."""

_EARLY = 20_000
"""Microseconds by which reading begins before a chunk: what is read is faded in."""
_AT_ONCE = 1000
"""Levels computed at once: ten seconds."""


class SoundMeter:
    """Measures a film's sound chunk by chunk, going on where it can; for one thread."""

    def __init__(self, film: Path, duration: int) -> None:
        """duration: microseconds. Raises MediaError."""
        self._film = film
        self._duration = duration
        with open_media(film) as container:
            far = (TimeRange(1000 * SECOND, 2000 * SECOND),)
            self._jumps = reading_from(far, container.format.name) > 0
        self._run: tuple[CutSound, Iterator[LoudnessChunk]] | None = None
        self._next = 0

    def close(self) -> None:
        """Let go of the film."""
        if self._run is not None:
            self._run[0].close()
            self._run = None

    def towards(self, number: int) -> tuple[int, LoudnessChunk]:
        """Chunk `number`; in a file without an index the next one on the way to it.

        Raises MediaError or ExportError.
        """
        if self._run is None or number < self._next or (self._jumps and number != self._next):
            self._begin(number if self._jumps else 0)
        assert self._run is not None
        try:
            chunk = next(self._run[1])
        except KeeptakeError:
            self.close()
            raise
        self._next += 1
        return self._next - 1, chunk

    def _begin(self, number: int) -> None:
        self.close()
        start = number * CHUNK
        early = min(start, _EARLY)
        sound = CutSound(self._film, (TimeRange(start - early, self._duration + CHUNK),))
        self._run = sound, _chunks(sound, early * sound.rate // SECOND)
        self._next = number


def _chunks(sound: CutSound, skipped: int) -> Iterator[LoudnessChunk]:
    """Loudness from a sound that begins `skipped` samples before a chunk."""
    pieces = sound.pieces()
    wide = sound.channels
    edges = np.arange(CHUNK_STEPS + 1) * sound.rate * (STEP // 1000) // 1000
    kept: Floats = np.zeros(0, np.float32)
    drop = skipped * wide
    while True:
        peaks = np.zeros(CHUNK_STEPS, np.float32)
        squares = np.zeros(CHUNK_STEPS, np.float32)
        for first in range(0, CHUNK_STEPS, _AT_ONCE):
            mine = edges[first : first + _AT_ONCE + 1]
            count = int(mine[-1] - mine[0]) * wide
            parts, there = [kept], len(kept)
            while there < count + drop:
                piece = np.frombuffer(next(pieces, b""), np.float32)
                if not len(piece):
                    break
                parts.append(piece)
                there += len(piece)
            flat = np.concatenate(parts)[drop:]
            flat, kept, drop = flat[:count], flat[count:], 0
            if len(flat) < count:
                flat = np.pad(flat, (0, count - len(flat)))
            starts = (mine[:-1] - mine[0]) * wide
            lengths = np.diff(mine) * wide
            upto = first + len(starts)
            peaks[first:upto] = np.maximum.reduceat(np.abs(flat), starts)
            squares[first:upto] = np.add.reduceat(flat * flat, starts) / lengths
        yield LoudnessChunk(_storeys_of_peaks(peaks), _storeys_of_means(squares))


def _storeys_of_peaks(line: Floats) -> tuple[bytes, ...]:
    out = []
    for _ in range(STOREYS):
        out.append(_levels(line, 80))
        line = line.reshape(-1, FACTOR).max(axis=1)
    return tuple(out)


def _storeys_of_means(line: Floats) -> tuple[bytes, ...]:
    """line: mean squares."""
    out = []
    for _ in range(STOREYS):
        out.append(_levels(line, 40))
        line = line.reshape(-1, FACTOR).mean(axis=1)
    return tuple(out)


def _levels(line: Floats, per_decade: int) -> bytes:
    """Bytes of a quarter of a decibel, as app.core.loudness has them."""
    sane = np.nan_to_num(line, nan=0.0, posinf=1.0)
    levels = 255 + per_decade * np.log10(np.maximum(sane, 1e-20))
    return bytes(np.clip(np.rint(levels), 0, 255).astype(np.uint8))


class KeyPictures:
    """Small key frames of a film; for one thread."""

    def __init__(self, film: Path) -> None:
        """Raises MediaError."""
        self._film = film
        self._conversion = Conversion()
        self._open()

    def close(self) -> None:
        """Let go of the film."""
        self._container.close()

    def near(self, t: int) -> Still:
        """The key frame on screen at `t` microseconds or before, small; raises MediaError."""
        try:
            frame = self._sought(t) or self._sought(t - 10 * SECOND) or self._sought(0)
            if frame is None:
                self._container.close()
                self._open()
                frame = self._first()
            if frame is None:
                raise MediaError(f"No picture of “{self._film.name}” could be decoded.", "")
            return self._small(frame)
        except (av.FFmpegError, OSError) as problem:
            raise MediaError(
                f"A frame of “{self._film.name}” could not be read.",
                "Look whether the file is still there and whole.",
                str(problem),
            ) from problem

    def _open(self) -> None:
        self._container = open_media(self._film)
        stream = picture_of(self._container)
        if stream is None or stream.time_base is None:
            self._container.close()
            raise MediaError(f"“{self._film.name}” has no picture.", "")
        # Threads that decode frames side by side would give the first one late.
        stream.thread_type = "SLICE"
        stream.codec_context.thread_count = 1
        stream.codec_context.skip_frame = "NONKEY"
        self._stream = stream
        self._scale = stream.time_base * SECOND
        self._origin = origin_of(self._container)

    def _sought(self, t: int) -> av.VideoFrame | None:
        stamp = int((max(0, t) + self._origin) / self._scale)
        try:
            self._container.seek(stamp, stream=self._stream, backward=True)
        except av.FFmpegError:
            return None
        return self._first()

    def _first(self) -> av.VideoFrame | None:
        codec = self._stream.codec_context
        for packet in self._container.demux(self._stream):
            if not packet.is_keyframe:
                continue
            try:
                # What a decoder holds back for pictures to come, it gives at the end.
                frames = packet.decode() or codec.decode(None)
            except av.FFmpegError:
                codec.flush_buffers()
                continue
            for frame in frames:
                if frame.pts is not None:
                    return frame
            codec.flush_buffers()
        return None

    def _small(self, frame: av.VideoFrame) -> Still:
        turns = round(frame.rotation / 90) % 4
        sar = self._stream.sample_aspect_ratio or Fraction(1)
        wide, high = displayed_size(frame.width, frame.height, sar if sar > 0 else Fraction(1), 0)
        upright = wide if turns % 2 else high
        size = max(1, round(wide * HIGH / upright)), max(1, round(high * HIGH / upright))
        made = self._conversion.bgrx(frame, size, colour_of_frame(frame))
        rows = np.frombuffer(made.data, np.uint32).reshape(-1, made.stride // 4)
        picture = np.ascontiguousarray(np.rot90(rows[: made.height, : made.width], turns))
        pts_us = round((frame.pts or 0) * self._scale) - self._origin
        return Still(picture.shape[1], picture.shape[0], picture.tobytes(), pts_us)
