"""The sound of a cut, sample by sample, with short fades at the joins."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from app.core.errors import ExportError, MediaError
from app.core.late import late
from app.core.timerange import SECOND, Ranges
from app.media.probe import open_media, origin_of, sound_of
from app.media.sound import decoded

if TYPE_CHECKING:
    import av
    import numpy as np
    from numpy.typing import NDArray

    Samples: TypeAlias = NDArray[np.float32]
    """Rows of samples, one column a channel."""
else:
    av = late("av")
    np = late("numpy")

HOLE = 10
"""Seconds of silence made at a time: a hole may be hours long."""

FADE = 5_000
"""Microseconds of fade on each side of a join: enough against a click, too short to be heard."""


LEAD = 2 * SECOND
"""Microseconds before the first kept instant at which reading begins: decoders warm up on less."""


def reading_from(keep: Ranges, container: str) -> int:
    """The instant from which a file has to be read for `keep`; 0, from its beginning.

    container: the demuxer's names. Only those that carry an index are skipped into: elsewhere a
    seek may land behind the instant, or on times of its own reckoning.
    """
    indexed = container.split(",", maxsplit=1)[0] in ("mov", "matroska")
    return keep[0].start - LEAD if indexed and keep and keep[0].start > 5 * LEAD else 0


class CutSound:
    """Decodes a file's first sound track and gives the kept spans as interleaved float32.

    What the track does not cover (it may begin late, have holes or end early) is silence, so that
    sound and picture stay together to the end. rate: samples a second, channels: number.
    """

    def __init__(self, source: Path, keep: Ranges) -> None:
        """Raises MediaError where the file cannot be opened or has no sound."""
        self._source = source
        self._container = open_media(source)
        stream = sound_of(self._container)
        if stream is None:
            self._container.close()
            raise MediaError(f"“{source.name}” has no sound.", "")
        self._stream = stream
        self._origin = origin_of(self._container)
        self.rate = self._stream.rate or 48_000
        self.channels = min(8, self._stream.channels)
        self._spans = [(self._sample(r.start), self._sample(r.end)) for r in keep]
        self._fade = max(1, self._sample(FADE))
        skipped = reading_from(keep, self._container.format.name)
        self._first = self._sample(skipped)
        if skipped:
            self._container.seek(skipped + self._origin)

    def close(self) -> None:
        """Let go of the file."""
        self._container.close()

    def pieces(self) -> Iterator[bytes]:
        """The cut's sound from its beginning to its end, in pieces of any length."""
        try:
            source = self._continuous()
            at = self._first
            block = np.zeros((0, self.channels), np.float32)
            for number, (start, end) in enumerate(self._spans):
                done = start
                while done < end:
                    if at + len(block) <= done:
                        at += len(block)
                        block = next(source, self._silence(done, at))
                        continue
                    piece = block[max(0, done - at) : end - at]
                    yield self._faded(piece, done, number).tobytes()
                    done += len(piece)
        except av.FFmpegError as problem:
            raise ExportError(
                f"The sound of “{self._source.name}” could not be read to its end.",
                "Nothing was written. The file may be damaged.",
                str(problem),
            ) from problem

    def _sample(self, us: int) -> int:
        return (us * self.rate + SECOND // 2) // SECOND

    def _silence(self, wanted: int, at: int) -> Samples:
        """Past the end of the track: what brings the block beyond `wanted`, or towards it."""
        length = min(wanted - at + self.rate, HOLE * self.rate)
        return np.zeros((length, self.channels), np.float32)

    def _continuous(self) -> Iterator[Samples]:
        """The track from where reading begins, holes filled, overlaps dropped."""
        resampler = av.AudioResampler("flt", self._stream.layout, self.rate)
        made_for: tuple[str, str, int] | None = None
        at = self._first
        for frame in decoded(self._container, self._stream):
            kind = (frame.format.name, frame.layout.name, frame.sample_rate)
            if made_for not in (None, kind):  # recordings of broadcasts change in the middle
                resampler = av.AudioResampler("flt", self._stream.layout, self.rate)
            made_for = kind
            starts = at
            if frame.pts is not None and frame.time_base:
                us = round(frame.pts * frame.time_base * SECOND) - self._origin
                starts = self._sample(us) if us >= 0 else -self._sample(-us)
            # Times are rounded in many containers: a few samples are no hole.
            if abs(starts - at) <= self.rate // 500:
                starts = at
            while starts > at:
                hole = min(starts - at, HOLE * self.rate)
                yield np.zeros((hole, self.channels), np.float32)
                at += hole
            for out in resampler.resample(frame):
                block = out.to_ndarray().reshape(-1, self._stream.channels)[:, : self.channels]
                fresh = block[max(0, at - starts) :]
                starts += len(block)
                if len(fresh):
                    yield fresh.astype(np.float32, copy=False)
                    at = starts

    def _faded(self, piece: Samples, done: int, number: int) -> Samples:
        """`piece` with the part of the fades that falls into it; film ends are left alone."""
        start, end = self._spans[number]
        fade = min(self._fade, (end - start) // 2)
        if fade == 0:
            return np.ascontiguousarray(piece)
        index = np.arange(done, done + len(piece))
        gain = np.ones(len(piece), np.float32)
        if start > 0:
            gain = np.minimum(gain, (index - start + 0.5) / fade)
        if number + 1 < len(self._spans):
            gain = np.minimum(gain, (end - index - 0.5) / fade)
        return np.ascontiguousarray(piece * gain[:, None], dtype=np.float32)
