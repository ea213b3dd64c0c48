"""Waveform and thumbnails of the open film: they arrive, are kept, and end with it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from app.core.loudness import AMPLITUDE
from app.core.timerange import SECOND
from app.media import strip_builder
from app.media.probe import probe
from app.media.stills import Still
from app.media.strip_builder import StripBuilder
from app.media.strip_plan import StripPlan
from app.state import strips_state
from app.state.proxy_state import ProxyRules
from app.state.strips_state import StripsState
from app.state.tasks import Tasks
from tests.media.clips import clip, ffmpeg

pytestmark = pytest.mark.usefixtures("qapp")

KEY = "ab" * 32


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve seconds at 25, a key frame each second, a tone."""
    return clip(tmp_path_factory.mktemp("film") / "film.mp4", frames=300, gop=25)


class Desk:
    """A state with rules of its own, and what it said."""

    def __init__(self, root: Path, limit: int = 1 << 40) -> None:
        self.rules = ProxyRules(root, limit)
        self.errors: list[object] = []
        self.tasks = Tasks(self.errors.append)
        self.state = StripsState(self.tasks, lambda: self.rules)
        self.notices: list[str] = []
        self.made: list[tuple[int, Still]] = []
        self.state.notice.connect(self.notices.append)
        self.state.thumbnail_made.connect(lambda t, still: self.made.append((t, still)))

    def open(self, film: Path, key: str = KEY) -> None:
        found = probe(film)
        self.state.set_film(
            film, key, found.duration, found.video is not None, found.audio is not None
        )
        self.state.want(0, found.duration, found.duration / 600)

    async def until(self, there: Callable[[], object]) -> None:
        async with asyncio.timeout(60):
            while not there():  # noqa: ASYNC110 - of whatever it is
                await asyncio.sleep(0.01)

    async def heard(self) -> None:
        await self.until(lambda: self.state.loudness and self.state.loudness.built)

    async def seen(self, times: list[int]) -> None:
        await self.until(lambda: set(times) <= set(self.state.thumbnails))


def run(desk: Desk, story: Callable[[Desk], Awaitable[None]]) -> None:
    async def main() -> None:
        try:
            await story(desk)
        finally:
            desk.state.close()
            await desk.tasks.close()

    asyncio.run(main())
    assert not desk.errors


GRID = [0, 2 * SECOND, 4 * SECOND, 6 * SECOND, 8 * SECOND, 10 * SECOND]


def test_a_film_that_is_opened_gets_its_waveform_and_thumbnails(tmp_path: Path, film: Path) -> None:
    async def story(desk: Desk) -> None:
        desk.open(film)
        assert desk.state.loudness
        assert desk.state.loudness.built == ()
        await desk.heard()
        await desk.seen(GRID)
        levels = desk.state.loudness.peaks(SECOND, 10_000, 1000)
        assert AMPLITUDE[max(levels)] == pytest.approx(0.125, rel=0.1)
        assert [t for t, _ in desk.made] == GRID
        assert all(abs(still.pts_us - t) <= SECOND for t, still in desk.made)
        assert desk.state.thumbnails[0] is desk.made[0][1]
        desk.state.want(2 * SECOND, 4 * SECOND, 2_000)
        await desk.seen([3 * SECOND, SECOND, 5 * SECOND])
        assert not desk.notices

    run(Desk(tmp_path), story)


