"""Small pictures of what was found: a frame of each scene and moment, a face of each person."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal

from app.core.faces import Box, Faces
from app.core.late import late
from app.core.people import Person, people
from app.core.review import Review
from app.core.scenes import Scenes

if TYPE_CHECKING:
    from app.media import stills
    from app.media.stills import Still, StillReader
else:
    stills = late("app.media.stills")

HIGH = 96
"""Pixels of a scene's picture, enough for 200 % scaling."""

MOST = 300
"""Pictures made for one film; a list shows a placeholder beyond."""


MOST_POSTERS = 500
"""Posters of moments; there are that many moments of a long film."""


class _At(Protocol):
    def __call__(self, t: int, height: int | None = None) -> Awaitable[Still]: ...


class PicturesState(QObject):
    """Makes them one after the other off the GUI thread; the newest request replaces the last.

    Signals:
        scene_made(int, object): index of the scene and a Still.
        face_made(str, object): key of the person and a Still.
        poster_made(str, object): key of the moment and a Still.
    """

    scene_made = Signal(int, object)
    face_made = Signal(str, object)
    poster_made = Signal(str, object)

    async def make(self, video: Path, review: Review) -> None:
        """Every picture of this review. Raises MediaError where the film cannot be read."""
        evidence = review.evidence
        if not evidence.footage.width:
            return
        async with _reading(video) as at:
            if evidence.scenes is not None:
                await self._scenes(at, evidence.scenes)
            if evidence.faces is not None:
                await self._faces(at, evidence.faces, people(review))

    async def make_posters(self, video: Path, wanted: Sequence[tuple[str, int]]) -> None:
        """A frame for each (moment key, microseconds). Raises MediaError as `make` does."""
        if not wanted:
            return
        async with _reading(video) as at:
            for key, t in wanted[:MOST_POSTERS]:
                self.poster_made.emit(key, await at(t, HIGH))

    async def _scenes(self, at: _At, scenes: Scenes) -> None:
        for index, scene in enumerate(scenes.ranges[:MOST]):
            t = min(scene.start + 500_000, scene.midpoint)
            self.scene_made.emit(index, await at(t, HIGH))

    async def _faces(self, at: _At, faces: Faces, everyone: tuple[Person, ...]) -> None:
        best = best_views(faces)
        for person in everyone[:MOST]:
            views = [best[t.track] for t in person.tracks if t.track in best]
            if views:
                t, box = max(views, key=lambda v: _area(v[1]))
                still = await at(t)
                self.face_made.emit(person.key, still.cropped(*_around(box)))


@asynccontextmanager
async def _reading(video: Path) -> AsyncIterator[_At]:
    """Frames of a film, read in a thread of its own."""
    # One thread, so that a cancelled story never closes the file under a picture being read.
    pool = ThreadPoolExecutor(1, thread_name_prefix="keeptake-pictures")
    opening = pool.submit(stills.StillReader, video)
    try:
        reader = await asyncio.wrap_future(opening)

        async def at(t: int, height: int | None = None) -> Still:
            return await asyncio.wrap_future(pool.submit(reader.at, t, height))

        yield at
    finally:
        pool.submit(_close, opening)
        pool.shutdown(wait=False)


def _close(opening: Future[StillReader]) -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()


def best_views(faces: Faces) -> dict[int, tuple[int, Box]]:
    """Track -> the sampled time and box in which its face is largest."""
    found: dict[int, tuple[int, Box]] = {}
    for k, t in enumerate(faces.times):
        for box in faces.frame(k):
            before = found.get(box.track)
            if before is None or _area(box) > _area(before[1]):
                found[box.track] = (t, box)
    return found


def _area(box: Box) -> float:
    return (box.x2 - box.x1) * (box.y2 - box.y1)


def _around(box: Box) -> tuple[float, float, float, float]:
    """The box with a little of the head and neck around it, inside the frame."""
    more_x, more_y = 0.2 * (box.x2 - box.x1), 0.25 * (box.y2 - box.y1)
    return (
        max(0.0, box.x1 - more_x),
        max(0.0, box.y1 - more_y),
        min(1.0, box.x2 + more_x),
        min(1.0, box.y2 + more_y),
    )
