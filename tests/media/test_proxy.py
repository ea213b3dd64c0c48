"""The proxy: every frame once, edit lists that deliver what they say, damage and quick stills."""

from __future__ import annotations

import shutil
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from app.core.timerange import TimeRange
from app.media.proxy import Proxy
from app.media.proxy_plan import Kind, ProxyPlan, container_times, proxy_size
from tests.media import proxy_films as films

FILMS = {
    "25": films.regular(600, Fraction(25)),
    "29.97": films.regular(700, Fraction(30_000, 1001)),
    "60": films.regular(1300, Fraction(60)),
    "variable": films.irregular(400, seed=7),
}


@pytest.fixture(scope="module", params=FILMS)
def built(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[ProxyPlan, Path]:
    """A film's plan and the folder in which all of its proxy is."""
    folder = tmp_path_factory.mktemp("proxy")
    film = films.film(folder / "film.mkv", FILMS[request.param])
    return films.build(film, folder / "cache"), folder / "cache"


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> tuple[ProxyPlan, Path]:
    """Twelve seconds at 25, in one chunk."""
    folder = tmp_path_factory.mktemp("short")
    film = films.film(folder / "film.mkv", films.regular(300, Fraction(25)))
    return films.build(film, folder / "cache"), folder / "cache"


def test_every_frame_is_in_the_chunks_once_and_at_its_time(built: tuple[ProxyPlan, Path]) -> None:
    plan, root = built
    proxy = Proxy(plan, root)
    assert len(plan.chunks) > 1
    found = [p for path in _files(proxy) for p in films.pictures(path)]
    assert [number for number, _ in found] == list(range(len(plan.times)))
    assert [at for _, at in found] == list(plan.stamps)
    assert all(abs(at * 1000 - t) <= 500 for (_, at), t in zip(found, plan.times, strict=True))


def test_the_sound_of_a_chunk_is_its_own_to_the_sample(built: tuple[ProxyPlan, Path]) -> None:
    plan, root = built
    samples = films.ramp(plan.chunks[-1].end * 48)
    for chunk, path in zip(plan.chunks, _files(Proxy(plan, root)), strict=True):
        packets = films.sound(path)
        assert packets[0][0] == chunk.start
        assert all(len(data) <= 5 * 48 for _, data in packets)
        assert all(a + len(data) // 48 == b for (a, data), (b, _) in pairwise(packets))
        heard = np.concatenate([data for _, data in packets])
        assert len(heard) == 48 * (chunk.end - chunk.start)
        # The film's sound may end a little before its last picture does.
        known = samples[chunk.start * 48 : chunk.end * 48]
        sure = min(len(known), (plan.duration - 50_000) * 48 // 1000 - chunk.start * 48)
        assert np.array_equal(heard[:sure], known[:sure])


@pytest.mark.parametrize("seed", range(12))
def test_a_list_delivers_just_the_frames_it_says(built: tuple[ProxyPlan, Path], seed: int) -> None:
    plan, root = built
    spans = films.random_spans(plan, seed, 1 + 2 * seed)
    listed = Proxy(plan, root).edit_list(spans)
    assert listed
    shown = films.pictures(listed.path, concat=True)
    assert [at * 1000 for _, at in shown] == list(listed.frame_times)
    assert [plan.times[number] for number, _ in shown] == list(listed.source_times)
    wanted = [t for t in plan.times if any(span.contains(t) for span in spans)]
    assert list(listed.source_times) == wanted
    assert abs(listed.duration - sum(s.duration for s in spans)) <= 1000 * len(spans)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_heard_of_a_list_is_what_is_seen_of_it(
    built: tuple[ProxyPlan, Path], seed: int
) -> None:
    plan, root = built
    spans = films.random_spans(plan, seed, 20)
    listed = Proxy(plan, root).edit_list(spans)
    assert listed
    packets = films.sound(listed.path, concat=True)
    assert all(a + len(data) // 48 == b for (a, data), (b, _) in pairwise(packets))
    heard = np.concatenate([data for _, data in packets])
    assert packets[0][0] == 0
    assert len(heard) == listed.duration * 48 // 1000
    for entry in listed.entries:
        at = entry.at * 48 // 1000
        first = plan.stamps[plan.times.index(entry.source.start)] * 48
        assert list(heard[at]) == list(films.ramp(first + 1)[first])


def test_sound_made_alone_is_that_of_the_pictures_packet_by_packet(
    built: tuple[ProxyPlan, Path],
) -> None:
    proxy = Proxy(*built)
    assert proxy.heard == proxy.built
    for one, other in zip(_files(proxy), _files(proxy, "s"), strict=True):
        _same(films.sound(one), films.sound(other))


@pytest.mark.parametrize("seed", range(4))
def test_a_list_of_sound_alone_is_heard_as_that_of_the_pictures(
    built: tuple[ProxyPlan, Path], seed: int
) -> None:
    plan, root = built
    spans = films.random_spans(plan, seed, 20)
    shown, heard = (Proxy(plan, root).edit_list(spans, kind) for kind in ("c", "s"))
    assert shown
    assert heard
    assert heard.entries == shown.entries
    _same(films.sound(shown.path, concat=True), films.sound(heard.path, concat=True))


def test_sound_alone_is_dropped_and_covers_for_itself(built: tuple[ProxyPlan, Path]) -> None:
    plan, root = built
    folder = root.parent / "copy"
    shutil.copytree(root, folder)
    proxy, everything = Proxy(plan, folder), TimeRange(0, plan.duration)
    assert proxy.covers(everything, "s")
    assert proxy.drop(0, "s")
    assert not proxy.covers(everything, "s")
    assert proxy.covers(everything)
    assert Proxy(plan, folder).heard == proxy.heard == proxy.built - {0}
    assert proxy.edit_list((everything,), "s") is None
    shutil.rmtree(folder)


def test_times_less_than_a_millisecond_apart_stay_in_order() -> None:
    assert list(container_times([0, 300, 400, 5_000, 5_600])) == [0, 1, 2, 5, 6]


@pytest.mark.parametrize(
    ("shown", "size"),
    [
        ((1920, 1080), (960, 540)),
        ((1080, 1920), (540, 960)),
        ((1440, 1080), (720, 540)),
        ((640, 360), (640, 360)),
        ((853, 480), (852, 480)),
        ((4096, 2160), (960, 506)),
        ((1, 1), (2, 2)),
    ],
)
def test_the_size_keeps_the_shape(shown: tuple[int, int], size: tuple[int, int]) -> None:
    assert proxy_size(*shown) == size


def test_a_still_is_the_frame_on_screen(built: tuple[ProxyPlan, Path]) -> None:
    plan, root = built
    proxy = Proxy(plan, root)
    for frame in range(0, len(plan.times), 37):
        end = plan.times[frame + 1] if frame + 1 < len(plan.times) else plan.duration
        found = proxy.still((plan.times[frame] + end) // 2)
        assert found
        assert found.pts_us == plan.times[frame]
        assert (found.width, found.height) == proxy.size
        green = np.frombuffer(found.bgrx, np.uint8).reshape(found.height, found.width, 4)[:, :, 1]
        assert films.number_of(green) == frame
    proxy.close()


def test_a_truncated_chunk_is_a_missing_one(short: tuple[ProxyPlan, Path]) -> None:
    plan, root = short
    path = _files(Proxy(plan, root))[0]
    whole = path.read_bytes()
    try:
        path.write_bytes(whole[:-100])
        proxy = Proxy(plan, root)
        assert not proxy.built
        assert proxy.still(0) is None
        assert proxy.edit_list((TimeRange(0, 1_000_000),)) is None
    finally:
        path.write_bytes(whole)


def test_a_chunk_damaged_inside_is_given_up_when_it_is_read(
    tmp_path: Path, short: tuple[ProxyPlan, Path]
) -> None:
    plan, root = short
    path = _files(Proxy(plan, root))[0]
    (tmp_path / plan.folder).mkdir()
    (tmp_path / plan.folder / path.name).write_bytes(b"\0" * path.stat().st_size)
    proxy = Proxy(plan, tmp_path)
    assert proxy.built == {0}
    assert proxy.still(0) is None
    assert not proxy.built
    assert not proxy.covers(TimeRange(0, 1))


def test_the_same_spans_are_the_same_list_and_old_lists_go(short: tuple[ProxyPlan, Path]) -> None:
    proxy = Proxy(*short)
    spans = (TimeRange(0, 1_000_000), TimeRange(2_000_000, 3_000_000))
    first, again = proxy.edit_list(spans), proxy.edit_list(spans)
    assert first
    assert again
    assert first.path == again.path
    for second in range(2, 9):
        assert proxy.edit_list((TimeRange(0, second * 1_000_000),))
    assert len(list(proxy.folder.glob("*.ffconcat"))) <= 4
    assert not list(proxy.folder.glob("*.part"))


def test_names_in_a_list_need_no_leave_of_the_demuxer(short: tuple[ProxyPlan, Path]) -> None:
    listed = Proxy(*short).edit_list((TimeRange(0, 1_000_000),))
    assert listed
    names = [n[5:] for n in listed.path.read_text().splitlines() if n.startswith("file ")]
    safe = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")
    assert names
    assert set("".join(names)) <= safe


def test_edit_time_leads_back_to_the_film(short: tuple[ProxyPlan, Path]) -> None:
    listed = Proxy(*short).edit_list(
        (TimeRange(1_000_000, 2_000_000), TimeRange(5_000_000, 7_000_000))
    )
    assert listed
    assert listed.source_at(0) == 1_000_000
    assert listed.source_at(999_000) == 1_999_000
    assert listed.source_at(1_000_000) == 5_000_000
    assert listed.source_at(9_000_000) == 7_000_000


def test_a_folder_that_is_not_there_holds_no_proxy(
    short: tuple[ProxyPlan, Path], tmp_path: Path
) -> None:
    proxy = Proxy(short[0], tmp_path / "nowhere")
    assert not proxy.covers(TimeRange(0, 1))
    assert proxy.covers(TimeRange(5, 5))
    assert proxy.edit_list((TimeRange(0, 40_000),)) is None


def _same(one: films.Packets, other: films.Packets) -> None:
    assert [at for at, _ in one] == [at for at, _ in other]
    assert all(np.array_equal(a, b) for (_, a), (_, b) in zip(one, other, strict=True))


def _files(proxy: Proxy, kind: Kind = "c") -> list[Path]:
    names = {n.name.rpartition("-")[0]: n for n in proxy.folder.glob("*.mkv")}
    return [names[chunk.stem(kind)] for chunk in proxy.plan.chunks]