def test_what_was_made_is_found_again_without_a_process(
    tmp_path: Path, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def first(desk: Desk) -> None:
        desk.open(film)
        await desk.heard()
        await desk.seen(GRID)

    run(Desk(tmp_path), first)

    def none(_module: str) -> None:
        raise AssertionError

    monkeypatch.setattr("app.media.strip_builder.worker", none)

    async def again(desk: Desk) -> None:
        desk.open(film)
        await desk.heard()
        await desk.seen(GRID)
        assert not desk.notices

    run(Desk(tmp_path), again)


def test_a_damaged_picture_on_disk_is_made_again(tmp_path: Path, film: Path) -> None:
    async def story(desk: Desk) -> None:
        desk.open(film)
        await desk.seen(GRID)

    run(Desk(tmp_path), story)
    picture = next(tmp_path.glob("*/picture4000000_*.jpg"))
    picture.write_bytes(bytes(picture.stat().st_size))
    run(Desk(tmp_path), story)
    assert any(picture.read_bytes())


def test_another_film_and_none_let_go_of_the_one_before(tmp_path: Path, film: Path) -> None:
    async def story(desk: Desk) -> None:
        desk.open(film)
        await desk.seen([0])
        desk.open(film, "cd" * 32)
        assert not desk.state.thumbnails
        await desk.heard()
        desk.state.set_film(None)
        assert desk.state.loudness is None
        assert not desk.state.thumbnails
        desk.state.want(0, 1, 1)
        desk.state.hold(True)

    run(Desk(tmp_path), story)
    assert not list(tmp_path.glob("*/*.part"))


def test_films_without_sound_or_picture_have_empty_lanes_and_no_error(tmp_path: Path) -> None:
    silent = clip(tmp_path / "silent.mp4", frames=100, gop=25, sound=False)
    dark = tmp_path / "dark.m4a"
    ffmpeg("-f", "lavfi", "-i", "sine=d=3", dark)

    async def story(desk: Desk) -> None:
        desk.open(silent)
        await desk.seen([0])
        assert desk.state.loudness is None
        desk.open(dark)
        await desk.heard()
        assert not desk.state.thumbnails
        desk.state.set_film(silent, KEY, SECOND, False, False)
        desk.state.want(0, SECOND, 1000)
        assert not desk.notices

    run(Desk(tmp_path / "cache"), story)


@pytest.mark.skipif(os.name == "nt", reason="folders are protected otherwise there")
def test_where_nothing_can_be_kept_it_is_made_in_memory_and_said_once(
    tmp_path: Path, film: Path
) -> None:
    root = tmp_path / "cache"
    root.write_text("a file where the folder should be")

    async def story(desk: Desk) -> None:
        desk.open(film)
        await desk.heard()
        await desk.seen(GRID)
        assert len(desk.notices) == 1
        assert "cannot be kept" in desk.notices[0]

    run(Desk(root), story)


def test_a_full_cache_is_said_and_no_cache_is_not(
    tmp_path: Path, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(desk: Desk) -> None:
        desk.open(film)
        await desk.seen(GRID)

    full, without = Desk(tmp_path, 1), Desk(tmp_path, 0)
    monkeypatch.setattr(strips_state, "BESIDE", -2)
    run(full, story)
    run(without, story)
    assert len(full.notices) == 1
    assert without.notices == []
    assert not list(tmp_path.glob("*/*"))


def test_a_film_that_is_gone_is_said_once(tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        desk.state.set_film(tmp_path / "gone.mp4", KEY, 60 * SECOND, True, True)
        desk.state.want(0, 60 * SECOND, 100_000)
        await desk.until(lambda: desk.notices)
        assert len(desk.notices) == 1
        assert "could not be made" in desk.notices[0]

    run(Desk(tmp_path / "cache"), story)


def test_a_process_that_ends_by_itself_is_started_again_and_given_up_in_the_end(
    tmp_path: Path,
    film: Path,
    monkeypatch: pytest.MonkeyPatch,
    expected_log: Callable[[str], None],
) -> None:
    real, begun = strip_builder.worker, list[str]()
    expected_log("no_such_module")

    def breaking(module: str) -> AbstractAsyncContextManager[asyncio.subprocess.Process]:
        begun.append(module)
        return real("app.media.no_such_module")

    monkeypatch.setattr(strip_builder, "worker", breaking)

    async def story(desk: Desk) -> None:
        desk.open(film)
        await desk.until(lambda: desk.notices)
        assert len(begun) == strip_builder.MOST_ENDED

    run(Desk(tmp_path), story)


def test_while_held_only_what_is_in_view_is_made(tmp_path: Path) -> None:
    long = tmp_path / "long.wav"
    ffmpeg("-f", "lavfi", "-i", "sine=d=700:r=8000", long)

    async def story(desk: Desk) -> None:
        desk.state.hold(True)
        found = probe(long)
        desk.state.set_film(long, KEY, found.duration, False, True)
        desk.state.want(0, SECOND, 1000)
        await desk.heard()
        await asyncio.sleep(0.5)
        assert desk.state.loudness
        assert set(desk.state.loudness.chunks) == {0}
        desk.state.hold(False)
        await desk.until(lambda: desk.state.loudness and len(desk.state.loudness.chunks) == 3)

    run(Desk(tmp_path / "cache"), story)


def test_an_idle_process_ends_and_the_next_wish_starts_another(tmp_path: Path, film: Path) -> None:
    class Told:
        def __init__(self) -> None:
            self.times: list[int] = []

        def sound(self, number: int, chunk: object) -> None:
            raise AssertionError

        def picture(self, t: int, pts_us: int, jpeg: bytes) -> None:
            self.times.append(t)
            builder.order([])

        def failed(self, number: int) -> None:
            raise AssertionError

        def unkept(self) -> None:
            raise AssertionError

    told = Told()
    plan = StripPlan(film, KEY, 12 * SECOND, True, False)
    builder = StripBuilder(plan, None, told, idle=0.05)
    begun: list[str] = []

    async def main() -> None:
        real = strip_builder.worker

        def counted(module: str) -> AbstractAsyncContextManager[asyncio.subprocess.Process]:
            begun.append(module)
            return real(module)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(strip_builder, "worker", counted)
            story = asyncio.create_task(builder.build())
            async with asyncio.timeout(60):
                for k in range(2):
                    builder.order([k])
                    while len(told.times) <= k or len(begun) <= k:  # noqa: ASYNC110 - as above
                        await asyncio.sleep(0.01)
                    await asyncio.sleep(0.6)
            story.cancel()
            await asyncio.gather(story, return_exceptions=True)

    asyncio.run(main())
    assert told.times == [0, SECOND]
    assert len(begun) == 2
