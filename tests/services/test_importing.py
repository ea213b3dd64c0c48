"""A person's own file becomes words and the answer of them, here or in the worker alike."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from app.core.errors import MediaError
from app.services import importing, wire
from app.services.importing import Brought, bring
from app.services.parsing import Parser

MINUTE = 60_000_000
SRT = "1\n00:00:01,000 --> 00:00:02,000\nשלום לכם\n\n2\n00:02:03,500 --> 00:02:04,000\nlate\n"


@pytest.fixture
def captions(tmp_path: Path) -> Path:
    path = tmp_path / "talk.srt"
    path.write_bytes(SRT.encode("cp1255"))
    return path


def brought(path: Path, threshold: int) -> Brought:
    async def story() -> Brought:
        async with Parser(threshold) as parser:
            return await parser.brought(path, "he", MINUTE, "this computer")

    return asyncio.run(story())


def test_the_worker_brings_the_same_as_this_process(captions: Path) -> None:
    here = bring(captions, "he", MINUTE, "this computer")
    assert [w.text for w in here.transcript.words] == ["שלום", "לכם"]
    assert len(here.notices) == 2, "the encoding was guessed and a word lies after the end"
    assert brought(captions, threshold=1) == here
    assert brought(captions, threshold=1_000_000) == here


def test_the_answer_that_is_kept_holds_the_same_words(captions: Path) -> None:
    found = bring(captions, "he", MINUTE, "this computer")
    again = wire.parse("transcript", found.raw, MINUTE, "local")
    assert (again.words, again.text, again.language, again.origin) == (
        found.transcript.words,
        found.transcript.text,
        found.transcript.language,
        "captions",
    )


@pytest.mark.parametrize("threshold", [1, 1_000_000])
def test_the_line_that_is_wrong_is_named(captions: Path, threshold: int) -> None:
    captions.write_text(SRT.replace("00:02:03,500", "00:xx:03,500"), encoding="utf-8")
    with pytest.raises(MediaError, match="line 6"):
        brought(captions, threshold)


def test_what_cannot_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MediaError, match=r"“gone\.srt” could not be read"):
        brought(tmp_path / "gone.srt", threshold=1)
    monkeypatch.setattr(importing, "LARGEST", 3)
    (tmp_path / "film.srt").write_text("more")
    with pytest.raises(MediaError, match="too large to be a transcript"):
        bring(tmp_path / "film.srt", None, MINUTE, "this computer")


def test_a_worker_that_ends_is_told_and_the_next_file_has_another(captions: Path) -> None:
    async def story() -> None:
        async with Parser(1) as parser:
            await parser.start()
            pool = parser._pool
            assert pool is not None
            worker = next(iter(pool._processes))
            asking = asyncio.ensure_future(parser.brought(captions, "he", MINUTE, "me"))
            os.kill(worker, signal.SIGKILL)
            with pytest.raises(MediaError, match="reads large files stopped"):
                await asking
            assert (await parser.brought(captions, "he", MINUTE, "me")).transcript.words

    asyncio.run(story())
