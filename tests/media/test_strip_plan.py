"""Which strips are made first, and what lies on disk of them."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from app.core.loudness import CHUNK, CHUNK_STEPS, FACTOR, STOREYS, LoudnessChunk
from app.core.timerange import SECOND
from app.media.proxy_cache import ProxyCache
from app.media.strip_files import (
    bytes_of,
    chunk_of,
    keep_picture,
    keep_sound,
    kept,
    read_sounds,
    read_still,
)
from app.media.strip_plan import Shown, StripPlan, wanted

KEY = "0123456789abcdef" * 4
HOUR = 3600 * SECOND


def plan(*, picture: bool = True, sound: bool = True) -> StripPlan:
    return StripPlan(Path("film.mp4"), KEY, HOUR, picture, sound)


def chunk(level: int) -> LoudnessChunk:
    storeys = tuple(bytes([level]) * (CHUNK_STEPS // FACTOR**k) for k in range(STOREYS))
    return LoudnessChunk(storeys, storeys[:])


def test_what_is_in_view_comes_first_pictures_and_sound_in_turn() -> None:
    film = plan()
    shown = Shown.at(2 * CHUNK + SECOND, 3 * CHUNK - SECOND, CHUNK / 1000)
    step = shown.step
    assert step == 32 * SECOND
    order = wanted(film, shown, (), all_of_it=True)
    visible = [film.number_of(t) for t in film.times(shown.start, shown.end, step)]
    assert order[:4] == visible[:4]
    assert order[4] in (1, 2)
    sounds = [n for n in order if n < film.sounds]
    assert sorted(sounds) == list(range(film.sounds))
    assert sounds[-1] == film.sounds - 1
    assert len(set(order)) == len(order)
    beside = [n for n in order if n >= film.sounds and n not in visible]
    assert film.picture_at(beside[0]) == shown.end
    assert film.picture_at(beside[-1]) == shown.start - step


def test_held_back_only_what_is_in_view_or_near_is_made() -> None:
    film = plan()
    shown = Shown.at(0, 60 * SECOND, 40_000)
    order = wanted(film, shown, {0}, all_of_it=False)
    assert all(n >= film.sounds for n in order)
    assert wanted(film, shown, {0, *order}, all_of_it=False) == []


def test_a_film_without_sound_or_picture_has_none() -> None:
    shown = Shown.at(0, HOUR, HOUR / 1600)
    assert wanted(plan(picture=False), shown, (), all_of_it=True) == list(range(11))
    silent = wanted(plan(sound=False), shown, (), all_of_it=True)
    assert silent[0] == 0
    assert len(silent) == 15
    assert wanted(plan(picture=False, sound=False), shown, (), all_of_it=True) == []


@given(
    st.floats(-HOUR, 2 * HOUR), st.floats(1, 2 * HOUR), st.booleans(),
    st.sets(st.integers(0, 4000), max_size=50),
)  # fmt: skip
def test_nothing_is_made_twice_or_beside_the_film(
    start: float, length: float, all_of_it: bool, there: set[int]
) -> None:
    film = plan()
    order = wanted(film, Shown.at(start, start + length, length / 1600), there, all_of_it=all_of_it)
    assert len(set(order)) == len(order) <= 11 + 3 * 20
    assert not there & set(order)
    for number in order:
        t = film.picture_at(number)
        assert number < film.sounds if t is None else 0 <= t < HOUR


def test_small_movements_want_nothing_else() -> None:
    assert Shown.at(10.2 * SECOND, 20.7 * SECOND, 10_000) == Shown.at(
        10.3 * SECOND, 20.8 * SECOND, 10_000
    )


def test_what_is_kept_is_found_again_and_what_was_cut_short_is_not(tmp_path: Path) -> None:
    folder = tmp_path / plan().folder
    assert kept(folder).sounds == {}
    assert kept(None).pictures == {}
    keep_sound(folder, 3, bytes_of(chunk(9)))
    keep_picture(folder, 8 * SECOND, 7_900_000, b"picture")
    keep_picture(folder, 0, -5, b"first")
    (folder / "sound4-87376.loud").write_bytes(b"short")
    (folder / "sound5-3.loud").write_bytes(b"odd")
    (folder / "other").write_bytes(b"")
    found = kept(folder)
    assert set(found.sounds) == {3, 5}
    assert read_sounds(found.sounds) == {3: chunk(9)}
    assert {t: pts for t, (pts, _) in found.pictures.items()} == {8 * SECOND: 7_900_000, 0: 0}
    assert read_still(found.pictures[0][1], 0) is None
    assert read_still(folder / "gone.jpg", 0) is None


def test_the_cache_of_proxies_looks_after_strips_too(tmp_path: Path) -> None:
    folder = tmp_path / plan().folder
    keep_picture(folder, 0, 0, b"1234")
    cache = ProxyCache(tmp_path)
    cache.touch(folder)
    assert [k.folder for k in cache.kept()] == [folder]
    assert cache.bytes() == 4
    cache.clear()
    assert not folder.exists()


def test_a_chunk_comes_back_from_its_bytes() -> None:
    assert chunk_of(bytes_of(chunk(77))) == chunk(77)
