"""Which view of a face is the best one, and pictures that are given up midway."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.core.faces import Box, Faces
from app.core.review import Evidence, Footage, Review
from app.core.scenes import Scenes
from app.core.timerange import SECOND
from app.media import stills
from app.media.stills import Still
from app.state import pictures_state
from app.state.pictures_state import PicturesState, best_views


def box(size: float, track: int, cluster: int = 0) -> Box:
    return Box(0.1, 0.1, 0.1 + size, 0.1 + size, 0.9, track, cluster)


class Reader:
    """Stands for StillReader; notes when it is closed and whether it was being read then."""

    def __init__(self) -> None:
        self.reading = threading.Event()
        self.go_on = threading.Event()
        self.log: list[str] = []
        self.closed = threading.Event()

    def at(self, t: int, height: int | None = None) -> Still:
        self.log.append("begin")
        self.reading.set()
        self.go_on.wait(5)
        self.log.append("end")
        return Still(2, height or 2, bytes(8 * (height or 2)), t)

    def close(self) -> None:
        self.log.append("close")
        self.closed.set()


def test_the_best_view_of_a_track_is_where_its_face_is_largest() -> None:
    faces = Faces.of([(0, [box(0.1, 1), box(0.3, 2)]), (SECOND, [box(0.2, 1)]), (2 * SECOND, [])])
    found = best_views(faces)
    assert {k: t for k, (t, _) in found.items()} == {1: SECOND, 2: 0}
    assert found[1][1].x2 == pytest.approx(0.3)


def test_of_several_largest_views_the_first_is_taken_and_of_none_none() -> None:
    faces = Faces.of([(t * SECOND, [box(0.2, 1), box(0.2, 5)]) for t in range(3)])
    assert {k: t for k, (t, _) in best_views(faces).items()} == {1: 0, 5: 0}
    assert best_views(Faces.of([(0, [])])) == {}


def review_of(scenes: int, people: int) -> Review:
    faces = Faces.of([(n * SECOND, [box(0.2, n, n)]) for n in range(people)])
    cuts = Scenes.of([n * SECOND for n in range(1, scenes)], scenes * SECOND)
    footage = Footage(scenes * SECOND, width=2, height=2)
    return Review(Evidence(footage, scenes=cuts, faces=faces if people else None))


def test_what_a_list_shows_is_made_before_the_rest_and_nothing_twice(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers: list[Reader] = []

    def reader(_video: Path) -> Reader:
        readers.append(Reader())
        readers[-1].go_on.set()
        return readers[-1]

    monkeypatch.setattr(stills, "StillReader", reader)
    monkeypatch.setattr(pictures_state, "LINGER", 0.01)
    state = PicturesState()
    made: list[object] = []
    state.scene_made.connect(lambda index, _still: made.append(index))
    state.face_made.connect(lambda key, _still: made.append(key))

    async def until(count: int) -> None:
        async with asyncio.timeout(10):
            while len(made) < count:  # noqa: ASYNC110 - in another thread
                await asyncio.sleep(0.005)

    async def main() -> None:
        making = asyncio.create_task(state.make(Path("film"), review_of(2000, 3)))
        await until(3 + 40)
        assert made[:4] == ["c0", "c1", "c2", 0]
        del made[:]
        assert await asyncio.to_thread(readers[0].closed.wait, 5)
        state.want_scenes([1500, 1501, 7, 99_999, -1])
        state.want_people(["c1", "nobody"])
        await until(2)
        await asyncio.sleep(0.05)
        assert made == [1500, 1501]
        assert len(readers) == 2
        making.cancel()
        await asyncio.gather(making, return_exceptions=True)
        for one in readers:
            assert await asyncio.to_thread(one.closed.wait, 5)

    asyncio.run(main())


def test_a_picture_waits_until_there_is_time_for_it(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Reader()
    reader.go_on.set()
    monkeypatch.setattr(stills, "StillReader", lambda _video: reader)

    async def main() -> None:
        leisure = asyncio.Event()

        async def come() -> None:
            await leisure.wait()

        state = PicturesState(come)
        made: list[str] = []
        state.poster_made.connect(lambda key, _still: made.append(key))
        making = asyncio.create_task(state.make_posters(Path("film"), [("m1", 0), ("m2", SECOND)]))
        await asyncio.sleep(0.1)
        assert (made, reader.log) == ([], [])
        leisure.set()
        await making
        assert made == ["m1", "m2"]
        assert await asyncio.to_thread(reader.closed.wait, 5)

    asyncio.run(main())


def test_without_scenes_or_people_no_film_is_opened(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stills, "StillReader", lambda _video: pytest.fail("opened"))
    asyncio.run(PicturesState().make(Path("film"), Review(Evidence(Footage(SECOND, width=2)))))


def test_the_file_is_closed_only_after_the_picture_that_is_being_read(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Reader()
    monkeypatch.setattr(stills, "StillReader", lambda _video: reader)
    review = Review(Evidence(Footage(SECOND, width=2, height=2), scenes=Scenes.of((), SECOND)))

    async def main() -> None:
        making = asyncio.create_task(PicturesState().make(Path("film"), review))
        await asyncio.to_thread(reader.reading.wait, 5)
        making.cancel()
        await asyncio.gather(making, return_exceptions=True)
        assert reader.log == ["begin"]
        reader.go_on.set()
        assert await asyncio.to_thread(reader.closed.wait, 5)
        assert reader.log == ["begin", "end", "close"]

    asyncio.run(main())
