"""A film decoded from frame to frame for its proxy, from wherever it is begun."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import av

from app.core.errors import MediaError
from app.media.probe import open_media, origin_of, picture_of

THREADS = 2
"""That decode at the same time; the person's own work has the rest."""

NEAR = 500
"""Microseconds by which a frame may be later than the table says."""


class FilmFrames:
    """Decodes one film; not for two threads at once."""

    def __init__(self, path: Path) -> None:
        """Raises MediaError."""
        self._path = path
        self._open()

    def close(self) -> None:
        """Let go of the file."""
        self._container.close()

    def shown_at(self, times: Sequence[int], first: int) -> Iterator[av.VideoFrame]:
        """The picture of each of `times`, microseconds, from the one with the index `first` on.

        What cannot be decoded is the picture before it, as players hold it; the first picture
        there is where there is none before. Raises MediaError.
        """
        at = first
        before: av.VideoFrame | None = None
        for frame in self._from(times[first]):
            t = round((frame.pts or 0) * self._scale) - self._origin
            while before is not None and at < len(times) and times[at] < t - NEAR:
                yield before
                at += 1
            before = frame
        if before is None:
            raise MediaError(f"No picture of “{self._path.name}” could be decoded.", "")
        for _ in range(at, len(times)):
            yield before

    def _open(self) -> None:
        self._container = open_media(self._path)
        stream = picture_of(self._container)
        if stream is None or stream.time_base is None:
            self._container.close()
            raise MediaError(f"“{self._path.name}” has no picture.", "")
        stream.thread_type = "AUTO"
        stream.codec_context.thread_count = THREADS
        self._stream = stream
        self._scale = stream.time_base * 1_000_000
        self._origin = origin_of(self._container)

    def _from(self, t: int) -> Iterator[av.VideoFrame]:
        """Decoded frames, the first of them not after `t` unless the film begins later."""
        for before in (100_000, 2_000_000, 10_000_000, 30_000_000):
            if t <= before or not self._sought(t - before):
                break
            frames = self._decoded()
            frame = next(frames, None)
            if frame is not None and self._time(frame) <= t + NEAR:
                yield frame
                yield from frames
                return
        self._container.close()
        self._open()
        yield from self._decoded()

    def _sought(self, t: int) -> bool:
        target = int((t + self._origin) / self._scale)
        try:
            self._container.seek(target, stream=self._stream, backward=True)
        except av.FFmpegError:
            return False
        return True

    def _decoded(self) -> Iterator[av.VideoFrame]:
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
            except (av.FFmpegError, OSError) as problem:
                raise MediaError(
                    f"“{self._path.name}” could not be read to its end.", "", str(problem)
                ) from problem
            if packet is None:
                return
            with contextlib.suppress(av.FFmpegError):  # a damaged picture is left out
                for frame in packet.decode():
                    if frame.pts is not None:
                        yield frame

    def _time(self, frame: av.VideoFrame) -> int:
        return round((frame.pts or 0) * self._scale) - self._origin
