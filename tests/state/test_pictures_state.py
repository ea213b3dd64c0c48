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
from app.state.pictures_state import PicturesState, best_views


def box(size: float, track: int) -> Box:
    return Box(0.1, 0.1, 0.1 + size, 0.1 + size, 0.9, track, 0)


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
