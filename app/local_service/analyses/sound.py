"""Sound in pieces that are cut where nobody speaks, and in windows for known words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

RATE = 16_000
BYTES = 2 * RATE
"""Bytes of a second: mono, signed 16 bit."""

SHORTEST = 4.0
LONGEST = 12.0
"""Seconds of a chunk. The recogniser's confidences mean something on short chunks only."""

HUSH = 0.2
"""Seconds over which loudness is averaged when the quietest place is looked for."""

SILENCE = 60.0
"""Root mean square, of 32768, below which a chunk holds nothing to be heard (-55 dB)."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some sound and the microsecond it begins at."""

    start: int
    pcm: bytes

    @property
    def silent(self) -> bool:
        """Whether there is nothing in it to recognise."""
        loud = _loudness(self.pcm)
        return not loud.size or float(loud.max()) < SILENCE


def chunks(pieces: Iterator[bytes]) -> Iterator[Chunk]:
    """Everything in `pieces`, each chunk ending at the quietest place between 4 and 12 s."""
    held = bytearray()
    at = 0
    for piece in pieces:
        held += piece
        while len(held) >= LONGEST * BYTES:
            end = _quietest(bytes(held[: int(LONGEST * BYTES)]))
            yield Chunk(_microseconds(at), bytes(held[:end]))
            del held[:end]
            at += end
    if held:
        yield Chunk(_microseconds(at), bytes(held[: len(held) // 2 * 2]))


class Window:
    """Parts of a stream of sound by time, asked for in ascending order of their starts."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._held = bytearray()
        self._begin = 0

    def part(self, start: int, end: int) -> bytes:
        """Sound from `start` to `end` microseconds; shorter where the stream ends before."""
        first, last = _offset(start), _offset(end)
        while self._begin + len(self._held) < last:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._held += piece
            self._forget(first)
        self._forget(first)
        return bytes(self._held[max(0, first - self._begin) : max(0, last - self._begin)])

    def _forget(self, first: int) -> None:
        gone = min(max(0, first - self._begin), len(self._held))
        del self._held[:gone]
        self._begin += gone


def _quietest(pcm: bytes) -> int:
    loud = _loudness(pcm)
    first = int(SHORTEST * 50)
    width = int(HUSH * 50)
    smooth = np.convolve(loud[first:], np.ones(width) / width, mode="valid")
    frame = first + int(np.argmin(smooth)) + width // 2
    return frame * (BYTES // 50)


def _loudness(pcm: bytes) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Root mean square of each 20 ms."""
    samples = np.frombuffer(pcm[: len(pcm) // 2 * 2], dtype="<i2").astype(np.float64)
    count = len(samples) // (RATE // 50)
    frames = samples[: count * (RATE // 50)].reshape(count, RATE // 50)
    loud: np.ndarray[tuple[int], np.dtype[np.float64]] = np.sqrt((frames**2).mean(axis=1))
    return loud


def _microseconds(offset: int) -> int:
    return offset // 2 * 1_000_000 // RATE


def _offset(t: int) -> int:
    return max(0, t) * RATE // 1_000_000 * 2
