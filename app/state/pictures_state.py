"""Small pictures of what was found: a frame of each scene and moment, a face of each person."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal

from app.core.faces import Box, Faces
from app.core.late import late
from app.core.people import people
from app.core.review import Review
from app.core.timerange import Ranges

if TYPE_CHECKING:
    import numpy as np

    from app.media import stills
    from app.media.stills import Still, StillReader
else:
    np = late("numpy")
    stills = late("app.media.stills")

Views = dict[str, tuple[int, Box]]
"""Key of a person -> time in microseconds and box."""

HIGH = 96
"""Pixels of a scene's picture, enough for 200 % scaling."""

AHEAD = 40
"""Scenes and people whose pictures are made before a list asks: what it shows at first."""

LINGER = 5.0
"""Seconds that the film stays open for the next wish."""

MOST_POSTERS = 500
"""Posters of moments; there are that many moments of a long film."""


class _At(Protocol):
    def __call__(self, t: int, height: int | None = None) -> Awaitable[Still]: ...


class PicturesState(QObject):
    """Makes them one after the other off the GUI thread: what a list shows first, the rest never.

    Signals:
        scene_made(int, object): index of the scene and a Still.
        face_made(str, object): key of the person and a Still.
        poster_made(str, object): key of the moment and a Still.
    """

    scene_made = Signal(int, object)
    face_made = Signal(str, object)
    poster_made = Signal(str, object)

    def __init__(self, leisure: Callable[[], Awaitable[None]] | None = None) -> None:
        """leisure: awaited before each picture."""
        super().__init__()
        self._leisure = leisure
        self._scenes: tuple[int, ...] = ()
        self._people: tuple[str, ...] = ()
        self._news = asyncio.Event()

    def want_scenes(self, indices: Sequence[int]) -> None:
        """The scenes that a list shows now, the first one first; takes the place of the last."""
        self._scenes = tuple(indices)
        self._news.set()

    def want_people(self, keys: Sequence[str]) -> None:
        """The same of people."""
        self._people = tuple(keys)
        self._news.set()

    async def make(self, video: Path, review: Review) -> None:
        """Pictures of this review, as they are wanted, until it is cancelled.

        Each is made once; in the beginning those of the first scenes and people. Raises MediaError
        where the film cannot be read.
        """
        evidence = review.evidence
        if not evidence.footage.width or (evidence.scenes is None and evidence.faces is None):
            return
        faces = await asyncio.to_thread(_views_of_people, review)
        scenes = evidence.scenes.ranges if evidence.scenes is not None else ()
        made: set[object] = set()
        while True:
            if self._next(scenes, faces, made) is not None:
                async with self._reading(video) as at:
                    await self._while_wanted(at, scenes, faces, made)
            self._news.clear()
            await self._news.wait()

    async def make_posters(self, video: Path, wanted: Sequence[tuple[str, int]]) -> None:
        """A frame for each (moment key, microseconds). Raises MediaError as `make` does."""
        if not wanted:
            return
        async with self._reading(video) as at:
            for key, t in wanted[:MOST_POSTERS]:
                self.poster_made.emit(key, await at(t, HIGH))

    async def _while_wanted(self, at: _At, scenes: Ranges, faces: Views, made: set[object]) -> None:
        """Until nothing more is wanted for a while."""
        while True:
            what = self._next(scenes, faces, made)
            if what is None:
                self._news.clear()
                try:
                    await asyncio.wait_for(self._news.wait(), LINGER)
                except TimeoutError:
                    return
                continue
            made.add(what)
            if isinstance(what, int):
                scene = scenes[what]
                still = await at(min(scene.start + 500_000, scene.midpoint), HIGH)
                self.scene_made.emit(what, still)
            else:
                t, box = faces[what]
                self.face_made.emit(what, (await at(t)).cropped(*_around(box)))

    def _next(self, scenes: Ranges, faces: Views, made: set[object]) -> int | str | None:
        """Index of a scene or key of a person, the most wanted."""
        for index in self._scenes:
            if 0 <= index < len(scenes) and index not in made:
                return index
        for key in chain(self._people, islice(faces, AHEAD)):
            if key in faces and key not in made:
                return key
        return next((i for i in range(min(AHEAD, len(scenes))) if i not in made), None)

    @asynccontextmanager
    async def _reading(self, video: Path) -> AsyncIterator[_At]:
        """Frames of a film, read in a thread of its own."""
        # One thread, so that a cancelled story never closes the file under a picture being read.
        pool = ThreadPoolExecutor(1, thread_name_prefix="keeptake-pictures")
        opening = pool.submit(stills.StillReader, video)
        try:
            reader = await asyncio.wrap_future(opening)

            async def at(t: int, height: int | None = None) -> Still:
                if self._leisure is not None:
                    await self._leisure()
                return await asyncio.wrap_future(pool.submit(reader.at, t, height))

            yield at
        finally:
            pool.submit(_close, opening)
            pool.shutdown(wait=False)


def _close(opening: Future[StillReader]) -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()


def best_views(faces: Faces) -> dict[int, tuple[int, Box]]:
    """Track -> the sampled time and box in which its face is largest, the first of several."""
    if not len(faces.scores):
        return {}
    corners = np.frombuffer(faces.boxes, np.float32).reshape(-1, 4).astype(np.float64)
    areas = (corners[:, 2] - corners[:, 0]) * (corners[:, 3] - corners[:, 1])
    tracks = np.frombuffer(faces.track_ids, np.int32)
    # Sorted by track, the largest first: stable, so that of several the first one is.
    order = np.lexsort((-areas, tracks))
    sorted_tracks = tracks[order]
    firsts = order[np.flatnonzero(np.diff(sorted_tracks, prepend=sorted_tracks[0] - 1))]
    found: dict[int, tuple[int, Box]] = {}
    for row in firsts.tolist():
        box = faces.box(row)
        found[box.track] = faces.times[bisect_right(faces.offsets, row) - 1], box
    return found


def _views_of_people(review: Review) -> Views:
    """In a thread: each person's largest view, by key."""
    faces = review.evidence.faces
    if faces is None:
        return {}
    best = best_views(faces)
    found: Views = {}
    for person in people(review):
        views = [best[t.track] for t in person.tracks if t.track in best]
        if views:
            found[person.key] = max(views, key=lambda v: _area(v[1]))
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
