"""The sound as numbers, for what listens to it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.errors import MediaError
from app.core.late import late
from app.media.probe import open_media, origin_of, sound_of

if TYPE_CHECKING:
    import av
    import av.container
else:
    av = late("av")


def read_pcm(path: Path, rate: int = 16_000) -> bytes:
    """All of the first sound track as mono signed 16-bit little-endian samples from time 0.

    Gaps at the beginning are silence. Empty without sound. Raises MediaError.
    """
    return b"".join(pcm_pieces(path, rate))


def pcm_pieces(path: Path, rate: int = 16_000) -> Iterator[bytes]:
    """The same, piece by piece as it is decoded."""
    with open_media(path) as container:
        stream = sound_of(container)
        if stream is None:
            return
        resampler = av.AudioResampler(format="s16", layout="mono", rate=rate)
        begun = False
        try:
            for frame in decoded(container, stream):
                if not begun and frame.pts is not None and frame.time_base:
                    begun = True
                    late = float(frame.pts * frame.time_base) - origin_of(container) / 1e6
                    if late > 0.001:
                        yield bytes(2 * round(late * rate))
                for out in resampler.resample(frame):
                    yield bytes(out.planes[0])[: out.samples * 2]
            for out in resampler.resample(None):
                yield bytes(out.planes[0])[: out.samples * 2]
        except av.FFmpegError as problem:
            raise MediaError(
                f"The sound of “{path.name}” could not be read to its end.",
                "The file may be damaged; copy it again.",
                str(problem),
            ) from problem


def decoded(
    container: av.container.InputContainer, stream: av.AudioStream
) -> Iterator[av.AudioFrame]:
    """All frames that can be decoded: a damaged packet is left out, as players do."""
    for packet in container.demux(stream):
        with contextlib.suppress(av.InvalidDataError):
            yield from packet.decode()
