"""Proxies built in the background: order, room, pauses, and nothing left when it ends."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import time
from array import array
from collections.abc import Awaitable, Callable
from fractions import Fraction
from pathlib import Path

import pytest

from app.core.errors import ExportError
from app.core.timerange import SECOND, TimeRange
from app.media.proxy import Proxy
from app.media.proxy_builder import SOUND_SHARE, ProxyBuilder
from app.media.proxy_cache import ProxyCache
from app.media.proxy_order import Wish, missing, near, of_piece, wanted
from app.media.proxy_plan import ProxyPlan
from tests.media import proxy_films as films

ROOT = Path(__file__).parents[2]
MUCH = 1 << 40


@pytest.fixture(scope="module")
def minute(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty seconds at 10 pictures a second: six chunks."""
    film = tmp_path_factory.mktemp("film") / "film.mp4"
    return films.film(film, films.regular(600, Fraction(10)), gop=50)


def hour() -> ProxyPlan:
    """The plan of an hour at 25."""
    return ProxyPlan("k" * 64, array("q", range(0, 3600 * SECOND, 40_000)), 3600 * SECOND,
                     (1920, 1080), True)  # fmt: skip


def test_what_is_around_the_playhead_comes_first_then_proposals_then_the_rest() -> None:
    plan = hour()
    proposals = (TimeRange(100 * SECOND, 101 * SECOND), TimeRange(2000 * SECOND, 2012 * SECOND))
    wish = Wish(1000 * SECOND, proposals)
    assert near(plan, wish) == (99, 100, 101, 102, 199, 200, 201, 9, 10)
    order = wanted(plan, wish)
    assert sorted(order) == list(range(360))
    assert order[:11] == (99, 100, 101, 102, 199, 200, 201, 9, 10, 103, 104)
    assert order[-1] == 98
    assert missing(plan, wish, {99, 101})[:2] == (100, 102)


def test_what_is_beside_the_film_is_no_wish() -> None:
    plan = hour()
    assert near(plan, Wish(9_000 * SECOND))[-1] == 359
    assert near(plan, Wish(-5))[0] == 0


async def built(
    film: Path, root: Path, limit: int = MUCH,
    also: Callable[[ProxyBuilder, list[str]], Awaitable[None]] | None = None,
    wish: Wish | None = None,
) -> tuple[Proxy, ProxyBuilder, list[str]]:  # fmt: skip
    plan = films.plan_of(film)
    proxy = Proxy(plan, root)
    order: list[int] = []
    said: list[str] = []

    def made() -> None:
        order.extend(proxy.built - set(order))

    builder = ProxyBuilder(film, proxy, ProxyCache(root), lambda: limit, made)
    builder.wish(wish or Wish())
    story = asyncio.create_task(builder.build(lambda stage, _fraction: said.append(stage)))
    try:
        if also is not None:
            await also(builder, said)
        await story
    finally:
        story.cancel()
        await asyncio.gather(story, return_exceptions=True)
    said.append(repr(order))
    return proxy, builder, said


def test_all_is_built_in_the_order_of_the_wish_and_found_again(
    tmp_path: Path, minute: Path
) -> None:
    wish = Wish(0, (TimeRange(50 * SECOND, 51 * SECOND),))
    proxy, builder, said = asyncio.run(built(minute, tmp_path, wish=wish))
    assert said[-1] == "[0, 1, 2, 4, 5, 3]"
    assert proxy.built == set(range(6))
    assert proxy.covers(TimeRange(0, 60 * SECOND))
    again = Proxy(proxy.plan, tmp_path)
    assert again.built == proxy.built
    assert builder.progress.film == proxy.plan.chunks[-1].end * 1000
    assert builder.progress.bytes_per_hour > 0
    assert "× real time" in said[-2]
    assert not list(proxy.folder.glob("*.part"))


def test_a_wish_is_followed_while_it_builds(tmp_path: Path, minute: Path) -> None:
    async def also(builder: ProxyBuilder, said: list[str]) -> None:
        builder.wish(Wish(55 * SECOND))

    _, _, said = asyncio.run(built(minute, tmp_path, also=also))
    order = json.loads(said[-1])
    assert sorted(order) == list(range(6))
    assert order.index(5) < order.index(3)


def test_cancelled_nothing_half_written_stays_and_no_process(tmp_path: Path, minute: Path) -> None:
    async def also(_builder: ProxyBuilder, said: list[str]) -> None:
        while not list(tmp_path.glob("*/*.part")):  # noqa: ASYNC110 - another process makes it
            await asyncio.sleep(0.005)
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(built(minute, tmp_path, also=also))
    assert not list(tmp_path.glob("*/*.part"))


