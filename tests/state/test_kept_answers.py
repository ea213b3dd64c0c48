"""A large answer is read once, then from what was prepared of it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.core.review import Footage
from app.core.transcript import Transcript, Word
from app.services import parsing
from app.services.parsing import Parser
from app.services.store import Project, Store
from app.services.wire_shapes import body
from app.services.wire_transcript import TranscriptionResultResponse
from app.state.kept_answers import read_back

SAID = Transcript(tuple(Word(f"w{n}", n, n + 1) for n in range(50)), language="en", text="w")


def opened(folder: Path) -> tuple[Store, Project]:
    video = folder / "video.mp4"
    video.write_bytes(b"x")
    store = Store(folder / "projects")
    return store, store.open_for(video, "0123456789abcdef", Footage(1_000_000))


def test_the_second_reading_asks_no_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, project = opened(tmp_path)
    project.save_answer("transcript", body(TranscriptionResultResponse.of(SAID)), "nanoclip")

    async def main() -> None:
        async with Parser(threshold=10) as parser:
            (head,) = project.heads()
            first = await read_back(store, parser, project, head, 1_000_000)
            monkeypatch.setattr(parsing, "_read", None)
            again = await read_back(store, parser, project, head, 1_000_000)
            assert first == again
            assert isinstance(again, Transcript)
            assert again.words == SAID.words

    asyncio.run(main())
    project.close()


def test_damaged_prepared_files_and_other_answers_are_read_anew(tmp_path: Path) -> None:
    store, project = opened(tmp_path)
    project.save_answer("transcript", body(TranscriptionResultResponse.of(SAID)), "nanoclip")

    async def main() -> None:
        async with Parser(threshold=10) as parser:
            (head,) = project.heads()
            first = await read_back(store, parser, project, head, 1_000_000)
            (kept,) = (tmp_path / "projects" / "prepared").iterdir()
            kept.write_bytes(kept.read_bytes()[:-1])
            assert await read_back(store, parser, project, head, 1_000_000) == first
            other = Transcript(SAID.words[:3], language="en", text="w")
            project.save_answer("transcript", body(TranscriptionResultResponse.of(other)), "local")
            (head,) = project.heads()
            now = await read_back(store, parser, project, head, 1_000_000)
            assert isinstance(now, Transcript)
            assert len(now.words) == 3

    asyncio.run(main())
    project.close()


def test_a_small_answer_is_read_in_place(tmp_path: Path) -> None:
    store, project = opened(tmp_path)
    project.save_answer("transcript", body(TranscriptionResultResponse.of(SAID)), "nanoclip")

    async def main() -> None:
        async with Parser() as parser:
            (head,) = project.heads()
            found = await read_back(store, parser, project, head, 1_000_000)
            assert isinstance(found, Transcript)

    asyncio.run(main())
    assert not (tmp_path / "projects" / "prepared").exists()
    project.close()
