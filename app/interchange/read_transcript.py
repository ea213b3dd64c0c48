"""Captions and word lists as a transcript: JSON of several makers, SubRip, WebVTT, ASS."""

from __future__ import annotations

from collections.abc import Iterator

from app.core.transcript import Transcript, Word
from app.interchange.cue_files import Cue, Timed, cues
from app.interchange.word_json import base_language, read_word_json
from app.interchange.word_shares import shares

__all__ = ["Cue", "Timed", "cues", "read_transcript"]


def read_transcript(name: str, text: str, language: str | None = None) -> Transcript:
    """A transcript of origin "captions", words sorted by start.

    name: the file's name; its ending tells the format (.json, .srt, .vtt, .ass, .ssa). language:
    what the person chose; else what a JSON file says. Inside a cue without word times the words
    get shares of it and are marked `estimated`. Names of speakers stand in `notes` under
    "speaker N". Raises MediaError with the line or field at fault.
    """
    if name.lower().endswith(".json"):
        return read_word_json(name, text, language)
    voices: dict[str, int] = {}
    words: list[Word] = []
    for cue in cues(name, text):
        speaker = voices.setdefault(cue.speaker, len(voices)) if cue.speaker else None
        words.extend(_words(cue, speaker))
    words.sort(key=lambda w: w.start)
    return Transcript(
        tuple(words),
        language=base_language(language),
        text=" ".join(w.text for w in words),
        origin="captions",
        notes={f"speaker {n}": voice for voice, n in voices.items()},
    )


def _words(cue: Cue, speaker: int | None) -> Iterator[Word]:
    for part in cue.timed or (Timed(cue.text, cue.start, cue.end),):
        texts = part.text.split()
        heard = bool(cue.timed) and len(texts) == 1
        yield from shares(texts, part.start, part.end, speaker, estimated=not heard)
