"""Loudness at every zoom, and the quietest instant near one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.loudness import (
    AMPLITUDE,
    CHUNK,
    CHUNK_STEPS,
    FACTOR,
    STEP,
    STOREYS,
    Loudness,
    LoudnessChunk,
    chunks_of,
)
from app.core.thumbnail_grid import grid_step, grid_times
from app.core.timerange import SECOND, TimeRange


def pyramid(levels: bytes) -> tuple[bytes, ...]:
    """With the largest level of each four, as the peaks have it."""
    storeys = [levels]
    while len(storeys) < STOREYS:
        below = storeys[-1]
        storeys.append(bytes(max(below[i : i + FACTOR]) for i in range(0, len(below), FACTOR)))
    return tuple(storeys)


def chunk(levels: dict[int, int], rest: int = 100) -> LoudnessChunk:
    """A chunk of level `rest` but for some steps."""
    line = bytearray([rest]) * CHUNK_STEPS
    for step, level in levels.items():
        line[step] = level
    both = pyramid(bytes(line))
    return LoudnessChunk(both, both)


HOUR = 3600 * SECOND


def test_a_level_is_a_quarter_of_a_decibel() -> None:
    assert AMPLITUDE[255] == 1.0
    assert AMPLITUDE[255 - 24] == pytest.approx(0.501, abs=0.001)
    assert AMPLITUDE[0] == 0.0
    assert list(AMPLITUDE) == sorted(AMPLITUDE)


def test_what_is_not_measured_is_silent_and_not_built() -> None:
    nothing = Loudness(HOUR)
    assert nothing.built == ()
    assert nothing.peaks(0, HOUR / 10, 10) == bytes(10)
    assert nothing.quietest(SECOND) is None


def test_chunks_become_known_one_by_one_and_beside_the_film_none() -> None:
    whole = chunk({})
    some = Loudness(HOUR).with_chunks({1: whole, 2: whole, 99: whole, -1: whole})
    assert some.built == (TimeRange(CHUNK, 3 * CHUNK),)
    assert some.peaks(0, CHUNK, 4) == bytes([0, 100, 100, 0])
    assert some.means(0, CHUNK, 4) == bytes([0, 100, 100, 0])
    last = some.with_chunks({chunks_of(HOUR) - 1: whole})
    assert last.built[-1].end == HOUR
    assert last is not some
    assert set(some.chunks) == {1, 2}


def test_a_chunk_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="chunk"):
        LoudnessChunk((b"",), (b"",))


def test_beside_the_film_nothing_is_heard() -> None:
    known = Loudness(CHUNK).with_chunks({0: chunk({})})
    assert known.peaks(-3 * STEP, STEP, 5) == bytes([0, 0, 0, 100, 100])
    assert known.peaks(CHUNK - STEP, STEP, 3) == bytes([100, 0, 0])
    assert known.peaks(-2.5 * STEP, STEP, 4) == bytes([0, 0, 0, 100])
    assert known.peaks(5 * CHUNK, 100 * STEP, 2) == known.peaks(-5 * CHUNK, STEP / 7, 2) == bytes(2)
    assert known.peaks(0, STEP, 0) == b""


@given(
    st.dictionaries(st.integers(0, CHUNK_STEPS - 1), st.integers(101, 255), max_size=20),
    st.integers(0, CHUNK // 2),
    st.floats(100, CHUNK / 4),
)
def test_every_loud_step_in_view_is_seen_at_every_zoom(
    loud: dict[int, int], start: int, us_per_px: float
) -> None:
    known = Loudness(CHUNK).with_chunks({0: chunk(loud)})
    columns = known.peaks(start, us_per_px, 40)
    assert len(columns) == 40
    end = start + 39 * us_per_px
    shown = [level for step, level in loud.items() if start + us_per_px < step * STEP < end]
    assert max(columns) >= max(shown, default=0)
    assert max(columns) <= max(loud.values(), default=100)


def test_the_quietest_ten_milliseconds_near_an_instant() -> None:
    known = Loudness(CHUNK).with_chunks({0: chunk({100: 50, 112: 50, 130: 10})})
    assert known.quietest(105 * STEP) == 100 * STEP + STEP // 2
    assert known.quietest(107 * STEP) == 112 * STEP + STEP // 2
    assert known.quietest(120 * STEP) == 130 * STEP + STEP // 2
    assert known.quietest(120 * STEP, within=20_000) == 119 * STEP + STEP // 2
    assert known.quietest(0) == STEP // 2
    assert known.quietest(CHUNK * 3) is None


@given(st.integers(-SECOND, CHUNK + SECOND), st.integers(STEP, 200_000))
def test_the_quietest_is_never_farther_than_asked(t: int, within: int) -> None:
    known = Loudness(CHUNK - 12_345).with_chunks({0: chunk({})})
    found = known.quietest(t, within)
    assert found is None or abs(found - t) <= within


def test_coarser_grids_of_thumbnails_lie_in_finer_ones() -> None:
    assert grid_step(10) == SECOND
    assert grid_step(SECOND / 96) == SECOND
    assert grid_step(SECOND / 95) == 2 * SECOND
    assert grid_step(HOUR / 160, 100) == 4096 * SECOND
    assert list(grid_times(3.5 * SECOND, 8 * SECOND, 2 * SECOND)) == [
        2_000_000,
        4_000_000,
        6_000_000,
    ]
    assert list(grid_times(-5 * SECOND, -2 * SECOND, 2 * SECOND)) == []
    assert list(grid_times(-5 * SECOND, 1, 2 * SECOND)) == [0]