def test_a_pause_makes_sound_alone_until_it_ends(tmp_path: Path, minute: Path) -> None:
    async def also(builder: ProxyBuilder, said: list[str]) -> None:
        builder.pause(True)
        while len(list(tmp_path.glob("*/s*.mkv"))) < 6:  # noqa: ASYNC110 - another process makes it
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.5)
        assert not list(tmp_path.glob("*/c*.mkv"))
        builder.pause(False)

    proxy, _, _ = asyncio.run(built(minute, tmp_path, also=also))
    assert len(proxy.built) == 6


def test_a_pause_of_everything_starts_no_process_and_makes_no_sound(
    tmp_path: Path, minute: Path
) -> None:
    async def also(builder: ProxyBuilder, said: list[str]) -> None:
        builder.pause(True, wholly=True)
        await asyncio.sleep(0.5)
        assert not list(tmp_path.glob("*/*"))
        builder.pause(True)
        while not list(tmp_path.glob("*/s*.mkv")):  # noqa: ASYNC110 - another process makes it
            await asyncio.sleep(0.005)
        builder.pause(True, wholly=True)
        await asyncio.sleep(0.5)
        builder.pause(False)

    proxy, _, _ = asyncio.run(built(minute, tmp_path, also=also))
    assert len(proxy.built) == 6


def test_sound_alone_comes_first_and_goes_when_all_is_there(tmp_path: Path, minute: Path) -> None:
    heard: list[frozenset[int]] = []

    async def also(builder: ProxyBuilder, said: list[str]) -> None:
        plan = films.plan_of(minute)
        while not list(tmp_path.glob("*/c*.mkv")):  # noqa: ASYNC110 - another process makes it
            await asyncio.sleep(0.005)
        heard.append(Proxy(plan, tmp_path).heard)

    proxy, _, _ = asyncio.run(built(minute, tmp_path, also=also))
    assert heard == [frozenset(range(6))]
    assert not proxy.heard
    assert not list(tmp_path.glob("*/s*.mkv"))


def test_sound_alone_takes_no_more_than_its_share(tmp_path: Path, minute: Path) -> None:
    plan = films.plan_of(minute)
    proxy = Proxy(plan, tmp_path)
    limit = 2 * SOUND_SHARE * plan.sound_bytes(plan.chunks[0])
    builder = ProxyBuilder(minute, proxy, ProxyCache(tmp_path), lambda: limit, lambda: None)
    builder.wish(Wish(35 * SECOND))
    order = [of_piece(plan, piece) for piece in asyncio.run(builder.order())]
    assert [number for number, kind in order if kind == "s"] == [2, 3]
    proxy.add(0, plan.chunks[0].name(1, "s"))
    proxy.add(2, plan.chunks[2].name(1, "s"))
    asyncio.run(builder.order())
    assert proxy.heard == {2}


def test_no_more_is_built_than_there_is_room_for(tmp_path: Path, minute: Path) -> None:
    whole, _, _ = asyncio.run(built(minute, tmp_path / "all"))
    size = sum(p.stat().st_size for p in whole.folder.glob("*.mkv"))
    limit = size // 2
    proxy, _, said = asyncio.run(built(minute, tmp_path / "some", limit=limit))
    assert 0 < len(proxy.built) < 6
    assert "as far as there is room" in said[-2]
    assert ProxyCache(tmp_path / "some").bytes() <= limit * 1.05


def test_where_there_is_no_room_what_is_near_takes_that_of_what_is_far(
    tmp_path: Path, minute: Path
) -> None:
    whole, _, _ = asyncio.run(built(minute, tmp_path))
    for number in (4, 5):
        whole.drop(number)
    taken = ProxyCache(tmp_path).bytes()
    proxy, _, _ = asyncio.run(built(minute, tmp_path, limit=taken, wish=Wish(55 * SECOND)))
    assert 5 in proxy.built
    assert 0 not in proxy.built


def test_a_disk_that_takes_nothing_ends_it_with_a_sentence(tmp_path: Path, minute: Path) -> None:
    (tmp_path / "root").write_text("a file where the folder should be")
    with pytest.raises(ExportError) as told:
        asyncio.run(built(minute, tmp_path / "root"))
    assert "Keeptake works without it" in str(told.value)


