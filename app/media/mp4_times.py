"""When the frames of an MP4 or MOV film are shown, as its own index says: nothing is read but that.

Twelve hours take a fraction of a second, where reading every packet takes many.
"""

from __future__ import annotations

from array import array
from fractions import Fraction
from itertools import islice
from pathlib import Path
from struct import error, unpack
from typing import TYPE_CHECKING, BinaryIO

from app.core.late import late
from app.media.mp4_layout import boxes, is_plain, read
from app.media.probe import open_media, origin_of, picture_of

if TYPE_CHECKING:
    import av
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
else:
    av = late("av")
    np = late("numpy")

LOOK = 200
"""Packets that are compared with the index at the film's beginning and in its middle."""

MOST = 20_000_000
"""Frames of a film: two days at 120 a second."""

_INSIDE = {b"moov", b"mdia", b"minf", b"stbl"}
_TABLES = {b"stts", b"ctts", b"stsz", b"tkhd"}


def stamps_in_index(path: Path) -> tuple[array[int], Fraction, int] | None:
    """The pts of each frame that is shown, their time base, and the film's origin (`origin_of`).

    None where there is no such index, where edits make it something else than what is shown, or
    where libavformat says otherwise of the first, the middle or the last packets. Raises
    MediaError.
    """
    if not is_plain(path):
        return None
    with open_media(path) as container:
        stream = picture_of(container)
        if stream is None or stream.time_base is None or "mov" not in container.format.name:
            return None
        times = sample_times(path, stream.id)
        if times is None or len(times[0]) != stream.frames or stream.frames < 3 * LOOK:
            return None
        for other in container.streams:
            if other is not stream:
                other.discard = av.stream.Discard.all
        try:
            shown = _agreed(container, stream, *times)
        except av.FFmpegError:
            return None
        if shown is None:
            return None
        return array("q", shown.tobytes()), stream.time_base, origin_of(container)


def sample_times(path: Path, track: int) -> tuple[Ints, Ints] | None:
    """Ticks at which each sample of a track is decoded, and shown; edits are not looked at.

    Source: ISO/IEC 14496-12, 8.6.1. None where the file does not say so plainly.
    """
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            for tables in _tracks(file, 0, size):
                number, *_ = tables.get(b"tkhd", (0, b""))
                if number == track:
                    return _expanded(tables)
    except (OSError, error, ValueError):
        pass
    return None


Tables = dict[bytes, tuple[int, bytes]]
"""A number from its head, and the rest, of each table of a track."""


def _tracks(file: BinaryIO, start: int, end: int) -> list[Tables]:
    for kind, a, b in boxes(file, start, end):
        if kind == b"moov":
            return [_tables(file, c, d) for inner, c, d in boxes(file, a, b) if inner == b"trak"]
    return []


def _tables(file: BinaryIO, start: int, end: int) -> Tables:
    out: Tables = {}
    for kind, a, b in boxes(file, start, end):
        if kind in _INSIDE:
            out |= _tables(file, a, b)
        elif kind in _TABLES:
            # The track's number stands behind its times; a table's length at its beginning, a
            # constant size before it.
            late = {b"tkhd": 20 if read(file, a, 1) == b"\1" else 12, b"stsz": 8}.get(kind, 4)
            (number,) = unpack(">I", read(file, a + late, 4))
            out[kind] = number, read(file, a + 8, b - a - 8) if kind in (b"stts", b"ctts") else b""
    return out


def _expanded(tables: Tables) -> tuple[Ints, Ints] | None:
    count, _ = tables.get(b"stsz", (0, b""))
    steps = _runs(tables.get(b"stts"), count)
    if steps is None:
        return None
    decoded = np.cumsum(steps) - steps
    if b"ctts" not in tables:
        return decoded, decoded.copy()
    later = _runs(tables[b"ctts"], count)
    return None if later is None else (decoded, decoded + later)


def _runs(table: tuple[int, bytes] | None, count: int) -> Ints | None:
    """Each value as often as it is said to hold; offsets may be negative whatever the version."""
    if table is None or not 0 < count <= MOST:
        return None
    rows = np.frombuffer(table[1], ">i4", 2 * table[0]).reshape(-1, 2).astype(np.int64)
    times = rows[:, 0]
    if (times < 0).any() or int(times.sum()) != count:
        return None
    return np.repeat(rows[:, 1], times)


def _agreed(
    container: av.container.InputContainer, stream: av.VideoStream, decoded: Ints, shown: Ints
) -> Ints | None:
    """`shown` as libavformat counts, without what it discards, if it says the same of samples."""
    first = _packets(container, stream, LOOK)
    if len(first) < LOOK or first[-1].is_discard:
        return None
    decoded = decoded + _dts(first[0]) - decoded[0]
    shown = shown + _pts(first[0]) - shown[0]
    kept = np.ones(len(shown), bool)
    if _place(first, decoded, shown, kept) != 0:
        return None
    container.seek(int(decoded[len(decoded) // 2]), stream=stream)
    middle = _packets(container, stream, LOOK)
    if any(p.is_discard for p in middle) or _place(middle, decoded, shown, kept) is None:
        return None
    container.seek(int(decoded[-1]), stream=stream)
    last = _packets(container, stream, None)
    place = _place(last, decoded, shown, kept)
    return shown[kept] if place is not None and place + len(last) == len(shown) else None


def _packets(
    container: av.container.InputContainer, stream: av.VideoStream, count: int | None
) -> list[av.Packet[av.VideoStream]]:
    packets = (p for p in container.demux(stream) if p.size)
    return list(islice(packets, count))


def _place(
    packets: list[av.Packet[av.VideoStream]], decoded: Ints, shown: Ints, kept: NDArray[np.bool]
) -> int | None:
    """Which sample the first of them is, where all of them are as the index says."""
    if not packets:
        return None
    place = int(np.searchsorted(decoded, _dts(packets[0])))
    here = slice(place, place + len(packets))
    if not (
        np.array_equal(decoded[here], [_dts(p) for p in packets])
        and np.array_equal(shown[here], [_pts(p) for p in packets])
    ):
        return None
    kept[here] = [not p.is_discard for p in packets]
    return place


def _dts(packet: av.Packet[av.VideoStream]) -> int:
    return -1 << 62 if packet.dts is None else packet.dts


def _pts(packet: av.Packet[av.VideoStream]) -> int:
    return -1 << 62 if packet.pts is None else packet.pts
