"""Finished shorts that were moved or deleted, and finding them again."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from app.core.moments import PlacedMoment
from app.services.shorts_ledger import RenderRecord, ShortsLedger, all_renders, new_record
from app.state.short_files import ShortFiles
from tests.core.speech import s


class Journal:
    """In memory."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {}

    def get(self, kind: str) -> dict[str, Any] | None:
        return self.kept.get(kind)

    def put(self, kind: str, value: dict[str, Any]) -> None:
        self.kept[kind] = value


def finished(journal: Journal, path: Path, size: int = 5) -> RenderRecord:
    """A short that was put there."""
    moment = PlacedMoment("a/1", 1, s(1, 2), s(1, 2), "One")
    record = new_record(journal, "here", [moment], {}, [path.name])
    ShortsLedger(journal, "here").note_clip(
        record.id, "a/1", state="downloaded", path=str(path), bytes=size
    )
    return record


def look(files: ShortFiles, journal: Journal, *folders: Path) -> bool:
    return asyncio.run(files.look(journal, all_renders(journal), folders))


def test_what_is_no_longer_there_is_told_once(tmp_path: Path) -> None:
    files, journal = ShortFiles(), Journal()
    path = tmp_path / "short.mp4"
    path.write_bytes(b"films")
    finished(journal, path)
    assert not look(files, journal)
    assert files.gone == frozenset()
    path.unlink()
    assert look(files, journal)
    assert files.gone == {str(path)}
    assert not look(files, journal)
    path.write_bytes(b"films")
    assert look(files, journal)
    assert files.gone == frozenset()


def test_one_in_another_folder_is_found_by_name_and_size_and_remembered(tmp_path: Path) -> None:
    files, journal = ShortFiles(), Journal()
    finished(journal, tmp_path / "old" / "short.mp4")
    new = tmp_path / "new"
    new.mkdir()
    (new / "short.mp4").write_bytes(b"another film of that name")
    look(files, journal, new)
    assert files.gone == {str(tmp_path / "old" / "short.mp4")}
    (new / "short.mp4").write_bytes(b"films")
    assert look(files, journal, new)
    assert files.gone == frozenset()
    assert all_renders(journal)[0].clips[0].path == str(new / "short.mp4")
    assert not look(files, journal)


def test_a_look_that_ends_after_another_film_was_opened_says_nothing(tmp_path: Path) -> None:
    files, first, second = ShortFiles(), Journal(), Journal()
    finished(first, tmp_path / "first.mp4")
    finished(second, tmp_path / "second.mp4")

    async def story() -> None:
        await asyncio.gather(
            files.look(first, all_renders(first), ()),
            files.look(second, all_renders(second), ()),
        )

    asyncio.run(story())
    assert files.gone == {str(tmp_path / "second.mp4")}
