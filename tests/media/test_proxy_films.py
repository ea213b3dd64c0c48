"""Proxies of films as they come: turned, stretched, silent, late, damaged, in any colour."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from app.core.errors import MediaError
from app.core.timerange import TimeRange
from app.media.proxy import Proxy
from app.media.proxy_make import ChunkMaker
from app.media.proxy_write import UnwritableError
from app.media.stills import StillReader
from tests.media import proxy_films as films
from tests.media.clips import ffmpeg


def rgb_at(proxy: Proxy, x: float, y: float) -> list[int]:
    """Red, green and blue of the first still, at a place from 0 to 1."""
    still = proxy.still(0)
    assert still
    pixels = np.frombuffer(still.bgrx, np.uint8).reshape(still.height, still.width, 4)
    return [int(v) for v in pixels[int(y * still.height), int(x * still.width), 2::-1]]


def proxy_of(film: Path, root: Path) -> Proxy:
    """Built whole."""
    return Proxy(films.build(film, root), root)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_film_is_upright(tmp_path: Path, turn: int) -> None:
    corners = (
        "color=gray:s=160x96:r=25:d=1,drawbox=0:0:40:40:red:fill,drawbox=120:0:40:40:blue:fill"
    )
    ffmpeg("-f", "lavfi", "-i", corners, "-pix_fmt", "yuv420p", tmp_path / "flat.mp4")
    film = tmp_path / "film.mp4"
    ffmpeg(
        "-i", tmp_path / "flat.mp4", "-c", "copy", "-metadata:s:v", f"rotate={turn}", film
    )  # fmt: skip
    proxy = proxy_of(film, tmp_path / "cache")
    assert proxy.size == ((160, 96) if turn == 180 else (96, 160))
    exact = StillReader(film)
    whole, small = exact.at(0), proxy.still(0)
    exact.close()
    assert small
    a, b = (np.frombuffer(s.bgrx, np.uint8).astype(int) for s in (whole, small))
    assert np.abs(a - b).reshape(-1, 4)[:, :3].mean() < 4
    proxy.close()


def test_narrow_pixels_become_square(tmp_path: Path) -> None:
    film = tmp_path / "film.mkv"
    ffmpeg(
        "-f", "lavfi", "-i", "testsrc=s=720x576:r=25:d=1", "-vf", "setsar=64/45", film
    )  # fmt: skip
    proxy = proxy_of(film, tmp_path / "cache")
    assert proxy.size == (960, 540)
    assert proxy.still(0)
    proxy.close()


@pytest.mark.parametrize(
    ("matrix", "span", "size"),
    [("bt601", "tv", "320x180"), ("bt709", "tv", "1280x720"), ("bt709", "pc", "320x180")],
)
def test_colours_are_those_of_the_film(tmp_path: Path, matrix: str, span: str, size: str) -> None:
    film = tmp_path / "film.mp4"
    tag = {"bt601": "smpte170m", "bt709": "bt709"}[matrix]
    ffmpeg(
        "-f", "lavfi", "-i", f"color=0xC8783C:s={size}:r=25:d=1",
        "-vf", f"scale=out_color_matrix={matrix}:out_range={span},format=yuv420p",
        "-colorspace", tag, "-color_range", span, film,
    )  # fmt: skip
    proxy = proxy_of(film, tmp_path / "cache")
    assert np.allclose(rgb_at(proxy, 0.5, 0.5), (200, 120, 60), atol=4)
    proxy.close()


def test_a_film_that_needs_no_conversion_keeps_its_pictures(tmp_path: Path) -> None:
    film = tmp_path / "film.mkv"
    ffmpeg(
        "-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=1", "-c:v", "mjpeg", "-q:v", "2", film
    )  # fmt: skip
    proxy = proxy_of(film, tmp_path / "cache")
    with av.open(str(next(proxy.folder.glob("*.mkv")))) as chunk:
        assert len(list(chunk.decode(video=0))) == 25
    proxy.close()


def test_a_film_without_sound_has_a_proxy_without(tmp_path: Path) -> None:
    film = films.film(tmp_path / "film.mp4", films.regular(50, Fraction(25)), sound=False)
    proxy = proxy_of(film, tmp_path / "cache")
    listed = proxy.edit_list((TimeRange(0, 400_000), TimeRange(800_000, 1_200_000)))
    assert listed
    with av.open(str(listed.path), format="concat") as container:
        assert not container.streams.audio
    assert [n for n, _ in films.pictures(listed.path, concat=True)] == [*range(10), *range(20, 30)]


def test_mono_and_other_rates_become_stereo_at_48_khz(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    ffmpeg(
        "-f", "lavfi", "-i", "color=gray:s=160x96:r=25:d=14",
        "-f", "lavfi", "-i", "sine=f=441:r=44100:d=14", "-ac", "1", film,
    )  # fmt: skip
    proxy = proxy_of(film, tmp_path / "cache")
    heard = []
    for path in sorted(proxy.folder.glob("*.mkv"), key=lambda p: int(p.name[1:].split("-")[0])):
        heard += [data for _, data in films.sound(path)]
    samples = np.concatenate(heard).astype(float)
    assert samples.shape[1] == 2
    left = samples[48_000 : 48_000 * 13, 0]
    spectrum = np.abs(np.fft.rfft(left))
    assert abs(np.argmax(spectrum) * 48_000 / len(left) - 441) < 0.5
    # Whole at the edge of the chunks: a tone never jumps.
    assert np.abs(np.diff(left)).max() < 1.2 * np.abs(np.diff(left[:4_800])).max()


def test_what_comes_before_the_first_picture_is_left_out_where_it_is_short(tmp_path: Path) -> None:
    ticks = [t + 45_000 for t in films.regular(50, Fraction(25))]
    film = films.film(tmp_path / "film.mkv", ticks)
    proxy = proxy_of(film, tmp_path / "cache")
    listed = proxy.edit_list((TimeRange(0, 1_000_000),))
    assert listed
    assert listed.duration == 500_000
    assert [n for n, _ in films.pictures(listed.path, concat=True)] == list(range(13))


def test_a_picture_that_begins_late_leaves_the_beginning_to_the_film(tmp_path: Path) -> None:
    ticks = [t + 180_000 for t in films.regular(50, Fraction(25))]
    film = films.film(tmp_path / "film.mkv", ticks)
    proxy = proxy_of(film, tmp_path / "cache")
    assert not proxy.covers(TimeRange(0, 1_000_000))
    assert proxy.edit_list((TimeRange(0, 1_000_000),)) is None
    listed = proxy.edit_list((TimeRange(2_000_000, 2_500_000),))
    assert listed
    assert len(listed.source_times) == 13
    assert [n for n, _ in films.pictures(listed.path, concat=True)] == list(range(13))


def test_a_damaged_stretch_shows_the_picture_before_it(tmp_path: Path) -> None:
    film = films.film(tmp_path / "film.mkv", films.regular(100, Fraction(25)), gop=10)
    plan = films.plan_of(film)
    data = bytearray(film.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 3_000] = b"\x55" * 3_000
    film.write_bytes(data)
    maker = ChunkMaker(film, plan, tmp_path / "cache" / plan.folder)
    maker.make(plan.chunks[0])
    maker.close()
    found = films.pictures(next((tmp_path / "cache" / plan.folder).glob("*.mkv")))
    assert [at for _, at in found] == list(plan.stamps)
    assert found[0][0] == 0
    assert found[-1][0] == 99


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full")
    film = films.film(tmp_path / "film.mkv", films.regular(50, Fraction(25)))
    plan = films.plan_of(film)
    folder = tmp_path / "cache"
    folder.mkdir()
    import os

    part = folder / f"{plan.chunks[0].stem()}.{os.getpid()}.part"
    part.symlink_to("/dev/full")
    maker = ChunkMaker(film, plan, folder)
    with pytest.raises(UnwritableError) as told:
        maker.make(plan.chunks[0])
    maker.close()
    assert "without it" in str(told.value)
    assert not list(folder.iterdir())


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    film = films.film(tmp_path / "film.mkv", films.regular(50, Fraction(25)))
    plan = films.plan_of(film)
    (tmp_path / "cache").write_text("a file")
    maker = ChunkMaker(film, plan, tmp_path / "cache" / "folder")
    with pytest.raises(UnwritableError):
        maker.make(plan.chunks[0])
    maker.close()


def test_a_film_that_is_gone_is_told(tmp_path: Path) -> None:
    film = films.film(tmp_path / "film.mkv", films.regular(50, Fraction(25)))
    plan = films.plan_of(film)
    shutil.move(film, tmp_path / "elsewhere.mkv")
    with pytest.raises(MediaError):
        ChunkMaker(film, plan, tmp_path / "cache")


def test_chunks_made_out_of_order_are_the_same(tmp_path: Path) -> None:
    film = films.film(tmp_path / "film.mp4", films.irregular(400, seed=3), gop=250)
    plan = films.plan_of(film)
    maker = ChunkMaker(film, plan, tmp_path / "cache" / plan.folder)
    for number in (1, 0, 2):
        maker.make(plan.chunks[number])
    for number in (2, 0, 1):
        maker.sound(plan.chunks[number])
    maker.close()
    again = films.build(film, tmp_path / "other")
    one, two = Proxy(plan, tmp_path / "cache"), Proxy(again, tmp_path / "other")
    assert one.built == {0, 1, 2}
    assert sorted(p.name for p in one.folder.iterdir()) == sorted(
        p.name for p in two.folder.iterdir()
    )
    for path in one.folder.glob("c*.mkv"):
        assert films.pictures(path) == films.pictures(two.folder / path.name)
    for path in one.folder.glob("s*.mkv"):
        for (at, data), (there, same) in zip(
            films.sound(path), films.sound(two.folder / path.name), strict=True
        ):
            assert at == there
            assert np.array_equal(data, same)
