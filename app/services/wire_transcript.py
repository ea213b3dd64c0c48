"""The transcript's shapes (contract A4), and what they become in `app.core`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NotRequired, Self

from pydantic import ConfigDict, with_config
from typing_extensions import TypedDict

from app.core.columns import rows
from app.core.timerange import TimeRange, to_seconds
from app.core.transcript import Origin, Speaker, Transcript, Utterance, Word
from app.services.wire_shapes import Answer, Result, Service, us

LOCAL_ORIGINS: tuple[Origin, ...] = ("captions", "subtitle track", "recognised", "imported")
"""What the local service may put into `agent_context["origin"]` of a transcript."""


AGENT_CONTEXT = {
    "time_unit": "seconds",
    "time_origin": "start of source video",
    "speaker_ids": "stable within this transcript response",
    "word_indices": "word_start_idx is inclusive; word_end_idx is exclusive",
}
"""NanoClip's own field notes, which a transcript made here carries too."""


@with_config(ConfigDict(strict=True, extra="allow", allow_inf_nan=False))
class TranscriptWord(TypedDict):
    """Seconds. `estimated` is the local service's own: the time is a share of its cue.

    A dict, since long films have a hundred thousand.
    """

    text: str
    start: float
    end: float
    speaker: NotRequired[int | None]
    confidence: NotRequired[float | None]
    estimated: NotRequired[bool | None]


class TranscriptUtterance(Answer):
    """A turn; `word_start_idx` inclusive, `word_end_idx` exclusive."""

    speaker: int | None = None
    start: float
    end: float
    text: str | None = None
    word_start_idx: int | None = None
    word_end_idx: int | None = None


class TranscriptSpeaker(Answer):
    """Totals of one voice."""

    speaker: int | None = None
    total_duration: float | None = None
    utterance_count: int | None = None


class TranscriptionResultResponse(Result):
    """Contract A4. The local service says where words came from in `agent_context["origin"]`."""

    analysis: str = "transcript"
    language: str | None = None
    agent_context: dict[str, Any] | None = None
    text: str | None = None
    words: list[TranscriptWord] | None = None
    utterances: list[TranscriptUtterance] | None = None
    speakers: list[TranscriptSpeaker] | None = None

    @classmethod
    def of(cls, found: Transcript, project_id: str = "", status: str = "completed") -> Self:
        """The answer that holds `found`; `to_core(…, "local")` reads the same from it."""
        return cls(
            project_id=project_id,
            status=status,
            language=found.language,
            agent_context={**AGENT_CONTEXT, **found.notes, "origin": found.origin},
            text=found.text,
            words=[wire_word(w) for w in found.words],
            utterances=[_wire_utterance(u, found) for u in found.utterances],
            speakers=[
                TranscriptSpeaker(
                    speaker=s.speaker,
                    total_duration=to_seconds(s.total_duration),
                    utterance_count=s.utterance_count,
                )
                for s in found.speakers
            ],
        )

    def to_core(self, duration: int, service: Service = "nanoclip") -> Transcript:
        """The transcript, times clamped to `[0, duration]` microseconds, words in given order."""
        words = _words(self.words or [], duration)
        notes = {k: str(v) for k, v in (self.agent_context or {}).items()}
        said = notes.get("origin")
        local: Origin = "captions"
        local = next((o for o in LOCAL_ORIGINS if o == said), local)
        bare = Transcript(
            words,
            language=self.language,
            text=self.text or " ".join(w.text for w in words),
            origin="nanoclip" if service == "nanoclip" else local,
            notes=notes,
            speakers=tuple(
                Speaker(s.speaker, us(s.total_duration or 0, duration), s.utterance_count or 0)
                for s in self.speakers or ()
                if s.speaker is not None
            ),
        )
        turns = tuple(t for u in self.utterances or () if (t := _utterance(u, bare, duration)))
        return replace(bare, utterances=turns)


def _words(given: list[TranscriptWord], duration: int) -> tuple[Word, ...]:
    starts = [us(w["start"], duration) for w in given]
    ends = [max(start, us(w["end"], duration)) for start, w in zip(starts, given, strict=True)]
    return tuple(
        rows(
            Word,
            [w["text"] for w in given],
            starts,
            ends,
            [w.get("speaker") for w in given],
            [w.get("confidence") for w in given],
            [bool(w.get("estimated")) for w in given],
        )
    )


def _utterance(u: TranscriptUtterance, said: Transcript, duration: int) -> Utterance | None:
    start = us(u.start, duration)
    end = max(start, us(u.end, duration))
    first, stop = u.word_start_idx, u.word_end_idx
    if first is None or stop is None or not 0 <= first <= stop <= len(said.words):
        inside = said.words_in(TimeRange(start, end))
        if not inside:
            return None
        first, stop = min(inside), max(inside) + 1
    return Utterance(u.speaker, start, end, first, stop)


def wire_word(w: Word) -> TranscriptWord:
    """The word as an answer has it; what is not known is left out."""
    said = TranscriptWord(text=w.text, start=to_seconds(w.start), end=to_seconds(w.end))
    if w.speaker is not None:
        said["speaker"] = w.speaker
    if w.confidence is not None:
        said["confidence"] = w.confidence
    if w.estimated:
        said["estimated"] = True
    return said


def _wire_utterance(u: Utterance, found: Transcript) -> TranscriptUtterance:
    return TranscriptUtterance(
        speaker=u.speaker,
        start=to_seconds(u.start),
        end=to_seconds(u.end),
        text=" ".join(w.text for w in found.words[u.word_start : u.word_end]),
        word_start_idx=u.word_start,
        word_end_idx=u.word_end,
    )
