"""A transcript from a file of the person's own, with the answer that the project keeps of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.core.errors import MediaError
from app.core.transcript import Transcript
from app.interchange.read_transcript import import_transcript
from app.services import wire

LARGEST = 100_000_000
"""Bytes of a file that is read: ten hours of words with all their times take a tenth of it."""


@dataclass(frozen=True)
class Brought:
    """raw: the answer that holds the same words. notices: what was left out or guessed."""

    transcript: Transcript
    raw: bytes
    notices: tuple[str, ...] = ()


def bring(path: Path, language: str | None, duration: int, whose: str) -> Brought:
    """The words in a file for a film of `duration` microseconds; raises MediaError.

    A hundred thousand words take some seconds: see `Parser.brought`.

    language: what the person chose. whose: who is said to have answered.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise MediaError(
                f"“{path.name}” is too large to be a transcript. Nothing was changed.",
                "Choose a .srt, .vtt, .ass or .json file.",
            )
        data = path.read_bytes()
    except OSError as problem:
        raise MediaError(
            f"“{path.name}” could not be read.", "Nothing was changed.", str(problem)
        ) from problem
    found = import_transcript(path.name, data, language, duration)
    answer = wire.TranscriptionResultResponse.of(found.transcript, whose)
    return Brought(found.transcript, wire.body(answer), found.notices)
