"""The strips are those of the film that is open."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from app.state.playback_state import PlaybackState
from app.state.proxy_state import ProxyRules
from app.state.strips_follow import StripsFollow
from app.state.strips_state import StripsState
from tests.state.short_desk import ShortDesk, short_desk

pytestmark = pytest.mark.usefixtures("qapp")


async def begun(desk: ShortDesk, root: Path) -> tuple[StripsState, PlaybackState]:
    no_stage: Any = lambda *_callbacks: None  # noqa: E731 - it is not asked for
    strips = StripsState(desk.tasks, lambda: ProxyRules(root, 1 << 40))
    playback = PlaybackState(no_stage)
    StripsFollow(desk.film, playback, strips)
    return strips, playback


def test_a_film_that_is_opened_is_followed_until_it_is_closed(
    tmp_path: Path, ten_seconds: Path
) -> None:
    async def main() -> None:
        async with short_desk(tmp_path) as desk:
            strips, _ = await begun(desk, tmp_path / "cache")
            opened = await desk.open(ten_seconds)
            strips.want(0, 10_000_000, 20_000)
            await desk.until(lambda: strips.loudness and strips.loudness.built)
            await desk.until(lambda: strips.thumbnails)
            assert strips.loudness
            assert strips.loudness.duration == opened.review.evidence.footage.duration
            await desk.film.close()
            assert strips.loudness is None
            assert not strips.thumbnails

    asyncio.run(main())
