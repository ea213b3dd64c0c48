"""Whatever was decoded before, the decoder finds the frame of an instant, and only that."""

from __future__ import annotations

import gc
import random
import weakref
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from app.media import decoding
from app.media.decoding import Decoder
from app.media.frame_index import frame_at, frame_times
from app.media.stills import StillReader
from tests.media.clips import clip, ffmpeg, number_of


@pytest.fixture(scope="module")
def long_gop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three groups of 125 pictures."""
    return clip(tmp_path_factory.mktemp("decoding") / "film.mp4", frames=375, gop=125)


@pytest.fixture
def finds(long_gop: Path) -> Iterator[Callable[[int], int]]:
    """The number of the frame found at a time in microseconds."""
    with closing(Decoder(long_gop)) as decoder:
        yield lambda t: found(decoder, t)


def found(decoder: Decoder, t: int) -> int:
    frame = decoder.find(t)
    assert frame is not None
    return number_of(frame.to_ndarray(format="rgb24"))


def giving_up_after(frames: int) -> Callable[[], bool]:
    counted = count()
    return lambda: next(counted) < frames


def test_random_places_are_the_right_frames(finds: Callable[[int], int]) -> None:
    chance = random.Random(1)
    for _ in range(40):
        n = chance.randrange(375)
        assert finds(n * 40_000 + chance.randrange(40_000)) == n


def test_every_frame_is_met_going_on_and_going_back(finds: Callable[[int], int]) -> None:
    assert [finds(n * 40_000) for n in range(100, 260)] == list(range(100, 260))
    assert [finds(n * 40_000) for n in range(259, 99, -1)] == list(range(259, 99, -1))


def test_going_back_beyond_what_is_kept_is_exact(
    finds: Callable[[int], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "KEPT_BYTES", 7 * 192 * 96 * 3 // 2)
    assert [finds(n * 40_000) for n in range(200, 110, -1)] == list(range(200, 110, -1))


def test_what_was_given_up_on_the_way_does_not_disturb_the_next(long_gop: Path) -> None:
    chance = random.Random(2)
    with closing(Decoder(long_gop)) as decoder:
        for _ in range(40):
            decoder.find(chance.randrange(375) * 40_000, giving_up_after(chance.randrange(60)))
            n = chance.randrange(375)
            assert found(decoder, n * 40_000) == n


def test_a_frame_that_stays_long_is_found_though_others_do_not_refer_to_it(
    tmp_path: Path, long_gop: Path
) -> None:
    film = tmp_path / "film.mkv"
    ffmpeg("-i", long_gop, "-an", "-c", "copy", "-bsf:v", "setts=pts=PTS*10:dts=DTS*10", film)
    times = frame_times(film)
    with closing(Decoder(film)) as decoder:
        chance = random.Random(3)
        for _ in range(40):
            t = chance.randrange(times[-1])
            assert found(decoder, t) == frame_at(times, t)


def test_a_still_that_is_no_longer_wanted_is_not_decoded(long_gop: Path) -> None:
    with closing(StillReader(long_gop)) as reader:
        assert not reader.reach(120 * 40_000, giving_up_after(5))
        assert reader.reach(120 * 40_000, lambda: True)
        assert reader.at(120 * 40_000).pts_us == 120 * 40_000


def test_a_closed_decoder_is_gone_without_a_collection(long_gop: Path) -> None:
    decoder = Decoder(long_gop)
    assert decoder.find(1_000_000)
    decoder.close()
    gone = weakref.ref(decoder)
    gc.disable()
    try:
        del decoder
        assert gone() is None
    finally:
        gc.enable()
