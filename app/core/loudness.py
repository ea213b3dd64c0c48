"""How loud a film is, ten milliseconds at a time, at every zoom of a timeline.

A level is a byte: 255 is full scale (0 dBFS) and each step down is a quarter of a decibel, so that
0 is -63.75 dBFS or less, which nobody hears.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import floor

from app.core.timerange import Ranges, TimeRange, merge

STEP = 10_000
"""Microseconds of a level."""

FACTOR = 4
"""Each storey of a pyramid has so many times fewer levels than the one below."""

STOREYS = 7
"""From 10 ms to 41 s a level."""

CHUNK_STEPS = 1 << 15
"""Levels of a chunk on the lowest storey; a power of `FACTOR` goes into it on each storey."""

CHUNK = CHUNK_STEPS * STEP
"""Microseconds of a chunk, the part that is measured at once: 5 min 28 s."""

AMPLITUDE = tuple(0.0 if level == 0 else 10 ** ((level - 255) / 80) for level in range(256))
"""Level -> 0 to 1 of full scale, as a waveform is drawn."""

_BITS = 24
"""Of the fraction in fixed point."""

_SIZES = tuple(CHUNK_STEPS // FACTOR**storey for storey in range(STOREYS))


@dataclass(frozen=True, slots=True)
class LoudnessChunk:
    """One chunk: for each storey, the lowest first, as many levels as it has there.

    peaks: of the largest sample. means: of the root of the mean square.
    """

    peaks: tuple[bytes, ...]
    means: tuple[bytes, ...]

    def __post_init__(self) -> None:
        for pyramid in (self.peaks, self.means):
            if tuple(map(len, pyramid)) != _SIZES:
                raise ValueError("not a chunk of loudness")


@dataclass(frozen=True, slots=True, eq=False)
class Loudness:
    """What is known of a film's loudness; where nothing is known yet, levels are 0.

    duration: microseconds. chunks: by number. Two are equal where they are the same object.
    """

    duration: int
    chunks: Mapping[int, LoudnessChunk] = field(default_factory=dict, repr=False)

    def with_chunks(self, made: Mapping[int, LoudnessChunk]) -> Loudness:
        """With more chunks known; those that lie beside the film are left out."""
        there = range(chunks_of(self.duration))
        mine = {n: chunk for n, chunk in made.items() if n in there}
        return Loudness(self.duration, {**self.chunks, **mine})

    @property
    def built(self) -> Ranges:
        """What is known, in microseconds."""
        spans = (TimeRange(n * CHUNK, min((n + 1) * CHUNK, self.duration)) for n in self.chunks)
        return merge(spans)

    def peaks(self, start_us: float, us_per_px: float, count: int) -> bytes:
        """The largest level of each of `count` pixels from `start_us` on, 0 beside the film."""
        storey = _storey(us_per_px)
        lines = {n: chunk.peaks[storey] for n, chunk in self.chunks.items()}
        return _columns(lines, storey, start_us, us_per_px, count)

    def means(self, start_us: float, us_per_px: float, count: int) -> bytes:
        """The same of the root of the mean square: how loud it sounds."""
        storey = _storey(us_per_px)
        lines = {n: chunk.means[storey] for n, chunk in self.chunks.items()}
        return _columns(lines, storey, start_us, us_per_px, count)

    def quietest(self, t: int, within: int = 150_000) -> int | None:
        """The middle of the quietest 10 ms at most `within` microseconds from `t`.

        The nearest of several. None where nothing is known around `t`.
        """
        first = max(0, -(-(t - within - STEP // 2) // STEP))
        last = min(-(-self.duration // STEP), (t + within - STEP // 2) // STEP + 1)
        known = [s for s in range(first, last) if s // CHUNK_STEPS in self.chunks]
        if not known:
            return None
        best = min(known, key=lambda s: (self._mean(s), abs(s * STEP + STEP // 2 - t)))
        return best * STEP + STEP // 2

    def _mean(self, step: int) -> int:
        return self.chunks[step // CHUNK_STEPS].means[0][step % CHUNK_STEPS]


def chunks_of(duration: int) -> int:
    """How many chunks a film of so many microseconds has."""
    return -(-duration // CHUNK)


def _storey(us_per_px: float) -> int:
    """The highest whose levels are as fine as a pixel."""
    storey = 0
    while storey + 1 < STOREYS and STEP * FACTOR ** (storey + 1) <= us_per_px:
        storey += 1
    return storey


def _columns(
    lines: Mapping[int, bytes], storey: int, start_us: float, us_per_px: float, count: int
) -> bytes:
    """The largest level under each pixel: of at most five levels up to 41 s a pixel."""
    each, size = STEP * FACTOR**storey, _SIZES[storey]
    first = floor(start_us / each)
    # In fixed point, and without a loop of Python's own: 1,600 columns in a fifth of the time.
    begun = round((start_us / each - first) * (1 << _BITS))
    step = max(1, round(us_per_px / each * (1 << _BITS)))
    edges = [at >> _BITS for at in range(begun, begun + step * count + 1, step)]
    chunks = range(first // size, (first + edges[-1]) // size + 1)
    line = b"".join(lines.get(n) or bytes(size) for n in chunks)
    line = line[first - chunks.start * size :]
    if us_per_px < each:
        return bytes(map(line.__getitem__, edges[:count]))
    return bytes(map(max, map(line.__getitem__, map(slice, edges, edges[1:]))))
