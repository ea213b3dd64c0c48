"""Whether an MP4 or MOV file is laid out plainly: one index, and tracks shown from their start."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from struct import error, unpack
from typing import BinaryIO

PRIMING = 0.5
"""Seconds at a track's start that encoders have skipped: reordered pictures, priming of sound."""

Box = tuple[bytes, int, int]


def is_plain(path: Path) -> bool:
    """False for fragments, and for edit lists that delay, shorten or repeat a track.

    True too where there is no index at all. Source: ISO/IEC 14496-12, 8.6.6 and 8.8.
    """
    try:
        with path.open("rb") as file:
            for kind, start, end in boxes(file, 0, file.seek(0, os.SEEK_END)):
                if kind == b"moof":
                    return False
                if kind == b"moov":
                    return _plain_index(file, start, end)
    except (OSError, error):
        pass
    return True


def lacks_index(path: Path) -> bool:
    """Whether it has pictures and sound but nothing that says where they lie: it was cut short."""
    try:
        with path.open("rb") as file:
            kinds = {kind for kind, *_ in boxes(file, 0, file.seek(0, os.SEEK_END))}
    except (OSError, error):
        return False
    return b"mdat" in kinds and not kinds & {b"moov", b"moof"}


def boxes(file: BinaryIO, start: int, end: int) -> Iterator[Box]:
    """Type and place of the contents of the boxes that follow one another between two places."""
    while start + 8 <= end:
        length, kind = unpack(">I4s", read(file, start, 8))
        inside = start + 8
        if length == 1:
            (length,) = unpack(">Q", read(file, inside, 8))
            inside += 8
        after = start + length if length else end
        if after < inside:
            return
        yield kind, inside, min(after, end)
        start = after


def read(file: BinaryIO, at: int, size: int) -> bytes:
    """Some bytes from a place on."""
    file.seek(at)
    return file.read(size)


def _plain_index(file: BinaryIO, start: int, end: int) -> bool:
    return all(
        kind != b"mvex" and (kind != b"trak" or _plain_track(file, a, b))
        for kind, a, b in boxes(file, start, end)
    )


def _plain_track(file: BinaryIO, start: int, end: int) -> bool:
    scale, edits = 1, [(0, 1)]
    for kind, a, b in boxes(file, start, end):
        for inner, at, _ in boxes(file, a, b) if kind in (b"edts", b"mdia") else ():
            if inner == b"elst":
                edits = _edits(file, at)
            elif inner == b"mdhd":
                long = read(file, at, 1) == b"\1"
                (scale,) = unpack(">I", read(file, at + (20 if long else 12), 4))
    return len(edits) == 1 and 0 <= edits[0][0] <= PRIMING * scale and edits[0][1] == 1


def _edits(file: BinaryIO, at: int) -> list[tuple[int, int]]:
    """Where in the track each edit begins, in ticks (-1: a pause), and its speed."""
    long = read(file, at, 1) == b"\1"
    (count,) = unpack(">I", read(file, at + 4, 4))
    form, step, skipped = (">qh", 20, 8) if long else (">ih", 12, 4)
    first, size = at + 8 + skipped, step - skipped - 2
    return [unpack(form, read(file, first + i * step, size)) for i in range(min(count, 100))]
