"""Single frames out of proxy chunks, a few files kept open."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from app.core.errors import MediaError
from app.core.late import late
from app.media.colour import Colour, Conversion
from app.media.probe import open_media, picture_of
from app.media.stills import Still

if TYPE_CHECKING:
    import av
    import av.container
else:
    av = late("av")

OPEN = 3
"""Chunks kept open."""

_PROXY = Colour("bt601", full=True)


class ChunkStills:
    """Reads stills; for any thread, one at a time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._open: OrderedDict[Path, av.container.InputContainer] = OrderedDict()
        self._conversion = Conversion()

    def at(self, path: Path, stamp: int, pts_us: int) -> Still | None:
        """The picture at `stamp` milliseconds, which is the film's at `pts_us`; None: damaged."""
        with self._lock:
            try:
                return self._read(self._container(path), stamp, pts_us)
            except (MediaError, av.FFmpegError, OSError):
                self._close(path)
                return None

    def forget(self, path: Path) -> None:
        """Let go of a file that is to be deleted."""
        with self._lock:
            self._close(path)

    def close(self) -> None:
        """Let go of all files."""
        with self._lock:
            for path in tuple(self._open):
                self._close(path)

    def _container(self, path: Path) -> av.container.InputContainer:
        if path not in self._open:
            while len(self._open) >= OPEN:
                self._close(next(iter(self._open)))
            self._open[path] = open_media(path)
        self._open.move_to_end(path)
        return self._open[path]

    def _read(
        self, container: av.container.InputContainer, stamp: int, pts_us: int
    ) -> Still | None:
        stream = picture_of(container)
        if stream is None:
            return None
        container.seek(stamp, stream=stream, backward=True)
        for packet in container.demux(stream):
            if packet.pts != stamp:
                return None
            for frame in packet.decode():
                assert isinstance(frame, av.VideoFrame)
                size = frame.width, frame.height
                made = self._conversion.bgrx(frame, size, _PROXY)
                return Still(*size, made.tight, pts_us)
        return None

    def _close(self, path: Path) -> None:
        container = self._open.pop(path, None)
        if container is not None:
            container.close()
