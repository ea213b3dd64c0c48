"""A damaged project gives what can be read of it, and the damaged file stays as it was."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.core.review import Decisions
from app.services.store import Store
from tests.services.test_store import FOOTAGE, KEY, SOME

PAGE = 4096
RAW = bytes(range(256)) * 200
"""An answer over several pages."""


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "take.mp4"
    path.write_bytes(b"not really a video")
    return path


def filled(folder: Path, video: Path) -> Path:
    """A closed project with decisions, orders and answers, each on pages of its own."""
    store = Store(folder)
    with closing(store.open_for(video, KEY, FOOTAGE)) as project:
        project.journal.put("nanoclip.project", {"id": "p-1", "state": "ready"})
        project.journal.put("nanoclip.vision", {"project": "p-1", "state": "started"})
        project.save_decisions(SOME)
        for n, kind in enumerate(("transcript", "vision", "retakes")):
            project.save_answer(kind, bytes([n]) + RAW, "nanoclip")
    return project.path


def page_of(path: Path, table: str) -> int:
    """Where the first page of a table lies in the file."""
    with closing(sqlite3.connect(path)) as db:
        (root,) = db.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)
        ).fetchone()
    return (int(root) - 1) * PAGE


def hit(path: Path, at: int, size: int = PAGE) -> bytes:
    """Overwrite a piece of the file; the whole as it is then."""
    content = bytearray(path.read_bytes())
    content[at : at + size] = b"\xee" * size
    path.write_bytes(content)
    return bytes(content)


def test_damage_in_the_answers_costs_neither_decisions_nor_orders(
    tmp_path: Path, video: Path
) -> None:
    path = filled(tmp_path / "projects", video)
    broken = hit(path, page_of(path, "answers"))
    with closing(Store(tmp_path / "projects").open_for(video, KEY, FOOTAGE)) as project:
        assert project.decisions == SOME
        assert project.journal.get("nanoclip.vision") == {"project": "p-1", "state": "started"}
        assert "could be read of it: the decisions and what was ordered" in project.notice
        assert not project.in_memory
        project.save_decisions(Decisions()).result()
    (aside,) = (tmp_path / "projects").glob("*.damaged-*")
    assert aside.read_bytes() == broken


def test_damage_in_the_decisions_costs_neither_orders_nor_answers(
    tmp_path: Path, video: Path
) -> None:
    path = filled(tmp_path / "projects", video)
    hit(path, page_of(path, "decisions"))
    with closing(Store(tmp_path / "projects").open_for(video, KEY, FOOTAGE)) as project:
        assert project.decisions == Decisions()
        assert {k: a.raw for k, a in project.answers().items()} == {
            kind: bytes([n]) + RAW for n, kind in enumerate(("transcript", "vision", "retakes"))
        }
        assert project.journal.get("nanoclip.project") == {"id": "p-1", "state": "ready"}
        assert "3 answers and what was ordered" in project.notice


def test_what_was_done_since_the_backup_is_read_over_it(tmp_path: Path, video: Path) -> None:
    path = filled(tmp_path / "projects", video)
    store = Store(tmp_path / "projects")
    later = {"project": "p-1", "state": "received"}
    with closing(store.open_for(video, KEY, FOOTAGE)) as project:
        project.save_decisions(Decisions(padding=123_000)).result()
        assert store.backups(path).copies()
        project.journal.put("nanoclip.vision", later)
    hit(path, page_of(path, "answers"))
    with closing(store.open_for(video, KEY, FOOTAGE)) as project:
        assert project.decisions == Decisions(padding=123_000)
        assert project.journal.get("nanoclip.vision") == later
        assert len(project.answers()) == 3
        assert "the rest comes from its backup of" in project.notice


def test_a_damaged_file_of_ones_own_is_shown_in_memory_and_left_alone(
    tmp_path: Path, video: Path
) -> None:
    path = filled(tmp_path / "projects", video)
    mine = tmp_path / "mine.keeptake"
    path.rename(mine)
    broken = hit(mine, page_of(mine, "answers"))
    store = Store(tmp_path / "others")
    with closing(store.open_file(mine)) as project:
        assert project.decisions == SOME
        assert project.in_memory
        assert "Save Project As" in project.notice
        project.save_as(tmp_path / "mended.keeptake")
    assert mine.read_bytes() == broken
    with closing(store.open_file(tmp_path / "mended.keeptake")) as project:
        assert project.decisions == SOME
        assert project.notice == ""


@pytest.mark.parametrize("share", range(12))
def test_wherever_the_damage_is_the_project_opens_and_saves(
    tmp_path: Path, video: Path, share: int
) -> None:
    path = filled(tmp_path / "projects", video)
    pages = len(path.read_bytes()) // PAGE
    hit(path, share * pages // 12 * PAGE + 200, 2 * PAGE)
    store = Store(tmp_path / "projects")
    with closing(store.open_for(video, KEY, FOOTAGE)) as project:
        project.save_decisions(SOME).result()
        project.journal.put("nanoclip.vision", {"state": "none"})
    with closing(store.open_for(video, KEY, FOOTAGE)) as project:
        assert project.decisions == SOME
        assert not project.notice