def test_a_film_that_goes_while_it_is_built_ends_it_with_a_sentence(
    tmp_path: Path, minute: Path
) -> None:
    film = tmp_path / "film.mp4"
    shutil.copy(minute, film)

    async def also(_builder: ProxyBuilder, said: list[str]) -> None:
        while not list(tmp_path.glob("root/*/*.part")):  # noqa: ASYNC110 - another process does
            await asyncio.sleep(0.005)
        film.unlink()

    # From the end to the beginning the film has to be opened once more.
    with pytest.raises(ExportError) as told:
        asyncio.run(built(film, tmp_path / "root", also=also, wish=Wish(55 * SECOND)))
    assert "is not there" in str(told.value)


def test_the_process_ends_when_the_app_is_killed(tmp_path: Path, minute: Path) -> None:
    program = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from tests.media.test_proxy_builder import built\n"
        "asyncio.run(built(Path(sys.argv[1]), Path(sys.argv[2])))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(minute), str(tmp_path)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as app:  # fmt: skip
        while not _workers(minute, tmp_path):
            assert app.poll() is None
            time.sleep(0.01)
        app.kill()
    end = time.monotonic() + 10
    while _workers(minute, tmp_path) and time.monotonic() < end:
        time.sleep(0.05)
    assert not _workers(minute, tmp_path)


def _workers(film: Path, root: Path) -> list[str]:
    """Processes that make proxies of just this film: they hold it open."""
    found = []
    for listing in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if b"app.media.proxy_worker" not in listing.read_bytes():
                continue
            files = {str(f.readlink()) for f in (listing.parent / "fd").iterdir()}
        except OSError:
            continue
        if str(film) in files:
            found.append(listing.parent.name)
    return found


class TestCache:
    """What lies in the folder of all proxies."""

    def kept(self, root: Path, name: str, size: int, used: float) -> Path:
        folder = root / name
        folder.mkdir(parents=True)
        (folder / "c0-10000-250-9.mkv").write_bytes(bytes(size))
        (folder / "used").touch()
        os.utime(folder / "used", (used, used))
        return folder

    def test_the_film_used_longest_ago_goes_first_never_the_open_one(self, tmp_path: Path) -> None:
        cache = ProxyCache(tmp_path)
        mine = self.kept(tmp_path, "v1-aa-01", 1000, 1)
        old = self.kept(tmp_path, "v1-bb-02", 1000, 2)
        new = self.kept(tmp_path, "v1-cc-03", 1000, 3)
        assert cache.bytes() == 3000
        assert cache.room(3500, 1000, mine) == 1500
        assert not old.exists()
        assert new.exists()
        assert cache.room(500, 1000, mine) == -500
        assert mine.exists()
        assert not new.exists()

    def test_proxies_of_another_version_go_before_all(self, tmp_path: Path) -> None:
        cache = ProxyCache(tmp_path)
        old = self.kept(tmp_path, "v0-aa-01", 1000, 9e9)
        new = self.kept(tmp_path, "v1-bb-02", 1000, 1)
        cache.room(1500, 0, tmp_path / "v1-cc-03")
        assert not old.exists()
        assert new.exists()

    def test_what_is_not_a_proxy_is_left_alone(self, tmp_path: Path) -> None:
        (tmp_path / "photos").mkdir()
        (tmp_path / "v1-aa-01.txt").write_text("mine")
        elsewhere = tmp_path / "photos" / "one"
        elsewhere.write_text("kept")
        (tmp_path / "v1-ab-02").symlink_to(tmp_path / "photos")
        ProxyCache(tmp_path).clear()
        assert elsewhere.read_text() == "kept"
        assert (tmp_path / "v1-aa-01.txt").exists()

    def test_a_folder_that_is_not_there_is_empty(self, tmp_path: Path) -> None:
        cache = ProxyCache(tmp_path / "nowhere")
        assert cache.bytes() == 0
        assert cache.room(1000, 100, tmp_path / "nowhere" / "v1-aa-01") == 1000
        cache.clear()
        assert not (tmp_path / "nowhere").exists()

    def test_what_broke_off_long_ago_is_removed(self, tmp_path: Path) -> None:
        folder = self.kept(tmp_path, "v1-aa-01", 10, 1)
        old, new = folder / "c0.1.part", folder / "c1.2.part"
        old.touch()
        new.touch()
        os.utime(old, (1, 1))
        ProxyCache(tmp_path).touch(folder)
        assert not old.exists()
        assert new.exists()
