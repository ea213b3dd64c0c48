"""The files of a film's strips: chunks of loudness and small JPEG pictures, and what is in them."""

from __future__ import annotations

import contextlib
import os
import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.late import late
from app.core.loudness import CHUNK_STEPS, FACTOR, STOREYS, LoudnessChunk
from app.media.colour import Colour, Conversion
from app.media.stills import Still

if TYPE_CHECKING:
    import av
    import numpy as np
    from av.video import reformatter
else:
    av = late("av")
    np = late("numpy")
    reformatter = late("av.video.reformatter")

_SIZES = tuple(CHUNK_STEPS // FACTOR**k for k in range(STOREYS))
_NAME = re.compile(r"(?:sound(\d+)|picture(\d+)_(\d+))-(\d+)\.(?:loud|jpg)")
_JPEG = Colour("bt601", full=True)
_QUALITY = {"qmin": "4", "qmax": "4", "huffman": "optimal"}
"""A quantiser of 4, of 2 to 31: at this size nobody sees it."""


@dataclass(frozen=True)
class Kept:
    """What there is of a film. sounds: number -> file. pictures: instant -> (true time, file).

    Instants and times are microseconds.
    """

    sounds: dict[int, Path]
    pictures: dict[int, tuple[int, Path]]


def kept(folder: Path | None) -> Kept:
    """What lies in `folder` and is whole; nothing where it cannot be read."""
    found = Kept({}, {})
    if folder is None:
        return found
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            match = _NAME.fullmatch(entry.name)
            if match is None or entry.stat().st_size != int(match[4]):
                continue
            if match[1]:
                found.sounds[int(match[1])] = Path(entry.path)
            else:
                found.pictures[int(match[2])] = int(match[3]), Path(entry.path)
    return found


def read_sounds(files: dict[int, Path]) -> dict[int, LoudnessChunk]:
    """Those that can be read."""
    made: dict[int, LoudnessChunk] = {}
    for number, path in files.items():
        with contextlib.suppress(OSError, ValueError):
            made[number] = chunk_of(path.read_bytes())
    return made


def keep_sound(folder: Path, number: int, data: bytes) -> None:
    """Raises OSError."""
    _write(folder / f"sound{number}-{len(data)}.loud", data)


def keep_picture(folder: Path, t: int, pts_us: int, jpeg: bytes) -> None:
    """Raises OSError."""
    _write(picture_path(folder, t, pts_us, jpeg), jpeg)


def picture_path(folder: Path, t: int, pts_us: int, jpeg: bytes) -> Path:
    """Where the thumbnail of instant `t` is kept."""
    return folder / f"picture{t}_{max(0, pts_us)}-{len(jpeg)}.jpg"


def bytes_of(chunk: LoudnessChunk) -> bytes:
    """All storeys of the peaks, then all of the means."""
    return b"".join((*chunk.peaks, *chunk.means))


def chunk_of(data: bytes) -> LoudnessChunk:
    """The same back; raises ValueError where the length is another one."""
    pieces: list[bytes] = []
    at = 0
    for size in _SIZES * 2:
        pieces.append(data[at : at + size])
        at += size
    if at != len(data):
        raise ValueError("not a chunk of loudness")
    return LoudnessChunk(tuple(pieces[:STOREYS]), tuple(pieces[STOREYS:]))


def jpeg_of(still: Still) -> bytes:
    """The picture in some kilobytes."""
    rows = np.frombuffer(still.bgrx, np.uint8).reshape(still.height, still.width, 4)
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(rows[:, :, :3]), "bgr24").reformat(
        format="yuvj420p",
        dst_colorspace=reformatter.Colorspace.ITU601,
        dst_color_range=reformatter.ColorRange.JPEG,
    )
    codec = av.CodecContext.create("mjpeg", "w")
    assert isinstance(codec, av.VideoCodecContext)
    codec.width, codec.height, codec.pix_fmt = still.width, still.height, "yuvj420p"
    codec.time_base, codec.options = Fraction(1, 25), dict(_QUALITY)
    codec.thread_count = 1
    return b"".join(bytes(p) for p in (*codec.encode(frame), *codec.encode(None)))


def still_of(jpeg: bytes, pts_us: int) -> Still | None:
    """The picture; None where it is damaged."""
    codec = av.CodecContext.create("mjpeg", "r")
    assert isinstance(codec, av.VideoCodecContext)
    codec.thread_count = 1
    try:
        frames = codec.decode(av.Packet(jpeg))
        if not frames:
            return None
        frame = frames[0]
        made = Conversion().bgrx(frame, (frame.width, frame.height), _JPEG)
    except av.FFmpegError:
        return None
    rows = np.frombuffer(made.data, np.uint8).reshape(-1, made.stride)
    pixels = np.ascontiguousarray(rows[: made.height, : 4 * made.width])
    return Still(made.width, made.height, pixels.tobytes(), pts_us)


def read_still(path: Path, pts_us: int) -> Still | None:
    """The picture in a file; None where it is gone or damaged."""
    try:
        return still_of(path.read_bytes(), pts_us)
    except OSError:
        return None


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise
