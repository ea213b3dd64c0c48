"""A download's bytes put into a file as they come, off the window's thread."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import io
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from app.core.errors import ExportError

FLUSH = 1 << 20
"""Bytes written at a time."""


async def write_pieces(
    pieces: AsyncIterator[bytes],
    size: int | None,
    into: Path,
    progress: Callable[[int, int | None], None],
) -> None:
    """Write `pieces` to `into` as they come, and have them on disk; raises ExportError.

    progress: called with the bytes so far and `size`.
    """
    opening = asyncio.ensure_future(asyncio.to_thread(_opened, into))
    try:
        file = await asyncio.shield(opening)
    except asyncio.CancelledError:
        # The thread opens it all the same: it is waited for, so that nobody else has to close it.
        await asyncio.wait({opening})
        if not opening.cancelled() and opening.exception() is None:
            opening.result().close()
        raise
    got, waiting = 0, bytearray()
    try:
        async for piece in pieces:
            got += len(piece)
            waiting += piece
            if len(waiting) >= FLUSH:
                await asyncio.to_thread(_written, file, into, bytes(waiting))
                waiting.clear()
                progress(got, size)
        await asyncio.to_thread(_written, file, into, bytes(waiting), last=True)
        progress(got, size)
    finally:
        # What is still in its buffer belongs to a broken download.
        with contextlib.suppress(OSError):
            file.close()


def _opened(into: Path) -> io.FileIO:
    try:
        return io.FileIO(into, "w")
    except OSError as error:
        raise unwritable(into, error) from error


def _written(file: io.FileIO, into: Path, piece: bytes, *, last: bool = False) -> None:
    try:
        rest = memoryview(piece)
        while rest:
            rest = rest[file.write(rest) :]
        if last:
            os.fsync(file.fileno())
    except OSError as error:
        raise unwritable(into, error) from error


def unwritable(path: Path, error: OSError) -> ExportError:
    """The error for a file that could not be written in its folder."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    why = "the disk is full" if full else "the folder cannot be written to"
    return ExportError(
        f"The download could not be put in “{path.parent}”: {why}. Nothing half-written stays.",
        "Free some room, or choose another folder, and download it again.",
        str(error),
    )
