"""Captions and word lists as a transcript: JSON of several makers, SubRip, WebVTT, ASS."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.core.errors import MediaError
from app.core.transcript import Transcript, Word
from app.interchange.cue_files import Cue, Timed, cues, read_captions
from app.interchange.file_text import text_of
from app.interchange.word_json import base_language, read_word_json
from app.interchange.word_shares import shares

__all__ = ["Cue", "Imported", "Timed", "cues", "import_transcript", "read_transcript"]


@dataclass(frozen=True)
class Imported:
    """A transcript read from a file, and sentences about what was left out or guessed."""

    transcript: Transcript
    notices: tuple[str, ...] = ()


def import_transcript(name: str, data: bytes, language: str | None, duration: int) -> Imported:
    """The transcript in a file as it lies on disk, for a film of `duration` microseconds.

    name, language: as `read_transcript` has them. Words that begin after the film's end are left
    out. Takes up to a second at 100,000 words: for a worker process. Raises MediaError.
    """
    text, guessed = text_of(name, data, language)
    transcript, notice = _read(name, text, language)
    transcript, beyond = _within(name, transcript, duration)
    return Imported(transcript, tuple(s for s in (guessed, notice, beyond) if s))


def read_transcript(name: str, text: str, language: str | None = None) -> Transcript:
    """A transcript of origin "captions", words sorted by start.

    name: the file's name; its ending tells the format (.json, .srt, .vtt, .ass, .ssa). language:
    what the person chose; else what the file says. Inside a cue without word times the words
    get shares of it and are marked `estimated`. Names of speakers stand in `notes` under
    "speaker N". Raises MediaError with the line or field at fault; what is cut off at the end is
    left out.
    """
    return _read(name, text, language)[0]


def _read(name: str, text: str, language: str | None) -> tuple[Transcript, str]:
    """With a sentence where the end is cut off."""
    if name.lower().endswith(".json"):
        return read_word_json(name, text, language)
    file = read_captions(name, text)
    voices: dict[str, int] = {}
    words: list[Word] = []
    for cue in file.cues:
        speaker = voices.setdefault(cue.speaker, len(voices)) if cue.speaker else None
        words.extend(_words(cue, speaker))
    words.sort(key=lambda w: w.start)
    transcript = Transcript(
        tuple(words),
        language=base_language(language) or base_language(file.language),
        text=" ".join(w.text for w in words),
        origin="captions",
        notes={f"speaker {n}": voice for voice, n in voices.items()},
    )
    return transcript, file.notice


def _words(cue: Cue, speaker: int | None) -> Iterator[Word]:
    for part in cue.timed or (Timed(cue.text, cue.start, cue.end),):
        texts = part.text.split()
        heard = bool(cue.timed) and len(texts) == 1
        yield from shares(texts, part.start, part.end, speaker, estimated=not heard)


def _within(name: str, transcript: Transcript, duration: int) -> tuple[Transcript, str]:
    """Without what begins after the film's end, and a sentence about that."""
    words = transcript.words
    kept = tuple(
        word if word.end <= duration else replace(word, end=duration)
        for word in words
        if word.start < duration
    )
    left = len(words) - len(kept)
    if not left:
        return (replace(transcript, words=kept) if kept != words else transcript), ""
    if not kept:
        raise MediaError(
            f"All {left:,} words of “{name}” lie after the end of this video.",
            "Look whether the file belongs to it.",
        )
    some = "One word lies" if left == 1 else f"{left:,} of {len(words):,} words lie"
    text = " ".join(w.text for w in kept)
    # Turns count words of the whole file; the program makes its own of what is left.
    shorter = replace(transcript, words=kept, utterances=(), text=text)
    return shorter, f"{some} after the end of the video and were left out."
